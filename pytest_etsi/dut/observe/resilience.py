"""How a communication mechanism or a logical interface begins and ends connections, and comes back after an outage."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.dut.observe._places import addresses_of
from pytest_etsi.dut.observe.outage import observe_outage
from pytest_etsi.probes.observation import Observation
from pytest_etsi.probes.udp.search import scan_udp
from pytest_etsi.profile.facts import ComMechFacts
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.capture import CaptureObservation
    from pytest_etsi.profile.entries import ConnectingEntry

__all__ = ["ResilienceObservation", "observe_resilience"]

_TIMEOUT_S = bounds.RESILIENCE.step_s
_CONNECTIONS = 3
_QUIET_S = 1.0
"""Seconds without a datagram after which an exchange over UDP has ended."""
_MOST_BYTES = bounds.RESILIENCE.most
"""What a service may answer to a few dozen questions over UDP, or go on sending on a connection that is to end."""


@dataclass(frozen=True, slots=True)
class Ending(Observation):
    """How a connection to an endpoint of the device went.

    Attributes:
        endpoint: host and port.
        opened: it was accepted, with TLS where the documents say so.
        closed: the device closed its side in good order when asked to; otherwise `detail` says what it did.
    """

    endpoint: str
    opened: bool
    closed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ResilienceObservation:
    """What was seen of one entry of 11-ComMech, or of 28-LogIntf.

    Attributes:
        outage: capture of the time in which the device was cut off; None: it calls nobody, or that could not be done.
        endings: connections to the device, begun and ended.
        open: what could not be observed, one sentence each.
    """

    outage: CaptureObservation | None = None
    endings: tuple[Ending, ...] = ()
    open: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only; the capture is evidence of its own."""
        return {
            "outage": self.outage.file if self.outage else None,
            "endings": [one.to_json() for one in self.endings],
            "open": list(self.open),
        }


def observe_resilience(dut: Core, entry: ConnectingEntry) -> ResilienceObservation:
    """Cut the device off and watch it come back, where it calls somebody; connect and close, where it answers.

    Args:
        dut: the device.
        entry: of 11-ComMech, or of 28-LogIntf.
    """
    gaps: list[str] = []
    outage = None
    if entry.facts.peers:
        try:
            outage = observe_outage(dut)
        except Inconclusive as error:
            gaps.append(error.reason)
    endings: list[Ending] = []
    for transport, host, port in addresses_of(dut.network, entry, gaps):
        if transport == "udp":
            endings += _exchanges(host, port, gaps)
        else:
            endings += [_ending(host, port, tls=_within_tls(dut, entry, port)) for _ in range(_CONNECTIONS)]
    observation = ResilienceObservation(outage, tuple(endings), tuple(gaps))
    dut.recorder.observed("resilience", observation)
    return observation


def _within_tls(dut: Core, entry: ConnectingEntry, port: int) -> bool:
    """Whether TLS is documented at a port: by the mechanism, or by one that is at the interface or answers there."""
    if isinstance(entry.facts, ComMechFacts):
        return entry.facts.tls is not None
    return any(
        one.facts.tls is not None
        for one in dut.profile.ixit.com_mech
        if entry.id in one.refers_to("Interface") or any(place.answers("tcp", port) for place in one.places())
    )


def _exchanges(host: str, port: int, gaps: list[str]) -> list[Ending]:
    """One exchange with a service over UDP: it has no session, so it ends when what it answers does."""
    where = f"{host}:{port}/udp"
    seen = scan_udp(host, [port], tries=1, quiet_s=_QUIET_S)
    if not seen.answers:
        gaps.append(
            f"{where} answers no question that is known: how it begins and ends an exchange was not seen"
        )
    ended = "" if seen.quiet else ", and more was coming"
    return [
        Ending(
            where,
            opened=True,
            closed=bool(seen.quiet) and one.received <= _MOST_BYTES,
            detail=f"{one.received} bytes came back{ended}",
        )
        for one in seen.answers
    ]


@lru_cache(maxsize=1)
def _careless() -> ssl.SSLContext:
    """Certificates are looked at elsewhere; here it is about beginning and end."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _ending(host: str, port: int, *, tls: bool) -> Ending:
    where = f"{host}:{port}"
    try:
        plain = socket.create_connection((host, port), _TIMEOUT_S)
    except OSError as error:
        return Ending(where, opened=False, closed=False, detail=f"not accepted: {error}")
    with plain:
        try:
            connection = _careless().wrap_socket(plain) if tls else plain
        except OSError as error:
            return Ending(where, opened=False, closed=False, detail=f"no TLS: {error}")
        with connection:
            try:
                if isinstance(connection, ssl.SSLSocket):
                    with contextlib.suppress(ssl.SSLError, TimeoutError):
                        connection.unwrap()
                connection.shutdown(socket.SHUT_WR)
                until, left = time.monotonic() + _TIMEOUT_S, _MOST_BYTES
                while told := connection.recv(4096):
                    left -= len(told)
                    if left < 0 or time.monotonic() > until:
                        return Ending(where, opened=True, closed=False, detail="goes on sending")
            except TimeoutError:
                return Ending(where, opened=True, closed=False, detail=f"still open after {_TIMEOUT_S:g} s")
            except OSError as error:
                return Ending(where, opened=True, closed=False, detail=f"broken off: {error}")
    return Ending(where, opened=True, closed=True)
