"""The observed attempts, and what they show: runs that got through, and locks with their times."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_etsi.dut.observe.brute_force import LoggedAttempt

__all__ = ["GuessingTrace", "Lock", "Run", "counter_of", "interpret", "shows_lock"]


@dataclass(frozen=True, slots=True)
class Run:
    """Wrong attempts on one counter that got through, from one reset (start, success, end of lock) to the next.

    Attributes:
        counter: what the attempts have in common, in words; empty when nothing tells them from others.
        attempts: the attempts, in order of sending.
        ended_by: the attempt that ended the run: a success with the right value, or the first that showed a
            lock; None: the observation ended.
        others_succeeded: whether another account logged in successfully in between.
        after_lock: whether the run began with the end of a lock.
    """

    counter: str
    attempts: tuple[LoggedAttempt, ...]
    ended_by: LoggedAttempt | None = None
    others_succeeded: bool = False
    after_lock: bool = False

    @property
    def through(self) -> int:
        """How many got through; after a silent lock an upper bound."""
        return len(self.attempts)

    @property
    def locked(self) -> bool:
        """Whether a lock ended the run."""
        return self.ended_by is not None and self.ended_by.outcome != "accepted"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock of one counter.

    Attributes:
        counter: as in `Run`.
        number: 1 for the first lock of the counter, or the first after a success with the right value.
        earliest_start_s: it cannot have begun before this moment (the last attempt that got through was
            sent); minus infinity when it held from the beginning of the observation.
        latest_start_s: it held at this moment (the first attempt that it refused was answered).
        last_seen_s: when it was last seen to hold: an attempt that it refused was sent.
        ended_by: the first attempt that got through again; None: never seen to end.
        silent: the device did not say that it was locked; only a refused right value shows it.
        connections: connections on which it was seen.
        sources: source addresses from which it was seen; "" is the usual one.
    """

    counter: str
    number: int
    earliest_start_s: float
    latest_start_s: float
    last_seen_s: float
    ended_by: LoggedAttempt | None = None
    silent: bool = False
    connections: frozenset[int] = frozenset()
    sources: frozenset[str] = frozenset()

    @property
    def shortest_s(self) -> float:
        """It lasted at least so long."""
        return max(0.0, self.last_seen_s - self.latest_start_s)

    @property
    def longest_s(self) -> float:
        """It cannot have lasted longer; infinite when its beginning or its end was not observed."""
        return math.inf if self.ended_by is None else self.ended_by.end_s - self.earliest_start_s


@dataclass(frozen=True, slots=True)
class GuessingTrace:
    """An observed sequence of attempts, put in order. Made by `interpret`.

    Attributes:
        attempts: all attempts by time of sending.
        runs: wrong attempts that got through, run by run.
        locks: locks, by time.
    """

    attempts: tuple[LoggedAttempt, ...]
    runs: tuple[Run, ...] = ()
    locks: tuple[Lock, ...] = ()

    @property
    def through(self) -> int:
        """Wrong values that were examined; where locks are silent an upper bound."""
        return sum(attempt.through and attempt.credential == "wrong" for attempt in self.attempts)

    @property
    def through_before_first_lock(self) -> int | None:
        """Wrong attempts that got through before the first lock; None when nothing ever locked."""
        return next((run.through for run in self.runs if run.locked), 0) if self.locks else None

    @property
    def longest_run(self) -> int:
        """The most wrong attempts in a row that got through on one counter."""
        return max((run.through for run in self.runs), default=0)

    @property
    def speaks_of_locks(self) -> bool:
        """Whether the device says so when it locks; then every refusal is an examined value."""
        return any(attempt.outcome == "locked" for attempt in self.attempts)

    @property
    def rate_per_s(self) -> float | None:
        """Wrong attempts per second that got through, locks included; None with fewer than two."""
        if self.through < 2:
            return None
        duration = max(attempt.end_s for attempt in self.attempts) - self.attempts[0].t_s
        return self.through / duration if duration > 0 else math.inf

    @property
    def growth(self) -> tuple[float, float] | None:
        """Bounds of the factor from a counter's first lock to its second; None when not observed."""
        for first in self.locks:
            for second in self.locks:
                if second.counter == first.counter and (first.number, second.number) == (1, 2):
                    low = second.shortest_s / first.longest_s if first.longest_s > 0 else 0.0
                    high = second.longest_s / first.shortest_s if first.shortest_s > 0 else math.inf
                    return low, high
        return None

    def to_json(self) -> dict[str, object]:
        """The measured figures as builtins; infinite and unknown values are None."""
        return {
            "attempts": len(self.attempts),
            "through": self.through,
            "through_before_first_lock": self.through_before_first_lock,
            "longest_run": self.longest_run,
            "rate_per_s": _number(self.rate_per_s),
            "outcomes": dict(sorted(Counter(attempt.outcome for attempt in self.attempts).items())),
            "locks": [
                {
                    "counter": lock.counter,
                    "number": lock.number,
                    "at_least_s": _number(lock.shortest_s),
                    "at_most_s": _number(lock.longest_s),
                    "silent": lock.silent,
                }
                for lock in self.locks
            ],
        }


