"""What a person is asked, as data: whether an entry is concerned, and what a unit comes to; and what is not asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.mending import guide

if TYPE_CHECKING:
    from pytest_etsi.assessment.changes import Change
    from pytest_etsi.assessment.context import IxitAnswer
    from pytest_etsi.assessment.entry_answers import AnswerState
    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.profile import EntryAnswer, Judgement
    from pytest_etsi.verdict import Verdict

__all__ = ["EntryAsked", "Question", "Unsettled"]

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
        seen: what a run has found, where its results are at hand; "": nothing.
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
    seen: str = ""

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
        topic = guide(group)
        more = f"; guidance in TR 103 621 on {topic}" if topic else ""
        return f"TS 103 701 test case {unit.case}, unit {unit.letter}; EN 303 645 provision {group}{more}"

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
            "seen": self.seen,
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
