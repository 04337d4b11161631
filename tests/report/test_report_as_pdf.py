"""A page as PDF: all of it is there with its number, it is text whatever it holds, and the same page gives the same file."""

from __future__ import annotations

import copy
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from camera_run import evaluations_of
from click.testing import CliRunner

from pytest_etsi.cli.main import main
from pytest_etsi.report import pdf
from pytest_etsi.report.kept import Kept
from pytest_etsi.report.page import Page
from pytest_etsi.report.pdf import PdfError, pdf_of
from pytest_etsi.report.schemes import scheme
from pytest_etsi.report.views import view

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("typst", reason="needs pytest-etsi[pdf]")
pypdf = pytest.importorskip("pypdf", reason="needs pypdf, which reads what was made")

LANGUAGES = (
    "Naïve café, “quoted”; Maßnahmen für die Größe; Où êtes-vous, à Noël ? cœur; ¿Dónde está el niño?",
    "Perché così; één coördinatie; Zażółć gęślą jaźń; På svenska: åäö; À manhã, coração; Příliš žluťoučký kůň",
)
"""Those in which documents are read, and a neighbour."""
MARKUP = (
    '#read("/etc/passwd") #import "@preview/x:1.0.0" $x^2$ @ref <label> *bold* _soft_ `raw` // comment /* out */ = Heading\n- a ~ \\ [x] {y}',
    "</p></body> <script>alert(1)</script> &amp; ]]> <![CDATA[ {{7*7}} {% raw %}",
)


def a_page(*texts: str, finished: str = "2026-11-30T10:00:00.000Z") -> str:
    """A page for paper that says this."""
    from pytest_etsi.report.page._render import rendered

    results = {"overall": "FAIL", "finished": finished}
    return rendered(
        "gaps.html.j2", paper=True, results=results, title=" ".join(texts), views=(), todo=(), failures=(), guide=""
    )  # fmt: skip


def texts_of(made: bytes) -> list[str]:
    """What stands on each page, in words that are not broken."""
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return [page.extract_text().replace("\u200b", "") for page in pages]


def told_instead(node: Any) -> Iterator[str]:
    """What the structure of a PDF says in place of pictures."""
    inside = node.get("/K", [])
    for one in inside if isinstance(inside, list) else [inside]:
        if isinstance(found := one.get_object(), dict):
            yield from told_instead(found)
    if "/Alt" in node:
        yield str(node["/Alt"])


def told(text: str, paper: str) -> bool:
    """Whether a text stands there, be it for several entries at once."""
    return solid(text) in paper or any(
        solid(text.replace(word, "[the entry]")) in paper for word in re.findall(r"[\w-]+", text)
    )


