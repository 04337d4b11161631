"""Guessing over the network: what a protection lets through, what that is worth, and what was observed.

Three layers, all pure: arithmetic (`attempts_in`, `success_probability`, `user_chosen_entropy_bits`), the
judgement of what a manufacturer declares (`judge_declared`), and the reading of an observed sequence of
attempts (`interpret`, `compare_with_declared`). Findings answer one of these questions (`Finding.aspect`):

- ``impracticability``: do the declared protections make guessing impracticable (5.1-5-1 a);
- ``behaviour``: does the protection act as declared (5.1-5-2 b).

Only a weaker protection than declared is a violation; a stricter one is a note.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.findings import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "ASPECTS",
    "THRESHOLDS",
    "Attempt",
    "Credential",
    "Declared",
    "GuessingTrace",
    "Lock",
    "Outcome",
    "Run",
    "attempts_in",
    "compare_with_declared",
    "interpret",
    "judge_declared",
    "success_probability",
    "user_chosen_entropy_bits",
]

ASPECTS = ("impracticability", "behaviour")
"""Every aspect that a finding of this module can have."""

Outcome = Literal["refused", "locked", "accepted", "no-answer"]
Credential = Literal["wrong", "right"]

DAY_S = 86_400.0
YEAR_S = 365 * DAY_S

_CYCLES = 100_000
"""Growing locks that are computed one by one; beyond, growth is left out, which counts too many attempts."""

THRESHOLDS: Mapping[str, Any] = read_json("guessing.json")
"""The bounds used here, each with its value, meaning and source (``data/guessing.json``)."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The protection as the manufacturer declares it. None: not stated, and therefore not counted on.

    Attributes:
        max_attempts: wrong attempts before it locks.
        lockout_s: seconds of the first lock; `math.inf` for a lock that only an action of the user lifts.
        growth: factor from one lock to the next.
        max_lockout_s: seconds that a growing lock does not exceed; None: it grows without end.
        delay_s: seconds that each attempt takes at least.
        scope: what the counter belongs to: account, source, global or connection.
        entropy_only: nothing is visible on the wire; protection rests on the size of the secret.
    """

    max_attempts: int | None = None
    lockout_s: float | None = None
    growth: float = 1.0
    max_lockout_s: float | None = None
    delay_s: float = 0.0
    scope: str | None = None
    entropy_only: bool = False

    def attempts_in(self, period_s: float) -> float:
        """Attempts that get through within `period_s` seconds, see `attempts_in`."""
        return attempts_in(
            period_s, self.max_attempts, self.lockout_s, self.growth, self.max_lockout_s, self.delay_s
        )

    @property
    def limits(self) -> bool:
        """Whether a number is stated that limits the attempts: a delay, or a lock with its time."""
        return self.delay_s > 0 or (self.max_attempts is not None and bool(self.lockout_s))

    def __str__(self) -> str:
        parts = []
        if self.max_attempts is not None:
            parts.append(f"a lock after {self.max_attempts} wrong attempts")
        if self.lockout_s is not None:
            parts.append("without end" if math.isinf(self.lockout_s) else f"for {self.lockout_s:g} s")
        if self.growth != 1:
            parts.append(f"growing by the factor {self.growth:g}")
        if self.max_lockout_s is not None:
            parts.append(f"up to {self.max_lockout_s:g} s")
        if self.delay_s:
            parts.append(f"{self.delay_s:g} s for each attempt")
        if self.scope:
            parts.append(f"counted per {self.scope}" if self.scope != "global" else "counted globally")
        if self.entropy_only:
            parts.append("the size of the secret alone")
        return ", ".join(parts) or "no protection in numbers"


# ------------------------------------------------------------------------------------------------- arithmetic


def attempts_in(
    period_s: float,
    max_attempts: int | None,
    lockout_s: float | None,
    growth: float = 1.0,
    max_lockout_s: float | None = None,
    delay_s: float = 0.0,
) -> float:
    """How many attempts get through within a period, at most.

    The model: attempts at 0, `delay_s`, 2 * `delay_s`, ...; after `max_attempts` of them a lock of
    `lockout_s`, during which nothing gets through; then `max_attempts` more, and a lock `growth` times as
    long but not longer than `max_lockout_s`; and so on. A mechanism that locks again after a single further
    attempt lets fewer through.

    Args:
        period_s: seconds of the attack.
        max_attempts: wrong attempts before it locks; None: it never locks.
        lockout_s: seconds of the first lock; None: not stated, so the lock is not counted on.
        growth: factor per further lock, at least 1.
        max_lockout_s: upper bound of a lock in seconds; None: none.
        delay_s: seconds that every attempt takes.

    Returns:
        A whole number of attempts, or `math.inf` when nothing limits them.

    Raises:
        ValueError: a negative or otherwise senseless argument.
    """
    if not period_s >= 0 or not delay_s >= 0 or not growth >= 1:
        raise ValueError("period_s and delay_s must not be negative, growth must be at least 1")
    if max_attempts is not None and max_attempts < 0:
        raise ValueError("max_attempts must not be negative")
    if (lockout_s is not None and not lockout_s >= 0) or (
        max_lockout_s is not None and not max_lockout_s >= 0
    ):
        raise ValueError("lockout_s and max_lockout_s must not be negative")
    if period_s == 0 or max_attempts == 0:
        return 0.0
    if max_attempts is None or not lockout_s:
        return _paced(period_s, delay_s)
    cap = math.inf if max_lockout_s is None else max(max_lockout_s, lockout_s)
    busy_s = max_attempts * delay_s
    through, elapsed_s, lock_s = 0.0, 0.0, float(lockout_s)
    for cycle in range(_CYCLES + 1):
        if elapsed_s >= period_s:
            break
        cycle_s = busy_s + lock_s
        if growth == 1 or lock_s >= cap or cycle == _CYCLES:  # from here on cycles are alike, or counted so
            whole = math.floor((period_s - elapsed_s) / cycle_s)
            through += whole * max_attempts
            elapsed_s += whole * cycle_s if whole else 0.0
            return through + min(max_attempts, _paced(max(0.0, period_s - elapsed_s), delay_s))
        through += min(max_attempts, _paced(period_s - elapsed_s, delay_s))
        elapsed_s += cycle_s
        lock_s = min(lock_s * growth, cap)
    return through


def _paced(period_s: float, delay_s: float) -> float:
    if period_s <= 0:
        return 0.0
    return float(math.ceil(period_s / delay_s)) if delay_s > 0 and period_s / delay_s < math.inf else math.inf


def success_probability(attempts: float, entropy_bits: float) -> float:
    """The chance that one of `attempts` different guesses hits an evenly drawn secret of `entropy_bits` bits.

    Raises:
        ValueError: a negative argument.
    """
    if not attempts >= 0 or not entropy_bits >= 0:
        raise ValueError("attempts and entropy_bits must not be negative")
    if attempts == 0:
        return 0.0
    if math.isinf(attempts):
        return 1.0
    return min(1.0, math.pow(2.0, max(-1074.0, math.log2(attempts) - entropy_bits)))


def user_chosen_entropy_bits(min_length: int, rejects_common: bool) -> float:
    """A public estimate of the guessing entropy of a password that a user chooses, in bits.

    Source: NIST SP 800-63-2 (August 2013), appendix A, table A.1, for the 94 printable characters, without a
        composition
    rule. It was superseded in 2017 by SP 800-63B, which gives no numbers; it remains the only numeric
    estimate by a public body and is a rough one. Between the lengths of the table the value is interpolated.

    Args:
        min_length: the least number of characters that the device accepts.
        rejects_common: whether it rejects passwords of a list of common ones.

    Raises:
        ValueError: a negative length.
    """
    if min_length < 0:
        raise ValueError("min_length must not be negative")
    table = THRESHOLDS["user_chosen_entropy_bits"]
    plain: float = 0.0
    if min_length:
        plain = float(
            table["first_character"]
            + table["characters_2_to_8"] * (min(min_length, 8) - 1)
            + table["characters_9_to_20"] * max(0, min(min_length, 20) - 8)
            + table["characters_21_and_up"] * max(0, min_length - 20)
        )
    checked = {int(length): float(bits) for length, bits in table["dictionary_rule"].items()}
    if not rejects_common or min_length < min(checked) or min_length > max(checked):
        return plain
    if min_length in checked:
        return checked[min_length]
    below = max(length for length in checked if length < min_length)
    above = min(length for length in checked if length > min_length)
    share = (min_length - below) / (above - below)
    return checked[below] + share * (checked[above] - checked[below])


# ---------------------------------------------------------------------------------------- declared protection

_NOTHING = re.compile(
    r"(?:[-\u2013\u2014.?/]*|n\.?\s?/?\s?a\.?|none|no|nil|nothing"
    r"|not (?:yet )?(?:implemented|available|present|applicable|provided|defined|specified)"
    r"|no (?:brute[ -]force )?(?:prevention|protection|limit|lockout|mechanism)s?"
    r"(?: (?:is |are )?(?:implemented|available|present|provided|in place))?"
    r"|t\.?b\.?d\.?|to be (?:defined|determined|done|added)|todo|unknown|x{2,})\s*[.!]?",
    re.IGNORECASE,
)


def _is_nothing(prose: str) -> bool:
    return _NOTHING.fullmatch(" ".join(prose.split())) is not None


def judge_declared(
    prose: str, declared: Declared | None, *, entropy_bits: float | None = None, user_chosen: bool = False
) -> tuple[Finding, ...]:
    """Refute, where that is certain, that the declared protection makes guessing impracticable (5.1-5-1 a).

    Args:
        prose: the IXIT field on brute force prevention, word for word.
        declared: the same as numbers; None when the profile gives none.
        entropy_bits: size of the secret in bits; None when unknown.
        user_chosen: whether `entropy_bits` is an estimate for a secret that the user chooses.

    Returns:
        Findings of the aspect ``impracticability``. No violation does not mean that it is adequate: that is a
        competent person's conclusion.
    """
    findings: list[Finding] = []
    fast = float(THRESHOLDS["unthrottled_rate_per_s"]["fast"])
    accepted = float(THRESHOLDS["probability"]["accepted_below"]["value"])
    if _is_nothing(prose):
        stated = declared is not None and (declared.limits or declared.entropy_only)
        findings.append(
            _finding(
                "unknown" if stated else "violation",
                "The documents give numbers for a brute force prevention, but its description says nothing."
                if stated
                else "No brute force prevention is documented for a mechanism on a network interface.",
                expected="a description of the prevention",
                found=repr(" ".join(prose.split())[:40]),
            )
        )
        if not stated:
            return tuple(findings)
    if entropy_bits is not None and not user_chosen:
        # A secret that is large enough by itself needs no throttling, whatever else is declared.
        by_size = success_probability(YEAR_S * fast, entropy_bits)
        if by_size <= accepted:
            return (
                *findings,
                _finding(
                    "note",
                    f"The secret of {entropy_bits:.0f} bits resists guessing by its size: {fast:g} attempts "
                    f"per second for a year succeed with a probability of {_chance(by_size)}.",
                    source=str(THRESHOLDS["probability"]["accepted_below"]["source"]),
                ),
            )
    if declared is None:
        return (
            *findings,
            _finding("unknown", "The prevention is not stated in numbers, so no rate can be computed."),
        )
    if declared.scope == "connection" and not declared.entropy_only:
        findings.append(
            _finding(
                "violation",
                "The counter of wrong attempts belongs to the connection: every new connection starts anew.",
                expected="a limit that a new connection does not lift",
                found=str(declared),
            )
        )
    elif declared.scope == "source":
        findings.append(
            _finding(
                "note",
                "The counter belongs to the source address; an attacker with many addresses gets as many "
                "times the attempts.",
            )
        )
    if declared.max_attempts is not None and declared.lockout_s is None and not declared.delay_s:
        text = "A lock is declared without its time, so no rate can be computed."
        return (*findings, _finding("unknown", text, found=str(declared)))
    if declared.max_attempts is not None and declared.lockout_s == 0 and not declared.delay_s:
        text = "The declared lock lasts no time at all."
        return (*findings, _finding("violation", text, expected="a lock time", found=str(declared)))
    if not declared.limits and not declared.entropy_only:
        text = "Neither a lock nor a delay is stated in numbers, so no rate can be computed."
        return (*findings, _finding("unknown", text, found=str(declared)))
    if entropy_bits is None:
        through = declared.attempts_in(YEAR_S)
        rate = "no limit that can be computed" if math.isinf(through) else f"{through:.0f} attempts in a year"
        findings.append(
            _finding(
                "unknown",
                f"The size of the secret is not known; the declared protection lets {rate} through.",
            )
        )
        return tuple(findings)
    findings.extend(_judge_rate(declared, entropy_bits, user_chosen))
    return tuple(findings)


def _judge_rate(declared: Declared, entropy_bits: float, user_chosen: bool) -> list[Finding]:
    bounds = THRESHOLDS["probability"]
    refuted = bounds["user_chosen_refuted_above"] if user_chosen else bounds["refuted_above"]
    accepted = bounds["accepted_below"]
    if declared.limits and not declared.entropy_only:
        most = declared.attempts_in(YEAR_S)
        # For refuting: as if, after the first lock, every single wrong attempt locked again.
        first = declared.max_attempts or 1
        least = min(most, replace(declared, max_attempts=min(1, first)).attempts_in(YEAR_S) + first - 1)
        what = f"{most:.0f} attempts in a year get through ({declared})"
    else:
        rates = THRESHOLDS["unthrottled_rate_per_s"]
        least, most = YEAR_S * rates["slow"], YEAR_S * rates["fast"]
        what = f"nothing slows the attempts down; counted with {rates['slow']} to {rates['fast']} per second"
    low, high = success_probability(least, entropy_bits), success_probability(most, entropy_bits)
    size = (
        f"an estimated {entropy_bits:.0f} bits chosen by the user"
        if user_chosen
        else f"{entropy_bits:.1f} bits"
    )
    if low > refuted["value"]:
        return [
            _finding(
                "violation",
                f"Guessing is practicable: {what}; against {size} they succeed with a probability of "
                f"{_chance(low)}.",
                expected=f"at most {_chance(refuted['value'])} in a year",
                found=_chance(low),
                source=str(refuted["source"]),
            )
        ]
    if high > accepted["value"]:
        return [
            _finding(
                "unknown",
                f"Whether guessing is impracticable is for a person to judge: {what}; against {size} they "
                f"succeed with a "
                f"probability of {_chance(high)} in a year.",
                expected=f"at most {_chance(accepted['value'])} to need no look",
                found=_chance(high),
                source=str(accepted["source"]),
            )
        ]
    return []


def _finding(level: Level, message: str, *, expected: str = "", found: str = "", source: str = "") -> Finding:
    return Finding(level, "impracticability", message, expected=expected, found=found, source=source)


def _chance(probability: float) -> str:
    if probability >= 0.01:
        return f"{probability:.0%}"
    return f"1 in {1 / probability:.3g}" if probability > 0 else "0"


# -------------------------------------------------------------------------------------- observed attempts


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to authenticate, as observed.

    Attributes:
        t_s: when it was sent, in seconds on a steady clock.
        outcome: ``refused``: the value was examined and refused; ``locked``: the device said that it does
            not examine values now; ``accepted``; ``no-answer``: refused connection, reset, or time-out.
        latency_s: seconds until the answer.
        connection_id: which connection it used; attempts over one connection share it.
        source: source address.
        account: account name; empty for a mechanism without accounts.
        status: the device's own words, such as "401" or "423 locked"; for evidence only.
        credential: whether the value sent was the right one. A right value that is refused proves a
            silent lock.
        phase: free label of the part of the procedure; for evidence only.
    """

    t_s: float
    outcome: Outcome
    latency_s: float = 0.0
    connection_id: str = ""
    source: str = ""
    account: str = ""
    status: str = ""
    credential: Credential = "wrong"
    phase: str = ""

    @property
    def end_s(self) -> float:
        """When the answer was there."""
        return self.t_s + self.latency_s

    @property
    def through(self) -> bool:
        """Whether the value was examined."""
        return self.outcome in {"refused", "accepted"}


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
    attempts: tuple[Attempt, ...]
    ended_by: Attempt | None = None
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
        sources: source addresses from which it was seen.
    """

    counter: str
    number: int
    earliest_start_s: float
    latest_start_s: float
    last_seen_s: float
    ended_by: Attempt | None = None
    silent: bool = False
    connections: frozenset[str] = frozenset()
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

    attempts: tuple[Attempt, ...]
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


def interpret(attempts: Sequence[Attempt], *, scope: str | None = "account") -> GuessingTrace:
    """Put observed attempts in order: runs of wrong attempts that got through, and locks with their times.

    A lock is seen by the outcome ``locked``, or by a right value that was refused. An attempt with
    ``no-answer`` says nothing: it neither got through nor shows a lock. A success with the right value ends
    a run. Attempts in flight while a lock began count as sent before it.

    Args:
        attempts: in any order.
        scope: what a counter is taken to belong to: account (also None), source, connection or global.
    """
    ordered = tuple(sorted(attempts, key=lambda attempt: attempt.t_s))
    counters: dict[tuple[str, ...], None] = dict.fromkeys(_counter(attempt, scope) for attempt in ordered)
    runs: list[Run] = []
    locks: list[Lock] = []
    for counter in counters:
        reader = _Reader(" ".join(part for part in counter if part))
        # An attempt in flight beside the one that first met the lock was sent before the lock is proven.
        for attempt in sorted(ordered, key=lambda a: a.t_s if a.through and not _shows_lock(a) else a.end_s):
            if _counter(attempt, scope) == counter:
                reader.read(attempt)
            elif attempt.outcome == "accepted" and attempt.account != _account_of(counter):
                reader.other_success()
        reader.finish()
        runs.extend(reader.runs)
        locks.extend(reader.locks)
    runs.sort(key=lambda run: run.attempts[0].t_s)
    locks.sort(key=lambda lock: lock.latest_start_s)
    return GuessingTrace(ordered, tuple(runs), tuple(locks))


def _counter(attempt: Attempt, scope: str | None) -> tuple[str, ...]:
    account = f"account {attempt.account!r}" if attempt.account else ""
    if scope == "global":
        return ("",)
    if scope == "source":
        return account, f"from {attempt.source}" if attempt.source else ""
    if scope == "connection":
        return account, f"over connection {attempt.connection_id}" if attempt.connection_id else ""
    return (account,)


def _account_of(counter: tuple[str, ...]) -> str:
    return counter[0].removeprefix("account ").strip("'\"")


def _shows_lock(attempt: Attempt) -> bool:
    return attempt.outcome == "locked" or (attempt.outcome == "refused" and attempt.credential == "right")


class _Reader:
    """Reads the attempts on one counter in order."""

    def __init__(self, counter: str) -> None:
        self.counter = counter
        self.runs: list[Run] = []
        self.locks: list[Lock] = []
        self._run: list[Attempt] = []
        self._others = False
        self._after_lock = False
        self._held: Lock | None = None
        self._number = 0
        self._open_at = -math.inf

    def other_success(self) -> None:
        self._others = self._others or bool(self._run)

    def read(self, attempt: Attempt) -> None:
        if _shows_lock(attempt):
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

    def _lock(self, attempt: Attempt) -> None:
        connection = frozenset({attempt.connection_id} - {""})
        source = frozenset({attempt.source} - {""})
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

    def _close(self, ended_by: Attempt | None) -> None:
        if self._run:
            run = Run(self.counter, tuple(self._run), ended_by, self._others, self._after_lock)
            self.runs.append(run)
        self._run, self._others, self._after_lock = [], False, False


# ------------------------------------------------------------------------------------ observed and declared


def compare_with_declared(trace: GuessingTrace, declared: Declared | None) -> tuple[Finding, ...]:
    """Compare what was observed with what is declared (5.1-5-2 b).

    Violations are only these: a wrong value was accepted; more wrong attempts in a row got through than
    declared; a lock ended, or was escaped, before its declared time; attempts followed one another faster
    than the declared delay. Locks are compared with a tolerance of 2 % and one second (half the lock time
    for locks under two seconds), because clocks of devices are coarse.

    A device that never says that it is locked may refuse values without looking at them. There, attempts in
    excess are a violation only if the right value is accepted at the end, before a lock could be over.

    Returns:
        Findings of the aspect ``behaviour``; ``unknown`` where the observation cannot tell.
    """
    findings: list[Finding] = [
        _seen(
            "violation", "A wrong value was accepted.", expected="refused", found=attempt.status or "accepted"
        )
        for attempt in trace.attempts
        if attempt.outcome == "accepted" and attempt.credential == "wrong"
    ]
    if not any(attempt.outcome != "no-answer" for attempt in trace.attempts):
        text = "No attempt was answered, so nothing was observed of the protection."
        return (*findings, _seen("unknown", text))
    if declared is None:
        text = "The prevention is not stated in numbers, so nothing can be compared."
        return (*findings, _seen("unknown", text))
    if declared.entropy_only and not declared.limits:
        if trace.locks:
            return (*findings, _seen("note", "A lock was observed although none is declared."))
        text = "Only the size of the secret is declared as protection; that cannot be observed."
        return (*findings, _seen("unknown", text))
    if declared.max_attempts is None and not declared.delay_s:
        return (*findings, _seen("unknown", "Neither a number of attempts nor a delay is declared."))
    trace = interpret(trace.attempts, scope=declared.scope)
    if declared.max_attempts is not None:
        findings.extend(_compare_runs(trace, declared, declared.max_attempts))
        findings.extend(_compare_locks(trace, declared))
    if declared.delay_s:
        findings.extend(_compare_delay(trace, declared))
    return tuple(findings)


def _tolerance(lasting_s: float) -> float:
    return 1.0 if math.isinf(lasting_s) else min(1.0, lasting_s / 2) + 0.02 * lasting_s


def _compare_runs(trace: GuessingTrace, declared: Declared, limit: int) -> list[Finding]:
    findings: list[Finding] = []
    expected = f"a lock after {limit} wrong attempts"
    for run in trace.runs:
        if run.through <= limit:
            continue
        part = _longest_without_pause(run, declared)
        if part.through <= limit:
            message = (
                f"{run.through} wrong attempts got through{_on(run.counter)}, but with pauses in which a lock may have "
                "come and gone unseen."
            )
            findings.append(_seen("unknown", message, expected=expected))
        elif _examined(part, trace, declared, limit):
            message = (
                f"{part.through} wrong attempts in a row got through{_on(run.counter)}"
                f"{' after a lock' if part.after_lock else ''}{'' if part.locked else ' and nothing locked'}"
                f"{_reason(part, trace, limit)}."
            )
            found = f"{part.through} got through"
            findings.append(_seen("violation", message, expected=expected, found=found))
        else:
            message = (
                f"{part.through} wrong attempts in a row were refused{_on(run.counter)}; whether a silent lock refused "
                "some of them unseen is open, because the right value was not accepted soon enough after."
            )
            findings.append(_seen("unknown", message, expected=expected))
    if findings:
        return findings
    if not trace.locks:
        message = (
            f"No lock was reached: {trace.longest_run} wrong attempts in a row got through, and the declared "
            f"number is {limit}."
        )
        return [_seen("unknown", message, expected=f"more than {limit} wrong attempts in a row")]
    shortest = min((run.through for run in trace.runs if run.locked), default=limit)
    if shortest < limit:
        return [
            _seen("note", f"It locked after {shortest} wrong attempts, earlier than the declared {limit}.")
        ]
    return []


def _longest_without_pause(run: Run, declared: Declared) -> Run:
    """The longest part of a run between pauses in which the declared lock could have come and gone unseen."""
    lockout_s = 1.0 if declared.lockout_s is None else declared.lockout_s
    enough_s = lockout_s - _tolerance(lockout_s)
    parts: list[list[Attempt]] = [[run.attempts[0]]]
    for before, after in pairwise(run.attempts):
        if after.end_s - before.t_s >= enough_s:
            parts.append([])
        parts[-1].append(after)
    longest = max(parts, key=len)
    return replace(
        run,
        attempts=tuple(longest),
        ended_by=run.ended_by if longest is parts[-1] else None,
        after_lock=run.after_lock and longest is parts[0],
    )


def _examined(run: Run, trace: GuessingTrace, declared: Declared, limit: int) -> bool:
    """Whether more than `limit` attempts of the run were certainly examined, not refused by a silent lock."""
    if any(attempt.outcome == "accepted" for attempt in run.attempts[limit:]):
        return True
    if run.locked and run.ended_by is not None and run.ended_by.outcome != "locked":
        return False
    if trace.speaks_of_locks:
        return True
    if run.ended_by is None or declared.lockout_s is None:
        return False
    within = run.ended_by.end_s - run.attempts[limit - 1 if limit else 0].t_s
    return within < declared.lockout_s - _tolerance(declared.lockout_s)


def _reason(run: Run, trace: GuessingTrace, limit: int) -> str:
    """What explains the excess, as far as the recorded circumstances show it."""
    connections = Counter(attempt.connection_id for attempt in run.attempts if attempt.connection_id)
    sources = Counter(attempt.source for attempt in run.attempts if attempt.source)
    locks_otherwise = any(other.locked and other.through <= limit for other in trace.runs)
    if run.others_succeeded and locks_otherwise:
        return "; another account logged in meanwhile, which suggests that its success reset the counter"
    if len(sources) > 1 and max(sources.values()) <= limit:
        return f"; they came from {len(sources)} addresses, each of which seems to have a counter of its own"
    if 1 < len(connections) < run.through and max(connections.values()) <= limit:
        return f"; they used {len(connections)} connections, each of which seems to have a counter of its own"
    return ""


def _compare_locks(trace: GuessingTrace, declared: Declared) -> list[Finding]:
    if not trace.locks:
        return []
    if declared.lockout_s is None:
        return [_seen("unknown", "The time of the lock is not declared, so it cannot be compared.")]
    findings: list[Finding] = []
    for lock in trace.locks:
        if lock.ended_by is None:
            continue
        lasting = declared.lockout_s
        if declared.growth > 1:
            cap = math.inf if declared.max_lockout_s is None else max(declared.max_lockout_s, lasting)
            lasting = min(cap, lasting * declared.growth ** min(lock.number - 1, 64))
        if lock.longest_s < lasting - _tolerance(lasting):
            findings.append(_early(lock, lock.ended_by, lasting, declared))
        elif lock.shortest_s > lasting + _tolerance(lasting):
            message = f"Lock {lock.number}{_on(lock.counter)} lasted at least {lock.shortest_s:.1f} s."
            findings.append(_seen("note", message, expected=f"{lasting:g} s"))
    if all(lock.ended_by is None for lock in trace.locks):
        findings.append(_seen("note", "No lock was seen to end during the observation."))
    return findings


def _early(lock: Lock, attempt: Attempt, lasting: float, declared: Declared) -> Finding:
    expected = "locked without end" if math.isinf(lasting) else f"locked for {lasting:g} s"
    found = f"got through at most {lock.longest_s:.1f} s after the lock began"
    value = "the right value" if attempt.credential == "right" else "a wrong value"
    way = ""
    if attempt.source and lock.sources and attempt.source not in lock.sources:
        if declared.scope is None:
            message = (
                f"During lock {lock.number}{_on(lock.counter)} {value} got through from another address; "
                "whether the lock is meant per address is not declared."
            )
            return _seen("unknown", message, expected=expected, found=found)
        way = " from another address"
    elif attempt.connection_id and lock.connections and attempt.connection_id not in lock.connections:
        way = " over a new connection"
    message = f"Lock {lock.number}{_on(lock.counter)} did not hold: {value} got through{way} before its time."
    return _seen("violation", message, expected=expected, found=found)


def _compare_delay(trace: GuessingTrace, declared: Declared) -> list[Finding]:
    findings: list[Finding] = []
    runs = [run for run in trace.runs if run.through > 1]
    for run in runs:
        needed = (run.through - 1) * declared.delay_s
        taken = max(attempt.end_s for attempt in run.attempts) - run.attempts[0].t_s
        if taken < needed - min(0.1 * needed, 1.0):
            message = (
                f"{run.through} wrong attempts{_on(run.counter)} were answered in {taken:.2f} s, faster than "
                f"the "
                "declared delay allows."
            )
            findings.append(
                _seen("violation", message, expected=f"at least {needed:g} s", found=f"{taken:.2f} s")
            )
    if not runs:
        message = "Too few attempts in a row got through to measure the declared delay."
        findings.append(_seen("unknown", message))
    return findings


def _on(counter: str) -> str:
    return f" on {counter}" if counter else ""


def _seen(level: Level, message: str, *, expected: str = "", found: str = "") -> Finding:
    return Finding(level, "behaviour", message, expected=expected, found=found)
