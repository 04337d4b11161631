"""A part of a file as a file of its own, and what is unpacked as one that can be gone back in."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.probes.image._budget import Account

__all__ = ["Reads", "Window", "in_pieces", "kept", "size_of"]

_IN_MEMORY = 4 << 20
_PIECE = 1 << 18


class Reads(Protocol):
    """Something that gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; none at the end."""


class Window(io.RawIOBase):
    """Some bytes of a file that can be gone back in.

    Args:
        file: the file; it is not closed.
        start: first byte of it.
        size: bytes that belong to the window.
    """

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size = file, start, max(0, size)
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place.

        Raises:
            ValueError: it lies before the beginning.
        """
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a place before the beginning")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Bytes from here on."""
        left = max(0, self._size - self._at)
        wanted = left if size is None or size < 0 else min(size, left)
        self._file.seek(self._start + self._at)
        data = self._file.read(wanted)
        self._at += len(data)
        return data

    def readinto(self, buffer: object) -> int:
        """Bytes from here on, into a buffer."""
        view = memoryview(cast("bytearray", buffer))
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


def size_of(file: BinaryIO) -> int:
    """Bytes of a file that can be gone back in."""
    return file.seek(0, io.SEEK_END)


def kept(pieces: Iterable[bytes], account: Account) -> BinaryIO:
    """What comes in pieces, as a file without a name; on the disk, where it is large.

    Raises:
        SpentError: it is more than the account has.
    """
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - the caller closes it
    try:
        for piece in pieces:
            account.take(len(piece))
            file.write(piece)
    except BaseException:
        file.close()
        raise
    return file


def in_pieces(source: Reads) -> Iterable[bytes]:
    """All that a source gives."""
    while piece := source.read(_PIECE):
        yield piece
