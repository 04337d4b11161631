"""Who gets at the streams of an RTSP server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.access.model import Try
from pytest_etsi.dut.observe.access.people import each_behind_login, people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import AuthMechEntry, SoftServEntry
    from pytest_etsi.profile.facts import StreamAccess

__all__ = ["observe_streams"]


def observe_streams(dut: Core, entry: SoftServEntry, gaps: list[str]) -> Iterator[Try]:
    """Ask for the streams of an entry of 13-SoftServ as everybody who should not get them, and as who should."""
    yield from each_behind_login(
        dut,
        entry.access.streams,
        lambda mechanism, access: _tries(dut, mechanism, access, gaps),
        lambda access: f"DESCRIBE {access.path}",
        gaps,
    )


def _tries(dut: Core, mechanism: AuthMechEntry, access: StreamAccess, gaps: list[str]) -> Iterator[Try]:
    from pytest_etsi.probes.rtsp import attempt
    from pytest_etsi.probes.tls import lenient_context

    host, port = dut.network.login_of(mechanism)
    secure = mechanism.facts.tls is not None
    for subject, how, name, word in people(dut, mechanism, access, access.path, gaps):
        context = lenient_context() if secure else None
        seen = attempt(host, port, access.path, name, word, context=context)
        what = f"DESCRIBE {access.path} {how}".rstrip()
        yield Try(subject, what, seen.detail, granted=seen.accepted, answered=seen.processed)
