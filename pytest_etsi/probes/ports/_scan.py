"""A scan of TCP ports from the first question to what may be said about each."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Literal

from pytest_etsi.probes._net import Deadline, why
from pytest_etsi.probes.ports._confirm import Look, look_again
from pytest_etsi.probes.ports._connect import ConnectTechnique
from pytest_etsi.probes.ports._engine import Technique, ask
from pytest_etsi.probes.ports._observation import PortScan
from pytest_etsi.probes.ports._pace import Pace, usual_rate
from pytest_etsi.probes.ports._syn import SynTechnique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["ALL_PORTS", "addresses_of", "scan_tcp"]

ALL_PORTS = range(1, 65536)

_AT_ONCE = 200
_AT_ONCE_PACED = 4
"""Connections that a paced scan keeps open at a time: the smallest devices have five sockets."""
_WITNESSES = 3
"""Ports that answered and are asked once more in the end: does the host still answer at all?"""


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
    concurrency: int = 1000,
    timeout_s: float = 1.0,
    rate: float | None = None,
    deadline_s: float = 600.0,
    technique: Literal["auto", "connect"] = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> PortScan:
    """Find the open TCP ports of a host.

    Ports are asked by SYN packets where this process may send them, by connections elsewhere. A port that stays silent
    is asked a second time, or four times once answers are seen to get lost, which slows the scan down as well. A port
    that seems open is connected to once more. In the end some ports that had answered are asked again: a host that
    fell silent on the way has not shown all its ports.

    Args:
        host: name or address, IPv4 or IPv6; of a name the first address, see `addresses_of` for all.
        ports: the ports to ask, all 65,535 by default.
        concurrency: questions without an answer at a time, at most.
        timeout_s: seconds to wait for one port's answer.
        rate: questions per second at most; None or 0: `LAN_RATE`, and no limit for this machine itself.
        deadline_s: seconds after which the scan ends with what it has.
        technique: "connect" asks by connections even where raw packets may be sent.
        progress: called with (ports done, ports in all) some ten times a second.
    """
    wanted = tuple(ports if isinstance(ports, range) else dict.fromkeys(ports))
    deadline = Deadline(deadline_s)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 1, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        return PortScan(host, "", len(wanted), (), (), 0, 0, complete=False, duration_s=0.0, error=why(error))
    pace = Pace(rate or usual_rate(str(address[0])))
    asking = _technique(family, address, concurrency, technique)
    report = None if progress is None else lambda done: progress(min(done, len(wanted)), len(wanted))
    here = pace.rate is None
    at_once = _AT_ONCE if here else _AT_ONCE_PACED
    looked: dict[Look, list[int]] = {look: [] for look in Look}
    try:
        answers, silent = ask(asking, wanted, pace, timeout_s=timeout_s, deadline=deadline, progress=report)
        for port, look in look_again(
            family,
            address,
            sorted(answers.open),
            at_once=at_once,
            timeout_s=timeout_s,
            deadline=deadline,
            here=here,
        ):
            looked[look].append(port)
        witnesses = [*answers.closed[:_WITNESSES], *looked[Look.OPEN][:_WITNESSES]][:_WITNESSES]
        last, _ = ask(asking, witnesses, pace, timeout_s=timeout_s, deadline=deadline)
    finally:
        asking.close()
    unseen = len(wanted) - len(answers.closed) - len(silent) - sum(map(len, looked.values()))
    unheard = witnesses if not (last.open or last.closed) else []
    cause = _why_incomplete(unseen, unheard, looked[Look.SILENT], deadline, asking.shortage)
    return PortScan(
        host=host,
        address=str(address[0]),
        ports_scanned=len(wanted),
        open=tuple(sorted(looked[Look.OPEN])),
        reset=tuple(sorted(looked[Look.RESET])),
        closed_count=len(answers.closed) + len(looked[Look.CLOSED]),
        filtered_count=len(silent),
        complete=not cause,
        duration_s=deadline.elapsed,
        method=asking.method,
        error=cause,
        unsettled=tuple(sorted(looked[Look.SILENT])),
        slowed_to=pace.lowest,
    )


def _why_incomplete(
    unseen: int, unheard: list[int], unsettled: list[int], deadline: Deadline, shortage: str
) -> str:
    """What keeps a scan from being complete; empty: nothing."""
    if (unseen or unheard) and (shortage or deadline.expired):
        return shortage or f"the deadline of {deadline.seconds:g} s passed"
    if unseen:
        return "cut short: this machine has no sockets left"
    if unheard:
        return f"the host fell silent: port {unheard[0]} had answered and does not any more"
    if unsettled:
        return f"accepted once and gave no answer afterwards: port {', '.join(map(str, unsettled[:8]))}"
    return ""


def _technique(family: int, address: tuple[object, ...], capacity: int, wished: str) -> Technique:
    """SYN packets if they are wished for and may be sent, or connections."""
    if wished == "auto":
        try:
            return SynTechnique(family, address, capacity)
        except OSError:
            pass  # not permitted, or no raw sockets here: the record's `method` tells
    return ConnectTechnique(family, address, capacity)
