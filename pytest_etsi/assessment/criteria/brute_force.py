"""Guessing over the network: the declared prevention judged, and an observed attack held against it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pytest_etsi.assessment.brute_force import (
    GuessingTrace,
    compare_with_declared,
    interpret,
    judge_declared,
)
from pytest_etsi.assessment.criteria.passwords import rule_of
from pytest_etsi.assessment.findings import Finding, Findings, located, note, unknown, violation
from pytest_etsi.assessment.passwords import entropy_bits
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.sentences import shortened

if TYPE_CHECKING:
    from pytest_etsi.dut.observe.brute_force import GuessingLog
    from pytest_etsi.dut.reach.auth import Attempt as Attempted
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["figures", "guessing", "prevention", "wrong_password"]


def prevention(entry: AuthMechEntry) -> Findings:
    """Whether the declared prevention leaves guessing over the network practicable (5.1-5-1 a)."""
    without_factor = claims.without_factor(entry)
    if without_factor is None:
        message = "does it ask for anything that can be guessed? " + repr(
            shortened(entry["Authentication Factor"])
        )
        return Findings((unknown(entry, "Authentication Factor", message, aspect="impracticability"),))
    if without_factor:
        message = (
            "asks for no factor, so that there is nothing to guess: see whether 5.5-4 and 5.5-5 allow that"
        )
        return Findings((note(entry, "Authentication Factor", message, aspect="impracticability"),))
    found = judge_declared(
        entry["Brute Force Prevention"],
        entry.facts.brute_force,
        entropy_bits=_secret_bits(entry),
        chosen=_chosen(entry),
    )
    return Findings(located(found, entry, "Brute Force Prevention"))


def guessing(entry: AuthMechEntry, log: GuessingLog) -> Findings:
    """What a guessing attack showed against the declared prevention (5.1-5-2 b)."""
    declared = entry.facts.brute_force
    trace = _trace(entry, log)
    unseen = (
        Finding("unknown", "behaviour", f"this could not be observed: {what}")
        for what in log.unseen
        if declared is not None
    )
    return Findings(
        located((*compare_with_declared(trace, declared), *unseen), entry, "facts.brute_force"), log.summary
    )


def wrong_password(entry: AuthMechEntry, attempt: Attempted | None) -> Findings:
    """Whether a single wrong password is refused (5.1-5-2 b, where a secret's size alone is declared).

    Args:
        entry: of 1-AuthMech.
        attempt: the login with it; None: nothing says how to log in.
    """
    if attempt is not None and attempt.outcome == "no-answer":
        what = f"whether a wrong password is refused: {attempt}"
        return Findings((unknown(entry, None, what, aspect="behaviour"),))
    if attempt is None or not attempt.accepted:
        return Findings((), "one login with a wrong password" if attempt is not None else "")
    return Findings(
        (
            violation(
                entry,
                None,
                f"a wrong password is accepted: {attempt}",
                aspect="behaviour",
                expected="a refusal",
                found=str(attempt),
                evidence="wrong-password",
            ),
        )
    )


def figures(entry: AuthMechEntry, log: GuessingLog) -> dict[str, object]:
    """What a guessing attack measured: attempts that got through and per second, locks with bounds of their seconds."""
    return _trace(entry, log).to_json()


def _trace(entry: AuthMechEntry, log: GuessingLog) -> GuessingTrace:
    declared = entry.facts.brute_force
    return interpret(log.attempts, scope=declared.scope if declared is not None else "account")


def _chosen(entry: AuthMechEntry) -> str:
    """What is known of a password that the user chooses, in words; empty: the user does not."""
    facts = entry.facts.password
    if facts is None or facts.origin != "user-defined":
        return ""
    least = "" if facts.min_length is None else f", at least {facts.min_length} characters"
    refused = {None: "", True: ", common ones refused", False: ", common ones accepted"}
    return f"chosen by the user{least}{refused[facts.rejects_common]}"


def _secret_bits(entry: AuthMechEntry) -> float | None:
    """Size of the secret in bits, at most; None: not known, as of what a user chooses and is no PIN."""
    facts = entry.facts.password
    if facts is None:
        return None
    if facts.origin == "user-defined":
        if set(entry.facts.factors) != {"pin"} or facts.max_length is None:
            return None
        # A PIN is digits: there are no more than these of up to that length, however evenly users choose among them.
        return facts.max_length * math.log2(10) + math.log2(10 / 9)
    rule = rule_of(entry)
    return None if rule is None else entropy_bits(rule)
