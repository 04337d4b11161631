"""The whole record of the virtual camera: no reason is shortened, and no PASS is without substance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from camera_run import evaluations_of
from jsonschema import Draft202012Validator

from pytest_etsi.assessment.integrity import check_directory
from pytest_etsi.report.told import summary_of, told
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

UNITS = {unit.id: unit for unit in edition("1.1.1").units}
WITHOUT_FILES = {"5.1-1-2/c", "5.1-2-2/a"}
"""What they look at is passwords, of which nothing is kept; their reason says how many."""


def test_the_kept_run_is_whole(run: Path, results: dict[str, Any]) -> None:
    assert check_directory(run).damaged == []
    assert {unit for unit, _ in evaluations_of(results)} == set(UNITS)
    assert results["not_run"] == []


def test_every_reason_of_a_fail_has_every_violation_whole(results: dict[str, Any]) -> None:
    fails = [found for _, found in evaluations_of(results) if found["verdict"] == "FAIL"]

    assert len(fails) == 19
    for found in fails:
        messages = [one["message"] for one in found["findings"] if one["kind"] == "violation"]
        assert messages
        assert [one for one in messages if one not in found["reason"]] == []


def test_nothing_that_is_recorded_is_cut(results: dict[str, Any]) -> None:
    for unit, found in evaluations_of(results):
        texts = [found["reason"], found["settle"], *(one["message"] for one in found["findings"])]
        assert not any(text.endswith(("...", "[...]", "…")) for text in texts), unit
    assert max(len(found["reason"]) for _, found in evaluations_of(results)) > 1000


def test_what_is_told_of_an_evaluation_has_all_of_it(results: dict[str, Any]) -> None:
    for unit, found in evaluations_of(results):
        lines = told({**found, "unit": unit}, {})
        text = " ".join(lines)
        said = [" ".join(found["reason"].split())]
        said += [item["file"] for item in found["evidence"]]
        said += [
            one[key] for one in found["findings"] for key in ("message", "expected", "found") if key in one
        ]
        said += [one["place"]["source"] for one in found["findings"] if "place" in one]
        assert [one for one in said if " ".join(one.split()) not in text] == [], unit
        assert not any("\n" in line for line in lines)
        assert summary_of(found).endswith(found["reason"])


def test_every_pass_says_what_was_examined_and_what_it_rests_on(results: dict[str, Any]) -> None:
    passes = [(unit, found) for unit, found in evaluations_of(results) if found["verdict"] == "PASS"]

    assert len(passes) > 350
    for unit, found in passes:
        if found["decided_by"] == "judgement":
            judged = found["judgement"]
            assert judged["assessor"] in found["reason"], unit
            assert judged["rationale"] in found["reason"], unit
        elif UNITS[unit].functional and unit not in WITHOUT_FILES:
            assert found["evidence"], unit
            assert len(found["reason"].split()) >= 3, unit
        else:
            tables = [table for table in UNITS[unit].reads if table != "*"]
            counted = any(char.isdigit() for char in found["reason"])
            assert counted or any(table in found["reason"] for table in tables), unit


def test_the_fails_come_from_five_causes(results: dict[str, Any]) -> None:
    assert [
        (one["id"], one["summary"], one["violations"], len(one["evaluations"]), len(one["provisions"]))
        for one in results["origins"]
    ] == [
        ("F1", "The TLS version TLSv1.0 is accepted but not documented.", 14, 10, 5),
        (
            "F2",
            next(one["summary"] for one in results["origins"] if "offers a login" in one["summary"]),
            4,
            5,
            5,
        ),
        (
            "F3",
            next(one["summary"] for one in results["origins"] if "ExampleCam/1.4.2" in one["summary"]),
            1,
            2,
            1,
        ),
        ("F4", "6 wrong attempts in a row got through on account 'owner' and nothing locked.", 2, 1, 1),
        (
            "F5",
            next(
                one["summary"] for one in results["origins"] if "answers to what is typed" in one["summary"]
            ),
            1,
            1,
            1,
        ),
    ]
    fails = {(unit, found["entry"]) for unit, found in evaluations_of(results) if found["verdict"] == "FAIL"}
    assert fails == {
        (one["unit"], one["entry"]) for origin in results["origins"] for one in origin["evaluations"]
    }


def test_the_results_keep_to_their_schema(results: dict[str, Any]) -> None:
    from importlib import resources

    schema = json.loads(resources.files("pytest_etsi.report").joinpath("results.schema.json").read_text())

    assert list(Draft202012Validator(schema).iter_errors(results)) == []
