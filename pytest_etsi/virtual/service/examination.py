"""The service's examination of diagnostics: what an attack on a camera looks like from afar."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

__all__ = ["FAILED_LOGINS", "RESTARTS", "WINDOW_S", "Diagnostics", "Examination"]

WINDOW_S = 3600.0
"""Seconds over which the counts are looked at."""

FAILED_LOGINS = 20
"""Failed logins within the window from which a camera is flagged: somebody is guessing passwords."""

RESTARTS = 5
"""Restarts within the window from which a camera is flagged: its software fails, or somebody plays with its power."""

_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What a camera tells when its owner has agreed: counts since the last factory reset."""

    restarts: int
    failed_logins: int

    @classmethod
    def read(cls, value: Any) -> Diagnostics:
        """The diagnostics in a JSON value.

        Raises:
            ValueError: its counts are none.
            TypeError: it is no object with these counts.
        """
        counts = cls(**value)
        if not all(type(count) is int and count >= 0 for count in (counts.restarts, counts.failed_logins)):
            raise ValueError("expected counts")
        return counts


class Examination:
    """The diagnostics of one camera within the window, and what is suspicious in them."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, Diagnostics]] = deque(maxlen=_LONGEST)

    def add(self, now: float, counts: Diagnostics) -> None:
        """Take counts that came in at `now`, in seconds since the epoch."""
        self._kept.append((now, counts))

    def forget(self) -> None:
        """Erase everything."""
        self._kept.clear()

    @property
    def last(self) -> Diagnostics | None:
        """The newest counts; None: the owner has not agreed, or has withdrawn."""
        return self._kept[-1][1] if self._kept else None

    def anomalies(self, now: float) -> list[str]:
        """What is suspicious at `now`: ``failed-logins``, ``restarts``."""
        while len(self._kept) > 1 and self._kept[0][0] < now - WINDOW_S:
            self._kept.popleft()
        counts = [item for _, item in self._kept]
        # Only rises count: a factory reset sets the counts back to zero.
        failed = sum(max(0, b.failed_logins - a.failed_logins) for a, b in pairwise(counts))
        restarts = sum(max(0, b.restarts - a.restarts) for a, b in pairwise(counts))
        return ["failed-logins"] * (failed >= FAILED_LOGINS) + ["restarts"] * (restarts >= RESTARTS)
