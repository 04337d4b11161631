"""Who gets into what lies behind a login of SSH or telnet, such as a shell."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.access.model import Try
from pytest_etsi.dut.observe.access.people import each_behind_login, people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import AuthMechEntry, SoftServEntry
    from pytest_etsi.profile.facts import ShellAccess

__all__ = ["observe_shells"]


def observe_shells(dut: Core, entry: SoftServEntry, gaps: list[str]) -> Iterator[Try]:
    """Log in for the functions of an entry of 13-SoftServ as everybody who should not get in, and as who should."""
    yield from each_behind_login(
        dut,
        entry.access.shells,
        lambda mechanism, access: _tries(dut, mechanism, access, gaps),
        lambda access: f"login by {access.login}",
        gaps,
    )


def _tries(dut: Core, mechanism: AuthMechEntry, access: ShellAccess, gaps: list[str]) -> Iterator[Try]:
    if mechanism.access.driver == "ssh":
        yield _without_credential(dut, mechanism)
    for subject, how, name, word in people(dut, mechanism, access, f"login by {access.login}", gaps):
        if name is None:
            continue  # there is no login without a name
        with closing(dut.driver(mechanism).connect()) as session:
            seen = session.attempt(name, word or "")
        what = f"login by {access.login} {how}".rstrip()
        answered = seen.outcome in {"accepted", "refused"}
        yield Try(subject, what, seen.status, granted=seen.accepted, answered=answered)


def _without_credential(dut: Core, mechanism: AuthMechEntry) -> Try:
    """SSH asks for the methods with one that needs no credential, and a server may take it (RFC 4252, 5.2)."""
    from pytest_etsi.probes.ssh import ssh_auth_methods

    host, port = dut.network.login_of(mechanism)
    seen = ssh_auth_methods(host, port, mechanism.access.username or "root")
    told = f"asks for {', '.join(seen.methods)}" if seen.methods else seen.error or "no answer"
    return Try(
        "nobody",
        f"login by {mechanism.id} without any credential",
        "accepted" if seen.none_accepted else told,
        granted=seen.none_accepted,
        answered=seen.none_accepted or bool(seen.methods),
    )
