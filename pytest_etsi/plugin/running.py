"""Running the items: an evaluation around each, its verdict from what was raised, its record on the report.

Runs where the items run: in this process, or in every worker of pytest-xdist. What goes on the report are builtins.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.bounds import OutOfTime, at_most
from pytest_etsi.plugin.classify import Phase, classify, convert
from pytest_etsi.plugin.collection import EtsiItem
from pytest_etsi.plugin.devices import ASSIGNMENT, Assignment, Device, Run
from pytest_etsi.plugin.masking import mask_error, masked
from pytest_etsi.plugin.told_failure import ToldFailure
from pytest_etsi.plugin.waiting import told_while
from pytest_etsi.probes.serial.leaks import LeakMask
from pytest_etsi.text import neutral_lines
from pytest_etsi.verdict import Cause, Inconclusive, Outcome, Verdict, Violation, inconclusive

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from pytest_etsi.assessment.evaluation import Evaluation, UnitJudgement
    from pytest_etsi.evidence import EvidenceScope
    from pytest_etsi.probes.serial import Transcript
    from pytest_etsi.report.writer import Writer

__all__ = ["Running", "VerdictsStand", "evidence_of", "judgement_of", "masked_transcript"]

EVALUATION: pytest.StashKey[Evaluation] = pytest.StashKey()
ASKED: pytest.StashKey[bool] = pytest.StashKey()
OUTCOME: pytest.StashKey[Outcome | None] = pytest.StashKey()
PARTS: pytest.StashKey[list[Outcome] | None] = pytest.StashKey()
"""What the subtests of a test have come to while it runs; None outside the call."""

_DEVICE_FIXTURES = frozenset({"etsi_dut", "etsi_network", "etsi_console", "etsi_cloud"})


class Running:
    """The hooks around each item."""

    def __init__(self, run: Run, writers: Sequence[Writer]) -> None:
        self._run = run
        self._writers = writers

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let go of the devices when a test is over, however it ended; and of its evaluation, which is recorded."""
        try:
            return (yield)
        finally:
            if EVALUATION in item.stash:
                del item.stash[EVALUATION]
            if OUTCOME in item.stash:
                del item.stash[OUTCOME]
            for device in self._run.devices:
                device.rest()

    # Innermost, so that other plugins see the exception that stands for the verdict.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        """Begin the evaluation; what need not or must not be tried ends here, before any fixture is set up."""
        assignment = item.stash.get(ASSIGNMENT, None)
        # What the evaluation itself concludes is its verdict; what fails while fixtures are set up is none.
        phase: Phase = "call"
        try:
            if assignment is not None:
                self._begin(item, assignment)
            phase = "setup"
            if _DEVICE_FIXTURES.intersection(getattr(item, "fixturenames", ())):
                self._device_of(item).lock.acquire()
                if assignment is None or assignment.unit.functional:
                    self._device_of(item).require_whole(assignment.needs if assignment else ())
            yield
        except BaseException as error:  # noqa: BLE001 - it is raised again
            self._pass_on(item, error, phase)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        """Confirm what only a person may confirm, and let projects add evidence."""
        evaluation = item.stash.get(EVALUATION, None)
        parts = item.stash[PARTS] = []
        try:
            with (
                evaluation.hearing() if evaluation is not None else nullcontext(),
                at_most(self._limit_s(item)),
                self._told(item),
            ):
                yield
            item.stash[PARTS] = None
            if evaluation is not None:
                _hold(parts)
                self._confirm(evaluation)
                self._ask_for_evidence(item, evaluation)
        except BaseException as raised:  # noqa: BLE001 - it is raised again
            error = self._late(item) if isinstance(raised, OutOfTime) else raised
            if evaluation is not None and isinstance(error, Exception | pytest.fail.Exception):
                try:
                    self._ask_for_evidence(item, evaluation)
                except Exception as further:  # noqa: BLE001 - a project's hook must not hide why the unit ended
                    error.add_note(f"pytest_etsi_evidence failed: {type(further).__name__}: {further}")
            self._pass_on(item, error, "call")
        finally:
            item.stash[PARTS] = None

    # Innermost again: pytest-html and Allure then work with a report that is complete.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the record of the evaluation on the report of the phase that concluded it."""
        report = yield
        self._clean(report)
        evaluation = item.stash.get(EVALUATION, None)
        error = call.excinfo.value if call.excinfo else None
        if call.when == "teardown" and evaluation is not None and error is not None:
            report.etsi_cleaning_up = masked(f"{type(error).__name__}: {error}", self._run)  # type: ignore[attr-defined]
        if evaluation is None or evaluation.record is not None or call.when not in ("setup", "call"):
            return report
        parts = item.stash.get(PARTS, None)
        if parts is not None:
            # A subtest: the test that it is a part of is not over yet.
            part = classify(error, "call", self._own(item))
            parts.extend([part] if part is not None else [])
            return report
        outcome = item.stash.get(OUTCOME, None) or classify(error, call.when, self._own(item))
        if outcome is None:
            return report
        self._conclude(item, report, evaluation, outcome)
        if isinstance(item, EtsiItem):
            _say_it_plainly(item, report, error)
        return report

    def _begin(self, item: pytest.Item, assignment: Assignment) -> None:
        assessment = assignment.device.assessment
        if assignment.source == "suite" and assignment.planned is not None:
            evaluation = assessment.begin(assignment.planned, item.nodeid)
        else:
            evaluation = assessment.begin_own(assignment.unit.id, assignment.entry, item.nodeid)
        item.stash[EVALUATION] = evaluation
        # The item may run again, e.g. by a plugin that repeats failures.
        item.stash[OUTCOME], item.stash[ASKED] = None, False
        assignment.device.observe_into(evaluation.evidence)
        evaluation.check()
        evaluation.look_at_pages()

    def _device_of(self, item: pytest.Item) -> Device:
        assignment = item.stash.get(ASSIGNMENT, None)
        if assignment is not None:
            return assignment.device
        name = getattr(getattr(item, "callspec", None), "params", {}).get("etsi_profile")
        return self._run.device(name) if name else self._run.devices[0]

    def _told(self, item: pytest.Item) -> AbstractContextManager[None]:
        """Show how long a unit of the suite waits; not where the terminal is for questions, or for debugging."""
        assignment = item.stash.get(ASSIGNMENT, None)
        option = item.config.getoption
        if (
            assignment is None
            or assignment.source != "suite"
            or option("etsi_attended")
            or option("etsi_assess")
            or option("usepdb", False)
        ):
            return nullcontext()
        device, unit = assignment.device, assignment.unit.id
        return told_while(device.show, lambda: device.doing() or unit)

    def _limit_s(self, item: pytest.Item) -> float | None:
        """The seconds that the evaluation may take; None: a person may be asked, or is looking at it."""
        assignment = item.stash.get(ASSIGNMENT, None)
        if assignment is None or assignment.source != "suite" or assignment.planned is None:
            return None
        if assignment.device.assessment.asker is not None or item.config.getoption("usepdb", False):
            return None
        return assignment.planned.at_most_s

    def _late(self, item: pytest.Item) -> Inconclusive:
        limit = self._limit_s(item) or 0.0
        return Inconclusive(
            f"it was ended when it had taken {limit / 60:.0f} minutes, the longest that it may",
            cause=Cause.BENCH,
            settle="look at what keeps the device from answering in time, and run the unit again, alone",
        )

    def _confirm(self, evaluation: Evaluation) -> None:
        """Where only a person can say that a unit holds, that nothing speaks against it is not enough."""
        if evaluation.source == "suite":
            evaluation.confirm()

    def _ask_for_evidence(self, item: pytest.Item, evaluation: Evaluation) -> None:
        if item.stash.get(ASKED, False):
            return
        item.stash[ASKED] = True
        unit, entry = evaluation.planned.unit.id, evaluation.planned.entry
        device = item.stash[ASSIGNMENT].device
        dut = device.dut if device.lock.held else None
        try:
            answers = item.config.hook.pytest_etsi_evidence(unit=unit, entry=entry, dut=dut)
            offered = [pair for answer in answers for pair in answer or ()]
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:  # noqa: BLE001 - none is about the device
            mask_error(error, self._run)
            inconclusive(
                f"the hook pytest_etsi_evidence of the project failed: {type(error).__name__}: {error}",
                cause=Cause.ERROR,
                settle="mend pytest_etsi_evidence in the project's conftest.py or plugin",
            )
        for name, content in offered:
            evaluation.evidence.add(name, content)

    def _pass_on(self, item: pytest.Item, error: BaseException, phase: Phase) -> None:
        """Raise what stands for the verdict, without secrets; always raises."""
        mask_error(error, self._run)
        if EVALUATION not in item.stash:
            raise error
        outcome = item.stash[OUTCOME] = classify(error, phase, self._own(item))
        converted = convert(error, outcome)
        if converted is error:
            raise error
        raise converted from error

    def _own(self, item: pytest.Item) -> frozenset[Path]:
        return frozenset({self._run.suite_path, item.path})

    def _conclude(
        self, item: pytest.Item, report: pytest.TestReport, evaluation: Evaluation, outcome: Outcome
    ) -> None:
        assignment = item.stash[ASSIGNMENT]
        for transcript in assignment.device.new_on_the_consoles():
            # What cannot be kept ends the run all the same: the store knows of it.
            with suppress(OSError):
                evaluation.evidence.add("console", masked_transcript(transcript, assignment.device).text())
        record = evaluation.conclude(outcome)
        about = assignment.about()
        report.etsi = record  # type: ignore[attr-defined]
        report.etsi_about = about  # type: ignore[attr-defined]
        report.etsi_unwritten = assignment.device.assessment.evidence.failed  # type: ignore[attr-defined]
        if record["verdict"] == Verdict.NOT_APPLICABLE:
            path, line, _ = item.location
            report.longrepr = (path, (line or 0) + 1, f"Skipped: {record['reason']}")
        for writer in self._writers:
            writer.concluded(report, record, about)

    def _clean(self, report: pytest.TestReport) -> None:
        """Mask secrets in what was captured and in the traceback; control characters become visible."""

        def clean(text: str) -> str:
            return neutral_lines(masked(text, self._run))

        report.sections = [(name, clean(text)) for name, text in report.sections]
        if report.longrepr is None or isinstance(report.longrepr, tuple):
            return
        text = str(report.longrepr)
        cleaned = clean(text)
        if cleaned != text:
            report.longrepr = cleaned


