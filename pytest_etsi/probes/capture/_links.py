"""From a frame to the datagram in it: link layers, tags of switches and VLANs, 802.2, MPLS, PPP, 802.11, recorders."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import mmap
    from collections.abc import Callable

    from pytest_etsi.probes.capture._model import Question

    Buffer: TypeAlias = mmap.mmap | bytes
    Found: TypeAlias = tuple[int, int]

__all__ = ["IPV4", "IPV6", "NoIp", "NotRead", "datagram_of", "inside_ethernet_type", "inside_ppp"]

IPV4, IPV6 = 0x0800, 0x86DD
_MOST_TAGS = 64
_TAGS = {
    0x8100: 2, 0x88A8: 2, 0x9100: 2, 0x9200: 2, 0x9300: 2,  # VLAN
    0xDADB: 2,  # DSA by VLAN
    0xDADA: 6,  # EtherType DSA of Marvell
    0x8926: 4,  # VN-Tag
    0xF1C1: 4,  # 802.1CB
    0x892F: 4,  # HSR
    0x8909: 6,  # Cisco MetaData
}  # fmt: skip
"""Ethernet type of a tag -> bytes of it before the next Ethernet type."""
_WITHOUT_IP = {
    0x0842, 0x22EA, 0x8035, 0x8808, 0x8809, 0x8863, 0x887B, 0x888E, 0x88C7, 0x88CC, 0x88D9, 0x88E1, 0x88F5, 0x88F6,
    0x88F7, 0x8902, 0x890D, 0x8912, 0x893A, 0x9000,
}  # fmt: skip
"""Ethernet types of protocols between neighbours that carry nothing else: LLDP, EAPOL, PTP, Homeplug, ..."""
_ARP = 0x0806
_EAP_WITH_TLS = {13, 21, 25, 43, 55}
_CISCO_WITHOUT_IP = {0x0104, 0x010B, 0x0111, 0x2000, 0x2003, 0x2004}
_PPP_IP = {0x0021: IPV4, 0x0057: IPV6, 0x0281: 0x8847, 0x0283: 0x8848}


class NoIp(Exception):  # noqa: N818 - no error
    """The frame is understood and carries no IP; its text says what it is, or is empty for what every network has."""


class NotRead(Exception):  # noqa: N818 - no error
    """The frame carries something that is not read.

    Args:
        what: says it.
        questions: that it could have answered; none given: all.
    """

    def __init__(self, what: str, *questions: Question) -> None:
        super().__init__(what)
        self.questions = questions


def datagram_of(data: Buffer, at: int, end: int, link: int) -> Found:
    """Ethernet type, and where in a frame the datagram begins.

    Args:
        data: holds the frame from `at` to `end`.
        at: see there.
        end: see there.
        link: link type of the frame.

    Raises:
        NoIp, NotRead: there is none, as far as is known.
        struct.error, IndexError: the frame is cut off.
    """
    for _ in range(3):  # what one recorder puts into the header of another
        reader = _READERS.get(link)
        if reader is not None:
            return reader(data, at, end)
        if link not in _WRAPPERS:
            break
        link, at = _WRAPPERS[link](data, at, end)
    raise NotRead(f"link type {link}" if link >= 0 else f"block type {-link}")


def inside_ethernet_type(data: Buffer, at: int, end: int, kind: int) -> Found:
    """Ethernet type of the datagram that follows at `at`, behind any tags, and where it begins.

    Raises:
        NoIp, NotRead, struct.error, IndexError: as `datagram_of`.
    """
    for _ in range(_MOST_TAGS):
        if kind in {IPV4, IPV6}:
            return kind, at
        if kind in _TAGS:
            size = _TAGS[kind]
            (kind,) = struct.unpack_from(">H", data, at + size)
            at += size + 2
        elif kind < 0x600:
            if not 3 <= kind <= end - at:
                raise NotRead(f"IEEE 802.3 with the length {kind}")
            kind, at = _llc(data, at)
        elif kind == 0x8870:
            kind, at = _llc(data, at)
        elif kind in {0x8847, 0x8848}:
            kind, at = _mpls(data, at)
        elif kind == 0x8864:  # a session of PPPoE
            return inside_ppp(data, at + 6, end)
        elif kind in {0x6558, 0x88E7}:  # a frame in a frame, with or without a tag before it
            at += 4 if kind == 0x88E7 else 0
            (kind,) = struct.unpack_from(">H", data, at + 12)
            at += 14
        elif kind == 0x8899:
            kind, at = _realtek(data, at)
        else:
            raise _nothing_known(data, at, kind)
    raise NotRead(f"more than {_MOST_TAGS} tags")


def _nothing_known(data: Buffer, at: int, kind: int) -> NoIp | NotRead:
    if kind == _ARP:
        return NoIp("")
    if kind == 0x888E and data[at + 1] == 0 and data[at + 4] in {1, 2} and data[at + 8] in _EAP_WITH_TLS:
        return NotRead("EAP with TLS", "hellos")
    named = f"Ethernet type 0x{kind:04x}"
    return NoIp(named) if kind in _WITHOUT_IP else NotRead(named)


def _llc(data: Buffer, at: int) -> Found:
    """What follows a header of IEEE 802.2."""
    target, source, control = data[at], data[at + 1], data[at + 2]
    if (target, source, control) == (0xAA, 0xAA, 3):
        organisation, (kind,) = data[at + 3 : at + 6], struct.unpack_from(">H", data, at + 6)
        if organisation in {b"\0\0\0", b"\0\0\xf8"} and kind >= 0x600:
            return kind, at + 8
        if organisation == b"\0\x80\xc2" and kind in {1, 7}:  # a bridged frame of Ethernet
            return 0x6558, at + 8 + 2
        if organisation == b"\0\0\x0c" and kind in _CISCO_WITHOUT_IP:
            raise NoIp("IEEE 802.2 SNAP of Cisco")
        raise NotRead(f"IEEE 802.2 SNAP {organisation.hex()}:{kind:04x}")
    if (target, source, control) == (6, 6, 3):
        return IPV4, at + 3
    if (target, source, control) == (0xFE, 0xFE, 3) and data[at + 3] in {0xCC, 0x8E}:
        return (IPV4 if data[at + 3] == 0xCC else IPV6), at + 4
    # Spanning tree; and XID and TEST, by which stations ask whether somebody is there.
    if (target, source, control) == (0x42, 0x42, 3) or (target == 0 and control in {0xAF, 0xBF, 0xE3, 0xF3}):
        raise NoIp("IEEE 802.2")
    raise NotRead(f"IEEE 802.2 with the service 0x{target:02x}")


def _mpls(data: Buffer, at: int) -> Found:
    """What follows the labels: by its first half byte, since nothing else tells (RFC 4928)."""
    while not data[at + 2] & 1:
        at += 4
    at += 4
    first = data[at] >> 4
    if first in {4, 6}:
        return (IPV4 if first == 4 else IPV6), at
    for head in (4, 0):  # a frame of Ethernet, with a control word or without
        (kind,) = struct.unpack_from(">H", data, at + head + 12)
        if kind in {IPV4, IPV6, _ARP, 0x8847, 0x8864} or kind in _TAGS:
            return 0x6558, at + head
    raise NotRead("MPLS that carries neither IP nor Ethernet")


def _realtek(data: Buffer, at: int) -> Found:
    """Tags of Realtek's switches, four or eight bytes long, and their own protocols."""
    if data[at] >> 4 == 0xA:
        return struct.unpack_from(">H", data, at + 2)[0], at + 4
    if data[at] == 4:
        return struct.unpack_from(">H", data, at + 6)[0], at + 8
    if data[at] in {1, 2, 3, 0x23}:
        raise NoIp("Ethernet type 0x8899")
    raise NotRead("Ethernet type 0x8899")


