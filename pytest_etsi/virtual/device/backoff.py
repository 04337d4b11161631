"""How long to wait before the cloud service is tried again: longer each time, and never the same for all cameras."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.virtual.flaws import Flaw, PeerFlaw

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Backoff", "backoff_of"]


@dataclass(slots=True)
class Backoff:
    """The waits after failures in a row.

    Each is drawn evenly from the upper half of a limit, and the limit grows with each failure. Many cameras that have
    lost the service at the same moment therefore do not come back at the same moment.

    Attributes:
        first_s: the first limit, in seconds.
        growth: factor by which the limit grows.
        max_s: the highest limit, in seconds.
        draw: gives a number between its two arguments.
    """

    first_s: float = 1.0
    growth: float = 2.0
    max_s: float = 600.0
    draw: Callable[[float, float], float] = random.uniform
    _limit_s: float = field(default=0.0, init=False)

    def next_s(self) -> float:
        """The wait after one more failure, in seconds."""
        self._limit_s = min(self.max_s, self._limit_s * self.growth if self._limit_s else self.first_s)
        return self.draw(self._limit_s / 2, self._limit_s)

    def reset(self) -> None:
        """The service has answered: the next failure is the first one again."""
        self._limit_s = 0.0


def backoff_of(flaws: frozenset[Flaw], constant: Flaw = PeerFlaw.CONSTANT_RETRY) -> Backoff:
    """The waits of a camera with these flaws, of which `constant` makes them all alike."""
    if PeerFlaw.NO_BACKOFF in flaws and constant is PeerFlaw.CONSTANT_RETRY:
        return Backoff(first_s=0.02, growth=1.0)
    # With a factor of one and no choice, the wait is the first limit each time.
    return Backoff(growth=1.0, draw=max) if constant in flaws else Backoff()
