"""The pages as a browser shows them: no foreign script runs, all can be reached by keys, contrast, and printing."""

from __future__ import annotations

import copy
import io
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from browser import CONTRAST, Browser
from camera_run import evaluations_of
from passed_run import passed_run
from suite_runs import run_suite

from pytest_etsi.report.forms import FORMS
from pytest_etsi.report.kept import Kept, read_kept
from pytest_etsi.report.page import Page
from pytest_etsi.report.schemes import scheme
from pytest_etsi.report.views import view

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs chromium, in which the pages are looked at")

HOSTILE = (
    "</script></pre></style><script>window.ran=1;alert(1)</script><img src=x onerror=window.ran=2>"
    "<svg onload=window.ran=3><a href='javascript:window.ran=4'>x</a><details open ontoggle=window.ran=5>"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(CHROMIUM or "", tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def part(kept: Kept, first: int, last: int) -> dict[str, Any]:
    """The results with some of the provisions only; a page of all takes longer to look at."""
    results = copy.deepcopy(dict(kept.results)) | {"origins": []}
    results["groups"] = results["groups"][first:last]
    return results


def shown(browser: Browser, directory: Path, page: str) -> None:
    path = directory / "page.html"
    path.write_text(page, encoding="utf-8")
    browser.open(path.as_uri())


def test_a_page_that_lets_scripts_run_is_noticed(tmp_path: Path, browser: Browser) -> None:
    shown(browser, tmp_path, f"<!doctype html><body>{HOSTILE.replace('alert(1)', '')}</body>")

    assert browser.ask("window.ran") is not None


@pytest.mark.parametrize("name", ["html", "lazy", "gaps-html"])
def test_no_script_of_a_device_runs(tmp_path: Path, kept: Kept, browser: Browser, name: str) -> None:
    results = part(kept, 1, 4)
    results["laboratory"] = dict.fromkeys(("name", "report_number", "customer"), HOSTILE)
    results["dut"] = dict.fromkeys(results["dut"], HOSTILE)
    for _, found in evaluations_of(results):
        found |= {"reason": HOSTILE, "settle": HOSTILE, "entry": HOSTILE}
        for finding in found["findings"]:
            finding |= {"message": HOSTILE, "found": HOSTILE}
    results["origins"] = []
    form = Page(0) if name == "lazy" else FORMS[name]
    shown(browser, tmp_path, form.text(Kept(tmp_path, results)))
    browser.ask(
        "Promise.all([...document.querySelectorAll('summary')].map(async (one) => { one.click(); one.click(); one.click();"
        " await new Promise((done) => setTimeout(done)); }))"
    )

    assert browser.ask("window.ran ?? null") is None
    assert browser.dialogs == []
    assert (
        browser.ask("document.querySelectorAll('img, svg, [onload], [onerror], [href^=javascript]').length")
        == 0
    )
    assert browser.ask("document.body.innerText.includes('onerror=window.ran')")


def test_everything_can_be_reached_and_used_by_keys(tmp_path: Path, kept: Kept, browser: Browser) -> None:
    shown(browser, tmp_path, Page().text(Kept(kept.directory, part(kept, 1, 3))))
    browser.ask("document.getElementById('provisions').scrollIntoView()")
    reached: list[str] = []
    for _ in range(80):
        browser.press("Tab")
        about = browser.ask(
            "(() => { const one = document.activeElement, style = getComputedStyle(one);"
            " return [one.id || one.value || one.closest('details')?.className || one.className || one.tagName,"
            " style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2]; })()"
        )
        reached.append(about[0])
        assert about[1], f"nothing shows that {about[0]} has the focus"
        if about[0] == "provision":
            break

    assert reached[0] == "skip"
    assert {"search", "PASS", "INCONCLUSIVE", "open-all", "close-all", "print-evidence", "provision"} <= set(
        reached
    )
    before = browser.ask("document.activeElement.closest('details').open")
    browser.press("Enter")
    assert browser.ask("document.activeElement.closest('details').open") is not before


def test_search_and_filter_show_what_fits(tmp_path: Path, kept: Kept, browser: Browser) -> None:
    shown(browser, tmp_path, Page().text(Kept(kept.directory, part(kept, 1, 6))))
    visible = "[...document.querySelectorAll('.unit')].filter((one) => !one.hidden).length"
    every = browser.ask(visible)
    browser.ask("document.querySelector('.tools input[value=PASS]').click()")
    without = browser.ask(visible)
    browser.ask(
        "(() => { const box = document.getElementById('search'); box.value = '5.1-5-2/b';"
        " box.dispatchEvent(new Event('input')); return new Promise((done) => setTimeout(done, 400)); })()"
    )

    assert every > without > browser.ask(visible) >= 1
    assert browser.ask("document.getElementById('found').textContent").endswith("test units")


@pytest.mark.parametrize("name", ["html", "gaps-html", "declaration"])
def test_text_has_the_contrast_of_aa(
    tmp_path: Path, kept: Kept, browser: Browser, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    results = Kept(kept.directory, part(kept, 1, 6), (view(scheme("psti"), kept.results),))
    if name == "declaration":
        results = read_kept(passed_run(tmp_path_factory.mktemp("passed")))
    shown(browser, tmp_path, FORMS[name].text(results))
    browser.ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    seen = browser.ask(CONTRAST)

    assert seen["looked"] > 50
    assert seen["found"] == []


def test_pale_text_is_noticed(tmp_path: Path, browser: Browser) -> None:
    shown(browser, tmp_path, "<!doctype html><body><p style='color: #999'>pale</p><p>dark</p></body>")

    assert browser.ask(CONTRAST) == {"looked": 2, "found": ["P.: 2.85"]}


@pytest.mark.parametrize("at_once", [3000, 0])
def test_on_paper_every_page_has_its_number_and_nothing_is_folded(
    tmp_path: Path, kept: Kept, browser: Browser, at_once: int
) -> None:
    pypdf = pytest.importorskip("pypdf", reason="needs pypdf, which reads what was printed")
    results = part(kept, 2, 3)
    shown(browser, tmp_path, Page(at_once).text(Kept(kept.directory, results)))
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(browser.printed())).pages]
    reason = next(found["reason"] for _, found in evaluations_of(results))

    assert len(texts) >= 5
    for number, text in enumerate(texts, start=1):
        assert f"page {number} of {len(texts)}" in text
    assert " ".join(reason.split())[:40] in " ".join(" ".join(texts).split())


def test_the_filters_of_pytest_html_know_our_verdicts(tmp_path: Path, browser: Browser) -> None:
    done = run_suite(
        tmp_path,
        "virtual-camera",
        *("-p", "metadata", "-p", "html"),
        "--etsi-only=6-1-2/d,6-5-2/a,6-5-2/d",
        "--html=r.html",
        "--self-contained-html",
    )
    browser.open((tmp_path / "r.html").as_uri())
    rows = (
        "[...document.querySelectorAll('#results-table tbody')].filter((one) => one.checkVisibility())"
        ".map((one) => one.querySelector('.col-verdict').textContent)"
    )

    assert done.status == 10, done.output
    assert sorted(browser.ask(rows)) == ["INCONCLUSIVE (judgement)", "INCONCLUSIVE (judgement)", "PASS"]
    browser.ask("document.getElementById('etsi-INCONCLUSIVE').click()")
    assert browser.ask(rows) == ["PASS"]
    browser.ask("document.getElementById('etsi-INCONCLUSIVE').click()")
    browser.ask("document.querySelector('input[data-test-result=passed]').click()")
    assert browser.ask(rows) == ["INCONCLUSIVE (judgement)", "INCONCLUSIVE (judgement)"]
