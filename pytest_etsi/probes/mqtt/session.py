"""An MQTT connection that subscribes, publishes and listens (MQTT 3.1.1): what a client gets, not what it is told."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline, receive, send, why
from pytest_etsi.probes.mqtt.connection import (
    CODES,
    connect_packet,
    encoded_length,
    open_connection,
    text_field,
)

if TYPE_CHECKING:
    import socket
    import ssl

__all__ = ["MqttSession", "matches"]

_MAX_BUFFER = 1 << 20
_MAX_MESSAGES = 1000
_DENIED = 0x80


def matches(pattern: str, topic: str) -> bool:
    """Whether a topic fits a filter (MQTT 3.1.1, 4.7)."""
    wanted, given = pattern.split("/"), topic.split("/")
    if given[0].startswith("$") and wanted[0] in {"#", "+"}:
        return False
    for number, part in enumerate(wanted):
        if part == "#":
            return True
        if number >= len(given) or part not in {"+", given[number]}:
            return False
    return len(wanted) == len(given)


@dataclass(slots=True)
class MqttSession:
    """One connection; close it after use.

    Attributes:
        code: of the CONNACK; None: there was none.
        detail: what it means, or why there was none.
        messages: topic and payload of what was delivered, in order.
        kept: topics of those that the broker keeps for whoever subscribes (retained).
    """

    connection: socket.socket | None
    code: int | None
    detail: str
    messages: list[tuple[str, bytes]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    _buffer: bytearray = field(default_factory=bytearray)
    _subscribed: dict[int, int] = field(default_factory=dict)
    _acknowledged: set[int] = field(default_factory=set)
    _number: int = 0

    @classmethod
    def open(
        cls,
        host: str,
        port: int,
        username: str | None,
        password: str | None,
        *,
        context: ssl.SSLContext | None = None,
        timeout_s: float = 5.0,
    ) -> MqttSession:
        """Connect with these credentials; a refusal is a session without a connection."""
        deadline = Deadline(timeout_s)
        try:
            connection = open_connection(host, port, deadline, context)
        except (OSError, ValueError) as error:
            return cls(None, None, why(error))
        if not send(connection, connect_packet(username, password, None), deadline):
            connection.close()
            return cls(None, None, "the connection broke while CONNECT was sent")
        answer, end = receive(connection, deadline, limit=4, enough=lambda seen: len(seen) >= 4)
        if len(answer) < 4 or answer[:2] != b"\x20\x02" or answer[3] > 5:
            connection.close()
            return cls(None, None, f"no CONNACK ({end})")
        if answer[3]:
            connection.close()
            return cls(None, answer[3], f"CONNACK {answer[3]}: {CODES[answer[3]]}")
        return cls(connection, 0, "CONNACK 0: accepted")

    def subscribe(self, pattern: str, *, timeout_s: float = 3.0) -> int | None:
        """Subscribe to a filter.

        Returns:
            The granted quality of service; 0x80: denied; None: no answer.
        """
        self._number += 1
        body = struct.pack("!H", self._number) + text_field(pattern.encode()) + b"\0"
        if not self._send(0x82, body):
            return None
        self.listen(timeout_s, until=lambda: self._number in self._subscribed)
        return self._subscribed.get(self._number)

    def publish(self, topic: str, payload: bytes, *, timeout_s: float = 3.0) -> bool:
        """Publish with quality of service 1; whether it was acknowledged, which says nothing of its delivery."""
        self._number += 1
        body = text_field(topic.encode()) + struct.pack("!H", self._number) + payload
        if not self._send(0x32, body):
            return False
        self.listen(timeout_s, until=lambda: self._number in self._acknowledged)
        return self._number in self._acknowledged

    def listen(self, seconds: float, *, until: object = None) -> None:
        """Take in what comes, for some seconds or until a condition holds."""
        deadline = Deadline(seconds)
        while self.connection is not None and not deadline.expired:
            if callable(until) and until():
                return
            data, end = receive(self.connection, deadline, limit=65536)
            self._buffer += data
            self._take()
            if end in {"closed", "reset"} or len(self._buffer) > _MAX_BUFFER:
                self.close()

    def close(self) -> None:
        """End the connection."""
        if self.connection is not None:
            send(self.connection, b"\xe0\0", Deadline(0.5))
            self.connection.close()
            self.connection = None

    def _send(self, kind: int, body: bytes) -> bool:
        if self.connection is None:
            return False
        return send(self.connection, bytes([kind]) + encoded_length(len(body)) + body, Deadline(3.0))

    def _take(self) -> None:
        """Read the whole packets in the buffer."""
        while len(self._buffer) >= 2:
            size = shift = 0
            for position in range(1, min(5, len(self._buffer))):
                size |= (self._buffer[position] & 0x7F) << shift
                shift += 7
                if not self._buffer[position] & 0x80:
                    break
            else:
                return
            end = position + 1 + size
            if len(self._buffer) < end:
                return
            kind, body = self._buffer[0], bytes(self._buffer[position + 1 : end])
            del self._buffer[:end]
            self._packet(kind, body)

    def _packet(self, kind: int, body: bytes) -> None:
        if kind >> 4 == 3 and len(body) >= 2:
            length = int.from_bytes(body[:2], "big")
            start = 2 + length + (2 if kind & 6 else 0)
            topic = body[2 : 2 + length].decode("utf-8", "replace")
            if len(self.messages) < _MAX_MESSAGES:
                self.messages.append((topic, body[start:]))
            if kind & 1:
                self.kept.add(topic)
            if kind & 6 == 2:
                self._send(0x40, body[2 + length : 4 + length])
        elif kind == 0x90 and len(body) >= 3:
            self._subscribed[int.from_bytes(body[:2], "big")] = body[2]
        elif kind == 0x40 and len(body) >= 2:
            self._acknowledged.add(int.from_bytes(body[:2], "big"))
