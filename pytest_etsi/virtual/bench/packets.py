"""TCP connections told as packets, in the format of capture files (pcap), as a gateway would have recorded them."""

from __future__ import annotations

import ipaddress
import itertools
import struct
import time
from dataclasses import dataclass, field
from functools import lru_cache

__all__ = ["PCAP_HEADER", "ConnectionTrace"]

PCAP_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 101)
"""The beginning of a file: microseconds, and packets that begin with the IP header (LINKTYPE_RAW)."""

_MSS = 1400
_TCP = 6
_FIN, _SYN, _RST, _PSH, _ACK = 1, 2, 4, 8, 16
_WINDOW = 64_240
_numbers = itertools.count(1)


@dataclass(slots=True)
class ConnectionTrace:
    """One connection of a client to a server, each given as address and port.

    The methods return what a capture has of the event: records that can be appended to a file after `PCAP_HEADER`.
    """

    client: tuple[str, int]
    server: tuple[str, int]
    _next: dict[bool, int] = field(default_factory=dict)
    """Sequence number of the next byte, by whether the client sends it."""
    _over: bool = False

    def __post_init__(self) -> None:
        number = next(_numbers)
        self._next = {True: 1_000_003 * number % 2**32, False: 2_000_029 * number % 2**32}

    def opened(self) -> bytes:
        """The three steps of the handshake."""
        return (
            self._segment(_SYN, by_client=True)
            + self._segment(_SYN | _ACK, by_client=False)
            + self._segment(_ACK, by_client=True)
        )

    def sent(self, data: bytes, *, by_client: bool) -> bytes:
        """Data from one side, and the other side's acknowledgement."""
        parts = [
            self._segment(_PSH | _ACK, data[at : at + _MSS], by_client=by_client)
            for at in range(0, len(data), _MSS)
        ]
        return b"".join((*parts, self._segment(_ACK, by_client=not by_client)))

    def ended(self, *, by_client: bool) -> bytes:
        """One side has nothing more to say."""
        return self._segment(_FIN | _ACK, by_client=by_client) + self._segment(_ACK, by_client=not by_client)

    def reset(self, *, by_client: bool) -> bytes:
        """One side breaks off; nothing comes after it."""
        segment = self._segment(_RST | _ACK, by_client=by_client)
        self._over = True
        return segment

    def _segment(self, flags: int, data: bytes = b"", *, by_client: bool) -> bytes:
        if self._over:
            return b""
        source, target = (self.client, self.server) if by_client else (self.server, self.client)
        sequence = self._next[by_client]
        acknowledged = self._next[not by_client] if flags & _ACK else 0
        self._next[by_client] = (sequence + len(data) + bool(flags & (_SYN | _FIN))) % 2**32
        header = struct.pack(
            ">HHIIBBHHH", source[1], target[1], sequence, acknowledged, 5 << 4, flags, _WINDOW, 0, 0
        )
        return _record(_datagram(source[0], target[0], header, data))


def _datagram(source: str, target: str, header: bytes, data: bytes) -> bytes:
    """An IP datagram around a TCP segment whose checksum is still zero."""
    first, second = _address(source), _address(target)
    length = len(header) + len(data)
    pseudo = first.packed + second.packed + struct.pack(">IHH", length, 0, _TCP)
    segment = header[:16] + struct.pack(">H", _checksum(pseudo + header + data)) + header[18:] + data
    if first.version == 6:
        return struct.pack(">IHBB", 6 << 28, length, _TCP, 64) + first.packed + second.packed + segment
    start = struct.pack(">BBHHHBB", 0x45, 0, 20 + length, 0, 0x4000, 64, _TCP)
    addresses = first.packed + second.packed
    return start + struct.pack(">H", _checksum(start + bytes(2) + addresses)) + addresses + segment


@lru_cache(maxsize=64)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(text)


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    padded = data + b"\0" if len(data) % 2 else data
    total: int = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _record(packet: bytes) -> bytes:
    now = time.time_ns() // 1000
    return struct.pack("<IIII", now // 1_000_000, now % 1_000_000, len(packet), len(packet)) + packet
