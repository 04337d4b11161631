"""``--etsi-assess``: a person is asked for judgements while the run waits."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pytest_etsi.plugin import compat

if TYPE_CHECKING:
    from pytest_etsi.assessment.context import Context
    from pytest_etsi.assessment.planned import PlannedEvaluation
    from pytest_etsi.interview.conversation import Interview
    from pytest_etsi.plugin.devices import Device, Run
    from pytest_etsi.profile import EntryAnswer, Judgement

__all__ = ["ask_while_running", "check_somebody_is_there"]


def check_somebody_is_there(config: pytest.Config, option: str = "--etsi-assess") -> None:
    """Make sure that a person can be asked.

    Args:
        config: of the run.
        option: that asks for it.

    Raises:
        pytest.UsageError: there is no terminal, or the run is spread over several processes.
    """
    if compat.is_worker(config) or getattr(config.option, "dist", "no") != "no":
        raise pytest.UsageError(f"{option} asks in one terminal; leave out -n and --dist")
    with compat.terminal_for_people(config):
        somebody = sys.stdin.isatty()
    if not somebody:
        instead = "; take answers by `pytest-etsi assess --from`" if option == "--etsi-assess" else ""
        raise pytest.UsageError(f"{option} asks in the terminal, and there is none{instead}")


def ask_while_running(config: pytest.Config, run: Run) -> None:
    """Let the assessments of a run ask; what is answered is recorded in the judgements of the profile at once.

    Raises:
        pytest.UsageError: a profile names no document of judgements that can be written to.
    """
    from pytest_etsi.assessment.recording import record
    from pytest_etsi.profile.judgement_file import JudgementFileError

    for device in run.devices:
        try:
            record(device.profile, device.plan, [])
        except (JudgementFileError, OSError) as error:
            raise pytest.UsageError(f"--etsi-assess: {error}") from None
        device.assessment.asker = _Asker(config, device)


class _Asker:
    """Asks about the evaluations of one device until the person has had enough."""

    def __init__(self, config: pytest.Config, device: Device) -> None:
        self._config = config
        self._device = device
        self._interview: Interview | None = None
        self._context: Context | None = None
        self._asked = 0
        self._enough = config.option.collectonly

    def __call__(self, planned: PlannedEvaluation, findings: str) -> Judgement | None:
        """The judgement that the person gives; None: the question is skipped, or nobody wants to be asked any more."""
        if self._enough:
            return None
        from pytest_etsi.assessment.context import Context
        from pytest_etsi.assessment.questions import question_of
        from pytest_etsi.profile import Judgement
        from pytest_etsi.profile.judged_file import JudgedFile, judged_file
        from pytest_etsi.profile.judgement_file import judgement_file

        judged = JudgedFile(judged_file(judgement_file(self._device.profile.path)))
        profile = self._device.profile
        context = self._context = self._context or Context(profile)
        question = question_of(profile, planned, judged=judged, findings=findings, context=context)
        self._asked += 1
        with compat.terminal_for_people(self._config):
            interview = self._interview = self._interview or self._begin()
            try:
                while (
                    step := interview.one(question, context, self._asked, max(self._asked, self._open()))
                ) == "back":
                    interview.console.print("A run goes forward only; `pytest-etsi assess` can go back.")
            except EOFError:
                step = "quit"
        self._enough = step == "quit"
        given = interview.given.get(planned.key)
        return given if isinstance(given, Judgement) else None

    def _open(self) -> int:
        """How many questions are open as far as is known before the run."""
        return sum(
            one.judgement in ("missing", "stale") and one.applies is not False
            for one in self._device.plan.evaluations
        )

    def _begin(self) -> Interview:

        from pytest_etsi.assessment.recording import record
        from pytest_etsi.interview.conversation import Interview
        from pytest_etsi.interview.keys import TerminalKeyboard
        from pytest_etsi.report.console import NeutralConsole

        def keep(answer: Judgement | EntryAnswer) -> None:
            record(self._device.profile, self._device.plan, [answer])

        return Interview(NeutralConsole(highlight=False), TerminalKeyboard(), keep)
