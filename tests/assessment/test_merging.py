"""Partial runs of one device put together: one whole that can be verified, and no conflict settled in silence."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest
from assessment_documents import documents, load
from assessment_suites import evaluate
from click.testing import CliRunner

from pytest_etsi import Verdict
from pytest_etsi.assessment.integrity import check_directory
from pytest_etsi.assessment.run import Assessment
from pytest_etsi.cli.main import main

PASS, FAIL, OPEN = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
SEEN = {"model": "Lamp 1", "serial": "L-1"}


@pytest.fixture
def part(tmp_path):
    """Makes a run of some units, which ends; verdicts by unit, PASS otherwise."""

    def make(name, *only, verdicts=(), allow=("brute-force", "erase"), change=None, seen=SEEN):
        content = documents()
        if change:
            change(content)
        profile = load(tmp_path, content)
        assessment = Assessment(profile, output=tmp_path / name, only=only, allow=allow)
        assessment.identity("start", {"observed": seen})
        for planned in assessment.pending():
            if planned.automated:
                evaluate(assessment.begin(planned), dict(verdicts).get(planned.unit.id, PASS))
        assessment.close()
        return assessment.output

    return make


def merged(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["merge", *map(str, arguments)])
    return done.exit_code, done.output


def verdicts_of(results: dict) -> dict[str, str]:
    return {
        f"{case['case']}/{unit['unit']}": unit["verdict"]
        for group in results["groups"]
        for case in group["cases"]
        for unit in case["units"]
    }


def test_parts_make_a_whole_that_follows_from_its_record(tmp_path, part):
    one, other = part("one", "5.1-5", verdicts={"5.1-5-2/b": FAIL}), part("other", "5.6")
    status, said = merged(one, other, "-o", tmp_path / "whole")
    assert status == 0, said
    results = json.loads((tmp_path / "whole" / "results.json").read_bytes())
    checked = check_directory(tmp_path / "whole")

    assert (status, said.splitlines()[-1].partition(";")[0].rpartition(" ")[0]) == (
        0,
        f"{tmp_path / 'whole'}: FAIL, {len(checked.chain.records)} lines from 2",
    )
    assert checked.damaged == []
    assert results["selection"] == ["5.1-5", "5.6"]
    parts = [json.loads((each / "results.json").read_bytes()) for each in (one, other)]
    assert verdicts_of(results) == verdicts_of(parts[0]) | verdicts_of(parts[1])
    assert [each["hash"] for each in results["merged"]["parts"]] == [each["record"]["hash"] for each in parts]
    schema = json.loads(
        resources.files("pytest_etsi.report").joinpath("results.schema.json").read_text("utf-8")
    )
    jsonschema.validate(results, schema)


def test_all_scenarios_together_are_no_part_any_more(tmp_path, part):
    every = "4", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7"
    rest = "5.8", "5.9", "5.10", "5.11", "5.12", "5.13", "6"
    merged(part("one", *every), part("other", *rest), "-o", tmp_path / "whole")
    results = json.loads((tmp_path / "whole" / "results.json").read_bytes())

    assert (results["partial"], results["selection"]) == (False, None)
    assert len(results["groups"]) == 68


def test_what_was_found_differently_is_shown_and_not_settled(tmp_path, part):
    one = part("one", "5.1-5", verdicts={"5.1-5-2/b": FAIL})
    other = part("other", "5.1-5", "5.1-4")
    status, said = merged(one, other, "-o", tmp_path / "whole")

    assert status == 1
    assert "conflict: 5.1-5-2/b" in said
    assert f"{one}: FAIL: " in said
    assert f"{other}: PASS: " in said
    assert not (tmp_path / "whole").exists()


def test_whoever_settles_a_conflict_is_on_record(tmp_path, part):
    one = part("one", "5.1-5", verdicts={"5.1-5-2/b": FAIL})
    other = part("other", "5.1-5", "5.1-4")
    status, said = merged(one, other, "-o", tmp_path / "whole", "--prefer", one)
    results = json.loads((tmp_path / "whole" / "results.json").read_bytes())

    assert status == 1
    assert f"; {one} is believed" in said
    assert verdicts_of(results)["5.1-5-2/b"] == "FAIL"
    assert check_directory(tmp_path / "whole").damaged == []
    (settled, *_) = results["merged"]["settled"]
    assert [(found["verdict"], found["taken"]) for found in settled["found"]] == [
        ("FAIL", True),
        ("PASS", False),
    ]


def test_a_unit_that_was_not_permitted_in_one_part_is_a_conflict_too(tmp_path, part):
    one, other = part("one", "5.1-5", allow=()), part("other", "5.1-5")
    status, said = merged(one, other, "-o", tmp_path / "whole")

    assert status == 1
    assert "INCONCLUSIVE" in said


def another_version(content):
    content["dut"]["software"] = "9.9"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"change": another_version}, "the device in the profile"),
        ({"seen": {"model": "Lamp 1", "serial": "L-2"}}, "serial (L-1 then, L-2 now)"),
    ],
)
def test_only_runs_of_one_device_are_parts_of_one_whole(tmp_path, part, how, said):
    one, other = part("one", "5.1-5"), part("other", "5.6", **how)
    status, told = merged(one, other, "-o", tmp_path / "whole")

    assert status == 4
    assert said in told
    assert not (tmp_path / "whole").exists()


def test_what_is_not_as_it_was_written_is_not_merged(tmp_path, part):
    one, other = part("one", "5.1-5"), part("other", "5.6")
    next(path for path in (other / "evidence").rglob("*.json")).write_text("{}", encoding="utf-8")
    damaged = merged(one, other, "-o", tmp_path / "whole")
    twice = merged(one, one, "-o", tmp_path / "whole")
    none = merged(one, tmp_path / "nothing", "-o", tmp_path / "whole")

    assert [each[0] for each in (damaged, twice, none)] == [4, 4, 4]
    assert "it was altered" in damaged[1]
    assert "one run is given twice" in twice[1]
    assert not (tmp_path / "whole").exists()
