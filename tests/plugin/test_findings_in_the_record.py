"""What units find goes into the record whole, however pytest prints it; a PASS says what was examined."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from plugin_project import LEFT_OPEN

if TYPE_CHECKING:
    from plugin_project import Project

WORDS = "the login takes a wrong password and says nothing of it, " * 12
FOUND = f"""
    from pytest_etsi import criteria
    from pytest_etsi.assessment.findings import unknown, violation

    @unit("5.1-3-2", "a")
    def test_passes(auth_mech):
        criteria.Findings().decide(examined="6 cipher suites of one login")

    @unit("5.1-4-2", "a")
    def test_fails(auth_mech, etsi_evidence):
        etsi_evidence.add("login", "200 OK")
        found = [violation(auth_mech, "Description", {WORDS!r} + str(number), aspect="behaviour", expected="a refusal",
                           found="200 OK", evidence="login") for number in range(3)]
        criteria.Findings(found).decide(examined="a login")

    @unit("5.1-4-2", "b")
    def test_is_open(auth_mech):
        found = unknown(auth_mech, "facts.endpoint", "nothing says where it answers", aspect="behaviour")
        criteria.Findings([found]).decide(cause="access", settle="state facts.endpoint")

    @unit("5.1-5-1", "a")
    def test_is_for_a_person(auth_mech, etsi_judgement):
        found = violation(auth_mech, "Brute Force Prevention", "is empty", expected="an answer")
        etsi_judgement.required(criteria.Findings([found]))
"""


def record(project: Project, *arguments: str) -> list[dict[str, Any]]:
    """The evaluations in the journal, without times and the hashes over them."""
    project.run("--etsi-output=out", *arguments)
    lines = (project.path / "out" / "record.jsonl").read_text(encoding="utf-8").splitlines()
    found = [one for one in map(json.loads, lines) if one["record"] == "evaluation"]
    for one in found:
        del one["started"], one["duration_s"], one["previous"], one["hash"]
        for item in one["evidence"]:
            del item["created"]
    return found


@pytest.fixture
def found(project: Project) -> Project:
    project.profile()
    project.suite(says=False, test_found=FOUND)
    return project


def test_the_record_is_the_same_however_much_pytest_prints(found: Project) -> None:
    short, verbose, bare = (record(found, *given) for given in ((), ("-vv",), ("--assert=plain", "--tb=no")))

    assert len(short) == 4
    assert json.dumps(short) == json.dumps(verbose) == json.dumps(bare)


def test_findings_are_data_with_place_and_evidence(found: Project) -> None:
    by_unit = {one["unit"]: one for one in record(found)}

    failed, left_open = by_unit["5.1-4-2/a"], by_unit["5.1-4-2/b"]
    (evidence,) = failed["evidence"]
    assert (failed["verdict"], left_open["verdict"]) == ("FAIL", "INCONCLUSIVE")
    first = failed["findings"][0]
    place = first.pop("place")
    assert (place["entry"], place["field"]) == ("1-AuthMech/AuthMech-web", "Description")
    assert re.search(r"camera\.yaml:\d+$", place["source"])
    assert first == {
        "kind": "violation",
        "aspect": "behaviour",
        "message": f"{WORDS}0",
        "expected": "a refusal",
        "found": "200 OK",
        "evidence": [evidence["file"]],
    }
    (one,) = left_open["findings"]
    assert (one["kind"], one["cause"], one["settle"]) == ("unknown", "access", "state facts.endpoint")
    assert (left_open["cause"], left_open["settle"]) == ("access", "state facts.endpoint")


def test_a_long_reason_is_whole(found: Project) -> None:
    reason = {one["unit"]: one["reason"] for one in record(found)}["5.1-4-2/a"]

    assert len(WORDS) > 240
    assert all(f"{WORDS}{number}" in reason for number in range(2))


def test_a_violation_is_a_fail_before_a_person_is_asked(found: Project) -> None:
    one = {one["unit"]: one for one in record(found)}["5.1-5-1/a"]

    assert (one["verdict"], one["decided_by"], one["judgement"]) == ("FAIL", "program", None)
    assert re.search(r"AuthMech-web: Brute Force Prevention \(.*camera\.yaml:\d+\): is empty$", one["reason"])


def test_a_pass_says_what_was_examined(found: Project) -> None:
    one = {one["unit"]: one for one in record(found)}["5.1-3-2/a"]

    assert (one["verdict"], one["reason"]) == ("PASS", "6 cipher suites of one login")


def test_a_unit_that_passes_without_saying_what_it_examined_is_caught(project: Project) -> None:
    project.profile()
    project.suite(
        says=False,
        test_silent="""
    @unit("5.1-3-2", "a")
    def test_passes(auth_mech):
        pass
    """,
    )
    result = project.run()

    assert result.ret == LEFT_OPEN
    one = project.evaluations()["5.1-3-2/a", "AuthMech-web"]
    assert (one["verdict"], one["cause"]) == ("INCONCLUSIVE", "error")
    assert one["reason"] == "the test function ended without saying what it examined"


def test_a_projects_own_test_passes_with_a_sentence_of_its_own(project: Project) -> None:
    project.profile()
    project.suite(test_none="")
    project.pytester.makepyfile(
        test_own="""
    import pytest

    @pytest.mark.etsi_unit("5.1-3-2/a", entry="AuthMech-web")
    def test_silent(): pass

    @pytest.mark.etsi_unit("5.1-4-2/a", entry="AuthMech-web")
    def test_plain():
        answer = 200
        assert answer == 401
    """
    )
    project.run()

    found = project.evaluations()
    silent, plain = found["5.1-3-2/a", "AuthMech-web"], found["5.1-4-2/a", "AuthMech-web"]
    assert (silent["verdict"], silent["reason"]) == (
        "PASS",
        "test_own.py::test_silent found nothing that speaks against it",
    )
    assert (plain["verdict"], plain["reason"]) == ("FAIL", "assert 200 == 401")
