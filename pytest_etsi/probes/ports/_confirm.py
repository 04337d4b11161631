"""The second look at a port that seems open: a connection that is watched for a reset."""

from __future__ import annotations

import enum
import errno
import select
import socket
import time
from typing import TYPE_CHECKING

from pytest_etsi.probes.ports._connect import PENDING, REFUSED, met_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.probes._net import Deadline

__all__ = ["Look", "look_again"]

_SETTLE_S = 0.1
"""How long a second connection is watched for a reset before its port counts as open."""
_SETTLE_HERE_S = 0.02
"""The same on this machine itself, where a reset has no way to go; once one was seen, the full time is taken."""
_TRIES = 3


class Look(enum.Enum):
    """What a second connection met."""

    OPEN = "open"
    RESET = "reset"
    CLOSED = "closed"
    SILENT = "silent"


def look_again(
    family: int,
    address: tuple[object, ...],
    ports: list[int],
    *,
    at_once: int,
    timeout_s: float,
    deadline: Deadline,
    here: bool = False,
) -> Iterator[tuple[int, Look]]:
    """Connect to every port once more, and up to three times where nothing answers.

    Args:
        family: of the address.
        address: of the host, as `socket.getaddrinfo` gives it.
        ports: those that seemed open.
        at_once: connections that are kept open at a time.
        timeout_s: seconds to wait for the answers of one group of connections.
        deadline: the end, whatever is left.
        here: the host is this machine.

    Yields:
        A port and what was met there. Ports for which time or sockets did not suffice are missing.
    """
    waiting = list(ports)
    for left in reversed(range(_TRIES)):
        silent = []
        for at in range(0, len(waiting), at_once):
            if deadline.expired:
                return
            group = waiting[at : at + at_once]
            for port, look in _connect_to(family, address, group, deadline.left(timeout_s), here=here):
                if look is Look.SILENT and left:
                    silent.append(port)
                else:
                    yield port, look
        waiting = silent


def _connect_to(
    family: int, address: tuple[object, ...], ports: list[int], timeout_s: float, *, here: bool
) -> Iterator[tuple[int, Look]]:
    pending: dict[int, tuple[socket.socket, int]] = {}
    connected: list[tuple[socket.socket, int]] = []
    opened: list[socket.socket] = []
    poller = select.poll()
    try:
        for port in ports:
            try:
                one = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            except OSError:
                return
            opened.append(one)
            pending[one.fileno()] = (one, port)
            one.connect_ex((address[0], port, *address[2:]))
            poller.register(one.fileno(), select.POLLOUT)
        end = time.monotonic() + timeout_s
        while pending and (left := end - time.monotonic()) > 0:
            for descriptor, _ in poller.poll(left * 1000):
                one, port = pending[descriptor]
                # The second connect of a socket takes the outcome of the first.
                code = one.connect_ex((address[0], port, *address[2:]))
                if code in PENDING:
                    continue
                poller.unregister(descriptor)
                del pending[descriptor]
                if code in {0, errno.EISCONN} and not met_itself(one):
                    connected.append((one, port))
                else:
                    yield port, _without_connection(code)
        if connected:
            time.sleep(_SETTLE_HERE_S if here else _SETTLE_S)
        if here and any(_was_reset(one) for one, _ in connected):
            time.sleep(_SETTLE_S - _SETTLE_HERE_S)
        for one, port in connected:
            yield port, Look.RESET if _was_reset(one) else Look.OPEN
        for _, port in pending.values():
            yield port, Look.SILENT
    finally:
        for one in opened:
            one.close()


def _without_connection(code: int) -> Look:
    if code in {errno.ECONNRESET, errno.EPIPE}:
        return Look.RESET
    return Look.CLOSED if code in REFUSED or code in {0, errno.EISCONN} else Look.SILENT


def _was_reset(one: socket.socket) -> bool:
    try:
        one.getpeername()  # raises when it is reset already, and the error has been taken
        one.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return False
