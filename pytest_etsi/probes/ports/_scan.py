"""A scan of TCP ports from the first question to what may be said about each."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Literal

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, why
from pytest_etsi.probes.ports._connect import ConnectTechnique
from pytest_etsi.probes.ports._engine import Asking, Technique
from pytest_etsi.probes.ports._observation import PortScan
from pytest_etsi.probes.ports._pace import Pace, usual_rate
from pytest_etsi.probes.ports._search import Search
from pytest_etsi.probes.ports._syn import SynTechnique
from pytest_etsi.probes.ports._usual import LIKELY, USUAL
from pytest_etsi.probes.witness import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["ALL_PORTS", "addresses_of", "scan_tcp"]

ALL_PORTS = range(1, 65536)


def addresses_of(host: str) -> tuple[str, ...]:
    """Every address of a name, IPv4 and IPv6, in the order in which they are tried; an address is its own.

    Raises:
        OSError: the name does not resolve.
    """
    found = socket.getaddrinfo(host, 1, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for _, _, _, _, address in found))


def scan_tcp(
    host: str,
    ports: Iterable[int] = ALL_PORTS,
    *,
    known: Iterable[int] = (),
    concurrency: int = 1000,
    timeout_s: float = bounds.PORTS.step_s,
    rate: float | None = None,
    deadline_s: float = bounds.PORTS.whole_s,
    technique: Literal["auto", "connect"] = "auto",
    progress: Callable[[int, int], None] | None = None,
    watch: Watch | None = None,
) -> PortScan:
    """Find the open TCP ports of a host.

    Ports are asked by SYN packets where this process may send them, by connections elsewhere. A port that stays silent
    is asked a second time, or four times once answers are seen to get lost, which slows the scan down as well. A port
    that seems open is connected to once more. Between the parts of the scan and at its end ports that had answered are
    asked again: a host that no longer answers as before has not shown its ports, and is waited for.

    Args:
        host: name or address, IPv4 or IPv6; of a name the first address, see `addresses_of` for all.
        ports: the ports to ask, all 65,535 by default.
        known: those of them at which something is expected to answer: asked first.
        concurrency: questions without an answer at a time, at most.
        timeout_s: seconds to wait for one port's answer.
        rate: questions per second at most; None or 0: `LAN_RATE`, and no limit for this machine itself.
        deadline_s: seconds after which the scan ends with what it has.
        technique: "connect" asks by connections even where raw packets may be sent.
        progress: called with (ports done, ports in all) some ten times a second.
        watch: keeps the account; None: one that waits for the host as long as a restart takes.
    """
    wanted = tuple(ports if isinstance(ports, range) else dict.fromkeys(ports))
    deadline = Deadline(deadline_s)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 1, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        return PortScan(host, "", len(wanted), (), (), 0, 0, complete=False, duration_s=0.0, error=why(error))
    pace = Pace(rate or usual_rate(str(address[0])))
    way = _technique(family, address, concurrency, technique)
    report = None if progress is None else lambda done: progress(min(done, len(wanted)), len(wanted))
    here = pace.rate is None
    asking = Asking(way, pace, timeout_s=timeout_s, deadline=deadline, progress=report)
    search = Search(asking, watch or Watch(deadline), family, address, timeout_s, deadline, here=here)
    try:
        search.run(wanted, (*known, *USUAL), LIKELY, by_connections=way.method == "tcp-connect")
    finally:
        way.close()
    cause = search.why_incomplete(len(wanted), way.shortage)
    return PortScan(
        host=host,
        address=str(address[0]),
        ports_scanned=len(wanted),
        open=search.open,
        reset=search.reset,
        closed_count=asking.closed_before,
        filtered_count=asking.silent_before,
        complete=not cause,
        duration_s=deadline.elapsed,
        method=way.method,
        error=cause,
        unsettled=search.unsettled,
        slowed_to=pace.lowest,
        accepts_all=search.accepts_all,
    )


def _technique(family: int, address: tuple[object, ...], capacity: int, wished: str) -> Technique:
    """SYN packets if they are wished for and may be sent, or connections."""
    if wished == "auto":
        try:
            return SynTechnique(family, address, capacity)
        except OSError:
            pass  # not permitted, or no raw sockets here: the record's `method` tells
    return ConnectTechnique(family, address, capacity)
