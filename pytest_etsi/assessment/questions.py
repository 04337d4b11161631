"""The questions to a competent person that an assessment leaves open, with everything that is needed to answer them.

Two kinds are asked: whether an entry is concerned, where its documents do not tell (`EntryAsked`), once for all units
that depend on it; and what a unit comes to (`Question`). Asked is only what an answer has an effect on: what a
judgement cannot settle is told with what would settle it (`Unsettled`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from pytest_etsi.assessment.asked import EntryAsked, Question, Unsettled
from pytest_etsi.assessment.changes import changes, changes_on_entry
from pytest_etsi.assessment.context import Context, IxitAnswer, answers_of
from pytest_etsi.assessment.entry_answers import answer_state
from pytest_etsi.assessment.examine import examine
from pytest_etsi.profile import Judgement, Source
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_etsi.assessment.entry_answers import AnswerState
    from pytest_etsi.assessment.examine import Examined
    from pytest_etsi.assessment.judgement import JudgementState
    from pytest_etsi.assessment.planned import Plan, PlannedEvaluation
    from pytest_etsi.profile import Profile
    from pytest_etsi.profile.judged_file import JudgedFile
    from pytest_etsi.standard import Case

__all__ = [
    "EntryAsked",
    "Inquiry",
    "IxitAnswer",
    "Question",
    "Seen",
    "Unsettled",
    "inquire",
    "question_of",
    "questions",
]

Seen: TypeAlias = "Mapping[tuple[str, str | None], str]"
"""What a run has found: unit and entry -> one thing to a line."""
_NOTHING_SEEN: Seen = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Everything that a person is asked, and what is not asked.

    Attributes:
        entries: questions about entries, in the order of the tables.
        questions: questions of units that a judgement answers, or has answered, in the order of the catalogue.
        unsettled: what no judgement settles.
    """

    entries: tuple[EntryAsked, ...]
    questions: tuple[Question, ...]
    unsettled: tuple[Unsettled, ...]

    @property
    def open(self) -> tuple[EntryAsked | Question, ...]:
        """The questions that want an answer, those about entries first."""
        return (*self.entries, *(one for one in self.questions if one.is_open))


def inquire(
    profile: Profile,
    plan: Plan,
    judged: JudgedFile | None = None,
    wanted: Callable[[PlannedEvaluation], bool] | None = None,
    seen: Seen = _NOTHING_SEEN,
) -> Inquiry:
    """Examine a plan on paper, and tell what a person has to answer.

    Args:
        profile: the device's documents.
        plan: made from them.
        judged: what earlier judgements were about; None: not looked at.
        wanted: which evaluations are looked at; None: all.
        seen: what a run has found, by unit and entry.
    """
    context = Context(profile)
    waiting: dict[tuple[str, str, str], list[PlannedEvaluation]] = {}
    found: list[Question] = []
    unsettled: list[Unsettled] = []
    for planned in plan.evaluations:
        if planned.applies is False or planned.judged is None or (wanted is not None and not wanted(planned)):
            continue
        if planned.function is None and not planned.drafted:
            found.append(question_of(profile, planned, judged=judged, context=context))
            continue
        if planned.entry is not None and planned.open and _waits(profile, planned):
            for name in planned.open:
                key = (planned.unit.iterates or "", planned.entry, name)
                waiting.setdefault(key, []).append(planned)
            continue
        question, left = _asked(profile, planned, examine(profile, planned), judged, context)
        if question is not None:
            found.append(replace(question, seen=seen.get(planned.key, "")))
        if left is not None:
            unsettled.append(left)
    order = {table.id: place for place, table in enumerate(profile.ixit)}
    entries = [
        _entry_asked(profile, answer_state(profile, *key), evaluations, judged)
        for key, evaluations in waiting.items()
    ]
    entries.sort(key=lambda one: order[one.asked.table])
    return Inquiry(tuple(entries), tuple(found), tuple(unsettled))


def questions(profile: Profile, plan: Plan, judged: JudgedFile | None = None) -> Iterator[Question]:
    """Every question of a unit that a judgement answers or has answered, in the order of the catalogue."""
    yield from inquire(profile, plan, judged).questions


def _waits(profile: Profile, planned: PlannedEvaluation) -> bool:
    """Whether an answer on the entry is wanted first: no judgement of the unit decides it already."""
    if planned.judgement not in ("valid", "failed", "open"):
        return True
    return examine(profile, planned).outcome.cause is Cause.INFORMATION


