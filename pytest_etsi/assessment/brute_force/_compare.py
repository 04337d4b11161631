"""The observed protection held against the declared one: only a weaker one is a violation."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_etsi.assessment.brute_force._declared import limits
from pytest_etsi.assessment.brute_force._rates import compare_rates, met_a_rate
from pytest_etsi.assessment.brute_force._trace import GuessingTrace, Lock, Run, interpret
from pytest_etsi.assessment.findings import Finding, Kind

if TYPE_CHECKING:
    from pytest_etsi.dut.observe.brute_force import LoggedAttempt
    from pytest_etsi.profile.facts import BruteForceFacts

__all__ = ["compare_with_declared"]


def compare_with_declared(trace: GuessingTrace, declared: BruteForceFacts | None) -> tuple[Finding, ...]:
    """Compare what was observed with what is declared (5.1-5-2 b).

    Violations are only these: a wrong value was accepted; more wrong attempts in a row got through than
    declared; a lock ended, or was escaped, before its declared time; more got through in a time than a limit
    per time permits; attempts followed one another faster than the declared delay. Locks and windows are compared
    with a tolerance of 2 % and one second (half the time for those under two seconds), because clocks of devices
    are coarse.

    A device that never says that it is locked may refuse values without looking at them. There, attempts in
    excess are a violation only if the right value is accepted at the end, before a lock could be over.

    Returns:
        Findings of the aspect ``behaviour``; ``unknown`` where the observation cannot tell.
    """
    findings: list[Finding] = [
        _seen(
            "violation",
            "A wrong value was accepted.",
            expected="refused",
            found=attempt.attempt.status or "accepted",
        )
        for attempt in trace.attempts
        if attempt.outcome == "accepted" and attempt.credential == "wrong"
    ]
    if not any(attempt.outcome != "no-answer" for attempt in trace.attempts):
        return (_seen("unknown", "No attempt was answered, so nothing was observed of the protection."),)
    if declared is None:
        text = f"The prevention is not stated in numbers, so nothing can be compared{_rate(trace)}."
        return (*findings, _seen("unknown", text))
    if declared.entropy_only and not limits(declared):
        if trace.locks:
            return (*findings, _seen("note", "A lock was observed although none is declared."))
        text = "Only the size of the secret is declared as protection; that cannot be observed."
        return (*findings, _seen("unknown", text))
    if declared.max_attempts is None and not declared.delay_s and not declared.rates:
        return (*findings, _seen("unknown", "Neither a number of attempts nor a delay is declared."))
    trace = interpret(trace.attempts, scope=declared.scope)
    if declared.max_attempts is not None:
        findings.extend(_compare_runs(trace, declared, declared.max_attempts))
        findings.extend(_compare_locks(trace, declared))
    findings.extend(compare_rates(trace, declared, _tolerance))
    if declared.delay_s:
        findings.extend(_compare_delay(trace, declared, declared.delay_s))
    return tuple(findings)


def _rate(trace: GuessingTrace) -> str:
    """How fast wrong attempts got through, for a reader who has no number to compare it with."""
    if trace.rate_per_s is None or math.isinf(trace.rate_per_s):
        return ""
    locked = "" if trace.locks else ", and nothing locked"
    return f"; {trace.through} wrong attempts got through, {trace.rate_per_s:.3g} per second{locked}"


def _tolerance(lasting_s: float) -> float:
    return 1.0 if math.isinf(lasting_s) else min(1.0, lasting_s / 2) + 0.02 * lasting_s


def _compare_runs(trace: GuessingTrace, declared: BruteForceFacts, limit: int) -> list[Finding]:
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


def _longest_without_pause(run: Run, declared: BruteForceFacts) -> Run:
    """The longest part of a run between pauses in which the declared lock could have come and gone unseen."""
    lockout_s = 1.0 if declared.first_lock_s is None else declared.first_lock_s
    enough_s = lockout_s - _tolerance(lockout_s)
    parts: list[list[LoggedAttempt]] = [[run.attempts[0]]]
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


def _examined(run: Run, trace: GuessingTrace, declared: BruteForceFacts, limit: int) -> bool:
    """Whether more than `limit` attempts of the run were certainly examined, not refused by a silent lock."""
    if any(attempt.outcome == "accepted" for attempt in run.attempts[limit:]):
        return True
    if run.locked and run.ended_by is not None and run.ended_by.outcome != "locked":
        return False
    if trace.speaks_of_locks:
        return True
    lasting_s = declared.first_lock_s
    if run.ended_by is None or lasting_s is None:
        return False
    within = run.ended_by.end_s - run.attempts[limit - 1].t_s
    return within < lasting_s - _tolerance(lasting_s)


def _reason(run: Run, trace: GuessingTrace, limit: int) -> str:
    """What explains the excess, as far as the recorded circumstances show it."""
    connections = Counter(attempt.connection for attempt in run.attempts)
    sources = Counter(attempt.source for attempt in run.attempts)
    locks_otherwise = any(other.locked and other.through <= limit for other in trace.runs)
    if run.others_succeeded and locks_otherwise:
        return "; another account logged in meanwhile, which suggests that its success reset the counter"
    if len(sources) > 1 and max(sources.values()) <= limit:
        return f"; they came from {len(sources)} addresses, each of which seems to have a counter of its own"
    if 1 < len(connections) < run.through and max(connections.values()) <= limit:
        return f"; they used {len(connections)} connections, each of which seems to have a counter of its own"
    return ""


def _compare_locks(trace: GuessingTrace, declared: BruteForceFacts) -> list[Finding]:
    if not trace.locks:
        return []
    if declared.first_lock_s is None:
        return [_seen("unknown", "The time of the lock is not declared, so it cannot be compared.")]
    findings: list[Finding] = []
    for lock in trace.locks:
        if lock.ended_by is None:
            continue
        lasting = declared.first_lock_s
        for _ in range(1, lock.number):
            lasting *= declared.growth
        if declared.max_lockout_s is not None:
            lasting = min(lasting, declared.max_lockout_s)
        if lock.longest_s < lasting - _tolerance(lasting):
            if met_a_rate(trace, declared, lock, _tolerance):
                message = (
                    f"Lock {lock.number}{_on(lock.counter)} ended after at most {lock.longest_s:.1f} s; it may have "
                    "been a limit per time, and no lock beside it was seen."
                )
                findings.append(_seen("unknown", message, expected=f"locked for {lasting:g} s"))
                continue
            findings.append(_early(lock, lock.ended_by, lasting, declared))
        elif lock.shortest_s > lasting + _tolerance(lasting):
            message = f"Lock {lock.number}{_on(lock.counter)} lasted at least {lock.shortest_s:.1f} s."
            findings.append(_seen("note", message, expected=f"{lasting:g} s"))
    if all(lock.ended_by is None for lock in trace.locks):
        findings.append(_seen("note", "No lock was seen to end during the observation."))
    return findings


def _early(lock: Lock, attempt: LoggedAttempt, lasting: float, declared: BruteForceFacts) -> Finding:
    expected = "locked without end" if math.isinf(lasting) else f"locked for {lasting:g} s"
    found = f"got through at most {lock.longest_s:.1f} s after the lock began"
    value = "the right value" if attempt.credential == "right" else "a wrong value"
    way = ""
    if attempt.way:
        way = f" {attempt.way}"
    elif attempt.source not in lock.sources:
        if declared.scope is None:
            message = (
                f"During lock {lock.number}{_on(lock.counter)} {value} got through from another address; "
                "whether the lock is meant per address is not declared."
            )
            return _seen("unknown", message, expected=expected, found=found)
        way = " from another address"
    elif attempt.connection not in lock.connections:
        way = " over a new connection"
    message = f"Lock {lock.number}{_on(lock.counter)} did not hold: {value} got through{way} before its time."
    return _seen("violation", message, expected=expected, found=found)


def _compare_delay(trace: GuessingTrace, declared: BruteForceFacts, delay_s: float) -> list[Finding]:
    findings: list[Finding] = []
    runs = [run for run in trace.runs if run.through > 1]
    for run in runs:
        needed = (run.through - 1) * delay_s
        taken = max(attempt.end_s for attempt in run.attempts) - run.attempts[0].t_s
        if taken < needed - min(0.1 * needed, 1.0):
            at_once = any(
                after.t_s < max(before.end_s, before.t_s + 1e-9) for before, after in pairwise(run.attempts)
            )
            message = (
                f"{run.through} wrong attempts{_on(run.counter)} were answered in {taken:.2f} s, faster than the "
                f"declared delay allows{'; they were sent over several connections at once' if at_once else ''}."
            )
            level: Kind = "violation"
            if at_once and declared.scope is None:
                level, message = (
                    "unknown",
                    f"{message} Whether the delay is meant per connection is not declared.",
                )
            findings.append(_seen(level, message, expected=f"at least {needed:g} s", found=f"{taken:.2f} s"))
    if not runs:
        message = "Too few attempts in a row got through to measure the declared delay."
        findings.append(_seen("unknown", message))
    return findings


def _on(counter: str) -> str:
    return f" on {counter}" if counter else ""


def _seen(level: Kind, message: str, *, expected: str = "", found: str = "") -> Finding:
    return Finding(level, "behaviour", message, expected=expected, found=found)
