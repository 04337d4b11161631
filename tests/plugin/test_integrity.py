"""Runs of pytest whose record or evidence is not left alone; `test_ends_early.py` has those that end early."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from record_files import change_line, edit, number_of

if TYPE_CHECKING:
    from plugin_project import Project

TWO = """
    import pathlib, shutil

    RESULTS = pathlib.Path("etsi-results")

    @unit("5.1-3-2", "a")
    def test_first(auth_mech, etsi_evidence):
        etsi_evidence.add("seen", {"number": 1})
        assert not pathlib.Path("deviates").exists(), "it deviates"

    @unit("5.1-4-2", "a")
    def test_second(auth_mech, etsi_evidence):
        etsi_evidence.add("seen", {"number": 2})
        HAPPENS
"""

FIRST = "5.1-3-2/a", "AuthMech-web"
FILE = "evidence/5.1-3-2_a/AuthMech-web/01-seen.json"

OPEN_THEN_FAIL = """
    @unit("5.1-3-2", "a")
    def test_is_open(auth_mech):
        inconclusive("nobody answers", cause="access", settle="plug it in")

    @unit("5.1-4-2", "a")
    def test_would_fail(auth_mech):
        assert auth_mech.id == "other", "ids differ"
"""


def run_with(project: Project, happens: str, *arguments: str) -> pytest.RunResult:
    project.profile()
    project.suite(test_two=TWO.replace("HAPPENS", happens))
    return project.run(*arguments)


@pytest.mark.parametrize("arguments", [(), ("--etsi-fail-on=fail",), ("--etsi-fail-on=fail", "-n1")])
@pytest.mark.parametrize(
    ("happens", "problem"),
    [
        ("next(RESULTS.rglob('*3-2*/**/01-seen.json')).unlink()", "it is missing"),
        ("next(RESULTS.rglob('*3-2*/**/01-seen.json')).write_text('{}')", "it was altered: it had * bytes"),
    ],
)
def test_evidence_damaged_during_the_run_is_named_and_the_status_is_not_0(
    project: Project, happens: str, problem: str, arguments: tuple[str, ...]
) -> None:
    result = run_with(project, happens, "--etsi-only=5.1-3-2,5.1-4-2/a", *arguments)

    assert result.ret == 10
    found = project.evaluations()[FIRST]
    assert (found["verdict"], found["cause"]) == ("INCONCLUSIVE", "error")
    result.stdout.fnmatch_lines(["Not as it was written", f"  {FILE} of 5.1-3-2/a AuthMech-web: {problem}*"])


@pytest.mark.parametrize("arguments", [(), ("-n1",)])
@pytest.mark.parametrize("happens", ["shutil.rmtree(RESULTS)", "(RESULTS / 'record.jsonl').write_text('')"])
def test_results_removed_during_the_run_are_said_and_the_status_is_not_0(
    project: Project, happens: str, arguments: tuple[str, ...]
) -> None:
    result = run_with(project, happens, "--etsi-only=5.1-3-2,5.1-4-2/a", "--etsi-fail-on=fail", *arguments)

    assert result.ret == 10
    assert {found["verdict"] for found in project.evaluations().values()} == {"INCONCLUSIVE"}
    result.stdout.fnmatch_lines(["Not as it was written", "  record.jsonl:1: *"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_fail_edited_to_pass_is_not_resumed(project: Project) -> None:
    (project.path / "deviates").touch()
    assert run_with(project, "pass").ret == 1
    record = project.path / "etsi-results" / "record.jsonl"
    number = number_of(record, FIRST[0])
    change_line(record, number, b'"verdict": "FAIL"', b'"verdict": "PASS"')
    before = record.read_bytes()
    result = project.run("--etsi-resume")

    assert result.ret == 4
    result.stderr.fnmatch_lines([f"*record.jsonl:{number}: the line of 5.1-3-2/a AuthMech-web is damaged*"])
    assert record.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b'"evidence": [{', b'"evidence": 3, "was": [{', "evidence: expected list, got 3"),
        (b'"source": ', b'"sauce": ', "source: expected, but it is not there"),
        (b'"entry": "AuthMech-web"', b'"entry": ["AuthMech-web"]', "entry: expected string"),
        (b'"verdict": "PASS"', b'"verdict": "GOOD"', "verdict: expected 'PASS'"),
        (b'"cause": null', b'"cause": "weather"', "cause: expected 'judgement'"),
    ],
)
def test_a_damaged_record_ends_with_status_4_and_says_what_was_expected(
    project: Project, old: bytes, new: bytes, expected: str
) -> None:
    run_with(project, "pass")
    record = project.path / "etsi-results" / "record.jsonl"
    number = number_of(record, FIRST[0])
    change_line(record, number, old, new)
    result = project.run("--etsi-resume")

    assert result.ret == 4
    said = result.stderr.str()
    assert f"record.jsonl:{number}: the line of 5.1-3-2/a" in said
    assert expected in said
    assert "Traceback" not in said


def test_evidence_damaged_before_a_resume_is_said_first_and_the_status_is_not_0(project: Project) -> None:
    run_with(project, "pass", "--etsi-only=5.1-3-2,5.1-4-2/a", "-k", "test_first")
    (path,) = (project.path / "etsi-results").glob(FILE)
    path.write_text("{}", encoding="utf-8")
    result = project.run("--etsi-only=5.1-3-2,5.1-4-2/a", "--etsi-resume", "--etsi-fail-on=fail")

    assert result.ret == 10
    result.stdout.fnmatch_lines([f"etsi: not as it was written: {FILE} of 5.1-3-2/a AuthMech-web: *"])
    assert project.evaluations()[FIRST]["verdict"] == "INCONCLUSIVE"
    assert project.evaluations()["5.1-4-2/a", "AuthMech-web"]["verdict"] == "PASS"


def test_what_was_not_selected_says_so(project: Project) -> None:
    project.profile()
    project.suite(test_two=OPEN_THEN_FAIL)
    project.run("-k", "test_is_open")

    assert [one["why"] for one in project.results()["not_run"]] == ["it was not selected"]


def test_what_stepwise_leaves_out_was_not_run(project: Project) -> None:
    project.profile()
    project.suite(test_two=TWO.replace("HAPPENS", "assert not pathlib.Path('deviates').exists()"))
    (project.path / "deviates").touch()
    project.run(
        "--etsi-fail-on=fail", "--sw", "--deselect=etsi/camera/tso_5_01_passwords/test_two.py::test_first"
    )
    (project.path / "deviates").unlink()
    result = project.run("--etsi-fail-on=fail", "--sw")

    assert result.ret == 10
    assert FIRST not in project.evaluations()
    assert [one["why"] for one in project.results()["not_run"]] == ["--stepwise left it out"]


def test_a_run_without_a_stop_may_leave_units_open_as_before(project: Project) -> None:
    project.profile()
    project.suite(test_two=OPEN_THEN_FAIL)

    assert project.run("--etsi-fail-on=fail", "-k", "test_is_open").ret == 0


def test_a_record_cut_off_after_its_results_is_not_resumed(project: Project) -> None:
    run_with(project, "pass")
    edit(project.path / "etsi-results" / "record.jsonl", lambda lines: lines.__delitem__(slice(2, None)))
    result = project.run("--etsi-resume")

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*record.jsonl:2: the record ends here, but *results.json was made from *"])
