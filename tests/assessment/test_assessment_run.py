"""A run: what ends an evaluation, and what of it is recorded."""

from __future__ import annotations

import hashlib
import json
import textwrap
from pathlib import Path

import pytest
from assessment_documents import documents, judgement, load
from assessment_suites import evaluate

from pytest_etsi import Cause, Inconclusive, NotApplicable, Verdict, Violation, inconclusive
from pytest_etsi.assessment import run
from pytest_etsi.assessment.findings import Finding, Findings
from pytest_etsi.assessment.journal import read
from pytest_etsi.assessment.run import Assessment
from pytest_etsi.profile import load_profile
from pytest_etsi.redaction import MASK
from pytest_etsi.standard import UnknownIdError
from pytest_etsi.verdict import outcome_of

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE


def test_the_example_at_the_head_of_the_module_runs(tmp_path, monkeypatch):
    content = documents()
    load(tmp_path, content)
    monkeypatch.chdir(tmp_path)
    example = textwrap.dedent(run.__doc__.partition("::\n")[2].partition("\nIn the directory")[0])
    example = example.replace("camera.yaml", "lamp.yaml")
    names = {"Assessment": Assessment, "Path": Path, "load_profile": load_profile}
    exec(example, names)

    assert (
        names["results"]["counts"]
        == json.loads((tmp_path / "etsi-results/results.json").read_text())["counts"]
    )
    unpermitted = [r for r in names["assessment"].records if r.get("reason") == "not permitted: brute-force"]
    assert {r["verdict"] for r in unpermitted} == {"INCONCLUSIVE"}


@pytest.mark.parametrize(
    ("error", "verdict", "cause", "reason"),
    [
        (None, PASS, None, ""),
        (AssertionError("23/tcp is open"), FAIL, None, "23/tcp is open"),
        (Violation("two manuals disagree"), FAIL, None, "two manuals disagree"),
        (AssertionError(), FAIL, None, "an assertion without message failed"),
        (Inconclusive("no switch", cause=Cause.BENCH, settle="s"), OPEN, Cause.BENCH, "no switch"),
        (NotApplicable("no such thing"), NONE, None, "no such thing"),
        (ValueError("bad"), OPEN, Cause.ERROR, "ValueError: bad"),
        (OSError(), OPEN, Cause.ERROR, "OSError"),
        (TimeoutError("late"), OPEN, Cause.ERROR, "TimeoutError: late"),
        (KeyError("x"), OPEN, Cause.ERROR, "KeyError: 'x'"),
    ],
)
def test_only_an_assertion_fails(error, verdict, cause, reason):
    outcome = outcome_of(error)

    assert (outcome.verdict, outcome.cause, outcome.reason) == (verdict, cause, reason)


def test_a_record_says_everything_of_its_evaluation(assess, out):
    assessment = assess()
    planned = assessment.plan.get("5.1-5-2/b", "AuthMech-web")
    with assessment.begin(planned, "etsi/lamp/x") as evaluation:
        evaluation.evidence.add("guesses", {"n": 5})
        inconclusive("the lock is\nslow", cause="bench", settle="wait")

    record = read(out / "record.jsonl")[-1]
    (item,) = record.pop("evidence")
    assert item["sha256"] == hashlib.sha256((out / item["file"]).read_bytes()).hexdigest()
    assert record.pop("started").endswith("Z")
    assert record.pop("duration_s") >= 0
    assert record == {
        "record": "evaluation",
        "unit": "5.1-5-2/b",
        "entry": "AuthMech-web",
        "node": "etsi/lamp/x",
        "device": "lamp",
        "source": "suite",
        "verdict": "INCONCLUSIVE",
        "cause": "bench",
        "decided_by": "program",
        "reason": "the lock is",
        "settle": "wait",
        "judgement": None,
        "findings": [],
    }


def test_a_pass_says_what_it_rests_on(assess):
    assessment = assess()
    evaluate(assessment.begin(assessment.plan.get("5.1-5-2/a")), PASS, "65,535 ports searched")

    assert assessment.records[-1]["reason"] == "65,535 ports searched"


def test_what_was_noted_on_the_way_to_a_pass_is_on_record(assess):
    assessment = assess()
    noted = Finding("note", "completeness", "A login of the maintenance is documented.")
    with assessment.begin(assessment.plan.get("5.1-5-2/a")):
        Findings((noted,)).decide(examined="65,535 ports searched")

    record = assessment.records[-1]
    assert (record["verdict"], record["reason"]) == (PASS, "65,535 ports searched")
    assert [finding["message"] for finding in record["findings"]] == [noted.message]


@pytest.mark.parametrize("source", ["suite", "project"])
def test_a_test_that_does_not_say_what_it_examined_passes_no_unit_of_the_suite(assess, source):
    assessment = assess()
    unit = "5.1-5-2/a"
    begun = (
        assessment.begin_own(unit, None, "own")
        if source == "project"
        else assessment.begin(assessment.plan.get(unit))
    )
    with begun:
        pass

    record = assessment.records[-1]
    assert (record["verdict"], record["cause"]) == ((PASS, None) if source == "project" else (OPEN, "error"))


