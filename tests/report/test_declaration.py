"""A draft of a declaration: from results that show it, with nothing invented, and from no others."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from passed_run import passed_run, rewrite

from pytest_etsi.assessment.integrity import check_directory
from pytest_etsi.cli.main import main
from pytest_etsi.report.kept import read_kept
from pytest_etsi.report.page.declaration import missing

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a run in which everything passed; to be read only."""
    return passed_run(tmp_path_factory.mktemp("passed"))


def drafted(directory: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["report", str(directory), "--format", "declaration", "-o", "-", *more])
    return done.exit_code, done.output


def test_it_names_product_standard_and_record_and_leaves_the_rest_to_be_filled_in(passed: Path) -> None:
    status, page = drafted(passed)

    assert check_directory(passed).damaged == []
    assert status == 0
    for text in (
        "Example Devices",
        "ExampleCam 2",
        "ETSI EN 303 645 V2.1.1",
        read_kept(passed).results["record"]["hash"],
    ):
        assert text in page
    for label in ("Address", "Place and date of issue", "Name and function", "Signature", "Carried out by"):
        assert f'<dt>{label}</dt><dd class="fill' in page
    assert "<script" not in page
    assert "certifies nothing" in page


def test_with_psti_it_names_the_standard_with_version_and_date(passed: Path) -> None:
    status, page = drafted(passed, "--view=psti")

    assert status == 0
    assert "ETSI EN 303 645 V2.1.1 (2020-06), 5.1-1, 5.1-2, 5.2-1, 5.3-13" in page
    assert '<dt>Defined support period at first supply</dt><dd class="fill' in page


def test_it_can_be_had_on_paper(passed: Path) -> None:
    pytest.importorskip("typst", reason="needs pytest-etsi[pdf]")
    import pypdfium2

    made = CliRunner().invoke(
        main, ["report", str(passed), "--format", "declaration", "--view=psti", "--pdf", "-o", "-"]
    )
    texts = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made.stdout_bytes)]

    assert "Statement of compliance" in texts[0]
    assert "Signed for and on behalf of the manufacturer" in "".join(texts)
    assert all("Draft; valid with a signature only." in text for text in texts)


def test_what_is_missing_is_listed_and_nothing_is_written(tmp_path: Path, run: Path) -> None:
    path = tmp_path / "declaration.html"
    done = CliRunner().invoke(main, ["report", str(run), "--format", "declaration", "-o", str(path)])
    results = read_kept(run).results
    open_ = [one["group"] for one in results["groups"] if one["status"] == "M" and one["verdict"] != "PASS"]

    assert done.exit_code == 1
    assert not path.exists()
    for number in open_:
        assert f"\n  {number} " in done.output


def partial(results: dict[str, Any], _: object) -> None:
    results |= {
        "partial": True,
        "selection": ["5"],
        "overall": "INCONCLUSIVE",
        "overall_mandatory": "INCONCLUSIVE",
    }


def without_one(results: dict[str, Any], records: list[dict[str, Any]]) -> None:
    results["groups"] = [one for one in results["groups"] if one["group"] != "5.1-1"]
    records[:] = [one for one in records if not str(one.get("unit")).startswith("5.1-1-")]


def called_a_recommendation(results: dict[str, Any], _: object) -> None:
    next(one for one in results["groups"] if one["group"] == "5.1-1")["status"] = "R"


def released_by_nobody(results: dict[str, Any], _: object) -> None:
    group = next(one for one in results["groups"] if one["group"] == "5.1-1")
    for one in (group, *group["cases"], *(unit for case in group["cases"] for unit in case["units"])):
        one["verdict"] = "NOT APPLICABLE"


def contradicting(results: dict[str, Any], _: object) -> None:
    results["ics_findings"] = [
        {"about": "5.1-1", "rule": "x", "level": "error", "message": "it contradicts 5.1-2", "expected": ""}
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (partial, "the whole: only 5 looked at"),
        (without_one, "5.1-1 Passwords are unique per device or set by the user: it is not in"),
        (
            called_a_recommendation,
            "5.1-1 Passwords are unique per device or set by the user: PASS",
        ),
        (released_by_nobody, "the ICS does not say that it does not apply"),
        (contradicting, "an ICS that fits: 5.1-1: it contradicts 5.1-2"),
    ],
)
def test_nothing_less_than_the_whole_is_declared(
    tmp_path: Path, passed: Path, change: Any, said: str
) -> None:
    directory = shutil.copytree(passed, tmp_path / "changed")
    rewrite(directory, change)

    assert said in "\n".join(missing(read_kept(directory)))


@pytest.mark.parametrize("how", ["edited", "alone"])
def test_results_that_nobody_has_recorded_declare_nothing(tmp_path: Path, passed: Path, how: str) -> None:
    directory = shutil.copytree(passed, tmp_path / "changed")
    if how == "alone":
        (directory / "record.jsonl").unlink()
    else:
        path = directory / "results.json"
        path.write_bytes(path.read_bytes().replace(b'"ExampleCam 2"', b'"ExampleCam 3"'))
    status, said = drafted(directory)

    assert status == 1
    assert "record" in said


def test_what_people_have_written_is_text(tmp_path: Path, passed: Path) -> None:
    hostile = "<script>alert(1)</script> \u202egnp"

    def spoil(results: dict[str, Any], _: object) -> None:
        results["dut"] = dict.fromkeys(results["dut"], hostile)
        results["laboratory"] = {"name": hostile, "report_number": hostile}

    directory = shutil.copytree(passed, tmp_path / "changed")
    rewrite(directory, spoil)
    status, page = drafted(directory)

    assert status == 0
    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