def _say_it_plainly(item: EtsiItem, report: pytest.TestReport, error: BaseException | None) -> None:
    """Show what the record says of a FAIL or INCONCLUSIVE instead of a traceback, unless that is all there is.

    A PASS that did not stand in the record is a failed test too.
    """
    record, about = report.etsi, report.etsi_about
    if record["verdict"] not in (Verdict.FAIL, Verdict.INCONCLUSIVE):
        return
    if report.passed:
        report.outcome = "failed"
    elif error is not None and not item.speaks(error):
        return
    path = item.nodeid.partition("::")[0]
    report.longrepr = ToldFailure(record, about, path)
    report.etsi_told = True  # type: ignore[attr-defined] # nothing but the record is in it


class VerdictsStand:
    """An ``xfail`` marker changes the outcome of a test, but not that of an evaluation."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Undo what the marker has made of a FAIL or an INCONCLUSIVE."""
        report = yield
        verdict = getattr(report, "etsi", {}).get("verdict")
        if hasattr(report, "wasxfail") and verdict is not None:
            del report.wasxfail
            if verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE):
                report.outcome = "failed"
        return report


def _hold(parts: list[Outcome]) -> None:
    """End an evaluation whose subtests did not all pass, as the worst of them did.

    Raises:
        Violation: one has found a violation.
        Inconclusive: one came to no verdict.
    """
    for part in parts:
        if part.verdict is Verdict.FAIL:
            raise Violation(part.reason, findings=part.findings)
    for part in parts:
        if part.verdict is Verdict.INCONCLUSIVE:
            raise Inconclusive(
                part.reason, cause=part.cause or Cause.ERROR, settle=part.settle, findings=part.findings
            )


