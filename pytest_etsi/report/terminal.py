"""The verdicts on the terminal, and at the end a table by provision, the overall verdict, and what to do next.

A device is untrusted: nothing that it said reaches the terminal with a control character in it.
"""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING, Any

from pytest_etsi.report.plausibility import HEADING, of_results
from pytest_etsi.report.summary import (
    CAUSES,
    NOT_RUN,
    condensed,
    group_reason,
    open_evaluations,
    shown_groups,
    waiting_for_drafts,
)
from pytest_etsi.report.writer import Json, Writer
from pytest_etsi.text import neutralised
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

    from pytest_etsi.report.console import NeutralConsole

__all__ = ["Terminal", "as_written", "neutralised", "render"]

MIN_WIDTH, MAX_WIDTH = 60, 140
_OPEN_SHOWN = 5
_DAMAGED_SHOWN = 20
_ICS_SHOWN = 8
_STYLES = {"PASS": "green", "FAIL": "bold red", "INCONCLUSIVE": "yellow", "NOT APPLICABLE": "dim"}
_WORDS: dict[str, tuple[str, str, tuple[str, dict[str, bool]]]] = {
    Verdict.PASS: ("passed", ".", ("PASS", {"green": True})),
    Verdict.FAIL: ("failed", "F", ("FAIL", {"red": True})),
    Verdict.INCONCLUSIVE: ("inconclusive", "I", ("INCONCLUSIVE", {"yellow": True})),
    Verdict.NOT_APPLICABLE: ("inapplicable", "-", ("NOT APPLICABLE", {"yellow": True})),
}


class Terminal(Writer):
    """What pytest says on the terminal."""

    def __init__(self) -> None:
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
        """Keep the tracebacks of errors, which pytest's own sections leave out."""
        if getattr(report, "etsi", {}).get("cause") == Cause.ERROR:
            self._tracebacks.append((report.nodeid, report.longreprtext))

    def ended(self, results: Mapping[Path, Json]) -> None:
        """Keep the results until pytest asks for a summary."""
        self._results = results

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> None:
        """Show the tracebacks of errors, and the results by provision."""
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
            )
            terminalreporter.write(text + "\n")


def as_written(path: Path, config: pytest.Config) -> str:
    """`path` as the user would write it."""
    here = config.invocation_params.dir
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def render(results: Mapping[str, Any], *, width: int = 80, colour: bool = False, path: str = "") -> str:
    """The summary of one device.

    Args:
        results: as in results.json.
        width: of the terminal, in columns.
        colour: whether to use colours.
        path: where results.json is.
    """
    from rich.text import Text

    from pytest_etsi.report.console import NeutralConsole

    width = min(max(width, MIN_WIDTH), MAX_WIDTH)
    buffer = io.StringIO()
    console = NeutralConsole(
        file=buffer,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
        _environ={},
    )
    _table(console, results)
    for (scenario, why), verdicts in condensed(results).items():
        number = sum(verdicts.values())
        word = "provision" if number == 1 else "provisions"
        listed = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in _STYLES if verdicts[verdict])
        console.print(Text(f"{scenario:<9}  {number} {word} {why}: {listed}", style="dim"))
    console.print()
    overall = str(results.get("overall", ""))
    counts = ", ".join(
        f"{number} {verdict}" for verdict, number in results.get("counts", {}).items() if number
    )
    line = Text("Overall: ", style="bold")
    line.append(neutralised(overall), style=_STYLES.get(overall, ""))
    line.append(f" ({counts})" if counts else "")
    if results.get("partial"):
        # Of a part nothing can be said about the whole, so that its verdict is open whatever the part shows.
        selection = results.get("selection") or ()
        were = "was" if len(selection) == 1 else "were"
        line.append(f"; only {neutralised(', '.join(selection))} {were} looked at")
    console.print(line)
    mandatory = str(results.get("overall_mandatory") or "")
    if mandatory and not results.get("partial"):
        line = Text("Mandatory provisions alone: ")
        line.append(neutralised(mandatory), style=_STYLES.get(mandatory, ""))
        console.print(line)
    _ics(console, results)
    _next_steps(console, results)
    _integrity(console, results)
    if path:
        console.print(Text(f"Results: {path}"), soft_wrap=True)
    if record := results.get("record"):
        text = f"Record: {record['lines']} lines, the last with the hash\n  {record['hash']}"
        console.print(Text(text), soft_wrap=True)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())


