"""What could not be understood in the documents, as findings of the evaluation that has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.assessment.plan import PlannedEvaluation
    from pytest_etsi.profile.unread import Unread

__all__ = ["unread_findings"]


def unread_findings(unread: Iterable[Unread], planned: PlannedEvaluation) -> Findings:
    """What was not understood, as unknown; a violation where a reference of what is evaluated names nothing."""
    return Findings(_finding(one, planned) for one in unread)


def _finding(unread: Unread, planned: PlannedEvaluation) -> Finding:
    problem = unread.problem
    entry, _, field = problem.where.partition(": ")
    return Finding(
        "violation" if unread.wrong and _is_about(unread, planned) else "unknown",
        "answer",
        problem.message,
        place=Place(f"{problem.file}:{problem.line}", entry, field),
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