def inside_ppp(data: Buffer, at: int, end: int) -> Found:
    """What a frame of PPP carries, with or without its address, control and long protocol field.

    Raises:
        NoIp, NotRead, struct.error, IndexError: as `datagram_of`.
    """
    if data[at : at + 2] == b"\xff\x03":
        at += 2
    if data[at] & 1:
        protocol, at = data[at], at + 1
    else:
        (protocol,) = struct.unpack_from(">H", data, at)
        at += 2
    if protocol in _PPP_IP:
        return inside_ethernet_type(data, at, end, _PPP_IP[protocol])
    # From 0x8000 on, protocols settle how the link is used.
    raise NoIp("control of PPP") if protocol >= 0x8000 else NotRead(f"PPP protocol 0x{protocol:04x}")


# Link types -------------------------------------------------------------------------------------------------


def _ethernet(data: Buffer, at: int, end: int) -> Found:
    return inside_ethernet_type(data, at + 14, end, struct.unpack_from(">H", data, at + 12)[0])


def _raw(data: Buffer, at: int, _end: int) -> Found:
    version = data[at] >> 4
    if version not in {4, 6}:
        raise NotRead(f"version {version} of IP")
    return (IPV4 if version == 4 else IPV6), at


def _family(data: Buffer, at: int, _end: int) -> Found:
    """The family of addresses in four bytes, in the order of the machine that recorded."""
    family = min(int.from_bytes(data[at : at + 4], order) for order in ("little", "big"))
    if family == 2:
        return IPV4, at + 4
    if family in {10, 24, 28, 30}:
        return IPV6, at + 4
    raise NotRead(f"address family {family}")


