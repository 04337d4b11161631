"""Facts about what keeps repeated guessing of a mechanism of 1-AuthMech from succeeding (5.1-5)."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import NonNegativeFloat, PositiveInt, Strict

__all__ = ["BruteForceFacts", "RateFacts"]

_DAY_S = 86_400.0
_YEAR_S = 365.0 * _DAY_S


class RateFacts(Strict):
    """So many attempts get through in so much time; further ones are refused until the time has passed."""

    attempts: PositiveInt = Field(description="Wrong attempts that get through in each window.")
    per_s: float = Field(ge=0.1, allow_inf_nan=False, description="Length of the window, in seconds.")
    window: Literal["sliding", "fixed"] | None = Field(
        default=None,
        description="sliding: in any so many seconds; fixed: windows follow one another, so that twice as many can "
        "get through around the end of one.",
    )

    def permits(self, seconds: float) -> int:
        """Attempts that may get through within some seconds, at most; a window of unstated kind counts as fixed."""
        touched = math.floor(seconds / self.per_s) + (1 if self.window == "sliding" else 2)
        return touched * self.attempts


class BruteForceFacts(Strict):
    """What keeps repeated guessing over the network from succeeding."""

    max_attempts: PositiveInt | None = Field(default=None, description="Wrong attempts before it locks.")
    lockout_s: NonNegativeFloat | None = Field(
        default=None, description="Time of the first lock, in seconds."
    )
    growth: float = Field(
        default=1.0,
        ge=1,
        le=1000,
        allow_inf_nan=False,
        description="Factor by which each further lock is longer.",
    )
    max_lockout_s: NonNegativeFloat | None = Field(default=None, description="Longest lock, in seconds.")
    until: Literal["restart"] | None = Field(
        default=None, description="What ends a lock that has no time of its own: a restart of the device."
    )
    delay_s: NonNegativeFloat | None = Field(
        default=None, description="Time that each attempt is made to take, in seconds."
    )
    rates: tuple[RateFacts, ...] = Field(
        default=(),
        description="Limits of attempts per time, which end as the time passes, in place of a lock or beside one.",
    )
    scope: Literal["account", "source", "global", "connection"] | None = Field(
        default=None, description="What the failures are counted for."
    )
    entropy_only: bool = Field(
        default=False, description="Nothing slows guessing down; protection rests on the size of the secret."
    )

    @model_validator(mode="after")
    def _lockouts_in_order(self) -> BruteForceFacts:
        if (
            self.lockout_s is not None
            and self.max_lockout_s is not None
            and self.max_lockout_s < self.lockout_s
        ):
            raise PydanticCustomError("etsi_lockouts", "max_lockout_s is smaller than lockout_s", {})
        if self.until is not None and (self.lockout_s is not None or self.max_lockout_s is not None):
            raise PydanticCustomError(
                "etsi_lock_until", "a lock until a restart has neither lockout_s nor max_lockout_s", {}
            )
        return self

    @property
    def throttles(self) -> bool:
        """Whether something is stated that slows guessing down, be it in full or not."""
        return bool(self.max_attempts or self.delay_s or self.rates)

    @property
    def first_lock_s(self) -> float | None:
        """Seconds of the first lock; infinite where only a restart ends it, None: not stated."""
        return math.inf if self.until is not None else self.lockout_s

    def guesses(self, seconds: float) -> float:
        """Attempts that get through in the worst case within a period.

        An attacker guesses as fast as the prevention lets it: each attempt takes `delay_s` seconds; after
        every `max_attempts` of them comes a lock, the n-th (from 0) ``lockout_s * growth**n`` seconds long and
        never longer than `max_lockout_s`. Attempts during a lock do not count. An unstated `max_lockout_s`
        means that locks grow without end; without a stated limit of attempts, or a lock, only the delay counts, and
        `rates`, whose windows begin as suits the attacker.

        Args:
            seconds: length of the period, in seconds.

        Returns:
            Number of attempts; infinite where nothing limits them.
        """
        if seconds <= 0:
            return 0.0
        return min(
            self._beside_rates(seconds), *(float(rate.permits(seconds)) for rate in self.rates), math.inf
        )

    def _beside_rates(self, seconds: float) -> float:
        """Attempts that the delay and the lock let through."""
        delay, attempts = self.delay_s or 0.0, self.max_attempts
        if attempts is None or self._locked(1) <= 0:
            return _whole(seconds, delay)
        burst = attempts * delay
        most = _whole(seconds, burst + self._locked(1))
        if math.isinf(2 * most * attempts):
            return math.inf
        low, high = 0, 1 + int(most)
        while low < high:
            middle = (low + high + 1) // 2
            if middle * burst + self._locked(middle) <= seconds:
                low = middle
            else:
                high = middle - 1
        rest = seconds - low * burst - self._locked(low)
        partial = min(_whole(rest, delay), attempts) if rest > 0 else 0
        return float(low * attempts + partial)

    def _locked(self, locks: int) -> float:
        """Seconds that the first `locks` locks last together."""
        first = self.first_lock_s or 0.0
        if locks == 0:
            return 0.0
        if self.growth == 1 or first in (0, math.inf):
            return locks * first
        rate, growing = math.log(self.growth), locks
        if self.max_lockout_s is not None:
            growing = min(locks, math.ceil((math.log(self.max_lockout_s) - math.log(first)) / rate))
        if growing * rate > 700:  # beyond what a float holds
            return math.inf
        capped = (locks - growing) * self.max_lockout_s if self.max_lockout_s is not None else 0.0
        if self.growth >= _CLEARLY_GROWING:
            # Exact for whole numbers, which the form below is not.
            return first * (self.growth**growing - 1) / (self.growth - 1) + capped
        return first * math.expm1(growing * rate) / math.expm1(rate) + capped

    def guesses_per_day(self, seconds: float = _DAY_S) -> float:
        """Attempts that get through in the first day (86,400 seconds); see `guesses`."""
        return self.guesses(seconds)

    def guesses_per_year(self, seconds: float = _YEAR_S) -> float:
        """Attempts that get through in the first year (365 days); see `guesses`."""
        return self.guesses(seconds)


_CLEARLY_GROWING = 1.01


def _whole(total: float, part: float) -> float:
    """How many whole parts there are in a total; infinite where the part is as good as nothing."""
    # A little too many rather than one too few: what gets through must not be understated.
    quotient = total / part + 1e-9 if part else math.inf
    return float(math.floor(quotient)) if math.isfinite(quotient) else math.inf
