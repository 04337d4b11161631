"""Captures in every form that is read: file formats, link layers, IP headers, fragments, streams."""

from __future__ import annotations

import struct
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import pytest
from capture_files import (
    LOOP,
    NULL,
    RAW,
    SLL,
    SLL2,
    answer,
    block,
    enhanced,
    ethernet,
    interface,
    ipv4,
    ipv6,
    pcap,
    question,
    section,
    tcp,
    udp,
)
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.probes.capture import NotACaptureError, read_capture
from pytest_etsi.probes.capture._payloads import measure
from pytest_etsi.probes.capture._streams import Half

if TYPE_CHECKING:
    from pathlib import Path

QUERY = udp(question("camera.example"), target=53)


def _names(path: Path) -> list[str]:
    return [one.name for one in read_capture(path).dns]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_classic_files_are_read_in_both_byte_orders_and_resolutions(
    tmp_path: Path, order: str, nano: bool
) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", [ethernet(ipv4(QUERY))] * 2, order=order, nano=nano))

    assert (seen.packets, seen.first_s, seen.last_s) == (2, 1_700_000_000.5, 1_700_000_001.5)
    assert seen.complete
    assert [one.name for one in seen.dns] == ["camera.example"] * 2


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcapng_is_read_with_several_interfaces_and_resolutions(tmp_path: Path, order: str) -> None:
    path = tmp_path / "a.pcapng"
    path.write_bytes(
        section(order)
        + interface(1, order=order)
        + interface(RAW, (9, b"\x09"), (14, struct.pack(order + "q", 1000)), order=order)
        + interface(RAW, (9, b"\x8a"), order=order)
        + block(0x0BAD, b"something else", order)
        + enhanced(ethernet(ipv4(QUERY)), 2_000_000, order=order)
        + enhanced(ipv4(QUERY), 3_000_000_000, 1, order=order)
        + enhanced(ipv4(QUERY), 5 << 10, 2, order=order)
    )

    seen = read_capture(path)

    assert [one.at_s for one in seen.dns] == [2.0, 1003.0, 5.0]
    assert seen.complete


def test_each_section_of_pcapng_has_interfaces_and_byte_order_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    path.write_bytes(
        section("<") + interface(1) + enhanced(ethernet(ipv4(QUERY)), 1)
        + section(">") + interface(RAW, order=">") + enhanced(ipv4(QUERY), 1, order=">")
    )  # fmt: skip

    assert _names(path) == ["camera.example"] * 2


def test_simple_and_old_packet_blocks_are_read(tmp_path: Path) -> None:
    frame = ethernet(ipv4(QUERY))
    old = block(2, struct.pack("<HHIIII", 0, 0, 0, 7_000_000, len(frame), len(frame)) + frame)
    path = tmp_path / "a.pcapng"
    path.write_bytes(section() + interface(1) + block(3, struct.pack("<I", len(frame)) + frame) + old)

    seen = read_capture(path)

    assert [one.at_s for one in seen.dns] == [0.0, 7.0]


@pytest.mark.parametrize(
    ("link", "frame"),
    [
        (RAW, ipv4(QUERY)),
        (RAW, ipv6(QUERY)),
        (NULL, struct.pack("<I", 2) + ipv4(QUERY)),
        (NULL, struct.pack(">I", 2) + ipv4(QUERY)),
        (NULL, struct.pack("<I", 30) + ipv6(QUERY)),
        (LOOP, struct.pack(">I", 24) + ipv6(QUERY)),
        (SLL, struct.pack(">HHH8sH", 4, 1, 6, b"", 0x0800) + ipv4(QUERY)),
        (SLL2, struct.pack(">HHIHBB8s", 0x86DD, 0, 3, 1, 4, 6, b"") + ipv6(QUERY)),
        (1, ethernet(b"\0\5\x08\x00" + ipv4(QUERY), 0x8100)),
        (1, ethernet(b"\0\5\x81\x00" + b"\0\6\x86\xdd" + ipv6(QUERY), 0x88A8)),
        (1, ethernet(struct.pack(">BBHHH", 0x11, 0, 1, len(ipv4(QUERY)) + 2, 0x0021) + ipv4(QUERY), 0x8864)),
        (1, ethernet(ipv4(QUERY)) + bytes(30)),
        (1, ethernet(ipv4(QUERY, options=b"\x94\4\0\0"))),
        (1, ethernet(ipv6(QUERY), 0x86DD)),
        (1, ethernet(ipv6(struct.pack(">BB6x", 17, 0) + QUERY, 0), 0x86DD)),
        (1, ethernet(ipv6(struct.pack(">BB14x", 60, 1) + struct.pack(">BB6x", 17, 0) + QUERY, 43), 0x86DD)),
        (1, ethernet(ipv6(struct.pack(">BB22x", 17, 4) + QUERY, 51), 0x86DD)),
        (1, ethernet(ipv4(ipv6(QUERY), 41))),
        (1, ethernet(ipv4(ipv4(QUERY), 4))),
    ],
)  # fmt: skip
def test_link_layers_and_headers_lead_to_the_same_datagram(tmp_path: Path, link: int, frame: bytes) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", [frame], link=link))

    assert [one.name for one in seen.dns] == ["camera.example"]
    assert seen.unread == {}


