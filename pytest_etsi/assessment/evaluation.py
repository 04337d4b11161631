"""One evaluation: from its beginning to the record of its verdict, and the judgement that it may rest on."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, TypeAlias

from pytest_etsi.assessment._text import plain, sentence
from pytest_etsi.assessment.concern import settles_concern
from pytest_etsi.assessment.crypto import counting
from pytest_etsi.assessment.doubts import despite_drafts, is_beside, seen_of_device, unread_findings
from pytest_etsi.assessment.examined import documents_examined
from pytest_etsi.assessment.findings import Findings, heard_by, looked_at, together
from pytest_etsi.assessment.judgement import SILENT, JudgementState, find, needs_judgement, state_of
from pytest_etsi.assessment.mending import mending
from pytest_etsi.assessment.pages import addresses, fetched, mark_of
from pytest_etsi.evidence import EvidenceScope, utc_now
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Inconclusive, NotApplicable, Outcome, Verdict, Violation, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.dut.reach.shelf import Shelf
    from pytest_etsi.profile import Judgement, Profile
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.redaction import Redactor
    from pytest_etsi.verdict import Reported

__all__ = ["Asker", "DecidedBy", "Evaluation", "EvidenceKeeper", "Run", "UnitJudgement"]

Asker: TypeAlias = "Callable[[PlannedEvaluation, str], Judgement | None]"
"""Asks a person about an evaluation; told what the program has found. None: there is no answer now."""
DecidedBy = Literal["program", "judgement", "documents"]
EvaluationSource = Literal["suite", "project"]


class Run(Protocol):
    """What an evaluation needs of the run that it is a part of."""

    @property
    def asker(self) -> Asker | None:
        """Asks a person for a judgement; None: nobody is there."""

    @property
    def profile(self) -> Profile:
        """The device's documents."""

    @property
    def shelf(self) -> Shelf | None:
        """Keeps published documents for later runs; None: none are fetched."""

    @property
    def redact(self) -> Redactor:
        """Masks secrets."""

    @property
    def evidence(self) -> EvidenceKeeper:
        """Keeps what is observed."""

    def record(self, record: Mapping[str, Any]) -> object:
        """Take a finished evaluation."""


