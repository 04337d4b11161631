"""Small suites of test functions, written as files, and running them in plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pytest_etsi.assessment.evaluation import Evaluation
    from pytest_etsi.assessment.run import Assessment

LOGIN_SUITE = """
from pytest_etsi import unit
from pytest_etsi.assessment import scopes

@unit("4-1-1", "a")
def test_justified(etsi_ics): ...

@unit("5.1-5-1", "a", scope=scopes.network_authentication)
def test_prevention(auth_mech): ...

@unit("5.1-5-2", "a")
def test_complete(etsi_dut): ...

@unit("5.1-5-2", "b", scope=scopes.network_authentication, needs="brute-force")
def test_guessing(auth_mech): ...

@unit("5.1-1-2", "b", scope=scopes.user_chosen_password, needs="erase", state="factory-default")
def test_first_start(auth_mech): ...
"""


def write_suite(directory: Path, text: str = LOGIN_SUITE) -> Path:
    """A directory with one module."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "test_logins.py").write_text(text, encoding="utf-8")
    return directory


def evaluate(evaluation: Evaluation, verdict: Verdict, reason: str = "seen") -> None:
    """End an evaluation with that verdict, the way a test function does."""
    from pytest_etsi import inconclusive, not_applicable

    with evaluation:
        evaluation.check()
        evaluation.evidence.add("observation", {"of": evaluation.planned.unit.id})
        if verdict is Verdict.INCONCLUSIVE:
            inconclusive(reason, cause="bench", settle="try again")
        if verdict is Verdict.NOT_APPLICABLE:
            not_applicable(reason)
        if verdict is Verdict.FAIL:
            raise AssertionError(reason)
        evaluation.evidence.summary(reason)


def run_all(assessment: Assessment, verdicts: Mapping[str, Verdict] | None = None) -> None:
    """Evaluate everything automated that is pending; PASS where no other verdict is given for the unit."""
    for planned in assessment.pending():
        if planned.automated:
            node = f"etsi/lamp/{planned.unit.id}[{planned.entry}]"
            evaluate(assessment.begin(planned, node), (verdicts or {}).get(planned.unit.id, Verdict.PASS))
