"""From a frame to what IP carries: link layers, VLANs, PPPoE, IPv4 and IPv6 with their headers, fragments, tunnels."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator

    Buffer: TypeAlias = mmap.mmap | bytes

__all__ = ["LINKS", "Carried", "Layers"]

LINKS = {0: "null", 1: "Ethernet", 12: "raw IP", 14: "raw IP", 101: "raw IP", 108: "loop", 113: "SLL", 228: "IPv4",
         229: "IPv6", 276: "SLL2"}  # fmt: skip
"""Link types that are read."""

_VLAN = {0x8100, 0x88A8, 0x9100}
_EXTENSIONS = {0, 43, 60, 135, 139, 140}
"""Headers of IPv6 that say their length in units of eight bytes."""
_FRAGMENT, _AH = 44, 51
_MOST_DATAGRAMS = 256
_MOST_PIECES = 1024
_MOST_LAYERS = 12


@dataclass(frozen=True, slots=True)
class Carried:
    """What an IP datagram carries: `data` from `at` to `end`; `octets`: length of the datagram in bytes."""

    protocol: int
    source: bytes
    destination: bytes
    data: Buffer
    at: int
    end: int
    octets: int


@dataclass(slots=True)
class _Datagram:
    pieces: dict[int, bytes] = field(default_factory=dict)
    held: int = 0
    total: int = -1


class Layers:
    """Takes frames apart; remembers fragments of IP until their datagram is whole.

    Attributes:
        unread: number of frames that hold something else, by what that is.
    """

    def __init__(self) -> None:
        self.unread: dict[str, int] = {}
        self._fragments: dict[tuple[bytes, bytes, int, int], _Datagram] = {}

    @property
    def incomplete(self) -> int:
        """Datagrams of which fragments are missing."""
        return len(self._fragments)

    def carried(self, data: Buffer, at: int, end: int, link: int) -> Carried | None:
        """What the frame carries; None: no IP, a fragment that does not complete its datagram, or damaged."""
        try:
            kind, at = self._link(data, at, end, link)
            return self._network(data, at, end, kind, 0)
        except (struct.error, IndexError):
            self._miss("damaged")
            return None

    def _miss(self, what: str) -> None:
        self.unread[what] = self.unread.get(what, 0) + 1

    def _link(self, data: Buffer, at: int, end: int, link: int) -> tuple[int, int]:
        """Ethernet type and where the payload begins."""
        if link in {12, 14, 101, 228, 229}:
            return (0x86DD if data[at] >> 4 == 6 else 0x0800), at
        if link in {0, 108}:
            family = data[at : at + 4]
            return (0x0800 if 2 in (family[0], family[3]) else 0x86DD), at + 4
        if link == 276:
            (kind,) = struct.unpack_from(">H", data, at)
            at += 20
        elif link == 113:
            (kind,) = struct.unpack_from(">H", data, at + 14)
            at += 16
        elif link == 1:
            (kind,) = struct.unpack_from(">H", data, at + 12)
            at += 14
        else:
            return -link, at
        for _ in range(4):
            if kind not in _VLAN or at + 4 > end:
                break
            (kind,) = struct.unpack_from(">H", data, at + 2)
            at += 4
        if kind == 0x8864:  # a session of PPPoE
            (inside,) = struct.unpack_from(">H", data, at + 6)
            return {0x0021: 0x0800, 0x0057: 0x86DD}.get(inside, inside), at + 8
        return kind, at

    def _network(self, data: Buffer, at: int, end: int, kind: int, depth: int) -> Carried | None:
        if kind == 0x0800:
            return self._ipv4(data, at, end, depth)
        if kind == 0x86DD:
            return self._ipv6(data, at, end, depth)
        if kind < 0:
            self._miss(f"link type {-kind}")
        elif kind != 0x0806:
            self._miss(f"Ethernet type 0x{kind:04x}" if kind >= 0x600 else "IEEE 802.2")
        return None

    def _ipv4(self, data: Buffer, at: int, end: int, depth: int) -> Carried | None:
        if at + 20 > end:
            self._miss("damaged")
            return None
        first, length, ident, fragment, protocol = struct.unpack_from(">BxHHHxB", data, at)
        header = (first & 15) * 4
        # With segmentation offload the length is zero, and the rest of the frame is the datagram.
        length = length or end - at
        if first >> 4 != 4 or header < 20 or length < header:
            self._miss("damaged")
            return None
        source, destination = data[at + 12 : at + 16], data[at + 16 : at + 20]
        start, stop = at + header, min(end, at + length)
        if fragment & 0x3FFF:
            whole = self._piece(
                (source, destination, ident, protocol),
                data[start:stop],
                (fragment & 0x1FFF) * 8,
                more=bool(fragment & 0x2000),
            )
            if whole is None:
                return None
            return self._inside(protocol, source, destination, whole, 0, len(whole), length, depth)
        return self._inside(protocol, source, destination, data, start, stop, length, depth)

    def _ipv6(self, data: Buffer, at: int, end: int, depth: int) -> Carried | None:
        if at + 40 > end or data[at] >> 4 != 6:
            self._miss("damaged")
            return None
        length, protocol = struct.unpack_from(">HB", data, at + 4)
        length = length or end - at - 40
        source, destination = data[at + 8 : at + 24], data[at + 24 : at + 40]
        start, stop, octets = at + 40, min(end, at + 40 + length), 40 + length
        for _ in range(_MOST_LAYERS):
            if start + 8 > stop:
                break
            if protocol in _EXTENSIONS:
                protocol, start = data[start], start + 8 + data[start + 1] * 8
            elif protocol == _AH:
                protocol, start = data[start], start + 8 + data[start + 1] * 4
            elif protocol == _FRAGMENT:
                following, place, ident = struct.unpack_from(">BxHI", data, start)
                piece = data[start + 8 : stop]
                if place & 0xFFF9:
                    whole = self._piece(
                        (source, destination, ident, following), piece, place & 0xFFF8, more=bool(place & 1)
                    )
                    if whole is None:
                        return None
                    data, start, stop = whole, 0, len(whole)
                else:
                    start += 8
                protocol = following
            else:
                break
        if start > stop:
            self._miss("damaged")
            return None
        return self._inside(protocol, source, destination, data, start, stop, octets, depth)

    def _inside(
        self,
        protocol: int,
        source: bytes,
        destination: bytes,
        data: Buffer,
        at: int,
        end: int,
        octets: int,
        depth: int,
    ) -> Carried | None:
        if protocol in {4, 41} and depth < 2:  # IP in IP
            return self._network(data, at, end, 0x0800 if protocol == 4 else 0x86DD, depth + 1)
        return Carried(protocol, source, destination, data, at, end, octets)

    def _piece(
        self, key: tuple[bytes, bytes, int, int], piece: bytes, place: int, *, more: bool
    ) -> bytes | None:
        """The whole datagram, when this piece completes it."""
        datagram = self._fragments.get(key)
        if datagram is None:
            if len(self._fragments) >= _MOST_DATAGRAMS:
                self._miss("fragments without the rest")
                self._fragments.pop(next(iter(self._fragments)))
            datagram = self._fragments[key] = _Datagram()
        if len(datagram.pieces) >= _MOST_PIECES or place + len(piece) > 0xFFFF:
            self._miss("damaged")
            return None
        if place not in datagram.pieces:
            datagram.pieces[place] = piece
            datagram.held += len(piece)
        if not more:
            datagram.total = place + len(piece)
        if datagram.total < 0 or datagram.held < datagram.total:
            return None
        whole = b"".join(_in_order(datagram.pieces))[: datagram.total]
        if len(whole) < datagram.total:
            return None
        del self._fragments[key]
        return whole


def _in_order(pieces: dict[int, bytes]) -> Iterator[bytes]:
    """The pieces until the first gap; what overlaps is taken from the earlier one."""
    end = 0
    for place, piece in sorted(pieces.items()):
        if place > end:
            return
        if place + len(piece) > end:
            yield piece[end - place :]
            end = place + len(piece)