def _cooked(data: Buffer, at: int, end: int) -> Found:
    return _cooked_kind(data, at + 16, end, struct.unpack_from(">H", data, at + 14)[0], at + 2)


def _cooked_2(data: Buffer, at: int, end: int) -> Found:
    return _cooked_kind(data, at + 20, end, struct.unpack_from(">H", data, at)[0], at + 8)


def _cooked_kind(data: Buffer, at: int, end: int, kind: int, hardware_at: int) -> Found:
    """What follows a header of Linux cooked captures, whose numbers below 0x600 are Linux's own."""
    (hardware,) = struct.unpack_from(">H", data, hardware_at)
    if hardware in {801, 802, 803, 824}:
        raise NotRead(f"Linux cooked capture of hardware {hardware}")
    if kind == 1:  # 802.3 without 802.2 is Novell's
        raise NotRead("IEEE 802.3 without 802.2")
    if kind == 4:
        kind, at = _llc(data, at)
    if kind < 0x600:
        raise NotRead(f"Linux cooked capture with the protocol 0x{kind:04x}")
    return inside_ethernet_type(data, at, end, kind)


def _cisco_hdlc(data: Buffer, at: int, end: int) -> Found:
    return inside_ethernet_type(data, at + 4, end, struct.unpack_from(">H", data, at + 2)[0])


def _ppp(data: Buffer, at: int, end: int) -> Found:
    return _cisco_hdlc(data, at, end) if data[at] in {0x0F, 0x8F} else inside_ppp(data, at, end)


def _pppoe(data: Buffer, at: int, end: int) -> Found:
    return inside_ppp(data, at + 6, end)


def _ppp_with_direction(data: Buffer, at: int, end: int) -> Found:
    # A direction stands in the place of the address (pppd) or before it.
    return inside_ppp(data, at + (2 if data[at + 1] == 3 else 1), end)


def _wireless(data: Buffer, at: int, end: int, *, padded: bool = False) -> Found:
    """What a data frame of IEEE 802.11 carries in clear."""
    first, flags = data[at], data[at + 1]
    kind, subtype = first >> 2 & 3, first >> 4
    if kind in {0, 1}:
        raise NoIp("IEEE 802.11 management and control")
    if first & 3 or kind == 3:
        raise NotRead("IEEE 802.11 of another version")
    if subtype & 4:
        raise NoIp("IEEE 802.11 without data")
    if flags & 0x40:
        raise NotRead("IEEE 802.11 encrypted")
    size = 24 + (6 if flags & 3 == 3 else 0)
    if flags & 4 or data[at + 22] & 15:
        raise NotRead("IEEE 802.11 in fragments")
    if subtype & 8:
        if data[at + size] & 0x80:
            raise NotRead("IEEE 802.11 with several packets in a frame")
        size += 6 if flags & 0x80 else 2
    at += (size + 3) // 4 * 4 if padded else size
    kind, at = _llc(data, at)
    return inside_ethernet_type(data, at, end, kind)