def _ics(console: NeutralConsole, results: Mapping[str, Any]) -> None:
    """What does not fit in the ICS; no verdict comes from it, so that it would be read nowhere else."""
    from rich.padding import Padding
    from rich.text import Text

    if not (found := of_results(results, _ICS_SHOWN)):
        return
    console.print()
    console.print(Text(HEADING, style="bold"))
    for line in found:
        console.print(Padding(_shortened(neutralised(line), console.width), (0, 0, 0, 2)))


def _integrity(console: NeutralConsole, results: Mapping[str, Any]) -> None:
    """What is no longer as it was written."""
    from rich.text import Text

    damaged = results.get("integrity") or ()
    if not damaged:
        return
    console.print(Text("Not as it was written", style="bold red"))
    for one in damaged[:_DAMAGED_SHOWN]:
        about = " ".join(part for part in (one["unit"], one["entry"]) if part)
        text = f"  {one['file']}{f' of {about}' if about else ''}: {one['problem']}"
        console.print(Text(neutralised(text)), soft_wrap=True)
    if len(damaged) > _DAMAGED_SHOWN:
        console.print(Text(f"  and {len(damaged) - _DAMAGED_SHOWN} more, see the results"))


def _table(console: NeutralConsole, results: Mapping[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold", expand=True)
    for heading, wide in (("provision", 9), ("status", 6), ("support", 7), ("verdict", 14)):
        table.add_column(heading, width=wide, no_wrap=True)
    table.add_column("reason", ratio=1, overflow="fold")
    for group in shown_groups(results):
        verdict = str(group["verdict"])
        reason = group_reason(group) if verdict in ("FAIL", "INCONCLUSIVE") else ""
        table.add_row(
            Text(neutralised(group["group"])),
            Text(neutralised(group.get("status") or "")),
            Text(neutralised(group.get("support") or "-")),
            Text(neutralised(verdict), style=_STYLES.get(verdict, "")),
            _shortened(neutralised(reason), console.width),
        )
    console.print(table)


def _shortened(text: str, width: int) -> Any:
    """At most three lines of the last column."""
    from rich.text import Text

    room = 3 * max(width - 45, 20)
    return Text(text if len(text) <= room else f"{text[: room - 3].rstrip()}...")


def _next_steps(console: NeutralConsole, results: Mapping[str, Any]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    steps = open_evaluations(results)
    without = sum(
        verdicts["INCONCLUSIVE"] for (_, why), verdicts in condensed(results).items() if why != NOT_RUN
    )
    if not steps and not without:
        return
    console.print()
    console.print(Text("What to do next", style="bold"))
    if waiting := waiting_for_drafts(results):
        text = (
            f"drafts: {waiting} {'unit waits' if waiting == 1 else 'units wait'} for a person's look at what was "
            "drafted; check it, and take the marks (drafted) away"
        )
        console.print(Padding(Text(text), (0, 0, 0, 2)))
    for cause, items in steps.items():
        console.print(Padding(Text(f"{cause} ({len(items)}): {CAUSES.get(cause, '')}"), (0, 0, 0, 2)))
        if cause == NOT_RUN:
            continue
        for item in items[:_OPEN_SHOWN]:
            text = item.settle or item.reason
            console.print(
                Padding(_shortened(neutralised(f"{item.where}: {text}"), console.width), (0, 0, 0, 4))
            )
        if len(items) > _OPEN_SHOWN:
            console.print(
                Padding(Text(f"and {len(items) - _OPEN_SHOWN} more, see the results"), (0, 0, 0, 4))
            )
    if without:
        word = "provision" if without == 1 else "provisions"
        text = f"judgement ({without} {word}): --etsi-plan lists what has to be judged"
        console.print(Padding(Text(text), (0, 0, 0, 2)))
    console.print()
