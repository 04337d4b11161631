"""Frames of every kind lead to the datagram in them, or are counted by what they are; tshark reads the same ones."""

from __future__ import annotations

import struct
from random import Random
from typing import TYPE_CHECKING

import pytest
from capture_files import (
    ETHERNET,
    enhanced,
    ethernet,
    interface,
    ipv4,
    ipv6,
    pcap,
    question,
    section,
    tshark,
    udp,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_etsi.probes.capture import read_capture

if TYPE_CHECKING:
    from pathlib import Path

NAME = "camera.example"
QUERY = udp(question(NAME), target=53)
FOUR, SIX = ipv4(QUERY), ipv6(QUERY)
MACS = bytes(5) + b"\x09" + bytes(6)
STATIONS = bytes.fromhex("021122334455 02aabbccddee")


def of_type(kind: int) -> bytes:
    return struct.pack(">H", kind)


def logical(content: bytes) -> bytes:
    """A frame of IEEE 802.3, whose type is its length, with what 802.2 says in it."""
    return MACS + of_type(len(content)) + content


def snap(kind: int, content: bytes, organisation: bytes = b"\0\0\0") -> bytes:
    return b"\xaa\xaa\3" + organisation + of_type(kind) + content


def vlan(tags: int, kind: int, content: bytes) -> bytes:
    return MACS + b"\x81\0\0\5" * tags + of_type(kind) + content


def label(last: bool) -> bytes:
    return struct.pack(">I", 17 << 12 | last << 8 | 64)


def session(protocol: bytes, content: bytes) -> bytes:
    """A frame of PPPoE."""
    return (
        MACS
        + of_type(0x8864)
        + struct.pack(">BBHH", 0x11, 0, 1, len(content) + len(protocol))
        + protocol
        + content
    )


def wireless(
    content: bytes, *, subtype: int = 0, flags: int = 1, quality: bytes = b"", sequence: int = 16
) -> bytes:
    """A data frame of IEEE 802.11 to the access point."""
    addresses = bytes(18) + struct.pack("<H", sequence) + (bytes(6) if flags & 3 == 3 else b"")
    return bytes((8 | subtype << 4, flags, 0, 0)) + addresses + quality + content


def radiotap(frame: bytes, flags: int = 0, *, time: bool = False) -> bytes:
    fields = (bytes(8) if time else b"") + bytes((flags,))
    return struct.pack("<BBHI", 0, 0, 8 + len(fields), 3 if time else 2) + fields + frame


def field(kind: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def gre(kind: int, content: bytes, flags: int = 0, parts: bytes = b"") -> bytes:
    return struct.pack(">HH", flags, kind) + parts + content


def nested(times: int) -> bytes:
    datagram = FOUR
    for _ in range(times):
        datagram = ipv4(datagram, 4)
    return datagram


IN_DATA = snap(0x0800, FOUR)
READ = {
    "802.2 SNAP": (1, logical(snap(0x0800, FOUR))),
    "802.2 SNAP of a bridge": (1, logical(snap(0x86DD, SIX, b"\0\0\xf8"))),
    "802.2 for IP": (1, logical(b"\x06\x06\x03" + FOUR)),
    "802.2 SNAP behind a VLAN tag": (1, MACS + b"\x81\0\0\5" + logical(snap(0x0800, FOUR))[12:]),
    "five VLAN tags": (1, vlan(5, 0x0800, FOUR)),
    "twenty VLAN tags": (1, vlan(20, 0x86DD, SIX)),
    "VLAN tags of three kinds": (1, MACS + b"\x88\xa8\0\5\x91\0\0\6\x81\0\0\7\x08\0" + FOUR),
    "MPLS": (1, MACS + of_type(0x8847) + label(True) + FOUR),
    "three labels of MPLS": (1, MACS + of_type(0x8848) + label(False) * 2 + label(True) + SIX),
    "Ethernet over MPLS": (1, MACS + of_type(0x8847) + label(True) + bytes(4) + STATIONS + b"\x08\0" + FOUR),
    "EtherType DSA": (1, MACS + b"\xda\xda\0\0" + b"\xc0\x08\0\0" + of_type(0x0800) + FOUR),
    "DSA": (284, MACS + b"\xc0\x08\0\0" + of_type(0x0800) + FOUR),
    "tag of Realtek": (1, MACS + of_type(0x8899) + b"\xa0\x01" + of_type(0x0800) + FOUR),
    "tag of Broadcom": (282, MACS + b"\0\0\0\1" + of_type(0x0800) + FOUR),
    "tag of Broadcom before": (283, b"\0\0\0\1" + ethernet(FOUR)),
    "802.1CB": (1, MACS + of_type(0xF1C1) + bytes(4) + of_type(0x0800) + FOUR),
    "a frame in a frame": (1, MACS + of_type(0x88E7) + bytes(4) + ethernet(FOUR)),
    "PPPoE": (1, session(b"\0\x21", FOUR)),
    "PPPoE with IPv6": (1, session(b"\0\x57", SIX)),
    "PPP": (9, b"\xff\x03\0\x21" + FOUR),
    "PPP in short": (9, b"\x21" + FOUR),
    "PPP with MPLS": (50, b"\xff\x03\x02\x81" + label(True) + FOUR),
    "PPP of pppd": (166, b"\1\x03\0\x21" + FOUR),
    "PPP with a direction": (204, b"\1\xff\x03\0\x21" + FOUR),
    "HDLC of Cisco": (104, b"\x0f\0\x08\0" + FOUR),
    "PPP that is HDLC of Cisco": (50, b"\x0f\0\x86\xdd" + SIX),
    "802.11": (105, wireless(IN_DATA)),
    "802.11 with a quality of service": (105, wireless(IN_DATA, subtype=8, quality=bytes(2))),
    "802.11 between access points": (105, wireless(IN_DATA, flags=3)),
    "radiotap": (127, radiotap(wireless(IN_DATA))),
    "radiotap with time and padding": (
        127, radiotap(wireless(bytes(2) + IN_DATA, subtype=8, quality=bytes(2)), 0x20, time=True)),
    "Prism": (119, struct.pack("<II", 0x44, 144) + bytes(136) + wireless(IN_DATA)),
    "AVS": (163, struct.pack(">II", 0x80211001, 64) + bytes(56) + wireless(IN_DATA)),
    "PPI": (192, struct.pack("<BBHI", 0, 0, 8, 105) + wireless(IN_DATA)),
    "NFLOG": (239, b"\2\0\0\0" + field(10, b"log\0\0") + field(9, FOUR)),
    "NFLOG of IPv6": (239, b"\x0a\0\0\0" + field(9, SIX)),
    "PKTAP": (258, struct.pack("<III", 108, 1, 1) + bytes(96) + ethernet(FOUR)),
    "PKTAP without Ethernet": (149, struct.pack("<III", 108, 1, 12) + bytes(96) + FOUR),
    "classical IP over ATM": (11, snap(0x0800, FOUR)),
    "Linux cooked with 802.2": (113, struct.pack(">HHH8sH", 4, 1, 6, b"", 4) + IN_DATA),
    "Linux cooked with a VLAN tag": (276, struct.pack(">HHIHBB8s", 0x8100, 0, 3, 1, 4, 6, b"") + b"\0\5\x08\0" + FOUR),
    "GRE": (1, ethernet(ipv4(gre(0x0800, FOUR), 47))),
    "GRE with a checksum, a key and a number": (1, ethernet(ipv4(gre(0x86DD, SIX, 0xB000, bytes(12)), 47))),
    "GRE with Ethernet": (1, ethernet(ipv6(gre(0x6558, ethernet(FOUR)), 47), 0x86DD)),
    "PPTP": (1, ethernet(ipv4(gre(0x880B, b"\xff\x03\0\x21" + FOUR, 0x3001, bytes(8)), 47))),
    "a mirrored frame": (1, ethernet(ipv4(gre(0x88BE, ethernet(FOUR), 0x1000, bytes(4) + b"\x10\0\0\0\0\0\0\0"), 47))),
    "IPv4 in IPv4 in IPv4": (1, ethernet(ipv4(ipv4(FOUR, 4), 4))),
    "IPv6 in IPv4": (1, ethernet(ipv4(SIX, 41))),
    "authentication of IPv4": (1, ethernet(ipv4(struct.pack(">BB22x", 17, 4) + QUERY, 51))),
    "VXLAN": (1, ethernet(ipv4(udp(b"\x08\0\0\0\0\0\5\0" + ethernet(FOUR), target=4789)))),
    "Geneve": (1, ethernet(ipv4(udp(b"\1\0\x65\x58\0\0\5\0" + bytes(4) + ethernet(FOUR), target=6081)))),
    "TZSP": (1, ethernet(ipv4(udp(b"\1\0\0\1\0\x0a\1\7\1" + ethernet(FOUR), target=37_008)))),
    "VXLAN that says what it carries": (1, ethernet(ipv4(udp(b"\x0c\0\0\1\0\0\5\0" + FOUR, target=4790)))),
    "VXLAN that says that it carries Ethernet": (
        1, ethernet(ipv4(udp(b"\x0c\0\0\3\0\0\5\0" + ethernet(FOUR), target=4790)))),
    "MPLS over UDP": (1, ethernet(ipv4(udp(label(True) + FOUR, target=6635)))),
    "MPLS over IP": (1, ethernet(ipv4(label(True) + FOUR, 137))),
    "Ethernet over IP": (1, ethernet(ipv4(b"\x30\0" + ethernet(FOUR), 97))),
    "Teredo": (1, ethernet(ipv4(udp(b"\0\0\1\2\3\4\5\6" + SIX, target=3544)))),
    "GTP": (1, ethernet(ipv4(udp(b"\x30\xff" + struct.pack(">HI", len(FOUR), 7) + FOUR, target=2152)))),
    "L2TP": (1, ethernet(ipv4(udp(b"\x02\x02\0\1\0\2\0\0" + b"\xff\x03\0\x21" + FOUR, target=1701, source=1701)))),
}  # fmt: skip


@pytest.mark.parametrize("kind", READ)
def test_a_frame_leads_to_the_datagram_in_it(tmp_path: Path, kind: str) -> None:
    link, frame = READ[kind]

    seen = read_capture(pcap(tmp_path / "a.pcap", [frame], link=link))

    assert [one.name for one in seen.dns] == [NAME]
    assert (seen.missing, seen.unread) == ((), {})


NOT_BY_TSHARK = {
    "DSA",
    "EtherType DSA",
    "tag of Broadcom",
    "tag of Broadcom before",
    "tag of Realtek",
    "PPP of pppd",
}
"""What this version of it shows as mere data."""


def test_tshark_reads_the_same_frames_so(tmp_path: Path) -> None:
    chosen = {kind: told for kind, told in READ.items() if kind not in NOT_BY_TSHARK}
    path = tmp_path / "a.pcapng"
    content = section()
    for link, _ in chosen.values():
        content += interface(link)
    for number, (_, frame) in enumerate(chosen.values()):
        content += enhanced(frame, number, number)
    path.write_bytes(content)

    told = dict(tshark(path, "dns", "frame.number", "dns.qry.name"))

    assert {kind for number, kind in enumerate(chosen, 1) if told.get(str(number)) != NAME} == set()
    assert [one.name for one in read_capture(path).dns] == [NAME] * len(chosen)


NOT_READ = {
    "IEEE 802.2 with the service 0xf0": (1, logical(b"\xf0\xf0\x03" + bytes(40))),
    "IEEE 802.2 SNAP 00123f:0800": (1, logical(snap(0x0800, FOUR, b"\0\x12\x3f"))),
    "IEEE 802.3 with the length 1500": (1, MACS + of_type(1500) + snap(0x0800, FOUR)),
    "Ethernet type 0x88e5": (1, MACS + of_type(0x88E5) + bytes(60)),
    "Ethernet type 0x4000": (1, MACS + b"\x40\0\0\0" + of_type(0x0800) + FOUR),
    "MPLS that carries neither IP nor Ethernet": (1, MACS + of_type(0x8847) + label(True) + bytes(60)),
    "more than 64 tags": (1, vlan(65, 0x0800, FOUR)),
    "PPP protocol 0x00fd": (9, b"\xff\x03\0\xfd" + bytes(40)),
    "PPP protocol 0x003d": (1, session(b"\0\x3d", bytes(40))),
    "IEEE 802.11 encrypted": (127, radiotap(wireless(IN_DATA, flags=0x41))),
    "IEEE 802.11 in fragments": (105, wireless(IN_DATA, sequence=17)),
    "IEEE 802.11 with several packets in a frame": (105, wireless(IN_DATA, subtype=8, quality=b"\x80\0")),
    "IEEE 802.11 damaged on the air": (127, radiotap(wireless(IN_DATA), 0x40)),
    "NFLOG without a packet": (239, b"\2\0\0\0" + field(10, b"log\0")),
    "NFLOG of family 7": (239, b"\7\0\0\0" + field(9, FOUR)),
    "address family 7": (0, struct.pack("<I", 7) + bytes(40)),
    "version 5 of IP": (101, b"\x55" + bytes(40)),
    "Linux cooked capture of hardware 803": (113, struct.pack(">HHH8sH", 4, 803, 6, b"", 4) + bytes(40)),
    "Linux cooked capture with the protocol 0x000c": (113, struct.pack(">HHH8sH", 4, 280, 6, b"", 12) + bytes(40)),
    "EAP with TLS": (1, MACS + of_type(0x888E) + b"\2\0\0\x40\2\1\0\x40\x0d" + bytes(60)),
    "link type 195": (195, bytes(40)),
    "GRE of version 3": (1, ethernet(ipv4(gre(0x0800, FOUR, 3), 47))),
    "GRE with a route": (1, ethernet(ipv4(gre(0x0800, FOUR, 0x4000), 47))),
    "tunnels in tunnels": (1, ethernet(nested(10))),
    "TZSP with frames of the kind 18": (1, ethernet(ipv4(udp(b"\1\0\0\x12\1" + bytes(40), target=37_008)))),
    "EtherIP of version 4": (1, ethernet(ipv4(b"\x40\0" + ethernet(FOUR), 97))),
    "VXLAN that carries the protocol 4": (1, ethernet(ipv4(udp(b"\x0c\0\0\4\0\0\5\0" + bytes(40), target=4790)))),
    "L2TP of version 3": (1, ethernet(ipv4(struct.pack(">I", 7) + ethernet(FOUR), 115))),
    "more than 11 headers of IPv6": (
        1, ethernet(ipv6(struct.pack(">BB6x", 60, 0) * 11 + struct.pack(">BB6x", 17, 0) + QUERY, 60), 0x86DD)),
}  # fmt: skip


@pytest.mark.parametrize("reason", NOT_READ)
def test_a_frame_that_is_not_read_to_its_end_leaves_questions_open(tmp_path: Path, reason: str) -> None:
    link, frame = NOT_READ[reason]

    seen = read_capture(pcap(tmp_path / "a.pcap", [frame], link=link))

    assert seen.unread == {reason: 1}
    assert seen.missing == (f"1 packets could not be read: {reason}",)
    assert seen.missing_for("hellos") == seen.missing
    assert not seen.dns


ASIDE = {
    "Ethernet type 0x88cc": MACS + of_type(0x88CC) + bytes(40),
    "Ethernet type 0x888e": MACS + of_type(0x888E) + b"\2\3\0\x5f\2" + bytes(90),
    "IEEE 802.2": logical(b"\x42\x42\3" + bytes(35)),
    "IEEE 802.2 SNAP of Cisco": logical(snap(0x2000, bytes(40), b"\0\0\x0c")),
    "control of PPP": session(b"\xc0\x21", b"\1\1\0\4"),
}


@pytest.mark.parametrize("reason", ASIDE)
def test_a_frame_that_carries_no_ip_by_its_nature_is_counted_and_leaves_nothing_open(
    tmp_path: Path, reason: str
) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", [ASIDE[reason]]))

    assert seen.unread == {reason: 1}
    assert (seen.complete, seen.missing) == (True, ())


def test_an_exchange_of_stations_and_beacons_leave_nothing_open(tmp_path: Path) -> None:
    exchange = logical(b"\0\1\xaf\x81\1\2")
    beacon = radiotap(b"\x80\0" + bytes(60))

    assert read_capture(pcap(tmp_path / "a.pcap", [exchange])).complete
    assert read_capture(
        pcap(tmp_path / "b.pcap", [beacon, radiotap(b"\xd4\0" + bytes(12))], link=127)
    ).complete


def test_only_hellos_are_left_open_by_a_login_to_the_network_with_tls(tmp_path: Path) -> None:
    _, frame = NOT_READ["EAP with TLS"]

    seen = read_capture(pcap(tmp_path / "a.pcap", [frame]))

    assert seen.missing_for("hellos")
    assert not seen.missing_for("contacts") + seen.missing_for("names") + seen.missing_for("values")


def test_a_tunnel_is_a_contact_as_well_as_what_is_in_it(tmp_path: Path) -> None:
    outer = ipv4(ipv6(QUERY, source="2001:db8::7"), 41, source="10.0.0.5", target="203.0.113.9")

    seen = read_capture(pcap(tmp_path / "a.pcap", [ethernet(outer)]), hosts=["10.0.0.5"])

    assert {(flow.transport, flow.client, flow.server) for flow in seen.flows} == {
        ("ip-41", "10.0.0.5", "203.0.113.9"),
        ("udp", "2001:db8::7", "2001:db8::1"),
    }
    assert [flow.server for flow in seen.outgoing] == ["203.0.113.9"]


def test_what_is_in_a_tunnel_over_udp_is_read_in_every_packet(tmp_path: Path) -> None:
    names = [f"host{number}.example" for number in range(40)]
    inner = [ethernet(ipv4(udp(question(name), target=53))) for name in names]
    frames = [ethernet(ipv4(udp(b"\x08\0\0\0\0\0\5\0" + one, target=4789))) for one in inner]

    seen = read_capture(pcap(tmp_path / "a.pcap", frames))

    assert [one.name for one in seen.dns] == names
    assert {flow.server_port for flow in seen.flows} == {53, 4789}


def test_other_datagrams_to_the_port_of_a_tunnel_are_none(tmp_path: Path) -> None:
    frame = ethernet(ipv4(udp(b"temperature of the room", target=4789)))

    seen = read_capture(pcap(tmp_path / "a.pcap", [frame]))

    assert [(flow.server_port, flow.protection) for flow in seen.flows] == [(4789, "unknown")]
    assert seen.complete


def test_nothing_is_read_beyond_the_end_of_a_frame(tmp_path: Path) -> None:
    """The tags of the first frame would go on in the second, which lies behind it in the file."""
    seen = read_capture(pcap(tmp_path / "a.pcap", [MACS + b"\x81\0\0\5" * 3, ethernet(FOUR)]))

    assert seen.unread == {"damaged": 1}
    assert len(seen.dns) == 1


@pytest.mark.parametrize("link", [0x04000001, 0x54000001])
def test_what_a_link_type_says_of_checksums_is_no_part_of_its_number(tmp_path: Path, link: int) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", [ethernet(FOUR) + bytes(4)], link=link))

    assert (len(seen.dns), seen.complete) == (1, True)


def test_a_link_type_of_a_class_that_is_not_known_is_said(tmp_path: Path) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", [ethernet(FOUR)], link=0x02240001))

    assert seen.unread == {f"link type {0x02240001}": 1}


def test_every_interface_has_a_link_type_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    path.write_bytes(
        section() + interface(ETHERNET) + interface(127) + interface(195)
        + enhanced(radiotap(wireless(IN_DATA)), 1, 1) + enhanced(ethernet(FOUR), 2, 0) + enhanced(bytes(40), 3, 2)
    )  # fmt: skip

    seen = read_capture(path)

    assert len(seen.dns) == 2
    assert seen.missing == ("1 packets could not be read: link type 195",)


@settings(max_examples=300)
@given(st.sampled_from(sorted(READ)), st.integers(0, 2**32), st.integers(1, 6))
def test_a_damaged_frame_is_a_flow_or_is_counted(
    tmp_path_factory: pytest.TempPathFactory, kind: str, seed: int, times: int
) -> None:
    link, frame = READ[kind]
    drawn, damaged = Random(seed), bytearray(frame)
    for _ in range(times):
        damaged[drawn.randrange(min(len(damaged), 70))] = drawn.choice(
            [0, 1, 0x7F, 0x80, 0xFF, drawn.randrange(256)]
        )
    del damaged[len(damaged) - drawn.choice([0, 0, drawn.randrange(len(damaged))]) :]

    seen = read_capture(pcap(tmp_path_factory.getbasetemp() / "damaged.pcap", [bytes(damaged)], link=link))

    assert seen.packets == 1
    assert seen.flows or seen.unread or seen.missing or b"\x08\x06" in damaged


@given(st.integers(0, 300), st.binary(max_size=200))
def test_any_bytes_of_any_link_type_are_a_flow_or_are_counted(
    tmp_path_factory: pytest.TempPathFactory, link: int, content: bytes
) -> None:
    seen = read_capture(pcap(tmp_path_factory.getbasetemp() / "any.pcap", [content], link=link))

    assert seen.packets == 1
    assert seen.flows or seen.unread or seen.missing or b"\x08\x06" in content
