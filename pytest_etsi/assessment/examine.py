"""What the program says of a unit on paper: its test function run without pytest, and without the device.

For the questions to an assessor, and for tests of the documents. The verdict comes about as in a run, by the same
function and the same rules; only nothing is recorded, and what needs the device stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from pytest_etsi.assessment.evaluation import Evaluation
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.redaction import Redactor
from pytest_etsi.verdict import Cause, Outcome, Verdict, inconclusive, outcome_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_etsi.assessment.evaluation import Run
    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.profile import Profile

__all__ = ["Examined", "examine"]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a unit comes to on paper.

    Attributes:
        outcome: as a run would record it.
        considered: what the program has found that the person has to look at; empty: nothing.
        question: what the person has to answer.
    """

    outcome: Outcome
    considered: str
    question: str


_DEVICE = "etsi_dut"


def examine(profile: Profile, planned: PlannedEvaluation) -> Examined:
    """Evaluate a unit as far as the documents allow.

    A unit whose function asks for the device is INCONCLUSIVE (``access``): a run shows what it observes. One that a
    person does by hand is asked all the same.
    """
    evaluation = Evaluation(cast("Run", _desk(profile)), planned, None, "suite")
    error: BaseException | None = None
    try:
        evaluation.check()
        function = planned.function
        if function is None or function.call is None or (function.by_hand and _DEVICE in function.fixtures):
            # What a person does by hand can be judged without a run, which could only refute it.
            evaluation.judgement.required()
        else:
            arguments = {name: _argument(profile, planned, evaluation, name) for name in function.fixtures}
            with evaluation.hearing():
                function.call(**arguments)
    except Exception as raised:  # noqa: BLE001 - any way to end is an outcome
        error = raised
    record = evaluation.conclude(outcome_of(error))
    verdict = Verdict(record["verdict"])
    cause = Cause(record["cause"]) if record["cause"] else None
    return Examined(
        Outcome(verdict, record["reason"], cause, record["settle"]),
        evaluation.judgement.considered,
        evaluation.judgement.state.question,
    )


def _argument(profile: Profile, planned: PlannedEvaluation, evaluation: Evaluation, name: str) -> Any:
    known = {
        "etsi_profile": profile,
        "etsi_ixit": profile.ixit,
        "etsi_ics": profile.ics,
        "etsi_judgement": evaluation.judgement,
        "etsi_evidence": evaluation.evidence,
    }
    if name in known:
        return known[name]
    table = next((table for table in profile.ixit if argument_name(table.id) == name), None)
    if table is None:
        inconclusive(
            "this needs the device",
            cause=Cause.ACCESS,
            settle="Run the unit with the device; the question then shows what was observed.",
        )
    if planned.unit.iterates == table.id and planned.entry is not None:
        return table.get(planned.entry)
    return table[0] if table.single else table


class _Nothing:
    """Takes what a run would keep as evidence, and keeps nothing of it."""

    in_short = ""
    items: Sequence[Any] = ()

    def scope(self, unit: str, entry: str | None) -> _Nothing:  # noqa: ARG002
        return self

    def add(self, name: str, content: object, suffix: str | None = None) -> None:
        pass

    def settle(self) -> None:
        pass

    def summary(self, text: str) -> None:
        pass


@dataclass(frozen=True)
class _Desk:
    """As much of an assessment as an evaluation on paper needs."""

    profile: Profile
    redact: Redactor
    evidence: _Nothing
    asker: None = None
    shelf: None = None


@lru_cache(maxsize=4)
def _desk(profile: Profile) -> _Desk:
    return _Desk(profile, Redactor(profile.redactions), _Nothing())
