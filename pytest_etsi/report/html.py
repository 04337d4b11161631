"""Verdicts in the report of pytest-html: columns of our own, what was found in each row, and a table on top.

The column "Result" stays as it is: pytest-html's filters know its own words only and hide rows with any other. Ours,
which know the verdicts, stand beside them.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.report.failures import failures, headline
from pytest_etsi.report.plausibility import HEADING, of_results
from pytest_etsi.report.summary import group_reason, shown_groups
from pytest_etsi.report.told import reviewed, told, where
from pytest_etsi.report.writer import Json, Writer

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PytestHtml", "summary_table"]

_COLOURS = {
    "PASS": "#1a7f37",
    "FAIL": "#cf222e",
    "INCONCLUSIVE": "#9a6700",
    "NOT APPLICABLE": "#57606a",
}
_TITLES = ("Provision", "Title", "Status", "Support", "Verdict", "Reason")
_CELL = 'style="padding: 2px 12px 2px 0; text-align: left; vertical-align: top; color: #24292f"'
"""With a colour of its own: that of pytest-html's tables is too pale to be read at length."""
_HELD_BYTES = 100_000
"""Larger evidence is linked also from a report that is to stand alone."""
_AFTER_RESULT = 1
"""Index of our columns: behind pytest-html's "Result"."""


