"""Compressed streams: gzip, xz, lzma, bzip2 and zstd, unpacked piece by piece."""

from __future__ import annotations

import bz2
import importlib
import lzma
import re
import zlib
from typing import TYPE_CHECKING, Any

from pytest_etsi.probes.image._budget import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.probes.image._window import Reads

__all__ = ["SIGNS", "Stream"]

SIGNS = {
    "gzip": re.compile(rb"\x1f\x8b\x08[\x00-\x1f]"),
    "xz": re.compile(rb"\xfd7zXZ\x00\x00"),
    "bzip2": re.compile(rb"BZh[1-9]1AY&SY"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd"),
    # Nothing but likely parameters tells such a stream: properties, a dictionary of whole size, a size below 4 GiB.
    "lzma": re.compile(
        rb"\x5d\x00\x00(?:[\x01\x02\x04\x08\x10\x20\x40\x80\x00][\x00-\x04])"
        rb"(?:\xff{8}|[\x00-\xff]{4}\x00{4})",
        re.DOTALL,
    ),
}
"""By what the kinds begin."""

_IN, _OUT = 1 << 16, 1 << 18
_MEMORY = 1 << 27
_DAMAGED = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)


class Stream:
    """A compressed stream while it is unpacked.

    Args:
        kind: a key of `SIGNS`.
        source: gives it, and whatever is behind it.

    Attributes:
        used: compressed bytes that belong to it, once it has ended; 0: that cannot be told.
        came: bytes that came out of it.
    """

    def __init__(self, kind: str, source: Reads) -> None:
        self._kind, self._source = kind, source
        self._read = self.used = self.came = 0

    def pieces(self) -> Iterator[bytes]:
        """What comes out of it.

        Raises:
            UnreadableError: it is damaged, or cut, or what unpacks it is missing, which is named then.
        """
        steps = {"gzip": self._deflated, "zstd": self._zstd}.get(self._kind, self._kept)
        try:
            for piece in steps():
                self.came += len(piece)
                yield piece
        except _DAMAGED as error:
            raise UnreadableError(f"it is damaged after {self.came} unpacked bytes: {error}") from None

    def _more(self) -> bytes:
        data = self._source.read(_IN)
        self._read += len(data)
        if not data:
            raise UnreadableError(f"it is cut after {self.came} unpacked bytes")
        return data

    def _deflated(self) -> Iterator[bytes]:
        unpacker, data = zlib.decompressobj(31), b""
        while not unpacker.eof:
            yield unpacker.decompress(data or self._more(), _OUT)
            data = unpacker.unconsumed_tail
        self.used = self._read - len(unpacker.unused_data)

    def _kept(self) -> Iterator[bytes]:
        """By an unpacker that keeps what it has not used yet."""
        unpacker: Any = bz2.BZ2Decompressor()
        if self._kind != "bzip2":
            form = lzma.FORMAT_XZ if self._kind == "xz" else lzma.FORMAT_ALONE
            unpacker = lzma.LZMADecompressor(form, memlimit=_MEMORY)
        while not unpacker.eof:
            yield unpacker.decompress(self._more() if unpacker.needs_input else b"", _OUT)
        self.used = self._read - len(unpacker.unused_data)

    def _zstd(self) -> Iterator[bytes]:
        try:
            zstandard = importlib.import_module("zstandard")
        except ImportError:
            raise UnreadableError("zstd is not read: install pytest-etsi[image]") from None
        try:
            with zstandard.ZstdDecompressor(max_window_size=_MEMORY).stream_reader(
                self._source, closefd=False
            ) as reader:
                while piece := reader.read(_OUT):
                    yield piece
        except zstandard.ZstdError as error:
            raise UnreadableError(f"it is damaged after {self.came} unpacked bytes: {error}") from None
