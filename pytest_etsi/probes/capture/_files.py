"""The packets in capture files: pcap in all its byte orders and resolutions, and pcapng."""

from __future__ import annotations

import math
import mmap
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CaptureFile", "NotACaptureError"]

_PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}
"""First bytes of a file -> byte order, and nanoseconds in a unit of its second time field."""
_SECTION = b"\x0a\x0d\x0d\x0a"
_SECTION_TYPE = 0x0A0D0D0A
"""The same as a number, in either byte order."""
_LONGEST = 1 << 24
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
    """

    data: mmap.mmap
    cut: int = 0
    dropped: int = 0
    damage: str = ""
    _released: int = field(default=0)

    def packets(self) -> Iterator[tuple[int, int, int, int]]:
        """Where each packet is, its length in the file in bytes, its time in ns since 1970, and its link type.

        Raises:
            NotACaptureError: the file does not begin as a capture does.
        """
        magic = self.data[:4]
        if magic in _PCAP:
            return self._pcap(*_PCAP[magic])
        if magic == _SECTION:
            return self._pcapng()
        kind = "compressed: unpack it" if magic[:2] == b"\x1f\x8b" or magic == b"\x28\xb5\x2f\xfd" else "none"
        raise NotACaptureError(f"expected a pcap or pcapng file, got {magic.hex(' ')} ({kind})")

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

    def _pcap(self, order: str, unit: int) -> Iterator[tuple[int, int, int, int]]:
        data, end = self.data, len(self.data)
        if end < 24:
            self.damage = f"it ends within its header, at byte {end}"
            return
        (link,) = struct.unpack_from(order + "I", data, 20)
        link &= 0x0FFF_FFFF  # the upper bits tell of checksums of frames
        read = struct.Struct(order + "IIII").unpack_from
        nano, longest = _NANO, _LONGEST
        at, last, release = 24, end - 16, min(_RELEASE, end)
        while at <= last:
            seconds, part, size, original = read(data, at)
            if size != original or size > longest:
                if size > original or size > longest:
                    self.damage = f"at byte {at} a packet claims {size} bytes"
                    return
                self.cut += 1
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
                order = ">" if data[at + 8 : at + 12] == b"\x1a\x2b\x3c\x4d" else "<"
                head = struct.Struct(order + "II").unpack_from
                packet = struct.Struct(order + "IIIIIII").unpack_from
                interfaces = []
                kind, length = head(data, at)
            begin, at = at, at + length
            if length < 12 or length & 3 or at > end:
                self.damage = (
                    f"it ends within a block, at byte {end}" if at > end and length >= 12 and not length & 3 else
                    f"at byte {begin} a block claims {length} bytes"
                )  # fmt: skip
                return
            if kind == 6 and length >= 32:
                if number >= len(interfaces) or size > length - 32:
                    self.damage = f"the packet at byte {begin} does not fit its block"
                    return
                if size < original:
                    self.cut += 1
                link, many, few, offset = interfaces[number]
                ticks = (high << 32 | low) * many
                yield begin + 28, size, (ticks if few == 1 else ticks // few) + offset, link
            elif kind == 1 and length >= 20:
                interfaces.append(self._interface(order, begin, length))
            elif kind == 3 and length >= 16 and interfaces:
                (original,) = struct.unpack_from(order + "I", data, begin + 8)
                size = min(original, length - 16)
                self.cut += size < original
                yield begin + 12, size, 0, interfaces[0][0]
            elif kind == 2 and length >= 32:
                number, _, high, low, size, original = struct.unpack_from(order + "HHIIII", data, begin + 8)
                if number < len(interfaces) and size <= length - 32:
                    self.cut += size < original
                    link, many, few, offset = interfaces[number]
                    yield begin + 28, size, (high << 32 | low) * many // few + offset, link
            elif kind == 5 and length >= 24:
                self._statistics(order, begin, length)
            if at > release:
                self.release(at)
                release = at + _RELEASE
        if at != end:
            self.damage = f"it ends within a block, at byte {end}"

    def _options(self, order: str, at: int, end: int) -> Iterator[tuple[int, bytes]]:
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
        for code, value in self._options(order, at + 16, at + length - 4):
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
        for code, value in self._options(order, at + 20, at + length - 4):
            if code in {5, 7} and len(value) == 8:
                self.dropped += struct.unpack(order + "Q", value)[0]
