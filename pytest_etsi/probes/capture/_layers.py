"""From a frame to what IP carries: IPv4 and IPv6 with their headers, fragments, and tunnels with what is in them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.probes.capture._links import (
    IPV4,
    IPV6,
    NoIp,
    NotRead,
    datagram_of,
    inside_ethernet_type,
    inside_ppp,
)
from pytest_etsi.probes.capture._tunnels import in_ip, in_udp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.probes.capture._account import Account
    from pytest_etsi.probes.capture._links import Buffer

__all__ = ["Carried", "Layers"]

_EXTENSIONS = {0, 43, 60, 135, 139, 140}
"""Headers of IPv6 that say their length in units of eight bytes."""
_IPV4_IN, _IPV6_IN, _UDP, _FRAGMENT, _AH = 4, 41, 17, 44, 51
_MOST_DATAGRAMS = 256
_MOST_PIECES = 1024
_MOST_HEADERS = 12
_MOST_TUNNELS = 8


@dataclass(frozen=True, slots=True)
class Carried:
    """What an IP datagram carries.

    Attributes:
        protocol: number of the transport.
        source: address, packed.
        destination: as `source`.
        data: holds it from `at` to `end`.
        at: see there.
        end: see there.
        octets: length of the datagram in bytes.
        joined: it came in fragments.
    """

    protocol: int
    source: bytes
    destination: bytes
    data: bytes
    at: int
    end: int
    octets: int
    joined: bool = False


@dataclass(slots=True)
class _Datagram:
    pieces: dict[int, bytes] = field(default_factory=dict)
    held: int = 0
    total: int = -1


class Layers:
    """Takes frames apart; remembers fragments of IP until their datagram is whole.

    Args:
        account: of what is not read.
        joins: fragments are put together; otherwise each is given by itself, without what it carries.
    """

    def __init__(self, account: Account, *, joins: bool = True) -> None:
        self._account = account
        self._joins = joins
        self._fragments: dict[tuple[bytes, bytes, int, int], _Datagram] = {}

    @property
    def incomplete(self) -> int:
        """Datagrams of which fragments are missing."""
        return len(self._fragments)

    def carried(self, data: Buffer, at: int, end: int, link: int) -> list[Carried]:
        """What the frame carries: a datagram, and where that is a tunnel, after it what is in the tunnel.

        Nothing, where it is no IP or a fragment that does not complete its datagram. What is not read is counted.
        """
        found: list[Carried] = []
        # A part of its own, so that nothing is read beyond the end of the frame.
        frame = data[at:end]
        try:
            kind, begin = datagram_of(frame, 0, len(frame), link)
            self._network(found, frame, begin, len(frame), kind)
        except NoIp as reason:
            if str(reason):
                self._account.aside(str(reason))
        except NotRead as reason:
            self._account.unread_packet(str(reason), *reason.questions)
        except (struct.error, IndexError):
            self._account.unread_packet("damaged")
        return found

    def _network(self, found: list[Carried], data: bytes, at: int, end: int, kind: int) -> None:
        """Add the datagram at a place, and then what is in it."""
        for _ in range(_MOST_TUNNELS + 1):
            carried = self._ipv4(data, at, end) if kind == IPV4 else self._ipv6(data, at, end)
            if carried is None:
                return
            found.append(carried)
            inside = _inside(carried)
            if inside is None:
                return
            kind, at = inside
            data, end = carried.data, carried.end
        raise NotRead("tunnels in tunnels")

    def _ipv4(self, data: bytes, at: int, end: int) -> Carried | None:
        if at + 20 > end:
            raise NotRead("damaged")
        first, length, ident, fragment, protocol = struct.unpack_from(">BxHHHxB", data, at)
        header = (first & 15) * 4
        # With segmentation offload the length is zero, and the rest of the frame is the datagram.
        length = length or end - at
        if first >> 4 != 4 or header < 20 or length < header:
            raise NotRead("damaged")
        source, destination = data[at + 12 : at + 16], data[at + 16 : at + 20]
        start, stop = at + header, min(end, at + length)
        joined = bool(fragment & 0x3FFF)
        if joined and not self._joins:
            return Carried(protocol, source, destination, data, stop, stop, length)
        if joined:
            key = (source, destination, ident, protocol)
            whole = self._piece(key, data[start:stop], (fragment & 0x1FFF) * 8, more=bool(fragment & 0x2000))
            if whole is None:
                return None
            data, start, stop = whole, 0, len(whole)
        for _ in range(_MOST_HEADERS):
            if protocol != _AH:
                break
            protocol, start = data[start], start + 8 + data[start + 1] * 4
        if start > stop:
            raise NotRead("damaged")
        return Carried(protocol, source, destination, data, start, stop, length, joined)

    def _ipv6(self, data: bytes, at: int, end: int) -> Carried | None:
        if at + 40 > end or data[at] >> 4 != 6:
            raise NotRead("damaged")
        length, protocol = struct.unpack_from(">HB", data, at + 4)
        length = length or end - at - 40
        source, destination = data[at + 8 : at + 24], data[at + 24 : at + 40]
        start, stop, octets = at + 40, min(end, at + 40 + length), 40 + length
        joined = False
        for _ in range(_MOST_HEADERS):
            if protocol in _EXTENSIONS:
                protocol, start = data[start], start + 8 + data[start + 1] * 8
            elif protocol == _AH:
                protocol, start = data[start], start + 8 + data[start + 1] * 4
            elif protocol == _FRAGMENT:
                following, place, ident = struct.unpack_from(">BxHI", data, start)
                piece = data[start + 8 : stop]
                if place & 0xFFF9 and not self._joins:
                    return Carried(following, source, destination, data, stop, stop, octets)
                if place & 0xFFF9:
                    key = (source, destination, ident, following)
                    whole = self._piece(key, piece, place & 0xFFF8, more=bool(place & 1))
                    if whole is None:
                        return None
                    data, start, stop, joined = whole, 0, len(whole), True
                else:
                    start += 8
                protocol = following
            else:
                break
            if start > stop:
                raise NotRead("damaged")
        else:
            raise NotRead(f"more than {_MOST_HEADERS - 1} headers of IPv6")
        return Carried(protocol, source, destination, data, start, stop, octets, joined)

    def _piece(
        self, key: tuple[bytes, bytes, int, int], piece: bytes, place: int, *, more: bool
    ) -> bytes | None:
        """The whole datagram, when this piece completes it."""
        datagram = self._fragments.get(key)
        if datagram is None:
            if len(self._fragments) >= _MOST_DATAGRAMS:
                self._account.unread_packet("fragments without the rest")
                self._fragments.pop(next(iter(self._fragments)))
            datagram = self._fragments[key] = _Datagram()
        if len(datagram.pieces) >= _MOST_PIECES or place + len(piece) > 0xFFFF:
            raise NotRead("damaged")
        known = datagram.pieces.get(place)
        if known is None:
            datagram.pieces[place] = piece
            datagram.held += len(piece)
        elif known != piece:
            raise NotRead("fragments that contradict each other")
        if not more:
            datagram.total = place + len(piece)
        if datagram.total < 0 or datagram.held < datagram.total:
            return None
        whole = b"".join(_in_order(datagram.pieces))[: datagram.total]
        if len(whole) < datagram.total:
            return None
        del self._fragments[key]
        return whole


def _inside(carried: Carried) -> tuple[int, int] | None:
    """Ethernet type and place of the datagram in a tunnel; None: it is none."""
    data, at, end = carried.data, carried.at, carried.end
    if carried.protocol in {_IPV4_IN, _IPV6_IN}:
        return (IPV4 if carried.protocol == _IPV4_IN else IPV6), at
    told = in_udp(data, at, end) if carried.protocol == _UDP else in_ip(carried.protocol, data, at, end)
    if told is None:
        return None
    kind, at = told
    return inside_ppp(data, at, end) if kind == 0x880B else inside_ethernet_type(data, at, end, kind)


def _in_order(pieces: dict[int, bytes]) -> Iterator[bytes]:
    """The pieces until the first gap; what overlaps is taken from the earlier one."""
    end = 0
    for place, piece in sorted(pieces.items()):
        if place > end:
            return
        if place + len(piece) > end:
            yield piece[end - place :]
            end = place + len(piece)
