"""Which TCP ports of a host are open: a connect scan by non-blocking sockets."""

from __future__ import annotations

import errno
import select
import socket
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline, why
from pytest_etsi.probes.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["ALL_PORTS", "PortScan", "scan_tcp"]

ALL_PORTS = range(1, 65536)

_SETTLE_S = 0.1
"""How long a second connection is watched for a reset before its port counts as open."""
_PROGRESS_S = 0.1
_SPARE_FILES = 64
_IN_PROGRESS = {errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY}
_LOCAL_SHORTAGE = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EAGAIN}


@dataclass(frozen=True, slots=True)
class PortScan(Observation):
    """What a scan of TCP ports saw.

    Attributes:
        host: as asked for.
        address: the address that was scanned; empty when the name did not resolve.
        ports_scanned: number of ports that were asked for.
        open: ports that accepted two connections and did not reset the second one at once.
        reset: ports that accepted and then reset without a word: what an address translator does for closed
            ports.
        closed_count: ports that refused.
        filtered_count: ports that stayed silent, or for which the network reported that they cannot be
            reached.
        complete: every port was asked; False when the deadline or a local shortage cut the scan short.
        duration_s: seconds from start to end.
        method: how it was done.
        error: why the scan is not complete.
    """

    host: str
    address: str
    ports_scanned: int
    open: tuple[int, ...]
    reset: tuple[int, ...]
    closed_count: int
    filtered_count: int
    complete: bool
    duration_s: float
    method: str = "tcp-connect"
    error: str = ""

    @property
    def answered(self) -> bool:
        """Whether the host gave any answer; without one, an empty `open` says nothing."""
        return bool(self.open or self.reset or self.closed_count)


def scan_tcp(
    host: str,
    ports: Iterable[int] = ALL_PORTS,
    *,
    concurrency: int = 500,
    timeout_s: float = 1.0,
    rate: float | None = None,
    deadline_s: float = 600.0,
    progress: Callable[[int, int], None] | None = None,
) -> PortScan:
    """Find the open TCP ports of a host.

    A port that stays silent is asked a second time, and so is a port that seems open.

    Args:
        host: name or address, IPv4 or IPv6.
        ports: the ports to ask, all 65,535 by default.
        concurrency: connections in flight at most.
        timeout_s: seconds to wait for one port's answer.
        rate: connections per second at most; None or 0: as fast as `concurrency` allows.
        deadline_s: seconds after which the scan ends with what it has.
        progress: called with (ports done, ports in all) some ten times a second.
    """
    wanted = tuple(dict.fromkeys(ports))
    deadline = Deadline(deadline_s)
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, wanted[0] if wanted else 1, type=socket.SOCK_STREAM
        )[0]
    except OSError as error:
        return PortScan(host, "", len(wanted), (), (), 0, 0, complete=False, duration_s=0.0, error=why(error))
    scanner = _Scanner(family, address, concurrency, timeout_s, rate, deadline, progress, len(wanted))
    first = scanner.sweep(wanted)
    again = scanner.sweep(first.silent)
    second = scanner.sweep(sorted(first.open + again.open), settle_s=_SETTLE_S)
    third = scanner.sweep(second.silent, settle_s=_SETTLE_S)
    closed = first.closed + again.closed + second.closed + third.closed
    filtered = len(again.silent) + len(third.silent)
    found_open = tuple(sorted(second.open + third.open))
    reset = tuple(sorted(second.reset + third.reset))
    complete = closed + filtered + len(found_open) + len(reset) == len(wanted)
    cause = scanner.shortage or (
        f"the deadline of {deadline_s:g} s passed" if deadline.expired else "cut short"
    )
    return PortScan(
        host=host,
        address=str(address[0]),
        ports_scanned=len(wanted),
        open=found_open,
        reset=reset,
        closed_count=closed,
        filtered_count=filtered,
        complete=complete,
        duration_s=deadline.elapsed,
        error="" if complete else cause,
    )


class _Sweep:
    """What one pass over some ports found."""

    __slots__ = ("closed", "open", "reset", "silent")

    def __init__(self) -> None:
        self.open: list[int] = []
        self.reset: list[int] = []
        self.silent: list[int] = []
        self.closed = 0


class _Poller:
    """epoll where there is one, poll elsewhere."""

    def __init__(self) -> None:
        if hasattr(select, "epoll"):
            epoll = select.epoll()
            self.register: Callable[[int, int], None] = epoll.register
            self.modify: Callable[[int, int], None] = epoll.modify
            self.poll: Callable[[float], list[tuple[int, int]]] = epoll.poll
            self.forget: Callable[[int], None] = lambda _: None  # closing the socket does it
            self.close: Callable[[], None] = epoll.close
        else:  # pragma: no cover - not on Linux
            poll = select.poll()
            self.register = poll.register
            self.modify = poll.modify
            self.poll = lambda seconds: poll.poll(seconds * 1000)
            self.forget = poll.unregister
            self.close = lambda: None


