"""Forms of capture files beside the usual ones: read, or said by name, and never read in silence as something else."""

from __future__ import annotations

import gzip
import struct
import subprocess
from typing import TYPE_CHECKING

import pytest
from capture_files import RAW, block, enhanced, ethernet, interface, ipv4, pcap, question, section, udp
from daemons import program

from pytest_etsi.probes.capture import NotACaptureError, _files, _unpacking, read_capture
from pytest_etsi.probes.needles import Needles

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "Gru3n&Blau/7"
NAMES = [f"host{number}.example" for number in range(6)]
FRAMES = [ethernet(ipv4(udp(question(name), target=53))) for name in NAMES]
FRAME = FRAMES[0]


def classic(
    path: Path,
    lengths: list[tuple[int, int]],
    *,
    order: str = "<",
    magic: int = 0xA1B2C3D4,
    version: tuple[int, int] = (2, 4),
    behind: bytes = b"",
) -> Path:
    """A classic file; `lengths`: both numbers in the header of each packet, `behind`: what a longer header adds."""
    content = struct.pack(order + "IHHiIII", magic, *version, 0, 0, 65_535, 1)
    for number, told in enumerate(lengths):
        content += struct.pack(order + "IIII", 1_700_000_000 + number, 0, *told) + behind + FRAMES[number]
    path.write_bytes(content)
    return path


SIZES = [(len(frame), len(frame)) for frame in FRAMES]


# Classic ----------------------------------------------------------------------------------------------------


def test_a_packet_longer_than_its_original_length_is_read_and_so_is_the_rest(tmp_path: Path) -> None:
    seen = read_capture(classic(tmp_path / "a.pcap", [(size, size - 4) for size, _ in SIZES]))

    assert [one.name for one in seen.dns] == NAMES
    assert (seen.complete, seen.missing) == (True, ())


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("behind", [bytes(8), struct.pack("<IHBB", 2, 0x0800, 0, 0), bytes(12), bytes(4)])
@pytest.mark.parametrize("magic", [0xA1B2C3D4, 0xA1B2CD34])
def test_longer_headers_of_packets_are_told_by_what_follows_them(
    tmp_path: Path, order: str, behind: bytes, magic: int
) -> None:
    path = classic(tmp_path / "a.pcap", SIZES, order=order, behind=behind, magic=magic)

    seen = read_capture(path)

    assert [one.name for one in seen.dns] == NAMES
    assert [one.at_s for one in seen.dns] == [1_700_000_000 + number for number in range(6)]
    assert seen.complete


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_longer_headers_are_told_by_few_packets_too(tmp_path: Path, count: int) -> None:
    seen = read_capture(classic(tmp_path / "a.pcap", SIZES[:count], behind=bytes(8)))

    assert (len(seen.dns), seen.complete) == (count, True)


@pytest.mark.parametrize(
    "form", ["modpcap", "nokiapcap", "rh6_1pcap", "suse6_3pcap", "nsecpcap", "pcap", "pcapng"]
)
def test_what_wireshark_writes_is_read(tmp_path: Path, form: str) -> None:
    source, path = pcap(tmp_path / "a.pcap", FRAMES), tmp_path / "b.pcap"
    subprocess.run(
        [program("editcap"), "-F", form, source, path], check=True, capture_output=True, timeout=60
    )

    seen = read_capture(path)

    assert [one.name for one in seen.dns] == NAMES
    assert (seen.first_s, seen.complete) == (1_700_000_000.5, True)


@pytest.mark.parametrize("version", [(2, 2), (543, 0)])
def test_old_versions_have_both_lengths_the_other_way_round(tmp_path: Path, version: tuple[int, int]) -> None:
    lengths = [(size + 40, size) for size, _ in SIZES[:3]]

    seen = read_capture(classic(tmp_path / "a.pcap", lengths, version=version))

    assert [one.name for one in seen.dns] == NAMES[:3]
    assert seen.missing == ("3 packets were recorded in part only (snap length)",)


