"""An MQTT connection that subscribes, publishes and listens (3.1.1 and 5): what a client gets, not what it is told."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, receive, send, why
from pytest_etsi.probes.mqtt.connection import (
    CODES,
    OTHER_VERSION,
    REFUSALS,
    closes_on_connect,
    connect_packet,
    encoded_length,
    open_connection,
    text_field,
)

if TYPE_CHECKING:
    import socket
    import ssl

__all__ = ["DENIED", "MqttSession", "matches"]

_MAX_BUFFER = bounds.MQTT_MESSAGE.most
_MAX_MESSAGES = 1000
_CONNACK, _PUBACK, _SUBACK = 0x20, 0x40, 0x90
_FAILED = 0x80
"""The least code of a SUBACK or PUBACK that says that it was not done."""
DENIED = frozenset({0x80, 0x87})
"""Codes of a SUBACK that refuse a subscription: of MQTT 3.1.1, and "not authorized" of MQTT 5."""


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
        version: of the protocol: 4 is MQTT 3.1.1.
        closed: the broker closed in place of a CONNACK, once it had read a CONNECT.
        messages: topic and payload of what was delivered, in order.
        kept: topics of those that the broker keeps for whoever subscribes (retained).
    """

    connection: socket.socket | None
    code: int | None
    detail: str
    version: int = 4
    closed: bool = False
    messages: list[tuple[str, bytes]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    _buffer: bytearray = field(default_factory=bytearray)
    _subscribed: dict[int, int] = field(default_factory=dict)
    _acknowledged: set[int] = field(default_factory=set)
    _denied: set[int] = field(default_factory=set)
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
        timeout_s: float = bounds.MQTT.step_s,
    ) -> MqttSession:
        """Connect with these credentials; a refusal is a session without a connection.

        A broker that does not take MQTT 3.1.1 is spoken with in MQTT 5.
        """
        deadline = Deadline(timeout_s)

        def connected() -> socket.socket:
            return open_connection(host, port, deadline, context)

        try:
            first, hung_up = cls._connect(connected(), username, password, 4, deadline)
            if not (hung_up or first.code in OTHER_VERSION):
                return first
            second, hung_up_too = cls._connect(connected(), username, password, 5, deadline)
            if not (hung_up_too or second.code in OTHER_VERSION):
                return second
            if hung_up and hung_up_too and closes_on_connect(connected, deadline):
                return cls(None, None, "closed in place of a CONNACK", closed=True)
        except (OSError, ValueError) as error:
            return cls(None, None, why(error))
        return first

    @classmethod
    def _connect(
        cls,
        connection: socket.socket,
        username: str | None,
        password: str | None,
        version: int,
        deadline: Deadline,
    ) -> tuple[MqttSession, bool]:
        """A session in one version, and whether the broker ended it without an answer."""
        session = cls(connection, None, "", version)
        if not send(connection, connect_packet(username, password, None, version=version), deadline):
            return session._without("the connection broke while CONNECT was sent"), True
        answer, end = receive(connection, deadline, limit=4096, enough=lambda seen: bool(_packet(seen)))
        packet = _packet(answer)
        if packet is None or packet.kind != _CONNACK or len(packet.body) < 2 or packet.body[0] > 1:
            return session._without(f"no CONNACK ({end})"), not answer and end in {"closed", "reset"}
        session.code = code = packet.body[1]
        session.detail = f"CONNACK {code}: {CODES.get(code, 'unknown')}"
        if code:
            return session._without(session.detail), False
        session._buffer += answer[packet.end :]
        session._take()
        return session, False

    def _without(self, detail: str) -> MqttSession:
        """This session, which has come to nothing."""
        self.detail = detail
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        return self

    @property
    def refused(self) -> bool:
        """Whether the credentials were refused, or that there were none."""
        return self.code in REFUSALS

    @property
    def _properties(self) -> bytes:
        """Where MQTT 5 has properties, that there are none."""
        return b"\0" if self.version == 5 else b""

    def subscribe(self, pattern: str, *, timeout_s: float = bounds.MQTT_MESSAGE.step_s) -> int | None:
        """Subscribe to a filter.

        Returns:
            The granted quality of service; from 0x80 on why there is none; None: no answer.
        """
        self._number += 1
        body = struct.pack("!H", self._number) + self._properties + text_field(pattern.encode()) + b"\0"
        if not self._send(0x82, body):
            return None
        self.listen(timeout_s, until=lambda: self._number in self._subscribed)
        return self._subscribed.get(self._number)

    def publish(self, topic: str, payload: bytes, *, timeout_s: float = bounds.MQTT_MESSAGE.step_s) -> bool:
        """Publish with quality of service 1; whether it was acknowledged, which says nothing of its delivery."""
        self._number += 1
        body = text_field(topic.encode()) + struct.pack("!H", self._number) + self._properties + payload
        if not self._send(0x32, body):
            return False
        self.listen(timeout_s, until=lambda: self._number in self._acknowledged | self._denied)
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
        while (packet := _packet(self._buffer)) is not None:
            del self._buffer[: packet.end]
            self._read(packet.kind, packet.body)

    def _read(self, kind: int, body: bytes) -> None:
        number = int.from_bytes(body[:2], "big")
        if kind >> 4 == 3 and len(body) >= 2:
            start = 2 + number + (2 if kind & 6 else 0)
            topic = body[2 : 2 + number].decode("utf-8", "replace")
            if len(self.messages) < _MAX_MESSAGES:
                self.messages.append((topic, body[self._behind_properties(body, start) :]))
            if kind & 1:
                self.kept.add(topic)
            if kind & 6 == 2:
                self._send(0x40, body[2 + number : 4 + number])
        elif kind == _SUBACK and len(body) > (start := self._behind_properties(body, 2)):
            self._subscribed[number] = body[start]
        elif kind == _PUBACK and len(body) >= 2:
            # MQTT 5 leaves out the reason of a success.
            if len(body) == 2 or body[2] < _FAILED:
                self._acknowledged.add(number)
            else:
                self._denied.add(number)

    def _behind_properties(self, body: bytes, start: int) -> int:
        """Where what follows the properties begins that MQTT 5 has at a place."""
        if self.version != 5:
            return start
        length = _length(body, start)
        return len(body) if length is None else min(len(body), length[1] + length[0])


@dataclass(frozen=True, slots=True)
class _Packet:
    kind: int
    body: bytes
    end: int


def _packet(data: bytes | bytearray) -> _Packet | None:
    """The first packet in some data; None while it is not whole."""
    length = _length(data, 1)
    if length is None or len(data) < (end := length[1] + length[0]):
        return None
    return _Packet(data[0], bytes(data[length[1] : end]), end)


def _length(data: bytes | bytearray, start: int) -> tuple[int, int] | None:
    """A length of one to four bytes (2.2.3), and where it ends; None: it is not whole, or none."""
    size = 0
    for place, byte in enumerate(data[start : start + 4]):
        size |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return size, start + place + 1
    return None
