"""SSH before encryption: identification lines, packets, lists and numbers (RFC 4253), read within limits."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import receive, send

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from pytest_etsi.probes._net import Deadline

__all__ = [
    "KEXINIT",
    "USUAL_CLIENT",
    "Broken",
    "Fields",
    "Wire",
    "identification",
    "kexinit",
    "mpint",
    "packet",
    "split_banner",
    "string",
]

USUAL_CLIENT = "OpenSSH_9.2p1"
"""Under this name servers are asked that turned away a client whose name they do not know."""
KEXINIT = 20
MAX_PACKET = bounds.SSH.most
_MAX_BANNER_LINES = 64
_DISCONNECT = 1
_SKIPPED = frozenset({2, 3, 4})  # IGNORE, UNIMPLEMENTED, DEBUG
_MAX_SKIPPED = 50


class Broken(Exception):  # noqa: N818 - not our error but what the server did
    """No further packet; says why in one phrase.

    Attributes:
        end: "closed", "reset", "timeout", "limit", "malformed" or "disconnect".
    """

    def __init__(self, end: str, text: str = "") -> None:
        super().__init__(text or _ENDS.get(end, end))
        self.end = end


_ENDS = {
    "closed": "the server closed the connection",
    "reset": "the server reset the connection",
    "timeout": "no answer in time",
    "limit": "an answer without end",
    "malformed": "a malformed packet",
}


class Wire:
    """The unencrypted beginning of a connection; reads `MAX_PACKET` bytes at most."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self.deadline = deadline
        self.data = b""
        self._position: int | None = None  # behind the identification line and the packets taken so far

    @property
    def banner(self) -> bytes:
        """The identification line, as far as it has come."""
        return split_banner(self.data)[0]

    def send(self, data: bytes) -> bool:
        """Send; False when the server is gone."""
        return send(self._connection, data, self.deadline)

    def packet(self) -> bytes:
        """Payload of the next packet that carries something.

        Raises:
            Broken: none comes, it is malformed, or the server says that it disconnects.
        """
        for _ in range(_MAX_SKIPPED):
            payload = self._next()
            if not payload:
                raise Broken("malformed")
            if payload[0] == _DISCONNECT:
                raise Broken("disconnect", f"the server disconnects: {_reason(payload)!r}")
            if payload[0] not in _SKIPPED:
                return payload
        raise Broken("limit")

    def _next(self) -> bytes:
        if (taken := self._take(self.data)) is None:
            more, end = receive(
                self._connection,
                self.deadline,
                limit=max(1, MAX_PACKET - len(self.data)),
                enough=lambda seen: self._take(self.data + seen) is not None,
            )
            self.data += more
            taken = self._take(self.data)
            if taken is None:
                raise Broken("limit" if end == "enough" else end)
        self._position, payload = taken
        return payload

    def _take(self, data: bytes) -> tuple[int, bytes] | None:
        """Where the next packet ends, and its payload; None while it is not whole."""
        start = self._position
        if start is None:
            banner, rest = split_banner(data)
            if not banner:
                return None
            start = len(data) - len(rest)
        if len(data) - start < 6:
            return None
        length, padding = struct.unpack_from("!IB", data, start)
        if not 2 <= length <= MAX_PACKET:
            return len(data), b""
        end = start + 4 + length
        return None if len(data) < end else (end, data[start + 5 : max(start + 5, end - padding)])


def split_banner(data: bytes) -> tuple[bytes, bytes]:
    """The identification line and what follows it; a server may say other lines first (RFC 4253, 4.2)."""
    rest = data
    for _ in range(_MAX_BANNER_LINES):
        line, separator, rest = rest.partition(b"\n")
        if line.startswith(b"SSH-"):
            return line.rstrip(b"\r"), rest if separator else b""
        if not separator:
            break
    return b"", b""


def identification(client: str = "") -> bytes:
    """The line by which a client identifies itself (RFC 4253, 4.2): by this name, or by one of our own."""
    return f"SSH-2.0-{client or 'probe'}\r\n".encode()


class Fields:
    """The fields of a payload, one after the other (RFC 4251, 5)."""

    def __init__(self, payload: bytes, position: int = 1) -> None:
        self._payload = payload
        self._position = position

    def string(self) -> bytes:
        """The next string or list.

        Raises:
            Broken: it is longer than the payload.
        """
        if self._position + 4 > len(self._payload):
            raise Broken("malformed")
        (length,) = struct.unpack_from("!I", self._payload, self._position)
        start = self._position + 4
        if start + length > len(self._payload):
            raise Broken("malformed")
        self._position = start + length
        return self._payload[start : self._position]

    def number(self) -> int:
        """The next multiple-precision integer; raises as `string`."""
        return int.from_bytes(self.string(), signed=True)


def string(data: bytes) -> bytes:
    """A string with its length."""
    return struct.pack("!I", len(data)) + data


def mpint(number: int) -> bytes:
    """A positive multiple-precision integer."""
    return string(number.to_bytes(number.bit_length() // 8 + 1))


def packet(payload: bytes) -> bytes:
    """A packet without encryption."""
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return struct.pack("!IB", len(payload) + padding + 1, padding) + payload + b"\0" * padding


def kexinit(lists: Iterable[Iterable[str]]) -> bytes:
    """A KEXINIT packet with eight lists; those of languages are added."""
    names = [",".join(one).encode() for one in lists] + [b"", b""]
    return packet(bytes([KEXINIT]) + os.urandom(16) + b"".join(map(string, names)) + b"\0" * 5)


def _reason(payload: bytes) -> str:
    from pytest_etsi.probes.observation import printable

    try:
        return printable(Fields(payload, 5).string(), 120)
    except Broken:
        return ""
