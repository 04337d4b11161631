"""A page as PDF: every page is numbered, nothing is fetched for it, and what is too large is left to a browser."""

from __future__ import annotations

import copy
import io
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from pytest_etsi.cli.main import main
from pytest_etsi.report import pdf
from pytest_etsi.report.pdf import PdfError, pdf_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.report.kept import Kept

weasyprint = pytest.importorskip(
    "weasyprint", reason="needs pytest-etsi[pdf], with Pango", exc_type=ImportError
)
pypdf = pytest.importorskip("pypdf", reason="needs pypdf, which reads what was made")


def test_every_page_has_its_number_and_all_is_on_paper(kept: Kept) -> None:
    from pytest_etsi.report.kept import Kept as Results
    from pytest_etsi.report.page import Page

    results = copy.deepcopy(dict(kept.results)) | {"origins": []}
    results["groups"] = results["groups"][2:3]
    read = pypdf.PdfReader(io.BytesIO(pdf_of(Page().text(Results(kept.directory, results)))))
    texts = [page.extract_text() for page in read.pages]

    assert len(texts) >= 5
    for number, text in enumerate(texts, start=1):
        assert f"page {number} of {len(texts)}" in text
        assert f"record {results['record']['hash'][:16]}" in text
    # What is folded in a browser is printed.
    assert "judgement" in " ".join(texts)
    assert "End of the test report" in texts[-1]
    # The contents name the page on which a part begins.
    begins = re.search(r"^\W*Method, tools.*?(\d+)$", "\n".join(texts[:2]), re.MULTILINE)
    assert begins
    assert "decision rule" in texts[int(begins[1]) - 1]


def test_nothing_is_fetched(tmp_path: Path) -> None:
    image = tmp_path / "x.svg"
    image.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><text y="9">fetched</text></svg>', encoding="utf-8"
    )
    page = f'<link rel="stylesheet" href="{image.as_uri()}"><p>text</p><img src="{image.as_uri()}"><iframe src="{image.as_uri()}">'
    (only,) = pypdf.PdfReader(io.BytesIO(pdf_of(page))).pages

    assert "text" in only.extract_text()
    assert "fetched" not in only.extract_text()
    assert len(only.images) == 0


def test_the_command_makes_a_pdf_of_pages_only(
    tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gaps.pdf"
    made = CliRunner().invoke(
        main, ["report", str(run), "--format", "gaps-html", "--view", "psti", "--pdf", "-o", str(path)]
    )
    other = CliRunner().invoke(main, ["report", str(run), "--format", "csv", "--pdf"])
    monkeypatch.setattr(pdf, "MOST_EVALUATIONS", 10)
    large = CliRunner().invoke(main, ["report", str(run), "--pdf", "-o", str(path)])

    assert made.exit_code == 0, made.output
    assert path.read_bytes().startswith(b"%PDF")
    assert (other.exit_code, large.exit_code) == (2, 4)
    assert "--pdf goes with html, gaps-html, declaration" in other.output
    assert "print it" in large.output


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "weasyprint", None)

    with pytest.raises(PdfError, match=r"pip install pytest-etsi\[pdf\]"):
        pdf_of("<p>")
