"""Who gets at the streams of an RTSP server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.dut.access_control import Subject, Try
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.device import Dut
    from pytest_etsi.probes.login import LoginAttempt
    from pytest_etsi.profile import Entry
    from pytest_etsi.profile.facts import StreamAccess

__all__ = ["observe_streams", "people"]

_WRONG = "Wr0ng-0000-guess"


def observe_streams(dut: Dut, entry: Entry, gaps: list[str]) -> Iterator[Try]:
    """Ask for the streams of an entry of 13-SoftServ as everybody who should not get them, and as who should."""
    for access in entry.access.streams:
        mechanism = dut.profile.ixit.table("1-AuthMech").get(access.login)
        if mechanism is None:
            continue  # the profile's validation has named it
        try:
            yield from _tries(dut, mechanism, access, gaps)
        except Inconclusive as error:
            gaps.append(f"DESCRIBE {access.path}: {error.reason}")


def _tries(dut: Dut, mechanism: Entry, access: StreamAccess, gaps: list[str]) -> Iterator[Try]:
    from pytest_etsi.probes.rtsp import attempt
    from pytest_etsi.probes.tls import lenient_context

    host = dut.network.host(mechanism.access.host)
    secure = mechanism.facts.tls is not None
    port = mechanism.access.port or (322 if secure else 554)
    ways = people(dut, mechanism, not_by_second=access.not_by_second, what=access.path, gaps=gaps)
    for subject, how, name, word in ways:
        context = lenient_context() if secure else None
        seen = attempt(host, port, access.path, name, word, context=context)
        yield _try(subject, f"DESCRIBE {access.path} {how}".rstrip(), seen)


def _try(subject: Subject, what: str, seen: LoginAttempt) -> Try:
    return Try(subject, what, seen.detail or seen.outcome, granted=seen.accepted, answered=seen.processed)


def people(
    dut: Dut, mechanism: Entry, *, not_by_second: bool, what: str, gaps: list[str]
) -> list[tuple[Subject, str, str | None, str | None]]:
    """Who tries a login: subject, in words, user name and password; None: without.

    Args:
        dut: the device.
        mechanism: entry of 1-AuthMech.
        not_by_second: the second account may not either.
        what: is tried, for the gaps.
        gaps: gets what could not be tried, one sentence each.

    Raises:
        Inconclusive: the profile gives no password.
    """
    username, password = dut.credentials(mechanism)
    ways: list[tuple[Subject, str, str | None, str | None]] = [
        ("with the right", "", username, password),
        ("nobody", "without credentials", None, None),
        ("nobody", "with an empty name and password", "", ""),
        ("wrong identity", "with a wrong password", username, _WRONG),
        ("wrong identity", "with an empty password", username, ""),
        ("wrong identity", "under a name that nobody has", "nobody-at-all", password),
    ]
    second = mechanism.access.second_account
    if not_by_second and second is not None:
        ways.append(("without the right", "by the second account", second.username, second.password))
    elif not_by_second:
        gaps.append(f"1-AuthMech/{mechanism.id} gives no second account for {what}")
    return ways
