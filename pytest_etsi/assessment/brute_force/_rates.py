"""Limits of attempts per time held against what got through: how many in a time, and whether the limit was met."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from pytest_etsi.assessment.brute_force._declared import described_rate
from pytest_etsi.assessment.brute_force._trace import counter_of, shows_lock
from pytest_etsi.assessment.findings import Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.assessment.brute_force._trace import GuessingTrace, Lock
    from pytest_etsi.dut.observe.brute_force import LoggedAttempt
    from pytest_etsi.profile.facts import BruteForceFacts, RateFacts

__all__ = ["compare_rates", "met_a_rate"]


_CHANCE = 0.05
"""Part of a fixed window in which it ends by chance so rarely that this has to be looked at."""


class _Stretch(NamedTuple):
    """Attempts on one counter between two successes with the right value, which may set the counter back.

    Attributes:
        counter: what they have in common, in words.
        wrong: the wrong ones that got through, in order of sending.
        refused: those that a limit refused.
        ended_by: the success; None: there was none.
    """

    counter: str
    wrong: tuple[LoggedAttempt, ...]
    refused: tuple[LoggedAttempt, ...]
    ended_by: LoggedAttempt | None


def compare_rates(
    trace: GuessingTrace, declared: BruteForceFacts, tolerance: Callable[[float], float]
) -> Iterator[Finding]:
    """Compare what got through with each declared limit per time.

    Attempts are counted that a device has certainly looked at: where it never says that it refuses unseen, in excess
    are only those after which the right value is accepted within the same time. That a limit ends as its time passes is
    what it is, and no lock that ended early.

    Args:
        trace: what was observed.
        declared: the limits, and what they count for.
        tolerance: seconds by which a device's clock may be coarse, for so many seconds.
    """
    stretches = list(_stretches(trace, declared.scope))
    for rate in declared.rates:
        exceeded = [found for one in stretches for found in _exceeded(one, rate, trace, tolerance)]
        let_in = [found for one in stretches for found in _let_in(one, rate, declared, tolerance)]
        # A fixed window may end by chance just as the right value is sent, though hardly twice.
        if exceeded or (let_in and (len(let_in) > 1 or rate.window != "fixed")):
            yield from sorted((*exceeded, *let_in), key=lambda found: found.kind != "violation")[:1]
        elif not _reached(stretches, rate, declared, tolerance) and not any(
            other.permits(rate.per_s) < rate.attempts and _reached(stretches, other, declared, tolerance)
            for other in declared.rates
        ):
            most = max(len(one.wrong) for one in stretches)
            yield _seen(
                "unknown",
                f"The limit of {described_rate(rate)} was not reached: at most {most} wrong attempts got through "
                "before it could be met.",
                expected=described_rate(rate),
            )


def met_a_rate(
    trace: GuessingTrace, declared: BruteForceFacts, lock: Lock, tolerance: Callable[[float], float]
) -> bool:
    """Whether what looks like a lock may be a declared limit per time: it was used up when the lock was met."""
    wrong = [one for one in trace.attempts if one.credential == "wrong" and one.through]
    return any(_used(wrong, lock.latest_start_s, rate, tolerance) >= rate.attempts for rate in declared.rates)


def _stretches(trace: GuessingTrace, scope: str | None) -> Iterator[_Stretch]:
    for counter in dict.fromkeys(counter_of(one, scope) for one in trace.attempts):
        named = " ".join(part for part in counter if part)
        wrong: list[LoggedAttempt] = []
        refused: list[LoggedAttempt] = []
        for one in trace.attempts:
            if counter_of(one, scope) != counter:
                continue
            if shows_lock(one):
                refused.append(one)
            elif one.outcome == "accepted" and one.credential == "right":
                yield _Stretch(named, tuple(wrong), tuple(refused), one)
                wrong, refused = [], []
            elif one.through:
                wrong.append(one)
        yield _Stretch(named, tuple(wrong), tuple(refused), None)


def _exceeded(
    stretch: _Stretch, rate: RateFacts, trace: GuessingTrace, tolerance: Callable[[float], float]
) -> Iterator[Finding]:
    """More than a limit permits, in one stretch: the first excess that refutes, or else the first that is open."""
    on = f" on {stretch.counter}" if stretch.counter else ""
    last = stretch.ended_by
    open_: Finding | None = None
    for begin, first in enumerate(stretch.wrong):
        end_s = first.end_s
        for count, one in enumerate(stretch.wrong[begin:], 1):
            end_s = max(end_s, one.end_s)
            kind = _kind(count - 1, end_s - first.t_s, rate, tolerance)
            examined = kind
            if not trace.speaks_of_locks:
                # Such a device may refuse unseen: it has looked at what came before the right value was accepted.
                examined = None if last is None else _kind(count - 1, last.end_s - first.t_s, rate, tolerance)
            if kind is None or (examined != "violation" and open_ is not None):
                continue
            message = f"{count} wrong attempts got through{on} within {end_s - first.t_s:.1f} s"
            if examined is None:
                message = (
                    f"{count} wrong attempts were refused{on} within {end_s - first.t_s:.1f} s; whether a limit "
                    "refused some of them unseen is open, because the right value was not accepted soon enough after"
                )
            told = _told(examined or "unknown", message, rate, count)
            if examined == "violation":
                yield told
                return
            open_ = told
    if open_ is not None:
        yield open_


def _let_in(
    stretch: _Stretch, rate: RateFacts, declared: BruteForceFacts, tolerance: Callable[[float], float]
) -> Iterator[Finding]:
    """The right value let in while a limit that was used up, and met, should refuse it: values are looked at."""
    on = f" on {stretch.counter}" if stretch.counter else ""
    last = stretch.ended_by
    if last is None or not stretch.refused:
        return
    soon = last.end_s - max(one.end_s for one in stretch.refused) < _CHANCE * rate.per_s
    open_ = rate.model_copy(update={"window": None}) if rate.window == "fixed" and soon else rate
    for begin, first in enumerate(stretch.wrong):
        used, seconds = len(stretch.wrong) - begin, last.end_s - first.t_s
        kind = _kind(used, seconds, open_, tolerance)
        if kind is not None and any(first.t_s <= one.t_s for one in stretch.refused):
            message = (
                f"After {used} wrong attempts{on} and a refusal by the limit, the right value was accepted "
                f"{seconds:.1f} s after the first of them, so that values are looked at all the same"
            )
            if declared.scope is None and last.source not in {one.source for one in stretch.refused}:
                kind, message = "unknown", f"{message}, from another address; what is counted is not declared"
            yield _told(kind, message, rate, used)
            return


def _kind(count: int, seconds: float, rate: RateFacts, tolerance: Callable[[float], float]) -> Kind | None:
    """What it is that one more gets through after so many within so many seconds; None: it is permitted.

    Within one window of a sliding limit that refutes. Where the kind of the window is not stated, or it is a fixed one
    whose beginning nobody knows, it refutes only once no place of the windows permits it.
    """
    windows = math.floor(seconds / (rate.per_s - tolerance(rate.per_s)))
    if count >= (windows + 2) * rate.attempts or (
        rate.window == "sliding" and count >= (windows + 1) * rate.attempts
    ):
        return "violation"
    if rate.window is None and count >= (windows + 1) * rate.attempts:
        return "unknown"
    return None


def _told(kind: Kind, message: str, rate: RateFacts, count: int) -> Finding:
    open_ = (
        ""
        if kind == "violation" or rate.window
        else "; whether the window slides or is fixed is not declared"
    )
    return _seen(kind, f"{message}{open_}.", expected=described_rate(rate), found=f"{count} got through")


def _reached(
    stretches: list[_Stretch],
    rate: RateFacts,
    declared: BruteForceFacts,
    tolerance: Callable[[float], float],
) -> bool:
    """Whether something was refused once the limit was used up, or earlier where nothing else declared refuses."""
    alone = len(declared.rates) == 1 and declared.max_attempts is None
    return any(
        alone or _used(one.wrong, refused.end_s, rate, tolerance) >= rate.attempts
        for one in stretches
        for refused in one.refused
    )


def _used(
    wrong: list[LoggedAttempt] | tuple[LoggedAttempt, ...],
    at_s: float,
    rate: RateFacts,
    tolerance: Callable[[float], float],
) -> int:
    """Wrong attempts that got through in the time of a limit up to a moment, in seconds."""
    since = at_s - rate.per_s - tolerance(rate.per_s)
    return sum(since <= one.t_s and one.t_s <= at_s for one in wrong)


def _seen(level: Kind, message: str, *, expected: str = "", found: str = "") -> Finding:
    return Finding(level, "behaviour", message, expected=expected, found=found)
