"""File systems of squashfs 4, by PySquashfsImage, with unpackers that are bounded."""

from __future__ import annotations

import importlib
import lzma
import struct
import zlib
from typing import TYPE_CHECKING, Any

from pytest_etsi.probes.image._budget import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["Squashfs", "bytes_used"]

_METHODS = {1: "gzip", 2: "lzma", 3: "lzo", 4: "xz", 5: "lz4", 6: "zstd"}
_BROKEN = (
    OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, ArithmeticError, RuntimeError, MemoryError,
    LookupError, EOFError, struct.error, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What the library raises on damaged file systems: whatever happens on the way."""


class Squashfs:
    """A file system in a file.

    Args:
        file: begins where the file system does.

    Raises:
        UnreadableError: it is damaged, or what reads it is missing, which is named then.
    """

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        head = file.read(96)
        method = _METHODS.get(struct.unpack_from("<H", head, 20)[0], "an unknown method")
        try:
            library: Any = importlib.import_module("PySquashfsImage").SquashFsImage
        except ImportError:
            raise UnreadableError("squashfs is not read: install pytest-etsi[image]") from None
        unpacker = _Bounded(method)
        # The library's reader, with an unpacker that never gives more than was asked for.
        reader: Any = type("Reader", (library,), {"_get_compressor": lambda _self, _method: unpacker})
        file.seek(0)
        try:
            self._image = reader(file, closefd=False)
        except UnreadableError:
            raise
        except _BROKEN as error:
            raise UnreadableError(f"it is damaged: {type(error).__name__}: {error}") from None

    def files(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """Path, size and content of every regular file.

        Raises:
            UnreadableError: it is damaged.
        """
        try:
            for one in self._image:
                if one.is_file:
                    yield one.path, one.size, _pieces(one)
        except _BROKEN as error:
            raise UnreadableError(f"it is damaged: {type(error).__name__}: {error}") from None


def bytes_used(head: bytes) -> int:
    """Bytes of a file system by its superblock; 0: it cannot be one.

    Args:
        head: at least 96 bytes.
    """
    if len(head) < 96:
        return 0
    block, log = struct.unpack_from("<I6xH", head, 12)
    major = struct.unpack_from("<H", head, 28)[0]
    used = int(struct.unpack_from("<Q", head, 40)[0])
    return used if major == 4 and 12 <= log <= 20 and block == 1 << log and used >= 96 else 0


def _pieces(one: Any) -> Iterator[bytes]:
    try:
        yield from one.iter_bytes()
    except UnreadableError:
        raise
    except _BROKEN as error:
        raise UnreadableError(f"it is damaged: {type(error).__name__}: {error}") from None


class _Bounded:
    """Unpacks a block, as the library asks for it, and no more of it than the block may have.

    Args:
        name: of the method.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def uncompress(self, data: bytes, _size: int, most: int) -> bytes:
        """The block."""
        if self.name == "gzip":
            return zlib.decompressobj().decompress(data, most)
        if self.name in ("xz", "lzma"):
            return lzma.LZMADecompressor(memlimit=1 << 27).decompress(data, most)
        library = {"zstd": "zstandard", "lz4": "lz4.block"}.get(self.name)
        if library is None:
            raise UnreadableError(f"squashfs with {self.name} is not read: unpack it, and name the folder")
        try:
            unpacks: Any = importlib.import_module(library)
        except ImportError:
            raise UnreadableError(
                f"squashfs with {self.name} is not read: install pytest-etsi[image]"
            ) from None
        if self.name == "zstd":
            # By a stream: what a frame says of its size would otherwise go before the bound.
            return bytes(unpacks.ZstdDecompressor(max_window_size=1 << 27).stream_reader(data).read(most))
        return bytes(unpacks.decompress(data, uncompressed_size=most))
