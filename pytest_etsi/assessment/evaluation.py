"""One evaluation: from its beginning to the record of its verdict, and the judgement that it may rest on."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.judgement import JudgementState, find, needs_judgement, state_of
from pytest_etsi.evidence import EvidenceScope, utc_now
from pytest_etsi.verdict import Cause, Inconclusive, NotApplicable, Verdict, Violation

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pytest_etsi.assessment.plan import PlannedEvaluation
    from pytest_etsi.assessment.run import Assessment
    from pytest_etsi.profile import Judgement

__all__ = ["Asker", "DecidedBy", "Evaluation", "Outcome", "UnitJudgement", "outcome_of"]

Asker: TypeAlias = "Callable[[PlannedEvaluation, str], Judgement | None]"
"""Asks a person about an evaluation; told what the program has found. None: there is no answer now."""
DecidedBy = Literal["program", "judgement", "documents"]
EvaluationSource = Literal["suite", "project"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an evaluation comes to; `cause` is set for INCONCLUSIVE only."""

    verdict: Verdict
    reason: str = ""
    cause: Cause | None = None
    settle: str = ""


def outcome_of(error: BaseException | None) -> Outcome:
    """What the way in which an evaluation ended means.

    None: PASS. An assertion: FAIL. `Inconclusive` and `NotApplicable`: what they say. Everything else:
    INCONCLUSIVE with cause ``error``, because a failure of the tester says nothing about the device.
    """
    if error is None:
        return Outcome(Verdict.PASS)
    if isinstance(error, Inconclusive):
        return Outcome(Verdict.INCONCLUSIVE, error.reason, error.cause, error.settle)
    if isinstance(error, NotApplicable):
        return Outcome(Verdict.NOT_APPLICABLE, error.reason)
    if isinstance(error, AssertionError):
        return Outcome(Verdict.FAIL, str(error) or "an assertion without message failed")
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Outcome(
        Verdict.INCONCLUSIVE,
        what,
        Cause.ERROR,
        "Look at the traceback: most likely a defect of the suite or of a project's own test.",
    )


class UnitJudgement:
    """The judgement on what is being evaluated.

    Attributes:
        state: what is recorded, and what the question is.
        about: what the program has found that the person has to look at; empty: nothing.
    """

    def __init__(self, evaluation: Evaluation, state: JudgementState) -> None:
        self._evaluation = evaluation
        self.state = state
        self.about: object = ""

    @property
    def recorded(self) -> Judgement | None:
        """The judgement that counts, also a stale one; None: there is none."""
        return self.state.judgement

    def required(self, about: object = "") -> Judgement:
        """The valid judgement, which from here on decides the evaluation.

        Args:
            about: what the program has found that the person has to look at, put beside the question; empty: nothing.

        Raises:
            Inconclusive: there is none, or it is about something that has changed since; with the question to
                answer.
            Violation: the judgement is that the unit does not hold.
            NotApplicable: the judgement is that nothing is concerned.
        """
        self.about = about
        self._evaluation.decided_by = "judgement"
        if self.state.status in ("missing", "stale"):
            self.state = self._evaluation.asked_for(self.state, str(about) if about else "")
        state = self.state
        if state.judgement is None or state.verdict is Verdict.INCONCLUSIVE:
            seen = f" To be considered: {about}" if about else ""
            raise Inconclusive(state.reason, cause=Cause.JUDGEMENT, settle=f"{state.settle}{seen}")
        if state.verdict is Verdict.FAIL:
            raise Violation(state.reason)
        if state.verdict is Verdict.NOT_APPLICABLE:
            raise NotApplicable(state.reason)
        return state.judgement


