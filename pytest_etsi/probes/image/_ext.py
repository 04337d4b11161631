"""File systems ext2, ext3 and ext4, read only, as far as a search needs them: names, and what is in regular files."""

from __future__ import annotations

import stat
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.probes.image._budget import UnreadableError
from pytest_etsi.probes.image._window import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["ExtFile", "ExtFileSystem"]

_ROOT = 2
_EXTENTS, _INLINE, _ENCRYPTED = 0x80000, 0x10000000, 0x800
_COMPRESSED = 0x4
_64BIT, _META_BG = 0x80, 0x10
_DEEPEST = 64
_INODE_PARTS = struct.Struct("<HHI")
_DIRECT = 12


@dataclass(frozen=True, slots=True)
class _Inode:
    number: int
    mode: int
    size: int
    flags: int
    blocks: bytes


class ExtFile:
    """A regular file; holes are left out, and are nothing that could be searched."""

    def __init__(self, system: ExtFileSystem, inode: _Inode) -> None:
        self.size = inode.size
        self._pieces = system.content(inode)

    def pieces(self) -> Iterator[bytes]:
        """What is in it.

        Raises:
            UnreadableError: it is damaged, or in a form that is not read.
        """
        return self._pieces


class ExtFileSystem:
    """A file system in a file.

    Args:
        file: begins where the file system does.

    Raises:
        UnreadableError: it is none, damaged, or in a form that is not read.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._whole = file, size_of(file)
        head = self._at(1024, 1024)
        if struct.unpack_from("<H", head, 0x38)[0] != 0xEF53:
            raise UnreadableError("no superblock")
        self._inodes, blocks = struct.unpack_from("<II", head, 0)
        shift = struct.unpack_from("<I", head, 0x18)[0]
        self._per_group, self._inodes_per_group = struct.unpack_from("<I4xI", head, 0x20)
        first = struct.unpack_from("<I", head, 0x14)[0]
        incompatible = struct.unpack_from("<I", head, 0x60)[0]
        self._inode_size = struct.unpack_from("<H", head, 0x58)[0] or 128
        if shift > 6 or not self._inodes_per_group or not self._per_group or self._inode_size < 128:
            raise UnreadableError("a superblock that cannot be right")
        if incompatible & _META_BG:
            raise UnreadableError("its form (meta_bg) is not read")
        self._block = 1024 << shift
        self._wide = struct.unpack_from("<H", head, 0xFE)[0] if incompatible & _64BIT else 32
        self._groups = (first + 1) * self._block
        self.size = blocks * self._block
        """Bytes that it says to have."""
        self._directories: set[int] = set()

    def files(
        self, number: int = _ROOT, path: bytes = b"", depth: int = 0
    ) -> Iterator[tuple[bytes, ExtFile | None, str]]:
        """Path and content of every regular file; where one cannot be read, None and why."""
        if depth > _DEEPEST or number in self._directories:
            return
        self._directories.add(number)
        for name, child in self._entries(self._inode(number)):
            inside = path + b"/" + name
            try:
                inode = self._inode(child)
            except UnreadableError as error:
                yield inside, None, str(error)
                continue
            if stat.S_ISDIR(inode.mode):
                try:
                    yield from self.files(child, inside, depth + 1)
                except UnreadableError as error:
                    yield inside, None, str(error)
            elif stat.S_ISREG(inode.mode):
                yield inside, ExtFile(self, inode), ""

    def content(self, inode: _Inode) -> Iterator[bytes]:
        """What is in a file or directory, with holes left out.

        Raises:
            UnreadableError: it is damaged, or in a form that is not read.
        """
        if inode.flags & (_ENCRYPTED | _COMPRESSED):
            raise UnreadableError("it is encrypted or compressed by the file system")
        if inode.flags & _INLINE:
            yield inode.blocks[: min(60, inode.size)]
            if inode.size > 60:
                raise UnreadableError("more of it lies in an attribute, which is not read")
            return
        for logical, block, count in self._extents(inode):
            begin = logical * self._block
            length = min(count * self._block, inode.size - begin)
            while length > 0:
                piece = self._at(block * self._block, min(length, 1 << 18))
                yield piece
                block += len(piece) // self._block
                length -= len(piece)

    def _entries(self, inode: _Inode) -> Iterator[tuple[bytes, int]]:
        if not stat.S_ISDIR(inode.mode):
            raise UnreadableError("a directory that is none")
        for piece in self.content(inode):
            if inode.flags & _INLINE:
                piece = piece[4:]  # the number of its parent comes first
            at = 0
            while at + 8 <= len(piece):
                child, length, named = struct.unpack_from("<IHB", piece, at)
                if length < 8 or length % 4 or named + 8 > length:
                    raise UnreadableError("a damaged directory")
                name = piece[at + 8 : at + 8 + named]
                if child and name not in (b".", b"..", b""):
                    yield name, child
                at += length

    def _inode(self, number: int) -> _Inode:
        if not 0 < number <= self._inodes:
            raise UnreadableError(f"there is no inode {number}")
        group, index = divmod(number - 1, self._inodes_per_group)
        descriptor = self._at(self._groups + group * self._wide, self._wide)
        table = struct.unpack_from("<I", descriptor, 8)[0]
        if self._wide >= 64:
            table |= struct.unpack_from("<I", descriptor, 0x28)[0] << 32
        raw = self._at(table * self._block + index * self._inode_size, 128)
        mode, _, low = _INODE_PARTS.unpack_from(raw, 0)
        flags = struct.unpack_from("<I", raw, 0x20)[0]
        high = struct.unpack_from("<I", raw, 0x6C)[0] if stat.S_ISREG(mode) else 0
        return _Inode(number, mode, low | high << 32, flags, raw[0x28 : 0x28 + 60])

    def _extents(self, inode: _Inode) -> Iterator[tuple[int, int, int]]:
        """First block of the file, first block of the file system, and number of blocks, of what is written."""
        if inode.flags & _EXTENTS:
            yield from self._tree(inode.blocks, 0)
            return
        whole = -(-inode.size // self._block)
        numbers = struct.unpack("<15I", inode.blocks)
        logical = 0
        for block in numbers[:_DIRECT]:
            if block and logical < whole:
                yield logical, block, 1
            logical += 1
        for level, block in enumerate(numbers[_DIRECT:], start=1):
            if logical < whole:
                yield from self._mapped(block, level, logical, whole)
            logical += (self._block // 4) ** level

    def _mapped(self, block: int, level: int, logical: int, whole: int) -> Iterator[tuple[int, int, int]]:
        if not block:
            return
        each = (self._block // 4) ** (level - 1)
        for number in struct.unpack(f"<{self._block // 4}I", self._at(block * self._block, self._block)):
            if logical >= whole:
                return
            if number and level == 1:
                yield logical, number, 1
            elif number:
                yield from self._mapped(number, level - 1, logical, whole)
            logical += each

    def _tree(self, node: bytes, depth: int) -> Iterator[tuple[int, int, int]]:
        magic, count, _, levels = struct.unpack_from("<HHHH", node, 0)
        if magic != 0xF30A or depth > 6 or 12 + count * 12 > len(node):
            raise UnreadableError("a damaged tree of extents")
        for number in range(count):
            at = 12 + number * 12
            if levels:
                low, high = struct.unpack_from("<IH", node, at + 4)
                yield from self._tree(self._at((low | high << 32) * self._block, self._block), depth + 1)
                continue
            logical, length, high, low = struct.unpack_from("<IHHI", node, at)
            if length <= 0x8000:  # beyond it, space that is reserved and not written
                yield logical, low | high << 32, length

    def _at(self, place: int, size: int) -> bytes:
        if place + size > self._whole:
            raise UnreadableError(f"it is cut: byte {place} is not there")
        self._file.seek(place)
        return self._file.read(size)
