"""What is said by TCP and UDP is read wherever it begins, or it is said that it could not be read."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from capture_files import RAW, answer, ipv4, pcap, question, tcp, tshark, udp

from pytest_etsi.probes.capture import read_capture
from pytest_etsi.probes.capture._streams import Half
from pytest_etsi.probes.tls.client_hello import NotAClientHelloError
from pytest_etsi.probes.tls.ssl2_hello import is_ssl2_hello, parse_ssl2_hello

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.probes.capture import CaptureObservation

HERE, THERE = "10.0.0.5", "10.0.0.1"
REQUEST = b"GET /status HTTP/1.1\r\nHost: camera.example\r\n\r\n"
SYN, PUSH, SYN_ACK = 2, 0x18, 0x12


def sent(payload: bytes, at: int, flags: int = PUSH, *, port: int = 80) -> bytes:
    return ipv4(tcp(payload, at, flags, target=port), 6)


def answered(payload: bytes, at: int, flags: int = PUSH, *, port: int = 80) -> bytes:
    return ipv4(tcp(payload, at, flags, port, 40_000), 6, source=THERE, target=HERE)


def connection(*payloads: bytes, port: int = 80) -> list[bytes]:
    """A client that begins at 100 and says something."""
    packets, at = [sent(b"", 100, SYN, port=port), answered(b"", 900, SYN_ACK, port=port)], 101
    for payload in payloads:
        packets.append(sent(payload, at, port=port))
        at += len(payload)
    return packets


def read(tmp_path: Path, packets: list[bytes], **canaries: str) -> CaptureObservation:
    return read_capture(pcap(tmp_path / "a.pcap", packets, link=RAW), hosts=[HERE], canaries=canaries)


def hello(*suites: int, version: int = 0x0303) -> bytes:
    """A record with a ClientHello of TLS without extensions."""
    body = (
        struct.pack(">H32sB", version, b"", 0)
        + struct.pack(f">H{len(suites)}H", 2 * len(suites), *suites)
        + b"\1\0"
    )
    return b"\x16\3\1" + struct.pack(">H", len(body) + 4) + b"\1" + len(body).to_bytes(3, "big") + body


def old_hello(*ciphers: int, version: int = 0x0301) -> bytes:
    """A ClientHello in the form of SSL 2.0."""
    kinds = b"".join(one.to_bytes(3, "big") for one in ciphers)
    body = b"\1" + struct.pack(">HHHH", version, len(kinds), 0, 16) + kinds + bytes(range(16))
    return struct.pack(">H", 0x8000 | len(body)) + body


# Data of the SYN --------------------------------------------------------------------------------------------


def test_a_request_in_the_syn_is_read(tmp_path: Path) -> None:
    seen = read(tmp_path, [sent(REQUEST, 100, SYN), answered(b"", 900, SYN_ACK)])

    assert [(one.method, one.host) for one in seen.http] == [("GET", "camera.example")]
    assert [flow.protection for flow in seen.flows] == ["plain"]


def test_a_hello_in_the_syn_is_read_with_what_follows_it(tmp_path: Path) -> None:
    weak = hello(0x0005, version=0x0301)
    packets = [sent(weak[:20], 100, SYN), answered(b"", 900, SYN_ACK), sent(weak[20:], 121)]

    seen = read(tmp_path, packets)

    assert [one.hello.suites for one in seen.client_hellos] == [("TLS_RSA_WITH_RC4_128_SHA",)]
    assert seen.complete


def test_data_of_the_syn_that_are_said_again_afterwards_are_read_once(tmp_path: Path) -> None:
    packets = [
        sent(REQUEST, 100, SYN), sent(REQUEST, 100, SYN), answered(b"", 900, SYN_ACK), sent(REQUEST, 101),
    ]  # fmt: skip

    seen = read(tmp_path, packets)

    assert len(seen.http) == 1
    assert not seen.flows[0].gaps


def test_an_answer_in_the_syn_is_read(tmp_path: Path) -> None:
    seen = read(tmp_path, [sent(b"", 100, SYN), answered(b"220 ready\r\n", 900, SYN_ACK)])

    assert [flow.protocol for flow in seen.flows] == ["ftp or smtp"]


def test_a_request_in_the_syn_of_a_second_connection_is_read(tmp_path: Path) -> None:
    packets = [sent(REQUEST, 100, SYN), answered(b"", 900, SYN_ACK), sent(REQUEST, 7000, SYN)]

    assert len(read(tmp_path, packets).http) == 2


def test_a_syn_that_is_acknowledged_twice_changes_nothing(tmp_path: Path) -> None:
    packets = [*connection(REQUEST), answered(b"HTTP/1.1 200 OK\r\n\r\n", 901), answered(b"", 900, SYN_ACK)]
    packets += [answered(b"more", 920)]

    seen = read(tmp_path, packets)

    assert not seen.flows[0].gaps
    assert seen.complete


def test_a_known_value_across_the_syn_and_what_follows_is_found(tmp_path: Path) -> None:
    packets = [sent(b"password=Gru3n", 100, SYN), answered(b"", 900, SYN_ACK), sent(b"&Blau/7;", 115)]

    assert [hit.offset for hit in read(tmp_path, packets, password="Gru3n&Blau/7").canary_hits] == [-1]


# Hellos -----------------------------------------------------------------------------------------------------


def test_a_hello_in_the_form_of_ssl_2_is_a_hello(tmp_path: Path) -> None:
    path = pcap(tmp_path / "a.pcap", connection(old_hello(0x010080, 0x000005, 0x0000FF), port=443), link=RAW)

    seen = read_capture(path)

    (one,) = seen.client_hellos
    assert one.hello.versions == ("TLSv1.0", "SSLv2")
    assert one.hello.suites == ("SSL_CK_RC4_128_WITH_MD5", "TLS_RSA_WITH_RC4_128_SHA")
    assert (one.client, one.server, one.server_port, one.carrier) == (HERE, THERE, 443, "tls")
    assert [flow.protection for flow in seen.flows] == ["tls"]
    assert tshark(path, "tls.handshake.type == 1", "tls.handshake.version") == [["0x0301"]]


@pytest.mark.parametrize(
    ("content", "versions"),
    [
        (old_hello(0x000005), ("TLSv1.0",)),
        (old_hello(0x000005, version=0x0300), ("SSLv3",)),
        (old_hello(0x010080, version=0x0002), ("SSLv2",)),
        (old_hello(0x00002F, version=0x0303), ("TLSv1.2",)),
    ],
)
def test_what_a_hello_of_the_old_form_offers(content: bytes, versions: tuple[str, ...]) -> None:
    told = parse_ssl2_hello(content)

    assert told is not None
    assert (told.versions, told.stated_versions) == (versions, False)


def test_a_hello_of_the_old_form_says_that_it_was_talked_down() -> None:
    told = parse_ssl2_hello(old_hello(0x00002F, 0x005600))

    assert told is not None
    assert told.fallback
    assert told.suites == ("TLS_RSA_WITH_AES_128_CBC_SHA",)


def test_a_hello_of_the_old_form_that_is_cut_off_is_awaited() -> None:
    assert parse_ssl2_hello(old_hello(0x000005)[:-1]) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        old_hello(0x000005)[:10],
        b"\0" + old_hello(0x000005)[1:],
        old_hello(0x000005, version=0x0203),
        old_hello(0x000005, version=0x0305),
        old_hello(),
        old_hello(0x000005).replace(b"\0\3\0\0\0\x10", b"\0\2\0\0\0\x10"),
        old_hello(0x000005).replace(b"\0\3\0\0\0\x10", b"\0\3\0\1\0\x0f"),
        old_hello(0x000005).replace(b"\0\3\0\0\0\x10", b"\0\6\0\0\0\x10"),
        old_hello(0x000005)[:2] + b"\2" + old_hello(0x000005)[3:],
    ],
)
def test_what_is_no_hello_of_the_old_form(content: bytes) -> None:
    assert not is_ssl2_hello(content)
    with pytest.raises(NotAClientHelloError, match="form of SSL 2"):
        parse_ssl2_hello(content)


@pytest.mark.parametrize("cut", [1, 20, 22])
def test_a_hello_of_which_the_end_is_missing_leaves_hellos_open(tmp_path: Path, cut: int) -> None:
    for content in (hello(0x0005), old_hello(0x010080, 0x000005)):
        seen = read(tmp_path, connection(content[:-cut], port=443))

        assert seen.missing == ("1 hellos could not be read",)
        assert seen.missing_for("hellos") == seen.missing
        assert not seen.missing_for("contacts")


def test_a_hello_that_is_damaged_leaves_hellos_open(tmp_path: Path) -> None:
    content = bytearray(hello(0x0005))
    content[43] = 200  # the length of the session

    assert read(tmp_path, connection(bytes(content), port=443)).missing_for("hellos")


def test_a_connection_that_began_before_the_capture_leaves_nothing_open(tmp_path: Path) -> None:
    seen = read(tmp_path, [sent(b"\x17\3\3\0\x20" + bytes(32), 100, port=443)])

    assert [flow.protection for flow in seen.flows] == ["tls"]
    assert seen.complete


@pytest.mark.parametrize(
    ("before", "protocol"),
    [
        (b"CONNECT cloud.example:443 HTTP/1.1\r\nHost: cloud.example\r\n\r\n", "http proxy with STARTTLS"),
        (b"\0\0\0\x08\x04\xd2\x16\x2f", "unknown with STARTTLS"),
        (b"\5\1\0\5\1\0\3\x0dcloud.example\1\xbb", "unknown with STARTTLS"),
        (b"PROXY TCP4 10.0.0.5 10.0.0.1 40000 443\r\n", "unknown with STARTTLS"),
        (b"EHLO camera\r\nSTARTTLS \x16\3\r\n", "smtp with STARTTLS"),
    ],
    ids=["proxy of HTTP", "PostgreSQL", "SOCKS", "PROXY", "SMTP"],
)
def test_a_hello_behind_something_else_is_read(tmp_path: Path, before: bytes, protocol: str) -> None:
    seen = read(tmp_path, connection(before, hello(0x0005)))

    assert [one.hello.suites for one in seen.client_hellos] == [("TLS_RSA_WITH_RC4_128_SHA",)]
    assert [(flow.protocol, flow.protection) for flow in seen.flows] == [(protocol, "tls")]


def datagram_hello(suite: int = 0xC02B) -> bytes:
    """A ClientHello of DTLS 1.2 with one suite."""
    body = struct.pack(">H32sBBHHBB", 0xFEFD, b"", 0, 0, 2, suite, 1, 0)
    head = b"\1" + len(body).to_bytes(3, "big") + bytes(5) + len(body).to_bytes(3, "big")
    return b"\x16\xfe\xff" + bytes(8) + struct.pack(">H", len(body) + 12) + head + body


STUN = struct.pack(">HHI12s", 1, 0, 0x2112A442, b"")


def test_a_hello_of_dtls_behind_what_settles_the_ways_is_read(tmp_path: Path) -> None:
    packets = [ipv4(udp(one, target=3478)) for one in (STUN, datagram_hello())]

    seen = read(tmp_path, packets)

    assert [one.hello.suites for one in seen.client_hellos] == [("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",)]
    assert [(flow.protocol, flow.protection) for flow in seen.flows] == [("stun with DTLS", "dtls")]


@pytest.mark.parametrize("first", [datagram_hello(), STUN, b"something else"])
def test_a_hello_of_dtls_is_read_however_late_it_comes(tmp_path: Path, first: bytes) -> None:
    packets = [ipv4(udp(one)) for one in (first, *[b"and more of it"] * 40, datagram_hello(0x0005))]

    seen = read(tmp_path, packets)

    assert seen.client_hellos[-1].hello.suites == ("TLS_RSA_WITH_RC4_128_SHA",)


def test_a_hello_of_dtls_that_is_cut_off_leaves_hellos_open(tmp_path: Path) -> None:
    content = datagram_hello()[:-4]

    assert read(tmp_path, [ipv4(udp(content))]).missing_for("hellos")


# Names ------------------------------------------------------------------------------------------------------


def by_tcp(*names: str) -> bytes:
    messages = [question(name) for name in names]
    return b"".join(struct.pack(">H", len(one)) + one for one in messages)


NAMES = [f"host{number}.example" for number in range(900)]


@pytest.mark.parametrize("size", [1, 7, 1400, 20_000])
def test_every_name_that_is_asked_for_by_tcp_is_read(tmp_path: Path, size: int) -> None:
    names = NAMES if size > 7 else NAMES[:20]
    content = by_tcp(*names)
    parts = [content[at : at + size] for at in range(0, len(content), size)]

    seen = read(tmp_path, connection(*parts, port=53))

    assert [one.name for one in seen.dns] == names
    assert seen.complete


@pytest.mark.parametrize(
    "content",
    [by_tcp("a.example")[:-3], by_tcp("a.example") + b"\0\x20" + b"\xff" * 32, b"\xf0\0" + bytes(17_000)],
    ids=["cut off", "damaged", "longer than what is looked at"],
)
def test_a_message_of_dns_by_tcp_that_is_not_read_leaves_names_open(tmp_path: Path, content: bytes) -> None:
    seen = read(tmp_path, connection(content, port=53))

    assert seen.missing == ("1 messages of DNS could not be read",)
    assert seen.missing_for("names") == seen.missing
    assert not seen.missing_for("contacts")


def test_a_request_to_the_port_of_dns_is_a_request(tmp_path: Path) -> None:
    assert [one.host for one in read(tmp_path, connection(REQUEST, port=53)).http] == ["camera.example"]


def test_names_are_read_behind_a_message_that_is_damaged(tmp_path: Path) -> None:
    damaged = question("a.example")[:-3]
    packets = [ipv4(udp(one, target=53)) for one in (*[damaged] * 30, question("late.example"))]

    seen = read(tmp_path, packets)

    assert [one.name for one in seen.dns] == ["late.example"]
    assert seen.missing == ("30 messages of DNS could not be read",)


def test_more_questions_in_a_message_than_are_read_leave_names_open(tmp_path: Path) -> None:
    part = question("a.example")[12:]
    several = struct.pack(">6H", 7, 0x0100, 21, 0, 0, 0) + part * 21

    assert read(tmp_path, [ipv4(udp(several, target=53))]).missing_for("names")


def test_a_refusal_without_its_question_leaves_nothing_open(tmp_path: Path) -> None:
    refused = struct.pack(">6H", 7, 0x8181, 0, 0, 0, 0)
    told = [
        ipv4(udp(one, 53, 40_000), source=THERE, target=HERE) for one in (answer("a.example", THERE), refused)
    ]

    assert read(tmp_path, [ipv4(udp(question("a.example"), target=53)), *told]).complete


# Gaps -------------------------------------------------------------------------------------------------------


def test_bytes_that_are_missing_in_a_connection_in_clear_leave_open_what_they_may_have_said(
    tmp_path: Path,
) -> None:
    packets = connection(REQUEST[:5])
    packets.append(sent(REQUEST[10:], 111))

    seen = read(tmp_path, packets)

    assert seen.flows[0].gaps
    assert seen.missing == ("bytes are missing in 1 connections, as far as they were looked into",)
    assert (
        seen.missing_for("values") == seen.missing_for("names") == seen.missing_for("hellos") == seen.missing
    )
    assert not seen.missing_for("contacts")


@pytest.mark.parametrize("begin", [0, 1, 2**32 - 1])
def test_a_connection_has_begun_whatever_number_it_begins_with(tmp_path: Path, begin: int) -> None:
    packets = [sent(b"", begin, SYN), answered(b"", 900, SYN_ACK), sent(REQUEST, (begin + 9) % 2**32)]

    seen = read(tmp_path, packets)

    assert [(flow.begun, flow.gaps) for flow in seen.flows] == [(True, True)]
    assert [one.outcome for one in seen.attempts] == ["accepted"]
    assert seen.missing_for("values")


def test_when_a_flow_began_and_ended_is_told_and_whether_its_beginning_is_there(tmp_path: Path) -> None:
    packets = [
        sent(REQUEST, 500), answered(b"HTTP/1.1 200 OK\r\n\r\n", 900), ipv4(udp(b"abc")), ipv4(udp(b"abc")),
    ]  # fmt: skip

    seen = read(tmp_path, packets)

    begin = 1_700_000_000.5
    assert [(flow.transport, flow.first_s, flow.last_s, flow.begun) for flow in seen.flows] == [
        ("tcp", begin, begin + 1, False),
        ("udp", begin + 2, begin + 3, True),
    ]
    assert {(flow.client, flow.server) for flow in seen.flows} == {(HERE, THERE)}


def test_bytes_that_are_missing_behind_a_hello_leave_nothing_open(tmp_path: Path) -> None:
    weak = hello(0x0005)
    packets = [
        *connection(weak, port=443),
        answered(b"\x16\3\3", 901, port=443),
        answered(bytes(40), 950, port=443),
    ]

    assert read(tmp_path, packets).complete


def test_a_segment_whose_header_is_longer_than_it_is_counted(tmp_path: Path) -> None:
    segment = bytearray(tcp(b"abc", 101))
    segment[12] = 0xF0

    seen = read(tmp_path, [*connection(), ipv4(bytes(segment), 6)])

    assert seen.unread == {"damaged": 1}
    assert not seen.complete


def test_what_comes_before_that_which_was_taken_for_the_beginning_is_a_gap() -> None:
    half = Half(True, b"")

    assert half.in_order(1000, b"later") == [b"later"]
    assert half.in_order(990, b"earlier") == []
    assert half.gaps


def test_what_is_sent_again_is_no_gap() -> None:
    half = Half(True, b"")
    half.begin(999)

    assert half.in_order(1000, b"first") == [b"first"]
    assert half.in_order(1000, b"first") == []
    assert half.in_order(1002, b"rst and more") == [b" and more"]
    assert not half.gaps


@pytest.mark.parametrize(("ahead", "waits"), [(2**31 - 1, True), (1_500_000_000, True), (2**31, False)])
def test_half_of_all_numbers_are_ahead_and_half_are_behind(ahead: int, waits: bool) -> None:
    half = Half(True, b"")
    half.begin(999)

    assert half.in_order(1000 + ahead, b"x") == []
    assert bool(half.pending) == waits


def test_the_longer_one_of_two_segments_that_wait_is_kept() -> None:
    half = Half(True, b"")
    half.begin(999)
    assert half.in_order(1010, b"abc") == []
    assert half.in_order(1010, b"abcdef") == []
    assert half.in_order(1010, b"ab") == []

    assert half.in_order(1000, bytes(10)) == [bytes(10), b"abcdef"]


def test_beyond_a_gap_it_goes_on_when_too_much_waits() -> None:
    half = Half(True, b"")
    half.begin(2**32 - 101)  # so that numbers begin anew in the middle
    begin = 2**32 - 100
    for number in range(1, 65):
        assert half.in_order((begin + 10 * number) % 2**32, b"x" * 10) == []
    assert not half.gaps

    told = half.in_order((begin + 650) % 2**32, b"y" * 10)

    assert b"".join(told) == b"x" * 640 + b"y" * 10
    assert half.gaps
    assert half.turn((begin + 660) % 2**32, b"next")


def test_a_segment_has_no_turn_while_others_wait() -> None:
    half = Half(True, b"")
    half.begin(999)

    assert half.turn(1000, b"abcde")
    assert not half.turn(1000, b"abcde")
    half.in_order(1010, b"later")
    assert not half.turn(1005, b"abcde")
    assert half.in_order(1005, b"abcde") == [b"abcde", b"later"]


def test_what_waits_behind_gaps_comes_at_the_end_in_order() -> None:
    half = Half(True, b"")
    half.begin(999)
    for at, part in ((1030, b"third"), (1010, b"first"), (1012, b"rstsecond"), (1013, b"st")):
        half.in_order(at, part)

    assert half.rest() == [b"first", b"second", b"third"]
    assert half.gaps
    assert half.rest() == []
