"""The packets in capture files: pcap in all its byte orders and resolutions, and pcapng."""

from __future__ import annotations

import math
import mmap
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CaptureFile", "NotACaptureError"]

_PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
    b"\x34\xcd\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\xcd\x34": (">", 1000),
}
"""First bytes of a file -> byte order, and nanoseconds in a unit of its second time field; the last two: modified."""
_HEADERS = (16, 24, 28, 20)
"""Lengths in bytes of a packet's header: the usual one, and those of the modified formats of old Linux and of Nokia."""
_LOOKED_AT = 4
"""Packets by which the length of the header is told."""
_WITHOUT_PACKETS = {4, 9, 10, 0x0BAD, 0x40000BAD, 0x80000001}
"""Blocks of pcapng that hold no packet: names, journals, keys, what vendors add, processes."""
_OTHERS = {
    b"\x28\xb5\x2f\xfd": "compressed by zstd: unpack it",
    b"\xfd7zX": "compressed by xz: unpack it",
    b"BZh9": "compressed by bzip2: unpack it",
    b"\x04\x22\x4d\x18": "compressed by lz4: unpack it",
    b"\x1f\x8b\x08\x00": "compressed twice: unpack it",
    b"snoo": "of snoop: convert it",
    b"btsn": "of btsnoop, which is Bluetooth: convert it",
    b"GMBU": "of Microsoft Network Monitor: convert it",
    b"\x1c\x00\x01\xac": "of IXIA: convert it",
    b"\x1c\x00\x01\xab": "of IXIA: convert it",
    b"\xac\x01\x00\x1c": "of IXIA: convert it",
    b"\xab\x01\x00\x1c": "of IXIA: convert it",
}
"""First bytes of files that hold captures in other forms."""
_SECTION = b"\x0a\x0d\x0d\x0a"
_SECTION_TYPE = 0x0A0D0D0A
"""The same as a number, in either byte order."""
_BYTE_ORDERS = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
_LEAST = {1: 20, 2: 32, 3: 16, 5: 24, 6: 32}
"""Block -> its least length in bytes."""
_LONGEST = bounds.PACKET.most
"""Largest packet, in bytes, that is taken for one; a larger one means that the file is damaged."""
_RELEASE = 8 << 20
"""Bytes after which memory of the file's beginning is given back."""
_NANO = 1_000_000_000


class NotACaptureError(ValueError):
    """The file is no capture; says what was found instead."""


