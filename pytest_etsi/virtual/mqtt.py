"""The packets of MQTT 3.1.1 that the line between camera and service needs: QoS 0 and nothing that is optional."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

__all__ = [
    "CONNACK", "CONNECT", "DISCONNECT", "PINGREQ", "PINGRESP", "PUBLISH", "SUBACK", "SUBSCRIBE", "Connect", "MqttError",
    "Packet", "connect", "connected", "packet", "publish", "published", "read", "subscribe", "subscribed",
]  # fmt: skip

CONNECT, CONNACK, PUBLISH, SUBSCRIBE, SUBACK = 1, 2, 3, 8, 9
PINGREQ, PINGRESP, DISCONNECT = 12, 13, 14

_LONGEST = 4096
_FLAGS = {SUBSCRIBE: 2}


class MqttError(Exception):
    """What came is not as it has to be."""


@dataclass(frozen=True, slots=True)
class Packet:
    """Type, flags and what follows the length."""

    kind: int
    flags: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Connect:
    """What a client says first."""

    client: str
    username: str
    password: str


def packet(kind: int, body: bytes = b"") -> bytes:
    """A packet as it goes over the line."""
    length, rest = bytearray(), len(body)
    while True:
        rest, low = divmod(rest, 128)
        length.append(low | (0x80 if rest else 0))
        if not rest:
            return bytes((kind << 4 | _FLAGS.get(kind, 0),)) + bytes(length) + body


def connect(who: Connect, *, keep_alive_s: int, will: tuple[str, bytes]) -> bytes:
    """CONNECT with user name, password and a retained will (topic and content)."""
    texts = (who.client, will[0], will[1].decode(), who.username, who.password)
    head = _text("MQTT") + struct.pack(">BBH", 4, 0b1110_0110, keep_alive_s)
    return packet(CONNECT, head + b"".join(map(_text, texts)))


def publish(topic: str, content: bytes) -> bytes:
    """PUBLISH that is not acknowledged."""
    return packet(PUBLISH, _text(topic) + content)


def subscribe(topic: str) -> bytes:
    """SUBSCRIBE to one topic."""
    return packet(SUBSCRIBE, struct.pack(">H", 1) + _text(topic) + b"\0")


def connected(body: bytes) -> Connect:
    """What a CONNECT says.

    Raises:
        MqttError: it is malformed, of another version, or without user name and password.
    """
    try:
        name, at = _taken(body, 0)
        level, flags = body[at], body[at + 1]
        if name != "MQTT" or level != 4 or not flags & 0xC0 == 0xC0:
            raise MqttError("another version, or without user name and password")
        client, at = _taken(body, at + 4)
        if flags & 4:
            _, at = _taken(body, at)
            _, at = _taken(body, at)
        username, at = _taken(body, at)
        password, _ = _taken(body, at)
    except (IndexError, struct.error, UnicodeDecodeError):
        raise MqttError("CONNECT is malformed") from None
    return Connect(client, username, password)


def published(body: bytes) -> tuple[str, bytes]:
    """Topic and content of a PUBLISH of QoS 0.

    Raises:
        MqttError: it is malformed.
    """
    try:
        topic, at = _taken(body, 0)
    except (struct.error, UnicodeDecodeError):
        raise MqttError("PUBLISH is malformed") from None
    return topic, body[at:]


def subscribed(body: bytes) -> tuple[bytes, str]:
    """Identifier and first topic of a SUBSCRIBE.

    Raises:
        MqttError: it is malformed.
    """
    try:
        topic, _ = _taken(body, 2)
    except (struct.error, UnicodeDecodeError):
        raise MqttError("SUBSCRIBE is malformed") from None
    return body[:2], topic


async def read(reader: asyncio.StreamReader) -> Packet:
    """The next packet.

    Raises:
        MqttError: it is larger than a packet may be.
        OSError: the connection broke.
        asyncio.IncompleteReadError: it ended within a packet.
    """
    (first,) = await reader.readexactly(1)
    length = shift = 0
    while True:
        (byte,) = await reader.readexactly(1)
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
        if shift > 21:
            raise MqttError("a length of more than four bytes")
    if length > _LONGEST:
        raise MqttError(f"a packet of {length} bytes")
    return Packet(first >> 4, first & 15, await reader.readexactly(length))


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def _taken(body: bytes, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from(">H", body, at)
    at += 2
    if at + size > len(body):
        raise struct.error
    return body[at : at + size].decode(), at + size
