"""The verdicts on the terminal while the tests run, and the summary of each device at the end.

A device is untrusted: nothing that it said reaches the terminal with a control character in it.
"""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

from pytest_etsi.report.writer import Json, Writer
from pytest_etsi.text import neutralised
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pytest

    from pytest_etsi.report.schemes import Scheme

__all__ = ["Terminal", "as_written"]

_WORDS: dict[str, tuple[str, str, tuple[str, dict[str, bool]]]] = {
    Verdict.PASS: ("passed", ".", ("PASS", {"green": True})),
    Verdict.FAIL: ("failed", "F", ("FAIL", {"red": True})),
    Verdict.INCONCLUSIVE: ("inconclusive", "I", ("INCONCLUSIVE", {"yellow": True})),
    Verdict.NOT_APPLICABLE: ("inapplicable", "-", ("NOT APPLICABLE", {"yellow": True})),
}


class Terminal(Writer):
    """What pytest says on the terminal.

    Args:
        hide: keeps a failed test out of pytest's own section of failures.
        write: writes lines with the pytest reporter, in whatever encoding its stream has.
        views: the schemes whose view is shown.
    """

    def __init__(
        self,
        hide: Callable[[pytest.TestReport], None],
        write: Callable[[pytest.TerminalReporter, str], None],
        views: Sequence[Scheme] = (),
    ) -> None:
        self._hide, self._write, self._views = hide, write, views
        self._tracebacks: list[tuple[str, str]] = []
        self._results: Mapping[Path, Json] = {}

    def pytest_report_teststatus(
        self, report: pytest.TestReport
    ) -> tuple[str, str, tuple[str, Mapping[str, bool]]] | None:
        """Say the verdict instead of pytest's outcome; None: the report has none, or pytest knows better."""
        verdict = getattr(report, "etsi", {}).get("verdict")
        if verdict is None or (verdict == Verdict.PASS and not report.passed):
            return None
        return _WORDS[verdict]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the tracebacks of errors, which pytest leaves out; what FAILs in the suite is told by cause."""
        record: Json = getattr(report, "etsi", {})
        if record.get("cause") == Cause.ERROR:
            self._tracebacks.append((report.nodeid, report.longreprtext))
        if record.get("verdict") == Verdict.FAIL and getattr(report, "etsi_told", False):
            self._hide(report)

    def ended(self, results: Mapping[Path, Json]) -> None:
        """Keep the results until pytest asks for a summary."""
        self._results = results

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> None:
        """Show the tracebacks of errors, and the summary of each device."""
        if self._results:
            from pytest_etsi.report.terminal_summary import render
            from pytest_etsi.report.views import view
        if self._tracebacks:
            terminalreporter.section("INCONCLUSIVE: errors", sep="=", yellow=True)
            for node, text in self._tracebacks:
                terminalreporter.section(node, sep="_", yellow=True)
                terminalreporter.write_line(text)
        for path, results in self._results.items():
            dut = results["dut"]
            title = neutralised(f"EN 303 645: {dut['manufacturer']} {dut['model']} {dut['software']}")
            terminalreporter.section(title, sep="=", bold=True)
            text = render(
                results,
                width=shutil.get_terminal_size().columns,
                colour=terminalreporter.hasmarkup,
                path=as_written(path, config),
                again=_again(config),
                views=[view(scheme, results) for scheme in self._views],
            )
            self._write(terminalreporter, text)


def _again(config: pytest.Config) -> str:
    """The command of the run without what it was limited to."""
    option = config.getoption
    given = [f"--etsi-profile={one}" for one in option("etsi_profile") or ()]
    given += [f"--etsi-flaw={one}" for one in option("etsi_flaw") or ()]
    given += [f"--etsi-allow={one}" for one in option("etsi_allow") or ()]
    given += [f"--etsi-output={output}"] if (output := option("etsi_output")) else []
    return shlex.join(["pytest", *given])


def as_written(path: Path, config: pytest.Config) -> str:
    """`path` as the user would write it."""
    here = config.invocation_params.dir
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
