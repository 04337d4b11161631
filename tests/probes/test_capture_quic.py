"""What QUIC shows in its first packets, and the fingerprint of a client's hello."""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

from capture_files import ethernet, ipv4, pcap, tshark, udp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pytest_etsi.probes.capture import read_capture
from pytest_etsi.probes.tls.client_hello import parse_client_hello

if TYPE_CHECKING:
    from pathlib import Path

# QUIC -------------------------------------------------------------------------------------------------------

# RFC 9001, appendix A.1: connection identifier and the keys that follow from it.
DCID = bytes.fromhex("8394c8f03e515708")
KEY, IV, HP = (
    bytes.fromhex("1f369613dd76d5467730efcbe3b1a22d"),
    bytes.fromhex("fa044b2f42a3fd3b46fb255c"),
    bytes.fromhex("9f50449e04a0e810283a1e9933adedd2"),
)


def _initial(frames: bytes, number: int) -> bytes:
    """An Initial packet of a client, protected as RFC 9001, 5 says."""
    plain = frames.ljust(1162, b"\0")
    header = (
        b"\xc3\0\0\0\1\x08"
        + DCID
        + b"\0\0"
        + struct.pack(">H", 0x4000 | len(plain) + 20)
        + struct.pack(">I", number)
    )
    nonce = bytes(a ^ b for a, b in zip(IV, number.to_bytes(12, "big"), strict=True))
    sealed = AESGCM(KEY).encrypt(nonce, plain, header)
    encryptor = Cipher(algorithms.AES(HP), modes.ECB()).encryptor()
    mask = encryptor.update(sealed[:16])
    shown = bytes((header[0] ^ mask[0] & 15,)) + header[1:-4]
    return shown + bytes(a ^ b for a, b in zip(header[-4:], mask[1:5], strict=True)) + sealed


def _extension(kind: int, value: bytes) -> bytes:
    return struct.pack(">HH", kind, len(value)) + value


def _hello(suites: list[int], extensions: bytes, session: bytes = b"") -> bytes:
    body = b"\3\3" + bytes(32) + bytes((len(session),)) + session
    body += struct.pack(f">H{len(suites)}H", 2 * len(suites), *suites) + b"\1\0"
    body += struct.pack(">H", len(extensions)) + extensions
    return b"\1" + len(body).to_bytes(3, "big") + body


def test_quic_tells_the_host_also_when_its_hello_comes_in_pieces(tmp_path: Path) -> None:
    name = b"quic.example"
    extensions = _extension(0, struct.pack(">HBH", len(name) + 3, 0, len(name)) + name)
    extensions += _extension(43, b"\2\3\4") + _extension(16, b"\0\3\2h3")
    hello = _hello([0x1301, 0x1302], extensions)
    crypto = [b"\6" + struct.pack(">HH", 0x4000 | at, 0x4000 | len(hello[at : at + 50])) + hello[at : at + 50]
              for at in range(0, len(hello), 50)]  # fmt: skip
    packets = [_initial(b"\1" + crypto[1], 0), _initial(crypto[0] + b"".join(crypto[2:]), 1)]
    path = pcap(tmp_path / "q.pcap", [ethernet(ipv4(udp(one, target=443))) for one in packets])

    seen = read_capture(path)

    (flow,) = seen.flows
    assert (flow.protocol, flow.protection, flow.server_name) == ("quic", "quic", "quic.example")
    assert seen.client_hellos[0].hello.alpn == ("h3",)
    assert seen.client_hellos[0].hello.ja4.startswith("q13d0203h3_")
    assert ["quic.example"] in tshark(path, "quic", "tls.handshake.extensions_server_name")


def test_two_packets_of_quic_in_a_datagram_are_both_read(tmp_path: Path) -> None:
    hello = _hello([0x1301], _extension(43, b"\2\3\4"))
    half = len(hello) // 2
    parts = [
        b"\6" + struct.pack(">HH", 0x4000 | at, 0x4000 | len(part)) + part
        for at, part in ((0, hello[:half]), (half, hello[half:]))
    ]
    datagram = b"".join(_initial(part, number) for number, part in enumerate(parts))

    seen = read_capture(pcap(tmp_path / "q.pcap", [ethernet(ipv4(udp(datagram, target=443)))]))

    assert [one.hello.suites for one in seen.client_hellos] == [("TLS_AES_128_GCM_SHA256",)]
    assert seen.complete


def test_a_hello_of_quic_of_which_a_packet_is_missing_leaves_hellos_open(tmp_path: Path) -> None:
    hello = _hello([0x1301], _extension(43, b"\2\3\4"))
    part = b"\6" + struct.pack(">HH", 0x4000, 0x4000 | 30) + hello[:30]

    seen = read_capture(pcap(tmp_path / "q.pcap", [ethernet(ipv4(udp(_initial(part, 0), target=443)))]))

    assert seen.missing == ("1 hellos could not be read",)
    assert seen.missing_for("hellos")


# JA4 --------------------------------------------------------------------------------------------------------


def test_ja4_is_that_of_the_published_example() -> None:
    """The example of FoxIO's description of JA4: a browser, with placeholders (GREASE) among what it offers."""
    suites = [0x2A2A, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x9C,
              0x9D, 0x2F, 0x35]  # fmt: skip
    kinds = [
        0x1B,
        0x0,
        0x33,
        0x10,
        0x4469,
        0x17,
        0x2D,
        0x0D,
        0x05,
        0x23,
        0x12,
        0x2B,
        0xFF01,
        0x0B,
        0x0A,
        0x15,
    ]
    content = {
        0x0: struct.pack(">HBH", 6, 0, 3) + b"abc",
        0x10: b"\0\x0c\2h2\x08http/1.1",
        0x0D: struct.pack(">9H", 16, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601),
        0x2B: b"\6\x3a\x3a\3\4\3\3",
        0x0A: b"\0\4\0\x1d\0\x17",
    }
    told = [_extension(kind, content.get(kind, b"")) for kind in kinds]
    placeholder = _extension(0x5A5A, b"")

    for drawn in range(5):
        random.Random(drawn).shuffle(told)
        hello = parse_client_hello(_hello(suites, placeholder + b"".join(told)))

        assert hello.ja4 == "t13d1516h2_8daaf6152771_e5627efa2ab1"
