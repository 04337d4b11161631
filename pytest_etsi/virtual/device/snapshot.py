"""The picture that the camera sees: a small PNG with a bar that moves as time passes."""

from __future__ import annotations

import struct
import zlib

__all__ = ["png"]

_WIDTH, _HEIGHT = 160, 120


def png(now: float) -> bytes:
    """The picture at `now`, in seconds."""
    bar = int(now * 10) % _WIDTH
    rows = bytearray()
    for y in range(_HEIGHT):
        rows.append(0)
        rows += bytes(255 if abs(x - bar) < 3 else (x + y) * 255 // (_WIDTH + _HEIGHT) for x in range(_WIDTH))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 1)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