def solid(text: str) -> str:
    """Without white space, which lines take away."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def part(kept: Kept) -> Kept:
    """The results with one provision only: a report of all of them takes longer."""
    results = copy.deepcopy(dict(kept.results)) | {"origins": []}
    results["groups"] = [one for one in results["groups"] if one["group"] == "5.1-5"]
    return Kept(kept.directory, results)


@pytest.fixture(scope="module")
def made(part: Kept) -> bytes:
    return pdf_of(Page().page(part, paper=True))


def test_every_page_has_its_number_and_the_record_and_the_contents_name_pages(
    part: Kept, made: bytes
) -> None:
    texts = texts_of(made)

    assert len(texts) >= 4
    for number, text in enumerate(texts, start=1):
        assert f"page {number} of {len(texts)}" in text
        assert f"record {part.results['record']['hash'][:16]}" in text
        assert "The results relate only to the item tested." in text
    assert "End of the test report" in texts[-1]
    begins = re.search(r"^\W*Method, tools.*?(\d+)$", texts[1], re.MULTILINE)
    assert begins
    assert "decision rule" in texts[int(begins[1]) - 1]


def test_everything_that_was_recorded_is_on_paper_whole(kept: Kept) -> None:
    made = pdf_of(Page().page(replace(kept, views=(view(scheme("psti"), kept.results),)), paper=True))
    # PDFium reads a hundred pages in a second, and takes a hyphen at the end of a line for one that parts a word.
    texts = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made)]
    inside = [
        re.sub(r"The results relate only to the item tested\.\s+record.*", "", one, flags=re.DOTALL)
        for one in texts
    ]
    paper = solid("".join(inside).replace("\x02", "-").replace("\ufffe", "-").replace("\u200b", ""))

    for unit, found in evaluations_of(dict(kept.results)):
        said = [unit, found["reason"], found["entry"] or "the device as a whole"]
        said += [one["message"] for one in found["findings"]]
        said += [found["judgement"][key] for key in ("assessor", "date", "rationale") if found["judgement"]]
        assert [text for text in said if not told(text, paper)] == [], unit
    for file, item in kept.items.items():
        assert item["sha256"] in paper
        assert file.removeprefix("evidence/") in paper
    for text in ("psti: not met", "F5: answers to what is typed", "What was not examined"):
        assert solid(text) in paper


def test_it_is_tagged_has_bookmarks_and_is_made_to_be_kept(part: Kept, made: bytes) -> None:
    read = pypdf.PdfReader(io.BytesIO(made))
    catalogue: Any = read.trailer["/Root"]
    about = catalogue["/Metadata"].get_object().get_data().decode()
    titles = [one.title for one in read.outline if not isinstance(one, list)]

    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"].startswith("en")
    assert "ExampleCam 2" in read.metadata.title
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<pdfaid:part>2</pdfaid:part>" in about
    assert {"Summary", "Provisions", "Evidence"} <= set(titles)
    assert "5.1-5" in str(read.outline)
    # The picture is told to whom does not see it.
    assert any(
        one.startswith("All provisions, by scenario: 5.1-5 FAIL")
        for one in told_instead(catalogue["/StructTreeRoot"])
    )


def test_the_same_page_gives_the_same_file_dated_by_the_record(part: Kept, made: bytes) -> None:
    again = pdf_of(Page().page(part, paper=True))
    read = pypdf.PdfReader(io.BytesIO(made))

    assert again == made
    assert f"{read.metadata.creation_date:%Y-%m-%dT%H:%M:%S}" == part.results["finished"][:19]


@pytest.mark.parametrize("finished", ["", "yesterday, of all days"])
def test_results_without_a_time_have_a_pdf_without_a_date(finished: str) -> None:
    assert pypdf.PdfReader(io.BytesIO(pdf_of(a_page("x", finished=finished)))).metadata.creation_date is None


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_text(text: str) -> None:
    assert solid(text) in solid("".join(texts_of(pdf_of(a_page(text)))))


def test_a_whole_report_of_markup_is_text(part: Kept) -> None:
    hostile = " ".join(MARKUP)
    results = copy.deepcopy(dict(part.results))
    results["dut"] = dict.fromkeys(results["dut"], hostile)
    results["laboratory"] = dict.fromkeys(("name", "report_number", "customer", "deviations"), hostile)
    for _, found in evaluations_of(results):
        found |= {"reason": hostile, "settle": hostile, "entry": hostile}
        for finding in found["findings"]:
            finding |= {"message": hostile, "found": hostile}
    text = solid("".join(texts_of(pdf_of(Page().page(Kept(part.directory, results), paper=True)))))

    assert text.count(solid(MARKUP[1])) > len(evaluations_of(results))


def test_what_acts_on_terminals_or_turns_the_direction_is_shown_as_what_it_is() -> None:
    (text,) = texts_of(pdf_of(a_page("\x1b[2J \u202egnp \x00 \ufffe \ud800")))

    assert solid(r"\x1b[2J \u202egnp \x00 \ufffe \ud800") in solid(text)


@pytest.mark.parametrize("word", ["a" * 10_000, "=" * 500, "1-" * 300, "x/" * 300])
def test_a_word_that_never_ends_stays_on_the_paper(word: str) -> None:
    made = pdf_of(a_page(word))
    page = pypdfium2.PdfDocument(made)[0]
    there = page.get_textpage()
    right = max(there.get_charbox(at)[2] for at in range(there.count_chars()))

    assert right < page.get_width() - 20
    assert word in solid(
        "".join(re.sub(r"The results.*", "", one, flags=re.DOTALL) for one in texts_of(made))
    )


def test_nine_languages_need_no_font_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    asked: list[bool] = []
    compiled = typst.compile

    def spied(*args: Any, **given: Any) -> Any:
        asked.append(given["ignore_system_fonts"])
        return compiled(*args, **given)

    monkeypatch.setattr(typst, "compile", spied)
    text = "".join(texts_of(pdf_of(a_page(*LANGUAGES))))

    assert asked == [True]
    assert solid("".join(LANGUAGES)) in solid(text)


def test_what_no_font_can_show_is_written_by_its_number() -> None:
    text = solid("".join(texts_of(pdf_of(a_page("a 中 b, 𐘀 😀 א")))))

    # Which of them a machine has fonts for is its own affair.
    for char, number in (("中", r"\u4e2d"), ("𐘀", r"\u10600"), ("😀", r"\u1f600"), ("א", r"\u05d0")):
        assert char in text or number in text


def test_alike_evaluations_are_told_once_with_all_their_entries(part: Kept) -> None:
    results = copy.deepcopy(dict(part.results))
    case, unit, found = next(
        (case, unit, one)
        for case in results["groups"][0]["cases"]
        for unit in case["units"]
        for one in unit["evaluations"]
        if one["entry"] and one["verdict"] == "PASS"
    )
    reason = f"1-AuthMech/Login-0 is as {found['entry']} is"
    unit["evaluations"] = [
        copy.deepcopy(found)
        | {"entry": f"Login-{at}", "reason": reason.replace("Login-0", f"Login-{at}"), "evidence": []}
        for at in range(500)
    ] + [copy.deepcopy(found) | {"entry": "Another", "reason": "it is alone"}]
    for one in unit["evaluations"][:500]:
        one["findings"] = []
    page = Page().page(Kept(part.directory, results), paper=True)

    assert page.count(reason.replace("Login-0", "[the entry]")) == 1
    assert "500 entries" in page
    assert "[the entry] stands where each names itself" in page
    for at in range(500):
        assert re.search(rf"\bLogin-{at}\b", page)
    assert "it is alone" in page
    assert f"{case['case']}/{unit['unit']}" in page
    assert "501 PASS" in page


def test_where_entries_differ_in_their_evidence_it_stands_beside_them() -> None:
    from pytest_etsi.report.page._together import together

    def shown(entry: str, number: int) -> dict[str, Any]:
        finding = {"label": "open", "message": f"{entry} is not clear", "origin": "", "evidence": [],
                   "parts": [("documents", f"1-AuthMech/{entry} (ixit.yaml:{number})")]}  # fmt: skip
        return {"verdict": "PASS", "cause": None, "reason": "as it is", "where": entry, "parts": [("decided by", "program")],
                "carried_out": f"2026-11-30T10:00:0{number}.000Z, 0.1 s", "entries": (), "findings": [finding],
                "evidence": [(f"u_a/{entry}/0{number}-x.json", "")]}  # fmt: skip

    (one,) = together([shown("Web", 1), shown("Web-2", 2)])
    many = together(shown(f"Login-{at}", at) for at in range(201))

    assert one["entries"] == [
        "Web (1-AuthMech/Web (ixit.yaml:1), Web/01-x.json)",
        "Web-2 (1-AuthMech/Web-2 (ixit.yaml:2), Web-2/02-x.json)",
    ]
    assert one["carried_out"].startswith("from 2026-11-30T10:00:01.000Z to 2026-11-30T10:00:02.000Z")
    assert one["findings"][0]["message"] == "[the entry] is not clear"
    assert ("places and evidence", "results.json has those of each entry") in many[0]["parts"]


def test_evidence_that_was_altered_is_named_on_paper(tmp_path: Path, part: Kept) -> None:
    assert "It is not there." in Page().page(Kept(tmp_path, part.results), paper=True)


def test_the_command_makes_a_pdf_of_pages_only(
    tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gaps.pdf"
    asked = ["report", str(run), "--format", "gaps-html", "--view", "psti", "--pdf", "-o", str(path)]
    made = CliRunner().invoke(main, asked)
    other = CliRunner().invoke(main, ["report", str(run), "--format", "csv", "--pdf"])
    monkeypatch.setattr(pdf, "MOST_CHARACTERS", 1000)
    large = CliRunner().invoke(main, asked)

    assert made.exit_code == 0, made.output
    assert path.read_bytes().startswith(b"%PDF")
    assert (other.exit_code, large.exit_code) == (2, 4)
    assert "--pdf goes with html, gaps-html, declaration" in other.output
    assert "print it" in large.output


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "typst", None)

    with pytest.raises(PdfError, match=r"pip install pytest-etsi\[pdf\]"):
        pdf_of("<html/>")