class PytestHtml(Writer):
    """Links of each evaluation, and the hooks of pytest-html; `config` is pytest's."""

    def __init__(self, config: pytest.Config) -> None:
        self._target: str | None = getattr(config.option, "htmlpath", None)
        self._self_contained = bool(getattr(config.option, "self_contained_html", False))
        self._results: list[Json] = []
        # pytest-html's own default is taken for nothing said: pytest does not tell whether the project has written it.
        self._folds = bool(self._target) and config.getini("render_collapsed") == "passed"

    def is_active(self) -> bool:
        """Whether pytest-html is there and writes a report."""
        return bool(self._target)

    def concluded(self, report: pytest.TestReport, record: Json, about: Json) -> None:
        """Link the evidence, relative to the report; put it in where the report is to stand alone."""
        from pytest_html import extras  # type: ignore[import-untyped]

        target = (Path.cwd() / Path(os.path.expandvars(self._target or "")).expanduser()).parent
        links = []
        for item in record["evidence"]:
            file = str(item["file"])
            text = _text_of(Path(about["directory"]) / file) if self._self_contained else None
            if text is not None:
                links.append(extras.text(text, name=escape(file.rpartition("/")[2])))
                continue
            address = Path(os.path.relpath(Path(about["directory"]) / file, target)).as_posix()
            links.append(extras.url(escape(address, quote=True), name=escape(file.rpartition("/")[2])))
        report.extras = [*getattr(report, "extras", ()), *links]  # type: ignore[attr-defined]

    def ended(self, results: Mapping[Path, Json]) -> None:
        """Keep the results for the table, for which pytest-html asks last."""
        self._results = list(results.values())

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Fold all rows, unless the project has said which: the verdict is in the row, and the rest a click away."""
        if self._folds:
            report.set_data("renderCollapsed", ["all"])

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """Add the columns."""
        cells[_AFTER_RESULT:_AFTER_RESULT] = [
            '<th class="sortable" data-column-type="verdict">Verdict</th>',
            '<th class="sortable" data-column-type="provision">Provision</th>',
            '<th class="sortable" data-column-type="unit">Unit</th>',
        ]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: list[str]) -> None:
        """Fill the columns; empty for what evaluates nothing."""
        if not cells:
            return
        record: Json = getattr(report, "etsi", {})
        about: Json = getattr(report, "etsi_about", {})
        verdict = str(record.get("verdict", ""))
        cause = f" ({record['cause']})" if record.get("cause") else ""
        title = escape(str(record.get("reason", "")), quote=True)
        group = escape(str(about.get("group_title", "")), quote=True)
        style = f'class="col-verdict v-{_class(verdict)}" style="color: {_COLOURS.get(verdict, "inherit")}"'
        cells[_AFTER_RESULT:_AFTER_RESULT] = [
            f'<td {style} title="{title}">{escape(verdict + cause)}</td>',
            f'<td class="col-provision" title="{group}">{escape(str(about.get("group", "")))}</td>',
            f'<td class="col-unit">{escape(where(record["unit"], record["entry"]) if record else "")}</td>',
        ]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_html(self, report: pytest.TestReport, data: list[str]) -> None:
        """Show what was found, and the judgement, whatever the verdict; a traceback and what was captured stay."""
        record: Json = getattr(report, "etsi", {})
        if not record:
            return
        lines = [*told(record, getattr(report, "etsi_about", {}))]
        if judged := record.get("judgement"):
            lines.append(
                f"judged {judged['verdict']} by {judged['assessor']} on {judged['date']}{reviewed(judged)}: "
                f"{judged['rationale']}"
            )
        # Where the verdict is all that the row holds, it is there already.
        shown = "" if record["cause"] == "error" else report.longreprtext
        others = [one for one in data if not shown or escape(shown[:40]) not in one]
        data[:] = [
            escape("\n".join(lines)) + "\n",
            *([] if others == ["No log output captured."] else others),
        ]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """Put the table by provision on top."""
        prefix.extend(map(summary_table, self._results))
        if self._results:
            prefix.append(_filters())


def summary_table(results: Json) -> str:
    """The verdict of a device and of each of its provisions as HTML; what was not evaluated is left out."""
    dut = results.get("dut", {})
    name = " ".join(str(dut[key]) for key in ("manufacturer", "model") if dut.get(key))
    software = f", software {dut['software']}" if dut.get("software") else ""
    rows = "".join(_row(group) for group in shown_groups(results))
    head = "".join(f"<th {_CELL}>{title}</th>" for title in _TITLES)
    counts = ", ".join(
        f"{number} {verdict}" for verdict, number in results.get("counts", {}).items() if number
    )
    said = f"<p>{escape(counts)}. {escape(headline(failures(results)))}</p>"
    return (
        '<div class="etsi-summary">'
        f"<h2>ETSI EN 303 645: {escape(name + software)}: {_verdict(str(results.get('overall', '')))}</h2>"
        f"{_part(results)}{said}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{_ics(results)}</div>"
    )


def _filters() -> str:
    """Boxes that show or hide rows by verdict, also after sorting; styles alone do it, so that no script is needed."""
    names = list(_COLOURS)
    rules = "".join(
        f"body:has(#etsi-{_class(name)}:not(:checked)) tbody:has(.col-verdict.v-{_class(name)}) {{ display: none; }}\n"
        for name in names
    )
    boxes = " ".join(
        f'<label><input type="checkbox" id="etsi-{_class(name)}" checked> {name}</label>' for name in names
    )
    # Paths and long lines go on below instead of beyond the window.
    rules += (
        ".col-testId { overflow-wrap: anywhere; } .log { white-space: pre-wrap; overflow-wrap: anywhere; }\n"
    )
    return f'<style>\n{rules}</style><p class="etsi-filters">Show evaluations that are {boxes}</p>'


def _class(verdict: str) -> str:
    """A verdict as the name of a class."""
    return verdict.replace(" ", "-")


def _text_of(path: Path) -> str | None:
    """What a report that stands alone holds of a piece of evidence; None: it is too large, or no text."""
    try:
        if path.stat().st_size > _HELD_BYTES:
            return None
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None


def _ics(results: Json) -> str:
    """What does not fit in the ICS, as a list; empty: nothing."""
    found = "".join(f"<li>{escape(line)}</li>" for line in of_results(results))
    return f"<h3>{HEADING}</h3><ul>{found}</ul>" if found else ""


def _part(results: Json) -> str:
    """What was left out, where the overall verdict is open for that reason alone."""
    if not results.get("partial"):
        return ""
    selection = ", ".join(str(one) for one in results.get("selection") or ())
    return f"<p>Only {escape(selection)} looked at: nothing is said about the device as a whole.</p>"


def _row(group: Json) -> str:
    cells = (
        str(group["group"]),
        str(group.get("title", "")),
        str(group.get("status", "")),
        str(group.get("support") or "-"),
    )
    contents = (*map(escape, cells), _verdict(str(group["verdict"])), escape(group_reason(group)))
    return f"<tr>{''.join(f'<td {_CELL}>{content}</td>' for content in contents)}</tr>"


def _verdict(text: str) -> str:
    return f'<strong style="color: {_COLOURS.get(text, "inherit")}">{escape(text)}</strong>'