@pytest.mark.parametrize("turned", [False, True])
def test_in_version_2_3_the_smaller_length_is_that_in_the_file(tmp_path: Path, turned: bool) -> None:
    lengths = [(size, size + 40)[:: -1 if turned else 1] for size, _ in SIZES[:2]]

    seen = read_capture(classic(tmp_path / "a.pcap", lengths, version=(2, 3)))

    assert [one.name for one in seen.dns] == NAMES[:2]
    assert seen.missing == ("2 packets were recorded in part only (snap length)",)


@pytest.mark.parametrize("version", [(1, 4), (2, 5), (3, 0)])
def test_a_version_that_is_not_known_is_said(tmp_path: Path, version: tuple[int, int]) -> None:
    with pytest.raises(NotACaptureError, match=f"got {version[0]}.{version[1]}"):
        read_capture(classic(tmp_path / "a.pcap", SIZES, version=version))


@pytest.mark.parametrize("behind", [b"", bytes(8)])
@pytest.mark.parametrize("more", [0, 5])
def test_a_packet_larger_than_any_is_damage_and_one_as_large_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind: bytes, more: int
) -> None:
    monkeypatch.setattr(_files, "_LONGEST", 200)
    usual = classic(tmp_path / "u.pcap", SIZES[:4], behind=behind).read_bytes()
    path = tmp_path / "a.pcap"
    path.write_bytes(usual + struct.pack("<IIII", 1, 0, 200, 200 + more) + behind + bytes(200))
    beyond = tmp_path / "b.pcap"
    beyond.write_bytes(usual + struct.pack("<IIII", 1, 0, 201, 201 + more) + behind + bytes(201))

    assert read_capture(path).packets == 5
    assert "the file is damaged" not in str(read_capture(path).missing)
    seen = read_capture(beyond)
    assert (seen.packets, len(seen.missing)) == (4, 1)
    assert f"at byte {len(usual)} a packet claims 201 bytes" in seen.missing[0]


@pytest.mark.parametrize("behind", [b"", bytes(8)])
def test_an_empty_packet_at_the_end_is_one(tmp_path: Path, behind: bytes) -> None:
    path = classic(tmp_path / "a.pcap", SIZES[:4], behind=behind)
    path.write_bytes(path.read_bytes() + struct.pack("<IIII", 1, 0, 0, 0) + behind)

    seen = read_capture(path)

    assert (seen.packets, seen.unread) == (5, {"damaged": 1})


def test_an_empty_block_at_the_end_leaves_nothing_open(tmp_path: Path) -> None:
    assert read_capture(ng(tmp_path / "a.pcapng", enhanced(FRAME, 1), block(10, b""))).complete


@pytest.mark.parametrize("size", [23, 24, 25, 39])
def test_a_file_without_a_whole_packet_is_complete_only_if_it_ends_behind_its_header(
    tmp_path: Path, size: int
) -> None:
    path = classic(tmp_path / "a.pcap", SIZES[:1])
    path.write_bytes(path.read_bytes()[:size])

    seen = read_capture(path)

    assert (seen.packets, seen.complete) == (0, size == 24)


@pytest.mark.parametrize("off", [1, 9, 17, 24])
def test_a_file_of_longer_headers_that_ends_within_a_packet_is_incomplete(tmp_path: Path, off: int) -> None:
    path = classic(tmp_path / "a.pcap", SIZES, behind=bytes(8))
    path.write_bytes(path.read_bytes()[:-off])

    seen = read_capture(path)

    assert [one.name for one in seen.dns] == NAMES[:-1]
    assert "ends within a packet" in seen.missing[0]


# Pcapng -----------------------------------------------------------------------------------------------------


def ng(path: Path, *blocks: bytes, begin: bytes | None = None) -> Path:
    path.write_bytes((section() + interface(1) if begin is None else begin) + b"".join(blocks))
    return path


OLD = struct.pack("<HHIIII", 0, 0, 0, 7_000_000, len(FRAME), len(FRAME))


