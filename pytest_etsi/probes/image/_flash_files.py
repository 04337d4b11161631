"""Files of a file system for raw flash, put together from the nodes that it has written one after the other."""

from __future__ import annotations

import importlib
import stat
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.probes.image._budget import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["MOST_NODES", "FlashFile", "Tree", "inflated", "unpacked_lzo", "unpacked_zstd"]

MOST_NODES = 600_000
_DEEPEST = 64


@dataclass(slots=True)
class FlashFile:
    """What the nodes tell of one file.

    Attributes:
        mode: kind and rights; 0: not told.
        order: of the node that told it last.
        size: bytes that it says to have.
        parts: place of a node by what it holds.
    """

    mode: int = 0
    order: int = -1
    size: int = 0
    parts: dict[Any, Any] = field(default_factory=dict)


class Tree:
    """Names and files.

    Args:
        root: number of the uppermost directory.
    """

    def __init__(self, root: int) -> None:
        self._root = root
        self._names: dict[tuple[int, bytes], tuple[int, int]] = {}
        self.files: dict[int, FlashFile] = {}
        self._nodes = 0

    def count(self) -> None:
        """Count a node.

        Raises:
            UnreadableError: there are too many.
        """
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise UnreadableError(f"it has more than {MOST_NODES} nodes")

    def file(self, number: int) -> FlashFile:
        """The file of a number.

        Raises:
            UnreadableError: there are too many.
        """
        if number not in self.files and len(self.files) >= bounds.IMAGE.items:
            raise UnreadableError(f"it has more than {bounds.IMAGE.items} files")
        return self.files.setdefault(number, FlashFile())

    def name(self, parent: int, name: bytes, number: int, order: int) -> None:
        """A name in a directory, which is what was written last of it; number 0: it was removed."""
        kept = self._names.get((parent, name))
        if kept is None or kept[1] < order:
            self._names[parent, name] = (number, order)

    def require_whole(self, damaged: int) -> None:
        """Tell what is missing; called when everything else was read.

        Args:
            damaged: nodes that are.

        Raises:
            UnreadableError: something is.
        """
        if damaged:
            raise UnreadableError(f"{damaged} of its nodes are damaged")
        if lost := sum(bool(number) and number not in self.files for number, _ in self._names.values()):
            raise UnreadableError(f"{lost} of its files are missing: it is cut, or damaged")

    def regular(self) -> Iterator[tuple[str, FlashFile]]:
        """Path and file of every regular one; those without a name, which were removed, have their number."""
        parents: dict[int, tuple[int, bytes]] = {}
        for (parent, name), (number, _) in self._names.items():
            if number:
                parents.setdefault(number, (parent, name))
        for number, file in self.files.items():
            if stat.S_ISREG(file.mode) or (not file.mode and file.parts):
                yield self._path(number, parents), file

    def _path(self, number: int, parents: dict[int, tuple[int, bytes]]) -> str:
        names: list[str] = []
        at = number
        while at in parents and at != self._root and len(names) < _DEEPEST:
            at, name = parents[at]
            names.append(name.decode("utf-8", "replace"))
        return "/".join(reversed(names)) or f"a file without a name, {number}"


# What blocks are packed by ----------------------------------------------------------------------------------


def inflated(data: bytes, size: int, *, raw: bool) -> bytes:
    """A block of zlib, with or without its head, and no more of it than it may have.

    Raises:
        UnreadableError: the block is damaged.
    """
    try:
        return zlib.decompressobj(-15 if raw else 15).decompress(data, size)
    except zlib.error as error:
        raise UnreadableError(f"a block of it is damaged: {error}") from None


def unpacked_lzo(data: bytes, size: int) -> bytes:
    """A block of LZO1X; a byte of it never gives more than 255."""
    made: Any = _library("lzallright", "LZO").LZOCompressor
    return _unpacked(lambda: made.decompress(data, size), size)


def unpacked_zstd(data: bytes, size: int) -> bytes:
    """A block of zstd."""
    made: Any = _library("zstandard", "zstd").ZstdDecompressor(max_window_size=1 << 27)
    return _unpacked(lambda: made.stream_reader(data).read(size), size)


def _library(name: str, what: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UnreadableError(f"{what} is not read: install pytest-etsi[image]") from None


def _unpacked(unpack: Callable[[], Any], size: int) -> bytes:
    try:
        return bytes(unpack())[:size]
    except Exception as error:  # noqa: BLE001 - whatever a library makes of a damaged block
        raise UnreadableError(f"a block of it is damaged: {type(error).__name__}: {error}") from None
