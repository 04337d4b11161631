"""Pictures of our verdicts in pytest-html, Allure and a page of Markdown, for docs/reports.md; needs Node, Java and Chromium.

python tests/pictures_of_others.py PROGRAMS    # a directory into which npm has installed allure and allure-commandline
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import allure_reports
from allure_reports import CHROMIUM, FAILED, SCENARIOS, after, click, shown, waits_for_its_data
from browser import Browser
from markdown_it import MarkdownIt
from pictures import keep

_STYLE = """body { font: 14px/1.5 sans-serif; max-width: 1000px; margin: 24px } table { border-collapse: collapse }
td, th { border: 1px solid #ccc; padding: 4px 10px }"""
_UNFOLDED = """(() => {
  const rows = [...document.querySelectorAll("#results-table tbody")];
  const first = rows.find((row) => row.querySelector(".v-FAIL"));
  first.querySelector(".collapsible td").click();
  [...document.querySelectorAll("#results-table tbody")].find((row) => row.querySelector(".v-FAIL")).scrollIntoView();
})()"""
_SEEN = "All 50 devices have the same password"


def main(programs: Path) -> None:
    """Make them of one run, of the virtual camera with one password for all."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        place = Path(name)
        page, summary = place / "report.html", place / "summary.md"
        results = allure_reports.run(
            place, f"--html={page}", "--self-contained-html", f"--etsi-summary={summary}"
        )
        text = MarkdownIt("commonmark").enable("table").render(summary.read_text(encoding="utf-8"))
        shown_summary = place / "summary.html"
        shown_summary.write_text(
            f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>{text.replace('<details>', '<details open>')}",
            encoding="utf-8",
        )
        with Browser(CHROMIUM, place / "browser") as browser:
            browser.size(1100, 900)
            shown(browser, shown_summary.as_uri(), _SEEN)
            keep("summary", browser.picture(), colours=96)
            browser.size(1280, 720)
            shown(browser, page.as_uri(), "AuthMech-stream")
            browser.ask(_UNFOLDED)
            after(browser, _SEEN)
            keep("pytest-html", browser.picture(), colours=96)
            address = allure_reports.made_by_2(programs, results, place / "2")
            shown(browser, f"{address}#behaviors", SCENARIOS[-1])
            for one in (SCENARIOS[0], "5.01-01 ", "5.1-1-2 ", FAILED):
                click(browser, one)
            after(browser, _SEEN)
            keep("allure-2", browser.picture(), colours=96)
            waits_for_its_data(browser)
            shown(browser, allure_reports.made_by_3(programs, results, place / "3"), FAILED)
            # No further down: there Allure names the machine.
            browser.size(1280, 650)
            click(browser, FAILED)
            after(browser, _SEEN)
            keep("allure-3", browser.picture(), colours=96)


if __name__ == "__main__":
    allure_programs = Path(sys.argv.pop(1))
    main(allure_programs)
