"""What tunnels carry: GRE (RFC 2784, 2890, 2637), others over IP, and those over UDP that mirror traffic."""

from __future__ import annotations

import struct

from pytest_etsi.probes.capture._links import IPV4, IPV6, NoIp, NotRead

__all__ = ["UDP_TUNNELS", "in_gre", "in_ip", "in_udp"]

_ETHERNET_INSIDE, _MPLS = 0x6558, 0x8847
_GRE, _ETHERIP, _L2TP_IN_IP, _MPLS_IN_IP = 47, 97, 115, 137
_VXLAN, _VXLAN_OF_LINUX, _GENEVE, _TZSP, _TEREDO, _GTP, _L2TP = 4789, 8472, 6081, 37_008, 3544, 2152, 1701
_VXLAN_GPE, _MPLS_IN_UDP = 4790, 6635
UDP_TUNNELS = frozenset(
    {_VXLAN, _VXLAN_OF_LINUX, _VXLAN_GPE, _GENEVE, _TZSP, _TEREDO, _GTP, _L2TP, _MPLS_IN_UDP}
)
"""Ports at either end by which a datagram may be one of a tunnel."""


def in_ip(protocol: int, data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Ethernet type and place of what a tunnel straight over IP carries; None: it is none.

    Raises:
        NotRead: it is not read.
        struct.error, IndexError: it is cut off.
    """
    if protocol == _GRE:
        return in_gre(data, at, end)
    if protocol == _ETHERIP:  # RFC 3378
        if data[at] >> 4 != 3:
            raise NotRead(f"EtherIP of version {data[at] >> 4}")
        return _ETHERNET_INSIDE, at + 2
    if protocol == _MPLS_IN_IP:  # RFC 4023
        return _MPLS, at
    if protocol == _L2TP_IN_IP and data[at : at + 4] != bytes(4):  # RFC 3931; no session is control
        raise NotRead("L2TP of version 3")
    return None


def in_gre(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Ethernet type and place of what GRE carries; 0x880b: PPP; None: nothing.

    Raises:
        NotRead: it is not read.
        struct.error, IndexError: it is cut off.
    """
    flags, kind = struct.unpack_from(">HH", data, at)
    version, sequence = flags & 7, flags & 0x1000
    if version > 1 or flags & 0x4000:
        raise NotRead(f"GRE of version {version}" if version > 1 else "GRE with a route")
    at += 4 + (4 if flags & 0x8000 else 0) + (4 if flags & 0x2000 else 0) + (4 if sequence else 0)
    if version == 1:
        at += 4 if flags & 0x80 else 0
        return (kind, at) if sequence else None  # without a number it only acknowledges
    if kind == 0x88BE:  # a mirrored frame (ERSPAN); of its first type without a header
        return _ETHERNET_INSIDE, at + (8 if sequence else 0)
    if kind == 0x22EB:
        return _ETHERNET_INSIDE, at + 12 + (8 if data[at + 11] & 1 else 0)
    if at == end:
        return None  # by which both ends see that the other is there
    if kind == 0x880B:
        raise NotRead("GRE with PPP of another version")
    return kind, at


def in_udp(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Ethernet type and place of what a tunnel over UDP carries; None: it is none.

    Raises:
        NotRead, NoIp: it carries something that is not read, or that has no IP.
        struct.error, IndexError: it is cut off.
    """
    if at + 8 > end:
        return None
    source, target = struct.unpack_from(">HH", data, at)
    for port in (target, source):
        if port in UDP_TUNNELS:
            return _READERS[port](data, at + 8, end)
    return None


def _vxlan(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    if end - at < 22 or data[at] & 0xF7 or data[at + 7]:
        return None
    return _ETHERNET_INSIDE, at + 8


def _vxlan_gpe(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """As VXLAN, where the header says what follows."""
    if end - at < 16 or data[at] & 0xF0 or not data[at] & 4:
        return None
    inside = {1: IPV4, 2: IPV6, 3: _ETHERNET_INSIDE, 5: _MPLS}.get(data[at + 3])
    if inside is None:
        raise NotRead(f"VXLAN that carries the protocol {data[at + 3]}")
    return inside, at + 8


def _mpls_in_udp(_: bytes, at: int, end: int) -> tuple[int, int] | None:
    """RFC 7510."""
    return (_MPLS, at) if end - at >= 24 else None


def _geneve(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    if end - at < 8 or data[at] >> 6 or data[at + 7]:
        return None
    return struct.unpack_from(">H", data, at + 2)[0], at + 8 + (data[at] & 0x3F) * 4


def _tzsp(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """A mirrored frame of a router or an access point; fields until the one that ends them."""
    if end - at < 4 or data[at] != 1:
        return None
    kind, (inside,) = data[at + 1], struct.unpack_from(">H", data, at + 2)
    if kind not in {0, 1}:
        raise NoIp("TZSP without a frame")
    if inside != 1:
        raise NotRead(f"TZSP with frames of the kind {inside}")
    at += 4
    while data[at] != 1:
        at += 1 if data[at] == 0 else 2 + data[at + 1]
    return _ETHERNET_INSIDE, at + 1


def _teredo(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """IPv6 (RFC 4380), behind what proves and says where it comes from."""
    if data[at : at + 2] == b"\0\1":
        at += 13 + data[at + 2] + data[at + 3]
    if data[at : at + 2] == b"\0\0":
        at += 8
    return (IPV6, at) if end - at >= 40 and data[at] >> 4 == 6 else None


def _gtp(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    if end - at < 9 or data[at] >> 4 != 3 or data[at + 1] != 0xFF:
        return None
    if data[at] & 7:
        raise NotRead("GTP with further headers")
    return (IPV6 if data[at + 8] >> 4 == 6 else IPV4), at + 8


def _l2tp(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """A session of PPP (RFC 2661); messages that control the tunnel are none."""
    if end - at < 8 or data[at + 1] & 15 not in {2, 3} or data[at] & 0x80:
        return None
    if data[at + 1] & 15 == 3:
        raise NotRead("L2TP of version 3")
    flags = data[at]
    at += 6 + (2 if flags & 0x40 else 0) + (4 if flags & 8 else 0)
    if flags & 2:
        at += 2 + struct.unpack_from(">H", data, at)[0]
    return 0x880B, at


_READERS = {
    _VXLAN: _vxlan, _VXLAN_OF_LINUX: _vxlan, _VXLAN_GPE: _vxlan_gpe, _GENEVE: _geneve, _TZSP: _tzsp, _TEREDO: _teredo,
    _GTP: _gtp, _L2TP: _l2tp, _MPLS_IN_UDP: _mpls_in_udp,
}  # fmt: skip
