"""File systems of UBIFS, read only (Linux, fs/ubifs/ubifs-media.h).

The index is not needed: of all nodes of a key the one that was written last counts, as it does when a mount replays the
journal. What was removed and is still in the image is read, too; holes are left out.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pytest_etsi.probes.image._budget import UnreadableError
from pytest_etsi.probes.image._flash_files import Tree, inflated, unpacked_lzo, unpacked_zstd
from pytest_etsi.probes.image._ubi import flash_crc
from pytest_etsi.probes.image._window import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from pytest_etsi.probes.image._flash_files import FlashFile

__all__ = ["Ubifs"]

_SIGN = b"\x31\x18\x10\x06"
_HEAD = 24
_INODE, _DATA, _NAME, _SUPER = 0, 1, 2, 6
_ROOT = 1
_BLOCK = 4096
_ENCRYPTED = 0x10
_LONGEST = 2 * _BLOCK + 512
"""Bytes of a node of those that are read."""
_PIECE = 1 << 20
_UNPACK = {1: unpacked_lzo, 2: lambda data, size: inflated(data, size, raw=True), 3: unpacked_zstd}


class Ubifs:
    """A file system in a file.

    Attributes:
        used: bytes that it says to have.

    Args:
        file: begins where the file system does.

    Raises:
        UnreadableError: it is none, damaged, or in a form that is not read.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._end, size = file, 0, size_of(file)
        head = self._node(0)
        if head is None or head[20] != _SUPER or len(head) < 60:
            raise UnreadableError("no superblock")
        flags, _, block, count = struct.unpack_from("<IIII", head, 28)
        self.used = min(size, block * count)
        self._cut = size < block * count
        self.damaged = 0
        if flags & _ENCRYPTED:
            raise UnreadableError("it is encrypted")
        self._tree = Tree(_ROOT)
        for place in self._places():
            if place >= self._end:  # what is in a node is none
                self._take(place)

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Path and content of every regular file.

        Raises:
            UnreadableError: it is damaged.
        """
        for path, file in self._tree.regular():
            yield path, self._content(file)
        self._tree.require_whole(self.damaged)
        if self._cut or _ROOT not in self._tree.files:
            raise UnreadableError(f"it is cut: {self.used} bytes of it are there")

    def _places(self) -> Iterator[int]:
        """Where nodes may begin."""
        at = 0
        while at < self.used:
            self._file.seek(at)
            data = self._file.read(_PIECE + 4)
            found = data.find(_SIGN)
            while 0 <= found < _PIECE:
                if not (at + found) % 8:
                    yield at + found
                found = data.find(_SIGN, found + 4)
            at += _PIECE

    def _node(self, place: int) -> bytes | None:
        """A node of those that are read, whole; empty: of another kind; None: it is damaged."""
        self._file.seek(place)
        head = self._file.read(_HEAD)
        if len(head) < _HEAD or head[:4] != _SIGN:
            return None
        length = struct.unpack_from("<I", head, 16)[0]
        if head[20] not in (_INODE, _DATA, _NAME, _SUPER):
            self._end = place + _HEAD
            return b""
        if not _HEAD < length <= _LONGEST:
            return None
        node = head + self._file.read(length - _HEAD)
        good = len(node) == length and flash_crc(node[8:]) == struct.unpack_from("<I", node, 4)[0]
        self._end = place + length if good else self._end
        return node if good else None

    def _take(self, place: int) -> None:
        node = self._node(place)
        if node is None:
            self.damaged += 1
            return
        if len(node) < 48:
            return
        self._tree.count()
        order = struct.unpack_from("<Q", node, 8)[0]
        number, rest = struct.unpack_from("<II", node, _HEAD)
        if node[20] == _INODE and len(node) >= 160:
            file = self._tree.file(number)
            if order > file.order:
                file.order, file.size = order, struct.unpack_from("<Q", node, 48)[0]
                file.mode = struct.unpack_from("<I", node, 104)[0]
        elif node[20] == _DATA:
            parts, block = self._tree.file(number).parts, rest & 0x1FFFFFFF
            if block not in parts or parts[block][0] < order:
                parts[block] = (order, place)
        elif node[20] == _NAME and len(node) > 56:
            inode, length = struct.unpack_from("<Q2xH", node, 40)
            self._tree.name(number, node[56 : 56 + length], inode, order)

    def _content(self, file: FlashFile) -> Iterator[bytes]:
        for block, (_, place) in sorted(file.parts.items()):
            data = self._block(place)
            if file.order < 0 or block * _BLOCK < file.size:
                yield data if file.order < 0 else data[: file.size - block * _BLOCK]

    def _block(self, place: int) -> bytes:
        node = self._node(place)
        if not node:
            raise UnreadableError("a block of it is damaged")
        size, method = struct.unpack_from("<IH", node, 40)
        if size > _BLOCK:
            raise UnreadableError("a block of it cannot be right")
        packed = node[48:]
        if method == 0:
            return packed[:size]
        unpack = _UNPACK.get(method)
        if unpack is None:
            raise UnreadableError(f"blocks of it are packed by a method that is not read ({method})")
        data = unpack(packed, size)
        if len(data) != size:
            raise UnreadableError("a block of it is damaged: it is too short")
        return data
