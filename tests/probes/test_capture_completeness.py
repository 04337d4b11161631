"""A capture of which something could not be read is not complete, and says what; what carries no ports is kept too."""

from __future__ import annotations

import struct

import pytest
from capture_files import (
    ETHERNET,
    block,
    enhanced,
    ethernet,
    interface,
    ipv4,
    ipv6,
    pcap,
    question,
    section,
    udp,
)

from pytest_etsi.probes.capture import read_capture

QUERY = udp(question("camera.example"), target=53)
WHOLE = ethernet(ipv4(QUERY))
WHOLE_6 = ethernet(ipv6(QUERY), 0x86DD)


def changed(frame, at, value):
    """A frame with other bytes at a place of its IP header."""
    return frame[: 14 + at] + value + frame[14 + at + len(value) :]


def piece(at, length=8, *, more=True, ident=7):
    """A fragment of a datagram; `at`: where it belongs, in bytes."""
    return ethernet(ipv4(bytes(length), ident=ident, fragment=at // 8 | (0x2000 if more else 0)))


@pytest.mark.parametrize(
    "frame",
    [
        WHOLE[:14],
        WHOLE[:33],
        changed(WHOLE, 0, b"\x65"),
        changed(WHOLE, 0, b"\x44"),
        changed(WHOLE, 2, struct.pack(">H", 19)),
        WHOLE_6[:53],
        changed(WHOLE_6, 0, b"\x45"),
        changed(WHOLE_6[:54] + b"\x11\x09" + bytes(14), 6, b"\0"),
        WHOLE[:13],
        ethernet(ipv4(QUERY[:7])),
        piece(0xFFF8, 16),
    ],
    ids=[
        "only the link layer", "half of a header of IPv4", "another version than 4", "a header too short for IPv4",
        "shorter than its header", "half of a header of IPv6", "another version than 6", "headers longer than the packet",
        "half of a link layer", "half of a header of UDP", "a fragment beyond the longest datagram",
    ],
)  # fmt: skip
def test_a_damaged_packet_makes_the_capture_incomplete(tmp_path, frame):
    seen = read_capture(pcap(tmp_path / "a.pcap", [WHOLE, frame]))

    assert not seen.complete
    assert seen.unread == {"damaged": 1}
    assert "1 packets could not be read: damaged" in seen.missing


@pytest.mark.parametrize("frame", [WHOLE, WHOLE_6])
def test_a_whole_packet_does_not(tmp_path, frame):
    seen = read_capture(pcap(tmp_path / "a.pcap", [frame]))

    assert (seen.complete, seen.missing, seen.unread) == (True, (), {})


def test_a_datagram_of_which_a_fragment_is_missing_makes_it_incomplete(tmp_path):
    assert not read_capture(pcap(tmp_path / "a.pcap", [piece(0)])).complete
    assert read_capture(pcap(tmp_path / "b.pcap", [piece(0, 16), piece(16, more=False)])).complete


def test_more_fragments_than_are_kept_make_it_incomplete(tmp_path):
    seen = read_capture(pcap(tmp_path / "a.pcap", [piece(0, ident=number) for number in range(257)]))

    assert seen.unread == {"fragments without the rest": 1}
    assert set(seen.missing) == {
        "fragments of 256 datagrams are missing",
        "1 packets could not be read: fragments without the rest",
    }


def test_a_kind_of_link_that_is_not_read_makes_it_incomplete(tmp_path):
    seen = read_capture(pcap(tmp_path / "a.pcap", [b"\0" * 40], link=147))

    assert not seen.complete
    assert seen.unread == {"link type 147": 1}


def test_what_is_no_ip_at_all_is_counted_and_nothing_is_missing(tmp_path):
    seen = read_capture(pcap(tmp_path / "a.pcap", [ethernet(bytes(40), 0x88CC), ethernet(bytes(28), 0x0806)]))

    assert seen.complete
    assert seen.unread == {"Ethernet type 0x88cc": 1}


@pytest.mark.parametrize(
    ("frame", "transport"),
    [
        (ethernet(ipv4(b"\x08\0" + bytes(30), 1)), "icmp"),
        (ethernet(ipv6(b"\x80\0" + bytes(30), 58), 0x86DD), "icmp6"),
        (ethernet(ipv4(bytes(30), 50)), "ip-50"),
    ],
)
def test_a_transport_without_ports_is_a_flow_as_well(tmp_path, frame, transport):
    seen = read_capture(pcap(tmp_path / "a.pcap", [frame, WHOLE]))

    assert [flow.transport for flow in seen.flows] == [transport, "udp"]


def _pcapng(path, *blocks):
    path.write_bytes(section() + interface(ETHERNET) + b"".join(blocks))
    return path


@pytest.mark.parametrize(
    "last",
    [
        enhanced(WHOLE, 1)[:-8],
        b"\6\0\0\0\x0b\0\0\0" + bytes(24),
        b"\6\0\0\0\x0e\0\0\0" + bytes(24),
        block(6, struct.pack("<IIIII", 0, 0, 0, 1000, 1000) + WHOLE),
    ],
    ids=["cut off", "a block too short", "a block of odd length", "a packet longer than its block"],
)
def test_a_damaged_file_is_incomplete_and_keeps_what_comes_before(tmp_path, last):
    seen = read_capture(_pcapng(tmp_path / "a.pcapng", enhanced(WHOLE, 1), last))

    assert not seen.complete
    assert seen.missing[0].startswith("the file is damaged or cut off: ")
    assert seen.packets == 1


def test_a_whole_file_is_complete(tmp_path):
    seen = read_capture(_pcapng(tmp_path / "a.pcapng", enhanced(WHOLE, 1), enhanced(WHOLE, 2)))

    assert (seen.complete, seen.packets) == (True, 2)


def test_packets_recorded_in_part_make_it_incomplete(tmp_path):
    exact = read_capture(pcap(tmp_path / "a.pcap", [WHOLE], snap=len(WHOLE)))
    cut = read_capture(pcap(tmp_path / "b.pcap", [WHOLE], snap=len(WHOLE) - 1))

    assert exact.complete
    assert cut.missing == ("1 packets were recorded in part only (snap length)",)


@pytest.mark.parametrize("off", range(1, 16))
def test_a_classic_file_that_ends_in_the_middle_of_a_packet_is_incomplete(tmp_path, off):
    path = pcap(tmp_path / "a.pcap", [WHOLE, WHOLE])
    path.write_bytes(path.read_bytes()[:-off])

    assert not read_capture(path).complete
