"""The first messages of TLS and DTLS: what the client offers and what the server takes (RFC 8446, 5246, 9147)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.tls.client_hello import (
    GROUP_NAMES,
    VERSION_NAMES,
    ClientHello,
    NotAClientHelloError,
    parse_client_hello,
)
from pytest_etsi.probes.tls.suites import suite_name

__all__ = ["Chosen", "Handshake", "chosen", "datagram_pieces", "first_message", "offered", "record_content"]

_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random number by which a ServerHello says that it is a HelloRetryRequest."""
_MOST_FRAGMENTS = 64
_MOST_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a ServerHello says."""

    version: str
    suite: str
    group: str = ""
    alpn: str = ""


def record_content(data: bytes) -> bytes | None:
    """The handshake messages in the TLS records at the beginning; None: it does not begin with one."""
    if not (len(data) >= 3 and data[0] == 22 and data[1] == 3 and data[2] <= 4):
        return None
    if 5 + int.from_bytes(data[3:5], "big") >= len(data):
        return data[5:]
    content = bytearray()
    at = 0
    # A change of the cipher spec stands between the parts of a handshake that begins again.
    while at + 5 <= len(data) and data[at] in {20, 22} and data[at + 1] == 3:
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        if data[at] == 22:
            content += data[at + 5 : at + 5 + length]
        at += 5 + length
    return bytes(content)


def datagram_pieces(data: bytes) -> list[tuple[int, int, int, bytes]]:
    """Type, length of the message, offset and content of the handshake fragments in the DTLS records of a datagram."""
    found = []
    at = 0
    while at + 25 <= len(data) and data[at] == 22 and data[at + 1] == 0xFE:
        epoch, length = struct.unpack_from(">3xH6xH", data, at)
        if epoch == 0:
            body = data[at + 13 : at + 13 + length]
            inner = 0
            while inner + 12 <= len(body):
                size = int.from_bytes(body[inner + 9 : inner + 12], "big")
                found.append(
                    (
                        body[inner],
                        int.from_bytes(body[inner + 1 : inner + 4], "big"),
                        int.from_bytes(body[inner + 6 : inner + 9], "big"),
                        body[inner + 12 : inner + 12 + size],
                    )
                )
                inner += 12 + size
        at += 13 + length
    return found


class Handshake:
    """Gathers the first message of one direction, which may come in several packets, in any order."""

    def __init__(self) -> None:
        self._parts: dict[int, bytes] = {}

    def add(self, offset: int, part: bytes) -> None:
        """Add bytes of the message (its header included), beginning at `offset`."""
        fits = len(self._parts) < _MOST_FRAGMENTS and offset + len(part) <= _MOST_BYTES
        if fits and len(part) > len(self._parts.get(offset, b"")):
            self._parts[offset] = part

    def clear(self) -> None:
        """Forget what was gathered: another message follows."""
        self._parts.clear()

    def message(self) -> bytes | None:
        """The whole first message; None: it is not whole yet."""
        content = bytearray()
        for offset, part in sorted(self._parts.items()):
            if offset > len(content):
                break
            content += part[len(content) - offset :]
        return first_message(bytes(content))


def first_message(content: bytes) -> bytes | None:
    """The first handshake message that counts; None: it is not whole.

    A HelloRetryRequest, which the real ServerHello follows, does not count.
    """
    while len(content) >= 4:
        end = 4 + int.from_bytes(content[1:4], "big")
        if end > len(content):
            return None
        if content[0] != 2 or content[6:38] != _RETRY:
            return content[:end]
        content = content[end:]
    return None


def offered(message: bytes, carrier: str) -> ClientHello | None:
    """The ClientHello that a message is; None: it is something else.

    Args:
        message: of the handshake, with its header.
        carrier: "tls", "dtls" or "quic".
    """
    try:
        return parse_client_hello(message, carrier=carrier[0])
    except NotAClientHelloError:
        return None


def chosen(message: bytes) -> Chosen | None:
    """What the ServerHello that a message is says; None: it is something else."""
    if message[0] != 2:
        return None
    try:
        return _server_hello(message[4:])
    except (struct.error, IndexError):
        return None


def _server_hello(body: bytes) -> Chosen:
    (version,) = struct.unpack_from(">H", body)
    at = 35 + body[34]
    (suite,) = struct.unpack_from(">H", body, at)
    at += 3
    group = alpn = ""
    if at + 2 <= len(body):
        end = min(len(body), at + 2 + struct.unpack_from(">H", body, at)[0])
        at += 2
        while at + 4 <= end:
            kind, length = struct.unpack_from(">HH", body, at)
            value = body[at + 4 : at + 4 + length]
            if kind == 43 and length == 2:
                version = int.from_bytes(value, "big")
            elif kind == 51 and length >= 2:
                number = int.from_bytes(value[:2], "big")
                group = GROUP_NAMES.get(number, f"0x{number:04x}")
            elif kind == 16 and length >= 3:
                alpn = printable(value[3 : 3 + value[2]], 255)
            at += 4 + length
    return Chosen(VERSION_NAMES.get(version, f"0x{version:04x}"), suite_name(suite), group, alpn)