def _radiotap(data: Buffer, at: int, end: int) -> Found:
    version, length, present = struct.unpack_from("<BxHI", data, at)
    if version or length < 8:
        raise NotRead(f"radiotap of version {version}" if version else "damaged")
    fields, word = at + 8, present
    while word & 1 << 31:
        (word,) = struct.unpack_from("<I", data, fields)
        fields += 4
    if present & 1:  # a time, on a boundary of eight bytes
        fields = at + (fields - at + 7) // 8 * 8 + 8
    flags = data[fields] if present & 2 else 0
    if flags & 0x40:
        raise NotRead("IEEE 802.11 damaged on the air")
    return _wireless(data, at + length, end, padded=bool(flags & 0x20))


def _prism(data: Buffer, at: int, end: int) -> Found:
    # AVS begins with its version, Prism with the number of a message; both then say their length.
    order = ">" if data[at] == 0x80 else "<"
    (length,) = struct.unpack_from(order + "I", data, at + 4)
    if length < 8:
        raise NotRead("damaged")
    return _wireless(data, at + length, end)


def _llc_alone(data: Buffer, at: int, end: int) -> Found:
    kind, at = _llc(data, at)
    return inside_ethernet_type(data, at, end, kind)


def _dsa(data: Buffer, at: int, end: int) -> Found:
    at += 12 + (8 if data[at + 14] & 0x10 else 4)
    return inside_ethernet_type(data, at + 2, end, struct.unpack_from(">H", data, at)[0])


def _tagged(size: int) -> Callable[[Buffer, int, int], Found]:
    """Ethernet with as many bytes of a switch between the addresses and the type."""

    def read(data: Buffer, at: int, end: int) -> Found:
        at += 12 + size
        return inside_ethernet_type(data, at + 2, end, struct.unpack_from(">H", data, at)[0])

    return read


def _behind(size: int) -> Callable[[Buffer, int, int], Found]:
    """Ethernet behind as many bytes."""
    return lambda data, at, end: _ethernet(data, at + size, end)


def _nflog(data: Buffer, at: int, end: int) -> Found:
    """A packet as Linux's firewall gives it: fields in the order of the machine that recorded."""
    family = data[at]
    at += 4
    while at + 4 <= end:
        length, kind = struct.unpack_from("<HH", data, at)
        if not 4 <= length <= end - at:
            length, kind = struct.unpack_from(">HH", data, at)
        if not 4 <= length <= end - at:
            break
        if kind & 0x7FFF == 9:
            if family in {2, 10}:
                return _raw(data, at + 4, end)
            raise NotRead(f"NFLOG of family {family}")
        at += (length + 3) // 4 * 4
    raise NotRead("NFLOG without a packet")


def _pktap(data: Buffer, at: int, _end: int) -> Found:
    length, _, link = struct.unpack_from("<III", data, at)
    if length < 12:
        raise NotRead("damaged")
    return link, at + length


def _ppi(data: Buffer, at: int, _end: int) -> Found:
    length, link = struct.unpack_from("<2xHI", data, at)
    if length < 8:
        raise NotRead("damaged")
    return link, at + length


_READERS: dict[int, Callable[[Buffer, int, int], Found]] = {
    0: _family, 1: _ethernet, 9: _ppp, 11: _llc_alone, 12: _raw, 14: _raw, 50: _ppp, 51: _pppoe, 101: _raw,
    104: _cisco_hdlc, 105: _wireless, 108: _family, 113: _cooked, 119: _prism, 127: _radiotap, 163: _prism,
    166: _ppp_with_direction, 204: _ppp_with_direction, 228: _raw, 229: _raw, 239: _nflog, 240: _behind(4),
    241: _behind(12), 276: _cooked_2, 282: _tagged(4), 283: _behind(4), 284: _dsa, 285: _ethernet,
}  # fmt: skip
"""Link type -> what reads its frames."""
_WRAPPERS: dict[int, Callable[[Buffer, int, int], Found]] = {149: _pktap, 192: _ppi, 258: _pktap}
"""Link type of frames that hold a frame of another link type -> what gives that, and where it begins."""
