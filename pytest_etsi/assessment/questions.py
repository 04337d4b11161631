"""The questions to a competent person that an assessment leaves open, with everything that is needed to answer them.

Two kinds are asked: whether an entry is concerned, where its documents do not tell (`EntryAsked`), once for all units
that depend on it; and what a unit comes to (`Question`). Asked is only what an answer has an effect on: what a
judgement cannot settle is told with what would settle it (`Unsettled`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.changes import changes, changes_on_entry
from pytest_etsi.assessment.context import Context, IxitAnswer, answers_of
from pytest_etsi.assessment.entry_answers import answer_state
from pytest_etsi.assessment.examine import examine
from pytest_etsi.profile import Judgement, Source
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.assessment.changes import Change
    from pytest_etsi.assessment.entry_answers import AnswerState
    from pytest_etsi.assessment.examine import Examined
    from pytest_etsi.assessment.judgement import JudgementState
    from pytest_etsi.assessment.plan import Plan, PlannedEvaluation
    from pytest_etsi.profile import EntryAnswer, Profile
    from pytest_etsi.profile.judged_file import JudgedFile

__all__ = [
    "EntryAsked",
    "Inquiry",
    "IxitAnswer",
    "Question",
    "Unsettled",
    "inquire",
    "question_of",
    "questions",
]

_OPEN = ("missing", "stale", "open")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: one unit, over one entry of its table or once.

    Attributes:
        planned: the evaluation.
        title: of the test group.
        purpose: of the test case.
        asks: what the person has to answer, in our words; for a unit by hand also what there is to do.
        answers: what the unit reads, in the order of the pro forma.
        ics: what the ICS says of the provision: "Y: the measures taken"; "": no row.
        findings: what the program has found that deserves a look; "": nothing.
        refuted: what the program has found against it; no judgement changes that. "": nothing.
        beside: what stays open beside it, whatever is judged, and what would settle that; "": nothing.
        needs_device: a run with the device shows more.
        state: missing, stale or open; valid or failed where it is answered.
        earlier: the judgement that is recorded; None: none is.
        stale_because: why it does not count any more; "": it does, or there is none.
        changed: what is different from what it was about; None: that is not on record, or nothing is stale.
    """

    planned: PlannedEvaluation
    title: str
    purpose: str
    asks: str
    answers: tuple[IxitAnswer, ...]
    findings: str
    refuted: str
    needs_device: bool
    state: str
    earlier: Judgement | None = None
    stale_because: str = ""
    changed: tuple[Change, ...] | None = None
    ics: str = ""
    beside: str = ""

    @property
    def key(self) -> tuple[str, str | None]:
        """What an answer to it is kept under."""
        return self.planned.key

    @property
    def is_open(self) -> bool:
        """Whether an answer is wanted and would count."""
        return self.state in _OPEN and not self.refuted

    @property
    def references(self) -> str:
        """Where the standards speak of it."""
        unit, group = self.planned.unit, self.planned.group
        scenario = group.rpartition("-")[0]
        topic = read_json("guidance.json")["topics"].get(scenario, "")
        guide = f"; guidance in TR 103 621 on {topic}" if topic else ""
        return f"TS 103 701 test case {unit.case}, unit {unit.letter}; EN 303 645 provision {group}{guide}"

    def to_json(self) -> dict[str, Any]:
        """As builtins; the keys ``unit``, ``entry`` and ``fingerprint`` are those of a judgement."""
        return {
            "unit": self.planned.unit.id,
            "entry": self.planned.entry,
            "group": self.planned.group,
            "title": self.title,
            "purpose": self.purpose,
            "question": self.asks,
            "references": self.references,
            "ics": self.ics,
            "answers": [{"where": one.where, "name": one.name, "text": one.text} for one in self.answers],
            "findings": self.findings,
            "refuted": self.refuted,
            "beside": self.beside,
            "needs_device": self.needs_device,
            "state": self.state,
            "stale_because": self.stale_because,
            "changed": None if self.changed is None else [change.to_json() for change in self.changed],
            "fingerprint": self.planned.fingerprint,
        }