def test_an_unknown_link_layer_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", [bytes(60)] * 3, link=195))

    assert not seen.complete
    assert seen.missing == ("3 packets could not be read: link type 195",)


def _fragments(payload: bytes, size: int) -> list[bytes]:
    return [
        ipv4(payload[at : at + size], fragment=at // 8 | (0x2000 if at + size < len(payload) else 0))
        for at in range(0, len(payload), size)
    ]


@given(st.permutations(range(4)))
def test_fragments_of_ipv4_are_put_together_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    whole = udp(question("a" * 60 + "." + "b" * 60 + ".example"), target=53)
    parts = _fragments(whole, 40)
    assert len(parts) == 4
    path = tmp_path_factory.mktemp("f") / "a.pcap"

    assert len(_names(pcap(path, [parts[at] for at in order], link=RAW))) == 1


def test_fragments_of_ipv6_are_put_together(tmp_path: Path) -> None:
    parts = [
        ipv6(struct.pack(">BBHI", 17, 0, at | (at + 16 < len(QUERY)), 99) + QUERY[at : at + 16], 44)
        for at in range(0, len(QUERY), 16)
    ]

    assert _names(pcap(tmp_path / "a.pcap", parts, link=RAW)) == ["camera.example"]


def test_a_datagram_whose_fragments_are_missing_makes_the_capture_incomplete(tmp_path: Path) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", _fragments(udp(bytes(100)), 40)[:-1], link=RAW))

    assert seen.missing == ("fragments of 1 datagrams are missing",)


def test_packets_that_were_recorded_in_part_make_the_capture_incomplete(tmp_path: Path) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", [ethernet(ipv4(udp(bytes(500))))] * 2, snap=96))

    assert seen.missing == ("2 packets were recorded in part only (snap length)",)


def test_packets_that_the_recorder_lost_make_the_capture_incomplete(tmp_path: Path) -> None:
    lost = struct.pack("<HHQHHQ", 4, 8, 100, 5, 8, 3) + bytes(4)
    path = tmp_path / "a.pcapng"
    path.write_bytes(section() + interface(1) + block(5, struct.pack("<III", 0, 0, 0) + lost))

    assert read_capture(path).missing == ("the recorder has lost 3 packets",)


@pytest.mark.parametrize("left", [1, 10, 17])
def test_a_file_that_ends_within_a_packet_is_read_as_far_as_it_goes(tmp_path: Path, left: int) -> None:
    path = pcap(tmp_path / "a.pcap", [ethernet(ipv4(QUERY))] * 2)
    path.write_bytes(path.read_bytes()[:-left])

    seen = read_capture(path)

    assert len(seen.dns) == 1
    assert not seen.complete
    assert "ends within a packet" in seen.missing[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "0 bytes"),
        (b"\x1f\x8b\x08\0abc", "unpack it"),
        (b"\x28\xb5\x2f\xfd" + bytes(20), "zstd: unpack it"),
        (b"snoop\0\0\0" + bytes(20), "of snoop"),
        (b"\xd4\xc3\xb2\xa1\3\0\0\0" + bytes(16), "older, got 3.0"),
        (b"#!/bin/sh\n", "23 21 2f 62"),
        (b"ab", "2 bytes"),
    ],
)
def test_what_is_no_capture_is_refused_and_named(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)

    with pytest.raises(NotACaptureError, match=told):
        read_capture(path)


