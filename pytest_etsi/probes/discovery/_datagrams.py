"""Datagrams to a device and what it answers from any of its ports, within a time and a number."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, NamedTuple

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Heard", "ask"]

_MAX_ANSWERS = 200
_MAX_DATAGRAM = bounds.MDNS.most


class Heard(NamedTuple):
    """What came back.

    Attributes:
        answers: in the order of their arrival.
        more: as many came as are read; there may have been more.
    """

    answers: tuple[bytes, ...]
    more: bool = False


def ask(
    host: str,
    port: int,
    requests: Iterable[bytes],
    *,
    timeout_s: float,
    quiet_s: float | None = None,
    enough: Callable[[bytes], bool] | None = None,
) -> Heard:
    """Send datagrams and collect what the device answers.

    Args:
        host: name or address of the device; datagrams of others are dropped.
        port: UDP port.
        requests: sent one after the other, from one port.
        timeout_s: seconds to wait at most.
        quiet_s: seconds of silence after an answer that end the waiting; None: the whole time is waited for.
        enough: ends the waiting with the first answer of which it says so.

    Raises:
        OSError: the name does not resolve, or nothing can be sent.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    found: list[bytes] = []
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        for request in requests:
            client.sendto(request, address)
        deadline = Deadline(timeout_s)
        while len(found) < _MAX_ANSWERS and not deadline.expired:
            wait = deadline.left(quiet_s) if found else deadline.left()
            client.settimeout(max(0.001, wait))
            try:
                answer, sender = client.recvfrom(_MAX_DATAGRAM)
            except TimeoutError:
                break
            if sender[0] != address[0]:
                continue
            found.append(answer)
            if enough is not None and enough(answer):
                break
    return Heard(tuple(found), len(found) >= _MAX_ANSWERS)