@pytest.mark.parametrize(
    "damaged",
    [
        block(1, bytes(4)),
        block(2, bytes(16)),
        block(2, OLD[:12] + struct.pack("<II", 999, 999) + FRAME),
        block(2, b"\1\0" + OLD[2:] + FRAME),
        block(3, b""),
        block(5, bytes(8)),
        block(6, bytes(16)),
        enhanced(FRAME, 1, 1),
        block(0x0A0D0D0A, bytes(16)),
    ],
    ids=[
        "an interface too short", "an old packet too short", "an old packet longer than its block",
        "an old packet of no interface", "a simple packet too short", "statistics too short", "a packet too short",
        "a packet of no interface", "a section of no byte order",
    ],
)  # fmt: skip
def test_a_block_that_is_not_what_it_says_makes_the_file_incomplete(tmp_path: Path, damaged: bytes) -> None:
    seen = read_capture(ng(tmp_path / "a.pcapng", enhanced(FRAME, 1), damaged, enhanced(FRAME, 2)))

    assert seen.packets == 1
    assert seen.missing[0].startswith("the file is damaged or cut off: ")


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (bytes(5), "it ends within a block, at byte 53"),
        (enhanced(FRAME, 1)[:-1], "it ends within a block, at byte 155"),
        (struct.pack("<II", 10, 14) + bytes(20), "at byte 48 a block claims 14 bytes"),
        (struct.pack("<II", 10, 8) + bytes(20), "at byte 48 a block claims 8 bytes"),
        (enhanced(FRAME, 1, original=999).replace(struct.pack("<I", len(FRAME)), struct.pack("<I", len(FRAME) + 4)),
         "the packet at byte 48 does not fit its block"),
    ],
    ids=["a few bytes more", "cut off", "of odd length", "shorter than its frame", "a packet longer than it"],
)  # fmt: skip
def test_where_and_how_a_file_of_blocks_ends_is_said(tmp_path: Path, last: bytes, told: str) -> None:
    seen = read_capture(ng(tmp_path / "a.pcapng", last))

    assert f"the file is damaged or cut off: {told}" in seen.missing


def test_an_empty_packet_in_a_block_is_one(tmp_path: Path) -> None:
    seen = read_capture(ng(tmp_path / "a.pcapng", enhanced(b"", 1), enhanced(FRAME, 2)))

    assert (seen.packets, seen.unread) == (2, {"damaged": 1})


def test_a_simple_packet_without_an_interface_is_damage(tmp_path: Path) -> None:
    simple = block(3, struct.pack("<I", len(FRAME)) + FRAME)

    assert not read_capture(ng(tmp_path / "a.pcapng", simple, begin=section())).complete
    assert read_capture(ng(tmp_path / "b.pcapng", simple)).complete


def test_a_simple_packet_that_was_cut_is_counted(tmp_path: Path) -> None:
    simple = block(3, struct.pack("<I", len(FRAME) + 1000) + FRAME)

    assert read_capture(ng(tmp_path / "a.pcapng", simple)).missing == (
        "1 packets were recorded in part only (snap length)",
    )


def test_an_old_packet_that_was_cut_and_those_lost_before_it_are_counted(tmp_path: Path) -> None:
    told = struct.pack("<HHIIII", 0, 3, 0, 0, len(FRAME), len(FRAME) + 1)
    unsaid = struct.pack("<HHIIII", 0, 0xFFFF, 0, 0, len(FRAME), len(FRAME))

    seen = read_capture(ng(tmp_path / "a.pcapng", block(2, told + FRAME), block(2, unsaid + FRAME)))

    assert seen.missing == (
        "1 packets were recorded in part only (snap length)",
        "the recorder has lost 3 packets",
    )


def test_packets_that_were_lost_before_one_are_counted(tmp_path: Path) -> None:
    head = struct.pack("<IIIII", 0, 0, 1, len(FRAME), len(FRAME))
    padded = FRAME + bytes(-len(FRAME) % 4)
    lost = block(6, head + padded + struct.pack("<HHIHHQI", 2, 4, 0, 4, 8, 5, 0))
    others = struct.pack("<HHIHHQHHI", 2, 4, 1, 5, 8, 77, 4, 4, 9)
    other = block(6, head + padded + others)

    assert read_capture(ng(tmp_path / "a.pcapng", lost, other)).missing == (
        "the recorder has lost 5 packets",
    )
    assert read_capture(ng(tmp_path / "b.pcapng", other)).complete


