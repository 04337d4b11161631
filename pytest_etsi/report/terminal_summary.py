"""The summary of a device on a terminal: what FAILs by cause, the provisions, the overall verdict, what to do next.

Fits 80 columns, and says without colour what it says with it. No text is cut: of what is not shown, the number is.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pytest_etsi.report.console import NeutralConsole
from pytest_etsi.report.failures import counted, failures, headline, listed_units
from pytest_etsi.report.plausibility import HEADING, of_results
from pytest_etsi.report.steps import steps
from pytest_etsi.report.summary import (
    condensed,
    in_short,
    left_out,
    shown_groups,
    unreviewed,
    waiting_for_drafts,
)
from pytest_etsi.report.views import PLAIN
from pytest_etsi.text import abridged, neutralised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_etsi.report.views import View

__all__ = ["render"]

MIN_WIDTH, MAX_WIDTH = 60, 140
_ITEMS_SHOWN, _ENTRIES_SHOWN = 3, 4
_SEEN_SHOWN, _PLACES_SHOWN, _FILES_SHOWN = 5, 4, 3
_DAMAGED_SHOWN = 20
_ICS_SHOWN = 8
_VIEWED = ("not met", "open", "remark")
"""What a view says on a terminal behind each demand; the rest is in the reports."""
_STYLES = {"PASS": "green", "FAIL": "bold red", "INCONCLUSIVE": "yellow", "NOT APPLICABLE": "dim"}


def render(
    results: Mapping[str, Any],
    *,
    width: int = 80,
    colour: bool = False,
    path: str = "",
    again: str = "",
    views: Sequence[View] = (),
) -> str:
    """The summary of one device: what FAILs by cause, the provisions, the overall verdict, what to do next.

    Args:
        results: as in results.json.
        width: of the terminal, in columns.
        colour: whether to use colours.
        path: where results.json is.
        again: the command of the run, to which units to run again can be added.
        views: of schemes, to be shown beside the overall verdict.
    """
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
    _failures(console, results, path, again)
    _table(console, results)
    _overall(console, results)
    _views(console, views)
    _ics(console, results)
    _next_steps(console, results)
    _integrity(console, results)
    _where(console, results, path)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())


def _failures(console: NeutralConsole, results: Mapping[str, Any], path: str, again: str) -> None:
    """Each cause: what was seen, what the documents say, where the evidence lies, and how to run just that again."""
    found = failures(results)
    if not found:
        return
    _line(console, headline(found), 0, style="bold red")
    directory = path.rpartition("/")[0]
    for failure in found:
        console.print()
        beside = ""
        for number, one in enumerate(failure.seen[:_SEEN_SHOWN]):
            text = f"{one.message} ({one.beside})" if one.beside not in ("", beside) else one.message
            _item(console, f"{failure.id:<4}" if number == 0 else "    ", text, style="" if number else "red")
            beside = one.beside
        _more(console, len(failure.seen) - _SEEN_SHOWN, 4)
        refuted = listed_units(failure.refuted) or f"the ICS: {', '.join(failure.provisions)}"
        _item(console, "    fails      ", refuted)
        for number, place in enumerate(failure.places[:_PLACES_SHOWN]):
            _item(console, "    documents  " if number == 0 else " " * 15, place)
        _more(console, len(failure.places) - _PLACES_SHOWN)
        for number, file in enumerate(failure.evidence[:_FILES_SHOWN]):
            shown = f"{directory}/{file}" if directory else file
            _item(console, "    evidence   " if number == 0 else " " * 15, shown)
        _more(console, len(failure.evidence) - _FILES_SHOWN)
        if failure.mended:
            _item(console, "    mend       ", failure.mended[0])
            _more(console, len(failure.mended) - 1)
        if again and failure.units:
            # To be copied as a whole, so that no line ends within it.
            text = f"    again      {again} --etsi-only={','.join(failure.units)}"
            console.print(Text(neutralised(text)), soft_wrap=True)
    console.print()


def _overall(console: NeutralConsole, results: Mapping[str, Any]) -> None:
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
    for left in left_out(results):
        _line(console, left, 0)


def _views(console: NeutralConsole, views: Sequence[View]) -> None:
    """Where the device stands in the eyes of schemes; what they ask beyond the provisions is in the reports."""
    for one in views:
        console.print()
        _line(console, f"View {one.headline}", 0, style="bold")
        for remark in one.remarks:
            _line(console, remark, 2)
        for demand in one.demands:
            _item(console, "  - ", f"{demand.standing}: {demand.demand.asks}")
            for label, text in demand.lines:
                if label in _VIEWED:
                    _item(console, f"      {label:<15}", text)
        _line(console, PLAIN, 2)


def _where(console: NeutralConsole, results: Mapping[str, Any], path: str) -> None:
    """Where the results are, and the hash that is to be kept."""
    if path:
        console.print(Text(f"Results: {path}"), soft_wrap=True)
    if record := results.get("record"):
        text = f"Record: {record['lines']} lines, the last with the hash\n  {record['hash']}"
        console.print(Text(text), soft_wrap=True)


def _item(console: NeutralConsole, label: str, text: str, *, style: str = "") -> None:
    """A text beside its label, all of it, its further lines below each other."""
    grid = Table.grid(padding=0)
    grid.add_column(width=len(label), no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(Text(label, style="bold" if style else "dim"), Text(neutralised(text), style=style))
    console.print(grid)


def _line(console: NeutralConsole, text: str, indent: int, *, style: str = "") -> None:
    console.print(Padding(Text(neutralised(text), style=style), (0, 0, 0, indent)))


def _more(console: NeutralConsole, number: int, indent: int = 15) -> None:
    if number > 0:
        _line(console, f"and {number} more, see the results", indent)


def _ics(console: NeutralConsole, results: Mapping[str, Any]) -> None:
    """What does not fit in the ICS; no verdict comes from it, so that it would be read nowhere else."""
    if not (found := of_results(results, _ICS_SHOWN)):
        return
    console.print()
    console.print(Text(HEADING, style="bold"))
    for line in found:
        console.print(Padding(Text(neutralised(line)), (0, 0, 0, 2)))


def _integrity(console: NeutralConsole, results: Mapping[str, Any]) -> None:
    """What is no longer as it was written."""
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
    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold", expand=True)
    for heading, wide in (("No.", 6), ("M/R", 3), ("ICS", 3), ("verdict", 14)):
        table.add_column(heading, width=wide, no_wrap=True)
    table.add_column("provision", ratio=1, overflow="fold")
    for group in shown_groups(results):
        verdict = str(group["verdict"])
        title = Text(neutralised(group.get("title") or ""))
        if short := in_short(group):
            title.append(f" [{neutralised(short)}]", style=_STYLES.get(verdict, ""))
        table.add_row(
            Text(neutralised(group["group"])),
            Text(neutralised(group.get("status") or "")),
            Text(neutralised(group.get("support") or "-")),
            Text(neutralised(verdict), style=_STYLES.get(verdict, "")),
            title,
        )
    console.print(table)
    for (scenario, why), verdicts in condensed(results).items():
        number = sum(verdicts.values())
        word = "provision" if number == 1 else "provisions"
        listed = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in _STYLES if verdicts[verdict])
        console.print(Text(f"{scenario:<6}  {number} {word} {why}: {listed}", style="dim"))


def _next_steps(console: NeutralConsole, results: Mapping[str, Any]) -> None:
    """What is left, by who can do it, with how much it settles."""
    found = steps(results)
    if not found:
        return
    console.print()
    console.print(Text("What to do next", style="bold"))
    if waiting := waiting_for_drafts(results):
        text = (
            f"drafts: {waiting} {'unit waits' if waiting == 1 else 'units wait'} for a person's look at what was "
            "drafted; check it, and take the marks (drafted) away"
        )
        _line(console, text, 2)
    if lacking := unreviewed(results):
        text = f"four eyes: {counted(len(lacking), 'judgement')} not reviewed by a second person"
        _item(console, "  ", f"{text}: {abridged(lacking, _ENTRIES_SHOWN)}")
    for mine in found:
        _line(console, f"{mine.who.name}: {mine.who.how}", 2, style="bold")
        _line(console, mine.settles, 4)
        if mine.who.causes == ("FAIL",):
            causes = [f"{item.unit} ({counted(item.evaluations, 'evaluation')})" for item in mine.items]
            _item(console, "    - ", ", ".join(causes))
            continue
        for item in mine.items[:_ITEMS_SHOWN]:
            about = abridged(item.entries, _ENTRIES_SHOWN)
            unit = " ".join(part for part in (item.unit, about) if part)
            cause = f"{item.cause}: " if len(mine.who.causes) > 1 else ""
            _item(console, "    - ", f"{cause}{unit}: {item.text}" if unit else f"{cause}{item.text}")
        if (more := len(mine.items) - _ITEMS_SHOWN) > 0:
            _line(console, f"and {more} more: pytest-etsi report RESULTS --format gaps lists all", 6)
    console.print()
