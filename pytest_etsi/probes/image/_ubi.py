"""Volumes of UBI, as an image for raw flash has them (Linux, drivers/mtd/ubi/ubi-media.h)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.probes.image._budget import UnreadableError
from pytest_etsi.probes.image._window import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["Ubi", "flash_crc"]

_BLOCK_SIGN, _VOLUME_SIGN = b"UBI#", b"UBI!"
_HEAD = 64
_LAYOUT = 0x7FFFEFFF
_INTERNAL = 0x7FFFF000 - 4096
_RECORD = 172
_STATIC = 2
_SMALLEST, _LARGEST = 4096, 8 << 20
_MOST_BLOCKS = 1 << 17
_SPREAD = 8
"""Times as many blocks as are there, to which the numbers of a volume may reach: beyond that they are made up."""


def flash_crc(data: bytes, *, inverted: bool = True) -> int:
    """The sum that UBI and UBIFS (inverted) or JFFS2 (not) keep of their heads."""
    return (zlib.crc32(data) if inverted else zlib.crc32(data, 0xFFFFFFFF)) ^ 0xFFFFFFFF


@dataclass
class _Volume:
    number: int
    static: bool
    blocks: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    """Number in the volume -> order of writing, place, bytes that belong to it, and their sum (0: not kept)."""


class Ubi:
    """An image in a file.

    Attributes:
        used: bytes from its beginning to the end of the last block.

    Args:
        file: begins where the image does.

    Raises:
        UnreadableError: it is none, or damaged.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._size = file, size_of(file)
        self._volumes: dict[int, _Volume] = {}
        self._damaged = 0
        first = self._at(0, _HEAD)
        if not _is_sound(first, _BLOCK_SIGN):
            raise UnreadableError("the head of its first block is damaged")
        self._head_at, self._data_at = struct.unpack_from(">II", first, 16)
        self._block = self._block_size()
        if self._block != self._size and self._block & (self._block - 1):
            raise UnreadableError(
                f"its blocks are {self._block} bytes apart, which is no power of two: there seem to be spare bytes "
                "(OOB) behind each page, as a reader of NAND flash gives them; read it without them"
            )
        if not _HEAD <= self._head_at < self._data_at < self._block:
            raise UnreadableError("a head of a block that cannot be right")
        self.used = self._read_blocks()

    def volumes(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Name and content of every volume.

        Raises:
            UnreadableError: blocks of it are missing or damaged.
        """
        names = self._names()
        volumes = [(number, one) for number, one in sorted(self._volumes.items()) if number < _INTERNAL]
        for number, volume in volumes:
            yield names.get(number, f"volume {number}"), self._content(volume)
        if self._damaged:
            raise UnreadableError(f"{self._damaged} of its blocks are damaged, or cut")
        if not volumes:
            raise UnreadableError("no volume is in it")

    # Its blocks ---------------------------------------------------------------------------------------------

    def _at(self, place: int, length: int) -> bytes:
        self._file.seek(place)
        return self._file.read(length)

    def _block_size(self) -> int:
        """Bytes from one block to the next; no head tells them."""
        at = _SMALLEST
        while at <= min(_LARGEST, self._size - _HEAD):
            if self._at(at, 4) == _BLOCK_SIGN and _is_sound(self._at(at, _HEAD), _BLOCK_SIGN):
                return at
            at += 512
        return self._size

    def _read_blocks(self) -> int:
        used = blank = 0
        for count, at in enumerate(range(0, self._size, self._block)):
            if count > _MOST_BLOCKS:
                raise UnreadableError(f"it has more than {_MOST_BLOCKS} blocks")
            head = self._at(at, _HEAD)
            if not _is_sound(head, _BLOCK_SIGN):
                blank += 1
                if head[:4] == _BLOCK_SIGN:
                    self._damaged += 1
                elif head.strip(b"\xff"):
                    break  # what is behind it is another's
                continue
            used = min(at + self._block, self._size)
            self._add(at, self._at(at + self._head_at, self._block - self._head_at))
        return used

    def _add(self, at: int, rest: bytes) -> None:
        if not rest.strip(b"\xff"):
            return  # free: nothing at all is written behind the head of its block
        head = rest[:_HEAD]
        if not _is_sound(head, _VOLUME_SIGN):
            self._damaged += 1
            return
        kind, number, place, length, pad = struct.unpack_from(">5xB2xII4xI4xI", head)
        crc, order = struct.unpack_from(">I4xQ", head, 32)
        volume = self._volumes.setdefault(number, _Volume(number, kind == _STATIC))
        room = self._block - self._data_at - pad
        if room <= 0 or length > room:
            self._damaged += 1
            return
        kept = volume.blocks.get(place)
        if kept is None or kept[0] < order:
            used = length if volume.static else room
            if at + self._data_at + used > self._size:
                self._damaged += 1  # it is cut
            volume.blocks[place] = (order, at + self._data_at, used, crc if volume.static else 0)

    def _content(self, volume: _Volume) -> Iterator[bytes]:
        last = max(volume.blocks)
        if last >= len(volume.blocks) * _SPREAD + _SPREAD:
            raise UnreadableError("numbers of its blocks that cannot be right")
        room = max(length for _, _, length, _ in volume.blocks.values())
        for number in range(last + 1):
            if number not in volume.blocks:
                if volume.static:
                    raise UnreadableError("blocks of it are missing")
                yield b"\xff" * room
                continue
            _, at, length, crc = volume.blocks[number]
            data = self._at(at, length)
            if volume.static and flash_crc(data) != crc:
                raise UnreadableError("a block of it is damaged")
            yield data

    def _names(self) -> dict[int, str]:
        layout = self._volumes.get(_LAYOUT)
        if layout is None:
            return {}
        _, at, length, _ = layout.blocks[min(layout.blocks)]
        table, names = self._at(at, length), {}
        for number in range(min(len(table) // _RECORD, 128)):
            record = table[number * _RECORD : (number + 1) * _RECORD]
            named = struct.unpack_from(">H", record, 14)[0]
            if 0 < named <= 127 and flash_crc(record[:-4]) == int.from_bytes(record[-4:], "big"):
                names[number] = record[16 : 16 + named].decode("utf-8", "replace")
        return names


def _is_sound(head: bytes, sign: bytes) -> bool:
    return (
        len(head) == _HEAD
        and head.startswith(sign)
        and flash_crc(head[:-4]) == int.from_bytes(head[-4:], "big")
    )
