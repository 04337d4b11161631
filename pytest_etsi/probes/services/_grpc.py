"""gRPC, by HTTP/2 with the content type of its answers (RFC 9113, 3.4)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.probes.services._model import Service
    from pytest_etsi.probes.services._talk import Talk

__all__ = ["answers"]

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_SETTINGS, _HEADERS = 4, 1


def answers(talk: Talk) -> Service | None:
    """Begin HTTP/2 and ask the service for health that gRPC servers may have."""
    request = _PREFACE + _frame(_SETTINGS, 0, 0, b"") + _frame(_HEADERS, 0x05, 1, _request())
    answer = talk.exchange(
        request, lambda seen: _HEADERS in [kind for kind, _ in _frames(seen)], alpn=("h2",)
    )
    frames = list(_frames(answer))
    if not frames or frames[0][0] != _SETTINGS:
        return None
    # Header values are either plain or in the Huffman code of RFC 7541, of which this is "application/grpc".
    said = b"".join(body for kind, body in frames if kind == _HEADERS)
    if b"application/grpc" in said or _HUFFMAN_GRPC in said:
        return talk.service("grpc", (), "HTTP/2, application/grpc")
    return talk.service("http2", (), "HTTP/2", note="HTTP/2 without HTTP/1.1 before it; not seen to be gRPC")


# "application/grpc" by the table of RFC 7541, appendix B; the last three bits are the beginning of what may follow.
_HUFFMAN_GRPC = bytes.fromhex("1d75d0620d263d4c4d65")


def _request() -> bytes:
    """Header block: POST to the health service, no dynamic table, nothing in Huffman code (RFC 7541, 6.2.2)."""

    def literal(name: bytes, value: bytes) -> bytes:
        return b"\x00" + bytes((len(name),)) + name + bytes((len(value),)) + value

    return (
        b"\x83\x86"  # :method POST, :scheme http
        + literal(b":path", b"/grpc.health.v1.Health/Check")
        + literal(b":authority", b"device")
        + literal(b"content-type", b"application/grpc")
        + literal(b"te", b"trailers")
    )


def _frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    return struct.pack("!I", len(body))[1:] + bytes((kind, flags)) + struct.pack("!I", stream) + body


def _frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each whole frame; nothing from where the data is not HTTP/2."""
    position = 0
    while len(data) - position >= 9:
        length = int.from_bytes(data[position : position + 3], "big")
        kind = data[position + 3]
        if length > 16384 or kind > 9 or position + 9 + length > len(data):
            return
        if position == 0 and (kind != _SETTINGS or length % 6 or data[5:9] != bytes(4)):
            return
        yield kind, data[position + 9 : position + 9 + length]
        position += 9 + length
