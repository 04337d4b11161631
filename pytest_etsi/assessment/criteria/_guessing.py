"""Guessing over the network: the declared prevention judged, and an observed attack held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.brute_force import (
    Attempt,
    Declared,
    GuessingTrace,
    compare_with_declared,
    interpret,
    judge_declared,
)
from pytest_etsi.assessment.brute_force import user_chosen_entropy_bits as user_bits
from pytest_etsi.assessment.criteria._findings import Findings
from pytest_etsi.assessment.criteria._passwords import rule_of
from pytest_etsi.assessment.findings import Finding
from pytest_etsi.assessment.passwords import entropy_bits

if TYPE_CHECKING:
    from pytest_etsi.dut.observe.brute_force import GuessingLog
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["brute_force_prevention", "guessing", "guessing_figures"]


def brute_force_prevention(entry: AuthMechEntry) -> Findings:
    """Whether the declared prevention leaves guessing over the network practicable (5.1-5-1 a)."""
    bits, chosen = _secret_bits(entry)
    found = judge_declared(
        entry["Brute Force Prevention"], _declared(entry), entropy_bits=bits, user_chosen=chosen
    )
    return Findings(found)


def guessing(entry: AuthMechEntry, log: GuessingLog) -> Findings:
    """What a guessing attack showed against the declared prevention (5.1-5-2 b)."""
    declared = _declared(entry)
    trace = _trace(entry, log)
    unseen = (
        Finding("unknown", "behaviour", f"this could not be observed: {what}")
        for what in log.unseen
        if declared is not None
    )
    return Findings((*compare_with_declared(trace, declared), *unseen))


def guessing_figures(entry: AuthMechEntry, log: GuessingLog) -> dict[str, object]:
    """What a guessing attack measured: attempts that got through and per second, locks with bounds of their seconds."""
    return _trace(entry, log).to_json()


def _trace(entry: AuthMechEntry, log: GuessingLog) -> GuessingTrace:
    declared = _declared(entry)
    return interpret(
        [
            Attempt(
                t_s=logged.t_s,
                outcome=logged.attempt.outcome,
                latency_s=logged.attempt.latency_s,
                connection_id=str(logged.connection),
                source=logged.source or "usual",
                account=logged.account,
                status=logged.attempt.status,
                credential=logged.credential,
                phase=logged.phase,
            )
            for logged in log.attempts
        ],
        scope=declared.scope if declared is not None else "account",
    )


def _declared(entry: AuthMechEntry) -> Declared | None:
    facts = entry.facts.brute_force
    if facts is None:
        return None
    return Declared(
        max_attempts=facts.max_attempts,
        lockout_s=facts.lockout_s,
        growth=facts.growth,
        max_lockout_s=facts.max_lockout_s,
        delay_s=facts.delay_s or 0.0,
        scope=facts.scope,
        entropy_only=facts.entropy_only,
    )


def _secret_bits(entry: AuthMechEntry) -> tuple[float | None, bool]:
    """Size of the secret in bits, and whether that is an estimate for a value that a user chooses."""
    facts = entry.facts.password
    if facts is None:
        return None, False
    if facts.origin == "user-defined":
        if facts.min_length is None:
            return None, True
        return user_bits(facts.min_length, bool(facts.rejects_common)), True
    rule = rule_of(entry)
    return (None if rule is None else entropy_bits(rule)), False
