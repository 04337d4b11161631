"""File systems of JFFS2 of either byte order, read only (Linux, include/uapi/linux/jffs2.h).

Of what was written to a page of a file the latest counts; it is put together page by page. What was removed and is
still in the image is read, too; holes are left out.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pytest_etsi.probes.image._budget import UnreadableError
from pytest_etsi.probes.image._flash_files import Tree, inflated, unpacked_lzo
from pytest_etsi.probes.image._ubi import flash_crc
from pytest_etsi.probes.image._window import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from pytest_etsi.probes.image._flash_files import FlashFile

__all__ = ["Jffs2"]

_HEAD = 12
_NAME, _INODE = 0xE001, 0xE002
_ACCURATE = 0x2000
_ROOT = 1
_PAGE = 4096
_GAP = 2 << 20
"""Bytes without a node, after which it is over: more than a block of flash has."""
_PIECE = 1 << 20
_LONGEST = 1 << 17
_NONE, _ZERO, _RTIME, _COPY, _ZLIB, _LZO = 0, 1, 2, 4, 6, 7


class Jffs2:
    """A file system in a file.

    Attributes:
        used: bytes from its beginning to the end of its last node.
        damaged: nodes that are.

    Args:
        file: begins where the file system does.
        big_endian: its byte order.

    Raises:
        UnreadableError: it is none.
    """

    def __init__(self, file: BinaryIO, *, big_endian: bool) -> None:
        self._file, self._size = file, size_of(file)
        self._order = ">" if big_endian else "<"
        self._sign = b"\x19\x85" if big_endian else b"\x85\x19"
        self.used = self.damaged = self._headless = 0
        self._tree = Tree(_ROOT)
        if self._head(0) is None:
            raise UnreadableError("no node at its beginning")
        for place in self._places():
            self._take(place)

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Path and content of every regular file.

        Raises:
            UnreadableError: it is damaged.
        """
        for path, file in self._tree.regular():
            yield path, self._content(file)
        self._tree.require_whole(self.damaged)

    def _unpack(self, form: str, data: bytes, at: int = 0) -> tuple[int, ...]:
        return struct.unpack_from(self._order + form, data, at)

    def _places(self) -> Iterator[int]:
        """Where nodes may begin: nothing within a node is one, and none lies far behind the last."""
        at = 0
        while at < self._size and at - self.used <= _GAP:
            self._file.seek(at)
            data = self._file.read(_PIECE + 1)
            found = data.find(self._sign)
            while 0 <= found < _PIECE:
                if at + found >= self.used and not (at + found) % 4:
                    yield at + found
                found = data.find(self._sign, found + 2)
            at += _PIECE

    def _head(self, place: int) -> tuple[int, int] | None:
        """Kind and length of a node; None: none begins there."""
        self._file.seek(place)
        head = self._file.read(_HEAD)
        if len(head) < _HEAD or head[:2] != self._sign:
            return None
        kind, length, crc = self._unpack("HII", head, 2)
        if flash_crc(head[:8], inverted=False) != crc or length < _HEAD:
            return None
        return kind, length

    def _is_marked_old(self, place: int) -> bool:
        """Whether a node begins there that was marked, in its place, as no longer valid: its sum is that of before."""
        self._file.seek(place)
        head = self._file.read(_HEAD)
        if len(head) < _HEAD:
            return False
        kind, length, crc = self._unpack("HII", head, 2)
        before = head[:2] + struct.pack(self._order + "HI", kind | _ACCURATE, length)
        return flash_crc(before, inverted=False) == crc

    def _take(self, place: int) -> None:
        head = self._head(place)
        if head is None:
            self._headless += not self._is_marked_old(place)
            return
        # Behind the last node its sign stands by chance; between two it is that of one whose head is damaged.
        self.damaged, self._headless = self.damaged + self._headless, 0
        kind, length = head
        self._tree.count()
        self.used = max(self.used, min(self._size, place + length + -length % 4))
        if kind not in (_NAME, _INODE):
            return
        least = 40 if kind == _NAME else 68
        self._file.seek(place)
        node = self._file.read(min(length, _LONGEST))
        if len(node) < least or length > _LONGEST:
            self.damaged += 1
        elif kind == _NAME:
            parent, order, number = self._unpack("III", node, 12)
            if flash_crc(node[:32], inverted=False) != self._unpack("I", node, 32)[0]:
                self.damaged += 1
                return
            self._tree.name(parent, node[40 : 40 + node[28]], number, order)
        else:
            self._take_inode(place, node)

    def _take_inode(self, place: int, node: bytes) -> None:
        if flash_crc(node[:60], inverted=False) != self._unpack("I", node, 64)[0]:
            self.damaged += 1
            return
        number, order, mode = self._unpack("III", node, 12)
        size = self._unpack("I", node, 28)[0]
        begin, packed, length = self._unpack("III", node, 44)
        file = self._tree.file(number)
        if order > file.order:
            file.order, file.mode, file.size = order, mode, size
        if length:
            file.parts.setdefault(begin // _PAGE, []).append((order, place, begin, packed, length))

    def _content(self, file: FlashFile) -> Iterator[bytes]:
        whole = max(
            (begin + size for nodes in file.parts.values() for *_, begin, _, size in nodes), default=0
        )
        for page, nodes in sorted(file.parts.items()):
            start = page * _PAGE
            made = bytearray()
            for _, place, begin, packed, length in sorted(nodes):
                data = self._data(place, packed, length)
                end = begin - start + len(data)
                made.extend(bytes(max(0, end - len(made))))
                made[begin - start : end] = data
            yield bytes(made[: max(0, file.size - start)])
        if whole < file.size:
            raise UnreadableError("its end is missing: it is cut, or a hole")

    def _data(self, place: int, packed: int, length: int) -> bytes:
        """What a node has written."""
        if length > _LONGEST or packed > _LONGEST:
            raise UnreadableError("a node of it cannot be right")
        self._file.seek(place)
        node = self._file.read(68 + packed)
        method, data = node[56], node[68:]
        if len(data) != packed or flash_crc(data, inverted=False) != self._unpack("I", node, 60)[0]:
            raise UnreadableError("a node of it is damaged")
        if method == _ZERO:
            return b""
        if method in (_NONE, _COPY):
            return data[:length]
        if method == _ZLIB:
            made = inflated(data, length, raw=False)
        elif method == _LZO:
            made = unpacked_lzo(data, length)
        elif method == _RTIME:
            made = _rtime(data, length)
        else:
            raise UnreadableError(f"nodes of it are packed by a method that is not read ({method})")
        if len(made) != length:
            raise UnreadableError("a node of it is damaged: it is too short")
        return made


def _rtime(data: bytes, length: int) -> bytes:
    """What was packed by "rtime": each byte, and how much of what followed the last such byte follows again."""
    last, made, at = [0] * 256, bytearray(), 0
    while len(made) < length and at + 1 < len(data):
        value, again = data[at], data[at + 1]
        at += 2
        made.append(value)
        back, last[value] = last[value], len(made)
        if again:
            if back >= len(made):
                made += b"\0" * again
                continue
            for place in range(back, back + again):
                made.append(made[place] if place < len(made) else 0)
    return bytes(made[:length])