class Evaluation:
    """One evaluation while it runs; as a context manager it concludes itself by the way its block ends.

    Attributes:
        planned: what is evaluated.
        node: name of the test that does it.
        source: "suite", or "project" for a project's own test.
        evidence: takes what is observed.
        judgement: the recorded judgement.
        decided_by: what the verdict rests on.
        record: the finished evaluation; None while it runs.
    """

    def __init__(
        self, assessment: Assessment, planned: PlannedEvaluation, node: str | None, source: EvaluationSource
    ) -> None:
        self._assessment = assessment
        self.planned = planned
        self.node = node
        self.source: EvaluationSource = source
        self.evidence: EvidenceScope = assessment.evidence.scope(planned.unit.id, planned.entry)
        state = planned.judged or find(assessment.profile, planned.unit, planned.entry)
        self.judgement = UnitJudgement(self, state)
        self.decided_by: DecidedBy = "program"
        self.record: dict[str, Any] | None = None
        self._started = utc_now()
        self._clock = time.monotonic()

    @property
    def summary(self) -> str:
        """What a PASS rests on, one sentence; said through `EvidenceScope.summary`."""
        return self.evidence.in_short

    def asked_for(self, state: JudgementState, about: str) -> JudgementState:
        """What is recorded after a person was asked, if one is there to be asked."""
        asker = self._assessment.asker
        if asker is None or self.source != "suite":
            return state
        given = asker(replace(self.planned, judged=state, judgement=state.status), about)
        return state if given is None else state_of([given], state.fingerprint, state.question)

    def check(self) -> None:
        """End here what need not, or must not, be tried.

        Raises:
            NotApplicable: nothing is concerned.
            Inconclusive: it does something to the device that is not permitted; or entries are missing, and no valid
                judgement says why.
            Violation: the judgement is that entries are missing.
        """
        planned = self.planned
        if planned.applies is False:
            self.decided_by = "documents"
            raise NotApplicable(planned.reason)
        if planned.applies is None and planned.entry is None and planned.unit.iterates is not None:
            # There is no entry that the test function could be asked about: a person has to have seen why.
            self.judgement.required(planned.reason)
            raise NotApplicable(f"{planned.reason}; {self.judgement.state.reason}")
        if planned.missing_permissions:
            needs = ", ".join(planned.missing_permissions)
            raise Inconclusive(
                f"not permitted: {needs}",
                cause=Cause.PERMISSION,
                settle=f"Permit {needs} in the profile, or by --etsi-allow={needs.replace(' ', '')}.",
            )

    def confirm(self) -> None:
        """End here what a program alone cannot let pass; `conclude` sees to it in any case.

        Raises:
            Inconclusive: only a person can confirm the unit, and no valid judgement does; or a person could not
                conclude; or the documents do not tell whether the entry is concerned at all.
            Violation: the judgement is that the unit does not hold. A program that has found nothing does not
                overrule a person who has.
            NotApplicable: the judgement is that nothing is concerned.
        """
        if self.source != "suite":
            return
        if needs_judgement(self.planned.unit) or self.judgement.state.status in ("failed", "open"):
            self.judgement.required()
        if self._is_concern_open():
            raise Inconclusive(
                self.planned.reason, cause=Cause.INFORMATION, settle="State the facts of the entry that tell."
            )

    def _is_concern_open(self) -> bool:
        return self.planned.applies is None and self.source == "suite" and self.decided_by != "judgement"

    def conclude(self, outcome: Outcome) -> dict[str, Any]:
        """Finish, and give the evaluation as it goes into the record; `Assessment.record` puts it there.

        What nothing speaks against still has to be confirmed, see `confirm`. Where the documents do not tell whether
        the entry is concerned, a program cannot refute either: a missing fact gives neither PASS nor FAIL.
        """
        if self.record is not None:
            return self.record
        if outcome.verdict is Verdict.PASS:
            try:
                self.confirm()
            except (Inconclusive, Violation, NotApplicable) as error:
                outcome = outcome_of(error)
        elif outcome.verdict is Verdict.FAIL and self._is_concern_open():
            outcome = Outcome(
                Verdict.INCONCLUSIVE,
                f"{self.planned.reason}; if it is: {outcome.reason}",
                Cause.INFORMATION,
                "State the facts of the entry that tell.",
            )
        open_ = outcome.verdict is Verdict.INCONCLUSIVE
        redact = self._assessment.redact
        reason = outcome.reason or (self.summary if outcome.verdict is Verdict.PASS else "")
        self.record = {
            "unit": self.planned.unit.id,
            "entry": self.planned.entry,
            "node": self.node,
            "device": self._assessment.profile.name,
            "source": self.source,
            "verdict": str(outcome.verdict),
            "cause": str(outcome.cause or Cause.ERROR) if open_ else None,
            "decided_by": self.decided_by,
            "reason": redact.text(sentence(reason)),
            "settle": redact.text(sentence(outcome.settle)),
            "judgement": self.judgement.state.to_json() if self.decided_by == "judgement" else None,
            "evidence": [item.to_json() for item in self.evidence.items],
            "started": self._started,
            "duration_s": round(time.monotonic() - self._clock, 3),
        }
        return self.record

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None and not isinstance(error, Exception):
            return False
        self._assessment.record(self.conclude(outcome_of(error)))
        return True