@pytest.mark.parametrize("code", [5, 7])
def test_packets_that_were_lost_as_statistics_say_are_counted(tmp_path: Path, code: int) -> None:
    lost = struct.pack("<HHQHHQHHI", 4, 8, 100, code, 8, 3, code, 4, 9)

    assert read_capture(ng(tmp_path / "a.pcapng", block(5, bytes(12) + lost))).missing == (
        "the recorder has lost 3 packets",
    )


@pytest.mark.parametrize("kind", [4, 9, 10, 0x0BAD, 0x40000BAD])
def test_a_block_that_holds_no_packet_leaves_nothing_open(tmp_path: Path, kind: int) -> None:
    assert read_capture(ng(tmp_path / "a.pcapng", block(kind, bytes(40)), enhanced(FRAME, 1))).complete


def test_a_block_that_is_not_known_may_hold_a_packet(tmp_path: Path) -> None:
    unknown = block(0x0777, b"password=" + SECRET.encode())

    seen = read_capture(ng(tmp_path / "a.pcapng", unknown, enhanced(FRAME, 1)), canaries={"p": SECRET})

    assert seen.unread == {f"block type {0x0777}": 1}
    assert [hit.source for hit in seen.canary_hits] == [""]
    assert not seen.complete
    assert len(seen.dns) == 1


# Compressed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.pcap", "a.pcapng"])
def test_a_file_compressed_by_gzip_is_read(tmp_path: Path, name: str) -> None:
    plain = (
        pcap(tmp_path / "p", FRAMES)
        if name == "a.pcap"
        else ng(tmp_path / "p", *(enhanced(f, 1) for f in FRAMES))
    )
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()[:90]) + gzip.compress(plain.read_bytes()[90:]))

    seen = read_capture(packed)

    assert [one.name for one in seen.dns] == NAMES
    assert (seen.file, seen.complete) == (f"{name}.gz", True)


@pytest.mark.parametrize("off", [4, 8, 9, 40])
def test_a_compressed_file_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, off: int) -> None:
    packed = tmp_path / "a.pcap.gz"
    content = pcap(tmp_path / "p", FRAMES * 40).read_bytes()
    packed.write_bytes(gzip.compress(content, 0)[:-off])

    seen = read_capture(packed)

    assert 230 < len(seen.dns) <= 240
    assert "could not be unpacked whole: its compression ends or is broken" in seen.missing[-1]


def test_a_compressed_file_of_which_the_checksum_is_wrong_is_incomplete(tmp_path: Path) -> None:
    packed = tmp_path / "a.pcap.gz"
    content = bytearray(gzip.compress(pcap(tmp_path / "p", FRAMES).read_bytes()))
    content[-6] ^= 1
    packed.write_bytes(content)

    assert not read_capture(packed).complete


def test_a_compressed_file_is_unpacked_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_unpacking, "MOST_UNPACKED", 3 << 20)
    packed = tmp_path / "a.pcap.gz"
    content = pcap(tmp_path / "p", [FRAME + bytes(60_000)] * 80).read_bytes()
    packed.write_bytes(gzip.compress(content, 1))

    seen = read_capture(packed)

    assert 40 < len(seen.dns) < 80
    assert f"only the first {3 << 20} bytes of it were unpacked" in seen.missing[-1]


@pytest.mark.parametrize("content", [b"", b"abc", b"no capture at all"])
def test_a_compressed_file_that_holds_no_capture_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(content))

    with pytest.raises(NotACaptureError, match="expected a pcap or pcapng file, got"):
        read_capture(path)


def test_a_file_that_was_compressed_twice_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(gzip.compress(pcap(tmp_path / "p", FRAMES).read_bytes())))

    with pytest.raises(NotACaptureError, match="compressed twice"):
        read_capture(path)


# Known values, wherever they are ----------------------------------------------------------------------------

LOGIN = ipv4(udp(b"password=" + SECRET.encode()))


