"""How fast ports are asked, and how a scan gives way to a device that cannot keep up."""

from __future__ import annotations

import ipaddress
import time

__all__ = ["BURST", "LAN_RATE", "Pace", "usual_rate"]

LAN_RATE = 1000.0
"""Questions per second at most to another machine, unless the profile says otherwise.

The small network stacks of microcontrollers take packets from a mailbox of some 32 places and drop what does not fit;
at one question per millisecond, `BURST` at once, even one that needs ten milliseconds now and then for something else
loses nothing. 60 bytes a thousand times per second are half a megabit: no load for the slowest Wi-Fi. All 65,535
ports then take 66 seconds.
"""
BURST = 16
"""Questions in a row after a pause, at most: half of such a mailbox."""
_FLOOR = 50.0
"""Slower than this no scan gets by itself: a profile may set less."""
_RECOVERY = 2000
"""Answers without a loss after which the pace rises by a tenth."""


def usual_rate(address: str) -> float | None:
    """The rate for a host if nobody sets one: `LAN_RATE`; None, no limit, for this machine itself."""
    try:
        return None if ipaddress.ip_address(address.partition("%")[0]).is_loopback else LAN_RATE
    except ValueError:
        return LAN_RATE


class Pace:
    """Hands out permission to ask.

    Attributes:
        rate: questions per second; None: no limit.
        losses: how often an answer came only when the question was repeated.
        lowest: the lowest rate so far, where losses lowered it.
    """

    __slots__ = ("_allowed", "_calm", "_limit", "_since", "_slowed_at", "losses", "lowest", "rate")

    def __init__(self, rate: float | None) -> None:
        """Start at `rate` questions per second, which is also the highest rate ever."""
        self.rate = rate
        self.losses = 0
        self.lowest: float | None = None
        self._limit = rate
        self._allowed = 1.0
        self._since = time.monotonic()
        self._calm = 0
        self._slowed_at = float("-inf")

    def due(self, now: float, at_most: int) -> int:
        """How many questions may be asked now, up to `at_most`; they count as asked."""
        if self.rate is None:
            return at_most
        self._allowed = min(float(BURST), self._allowed + (now - self._since) * self.rate)
        self._since = now
        granted = min(int(self._allowed), at_most)
        self._allowed -= granted
        return granted

    def pause(self) -> float:
        """Seconds until the next question may be asked."""
        return 0.0 if self.rate is None or self._allowed >= 1 else (1 - self._allowed) / self.rate

    def answered(self, count: int) -> None:
        """Take note of answers to first questions: after many of them, a slowed scan gets a little faster."""
        if self.lowest is None or self.rate is None or self._limit is None:
            return
        self._calm += count
        if self._calm >= _RECOVERY:
            self._calm = 0
            self.rate = min(self._limit, self.rate * 1.1)

    def lost(self, now: float, timeout_s: float) -> None:
        """A question had to be repeated to be answered: halve the rate, once for each time that answers may take."""
        self.losses += 1
        self._calm = 0
        if now - self._slowed_at < timeout_s:
            return
        self._slowed_at = now
        if self.rate is None:
            self.rate = self._limit = LAN_RATE
        elif self.rate > _FLOOR:
            self.rate = max(_FLOOR, self.rate / 2)
        self.lowest = min(self.rate, self.lowest or self.rate)