def _number(value: float | None) -> float | None:
    return None if value is None or math.isinf(value) else round(value, 3)


def interpret(attempts: Sequence[LoggedAttempt], *, scope: str | None = "account") -> GuessingTrace:
    """Put observed attempts in order: runs of wrong attempts that got through, and locks with their times.

    A lock is seen by the outcome ``locked``, or by a right value that was refused. An attempt with
    ``no-answer`` says nothing: it neither got through nor shows a lock. A success with the right value ends
    a run. Attempts in flight while a lock began count as sent before it.

    Args:
        attempts: in any order.
        scope: what a counter is taken to belong to: account (also None), source, connection or global.
    """
    # What another spelling is answered may be owed to its being nobody's: only that it gets in says something.
    said = (attempt for attempt in attempts if not attempt.way or attempt.attempt.accepted)
    ordered = tuple(sorted(said, key=lambda attempt: attempt.t_s))
    counters: dict[tuple[str, ...], None] = dict.fromkeys(counter_of(attempt, scope) for attempt in ordered)
    runs: list[Run] = []
    locks: list[Lock] = []
    for counter in counters:
        reader = _Reader(" ".join(part for part in counter if part))
        # An attempt in flight beside the one that first met the lock was sent before the lock is proven.
        for attempt in sorted(ordered, key=lambda a: a.t_s if a.through and not shows_lock(a) else a.end_s):
            if counter_of(attempt, scope) == counter:
                reader.read(attempt)
            elif attempt.outcome == "accepted" and attempt.account != _account_of(counter):
                reader.other_success()
        reader.finish()
        runs.extend(reader.runs)
        locks.extend(reader.locks)
    runs.sort(key=lambda run: run.attempts[0].t_s)
    locks.sort(key=lambda lock: lock.latest_start_s)
    return GuessingTrace(ordered, tuple(runs), tuple(locks))


def counter_of(attempt: LoggedAttempt, scope: str | None) -> tuple[str, ...]:
    """What an attempt is counted on, in words."""
    account = f"account {attempt.account!r}" if attempt.account else ""
    if scope == "global":
        return ("",)
    if scope == "source":
        return account, f"from {attempt.source or 'the usual address'}"
    if scope == "connection":
        return account, f"over connection {attempt.connection}"
    return (account,)


def _account_of(counter: tuple[str, ...]) -> str:
    return counter[0].removeprefix("account ").strip("'\"")


def shows_lock(attempt: LoggedAttempt) -> bool:
    """Whether an attempt was refused unseen: it says so, or the right value was refused."""
    return attempt.outcome == "locked" or (attempt.outcome == "refused" and attempt.credential == "right")


class _Reader:
    """Reads the attempts on one counter in order."""

    def __init__(self, counter: str) -> None:
        self.counter = counter
        self.runs: list[Run] = []
        self.locks: list[Lock] = []
        self._run: list[LoggedAttempt] = []
        self._others = False
        self._after_lock = False
        self._held: Lock | None = None
        self._number = 0
        self._open_at = -math.inf

    def other_success(self) -> None:
        self._others = self._others or bool(self._run)

    def read(self, attempt: LoggedAttempt) -> None:
        if shows_lock(attempt):
            self._lock(attempt)
        elif attempt.through:
            if self._held is not None and self._held.silent and attempt.outcome == "refused":
                return  # a silent lock answers like a refusal: this attempt proves nothing
            if self._held is not None:
                self.locks.append(replace(self._held, ended_by=attempt))
                self._held = None
                self._after_lock = True
            self._open_at = max(self._open_at, attempt.t_s)
            if attempt.outcome == "accepted" and attempt.credential == "right":
                self._close(attempt)
                self._number = 0
            else:
                self._run.append(attempt)

    def finish(self) -> None:
        if self._held is not None:
            self.locks.append(self._held)
        self._close(None)

    def _lock(self, attempt: LoggedAttempt) -> None:
        connection, source = frozenset({attempt.connection}), frozenset({attempt.source})
        if self._held is None:
            self._close(attempt)
            self._number += 1
            self._held = Lock(
                self.counter,
                self._number,
                earliest_start_s=self._open_at,
                latest_start_s=attempt.end_s,
                last_seen_s=attempt.t_s,
                silent=attempt.outcome != "locked",
                connections=connection,
                sources=source,
            )
        else:
            self._held = replace(
                self._held,
                last_seen_s=max(self._held.last_seen_s, attempt.t_s),
                silent=self._held.silent and attempt.outcome != "locked",
                connections=self._held.connections | connection,
                sources=self._held.sources | source,
            )

    def _close(self, ended_by: LoggedAttempt | None) -> None:
        if self._run:
            run = Run(self.counter, tuple(self._run), ended_by, self._others, self._after_lock)
            self.runs.append(run)
        self._run, self._others, self._after_lock = [], False, False
