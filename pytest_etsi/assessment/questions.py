"""The questions to a competent person that an assessment leaves open, with everything that is needed to answer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.changes import changes
from pytest_etsi.assessment.examine import examine
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.changes import Change
    from pytest_etsi.assessment.plan import Plan, PlannedEvaluation
    from pytest_etsi.profile import Entry, Judgement, Profile
    from pytest_etsi.profile.judged_file import JudgedFile

__all__ = ["IxitAnswer", "Question", "question_of", "questions"]


@dataclass(frozen=True, slots=True)
class IxitAnswer:
    """One answer of the IXIT that a question is about.

    Attributes:
        where: file and line.
        name: "7-UpdMech/UpdMech-Network: Description".
        text: what stands there; "": nothing.
    """

    where: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question: one unit, over one entry of its table or once.

    Attributes:
        planned: the evaluation.
        title: of the test group.
        purpose: of the test case.
        asks: what the person has to answer, in our words; for a unit by hand also what there is to do.
        answers: what the unit reads, in the order of the pro forma.
        findings: what the program has found that deserves a look; "": nothing.
        refuted: what the program has found against it; no judgement changes that. "": nothing.
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
            "answers": [{"where": one.where, "name": one.name, "text": one.text} for one in self.answers],
            "findings": self.findings,
            "refuted": self.refuted,
            "needs_device": self.needs_device,
            "state": self.state,
            "stale_because": self.stale_because,
            "changed": None if self.changed is None else [change.to_json() for change in self.changed],
            "fingerprint": self.planned.fingerprint,
        }


def questions(profile: Profile, plan: Plan, judged: JudgedFile | None = None) -> Iterator[Question]:
    """Every question of a plan that a judgement answers or has answered, in the order of the catalogue.

    Args:
        profile: the device's documents.
        plan: made from them.
        judged: what earlier judgements were about; None: not looked at.
    """
    for planned in plan.evaluations:
        if planned.applies is False or planned.judgement == "none" or planned.judged is None:
            continue
        examined = examine(profile, planned) if planned.function is not None else None
        outcome = examined.outcome if examined is not None else None
        by_program = outcome is not None and outcome.verdict is Verdict.FAIL and planned.judgement != "failed"
        yield question_of(
            profile,
            planned,
            judged=judged,
            findings=examined.considered if examined is not None else "",
            refuted=outcome.reason if outcome is not None and by_program else "",
            needs_device=outcome is not None and outcome.cause is Cause.ACCESS,
        )


def question_of(
    profile: Profile,
    planned: PlannedEvaluation,
    *,
    judged: JudgedFile | None = None,
    findings: str = "",
    refuted: str = "",
    needs_device: bool = False,
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
            yield from (_answer(entry, field) for field in fields if field in entry)


def _answer(entry: Entry, field: str) -> IxitAnswer:
    source = entry.source(field)
    text = "\n".join(sentence(line) for line in entry.written(field).splitlines())
    return IxitAnswer(f"{source.file}:{source.line}", f"{entry}: {field}", text)
