"""Whether the interfaces of the device answer: at their ports, and in the bench's receiver for radios."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.dut.observe.calls import called, observe_calls
from pytest_etsi.dut.reach.handing_over import handed_over
from pytest_etsi.probes.http.client import HostNotAllowed
from pytest_etsi.probes.observation import printable
from pytest_etsi.profile.facts import ConnectingFacts, IntfAccess
from pytest_etsi.text import listed
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import AnyInterfaceEntry
    from pytest_etsi.profile.facts import Request
    from pytest_etsi.profile.places import Place

__all__ = ["DEAF", "InterfaceObservation", "heard", "observe_interface", "received"]

DEAF = {
    said: f"the receiver {words} the transmitter of the laboratory (access.beacon), so that silence shows nothing"
    for said, words in ((None, "was not shown to hear"), (False, "did not hear"))
}
"""Why the silence of a radio shows nothing."""


@dataclass(frozen=True, slots=True)
class InterfaceObservation:
    """What was seen of one entry of 15-Intf (15-PhyIntf), or of 28-LogIntf.

    Attributes:
        addressed: where it was looked for: ports, and "radio".
        answering: where it answered, in words.
        gaps: what could not be looked at, one sentence each.
    """

    addressed: tuple[str, ...]
    answering: tuple[str, ...]
    gaps: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {"addressed": list(self.addressed), "answering": list(self.answering), "gaps": list(self.gaps)}


def observe_interface(dut: Core, entry: AnyInterfaceEntry) -> InterfaceObservation:
    """Look for an interface wherever the documents say that it could be met."""
    addressed: list[str] = []
    answering: list[str] = []
    gaps: list[str] = []
    scan, seen_by = None, ""
    if isinstance(entry.access, IntfAccess):
        scan, seen_by = entry.access.scan, entry.access.seen or ""
    try:
        if places := entry.places() or _of_what_it_carries(dut, entry):
            services = dut.network.services().services
            for place in places:
                addressed.append(str(place))
                answering += [
                    f"{one.kind} on {one.protocol}/{one.port} of {one.host}"
                    for one in services
                    if place.answers(one.protocol, one.port) and one.kind != "closed"
                ]
        elif isinstance(entry.facts, ConnectingFacts) and entry.facts.peers:
            peers = entry.facts.peers
            addressed.append(f"what the device calls ({listed(peers)})")
            answering += [f"the device calls {one}" for one in called(observe_calls(dut), peers)]
        if scan is not None:
            addressed.append("radio")
            seen, beacon = heard(dut, scan, seen_by)
            if seen:
                answering.append(f"radio: {seen}")
            elif not beacon:
                gaps.append(DEAF[beacon])
    except Inconclusive as error:
        gaps.append(error.reason)
    except (httpx.HTTPError, HostNotAllowed, OSError) as error:
        gaps.append(f"the receiver did not answer: {type(error).__name__}: {error}")
    return InterfaceObservation(tuple(addressed), tuple(answering), tuple(gaps))


def _of_what_it_carries(dut: Core, entry: AnyInterfaceEntry) -> tuple[Place, ...]:
    """Where the logical interfaces answer that are reached by a physical one alone: it is on where one of them does."""
    ixit = dut.profile.ixit
    if entry not in ixit.intf:
        return ()
    carried = [one for one in ixit.ext_api if one.refers_to("Access") == (entry.id,)]
    return tuple(dict.fromkeys(place for one in carried for place in one.places()))


def received(dut: Core, scan: Request) -> str:
    """What the bench's receiver says.

    Raises:
        OSError: it answers otherwise than it should.
    """
    with dut.network.bench_http() as client:
        answer = client.request(scan.method, scan.url, **handed_over(scan))
    if answer.status_code not in scan.expect:
        raise OSError(f"HTTP {answer.status_code}, expected {' or '.join(map(str, scan.expect))}")
    return answer.text


def heard(dut: Core, scan: Request, pattern: str) -> tuple[str, bool | None]:
    """What the receiver has of a radio, in words, and whether it hears the transmitter of the laboratory.

    Returns:
        Empty words: nothing. None: there is no such transmitter (access.beacon).

    Raises:
        OSError: as `received`.
    """
    text, beacon = received(dut, scan), dut.profile.access.beacon
    found = re.search(pattern, text)
    return (
        printable(found.group(), 80) if found else "",
        re.search(beacon, text) is not None if beacon else None,
    )
