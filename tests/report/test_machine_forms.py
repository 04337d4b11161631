"""The forms that programs read: they agree with the results, and nothing in them is a formula, markup or a control character."""

from __future__ import annotations

import copy
import csv
import html
import io
import json
import re
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from camera_run import evaluations_of
from click.testing import CliRunner
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from pytest_etsi.cli.main import main
from pytest_etsi.report.forms import FORMS
from pytest_etsi.report.kept import Kept
from pytest_etsi.report.markdown import plain

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell import Cell

HOSTILE = (
    '=cmd|"/c calc"!A1 <script>alert(1)</script> | ``` [x](javascript:alert(1)) \x1b[2J \u202egnp \ud800 @all'
)
OF_ANY_RESULTS = sorted(FORMS.keys() - {"declaration"})


def shown_text(name: str, kept: Kept) -> str:
    """What a reader of the form gets to see."""
    content = FORMS[name].content(kept)
    if name != "gaps-xlsx":
        return content.decode()
    return "\n".join(str(cell.value or "") for cell in cells_of(content))


def cells_of(content: bytes) -> list[Cell]:
    book = load_workbook(io.BytesIO(content))
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]


def made(name: str, kept: Kept) -> Any:
    return json.loads(FORMS[name].text(kept))


def counted(kept: Kept) -> Counter[str]:
    return Counter(found["verdict"] for _, found in evaluations_of(dict(kept.results)))


@pytest.fixture(scope="module")
def hostile(kept: Kept) -> Kept:
    """Results of a device and people who have written something else than what one expects."""
    results = copy.deepcopy(dict(kept.results))
    results["groups"] = results["groups"][1:7]
    results["dut"] = dict.fromkeys(results["dut"], HOSTILE)
    for group in results["groups"]:
        group["reason"] = HOSTILE
    for _, found in evaluations_of(results):
        found |= {"reason": HOSTILE, "settle": HOSTILE, "entry": HOSTILE}
        for finding in found["findings"]:
            place = {"source": f"{HOSTILE}:{'9' * 5000}", "entry": HOSTILE}
            finding |= {"message": HOSTILE, "found": HOSTILE, "place": place, "evidence": [HOSTILE]}
    del results["origins"]
    return Kept(kept.directory, results)


def test_csv_has_a_row_for_each_evaluation_with_its_whole_reason(kept: Kept) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMS["csv"].text(kept), newline="")))

    assert Counter(row["verdict"] for row in rows) == counted(kept)
    reasons = {" ".join(found["reason"].split()) for _, found in evaluations_of(dict(kept.results))}
    assert {" ".join(row["reason"].split()) for row in rows} == reasons
    (failing,) = [row for row in rows if (row["unit"], row["entry"]) == ("5.1-5-2/b", "AuthMech-web")]
    assert (failing["verdict"], failing["origins"]) == ("FAIL", "F4")
    assert failing["documents"].endswith("ixit/01-AuthMech.yaml:48)")


def test_no_cell_is_a_formula(hostile: Kept) -> None:
    for row in csv.reader(io.StringIO(FORMS["csv"].text(hostile), newline="")):
        assert not any(re.match(r"\s*[=+\-@\t\r]", cell) for cell in row)


def test_sarif_has_an_error_for_each_violation_that_points_into_the_documents(kept: Kept) -> None:
    (run,) = made("sarif", kept)["runs"]
    levels = Counter(one["level"] for one in run["results"])
    violations = sum(
        finding["kind"] == "violation"
        for _, found in evaluations_of(dict(kept.results))
        if found["verdict"] == "FAIL"
        for finding in found["findings"]
    )

    assert levels == {"error": violations, "note": counted(kept)["INCONCLUSIVE"]}
    assert all(
        run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"]
    )
    tries = next(one for one in run["results"] if "6 wrong attempts" in one["message"]["text"])
    assert tries["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "device_profiles/virtual-camera/ixit/01-AuthMech.yaml"},
        "region": {"startLine": 48},
    }
    assert tries["properties"]["origins"] == ["F4"]
    prints = [one["partialFingerprints"]["evaluation/v1"] for one in run["results"]]
    assert len(set(prints)) == len(prints)


