"""One direction of a flow: its counters, and its first bytes in their order."""

from __future__ import annotations

__all__ = ["EXAMINED", "Half"]

EXAMINED = 16_384
"""Bytes of each direction of a TCP connection that are examined for its protocol."""
_MOST_PENDING = 64
_WRAP = 1 << 32


class Half:
    """What one end of a flow sends.

    Attributes:
        forward: it is the end that the first packet came from.
        key: both addresses and ports, as its packets hold them.
        packets: number of its packets.
        octets: bytes of its IP datagrams.
        last: time of its last packet, in ns.
        wants: its payloads are still looked at.
        decided: its first message is known, or will not be.
        content: its first bytes, in order.
        pending: what came ahead of its turn, by sequence number.
        gaps: something in their middle is not in the capture.
    """

    __slots__ = (
        "_next", "_start", "content", "decided", "forward", "gaps", "key", "last", "octets", "packets", "pending",
        "tail", "wants",
    )  # fmt: skip

    def __init__(self, forward: bool, key: bytes) -> None:
        self.forward = forward
        self.key = key
        self.packets = 0
        self.octets = 0
        self.last = 0
        self.wants = True
        self.decided = False
        self.content = b""
        self.tail = b""
        self.gaps = False
        self._next = -1
        self._start = -1
        self.pending: dict[int, bytes] = {}

    def begin(self, sequence: int) -> None:
        """A handshake has told where the stream begins; said again, it changes nothing."""
        start = (sequence + 1) % _WRAP
        if start != self._start:
            self._next = self._start = start

    def turn(self, sequence: int, payload: bytes) -> bool:
        """Take a segment whose turn it is, when nothing waits behind it; gives whether that was so."""
        if sequence != self._next or self.pending:
            return False
        self._next = (sequence + len(payload)) % _WRAP
        return True

    def in_order(self, sequence: int, payload: bytes) -> list[bytes]:
        """Take a segment; gives what can be read on now, in order."""
        if self._next < 0:
            self._next = self._start = sequence
        ahead = (sequence - self._next) % _WRAP
        if ahead == 0:
            self._next = (sequence + len(payload)) % _WRAP
            return [payload, *self._released()] if self.pending else [payload]
        if ahead < _WRAP // 2:
            if len(payload) > len(self.pending.get(sequence, b"")):
                self.pending[sequence] = payload
            if len(self.pending) <= _MOST_PENDING:
                return []
            # What is missing will not come: go on behind the gap.
            self.gaps = True
            self._next = min(self.pending, key=lambda number: (number - self._next) % _WRAP)
            return list(self._released())
        known = _WRAP - ahead
        if known > (self._next - self._start) % _WRAP:
            self.gaps = True  # it came before what was taken for the beginning
        return self.in_order(self._next, payload[known:]) if len(payload) > known else []

    def _released(self) -> list[bytes]:
        found = []
        while self.pending:
            begin = min(self.pending, key=lambda number: (number - self._next + _WRAP // 2) % _WRAP)
            behind = (self._next - begin) % _WRAP
            if behind >= _WRAP // 2:
                break
            payload = self.pending.pop(begin)[behind:]
            if payload:
                found.append(payload)
                self._next = (self._next + len(payload)) % _WRAP
        return found

    def rest(self) -> list[bytes]:
        """At the end of the capture: what came behind a gap."""
        found: list[bytes] = []
        while self.pending:
            self.gaps = True
            self._next = min(self.pending, key=lambda number: (number - self._next) % _WRAP)
            found.extend(self._released())
        return found