# Streams ----------------------------------------------------------------------------------------------------

REQUEST = b"GET /status?key=value HTTP/1.1\r\nHost: camera.example\r\nAuthorization: Bearer abc\r\n\r\n"


def _connection(payloads: list[tuple[int, bytes]], begin: int = 100) -> list[bytes]:
    opening = [
        ipv4(tcp(b"", begin, 2), 6),
        ipv4(tcp(b"", 900, 0x12, 80, 40_000), 6, source="10.0.0.1", target="10.0.0.5"),
    ]
    return opening + [ipv4(tcp(data, (begin + 1 + at) % 2**32), 6) for at, data in payloads]


@given(
    st.lists(st.integers(1, len(REQUEST) - 1), max_size=8, unique=True),
    st.randoms(use_true_random=False),
    st.sampled_from([100, 2**32 - 30]),
)
def test_a_request_is_read_however_it_is_cut_repeated_and_shuffled(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], random: Random, begin: int
) -> None:
    edges = [0, *sorted(cuts), len(REQUEST)]
    parts = [(low, REQUEST[low:high]) for low, high in pairwise(edges)]
    parts += parts[:2]
    random.shuffle(parts)
    path = tmp_path_factory.mktemp("s") / "a.pcap"

    seen = read_capture(pcap(path, _connection(parts, begin), link=RAW), canaries={"x": "Bearer abc"})

    (request,) = seen.http
    assert (request.method, request.path, request.host) == ("GET", "/status", "camera.example")
    assert request.authorization == "Bearer"
    assert {hit.name for hit in seen.canary_hits} == {"x"}
    assert seen.flows[0].begun
    assert not seen.flows[0].gaps


def test_what_is_missing_in_a_stream_is_told(tmp_path: Path) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", _connection([(0, b"GET /"), (40, b"later")]), link=RAW))

    assert seen.flows[0].gaps


@given(st.binary(min_size=1, max_size=200), st.data())
def test_segments_in_any_order_give_the_bytes_in_their_order(content: bytes, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(content)), max_size=10))
    edges = [0, *sorted(cuts), len(content)]
    parts = [(low, content[low:high]) for low, high in pairwise(edges) if low < high]
    begin = data.draw(st.integers(0, 2**32 - 1))
    half = Half(True, b"")
    half.begin((begin - 1) % 2**32)

    told = b""
    for at, part in data.draw(st.permutations(parts)):
        told += b"".join(half.in_order((begin + at) % 2**32, part))

    assert told == content


def test_attempts_to_connect_are_counted_once_each_with_their_outcome(tmp_path: Path) -> None:
    back = {"source": "10.0.0.1", "target": "10.0.0.5"}
    packets = [
        ipv4(tcp(b"", 100, 2), 6),
        ipv4(tcp(b"", 100, 2), 6),  # the same attempt, repeated
        ipv4(tcp(b"", 0, 0x14, 80, 40_000), 6, **back),
        ipv4(tcp(b"", 777, 2), 6),  # a new one from the same port
        ipv4(tcp(b"", 900, 0x12, 80, 40_000), 6, **back),
        ipv4(tcp(b"", 5, 2, 40_001), 6),
    ]

    seen = read_capture(pcap(tmp_path / "a.pcap", packets, link=RAW, begin=1000))

    assert [(one.at_s, one.outcome) for one in seen.attempts] == [
        (1000.5, "refused"), (1003.5, "accepted"), (1005.5, "silent"),
    ]  # fmt: skip
    assert [flow.packets for flow in seen.flows] == [(2, 1), (1, 1), (1, 0)]
    assert [flow.octets for flow in seen.flows] == [(80, 40), (40, 40), (40, 0)]


@pytest.mark.parametrize(
    ("content", "protection"),
    [
        (b"\x17\x03\x03\x00\x20" + bytes(32), "tls"),
        (b"\x15\x03\x01\x00\x02\x02\x28", "tls"),
        (b"\x16\x03\x01\x00\x20\x09" + b"temperature" * 20, "unknown-low-entropy"),
        (b"\x17\x03\x03\xff\xff" + b"temperature" * 20, "unknown-low-entropy"),
        (b"\x14\x03\x03\x01\x00" + b"temperature" * 20, "unknown-low-entropy"),
        (b"SSH-2.0-dropbear\r\n", "ssh"),
        (b"GET / HTTP/1.1\r\n\r\n", "plain"),
        (b"", "empty"),
        (b"hello", "unknown"),
    ],
)
def test_only_what_is_tls_is_taken_for_it(tmp_path: Path, content: bytes, protection: str) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", _connection([(0, content)]), link=RAW))

    assert [flow.protection for flow in seen.flows] == [protection]