def _asked(
    profile: Profile,
    planned: PlannedEvaluation,
    examined: Examined,
    judged: JudgedFile | None,
    context: Context,
) -> tuple[Question | None, Unsettled | None]:
    """The question of an evaluation, where an answer has an effect; what stays, where it has none."""
    outcome = examined.outcome
    refuted = outcome.verdict is Verdict.FAIL and planned.judgement != "failed"
    recorded = planned.judgement not in ("none", "missing")
    question = question_of(
        profile,
        planned,
        judged=judged,
        findings=examined.considered,
        refuted=outcome.reason if refuted else "",
        needs_device=outcome.cause is Cause.ACCESS,
        context=context,
    )
    if refuted:
        return question if planned.judgement != "none" else None, Unsettled(
            planned, outcome.verdict, outcome.reason
        )
    if outcome.cause is Cause.ACCESS:
        # On paper nothing can be said; a unit that a person decides is asked about all the same.
        return (question, None) if planned.judgement != "none" and not planned.drafted else (None, None)
    if outcome.verdict is not Verdict.INCONCLUSIVE:
        return (question, None) if recorded else (None, None)
    assumed = examine(profile, replace(planned, judged=_assumed(planned), judgement="valid")).outcome
    if assumed.verdict is not Verdict.INCONCLUSIVE:
        return question, None
    left = Unsettled(planned, assumed.verdict, assumed.reason, assumed.settle)
    # Nor does an answer change anything before somebody has checked what is drafted.
    if planned.drafted or (assumed.cause, assumed.reason) == (outcome.cause, outcome.reason):
        return question if recorded else None, left
    beside = " ".join(part for part in (assumed.reason, assumed.settle) if part)
    return replace(question, beside=beside), None


_NOWHERE = Source("", 0, 0, "file")


def _assumed(planned: PlannedEvaluation) -> JudgementState:
    """The state of an evaluation as if a person had judged that it holds."""
    state = planned.judged
    assert state is not None  # noqa: S101 - the caller saw to it
    unit, entry = planned.key
    judgement = Judgement(
        unit,
        entry,
        Verdict.PASS,
        "-",
        datetime.date.min,
        "-",
        "own-examination",
        (),
        state.fingerprint,
        _NOWHERE,
    )
    return replace(state, status="valid", judgement=judgement)


def _entry_asked(
    profile: Profile, state: AnswerState, waiting: list[PlannedEvaluation], judged: JudgedFile | None
) -> EntryAsked:
    found: dict[str, None] = {}
    for planned in waiting:
        examined = examine(profile, replace(planned, applies=True, open=()))
        refuted = examined.outcome.verdict is Verdict.FAIL
        if said := examined.outcome.reason if refuted else examined.considered:
            found[f"{planned.unit.id}{' FAILs' if refuted else ''}: {said}"] = None
    stale = state.status == "stale" and judged is not None
    changed = changes_on_entry(profile, state, judged) if stale and judged is not None else None
    return EntryAsked(state, tuple(waiting), "\n".join(found), changed)


def question_of(
    profile: Profile,
    planned: PlannedEvaluation,
    *,
    judged: JudgedFile | None = None,
    findings: str = "",
    refuted: str = "",
    needs_device: bool = False,
    context: Context | None = None,
) -> Question:
    """The question of one evaluation that a judgement answers; see `Question` for the arguments."""
    state = planned.judged
    assert state is not None  # noqa: S101 - the caller saw to it
    catalogue = edition(profile.edition)
    unit, stale = planned.unit, state.status == "stale"
    changed = None
    if stale and judged is not None and state.judgement is not None:
        changed = changes(profile, unit, planned.entry, state.judgement.fingerprint, judged)
    return Question(
        planned=planned,
        title=catalogue.group(planned.group).title,
        purpose=_purpose(catalogue.case(unit.case)),
        asks=state.question,
        answers=tuple(_answers(profile, planned)),
        findings=findings,
        refuted=refuted,
        needs_device=needs_device,
        state=state.status,
        earlier=state.judgement,
        stale_because=state.reason if stale else "",
        changed=changed,
        ics=(context or Context(profile)).ics(planned.group),
    )


def _purpose(case: Case) -> str:
    """What a case is about, and that its PASS condition is reconstructed: whoever judges has to know."""
    said = case.reconstructed
    return f"{case.purpose} {said[0].upper()}{said[1:]}." if said else case.purpose


_MOST_ENTRIES = 20
"""Entries of another table that are shown beside a question."""


def _answers(profile: Profile, planned: PlannedEvaluation) -> Iterator[IxitAnswer]:
    unit = planned.unit
    for table_id, fields in unit.reads.items():
        if table_id == "*":
            continue
        table = profile.ixit.tables[table_id]
        if table_id == unit.iterates and planned.entry is not None:
            one = table.get(planned.entry)
            entries = [one] if one is not None else []
        else:
            entries = list(table)[:_MOST_ENTRIES]
        for entry in entries:
            yield from answers_of(entry, fields)
