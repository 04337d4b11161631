"""A serial server by RFC 2217 on loopback, with pyserial's own manager behind it."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

import serial
from serial.rfc2217 import PortManager

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Port:
    """What the manager sets: a serial port that remembers."""

    def __init__(self) -> None:
        self.baudrates: list[int] = []
        self.dtr = self.rts = None
        self.cts = self.dsr = self.ri = self.cd = False
        self.bytesize, self.parity, self.stopbits = 8, serial.PARITY_NONE, 1
        self.xonxoff = self.rtscts = False
        self.break_condition = False

    def _get(self) -> int:
        return self.baudrates[-1] if self.baudrates else 9600

    def _set(self, value: int) -> None:
        self.baudrates.append(value)

    baudrate = property(_get, _set)

    def reset_input_buffer(self) -> None:
        pass

    def reset_output_buffer(self) -> None:
        pass


class Server:
    def __init__(self) -> None:
        self.port = _Port()
        self.heard = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rfc2217://127.0.0.1:{self._listener.getsockname()[1]}"
        self._connection: socket.socket | None = None
        self._manager: PortManager | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        assert self._connection is not None
        self._connection.sendall(data)

    def say(self, data: bytes) -> None:
        assert self._manager is not None
        self.write(b"".join(self._manager.escape(data)))

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            self._connection, _ = self._listener.accept()
            self._manager = PortManager(self.port, self)
            while data := self._connection.recv(4096):
                self.heard += b"".join(self._manager.filter(data))

    def close(self) -> None:
        self._listener.close()
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)
            self._connection.close()
        self._thread.join(5)


@contextlib.contextmanager
def rfc2217_server() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.close()