class _Scanner:
    """One scan's settings, and the loop that all its passes share."""

    def __init__(
        self,
        family: int,
        address: tuple[object, ...],
        concurrency: int,
        timeout_s: float,
        rate: float | None,
        deadline: Deadline,
        progress: Callable[[int, int], None] | None,
        total: int,
    ) -> None:
        self.family = family
        self.address = address
        self.concurrency = max(1, min(concurrency, _files_left()))
        self.timeout_s = timeout_s
        self.gap_s = 1.0 / rate if rate else 0.0
        self.deadline = deadline
        self.progress = progress
        self.total = total
        self.done = 0
        self.next_start = 0.0
        self.next_report = 0.0
        self.shortage = ""

    def sweep(self, ports: Iterable[int], settle_s: float | None = None) -> _Sweep:
        """Ask every port once; with `settle_s`, watch the connections that long for a reset."""
        found = _Sweep()
        waiting = deque(ports)
        if not waiting:
            return found
        poller = _Poller()
        flying: dict[int, tuple[socket.socket, int]] = {}
        settling: set[int] = set()
        expiry: deque[tuple[float, int, socket.socket]] = deque()
        settled: deque[tuple[float, int, socket.socket]] = deque()
        try:
            while (waiting or flying) and not self.deadline.expired:
                now = time.monotonic()
                while (
                    waiting and len(flying) < self.concurrency and (not self.gap_s or now >= self.next_start)
                ):
                    port = waiting.popleft()
                    started = self._start(port, found)
                    if started is None:
                        if self.shortage:
                            if not flying:
                                return found
                            waiting.appendleft(port)
                            break
                        self.done += 1
                        continue
                    descriptor = started.fileno()
                    poller.register(descriptor, select.POLLOUT)
                    flying[descriptor] = (started, port)
                    expiry.append((now + self.timeout_s, descriptor, started))
                    self.next_start = max(now, self.next_start) + self.gap_s
                for descriptor, event in poller.poll(self._pause(bool(waiting), flying, expiry, settled)):
                    entry = flying.get(descriptor)
                    if entry is None:
                        continue
                    connection, port = entry
                    if descriptor in settling:
                        settling.discard(descriptor)
                        self._finish_settling(connection, port, found)
                    elif self._connected(connection, port, event, found):
                        if settle_s is None:
                            found.open.append(port)
                        else:
                            settling.add(descriptor)
                            poller.modify(descriptor, select.POLLIN)
                            settled.append((time.monotonic() + settle_s, descriptor, connection))
                            continue
                    self._drop(poller, flying, descriptor)
                self._expire(poller, flying, settling, expiry, settled, found)
                self._report()
        finally:
            for connection, _ in flying.values():
                connection.close()
            poller.close()
        return found

    def _start(self, port: int, found: _Sweep) -> socket.socket | None:
        """Begin to connect; None when the answer is there at once or this machine is short of something."""
        try:
            connection = socket.socket(self.family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        except OSError as error:
            self.shortage = f"this machine: {why(error)}"
            return None
        code = connection.connect_ex((self.address[0], port, *self.address[2:]))
        if code in _IN_PROGRESS or code == 0:
            self.shortage = ""
            return connection
        connection.close()
        if code == errno.ECONNREFUSED:
            found.closed += 1
        elif code in _LOCAL_SHORTAGE:
            self.shortage = f"this machine: {why(OSError(code, errno.errorcode[code]))}"
        else:
            found.silent.append(port)
        return None

    @staticmethod
    def _connected(connection: socket.socket, port: int, event: int, found: _Sweep) -> bool:
        """Take note of a connection's outcome; True when it was accepted, even if it is reset by now."""
        code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code == errno.ECONNRESET:
            return True  # a port that does not listen refuses instead
        if code == 0 and not event & (select.POLLERR | select.POLLNVAL):
            try:
                if connection.getsockname() != connection.getpeername():
                    return True
            except OSError:
                return True
            # It met itself: a socket that listens would have taken the port.
            found.closed += 1
        elif code in {0, errno.ECONNREFUSED}:
            found.closed += 1
        else:
            found.silent.append(port)
        return False

    @staticmethod
    def _finish_settling(connection: socket.socket, port: int, found: _Sweep) -> None:
        try:
            connection.getpeername()  # raises when it is reset already, and the error has been taken
            connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            found.open.append(port)
        except OSError:
            found.reset.append(port)
        else:
            found.open.append(port)

    def _pause(
        self,
        more: bool,
        flying: dict[int, tuple[socket.socket, int]],
        expiry: deque[tuple[float, int, socket.socket]],
        settled: deque[tuple[float, int, socket.socket]],
    ) -> float:
        """Seconds to wait for the next event."""
        now = time.monotonic()
        until = [now + self.deadline.left(_PROGRESS_S)]
        if expiry:
            until.append(expiry[0][0])
        if settled:
            until.append(settled[0][0])
        if more and len(flying) < self.concurrency:
            until.append(self.next_start if self.gap_s else now + 0.005 if self.shortage else now)
        return max(0.0, min(until) - now)

    def _drop(self, poller: _Poller, flying: dict[int, tuple[socket.socket, int]], descriptor: int) -> None:
        connection, _ = flying.pop(descriptor)
        poller.forget(descriptor)
        connection.close()
        self.done += 1

    def _expire(
        self,
        poller: _Poller,
        flying: dict[int, tuple[socket.socket, int]],
        settling: set[int],
        expiry: deque[tuple[float, int, socket.socket]],
        settled: deque[tuple[float, int, socket.socket]],
        found: _Sweep,
    ) -> None:
        now = time.monotonic()
        for queue, is_settled in ((expiry, False), (settled, True)):
            while queue:
                when, descriptor, connection = queue[0]
                entry = flying.get(descriptor)
                current = (
                    entry is not None and entry[0] is connection and (descriptor in settling) is is_settled
                )
                if current and when > now:
                    break
                queue.popleft()
                if not current or entry is None:
                    continue
                if is_settled:
                    settling.discard(descriptor)
                    found.open.append(entry[1])
                else:
                    found.silent.append(entry[1])
                self._drop(poller, flying, descriptor)

    def _report(self) -> None:
        now = time.monotonic()
        if self.progress and now >= self.next_report:
            self.next_report = now + _PROGRESS_S
            self.progress(min(self.done, self.total), self.total)


def _files_left() -> int:
    """How many sockets this process may still open."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not on Linux
        return 256
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 20 if soft == resource.RLIM_INFINITY else max(1, soft - _SPARE_FILES)