def test_only_what_rests_on_a_judgement_names_one(assess):
    assessment = assess()
    evaluate(assessment.begin(assessment.plan.get("5.1-5-2/a")), PASS)

    assert assessment.records[-1]["judgement"] is None
    assert 0 <= assessment.records[-1]["duration_s"] < 600


def test_an_interruption_is_no_verdict(assess):
    assessment = assess()
    with pytest.raises(KeyboardInterrupt), assessment.begin(assessment.plan.get("5.1-5-2/a")):
        raise KeyboardInterrupt

    assert [record["record"] for record in assessment.records] == ["start"]


def test_what_is_not_permitted_is_open_and_nothing_is_done(assess):
    assessment = assess(lambda content: content.update(permissions=[]))
    evaluate(assessment.begin(assessment.plan.get("5.1-5-2/b", "AuthMech-web")), PASS)

    record = assessment.records[-1]
    assert (record["verdict"], record["cause"], record["evidence"]) == (OPEN, "permission", [])
    assert "--etsi-allow=brute-force" in record["settle"]


def test_what_does_not_apply_is_decided_by_the_documents(assess):
    assessment = assess(lambda content: content["ixit"].update({"1-AuthMech": []}))
    evaluate(assessment.begin(assessment.plan.get("5.1-5-2/b")), PASS)

    record = assessment.records[-1]
    assert (record["verdict"], record["decided_by"]) == (NONE, "documents")
    assert record["reason"] == "1-AuthMech has no entries"


@pytest.mark.parametrize("verdict", [PASS, FAIL])
def test_a_missing_fact_gives_neither_pass_nor_fail(assess, verdict):
    assessment = assess(lambda content: content["ixit"]["1-AuthMech"].append({"ID": "AuthMech-vague"}))
    evaluate(
        assessment.begin(assessment.plan.get("5.1-5-2/b", "AuthMech-vague")), verdict, "no lock was seen"
    )

    record = assessment.records[-1]
    assert (record["verdict"], record["cause"]) == (OPEN, "information")
    assert record["reason"].startswith("open whether concerned: mechanisms that a network interface")
    assert ("no lock was seen" in record["reason"]) == (verdict is FAIL)


def test_a_judgement_settles_an_entry_whose_facts_do_not_tell(assess):
    def vague(content):
        content["ixit"]["1-AuthMech"].append({"ID": "AuthMech-vague"})

    fingerprint = assess(vague).plan.get("5.1-5-1/a", "AuthMech-vague").fingerprint

    def judged(content):
        vague(content)
        content["judgements"] = [judgement("5.1-5-1/a", fingerprint, "AuthMech-vague")]

    assessment = assess(judged)
    evaluate(assessment.begin(assessment.plan.get("5.1-5-1/a", "AuthMech-vague")), PASS)

    assert (assessment.records[-1]["verdict"], assessment.records[-1]["decided_by"]) == (PASS, "judgement")


def test_a_projects_own_evaluation_is_recorded_as_such(assess):
    assessment = assess()
    evaluate(assessment.begin_own("5.1-4-2/b", "AuthMech-web", "tests/test_own.py::test_it"), PASS)

    record = assessment.records[-1]
    assert (record["source"], record["verdict"], record["entry"]) == ("project", PASS, "AuthMech-web")
    assert assessment.plan.get("5.1-4-2/b", "AuthMech-web") in assessment.pending()


@pytest.mark.parametrize(
    ("unit", "entry", "error", "message"),
    [
        ("5.1-4-2/z", None, UnknownIdError, "5.1-4-2"),
        ("5.1-4-2/b", "AuthMech-wep", LookupError, "AuthMech-web"),
        ("5.1-5-2/a", "AuthMech-web", LookupError, "once"),
        ("5.2-2-1/a", "VulnTypes-1", LookupError, "no entries"),
    ],
)
def test_an_evaluation_of_what_there_is_not_is_refused(assess, unit, entry, error, message):
    with pytest.raises(error, match=message):
        assess().begin_own(unit, entry)


def test_no_secret_reaches_the_directory_of_the_results(assess, out):
    secret = "c0rrect-horse"

    def change(content):
        content["ics"]["5.2-2"] = {"support": "N", "detail": "the password is ${env:OWNER}"}

    assessment = assess(change, environ={"OWNER": secret})
    planned = assessment.plan.get("5.1-5-2/b", "AuthMech-web")
    assessment.identity("start", {"banner": f"welcome {secret}"})
    with assessment.begin(planned) as evaluation:
        evaluation.evidence.add(f"login as {secret}", {"password": secret})
        raise AssertionError(f"{secret} was accepted")
    assessment.close()

    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if secret.encode() in path.read_bytes() or secret in path.name]
    assert assessment.records[-2]["reason"] == f"{MASK} was accepted"


def test_what_a_device_says_cannot_steer_a_terminal(assess):
    assessment = assess()
    evaluate(
        assessment.begin(assessment.plan.get("5.1-5-2/a")), FAIL, "banner \x1b[2J\x07 \u202egnp " + "x" * 9999
    )

    reason = assessment.records[-1]["reason"]
    assert reason == "banner \\x1b[2J\\x07 \\x202egnp " + "x" * 9999
