"""Asking ports by connections, which needs no privilege."""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import why

if TYPE_CHECKING:
    from pytest_etsi.probes.ports._engine import Answers

__all__ = ["PENDING", "REFUSED", "ConnectTechnique", "met_itself"]

_SPARE_FILES = 64
PENDING = {errno.EINPROGRESS, errno.EALREADY, errno.EWOULDBLOCK}
REFUSED = {errno.ECONNREFUSED, errno.ECONNABORTED}
_SHORTAGE = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EAGAIN}


_WORTH_SHARING = 256
"""Ports at a time from which on a second thread takes half of them."""


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

    def ask(self, ports: list[int], heard: Answers) -> list[int]:
        """Begin to connect to each port."""
        if len(ports) < _WORTH_SHARING:
            begun = [self._begin(ports)]
        else:
            # Most of the time is the kernel's, which works for two threads at a time.
            middle = len(ports) // 2
            self._helper = self._helper or ThreadPoolExecutor(1, "ports")
            other = self._helper.submit(self._begin, ports[middle:])
            begun = [self._begin(ports[:middle]), other.result()]
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

    def hear(self, seconds: float, heard: Answers) -> None:
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

    def _begin(self, ports: list[int]) -> _Begun:
        begun, idle = _Begun(), self._idle
        host, *scope = self._address[0], *self._address[2:]
        for at, port in enumerate(ports):
            try:
                one = idle.pop()
            except IndexError:
                try:
                    one = socket.socket(self._family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
                except OSError as error:
                    begun.shortage, begun.not_asked = f"this machine: {why(error)}", ports[at:]
                    break
            target = (host, port, *scope)
            code = one.connect_ex(target)
            if code in PENDING:
                code = one.connect_ex(target)
            if code in REFUSED:
                begun.closed.append(port)
                idle.append(one)
            elif code in _SHORTAGE:
                one.close()
                begun.shortage = f"this machine: {why(OSError(code, errno.errorcode[code]))}"
                begun.not_asked = ports[at:]
                break
            else:
                begun.others.append((one, port, code))
        return begun

    def _settle(self, one: socket.socket, port: int, code: int, heard: Answers) -> None:
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


def _files_left() -> int:
    """How many sockets this process may still open."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not on Linux
        return 256
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 20 if soft == resource.RLIM_INFINITY else max(1, soft - _SPARE_FILES)
