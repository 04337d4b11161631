"""Packets and capture files built byte by byte from their specifications, and tshark as second reader."""

from __future__ import annotations

import ipaddress
import struct
import subprocess
from typing import TYPE_CHECKING

from daemons import program

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ETHERNET, RAW, NULL, LOOP, SLL, SLL2 = 1, 101, 0, 108, 113, 276


def ipv4(
    payload: bytes, protocol: int = 17, *, source: str = "10.0.0.5", target: str = "10.0.0.1", ident: int = 1,
    fragment: int = 0, options: bytes = b"",
) -> bytes:  # fmt: skip
    """A datagram (RFC 791); `fragment`: flags and offset as they stand in the header."""
    length = 20 + len(options) + len(payload)
    ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(target).packed
    first = 0x40 | 5 + len(options) // 4
    return (
        struct.pack(">BBHHHBBH", first, 0, length, ident, fragment, 64, protocol, 0)
        + ends
        + options
        + payload
    )


def ipv6(
    payload: bytes, following: int = 17, *, source: str = "2001:db8::5", target: str = "2001:db8::1"
) -> bytes:
    """A datagram (RFC 8200)."""
    ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(target).packed
    return struct.pack(">IHBB", 6 << 28, len(payload), following, 64) + ends + payload


def udp(payload: bytes, source: int = 40_000, target: int = 9) -> bytes:
    """A datagram (RFC 768)."""
    return struct.pack(">HHHH", source, target, 8 + len(payload), 0) + payload


def tcp(payload: bytes, sequence: int, flags: int = 0x18, source: int = 40_000, target: int = 80) -> bytes:
    """A segment (RFC 9293) without options."""
    return struct.pack(">HHIIBBHHH", source, target, sequence, 0, 0x50, flags, 65_535, 0, 0) + payload


def ethernet(payload: bytes, kind: int = 0x0800) -> bytes:
    """A frame of Ethernet II."""
    return bytes(12) + struct.pack(">H", kind) + payload


def question(name: str, identifier: int = 7, kind: int = 1) -> bytes:
    """A question of DNS (RFC 1035)."""
    labels = b"".join(bytes((len(part),)) + part.encode() for part in name.split("."))
    return struct.pack(">6H", identifier, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)


def answer(name: str, address: str, identifier: int = 7) -> bytes:
    """Its answer: one A record."""
    asked = question(name, identifier)
    record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + ipaddress.ip_address(address).packed
    return struct.pack(">6H", identifier, 0x8180, 1, 1, 0, 0) + asked[12:] + record


def pcap(
    path: Path, packets: Iterable[bytes], *, link: int = ETHERNET, order: str = "<", nano: bool = False,
    begin: int = 1_700_000_000, snap: int = 262_144,
) -> Path:  # fmt: skip
    """A file in the classic format, one packet per second."""
    content = struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snap, link)
    for number, packet in enumerate(packets):
        kept = packet[:snap]
        content += struct.pack(
            order + "IIII", begin + number, 500_000 * (1000 if nano else 1), len(kept), len(packet)
        )
        content += kept
    path.write_bytes(content)
    return path


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A block of pcapng."""
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + length + body + length


def section(order: str = "<") -> bytes:
    """The block that begins a section."""
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int, *options: tuple[int, bytes], order: str = "<") -> bytes:
    """The block that describes an interface."""
    told = b"".join(
        struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)
        for code, value in options
    )
    return block(1, struct.pack(order + "HHI", link, 0, 0) + told + (bytes(4) if options else b""), order)


def enhanced(
    packet: bytes, ticks: int, number: int = 0, order: str = "<", original: int | None = None
) -> bytes:
    """The block of a packet; `ticks`: its time in the interface's unit."""
    head = struct.pack(
        order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(packet), original or len(packet)
    )
    return block(6, head + packet, order)


def tshark(path: Path, only: str, *fields: str, decode: Iterable[str] = ()) -> list[list[str]]:
    """The fields of all packets that a display filter lets through, as tshark reads them."""
    command = [program("tshark"), "-n", "-r", str(path), "-Y", only, "-T", "fields"]
    command += [part for field in fields for part in ("-e", field)]
    command += [part for one in decode for part in ("-d", one)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    return [line.split("\t") for line in output.splitlines()]