@pytest.mark.parametrize(
    ("link", "frame", "source"),
    [
        (195, bytes(20) + LOGIN, ""),
        (1, bytes(12) + b"\x40\0\0\0\x08\0" + LOGIN, ""),
        (1, bytes(12) + b"\x08\0" + LOGIN[:8] + b"\0\x2a" + LOGIN[10:], "10.0.0.5"),
        (9, b"\xff\x03\0\x21" + LOGIN, "10.0.0.5"),
        (9, b"\xff\x03\xc0\x23\1\1\0\x20\6camera\x0c" + SECRET.encode(), ""),
        (RAW, ipv4(ipv4(udp(SECRET.encode()), source="192.0.2.9"), 4), "192.0.2.9"),
    ],
    ids=["unknown link", "unknown tag", "another life time", "PPP", "login by PPP", "tunnel"],
)
def test_a_known_value_is_found_whatever_carries_it(
    tmp_path: Path, link: int, frame: bytes, source: str
) -> None:
    seen = read_capture(pcap(tmp_path / "a.pcap", [frame], link=link), canaries={"p": SECRET})

    assert [(hit.name, hit.packet, hit.source) for hit in seen.canary_hits] == [("p", 1, source)]


def test_a_value_that_two_entries_have_is_found_for_both(tmp_path: Path) -> None:
    canaries = {"user": SECRET, "administrator": SECRET, "part": SECRET[:8]}

    seen = read_capture(pcap(tmp_path / "a.pcap", [LOGIN], link=RAW), canaries=canaries)

    assert {hit.name for hit in seen.canary_hits} == set(canaries)


def test_values_are_found_where_they_cross_a_seam_and_nowhere_else() -> None:
    needles = Needles({"user": SECRET, "administrator": SECRET, "part": SECRET[:8]})
    plain = [("user", "plain"), ("administrator", "plain")]

    assert needles.across(SECRET[:3].encode(), SECRET[3:].encode()) == [*plain, ("part", "plain")]
    assert needles.across(SECRET[:8].encode(), SECRET[8:].encode()) == plain
    assert needles.across(SECRET[:-1].encode(), SECRET[-1:].encode()) == plain
    assert needles.across(SECRET[:1].encode(), SECRET[1:].encode()) == [*plain, ("part", "plain")]
    assert needles.across(SECRET.encode(), b"and more of it") == []
    assert needles.across(b"and before it", SECRET.encode()) == []
    assert needles.across(SECRET.encode() * 2, SECRET.encode() * 2) == []


def test_a_known_value_in_a_tunnel_of_the_device_is_said_by_the_device(tmp_path: Path) -> None:
    path = pcap(tmp_path / "a.pcap", [ipv4(ipv4(udp(SECRET.encode()), source="192.0.2.9"), 4)], link=RAW)

    seen = read_capture(path, hosts=["10.0.0.5"], canaries={"p": SECRET})

    assert [(hit.source, hit.destination, hit.transport) for hit in seen.canary_hits] == [
        ("10.0.0.5", "10.0.0.1", "ip-4"),
    ]


@pytest.mark.parametrize("first", [True, False])
def test_a_known_value_in_a_fragment_tells_who_sent_it(tmp_path: Path, first: bool) -> None:
    payload = udp(bytes(8) + SECRET.encode() + bytes(4)) if first else SECRET.encode() + bytes(4)
    piece = ipv4(payload, fragment=0x2000 if first else 3)

    seen = read_capture(pcap(tmp_path / "a.pcap", [piece], link=RAW), canaries={"p": SECRET})

    assert [(hit.source, hit.destination, hit.port) for hit in seen.canary_hits] == [
        ("10.0.0.5", "10.0.0.1", 0)
    ]
    assert not seen.complete


def test_a_known_value_behind_the_place_where_a_file_is_damaged_is_not_lost(tmp_path: Path) -> None:
    path = pcap(tmp_path / "a.pcap", [FRAME, ethernet(LOGIN), ethernet(LOGIN)])
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, 24 + 16 + len(FRAME) + 8, 0x7FFFFFFF)
    path.write_bytes(content)

    seen = read_capture(path, canaries={"p": SECRET})

    assert seen.packets == 1
    assert [(hit.packet, hit.source) for hit in seen.canary_hits] == [(0, ""), (0, "")]