# Known values -----------------------------------------------------------------------------------------------

SECRET = "Gru3n&Blau/7"


@pytest.mark.parametrize(
    ("form", "coding"),
    [
        (b"Gru3n&Blau/7", "plain"),
        (b"R3J1M24mQmxhdS83", "base64"),
        (b"eEdydTNuJkJsYXUvNw==", "base64"),
        (b"477275336e26426c61752f37", "hex"),
        (b"477275336E26426C61752F37", "hex"),
        (b"Gru3n%26Blau%2F7", "url"),
        (b"Gru3n%26Blau%2f7", "url"),
        (b"G\0r\0u\x003\0n\0&\0B\0l\0a\0u\0/\x007\0", "utf-16"),
    ],
)
def test_a_known_value_is_found_in_every_form(tmp_path: Path, form: bytes, coding: str) -> None:
    packets = [ethernet(ipv4(udp(b"nothing"))), ethernet(ipv4(udp(b"x" + form + b"y")))]

    seen = read_capture(
        pcap(tmp_path / "a.pcap", packets), canaries={"password": SECRET, "other": "Rot-12345"}
    )

    (hit,) = seen.canary_hits
    assert (hit.name, hit.coding, hit.packet, hit.source, hit.port) == ("password", coding, 2, "10.0.0.5", 9)
    assert SECRET not in str(seen)
    assert seen.canaries == ("password", "other")


def test_a_known_value_is_found_late_in_a_long_connection_and_across_packets(tmp_path: Path) -> None:
    parts = [(at, bytes(range(256)) * 4) for at in range(0, 64 * 1024, 1024)]
    parts += [(64 * 1024, b"......Gru3n"), (64 * 1024 + 11, b"&Blau/7.....")]

    seen = read_capture(
        pcap(tmp_path / "a.pcap", _connection(parts), link=RAW), canaries={"password": SECRET}
    )

    assert [(hit.name, hit.coding, hit.packet, hit.offset) for hit in seen.canary_hits] == [
        ("password", "plain", 68, -1)
    ]


def test_a_known_value_is_found_in_a_datagram_that_came_in_fragments(tmp_path: Path) -> None:
    parts = _fragments(udp(b"." * 30 + SECRET.encode() + b"." * 30), 40)

    seen = read_capture(pcap(tmp_path / "a.pcap", parts, link=RAW), canaries={"password": SECRET})

    assert [(hit.name, hit.port) for hit in seen.canary_hits] == [("password", 9)]


def test_a_known_value_that_is_too_short_is_named_and_not_searched(tmp_path: Path) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", [ethernet(ipv4(QUERY))]), canaries={"pin": "1234"})

    assert seen.missing == ("shorter than 6 bytes and therefore not searched: pin",)
    assert seen.canaries == ()


def test_names_of_addresses_come_from_answers(tmp_path: Path) -> None:
    told = udp(answer("cloud.example", "192.0.2.7"), 53, 40_000)

    seen = read_capture(pcap(tmp_path / "a.pcap", [ethernet(ipv4(told))]))

    assert seen.called("192.0.2.7") == ("cloud.example",)


# What unknown content looks like ----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [64, 100, 256, 400, 1000, 4096, 20_000])
def test_random_content_looks_encrypted(count: int) -> None:
    drawn = Random(count)

    assert {measure(drawn.randbytes(count)) for _ in range(20)} == {"unknown-high-entropy"}


@pytest.mark.parametrize(
    "content",
    [
        b'{"temperature": 21.5, "battery": 87}' * 4,
        bytes(200),
        bytes(range(32)) * 9,
        b"R3J1M24mQmxhdS83ab+/" * 30,
    ],
)
def test_text_and_structures_do_not_look_encrypted(content: bytes) -> None:
    assert measure(content) == "unknown-low-entropy"


def test_of_few_bytes_nothing_is_said() -> None:
    assert measure(b"\x93\x1f" * 31) == "unknown"
