"""Asking ports by connections, which needs no privilege."""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import why

if TYPE_CHECKING:
    from pytest_etsi.probes.ports._engine import Heard

__all__ = ["PENDING", "REFUSED", "ConnectTechnique", "met_itself"]

_SPARE_FILES = 64
PENDING = {errno.EINPROGRESS, errno.EALREADY, errno.EWOULDBLOCK}
REFUSED = {errno.ECONNREFUSED, errno.ECONNABORTED}
_SHORTAGE = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EAGAIN}


_WORTH_SHARING = 256
"""Ports at a time from which on a second thread may take half of them."""
_TRIALS = 4
"""Parts of the first ports by which asking alone and asking with a second thread are compared, in turns."""
_CLEARLY = 0.8
"""Share of the time alone below which a second thread is kept; on a few ports the two can look alike by chance."""


class _Begun:
    """What came of beginning to connect."""

    __slots__ = ("closed", "not_asked", "others", "shortage")

    def __init__(self) -> None:
        self.closed: list[int] = []
        self.others: list[tuple[socket.socket, int, int]] = []
        self.not_asked: list[int] = []
        self.shortage = ""


class ConnectTechnique:
    """Non-blocking connections, as many as `capacity` at a time.

    A refused socket is used again for the next port: Linux allows it, and to make and close one for each port takes
    longer than to ask. The second `connect` on a socket takes its outcome, so no event has to be waited for when the
    answer is there already.
    """

    method = "tcp-connect"

    def __init__(self, family: int, address: tuple[object, ...], capacity: int) -> None:
        """Ask `address`, as `socket.getaddrinfo` gives it."""
        self.capacity = max(1, min(capacity, _files_left()))
        self.shortage = ""
        self._family = family
        self._address = address
        self._idle: list[socket.socket] = []
        self._flying: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._helper: ThreadPoolExecutor | None = None
        self._worth_sharing: bool | None = None

    def ask(self, ports: list[int], heard: Heard) -> list[int]:
        """Begin to connect to each port."""
        begun = self._all_begun(ports)
        self.shortage = next((each.shortage for each in begun if each.shortage), "")
        for each in begun:
            heard.closed += each.closed
            for one, port, code in each.others:
                if code in PENDING:
                    self._selector.register(one, selectors.EVENT_WRITE, port)
                    self._flying[port] = one
                    heard.pending.append(port)
                else:
                    self._settle(one, port, code, heard)
        return [port for each in begun for port in each.not_asked]

    def hear(self, seconds: float, heard: Heard) -> None:
        """Take the outcome of connections."""
        for key, _ in self._selector.select(seconds):
            port = key.data
            one = self._flying[port]
            code = one.connect_ex(self._target(port))
            if code not in PENDING:
                self._forget(port)
                self._settle(one, port, code, heard)

    def give_up(self, port: int) -> None:
        """Close the connection that was begun."""
        self._forget(port).close()

    def close(self) -> None:
        """Close every socket."""
        for one in (*self._flying.values(), *self._idle):
            one.close()
        self._selector.close()
        if self._helper is not None:
            self._helper.shutdown()

    def _all_begun(self, ports: list[int]) -> list[_Begun]:
        """Begin with all of them: alone, or with a second thread where that has turned out to be faster.

        Where calls into the kernel are slow, it works for two threads at a time; where they are quick, the threads only
        wait for each other.
        """
        if len(ports) < _WORTH_SHARING:
            return [self._begin(ports)]
        if self._worth_sharing is not None:
            return self._shared(ports) if self._worth_sharing else [self._begin(ports)]
        begun: list[_Begun] = []
        took = {False: 0.0, True: 0.0}
        size = -(-len(ports) // _TRIALS)
        for number, at in enumerate(range(0, len(ports), size)):
            together, some = bool(number % 2), ports[at : at + size]
            began = time.perf_counter()
            begun += self._shared(some) if together else [self._begin(some)]
            took[together] += time.perf_counter() - began
        self._worth_sharing = took[True] < _CLEARLY * took[False]
        return begun

    def _shared(self, ports: list[int]) -> list[_Begun]:
        middle = len(ports) // 2
        self._helper = self._helper or ThreadPoolExecutor(1, "ports")
        other = self._helper.submit(self._begin, ports[middle:])
        return [self._begin(ports[:middle]), other.result()]

    def _begin(self, ports: list[int]) -> _Begun:
        begun, idle = _Begun(), self._idle
        closed = begun.closed
        host, scope = self._address[0], self._address[2:]
        targets = zip(repeat(host), ports, *map(repeat, scope), strict=False)
        in_progress, refused = errno.EINPROGRESS, errno.ECONNREFUSED
        one: socket.socket | None = None
        for port, target in zip(ports, targets, strict=False):
            if one is None:
                try:
                    one = idle.pop()
                except IndexError:
                    try:
                        one = socket.socket(self._family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
                    except OSError as error:
                        begun.shortage, begun.not_asked = f"this machine: {why(error)}", _from(port, ports)
                        break
            code = one.connect_ex(target)
            if code == in_progress or code in PENDING:
                code = one.connect_ex(target)
            if code == refused or code in REFUSED:
                closed.append(port)
                continue
            if code in _SHORTAGE:
                begun.shortage = f"this machine: {why(OSError(code, errno.errorcode[code]))}"
                begun.not_asked = _from(port, ports)
                break
            begun.others.append((one, port, code))
            one = None
        if one is not None:
            if begun.shortage:
                one.close()
            else:
                idle.append(one)
        return begun

    def _settle(self, one: socket.socket, port: int, code: int, heard: Heard) -> None:
        if code in REFUSED:
            heard.closed.append(port)
            self._idle.append(one)
            return
        # A reset is an answer of something that had accepted: a port that does not listen refuses instead.
        if code in {0, errno.EISCONN, errno.ECONNRESET, errno.EPIPE}:
            (heard.closed if met_itself(one) else heard.open).append(port)
        else:
            heard.unreachable.append(port)
        one.close()

    def _target(self, port: int) -> tuple[object, ...]:
        return (self._address[0], port, *self._address[2:])

    def _forget(self, port: int) -> socket.socket:
        one = self._flying.pop(port)
        self._selector.unregister(one)
        return one


def met_itself(connection: socket.socket) -> bool:
    """Whether a connection has its own socket at the other end.

    Linux may connect a socket to itself when the port lies in the range of its client ports; a socket that listens
    would have taken the port.
    """
    with contextlib.suppress(OSError):
        return bool(connection.getsockname() == connection.getpeername())
    return False


def _from(port: int, ports: list[int]) -> list[int]:
    return ports[ports.index(port) :]


def _files_left() -> int:
    """How many sockets this process may still open."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not on Linux
        return 256
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 20 if soft == resource.RLIM_INFINITY else max(1, soft - _SPARE_FILES)
