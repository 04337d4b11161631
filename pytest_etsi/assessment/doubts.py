"""What of the documents may not be relied on, as findings of the evaluation that has read it.

What could not be understood leaves everything open. What is only drafted (`pytest_etsi.profile.drafts`) refutes like
any other statement, and confirms nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.verdict import Cause, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.profile.unread import Unread

__all__ = ["despite_drafts", "is_beside", "seen_of_device", "unread_findings"]

_NAMED = 3
"""Drafts that a reason names; the findings have all of them."""


def unread_findings(unread: Iterable[Unread], planned: PlannedEvaluation) -> Findings:
    """What was not understood, as unknown; a violation where a reference of what is evaluated names nothing."""
    return Findings(_finding(one, planned) for one in unread if not one.drafted)


def despite_drafts(outcome: Outcome, unread: Iterable[Unread]) -> Outcome:
    """The outcome where drafts were read: what was found with them refutes, and nothing holds or is absent by them.

    That a table lacks an entry refutes nothing while nobody has completed it. What is open for want of a permission, an
    access or the bench stays open for that.
    """
    drafts = _apart(unread)
    if not drafts:
        return outcome
    outcome = _without_absences(outcome, drafts)
    findings = Findings(
        Finding(
            "unknown",
            "drafted",
            one.problem.message,
            place=Place(one.place, one.part, one.field),
            cause=Cause.INFORMATION,
            settle=one.settle,
        )
        for one in drafts
    )
    kept = (*outcome.findings, *findings)
    if outcome.verdict is Verdict.FAIL:
        return Outcome(outcome.verdict, outcome.reason, outcome.cause, outcome.settle, kept)
    open_ = outcome.verdict is Verdict.INCONCLUSIVE
    if open_ and outcome.cause not in (Cause.JUDGEMENT, Cause.INFORMATION):
        return Outcome(outcome.verdict, outcome.reason, outcome.cause, outcome.settle, kept)
    besides = f"; besides: {outcome.reason}" if open_ and outcome.cause is Cause.INFORMATION else ""
    settles = [one.settle for one in drafts]
    return Outcome(
        Verdict.INCONCLUSIVE,
        _named(drafts) + besides,
        Cause.INFORMATION,
        "; ".join([*settles[:_NAMED], *([outcome.settle] if besides and outcome.settle else [])]),
        kept,
    )


def _without_absences(outcome: Outcome, drafts: Iterable[Unread]) -> Outcome:
    """A FAIL by what is said alone, where tables are not complete yet; INCONCLUSIVE where only entries lack."""
    violations = [one for one in outcome.findings if isinstance(one, Finding) and one.kind == "violation"]
    absences = [one for one in violations if one.of_absence]
    unfinished = any(one.kind == "drafted table" for one in drafts)
    if outcome.verdict is not Verdict.FAIL or not absences or not unfinished:
        return outcome
    if said := Findings(one for one in violations if not one.of_absence):
        return Outcome(Verdict.FAIL, str(said), findings=outcome.findings)
    return Outcome(Verdict.INCONCLUSIVE, outcome.reason, Cause.INFORMATION, outcome.settle, outcome.findings)


def _named(drafts: Sequence[Unread]) -> str:
    """The drafts in a reason: the first ones, and how many more there are."""
    more = len(drafts) - _NAMED
    return "; ".join(map(str, drafts[:_NAMED])) + (f"; and {more} more drafts" if more > 0 else "")


def seen_of_device(outcome: Outcome, unread: Iterable[Unread]) -> Outcome | None:
    """A FAIL by drafted facts alone: these were seen of the device, whatever the rest of the documents lacks.

    Words that a program has drafted are no manufacturer's, and what nobody has filled in contradicts nothing.

    Returns:
        None where no violation is one of a fact that is marked by itself, with what it was seen in.
    """
    if outcome.verdict is not Verdict.FAIL:
        return None
    marked = {
        (one.part, one.field)
        for one in unread
        if one.drafted and one.evidence and one.field.startswith("facts.")
    }
    found = Findings(
        one
        for one in outcome.findings
        if isinstance(one, Finding) and one.kind == "violation" and one.place is not None
        if any(_covers(mark, (one.place.entry, one.place.field)) for mark in marked)
    )
    return Outcome(Verdict.FAIL, str(found), findings=outcome.findings) if found else None


def _covers(mark: tuple[str, str], place: tuple[str, str]) -> bool:
    return mark[0] == place[0] and (place[1] == mark[1] or place[1].startswith(f"{mark[1]}."))


def _apart(unread: Iterable[Unread]) -> list[Unread]:
    """The drafts, each once; of an entry that is drafted as a whole not its parts too."""
    drafts = [one for one in dict.fromkeys(unread) if one.drafted]
    whole = {one.part for one in drafts if not one.field}
    return [one for one in drafts if not one.field or one.part not in whole]


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
