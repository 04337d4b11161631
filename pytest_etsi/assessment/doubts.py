"""What could not be understood in the documents, as findings of the evaluation that has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.verdict import Outcome

__all__ = ["is_beside", "unread_findings"]


def unread_findings(unread: Iterable[Unread], planned: PlannedEvaluation) -> Findings:
    """What was not understood, as unknown; a violation where a reference of what is evaluated names nothing."""
    return Findings(_finding(one, planned) for one in unread)


def is_beside(outcome: Outcome, doubts: Findings) -> bool:
    """Whether an outcome says more than the doubts: of a field that is not understood it says that it is empty."""
    if outcome.verdict is Verdict.INCONCLUSIVE:
        return outcome.cause is not Cause.JUDGEMENT  # what a person would be asked is said by the question
    doubted = {(one.place.entry, one.place.field) for one in doubts if one.place is not None}
    found = [one for one in outcome.findings if isinstance(one, Finding) and one.kind == "violation"]
    about = [(one.place.entry, one.place.field) if one.place is not None else None for one in found]
    return outcome.verdict is Verdict.FAIL and not (about and doubted.issuperset(about))


def _finding(unread: Unread, planned: PlannedEvaluation) -> Finding:
    problem = unread.problem
    entry, _, field = problem.where.partition(": ")
    return Finding(
        "violation" if unread.wrong and _is_about(unread, planned) else "unknown",
        "answer",
        problem.message,
        place=Place(unread.place, entry, field),
        cause=Cause.INFORMATION,
        settle=unread.settle,
    )


def _is_about(unread: Unread, planned: PlannedEvaluation) -> bool:
    """Whether a conceptual unit is about the field that refers to nothing.

    Other units would have to follow the reference, and cannot: they stay open.
    """
    unit = planned.unit
    if unit.functional:
        return False
    table, _, entry = unread.part.partition("/")
    if unit.iterates is None or planned.entry is None:
        return unread.field in unit.reads.get(table, ())
    return unit.iterates == table and planned.entry == entry
