"""Stands before a real broker: hands on what it lets pass, and does to the rest what other brokers do."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"


def whole(connection: socket.socket) -> bytes:
    """One packet, whose length is written in one byte or two."""
    head = connection.recv(2, socket.MSG_WAITALL)
    if len(head) < 2:
        return b""
    size = head[1]
    if size & 0x80:
        more = connection.recv(1, socket.MSG_WAITALL)
        head, size = head + more, size & 0x7F | more[0] << 7
    return head + connection.recv(size, socket.MSG_WAITALL) if size else head


class MqttDoorman:
    """A port that only CONNECTs of some versions of MQTT get through, and whose refusals may be changed.

    Attributes:
        port: where it listens.
        connects: versions of the CONNECTs that came, in order.
    """

    def __init__(
        self,
        port: int,
        *,
        versions: tuple[int, ...] = (4, 5),
        other: bytes = b"",
        refusal: Callable[[bytes], bytes] = lambda answer: answer,
    ) -> None:
        """Listen.

        Args:
            port: of the broker.
            versions: that get through.
            other: the answer to others; empty: the connection is closed.
            refusal: what becomes of a CONNACK that refuses; empty: the connection is closed.
        """
        self._broker, self._versions, self._other, self._refusal = port, versions, other, refusal
        self.connects: list[int] = []
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> MqttDoorman:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._look_at, args=(client,), daemon=True).start()

    def _look_at(self, client: socket.socket) -> None:
        with client, socket.create_connection((HOST, self._broker)) as broker, contextlib.suppress(OSError):
            connect = whole(client)
            if not connect:
                return
            version = connect[8]
            self.connects.append(version)
            if version not in self._versions:
                client.sendall(self._other)
                return
            broker.sendall(connect)
            answer = whole(broker)
            if len(answer) > 3 and answer[3]:
                client.sendall(self._refusal(answer))
                return
            client.sendall(answer)
            back = threading.Thread(target=_copy, args=(broker, client), daemon=True)
            back.start()
            _copy(client, broker)
            back.join(10)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
