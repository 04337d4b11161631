"""The record of the run, kept where all reports arrive: in this process, or in the controller of pytest-xdist."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.assessment.results import ENDED_BEFORE
from pytest_etsi.assessment.watched import by_documents_alone
from pytest_etsi.plugin import compat
from pytest_etsi.plugin.devices import ASSIGNMENT
from pytest_etsi.plugin.start import done_nodes
from pytest_etsi.plugin.told_failure import ToldFailure
from pytest_etsi.scratch import Scratch
from pytest_etsi.text import neutralised
from pytest_etsi.verdict import Cause, Inconclusive, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.plugin.collection import Selection
    from pytest_etsi.plugin.devices import Device, Run
    from pytest_etsi.report.writer import Writer

__all__ = ["INCONCLUSIVE_STATUS", "UNWRITTEN_STATUS", "RunRecorder"]

INCONCLUSIVE_STATUS = 10
"""Exit status when nothing failed but something is INCONCLUSIVE."""

UNWRITTEN_STATUS = 11
"""Exit status when results could not be written: the disk is full, or has turned read-only."""

_CRASHED = "???"
"""What pytest-xdist gives as the phase of a test during which its worker ended."""


class RunRecorder:
    """Journal, results and exit status; the forms of report are told of them."""

    def __init__(self, run: Run, selection: Selection, writers: Sequence[Writer]) -> None:
        self._run = run
        self._selection = selection
        self._writers = writers
        self._waiting: dict[str, dict[str, Any]] = {}
        self._about: dict[str, Mapping[str, Any]] = {}
        self._concluded: dict[str, pytest.TestReport] = {}
        self._keywords: dict[str, Mapping[str, Any]] = {}
        self._verdicts: Counter[str] = Counter()
        self._failed_open = 0
        self._begun: set[str] = set()
        self._left_out: set[str] = set()
        self._observed: set[str] = set()
        self._opened = run.options.resume
        self._scratch = Scratch("notice")
        self._notice = self._scratch.path / "told"
        self._notice.mkdir()
        self._results: dict[str, dict[str, Any]] = {}
        self._unwritten = ""
        self._has_crashed = False
        self._session: pytest.Session | None = None

    # For the workers

    def message(self) -> dict[str, Any]:
        """What a worker of pytest-xdist is told."""
        return {
            "values": {device.profile.name: dict(device.values) for device in self._run.devices},
            "done": sorted(self._run.done),
            "notice": str(self._notice),
        }

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Keep in mind what a worker is going to evaluate.

        Open the journals before the first test when it has found evaluations among the project's tests.
        """
        self._begun.update(node for node in ids if node in self._run.assignments)
        if any(self._notice.iterdir()):
            self._open()

    # The run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Open the journals and observe who the devices are, once it is sure that something is evaluated."""
        if session.config.option.collectonly:
            return
        self._session = session
        distributed = session.config.pluginmanager.hasplugin("dsession")
        wanted = [
            assignment
            for node, assignment in self._run.assignments.items()
            if node in self._selection and node not in self._run.done
        ]
        if not distributed:
            found = (item.stash.get(ASSIGNMENT, None) for item in session.items)
            wanted = [assignment for assignment in found if assignment is not None]
            self._begun.update(assignment.node for assignment in wanted)
        if not wanted:
            return
        self._open()
        for device in self._run.devices:
            concerned = [a for a in wanted if a.device is device and a.planned is not None]
            # A device that nobody asks anything need not be there.
            alone = by_documents_alone(device.profile.edition)
            touching = [a.planned for a in concerned if a.unit.functional and a.unit.id not in alone]
            if any(planned.applies is not False for planned in touching if planned):
                self._observe(device, "start")

    def _open(self) -> None:
        if not self._opened:
            for device in self._run.devices:
                done_nodes(device)
            self._opened = True

    def _observe(self, device: Device, when: Any) -> None:
        """Record as whom the device is observed. That it cannot be observed ends nothing."""
        from pytest_etsi.assessment.run import ResumeError

        scope = device.assessment.evidence.scope("identity", when)
        device.observe_into(scope)
        try:
            seen = device.use().observed_identity()
            device.assessment.identity(when, seen, [item.to_json() for item in scope.items])
            self._observed.add(device.profile.name)
        except Inconclusive as error:
            device.assessment.identity(when, {"verified": None, "observed": {}, "detail": error.reason})
        except ResumeError as error:
            raise pytest.UsageError(str(error)) from error
        except OSError as error:
            self._give_up(device, error.strerror or str(error))
        finally:
            device.rest()

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Take what ``--sw`` leaves out, because it passed in another run, for something that was not run."""
        if items and items[0].config.getoption("stepwise", False):
            found = (item.stash.get(ASSIGNMENT, None) for item in items)
            self._left_out.update(assignment.node for assignment in found if assignment is not None)
            self._begun |= self._left_out

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Keep in mind what a worker has begun."""
        if nodeid in self._run.assignments:
            self._begun.add(nodeid)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, None, None]:
        """Record an evaluation when its test is over, cleaning up included."""
        self._reported(report)
        yield
        if self._session is not None and report.nodeid in self._run.assignments:
            compat.forget_phase(self._session.config, report)

    def _reported(self, report: pytest.TestReport) -> None:
        self._share(report)
        record = getattr(report, "etsi", None)
        if record is not None:
            self._concluded[report.nodeid] = report
            unwritten = getattr(report, "etsi_unwritten", "")
            if unwritten:
                # Its evidence is not all there: it is evaluated again when the run goes on.
                self._give_up(self._run.device(record["device"]), unwritten)
            turned = _after_other_plugins(record, report)
            if turned is not None:
                record = report.etsi = turned  # type: ignore[attr-defined]
            self._waiting[report.nodeid] = dict(record)
            self._about[report.nodeid] = report.etsi_about
            # A test that another plugin made fail is a failed test all the same.
            if turned is None and report.failed and record["verdict"] == Verdict.INCONCLUSIVE:
                self._failed_open += 1
        if report.when == "teardown":
            waiting = self._waiting.pop(report.nodeid, None)
            if waiting is not None:
                final = _after_teardown(waiting, report)
                about = self._about.pop(report.nodeid)
                for writer in self._writers:
                    writer.recorded(report, final, about)
                kept = self._record(final)
                concluded = self._concluded.pop(report.nodeid)
                if kept is not None and final == waiting == getattr(concluded, "etsi", None):
                    # pytest keeps every report to the end; of what was found there is one copy all the same.
                    self._keep_once(concluded, kept)
        elif report.when == _CRASHED:
            crashed = self._crashed(report)
            if crashed is not None:
                self._failed_open += 1
                self._has_crashed = True
                self._record(crashed)

    def _keep_once(self, report: pytest.TestReport, record: Mapping[str, Any]) -> None:
        report.etsi = record  # type: ignore[attr-defined]
        assignment = self._run.assignments.get(report.nodeid)
        if assignment is None:
            return
        about = assignment.about()
        report.etsi_about = about  # type: ignore[attr-defined]
        if getattr(report, "etsi_told", False):
            report.longrepr = ToldFailure(record, about, report.nodeid.partition("::")[0])

    def _share(self, report: pytest.TestReport) -> None:
        """Let the reports of all phases of a test have one mapping of its keywords, instead of one each."""
        if report.nodeid not in self._run.assignments:
            return
        first = self._keywords.setdefault(report.nodeid, report.keywords)
        if report.keywords == first:
            report.keywords = first
        if report.when == "teardown":
            del self._keywords[report.nodeid]

    def _record(self, record: dict[str, Any]) -> Mapping[str, Any] | None:
        """Put an evaluation into the record; gives what is kept of it, None: nothing could be."""
        if self._unwritten:
            return None
        self._open()
        self._verdicts[record["verdict"]] += 1
        device = self._run.device(record["device"])
        try:
            return device.assessment.record(record)
        except OSError as error:
            self._give_up(device, error.strerror or str(error))
            return None

    def _give_up(self, device: Device, why: str) -> None:
        """End the run: what it found out from here on would be lost."""
        if self._unwritten:
            return
        self._unwritten = (
            f"etsi: {device.assessment.output}: the results cannot be written: {why}; what was recorded before is "
            "there: make room, and go on with --etsi-resume"
        )
        if self._session is not None:
            self._session.shouldstop = "the results cannot be written"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why the run has ended early."""
        if self._unwritten:
            terminalreporter.write_line(neutralised(self._unwritten), red=True)

    def _crashed(self, report: pytest.TestReport) -> dict[str, Any] | None:
        """The record of an evaluation during which its worker ended."""
        self._waiting.pop(report.nodeid, None)
        assignment = self._run.assignments.get(report.nodeid)
        if assignment is None or assignment.planned is None:
            return None
        evaluation = assignment.device.assessment.begin(assignment.planned, report.nodeid)
        reason = "the process that evaluated it ended before there was a verdict"
        return evaluation.conclude(Outcome(Verdict.INCONCLUSIVE, reason, Cause.ERROR, "run it again, alone"))

    # The end

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the results and decide the exit status."""
        if session.config.option.collectonly:
            return
        for device in self._run.devices:
            if self._opened and any(r["record"] == "evaluation" for r in device.assessment.records):
                if device.profile.name in self._observed and exitstatus != pytest.ExitCode.USAGE_ERROR:
                    self._observe(device, "end")
                self._end(device, partial(self._why_not_run, session, exitstatus, device))
            else:
                device.assessment.abandon()
        if self._results:
            written = {
                self._run.device(name).assessment.output / "results.json": results
                for name, results in self._results.items()
            }
            for writer in self._writers:
                writer.ended(written)
        session.exitstatus = self._status(session, exitstatus)

    def _why_not_run(
        self, session: pytest.Session, exitstatus: int, device: Device, planned: PlannedEvaluation
    ) -> str:
        """Why a planned evaluation has no record."""
        node = self._run.node_of(device, planned)
        if node not in self._begun:
            return "it was not selected"
        if node in self._left_out:
            return "--stepwise left it out"
        stopped = session.shouldfail or session.shouldstop
        if isinstance(stopped, str):
            return f"the run was stopped: {neutralised(stopped)}"
        known = {
            pytest.ExitCode.INTERRUPTED: "the run was interrupted",
            pytest.ExitCode.INTERNAL_ERROR: "pytest had an internal error",
        }
        return next((why for code, why in known.items() if code == exitstatus), ENDED_BEFORE)

    def _end(self, device: Device, why_not_run: Callable[[PlannedEvaluation], str]) -> None:
        if not self._unwritten:
            try:
                self._results[device.profile.name] = device.assessment.close(why_not_run)
            except OSError as error:
                self._give_up(device, error.strerror or str(error))
        if self._unwritten:
            device.assessment.abandon()

    def _status(self, session: pytest.Session, exitstatus: int) -> int:
        if self._unwritten:
            return UNWRITTEN_STATUS
        usual = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
        lost = self._has_lost()
        if exitstatus not in usual or not (self._results or lost):
            return exitstatus
        verdicts = Counter(self._verdicts)
        verdicts.update(self._verdicts_of_earlier())
        # What pytest counts as failed beyond our INCONCLUSIVE ones is a FAIL, or none of our business.
        if verdicts[Verdict.FAIL] or session.testsfailed > self._failed_open or self._documents_fail():
            return pytest.ExitCode.TESTS_FAILED
        # What was not run, or cannot be examined again, is no lack that one may choose to live with.
        if lost or any(results["integrity"] for results in self._results.values()):
            return INCONCLUSIVE_STATUS
        open_ = verdicts[Verdict.INCONCLUSIVE] or self._leaves_open()
        if open_ and self._run.options.fail_on == "inconclusive":
            return INCONCLUSIVE_STATUS
        return pytest.ExitCode.OK

    def _leaves_open(self) -> bool:
        """Whether a whole run, one that was not limited to a part, has left a device without an overall PASS."""
        return any(
            results["overall"] == Verdict.INCONCLUSIVE and self._is_whole(self._run.device(name))
            for name, results in self._results.items()
        )

    def _has_lost(self) -> bool:
        """Whether something that was to be evaluated was not: ``-x``, a crash or another plugin kept it from that."""
        return self._has_crashed or bool(self._begun.difference(*map(self._nodes, self._run.devices)))

    def _is_whole(self, device: Device) -> bool:
        if self._run.options.only:
            return False
        suite = [a for a in self._run.assignments.values() if a.device is device and a.source == "suite"]
        return bool(suite) and all(assignment.node in self._nodes(device) for assignment in suite)

    @staticmethod
    def _nodes(device: Device) -> set[str | None]:
        """The tests that have a record."""
        return {r.get("node") for r in device.assessment.records if r["record"] == "evaluation"}

    def _documents_fail(self) -> bool:
        """Whether the ICS or a judgement makes a provision FAIL: one that was evaluated, or any if everything was."""
        for device in self._run.devices:
            results = self._results.get(device.profile.name, {"groups": []})
            nodes = self._nodes(device)
            mine = [a for a in self._run.assignments.values() if a.device is device]
            evaluated = {assignment.group.id for assignment in mine if assignment.node in nodes}
            complete = all(assignment.node in nodes for assignment in mine)
            for group in results["groups"]:
                if group["verdict"] == Verdict.FAIL and (complete or group["group"] in evaluated):
                    return True
        return False

    def _verdicts_of_earlier(self) -> Counter[str]:
        """The verdicts of the evaluations that this run did not have to repeat."""
        return Counter(
            record["verdict"]
            for device in self._run.devices
            for record in device.assessment.records
            if record["record"] == "evaluation" and record.get("node") in self._run.done
        )

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Let go of everything."""
        self._run.close()
        self._scratch.close()


def _after_other_plugins(record: Mapping[str, Any], report: pytest.TestReport) -> dict[str, Any] | None:
    """The record where another plugin did not let a PASS stand, e.g. for a soft assertion; None: it stands."""
    if record["verdict"] not in (Verdict.PASS, Verdict.NOT_APPLICABLE) or not (
        report.failed or (report.skipped and record["verdict"] == Verdict.PASS)
    ):
        return None
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message if crash else report.longreprtext).strip() or "no message"
    return {
        **record,
        "verdict": str(Verdict.INCONCLUSIVE),
        "cause": str(Cause.ERROR),
        "reason": f"it was {record['verdict']}, but another plugin ended the test as {report.outcome}: "
        f"{neutralised(text.splitlines()[0 if crash else -1])}",
        "settle": "look at the traceback; what speaks against the device has to be a plain assertion",
    }


def _after_teardown(record: dict[str, Any], report: pytest.TestReport) -> dict[str, Any]:
    """The record, unless cleaning up has failed: a device that may not have been restored has passed nothing."""
    if not report.failed:
        return record
    why = neutralised(getattr(report, "etsi_cleaning_up", "no message"))
    if record["verdict"] == Verdict.FAIL:
        return record | {"reason": f"{record['reason']} (cleaning up then failed: {why})"}
    return record | {
        "verdict": str(Verdict.INCONCLUSIVE),
        "cause": str(Cause.BENCH),
        "reason": f"it was {record['verdict']}, but cleaning up then failed: {why}",
        "settle": "look whether the device is as it was before, restore it, and run the unit again",
    }
