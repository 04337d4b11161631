"""The picture that the camera sees: a small PNG with a bar that moves as time passes."""

from __future__ import annotations

import struct
import zlib

__all__ = ["png"]

_WIDTH, _HEIGHT = 160, 120
_GREYS = bytes(step * 255 // (_WIDTH + _HEIGHT) for step in range(_WIDTH + _HEIGHT))
"""Along a row, from its number on: it gets brighter to the right and downwards."""
_HALF = 2
"""Points of the bar on either side of its middle."""


def png(now: float) -> bytes:
    """The picture at `now`, in seconds."""
    bar = int(now * 10) % _WIDTH
    left, right = max(0, bar - _HALF), min(_WIDTH, bar + _HALF + 1)
    rows = bytearray()
    for y in range(_HEIGHT):
        row = bytearray(_GREYS[y : y + _WIDTH])
        row[left:right] = b"\xff" * (right - left)
        rows += b"\0" + row
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 1)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
