"""Who gets at the functions of a service: nobody, impostors, subjects without the right, and those with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.access.http import observe_requests, requests_of
from pytest_etsi.dut.observe.access.model import AccessObservation
from pytest_etsi.dut.observe.access.shells import observe_shells
from pytest_etsi.dut.observe.access.streams import observe_streams
from pytest_etsi.dut.observe.access.topics import observe_topics

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import SoftServEntry

__all__ = ["observe_access"]


def observe_access(dut: Core, entry: SoftServEntry) -> AccessObservation:
    """Try the functions of an entry as every kind of subject, in the initialized state.

    Args:
        dut: the device.
        entry: of 13-SoftServ.
    """
    gaps: list[str] = []
    access = entry.access
    requests, made_up = requests_of(dut, entry, gaps)
    if not (requests or access.topics or access.streams or access.shells):
        gaps.append(
            "no request is given by which it could be tried (access.requests, topics, streams, shells)"
        )
    tries = [
        *observe_requests(dut, entry, requests, made_up, gaps),
        *observe_topics(dut, entry, gaps),
        *observe_streams(dut, entry, gaps),
        *observe_shells(dut, entry, gaps),
    ]
    tries.sort(key=lambda one: one.subject == "with the right")  # last, in the order in which they were made
    return AccessObservation(tuple(tries), tuple(dict.fromkeys(gaps)))
