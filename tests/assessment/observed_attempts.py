"""Attempts as a guessing attack logs them, with only what a test is about said."""

from __future__ import annotations

from typing import Literal

from pytest_etsi.dut.observe.brute_force import LoggedAttempt
from pytest_etsi.dut.reach.auth import Attempt, Outcome

__all__ = ["attempt"]


def attempt(
    t_s: float,
    outcome: Outcome,
    latency_s: float = 0.0,
    connection: int = 1,
    source: str = "",
    account: str = "",
    *,
    credential: Literal["right", "wrong"] = "wrong",
) -> LoggedAttempt:
    """One attempt, with a wrong password unless said otherwise; times in seconds."""
    seen = Attempt(outcome, f"said {outcome}", latency_s)
    return LoggedAttempt(t_s, "guess", account, credential, connection, source, seen)
