"""Counting wrong passwords and locking what they were tried on: pure, with a clock from outside."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_etsi.virtual.flaws import Flaw, GuessingFlaw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FIRST_LOCK_S", "Counter", "Lockout", "Policy", "policy_of"]

FIRST_LOCK_S = 2.0
"""Length of a first lock, in seconds, as the documents of the camera state it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When to lock and for how long.

    Attributes:
        max_attempts: wrong passwords until a lock; None: never lock.
        first_s: length of the first lock, in seconds.
        growth: factor by which each further lock is longer.
        max_s: longest lock, in seconds.
    """

    max_attempts: int | None = 5
    first_s: float = FIRST_LOCK_S
    growth: float = 2.0
    max_s: float = 86_400.0

    def lock_s(self, locks: int) -> float:
        """Length in seconds of the lock that follows `locks` earlier ones."""
        # The exponent is bounded first: 2.0 ** 1100 is an OverflowError, and the longest lock is reached long
        # before.
        steps = math.ceil(math.log(self.max_s / self.first_s, self.growth)) if self.growth > 1 else 0
        return min(self.max_s, self.first_s * self.growth ** min(locks, steps))


@dataclass(slots=True)
class Counter:
    """What is remembered of one account.

    Attributes:
        failures: wrong passwords since the last lock or success.
        locks: locks since the last success.
        until: time at which the present lock ends, in seconds since the epoch.
    """

    failures: int = 0
    locks: int = 0
    until: float = 0.0


@dataclass(slots=True)
class Lockout:
    """Wrong passwords by account, and the locks they lead to.

    While an account is locked nothing is counted, because nothing is tried. A success of an account forgets
    its own failures and locks, and nobody else's.
    """

    policy: Policy
    clock: Callable[[], float]
    counters: dict[str, Counter] = field(default_factory=dict)

    def remaining_s(self, account: str) -> float:
        """Seconds for which the account is still locked; 0.0 when it is not."""
        counter = self.counters.get(account)
        # A clock that jumped back must not make a lock longer than the longest there is.
        return max(0.0, min(counter.until - self.clock(), self.policy.max_s)) if counter else 0.0

    def failed(self, account: str) -> None:
        """Count a wrong password."""
        if self.policy.max_attempts is None:
            return
        counter = self.counters.setdefault(account, Counter())
        counter.failures += 1
        if counter.failures >= self.policy.max_attempts:
            counter.until = self.clock() + self.policy.lock_s(counter.locks)
            counter.locks += 1
            counter.failures = 0

    def succeeded(self, account: str) -> None:
        """Forget what was counted for the account."""
        self.counters.pop(account, None)

    def clear(self) -> None:
        """Forget everything."""
        self.counters.clear()

    def to_json(self) -> dict[str, Any]:
        """The counters as builtins."""
        return {account: asdict(counter) for account, counter in self.counters.items()}

    def load(self, data: Mapping[str, Any]) -> None:
        """Take over counters written by `to_json`."""
        self.counters = {account: Counter(**counter) for account, counter in data.items()}


def policy_of(flaws: frozenset[Flaw], first_s: float = FIRST_LOCK_S) -> Policy:
    """The policy of the web login of a camera with these flaws, of which a first lock should last `first_s`."""
    if GuessingFlaw.NO_LOCKOUT in flaws:
        return Policy(max_attempts=None)
    return Policy(
        max_attempts=50 if GuessingFlaw.LOCKOUT_AFTER_50 in flaws else 5,
        first_s=first_s / 10 if GuessingFlaw.LOCKOUT_TOO_SHORT in flaws else first_s,
    )
