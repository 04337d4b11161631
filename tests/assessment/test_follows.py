"""Results that follow from their record and their own lower levels are told from those that somebody has changed."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from camera_run import camera_run
from record_files import forge

from pytest_etsi.assessment.follows import what_does_not_follow
from pytest_etsi.assessment.integrity import check_directory
from pytest_etsi.assessment.results import digest_of
from pytest_etsi.verdict import Cause, Inconclusive, NotApplicable, Violation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Results and record of a whole run."""
    directory = camera_run(tmp_path_factory.mktemp("camera"))
    record = [json.loads(line) for line in (directory / "record.jsonl").read_bytes().splitlines()]
    return json.loads((directory / "results.json").read_bytes()), record


@pytest.mark.parametrize("only", [(), ("5.1",), ("5.1-5-2/a", "5.3-2"), ("5.3-6-1/a",), ("6",)])
@pytest.mark.parametrize(
    "raised",
    [None, Violation("no"), Inconclusive("?", cause=Cause.BENCH), NotApplicable("nothing")],
    ids=lambda one: type(one).__name__,
)
def test_what_a_run_writes_follows_whatever_came_out_and_whatever_was_selected(
    assess: Any, only: tuple[str, ...], raised: Exception | None
) -> None:
    assessment = assess(only=only)
    for number, planned in enumerate(assessment.pending()):
        if planned.automated and number % 3:
            with assessment.begin(planned, f"etsi/{number}") as evaluation:
                evaluation.evidence.summary("looked at")
                if raised is not None and number % 2:
                    raise raised
    results = assessment.close()

    assert what_does_not_follow(results, assessment.records) == []


@pytest.mark.parametrize("raised", [None, Violation("no")], ids=["passes", "fails"])
@pytest.mark.parametrize(
    ("unit", "entry"),
    [("5.1-5-2/b", "AuthMech-web"), ("5.1-5-2/b", None), ("5.3-2-2/a", None), ("6-4-1/a", None)],
)
def test_tests_of_a_project_follow_too(
    assess: Any, unit: str, entry: str | None, raised: Exception | None
) -> None:
    assessment = assess()
    with assessment.begin_own(unit, entry, "tests/test_own.py::test_own"):
        if raised is not None:
            raise raised
    results = assessment.close()

    assert what_does_not_follow(results, assessment.records) == []


def test_a_whole_run_follows(run: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    assert what_does_not_follow(*run) == []


def _group(results: dict[str, Any], number: str) -> dict[str, Any]:
    return next(group for group in results["groups"] if group["group"] == number)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda r: r.update(overall="PASS"),
            "overall: PASS does not follow from what is below it, which gives FAIL",
        ),
        (lambda r: r.update(overall_mandatory="PASS"), "overall_mandatory: PASS does not follow"),
        (lambda r: _group(r, "5.6-2").update(verdict="PASS"), "5.6-2: PASS does not follow"),
        (lambda r: _group(r, "5.6-2")["cases"][1].update(verdict="PASS"), "5.6-2-2: PASS does not follow"),
        (
            lambda r: _group(r, "5.6-2")["cases"][1]["units"][0].update(verdict="PASS"),
            "5.6-2-2/a: PASS does not",
        ),
        (
            lambda r: _group(r, "5.6-2")["cases"][1]["units"][0]["evaluations"][0].update(verdict="PASS"),
            "5.6-2-2/a Intf-LAN: the record says FAIL, and the results do not",
        ),
        (
            lambda r: _group(r, "5.6-2")["cases"][1]["units"][0]["evaluations"].pop(0),
            ": the record says FAIL, and the results do not",
        ),
        (lambda r: r.pop("edition"), "they lack what they are to be made of: KeyError: 'edition'"),
    ],
)
def test_what_was_changed_is_named(
    run: tuple[dict[str, Any], list[dict[str, Any]]],
    change: Callable[[dict[str, Any]], object],
    expected: str,
) -> None:
    results, record = copy.deepcopy(run[0]), run[1]
    change(results)

    assert any(expected in one for one in what_does_not_follow(results, record))


def test_verify_names_it_also_where_all_hashes_were_computed_anew(tmp_path: Path) -> None:
    directory = camera_run(tmp_path)
    results = json.loads((directory / "results.json").read_bytes())
    _group(results, "5.6-2")["verdict"] = "PASS"
    forge(directory / "record.jsonl", lambda records: records[-1].update(results=digest_of(results)))
    results["record"]["hash"] = json.loads((directory / "record.jsonl").read_bytes().splitlines()[-1])["hash"]
    (directory / "results.json").write_text(json.dumps(results), encoding="utf-8")

    assert [str(one) for one in check_directory(directory).damaged] == [
        "results.json: 5.6-2: PASS does not follow from what is below it, which gives FAIL"
    ]
