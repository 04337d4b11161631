"""Recognising what answers on each open port, with a look at the device between the ports: did it survive?"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, connect
from pytest_etsi.probes.witness import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from pytest_etsi.probes.http.rendering import Renderer
    from pytest_etsi.probes.ports import PortScan
    from pytest_etsi.probes.services import Service

__all__ = ["examine", "survived"]

_TIMEOUT_S = bounds.CONNECTION.step_s
"""For one answer."""
_LONGEST_S = 60.0
"""For one port: one that accepts and answers nothing is waited for at every question."""
_PATIENCE_S = bounds.ALL_PORTS.whole_s
_LOOKS_S = (0.0, 0.3, 0.7)
"""Seconds between tries to connect: a small device refuses while it is busy, and for a moment longer."""
_MOST_WITNESSES = 4
"""Ports that are looked at after each other port, those first that the documents name."""


def examine(
    scan: PortScan,
    known: Collection[int],
    *,
    usernames: tuple[str, ...],
    progress: Callable[[str], None],
    watch: Watch | None = None,
    render: Renderer | None = None,
) -> tuple[tuple[Service, ...], tuple[str, ...]]:
    """Recognise what answers on every open port of one address.

    No question is asked a second time when the device did not survive it: that it did not is what was found.

    Args:
        scan: what is open.
        known: ports at which the documents say that something answers.
        usernames: whom services may be asked about.
        progress: told what is going on.
        watch: keeps the account; None: one that waits for the device as long as a restart takes.
        render: draws pages whose scripts show no login; None: that is not wished.

    Returns:
        The services, and why what was seen of them is not complete, a sentence each.
    """
    from pytest_etsi.probes.services import identify

    account = watch or Watch(Deadline(_PATIENCE_S))
    names = {port: f"tcp/{port} on {scan.host}" for port in scan.open}
    witnesses = sorted(scan.open, key=lambda port: port not in known)[:_MOST_WITNESSES]
    services: list[Service] = []
    lost: set[str] = set()

    def look_at(ports: Iterable[int], after: str) -> None:
        for port in ports:
            if names[port] not in lost:
                account.add(names[port], partial(_accepts, scan.host, port))
        lost.update(account.check(after))

    for port, name in names.items():
        progress(f"{scan.host}: what answers on TCP port {port}?")
        service = identify(
            scan.host,
            port,
            timeout_s=_TIMEOUT_S,
            deadline_s=_LONGEST_S,
            usernames=usernames,
            render=render,
        )
        services.append(service)
        if service.kind == "closed" and name not in lost:
            account.gap(f"{name} was open, and refused when it was to be asked what it is")
            lost.add(name)
        last = service.questions[-1] if service.questions else "nothing"
        look_at((*witnesses, port), f"tcp/{port} was asked: {last}")
        if port not in witnesses:
            account.forget(name)
    look_at(names, f"all {len(services)} services were examined")
    return tuple(services), account.gaps


def survived(scan: PortScan, what: str, watch: Watch | None = None) -> tuple[str, ...]:
    """Which open ports of an address no longer accept after `what`, a sentence each."""
    account = watch or Watch(Deadline(_PATIENCE_S))
    for port in scan.open:
        account.add(f"tcp/{port} on {scan.host}", partial(_accepts, scan.host, port))
    account.check(what)
    return account.gaps


def _accepts(host: str, port: int) -> bool:
    for wait_s in _LOOKS_S:
        time.sleep(wait_s)
        try:
            connect(host, port, Deadline(_TIMEOUT_S)).close()
        except OSError:
            continue
        return True
    return False