@dataclass(slots=True)
class CaptureFile:
    """A capture file in memory, read once from its beginning.

    Attributes:
        data: the whole file, mapped.
        cut: packets of which only the beginning was recorded.
        dropped: packets that the recorder has lost, as far as the file says so.
        damage: where and why the rest of the file could not be read; empty: read to its end.
        packing: why it was not unpacked to its end; empty: it was, or is not compressed.
    """

    data: mmap.mmap
    cut: int = 0
    dropped: int = 0
    damage: str = ""
    packing: str = ""
    _released: int = field(default=0)

    def packets(self) -> Iterator[tuple[int, int, int, int]]:
        """Where each packet is, its length in the file in bytes, its time in ns since 1970, and its link type.

        Raises:
            NotACaptureError: the file does not begin as a capture does.
        """
        magic = self.data[:4]
        if magic in _PCAP:
            return self._classic(*_PCAP[magic])
        if magic == _SECTION:
            return self._pcapng()
        raise NotACaptureError(
            f"expected a pcap or pcapng file, got {magic.hex(' ')} ({_OTHERS.get(magic, 'none')})"
        )

    def release(self, until: int) -> None:
        """Give back the memory of what lies before `until`, a position in bytes; it can still be read."""
        page = until // mmap.ALLOCATIONGRANULARITY * mmap.ALLOCATIONGRANULARITY
        if page > self._released:
            self.data.madvise(mmap.MADV_DONTNEED, self._released, page - self._released)
            self._released = page

    def rewind(self) -> None:
        """Give back all memory, to begin anew."""
        self.release(len(self.data))
        self._released = 0

    def _classic(self, order: str, unit: int) -> Iterator[tuple[int, int, int, int]]:
        data, end = self.data, len(self.data)
        if end < 24:
            self.damage = f"it ends within its header, at byte {end}"
            return iter(())
        major, minor = struct.unpack_from(order + "HH", data, 4)
        if (major, minor) != (543, 0) and (major != 2 or minor > 4):
            raise NotACaptureError(f"expected pcap of version 2.4 or older, got {major}.{minor}")
        (link,) = struct.unpack_from(order + "I", data, 20)
        # The upper bits tell of checksums at the end of frames; others are not defined.
        link = link & 0x0FFF_FFFF if link & 0x03FF_0000 else link & 0xFFFF
        header = next((size for size in _HEADERS if self._fits(order, unit, size)), 16)
        if header == 16 and (major, minor) == (2, 4):
            return self._pcap(order, unit, link)
        return self._old_pcap(order, unit, link, header, (major, minor))

    def _fits(self, order: str, unit: int, header: int) -> bool:
        """Whether the first packets follow each other with headers of this length in bytes."""
        data, end, at = self.data, len(self.data), 24
        for _ in range(_LOOKED_AT):
            if at == end:
                return True
            if at + header > end:
                return False
            _, part, size, original = struct.unpack_from(order + "IIII", data, at)
            if max(size, original) > _LONGEST or part * unit >= _NANO:
                return False
            at += header + size
        return at <= end

    def _old_pcap(
        self, order: str, unit: int, link: int, header: int, version: tuple[int, int]
    ) -> Iterator[tuple[int, int, int, int]]:
        """Packets with longer headers, or with both lengths of a packet the other way round."""
        data, end, at = self.data, len(self.data), 24
        while at + header <= end:
            seconds, part, size, original = struct.unpack_from(order + "IIII", data, at)
            if version == (543, 0) or version < (2, 3) or (version == (2, 3) and size > original):
                size, original = original, size
            if size > _LONGEST:
                self.damage = f"at byte {at} a packet claims {size} bytes"
                return
            begin, at = at + header, at + header + size
            if at > end:
                break
            self.cut += size < original
            self.release(begin)
            yield begin, size, seconds * _NANO + part * unit, link
        if at != end:
            self.damage = f"it ends within a packet, at byte {end}"

    def _pcap(self, order: str, unit: int, link: int) -> Iterator[tuple[int, int, int, int]]:
        """The usual form, which has to be fast."""
        data, end = self.data, len(self.data)
        read = struct.Struct(order + "IIII").unpack_from
        nano, longest = _NANO, _LONGEST
        at, last, release = 24, end - 16, min(_RELEASE, end)
        while at <= last:
            seconds, part, size, original = read(data, at)
            if size > longest:
                self.damage = f"at byte {at} a packet claims {size} bytes"
                return
            if size != original:
                # Some recorders add to a packet what its original length does not count: it is there all the same.
                self.cut += size < original
            begin = at + 16
            at = begin + size
            if at > release:
                if at > end:
                    at = begin
                    break
                self.release(begin)
                release = min(begin + _RELEASE, end)
            yield begin, size, seconds * nano + part * unit, link
        if at != end:
            self.damage = f"it ends within a packet, at byte {end}"

    def _pcapng(self) -> Iterator[tuple[int, int, int, int]]:
        data, end = self.data, len(self.data)
        order, at, release = "<", 0, _RELEASE
        interfaces: list[tuple[int, int, int, int]] = []  # link type, ns numerator, denominator, offset in ns
        head = struct.Struct("<II").unpack_from
        packet = struct.Struct("<IIIIIII").unpack_from
        number = high = low = size = original = 0
        while at + 12 <= end:
            if at + 28 <= end:
                kind, length, number, high, low, size, original = packet(data, at)
            else:
                kind, length = head(data, at)
            if kind == _SECTION_TYPE:
                magic = data[at + 8 : at + 12]
                if magic not in _BYTE_ORDERS:
                    self.damage = f"the section at byte {at} is of no known byte order"
                    return
                order = _BYTE_ORDERS[magic]
                head = struct.Struct(order + "II").unpack_from
                packet = struct.Struct(order + "IIIIIII").unpack_from
                interfaces = []
                kind, length = head(data, at)
            begin, at = at, at + length
            if length < 12 or length & 3:
                self.damage = f"at byte {begin} a block claims {length} bytes"
                return
            if at > end:
                break
            if kind == 6 and length >= 32:
                if number >= len(interfaces) or size > length - 32:
                    self.damage = f"the packet at byte {begin} does not fit its block"
                    return
                if size < original:
                    self.cut += 1
                if length - size > 35:
                    self._lost_before(order, begin, size, length)
                link, many, few, offset = interfaces[number]
                ticks = (high << 32 | low) * many
                yield begin + 28, size, (ticks if few == 1 else ticks // few) + offset, link
            elif kind in _LEAST and length < _LEAST[kind]:
                self.damage = f"the block at byte {begin} is too short for what it is"
                return
            elif kind == 1:
                interfaces.append(self._interface(order, begin, length))
            elif kind in {2, 3}:
                told = self._old_block(order, kind, begin, length, interfaces)
                if told is None:
                    self.damage = f"the packet at byte {begin} does not fit its block"
                    return
                yield told
            elif kind == 5:
                self._statistics(order, begin, length)
            elif kind not in _WITHOUT_PACKETS and kind != _SECTION_TYPE:
                yield begin + 8, length - 12, 0, -kind
            if at > release:
                self.release(at)
                release = at + _RELEASE
        if at != end:
            self.damage = f"it ends within a block, at byte {end}"

    def _old_block(
        self, order: str, kind: int, begin: int, length: int, interfaces: list[tuple[int, int, int, int]]
    ) -> tuple[int, int, int, int] | None:
        """A packet in one of the two forms that are rare; None: it does not fit."""
        if kind == 3:
            (original,) = struct.unpack_from(order + "I", self.data, begin + 8)
            size = min(original, length - 16)
            self.cut += size < original
            return (begin + 12, size, 0, interfaces[0][0]) if interfaces else None
        number, lost, high, low, size, original = struct.unpack_from(order + "HHIIII", self.data, begin + 8)
        if number >= len(interfaces) or size > length - 32:
            return None
        self.cut += size < original
        self.dropped += lost if lost != 0xFFFF else 0
        link, many, few, offset = interfaces[number]
        return begin + 28, size, (high << 32 | low) * many // few + offset, link

    def _lost_before(self, order: str, begin: int, size: int, length: int) -> None:
        """Count the packets that the options of a packet say were lost before it."""
        options = begin + 28 + (size + 3) // 4 * 4
        for code, value in self._options(order, options, begin + length):
            if code == 4 and len(value) == 8:
                self.dropped += struct.unpack(order + "Q", value)[0]

    def _options(self, order: str, at: int, end: int) -> Iterator[tuple[int, bytes]]:
        """Code and value of the options of a block, which ends with its length: no option that is read has its code."""
        while at + 4 <= end:
            code, length = struct.unpack_from(order + "HH", self.data, at)
            at += 4
            if code == 0 or at + length > end:
                return
            yield code, self.data[at : at + length]
            at += (length + 3) // 4 * 4

    def _interface(self, order: str, at: int, length: int) -> tuple[int, int, int, int]:
        """Link type, nanoseconds in a unit of time as a fraction, and where its times begin."""
        (link,) = struct.unpack_from(order + "H", self.data, at + 8)
        many, few, offset = 1000, 1, 0
        for code, value in self._options(order, at + 16, at + length):
            if code == 9 and value:
                power = value[0] & 0x7F
                few = 2**power if value[0] & 0x80 else 10**power
                many = _NANO
            elif code == 14 and len(value) == 8:
                (seconds,) = struct.unpack(order + "q", value)
                offset = seconds * _NANO
        common = math.gcd(many, few)
        return link, many // common, few // common, offset

    def _statistics(self, order: str, at: int, length: int) -> None:
        for code, value in self._options(order, at + 20, at + length):
            if code in {5, 7} and len(value) == 8:
                self.dropped += struct.unpack(order + "Q", value)[0]
