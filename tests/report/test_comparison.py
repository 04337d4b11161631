"""Two results side by side: nothing that became worse is missed, and what nobody looked at again is not mended."""

from __future__ import annotations

import copy
import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from camera_run import evaluations_of
from click.testing import CliRunner

from pytest_etsi.cli.main import main
from pytest_etsi.report import comparing
from pytest_etsi.report.comparison import compared

if TYPE_CHECKING:
    from pathlib import Path

UNIT, ENTRY = "5.1-5-2/b", "AuthMech-stream"


def changed(results: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The results with another outcome of one evaluation, which passes there."""
    made = copy.deepcopy(results)
    (one,) = [found for unit, found in evaluations_of(made) if (unit, found["entry"]) == (UNIT, ENTRY)]
    one |= changes
    return made


@pytest.mark.parametrize(
    ("before", "now", "kind", "worse"),
    [
        ({}, {"verdict": "FAIL"}, "new", True),
        ({}, {"verdict": "INCONCLUSIVE", "cause": "bench"}, "lost", True),
        ({"verdict": "FAIL"}, {"verdict": "INCONCLUSIVE", "cause": "access"}, "lost", True),
        ({}, {"verdict": "INCONCLUSIVE", "judgement": {"status": "stale"}}, "stale", True),
        ({"verdict": "INCONCLUSIVE"}, {"verdict": "FAIL"}, "new", True),
        ({"verdict": "FAIL"}, {}, "fixed", False),
        ({"verdict": "FAIL"}, {"verdict": "NOT APPLICABLE"}, "fixed", False),
        ({"verdict": "INCONCLUSIVE"}, {}, "settled", False),
        ({"verdict": "FAIL"}, {"verdict": "FAIL"}, "failing", False),
        ({"verdict": "INCONCLUSIVE"}, {"verdict": "INCONCLUSIVE"}, "open", False),
    ],
)
def test_what_has_become_of_an_evaluation(
    results: dict[str, Any], before: dict[str, Any], now: dict[str, Any], kind: str, worse: bool
) -> None:
    made = compared(changed(results, **before), changed(results, **now))

    assert [(one.unit, one.entry) for one in made.of(kind) if (one.unit, one.entry) == (UNIT, ENTRY)] == [
        (UNIT, ENTRY)
    ]
    assert made.is_worse is worse


def test_the_same_results_have_only_what_still_fails_and_is_open(results: dict[str, Any]) -> None:
    made = compared(results, results)

    assert {one.kind for one in made.changes} == {"failing", "open"}
    assert (len(made.of("failing")), len(made.of("open")), made.is_worse) == (19, 121, False)
    assert made.remarks == []


def test_entries_that_come_and_go_are_told(results: dict[str, Any]) -> None:
    other = changed(results, entry="AuthMech-new")

    assert [one.where for one in compared(results, other).of("gone")] == [f"{UNIT} {ENTRY}"]
    assert [one.where for one in compared(results, other).of("added")] == [f"{UNIT} AuthMech-new"]
    failing = changed(results, entry="AuthMech-new", verdict="FAIL")
    assert [one.where for one in compared(results, failing).of("new")] == [f"{UNIT} AuthMech-new"]


def test_an_answer_in_the_ics_that_fails_by_itself_is_worse(results: dict[str, Any]) -> None:
    other = copy.deepcopy(results)
    other["groups"][3]["ics"] |= {"verdict": "FAIL", "reason": "N on a mandatory provision"}
    made = compared(results, other)

    assert made.is_worse
    assert [(one.where, one.reason) for one in made.of("new")] == [
        ("ICS 5.1-3", "N on a mandatory provision")
    ]


def test_what_else_makes_them_differ_is_said(results: dict[str, Any]) -> None:
    other = copy.deepcopy(results)
    other["dut"]["software"] = "1.5.0"
    other["profile"]["fingerprint"] = "0" * 64
    other["selection"] = ["5.1"]
    other["not_run"] = [{"unit": UNIT, "entry": ENTRY, "why": "the run was interrupted"}]

    assert compared(results, other).remarks == [
        "software 1.4.2 -> 1.5.0",
        "the documents have changed",
        "selected were everything -> 5.1",
        "the newer run has not run 1 planned evaluation",
    ]


def test_the_forms_agree_and_have_whole_reasons(results: dict[str, Any]) -> None:
    reason = "it says <script>alert(1)</script> | " + "x" * 3000
    made = compared(results, changed(results, verdict="FAIL", reason=reason))
    table, markdown, page = comparing.table(made), comparing.markdown(made), comparing.page(made)

    assert table.splitlines()[0] == "FAIL -> FAIL: 1 new, 19 failing, 121 open"
    assert f"  PASS -> FAIL: {reason}\n    {UNIT} {ENTRY}\n" in table
    assert "x" * 3000 in markdown
    assert "x" * 3000 in page
    assert "<script>" not in page
    assert "### open (121)" in markdown
    assert "5.2-1-2/a" not in markdown
    assert "5.2-1-2/a" in comparing.markdown(made, every=True)


def test_what_is_told_of_several_is_told_once_with_the_place_of_each(results: dict[str, Any]) -> None:
    table = comparing.table(compared(results, results))
    tls = "The TLS version TLSv1.0 is accepted but not documented."

    assert table.count(tls) == 1
    below = table.partition(tls)[2].splitlines()
    assert below[1] == (
        "    5.1-3-2/a AuthMech-web, 1-AuthMech/AuthMech-web: facts.tls "
        "(device_profiles/virtual-camera/ixit/01-AuthMech.yaml:33)"
    )
    row = next(line for line in comparing.markdown(compared(results, results)).splitlines() if tls in line)
    assert (
        "Documents: 1-AuthMech/AuthMech-web: facts.tls (device\\_profiles/virtual-camera/ixit/01-Auth" in row
    )
    assert [line.split(",")[0].strip() for line in below[1:11:9]] == [
        "5.1-3-2/a AuthMech-web",
        "5.8-1-2/a ComMech-Stream",
    ]


def test_each_form_names_the_device_and_both_runs(results: dict[str, Any]) -> None:
    other = results | {"started": "2026-11-20T08:00:00.000Z"}
    made = compared(other, results)

    for form in (comparing.table(made), comparing.markdown(made), comparing.page(made)):
        assert "Example Devices ExampleCam 2 1.4.2, edition 1.1.1" in form
        assert "before: the run of 2026-11-20T08:00:00.000Z" in form
        assert f"now: the run of {results['started']}" in form


def test_the_command_ends_with_1_on_a_regression_and_4_on_another_device(
    tmp_path: Path, run: Path, results: dict[str, Any]
) -> None:
    def status(new: dict[str, Any], *options: str) -> int:
        (tmp_path / "results.json").write_text(json.dumps(new), encoding="utf-8")
        return CliRunner().invoke(main, ["compare", str(run), str(tmp_path), *options]).exit_code

    assert status(results) == 0
    assert status(changed(results, verdict="FAIL"), "--format=markdown") == 1
    assert status(results | {"dut": results["dut"] | {"model": "Another"}}) == 4
    assert status({"format": 1}) == 4


@pytest.mark.parametrize("command", [["report"], ["compare", "RUN"]])
def test_no_form_is_made_of_results_that_are_not_what_the_record_says(
    tmp_path: Path, run: Path, command: list[str]
) -> None:
    arguments = [str(run) if one == "RUN" else one for one in command]
    record, results = (run / "record.jsonl").read_bytes(), (run / "results.json").read_bytes()

    def said(record: bytes, results: bytes) -> tuple[int, str]:
        (tmp_path / "record.jsonl").write_bytes(record)
        (tmp_path / "results.json").write_bytes(results)
        done = CliRunner().invoke(main, [*arguments, str(tmp_path)])
        return done.exit_code, done.output

    assert said(record, results)[0] == 0
    status, why = said(record, results.replace(b'"verdict": "FAIL"', b'"verdict": "PASS"', 1))
    assert status == 4
    assert re.search(r"results\.json: it was altered: its hash is not the one in .*record\.jsonl:548", why)
    status, why = said(record[:100_000], results)
    assert status == 4
    assert "record.jsonl:548: expected the line at which results.json was made" in why


@pytest.mark.parametrize("name", ["results.json", "record.jsonl"])
@pytest.mark.parametrize("command", ["report", "verify", "archive", "compare", "merge"])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(
    tmp_path: Path, run: Path, command: str, name: str
) -> None:
    odd = tmp_path / "odd"
    odd.mkdir()
    for known in ("results.json", "record.jsonl"):
        if known == name:
            os.mkfifo(odd / known)
        else:
            (odd / known).symlink_to(run / known)
    more = {"compare": [str(run)], "merge": [str(run), "--output", str(tmp_path / "whole")]}
    done = CliRunner().invoke(main, [command, str(odd), *more.get(command, [])])

    assert done.exit_code in (1, 4)
    assert name in done.output


def test_a_part_that_is_not_there_is_named(tmp_path: Path, run: Path) -> None:
    done = CliRunner().invoke(main, ["merge", str(run), str(tmp_path), "--output", str(tmp_path / "whole")])

    assert done.exit_code == 4
    assert done.output == (
        f"{tmp_path}/record.jsonl: No such file or directory; expected a part, as a run leaves it\n"
    )


def test_a_run_that_was_killed_has_no_results_and_its_record_says_what_to_do(
    tmp_path: Path, run: Path
) -> None:
    (tmp_path / "record.jsonl").write_bytes((run / "record.jsonl").read_bytes()[:50_000])
    done = CliRunner().invoke(main, ["report", str(tmp_path)])

    assert done.exit_code == 4
    assert "the run has not ended: --etsi-resume goes on with it" in done.output
