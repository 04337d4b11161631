"""Evidence and record are compared with their hashes: at the end, when a run is resumed, and afterwards."""

from __future__ import annotations

import json
import os
import shutil
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from assessment_suites import evaluate, run_all
from record_files import change_line, edit

from pytest_etsi import Verdict

UNIT = "5.1-5-2/a"
PASS, FAIL, OPEN = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def evaluation(results, unit=UNIT):
    case, letter = unit.split("/")
    (found,) = (
        one
        for group in results["groups"]
        for of in group["cases"]
        for part in of["units"]
        if (of["case"], part["unit"]) == (case, letter)
        for one in part["evaluations"]
    )
    return found


def file_of(assessment, unit=UNIT):
    """The path of the evidence of a unit."""
    (item,) = next(r for r in assessment.records if r.get("unit") == unit)["evidence"]
    return assessment.output / item["file"]


def alter(path):
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b" \n")
    assert len(path.read_bytes()) == len(content)


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"more")


def link(path):
    copy = path.with_name("copy")
    path.rename(copy)
    path.symlink_to(copy)


def pipe(path):
    path.unlink()
    os.mkfifo(path)


def directory(path):
    path.unlink()
    path.mkdir()


DAMAGES = [
    (alter, "it was altered: its hash is not the one in the record"),
    (lengthen, "it was altered: it had "),
    (Path.unlink, "it is missing"),
    (link, "it cannot be read: "),
    (pipe, "it is no longer a file"),
    (directory, "it is no longer a file"),
]


@pytest.mark.parametrize("verdict", [PASS, FAIL, Verdict.NOT_APPLICABLE, OPEN])
@pytest.mark.parametrize(("damage", "problem"), DAMAGES)
def test_evidence_that_is_damaged_during_the_run_leaves_its_unit_open(assess, damage, problem, verdict):
    assessment = assess()
    run_all(assessment, {UNIT: verdict})
    path = file_of(assessment)
    damage(path)
    results = assessment.close()

    (one,) = results["integrity"]
    assert (one["unit"], one["entry"], one["file"]) == (UNIT, None, str(path.relative_to(assessment.output)))
    assert one["problem"].startswith(problem)
    found = evaluation(results)
    assert (found["verdict"], found["cause"]) == (OPEN, "error")
    assert found["reason"].startswith(f"it was {verdict}, but {one['file']} is not as it was written: ")


@pytest.mark.parametrize(("damage", "problem"), DAMAGES)
def test_evidence_that_is_damaged_before_a_resume_leaves_its_unit_open(assess, damage, problem):
    first = assess()
    evaluate(first.begin(first.plan.get(UNIT)), PASS)
    path = file_of(first)
    first.abandon()
    damage(path)
    second = assess(resume=True)
    run_all(second)

    assert [(one.unit, one.problem.startswith(problem)) for one in second.damaged] == [(UNIT, True)]
    results = second.close()
    assert (evaluation(results)["verdict"], evaluation(results)["cause"]) == (OPEN, "error")
    assert len(results["integrity"]) == 1


def test_exchanged_evidence_is_noticed_at_both_units(assess):
    assessment = assess()
    run_all(assessment)
    one, other = file_of(assessment), file_of(assessment, "4-1-1/a")
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    results = assessment.close()

    assert {damage["unit"] for damage in results["integrity"]} == {UNIT, "4-1-1/a"}
    assert evaluation(results, "4-1-1/a")["verdict"] == OPEN


def test_a_directory_exchanged_for_a_link_is_noticed(assess):
    assessment = assess()
    run_all(assessment)
    folder = file_of(assessment).parent
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(folder.with_name("elsewhere"))

    (one,) = assessment.close()["integrity"]
    assert one["problem"].endswith("is a link, not the directory that was made for it")


def test_what_nobody_touched_is_as_it_was_written(assess):
    assessment = assess()
    run_all(assessment)
    results = assessment.close()

    assert results["integrity"] == []
    assert evaluation(results)["verdict"] == PASS


def test_evidence_of_the_identity_is_checked_and_concerns_no_unit(assess):
    assessment = assess()
    assessment.start()
    scope = assessment.evidence.scope("identity", "start")
    item = scope.add("page", "serial L-1")
    assessment.identity("start", {"serial": "L-1"}, [item.to_json()])
    run_all(assessment)
    (assessment.output / item.file).unlink()
    results = assessment.close()

    assert [(one["file"], one["unit"]) for one in results["integrity"]] == [(item.file, None)]
    assert evaluation(results)["verdict"] == PASS


def test_without_its_directory_everything_that_was_evaluated_is_open(assess, out):
    assessment = assess()
    run_all(assessment)
    shutil.rmtree(out)
    results = assessment.close()

    assert results["counts_by"]["evaluations"]["PASS"] == 0
    assert evaluation(results)["verdict"] == OPEN
    assert results["integrity"][0]["file"] == "record.jsonl:1"
    assert UNIT in {one["unit"] for one in results["integrity"]}
    assert (out / "results.json").exists()


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_a_record_that_was_cut_off_during_the_run_leaves_open_what_it_lost(assess, out, kept):
    assessment = assess()
    run_all(assessment)
    whole = (out / "record.jsonl").read_bytes().splitlines(keepends=True)
    edit(out / "record.jsonl", lambda lines: lines.__delitem__(slice(kept, None)))
    lost = [record for record in assessment.records[kept:] if record["record"] == "evaluation"]
    results = assessment.close()

    assert len(whole) == len(assessment.records)
    assert {one["unit"] for one in results["integrity"]} >= {record["unit"] for record in lost}
    assert results["integrity"][0]["file"] == f"record.jsonl:{kept + 1}"
    assert results["counts_by"]["evaluations"]["PASS"] == max(0, kept - 1)


def test_a_line_that_was_changed_during_the_run_leaves_it_and_the_later_ones_open(assess, out):
    assessment = assess()
    run_all(assessment, {UNIT: FAIL})
    number = next(n for n, record in enumerate(assessment.records, start=1) if record.get("unit") == UNIT)
    change_line(out / "record.jsonl", number, b'"verdict": "FAIL"', b'"verdict": "PASS"')
    results = assessment.close()

    first = results["integrity"][0]
    assert (first["file"], first["unit"]) == (f"record.jsonl:{number}", UNIT)
    assert first["problem"] == "the line was changed during the run"
    assert evaluation(results)["verdict"] == OPEN
    assert len(results["integrity"]) == len(assessment.records) - number + 1


def test_a_line_that_was_added_during_the_run_is_noticed(assess, out):
    assessment = assess()
    run_all(assessment)
    number = len(assessment.records)
    edit(out / "record.jsonl", lambda lines: lines.append(lines[-1]))

    (one,) = assessment.close()["integrity"]
    assert (one["file"], one["problem"]) == (
        f"record.jsonl:{number + 1}",
        "something was added during the run",
    )


def test_a_record_exchanged_for_a_copy_is_noticed(assess, out):
    assessment = assess()
    run_all(assessment)
    copy = (out / "record.jsonl").read_bytes()
    (out / "record.jsonl").unlink()
    (out / "record.jsonl").write_bytes(copy)

    first = assessment.close()["integrity"][0]
    assert first["problem"] == "the file was replaced by another one during the run"


def test_results_with_damage_fit_their_schema(assess, out):
    assessment = assess()
    run_all(assessment)
    file_of(assessment).unlink()
    results = assessment.close()
    schema = json.loads(resources.files("pytest_etsi.report").joinpath("results.schema.json").read_text())

    jsonschema.validate(results, schema)
    assert json.loads((out / "results.json").read_text()) == results