@dataclass(frozen=True, slots=True)
class EntryAsked:
    """One question about an entry, on which it depends which units concern it.

    Attributes:
        asked: the question, and what is recorded on it.
        waiting: the evaluations that depend on it, as far as is known now.
        findings: what the program has found that counts if the entry is concerned; "": nothing.
        changed: as of `Question`.
    """

    asked: AnswerState
    waiting: tuple[PlannedEvaluation, ...]
    findings: str = ""
    changed: tuple[Change, ...] | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        """What an answer to it is kept under."""
        return self.asked.key

    @property
    def earlier(self) -> EntryAnswer | None:
        """The answer that is recorded."""
        return self.asked.answer

    @property
    def stale_because(self) -> str:
        """Why it does not count any more."""
        return self.asked.reason if self.asked.status == "stale" else ""

    def to_json(self) -> dict[str, Any]:
        """As builtins; the keys ``question``, ``entry`` and ``fingerprint`` are those of an answer."""
        return {
            "question": self.asked.id,
            "entry": self.asked.entry,
            "asks": self.asked.question.asks,
            "answers": list(self.asked.question.answers),
            "facts": self.asked.question.facts,
            "units": [one.unit.id for one in self.waiting],
            "findings": self.findings,
            "state": self.asked.status,
            "stale_because": self.stale_because,
            "changed": None if self.changed is None else [change.to_json() for change in self.changed],
            "fingerprint": self.asked.fingerprint,
        }


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What is open, or refuted, and no judgement changes.

    Attributes:
        planned: the evaluation.
        verdict: FAIL or INCONCLUSIVE.
        reason: why.
        settle: what would settle it; "": nobody said.
    """

    planned: PlannedEvaluation
    verdict: Verdict
    reason: str
    settle: str = ""

    def to_json(self) -> dict[str, Any]:
        """As builtins."""
        unit, entry = self.planned.key
        return {
            "unit": unit, "entry": entry, "verdict": str(self.verdict), "reason": self.reason, "settle": self.settle,
        }  # fmt: skip


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
) -> Inquiry:
    """Examine a plan on paper, and tell what a person has to answer.

    Args:
        profile: the device's documents.
        plan: made from them.
        judged: what earlier judgements were about; None: not looked at.
        wanted: which evaluations are looked at; None: all.
    """
    context = Context(profile)
    waiting: dict[tuple[str, str, str], list[PlannedEvaluation]] = {}
    found: list[Question] = []
    unsettled: list[Unsettled] = []
    for planned in plan.evaluations:
        if planned.applies is False or planned.judged is None or (wanted is not None and not wanted(planned)):
            continue
        if planned.function is None:
            found.append(question_of(profile, planned, judged=judged, context=context))
            continue
        if planned.entry is not None and planned.open and _waits(profile, planned):
            for name in planned.open:
                key = (planned.unit.iterates or "", planned.entry, name)
                waiting.setdefault(key, []).append(planned)
            continue
        question, left = _asked(profile, planned, examine(profile, planned), judged, context)
        if question is not None:
            found.append(question)
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
        return (question, None) if planned.judgement != "none" else (None, None)
    if outcome.verdict is not Verdict.INCONCLUSIVE:
        return (question, None) if recorded else (None, None)
    assumed = examine(profile, replace(planned, judged=_assumed(planned), judgement="valid")).outcome
    if assumed.verdict is not Verdict.INCONCLUSIVE:
        return question, None
    left = Unsettled(planned, assumed.verdict, assumed.reason, assumed.settle)
    if (assumed.cause, assumed.reason) == (outcome.cause, outcome.reason):
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
        purpose=catalogue.case(unit.case).purpose,
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