def test_oscal_says_of_each_provision_what_the_results_say(kept: Kept) -> None:
    document = made("oscal", kept)["assessment-results"]
    (result,) = document["results"]
    said = {one["target"]["target-id"]: one["target"]["status"] for one in result["findings"]}

    for group in kept.results["groups"]:
        reason = {"PASS": "pass", "FAIL": "fail", "INCONCLUSIVE": "other"}.get(group["verdict"])
        assert said.get(f"provision-{group['group']}", {}).get("reason") == reason
    assert len(result["observations"]) == sum(counted(kept).values())
    known = {one["uuid"] for one in result["observations"]}
    related = [
        one["observation-uuid"] for finding in result["findings"] for one in finding["related-observations"]
    ]
    assert sorted(related) == sorted(known)
    assert uuid.UUID(document["uuid"]).version == 4
    assert made("oscal", kept) == made("oscal", kept)


def test_the_in_toto_statement_names_the_record_and_every_test(kept: Kept) -> None:
    statement = made("in-toto", kept)
    predicate = statement["predicate"]

    assert statement["subject"][0]["digest"] == {"sha256": kept.results["record"]["hash"]}
    assert predicate["result"] == "FAILED"
    assert [len(predicate[name]) for name in ("passedTests", "failedTests", "warnedTests")] == [
        counted(kept)[verdict] for verdict in ("PASS", "FAIL", "INCONCLUSIVE")
    ]


@pytest.mark.parametrize(
    ("overall", "expected"), [("PASS", "PASSED"), ("INCONCLUSIVE", "WARNED"), ("NOT APPLICABLE", "WARNED")]
)
def test_only_a_pass_is_attested_as_passed(kept: Kept, overall: str, expected: str) -> None:
    changed = Kept(kept.directory, {**kept.results, "overall": overall})

    assert made("in-toto", changed)["predicate"]["result"] == expected


def test_the_summary_in_markdown_tells_causes_and_provisions(kept: Kept) -> None:
    text = FORMS["markdown"].text(kept)

    assert text.startswith("## EN 303 645: Example Devices ExampleCam 2 1.4.2: FAIL\n")
    assert "### FAIL: 19 evaluations of 12 provisions fail from 5 causes" in text
    assert "| 5.1-1 | M | Y | FAIL | Passwords are unique per device or set by the user (F2) |" in text


@pytest.mark.parametrize("name", ["gaps-html", "gaps-xlsx"])
def test_the_other_forms_of_the_gaps_have_the_same(kept: Kept, name: str) -> None:
    text = squeezed(html.unescape(shown_text(name, kept)))

    for unit, found in evaluations_of(dict(kept.results)):
        if found["verdict"] in ("FAIL", "INCONCLUSIVE"):
            assert unit in text
        for finding in found["findings"] if found["verdict"] == "FAIL" else ():
            assert finding["kind"] != "violation" or squeezed(finding["message"]) in text


@pytest.mark.parametrize("name", ["gaps", "gaps-html", "gaps-xlsx"])
def test_the_gaps_say_how_what_fails_is_mended_and_where_more_is_to_be_read(kept: Kept, name: str) -> None:
    text = squeezed(html.unescape(shown_text(name, kept).replace("\\", "")))

    assert "Remove what the device does not need; what stays needs an entry of 1-AuthMech, 11-ComMech" in text
    assert "Limit guessing on every login" in text
    assert (
        "Where it is facts.tls that is wrong, correct it; what it then says has to be good enough, too."
        in text
    )
    assert "ETSI TR 103 621 on passwords and other authentication values" in text