def masked_transcript(transcript: Transcript, device: Device) -> Transcript:
    """A transcript without secrets, also where one went letter by letter, each in a line of its own.

    Keys, hashes and passwords that only their grammar gives away are masked as well.
    """
    lines = list(transcript.lines)
    for direction in "<>":
        numbers = [number for number, line in enumerate(lines) if line.direction == direction]
        pieces = device.assessment.redact.pieces([lines[number].data for number in numbers])
        by_grammar = LeakMask()
        for number, data in zip(numbers, pieces, strict=True):
            lines[number] = replace(lines[number], data=by_grammar(data))
    return replace(transcript, lines=tuple(line for line in lines if line.data))


class ProjectEvidence:
    """Evidence of a test that evaluates nothing: kept, but part of no verdict."""

    def __init__(self, scope: EvidenceScope) -> None:
        self._scope = scope

    def add(self, name: str, content: Any, suffix: str | None = None) -> object:
        """Keep `content` (bytes, text, or what JSON has) under a name derived from `name`."""
        return self._scope.add(name, content, suffix)


def evidence_of(request: pytest.FixtureRequest, device: Device) -> Any:
    """What takes the evidence of the test that asks."""
    evaluation = request.node.stash.get(EVALUATION, None)
    if evaluation is not None:
        return evaluation.evidence
    label = re.sub(r"[^A-Za-z0-9_.-]+", "-", request.node.nodeid).strip("-")
    return ProjectEvidence(device.assessment.evidence.scope("project-tests", label))


def judgement_of(request: pytest.FixtureRequest, device: Device) -> UnitJudgement:  # noqa: ARG001
    """The judgement on what the test evaluates.

    Raises:
        Inconclusive: it evaluates nothing.
    """
    evaluation = request.node.stash.get(EVALUATION, None)
    if evaluation is None:
        inconclusive(
            f"{request.node.nodeid} evaluates no test unit, so that there is nothing that could have been judged",
            cause=Cause.ERROR,
            settle='mark the test with @pytest.mark.etsi_unit("5.1-4-2/b", entry="AuthMech-web")',
        )
    judgement: UnitJudgement = evaluation.judgement
    return judgement
