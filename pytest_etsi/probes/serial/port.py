"""One opened port: bytes in, bytes out, and the wires beside them, over whatever pyserial can open."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import select
import struct
import termios
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from pytest_etsi.probes._net import Deadline, connect
from pytest_etsi.probes.serial.errors import ConsoleError, ConsoleGone, ConsoleShared, ConsoleUnsettable

if TYPE_CHECKING:
    from serial import Serial

    from pytest_etsi.probes.serial.line import Line

__all__ = ["Port", "SerialPort", "SocketPort", "open_port"]

_AT_ONCE = 256 * 1024
_POLL_S = 0.05
_CONNECT_S = 5.0
_OFF_BY = 0.025
"""Share by which a speed may be off before letters are lost; UARTs bear some 4 percent between both ends."""
_TCGETS2 = 0x802C542A
_TERMIOS2 = struct.Struct("4IB19B2I")


class Port(Protocol):
    """What a console needs of a port; tests have their own."""

    def read(self, timeout_s: float) -> bytes:
        """What has come, waiting for at most `timeout_s`; empty: nothing.

        Raises:
            ConsoleGone: there is no line any more.
            ConsoleShared: somebody else has taken what had come.
        """

    def write(self, data: bytes, timeout_s: float) -> None:
        """Write all of it.

        Raises:
            ConsoleGone: there is no line any more.
            ConsoleError: it was not taken within `timeout_s`.
        """

    def set_speed(self, baudrate: int) -> None:
        """Set the speed.

        Raises:
            ConsoleUnsettable: it cannot be set.
        """

    def set_wires(self, dtr: bool | None, rts: bool | None) -> None:
        """Set DTR and RTS; None: leave it. Raises `ConsoleUnsettable`."""

    def hold_break(self, *, on: bool) -> None:
        """Hold the line low, or let it go; raises `ConsoleUnsettable`."""

    def interrupt(self) -> None:
        """Let a `read` that waits, in another thread, end at once with nothing."""

    def close(self) -> None:
        """Close it; nobody reads any more."""


def open_port(line: Line, *, again: bool = False) -> Port:
    """Open a line.

    Args:
        line: its settings.
        again: it went away and came back: what has come since must not be thrown away.

    Raises:
        ConsoleError: it cannot be opened; `ConsoleUnsettable`: not with these settings.
    """
    return SocketPort(line) if line.scheme == "socket" else SerialPort(line, again=again)


class _Descriptors:
    """Reading and writing by a descriptor, with another one that ends a read."""

    def __init__(self, url: str, descriptor: int) -> None:
        self._url = url
        self._fd = descriptor
        self._wake, self._waker = os.pipe()
        self._closed = False

    def read(self, timeout_s: float) -> bytes:
        """What has come.

        Raises:
            ConsoleError: as `Port.read`.
        """
        try:
            ready, _, _ = select.select([self._fd, self._wake], [], [], timeout_s)
            if self._fd not in ready:
                return b""
            try:
                data = os.read(self._fd, _AT_ONCE)
            except BlockingIOError:
                data = b""
            if not data:
                self._empty()
        except (OSError, ValueError, termios.error) as error:
            if isinstance(error, ConsoleError):
                raise
            raise ConsoleGone(f"{self._url}: the console is gone: {error}") from error
        return data

    def _empty(self) -> None:
        """Something had come, and was nothing."""
        raise ConsoleGone(f"{self._url}: the other side has closed the connection")

    def write(self, data: bytes, timeout_s: float) -> None:
        """Write all of it.

        Raises:
            ConsoleError: as `Port.write`.
        """
        deadline = Deadline(timeout_s)
        left = memoryview(data)
        try:
            while left:
                _, ready, _ = select.select([], [self._fd], [], deadline.left())
                if not ready:
                    raise ConsoleError(
                        f"{self._url}: {len(left)} of {len(data)} bytes were not taken within {timeout_s:g} s"
                    )
                with contextlib.suppress(BlockingIOError):
                    left = left[os.write(self._fd, left) :]
        except (OSError, ValueError) as error:
            if isinstance(error, ConsoleError):
                raise
            raise ConsoleGone(f"{self._url}: cannot write: {error}") from error

    def interrupt(self) -> None:
        """Let a `read` end; see `Port`."""
        with contextlib.suppress(OSError):
            os.write(self._waker, b"x")

    def close(self) -> None:
        """Close it; see `Port`."""
        if self._closed:
            return
        self._closed = True
        self._close()
        os.close(self._wake)
        os.close(self._waker)

    def _close(self) -> None:
        raise NotImplementedError


class SocketPort(_Descriptors):
    """A raw TCP connection, as serial servers and emulators offer one.

    It does without pyserial, which takes and searches some bytes at a time and waits after each connection.
    """

    def __init__(self, line: Line) -> None:
        try:
            parts = urlsplit(line.url)
            if not parts.hostname or not parts.port:
                raise ValueError("expected socket://host:port")
            self._socket = connect(parts.hostname, parts.port, Deadline(_CONNECT_S))
        except (OSError, ValueError) as error:
            raise ConsoleError(f"{line.url}: the console cannot be opened: {error}") from error
        self._socket.setblocking(False)
        super().__init__(line.url, self._socket.fileno())

    def set_speed(self, baudrate: int) -> None:
        """It has none.

        Raises:
            ConsoleUnsettable: always, where something is asked for.
        """
        raise ConsoleUnsettable(
            f"{self._url}: {baudrate} baud cannot be set: the speed of a raw socket is set at the server"
        )

    def set_wires(self, dtr: bool | None, rts: bool | None) -> None:
        """It has none.

        Raises:
            ConsoleUnsettable: always, where something is asked for.
        """
        if dtr is not None or rts is not None:
            raise ConsoleUnsettable(f"{self._url}: a raw socket has no DTR and RTS")

    def hold_break(self, *, on: bool) -> None:
        """It has none.

        Raises:
            ConsoleUnsettable: always, where something is asked for.
        """
        if on:
            raise ConsoleUnsettable(f"{self._url}: a raw socket cannot carry a BREAK")

    def _close(self) -> None:
        self._socket.close()


class SerialPort(_Descriptors):
    """A port that pyserial has opened: a device file, a pseudo terminal, or what else it knows.

    Device files are read and written by their descriptors, since pyserial waits without an end for all that it writes.
    """

    def __init__(self, line: Line, *, again: bool) -> None:
        # A server of RFC 2217 answers requests in order, and pyserial takes any answer for that to the last one.
        self._asking = threading.Lock()
        self._port = _opened(line, again=again)
        self._is_tty = not line.scheme
        super().__init__(line.url, self._port.fileno() if self._is_tty else -1)
        try:
            self._require_speed(line.baudrate)
        except BaseException:
            self.close()
            raise

    def read(self, timeout_s: float) -> bytes:
        """What has come.

        Raises:
            ConsoleError: as `Port.read`.
        """
        if self._is_tty:
            return super().read(timeout_s)
        try:
            waiting: int = self._port.in_waiting
            if self._port.timeout != (wait_s := min(timeout_s, _POLL_S)):
                with self._asking:
                    self._port.timeout = (
                        wait_s  # by this pyserial asks an RFC 2217 server for all settings anew
                    )
            return bytes(self._port.read(min(max(1, waiting), _AT_ONCE)))
        except (OSError, TypeError, ValueError) as error:
            raise ConsoleGone(f"{self._url}: the console is gone: {error}") from error

    def _empty(self) -> None:
        termios.tcgetattr(self._fd)  # fails where there is no device behind the descriptor any more
        if not Path(self._url).exists():
            raise ConsoleGone(f"{self._url}: there is no such device any more")
        raise ConsoleShared(
            f"{self._url}: something had come and was gone before it was read: another program reads this line"
        )

    def write(self, data: bytes, timeout_s: float) -> None:
        """Write all of it.

        Raises:
            ConsoleError: as `Port.write`.
        """
        if self._is_tty:
            super().write(data, timeout_s)
            return
        try:
            self._port.write(data)
        except (OSError, ValueError) as error:
            raise ConsoleGone(f"{self._url}: cannot write: {error}") from error

    def set_speed(self, baudrate: int) -> None:
        """Set the speed.

        Raises:
            ConsoleUnsettable: it cannot be set.
        """
        try:
            with self._asking:
                self._port.baudrate = baudrate
        except (OSError, ValueError, OverflowError, termios.error) as error:
            raise ConsoleUnsettable(f"{self._url}: {baudrate} baud cannot be set: {error}") from error
        self._require_speed(baudrate)

    def _require_speed(self, baudrate: int) -> None:
        """Make sure that the driver has taken the speed and not another one near it.

        Raises:
            ConsoleUnsettable: it has not.
        """
        taken = _speed_of(self._fd) if self._is_tty else 0
        if taken and abs(taken - baudrate) > baudrate * _OFF_BY:
            raise ConsoleUnsettable(
                f"{self._url}: {baudrate} baud cannot be set, the adapter has made {taken} of it"
            )

    def set_wires(self, dtr: bool | None, rts: bool | None) -> None:
        """Set DTR and RTS.

        Raises:
            ConsoleUnsettable: they cannot be set.
        """
        if dtr is None and rts is None:
            return
        if self._is_tty and _is_pty(self._fd):
            raise ConsoleUnsettable(f"{self._url}: a pseudo terminal has no DTR and RTS")
        try:
            with self._asking:
                if dtr is not None:
                    self._port.dtr = dtr
                if rts is not None:
                    self._port.rts = rts
        except (OSError, ValueError) as error:
            raise ConsoleUnsettable(f"{self._url}: DTR and RTS cannot be set: {error}") from error

    def hold_break(self, *, on: bool) -> None:
        """Hold the line low.

        Raises:
            ConsoleUnsettable: no BREAK can be sent.
        """
        try:
            with self._asking:
                self._port.break_condition = on
        except (OSError, ValueError) as error:
            raise ConsoleUnsettable(f"{self._url}: no BREAK can be sent: {error}") from error

    def _close(self) -> None:
        with contextlib.suppress(OSError, termios.error):
            self._port.close()


def _opened(line: Line, *, again: bool) -> Serial:
    """A port of pyserial with the settings of the line.

    Raises:
        ConsoleError: it cannot be opened; as `open_port`.
    """
    import serial

    try:
        port = serial.serial_for_url(line.url, do_not_open=True)
        port.baudrate = line.baudrate
        port.timeout = _POLL_S
        if line.dtr is not None:
            port.dtr = line.dtr
        if line.rts is not None:
            port.rts = line.rts
        if not line.scheme and line.exclusive:
            port.exclusive = True
        if again:
            # Opening throws away what has arrived already.
            for name in ("reset_input_buffer", "_reset_input_buffer"):
                if hasattr(port, name):
                    setattr(port, name, lambda: None)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of pyserial's own threads
            port.open()
    except (OSError, ValueError, NotImplementedError, termios.error) as error:
        kind = ConsoleError
        if isinstance(error, OSError) and error.errno in (errno.EAGAIN, errno.EBUSY):
            kind = ConsoleShared
        elif isinstance(error, ValueError) and "baud" in str(error).lower():
            kind = ConsoleUnsettable
        raise kind(f"{line.url}: the console cannot be opened: {error}") from error
    return port


def _speed_of(descriptor: int) -> int:
    """The speed that a driver has really set, in symbols per second; 0: it does not say."""
    buffer = bytearray(_TERMIOS2.size)
    try:
        fcntl.ioctl(descriptor, _TCGETS2, buffer)
    except OSError:
        return 0
    return int(_TERMIOS2.unpack(buffer)[-1])


def _is_pty(descriptor: int) -> bool:
    try:
        return 136 <= os.major(os.fstat(descriptor).st_rdev) <= 143
    except OSError:
        return False