class EvidenceKeeper(Protocol):
    """Keeps the evidence of evaluations apart."""

    def scope(self, unit: str, entry: str | None) -> EvidenceScope:
        """What takes the evidence of one."""

    def settle(self) -> None:
        """Bring to disk what is not there yet."""


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

    @property
    def considered(self) -> str:
        """What the person has to look at, one thing to a line; empty: nothing."""
        if isinstance(self.about, Findings):
            return "\n".join(map(str, self.about))
        return str(self.about) if self.about else ""

    def ask(self, about: Findings) -> bool:
        """Ask a person who is there about what is open, where nobody has answered yet; whether that gave an answer."""
        if self.state.status in ("missing", "stale"):
            self.about = self._evaluation.seen_with(about)
            self.state = self._evaluation.asked_for(self.state, self.considered)
            return self.state.status not in ("missing", "stale")
        return False

    def required(self, about: object = "") -> Judgement:
        """The valid judgement, which from here on decides the evaluation.

        Args:
            about: what the program has found that the person has to look at, put beside the question; empty: nothing.
                What was found before in the same evaluation is put there too.

        Raises:
            Inconclusive: there is none, or it is about something that has changed since; with the question to
                answer.
            Violation: a finding among `about` refutes the unit, or the judgement is that it does not hold.
            NotApplicable: the judgement is that nothing is concerned.
        """
        if isinstance(about, Findings):
            self.about = about = self._evaluation.seen_with(about)
            about.refute()
            self._evaluation.hear(about, about.examined)
        else:
            self.about = about or self.about or self._evaluation.seen_with(Findings())
        if doubts := self._evaluation.doubts:
            # Whoever judges reads the words themselves, and has to know that no program understood them.
            known = self.about
            self.about = (
                together(known, doubts) if isinstance(known, Findings) else f"{known}; {doubts}".strip("; ")
            )
        self._evaluation.decided_by = "judgement"
        if self.state.status in ("missing", "stale"):
            self.state = self._evaluation.asked_for(self.state, self.considered)
        state = self.state
        if state.judgement is None or state.verdict is Verdict.INCONCLUSIVE:
            seen = f" To be considered: {self.about}" if self.about else ""
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
        self, run: Run, planned: PlannedEvaluation, node: str | None, source: EvaluationSource
    ) -> None:
        self._run = run
        self.planned = planned
        self.node = node
        self.source: EvaluationSource = source
        self.evidence: EvidenceScope = run.evidence.scope(planned.unit.id, planned.entry)
        state = planned.judged or find(run.profile, planned.unit, planned.entry)
        self.judgement = UnitJudgement(self, state)
        self.decided_by: DecidedBy = "program"
        self.record: dict[str, Any] | None = None
        self._findings: dict[Finding, None] = {}
        self._examined: dict[str, None] = {}
        self._unread: dict[Unread, None] = dict.fromkeys(planned.unread)
        self._decided = False
        self._hearing: AbstractContextManager[None] | None = None
        self._started = utc_now()
        self._clock = time.monotonic()

    def hear(self, findings: Findings, examined: str) -> None:
        """Take what was found, and what was examined, for the record."""
        self._findings |= dict.fromkeys(findings)
        self._examined |= {examined: None} if examined else {}
        self._decided = True

    def seen_with(self, findings: Findings) -> Findings:
        """Findings, and behind them what was found before; each once, by what it says and where."""
        known = {(one.message, one.place) for one in findings}
        before = [
            one
            for one in dict.fromkeys((*self._findings, *looked_at()))
            if one.kind != "violation" and (one.message, one.place) not in known
        ]
        each = {(one.message, one.place): one for one in reversed(before)}
        return Findings((*findings, *reversed(each.values())), findings.examined)

    def look_at_pages(self) -> None:
        """Hold the judgement against the published pages that it is about, as they are now, and keep these."""
        unit, profile = self.planned.unit, self._run.profile
        if self.source != "suite" or not addresses(profile, unit):
            return
        try:
            pages = fetched(profile, unit, self._run.shelf)
        except Inconclusive:
            pages, mark = (), SILENT
        else:
            mark = mark_of(pages)
        for page in pages:
            self.evidence.add("document", page.to_json())
        if mark != SILENT or self.judgement.recorded:
            state = find(profile, unit, self.planned.entry, mark=mark)
            self.judgement.state = replace(state, question=self.judgement.state.question)

    def read(self, unread: Unread) -> None:
        """Take that something was read which may not be relied on; the verdict rests on it."""
        self._unread[unread] = None

    @property
    def doubts(self) -> Findings:
        """What was read and could not be understood, as findings."""
        return unread_findings(self._unread, self.planned)

    def asked_for(self, state: JudgementState, about: str) -> JudgementState:
        """What is recorded after a person was asked, if one is there to be asked."""
        asker = self._run.asker
        rests_on_draft = any(one.drafted for one in self._unread)  # which no answer changes
        if asker is None or self.source != "suite" or rests_on_draft:
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
        if planned.missing_permissions and not planned.partly:
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
            raise Inconclusive(self.planned.reason, cause=Cause.INFORMATION, settle=self._settles_concern)

    def _is_concern_open(self) -> bool:
        return self.planned.applies is None and self.source == "suite" and self.decided_by != "judgement"

    @property
    def _settles_concern(self) -> str:
        return self.planned.settle or settles_concern(self.planned.unit.iterates or "", self.planned.open)

    def conclude(self, outcome: Outcome) -> dict[str, Any]:
        """Finish, and give the evaluation as it goes into the record; `Assessment.record` puts it there.

        What nothing speaks against still has to be confirmed, see `confirm`. Where the documents do not tell whether
        the entry is concerned, a program cannot refute either: a missing fact gives neither PASS nor FAIL.
        Nor does what was read and could not be understood; a draft gives a FAIL, and no PASS.
        """
        if self.record is not None:
            return self.record
        if outcome.verdict is Verdict.PASS:
            try:
                self.confirm()
            except (Inconclusive, Violation, NotApplicable) as error:
                outcome = outcome_of(error)
        if self._unread:
            outcome = self._despite_doubts(outcome)
        seen = seen_of_device(outcome, self._unread) if self.planned.unclaimed else None
        if seen is not None:
            # Drafted facts are what the device was seen to do, which counts whatever is claimed.
            outcome = seen
        elif outcome.verdict is Verdict.FAIL and self._is_concern_open():
            outcome = Outcome(
                Verdict.INCONCLUSIVE,
                f"{self.planned.reason}; if it is: {outcome.reason}",
                Cause.INFORMATION,
                self._settles_concern,
                outcome.findings,
            )
        outcome = despite_drafts(outcome, self._unread)
        if outcome.verdict is Verdict.FAIL:
            outcome = self._saying_who_told(outcome)
        if outcome.verdict is Verdict.PASS:
            outcome = self._saying_what_it_rests_on(outcome)
        if outcome.verdict in (Verdict.FAIL, Verdict.PASS):
            outcome = self._saying_what_is_reconstructed(outcome)
        open_ = outcome.verdict is Verdict.INCONCLUSIVE
        redact = self._run.redact
        self._run.evidence.settle()
        took_s = round(time.monotonic() - self._clock, 3)
        found = self._found(outcome)
        settle = redact.text(outcome.settle)
        if outcome.verdict is Verdict.FAIL:
            settle = settle or " ".join(mending([self.planned.group], found))
        self.record = {
            "unit": self.planned.unit.id,
            "entry": self.planned.entry,
            "node": self.node,
            "device": self._run.profile.name,
            "source": self.source,
            "verdict": str(outcome.verdict),
            "cause": str(outcome.cause or Cause.ERROR) if open_ else None,
            "decided_by": self.decided_by,
            "reason": sentence(redact.text(outcome.reason)),
            "settle": sentence(settle),
            "judgement": self.judgement.state.to_json() if self.decided_by == "judgement" else None,
            "findings": found,
            "evidence": [item.to_json() for item in self.evidence.items],
            "started": self._started,
            "duration_s": took_s,
        }
        return self.record

    def _despite_doubts(self, outcome: Outcome) -> Outcome:
        """The outcome where something was read that could not be understood, unless a person has judged its words.

        A reference to what is not there refutes the unit that is about the entry; everything else leaves open what
        rests on it, violations too: what was not understood may say otherwise.
        """
        doubts = self.doubts
        wrong, open_ = doubts.violations, doubts.unknowns
        if wrong and not self._is_concern_open():
            further = f"; {outcome.reason}" if outcome.verdict is Verdict.FAIL and not open_ else ""
            return Outcome(Verdict.FAIL, f"{wrong}{further}", findings=(*outcome.findings, *doubts))
        judged = self.decided_by == "judgement" and self.judgement.state.status in ("valid", "failed")
        if not doubts or judged:
            return outcome
        besides = (
            outcome.reason if is_beside(outcome, doubts) and outcome.reason != self.planned.reason else ""
        )
        return Outcome(
            Verdict.INCONCLUSIVE,
            f"{doubts}; if it were left out: {besides}" if besides else str(doubts),
            Cause.INFORMATION,
            "; ".join(dict.fromkeys(one.settle for one in doubts if one.settle)),
            (*outcome.findings, *doubts),
        )

    def _saying_what_it_rests_on(self, outcome: Outcome) -> Outcome:
        """A PASS with what was examined and who judged it; INCONCLUSIVE where the suite's unit says neither."""
        said = [self.evidence.in_short] if self.evidence.in_short else list(self._examined)
        unit = self.planned.unit
        if not said and not unit.functional and (self._decided or self.decided_by == "judgement"):
            documents = documents_examined(self._run.profile, unit, self.planned.entry)
            said = [f"{documents}: nothing refutes it"] if documents else []
        if self.decided_by == "judgement":
            said.append(self.judgement.state.reason)
        reason = "; ".join(one for one in (outcome.reason, *said) if one)
        if not reason and self.source == "project":
            reason = f"{self.node or 'a test of the project'} found nothing that speaks against it"
        if reason:
            return self._saying_who_told(replace(outcome, reason=reason))
        return Outcome(
            Verdict.INCONCLUSIVE,
            "the test function ended without saying what it examined",
            Cause.ERROR,
            "Let it decide by findings, with what was examined: found.decide(examined=...).",
        )

    def _saying_what_is_reconstructed(self, outcome: Outcome) -> Outcome:
        """With where the PASS condition is from that the verdict follows, where the published one is not known.

        A unit that is the same in the earlier edition asks what it asked there.
        """
        unit, profile = self.planned.unit, self._run.profile
        if self.source != "suite" or unit.origin.edition != profile.edition:
            return outcome
        basis = edition(profile.edition).case(unit.case).reconstructed
        return replace(outcome, reason=f"{outcome.reason}; {basis}") if basis else outcome

    def _saying_who_told(self, outcome: Outcome) -> Outcome:
        """With who answered that the entry is concerned, where the documents do not tell."""
        told_by = self.planned.told_by
        return replace(outcome, reason=f"{outcome.reason}; {told_by}") if told_by else outcome

    def _found(self, outcome: Outcome) -> list[dict[str, Any]]:
        """The findings as they go into the record, whole; what was seen on the device names its evidence."""
        seen = [item.file for item in self.evidence.items]
        found: dict[Reported, None] = dict.fromkeys((*self._findings, *outcome.findings))
        records = []
        for finding in found:
            record = self._run.redact.builtins(plain(finding.to_json()))
            named = record.pop("evidence", "")
            if self.planned.unit.functional and seen:
                record["evidence"] = [file for file in seen if named in file] or seen
            records.append(record)
        return records

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Take what is decided meanwhile, cryptography by the catalogues that the profile lets count."""
        with heard_by(self), counting(self._run.profile.cryptography):
            yield

    def __enter__(self) -> Self:
        self._hearing = self.hearing()
        self._hearing.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._hearing is not None:
            self._hearing.__exit__(None, None, None)
        if error is not None and not isinstance(error, Exception):
            return False
        self._run.record(self.conclude(outcome_of(error)))
        return True