def test_no_cell_of_the_workbook_is_a_formula_and_none_is_shortened(hostile: Kept) -> None:
    results = copy.deepcopy(dict(hostile.results))
    long = "=" + "onion " * 10_000
    results["groups"][0] |= {"verdict": "FAIL"}
    next(found for _, found in evaluations_of(results) if found["verdict"] == "FAIL")["findings"][0][
        "message"
    ] = long
    cells = cells_of(FORMS["gaps-xlsx"].content(Kept(hostile.directory, results)))
    texts = [str(cell.value) for cell in cells if cell.value is not None]

    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith("="))
    assert max(map(len, texts)) <= 32_767
    assert " ".join(texts).split().count("onion") == 9_999


def test_the_page_of_gaps_has_no_script(hostile: Kept) -> None:
    text = FORMS["gaps-html"].text(hostile)

    assert "<script" not in text
    assert "script-src" not in text
    assert "default-src 'none'" in text


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_gaps_have_everything_that_fails_or_is_open(kept: Kept) -> None:
    text = FORMS["gaps"].text(kept).replace("\\", "")

    assert (
        "| who develops the device, or writes its documents | mend what FAILs | 19 evaluations of 12 provisions"
        in text
    )
    assert text.count("- [ ] **F") == len(kept.results["origins"])
    for unit, found in evaluations_of(dict(kept.results)):
        if found["verdict"] == "INCONCLUSIVE":
            (line,) = [line for line in text.splitlines() if f"**{unit}**" in line]
            assert found["entry"] is None or found["entry"] in line
        for finding in found["findings"] if found["verdict"] == "FAIL" else ():
            assert finding["kind"] != "violation" or " ".join(finding["message"].split()) in text


def test_what_passes_has_no_gaps(kept: Kept) -> None:
    passed = {**kept.results, "groups": [one for one in kept.results["groups"] if one["verdict"] == "PASS"]}

    assert "Nothing keeps it from PASS." in FORMS["gaps"].text(Kept(kept.directory, passed | {"origins": []}))


@pytest.mark.parametrize("name", ["markdown", "gaps"])
def test_nothing_in_markdown_is_markup_of_the_device(hostile: Kept, name: str) -> None:
    text = FORMS[name].text(hostile)
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)

    tags = set(re.findall(r"<(\w+)", page))
    assert tags <= {
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
        "li",
        "strong",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }


@pytest.mark.parametrize("name", OF_ANY_RESULTS)
def test_no_form_has_a_character_that_steers(hostile: Kept, name: str) -> None:
    text = shown_text(name, hostile)

    if text.startswith("{"):
        text = json.dumps(json.loads(text), ensure_ascii=False)  # what its reader gets
    assert not {"\x1b", "\u202e", "\ud800"} & set(text.replace("\\u001b", "\x1b"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://x.example or www.x.example", "see https\\://x.example or www\\.x.example"),
        ("@all a@b.example", "\\@&#8203;all a\\@&#8203;b.example"),
        ("- a", "\\- a"),
        ("--- a", "\\--- a"),
        ("12) a", "12\\) a"),
        ("-1 of 5.1-1: 3 a", "-1 of 5.1-1: 3 a"),
    ],
)
def test_text_in_markdown_is_no_link_no_mention_and_no_list(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize("name", OF_ANY_RESULTS)
def test_the_command_writes_every_form(tmp_path: Path, run: Path, name: str) -> None:
    path = tmp_path / "there" / "file"
    done = CliRunner().invoke(main, ["report", str(run), "--format", name, "--output", str(path)])

    assert (done.exit_code, done.output) == (0, f"{path}\n")
    assert path.stat().st_size > 1000


def test_the_command_says_what_it_cannot_use(tmp_path: Path, run: Path) -> None:
    (tmp_path / "results.json").write_text('{"format": 1, "groups": [', encoding="utf-8")
    cut = CliRunner().invoke(main, ["report", str(tmp_path)])
    unknown = CliRunner().invoke(main, ["report", str(run), "--format", "docx"])

    assert cut.exit_code == 4
    assert "results.json:1:26" in cut.output
    assert unknown.exit_code == 2
    assert (
        "'docx' is none of html, gaps, gaps-html, gaps-xlsx, markdown, csv, sarif, oscal, in-toto, declaration"
        in unknown.output
    )
