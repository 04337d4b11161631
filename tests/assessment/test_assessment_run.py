"""A run: what ends an evaluation, what is written when, and how an interrupted run goes on."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from assessment_documents import documents, judgement, load
from assessment_suites import evaluate, run_all, write_suite

from pytest_etsi import Cause, Inconclusive, NotApplicable, Verdict, Violation, inconclusive
from pytest_etsi.assessment import run
from pytest_etsi.assessment.journal import read
from pytest_etsi.assessment.run import Assessment, BusyError, ResumeError
from pytest_etsi.evidence import MASK
from pytest_etsi.standard import UnknownIdError
from pytest_etsi.verdict import outcome_of

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE


@pytest.fixture
def assess(tmp_path):
    opened = []

    def make(change=None, **options):
        content = documents()
        content["permissions"] = ["brute-force", "erase"]
        if change:
            change(content)
        profile = load(tmp_path, content, environ=options.pop("environ", {}))
        options.setdefault("suite", write_suite(tmp_path / "suite"))
        opened.append(Assessment(profile, output=tmp_path / "out", **options))
        return opened[-1]

    yield make
    for assessment in opened:
        assessment.abandon()


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


# What ends an evaluation ------------------------------------------------------------------------------


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


# Judgements -------------------------------------------------------------------------------------------

PAPER = ("5.1-5-1/a", "AuthMech-web")


def with_judgement(assess, **changes):
    fingerprint = assess().plan.get(*PAPER).fingerprint
    return assess(
        lambda content: content.update(judgements=[judgement(PAPER[0], fingerprint, PAPER[1]) | changes])
    )


@pytest.mark.parametrize(
    ("changes", "verdict", "cause"),
    [
        ({}, PASS, None),
        ({"verdict": "FAIL"}, FAIL, None),
        ({"verdict": "INCONCLUSIVE"}, OPEN, "judgement"),
        ({"fingerprint": ""}, OPEN, "judgement"),
    ],
)
@pytest.mark.parametrize("asks", [True, False])
def test_a_conceptual_unit_is_decided_by_its_judgement_whether_it_asks_or_not(
    assess, changes, verdict, cause, asks
):
    assessment = with_judgement(assess, **changes)
    with assessment.begin(assessment.plan.get(*PAPER)) as evaluation:
        if asks:
            evaluation.judgement.required()

    record = assessment.records[-1]
    assert (record["verdict"], record["cause"], record["decided_by"]) == (verdict, cause, "judgement")
    assert record["judgement"]["assessor"] == "A. Person"


def test_a_clean_conceptual_unit_without_judgement_is_open(assess):
    assessment = assess()
    evaluate(assessment.begin(assessment.plan.get(*PAPER)), PASS, "everything looks fine")

    assert (assessment.records[-1]["verdict"], assessment.records[-1]["cause"]) == (OPEN, "judgement")


def test_a_program_may_refute_what_a_person_has_confirmed(assess):
    assessment = with_judgement(assess)
    evaluate(assessment.begin(assessment.plan.get(*PAPER)), FAIL, "no prevention is documented")

    record = assessment.records[-1]
    assert (record["verdict"], record["decided_by"], record["judgement"]) == (FAIL, "program", None)


def test_what_the_program_saw_stands_beside_the_question(assess):
    assessment = assess()
    with assessment.begin(assessment.plan.get(*PAPER)) as evaluation:
        evaluation.judgement.required("two passages mention a PIN")

    settle = assessment.records[-1]["settle"]
    assert assessment.plan.get(*PAPER).fingerprint in settle
    assert settle.endswith("To be considered: two passages mention a PIN")


@pytest.mark.parametrize(
    ("changes", "verdict", "decided_by"),
    [
        ({"verdict": "FAIL"}, FAIL, "judgement"),
        ({"verdict": "INCONCLUSIVE"}, OPEN, "judgement"),
        ({"verdict": "FAIL", "fingerprint": ""}, PASS, "program"),
        ({}, PASS, "program"),
    ],
)
def test_a_program_does_not_overrule_a_person_who_has_found_something(assess, changes, verdict, decided_by):
    unit = "5.1-5-2/a"
    fingerprint = assess().plan.get(unit).fingerprint
    assessment = assess(
        lambda content: content.update(judgements=[judgement(unit, fingerprint, None) | changes])
    )
    evaluate(assessment.begin(assessment.plan.get(unit)), PASS)

    assert (assessment.records[-1]["verdict"], assessment.records[-1]["decided_by"]) == (verdict, decided_by)


def test_nothing_to_be_considered_is_not_mentioned(assess):
    assessment = assess()
    with assessment.begin(assessment.plan.get(*PAPER)) as evaluation:
        evaluation.judgement.required(())

    assert "To be considered" not in assessment.records[-1]["settle"]


# A project's own tests --------------------------------------------------------------------------------


def test_a_projects_own_evaluation_is_recorded_as_such(assess):
    assessment = assess()
    evaluate(assessment.begin_own("5.1-4-2/b", "AuthMech-web", "tests/test_own.py::test_it"), PASS)

    record = assessment.records[-1]
    assert (record["source"], record["verdict"], record["entry"]) == ("project", PASS, "AuthMech-web")
    assert assessment.is_own_done("5.1-4-2/b", "AuthMech-web", "tests/test_own.py::test_it")


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


# Secrets ----------------------------------------------------------------------------------------------


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
    assert reason.startswith("banner \\x1b[2J\\x07 \\x202egnp x")
    assert len(reason) < 2100


# The directory ----------------------------------------------------------------------------------------


def test_nothing_is_written_before_the_run_starts(assess, out):
    assess()

    assert not out.exists()


def test_a_new_run_keeps_what_an_earlier_one_has_left(assess, out):
    for _ in range(3):
        assessment = assess()
        run_all(assessment)
        assessment.close()

    earlier = sorted((out / "earlier").iterdir())
    assert len(earlier) == 2
    for place in earlier:
        started = read(place / "record.jsonl")[0]["started"]
        assert place.name.startswith(started.replace(":", "-"))
        assert json.loads((place / "results.json").read_text())["started"] == started
        assert list((place / "evidence").rglob("*.json"))


@pytest.mark.parametrize("content", [b"", b"\0\0", b'{"record": "sta', b"garbage\nmore\n"])
def test_a_new_run_also_keeps_what_cannot_be_read(assess, out, content):
    out.mkdir()
    (out / "record.jsonl").write_bytes(content)
    assess().start()

    (place,) = (out / "earlier").iterdir()
    assert (place / "record.jsonl").read_bytes() == content


def test_files_of_others_stay_where_they_are(assess, out):
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    assess().close()

    assert (out / "notes.txt").read_text() == "mine"
    assert not (out / "earlier").exists()


def test_two_runs_do_not_share_a_directory(assess):
    first = assess()
    first.start()
    with pytest.raises(BusyError, match="another run"):
        assess().start()
    first.close()

    assess().start()


def test_the_start_names_tools_documents_and_permissions(assess, out):
    assess(only=["5.1"]).start()

    first = read(out / "record.jsonl")[0]
    assert first["tool"]["name"] == "pytest-etsi"
    assert {"cryptography", "httpx", "paramiko"} <= set(first["tool"]["libraries"])
    assert (first["selection"], first["permissions"]) == (["5.1"], ["brute-force", "erase"])
    assert first["dut"] == {"manufacturer": "Example", "model": "Lamp", "hardware": "A", "software": "1.0"}


def test_the_identity_at_start_and_end_is_in_the_results(assess):
    assessment = assess()
    assessment.identity("start", {"software": "1.0"})
    assessment.identity("end", {"software": "1.1"})
    results = assessment.close()

    assert (results["dut_at_start"], results["dut_at_end"]) == ({"software": "1.0"}, {"software": "1.1"})


def test_a_helper_process_writes_no_journal(assess, out):
    worker = assess(writes=False)
    evaluation = worker.begin(worker.plan.get("5.1-5-2/a"), "etsi/x")
    evaluate(evaluation, PASS)
    assert not (out / "record.jsonl").exists()
    main = assess()
    main.record(evaluation.record)

    assert [record["record"] for record in read(out / "record.jsonl")] == ["start", "evaluation"]


def test_a_record_of_another_device_is_refused(assess):
    assessment = assess()
    evaluation = assessment.begin(assessment.plan.get("5.1-5-2/a"))
    evaluate(evaluation, PASS)

    with pytest.raises(ValueError, match="'kettle'"):
        assessment.record(evaluation.record | {"device": "kettle"})


def test_closing_twice_gives_the_same(assess):
    assessment = assess()

    assert assessment.close() is assessment.close()


# Going on ---------------------------------------------------------------------------------------------


def test_only_what_is_left_is_pending(assess):
    first = assess()
    everything = first.pending()
    for planned in everything[:3]:
        evaluate(first.begin(planned), PASS)
    first.abandon()
    second = assess(resume=True)

    assert second.pending() == everything[3:]
    assert second.is_done(everything[0])
    assert not second.is_done(everything[3])


def test_a_helper_process_knows_what_is_done(assess):
    first = assess()
    planned = first.plan.get("5.1-5-2/a")
    evaluate(first.begin(planned), PASS)
    worker = assess(resume=True, writes=False)

    assert worker.is_done(planned)
    assert not worker.is_done(first.plan.get("4-1-1/a"))


def test_resuming_where_there_is_nothing_starts_a_run(assess, out):
    assess(resume=True).start()

    assert [record["record"] for record in read(out / "record.jsonl")] == ["start"]


def test_a_finished_run_can_be_resumed_and_comes_out_the_same(assess):
    first = assess()
    run_all(first)
    before = first.close()
    again = assess(resume=True)
    run_all(again)

    assert without_times(again.close()) == without_times(before)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda c: c["ixit"]["1-AuthMech"].pop(), {}, "the documents"),
        (
            lambda c: c["dut"].update(software="1.1"),
            {},
            r"the device in the profile \(.*1\.0 then, .*1\.1 now\)",
        ),
        (
            lambda c: c.update(permissions=["erase"]),
            {},
            r"the permissions \(brute-force, erase then, erase now\)",
        ),
        (None, {"allow": ["fuzz"]}, "the permissions"),
        (None, {"only": ["5.1"]}, r"the selection \(none then, 5\.1 now\)"),
    ],
)
def test_another_run_is_not_resumed_and_nothing_is_touched(assess, out, change, options, message):
    first = assess()
    evaluate(first.begin(first.plan.get("5.1-5-2/a")), PASS)
    first.abandon()
    before = contents(out)

    with pytest.raises(ResumeError, match=message):
        assess(change, resume=True, **options).start()
    assert contents(out) == before


def test_a_run_of_another_suite_is_not_resumed(assess, tmp_path):
    assess().start()
    (tmp_path / "suite" / "test_more.py").write_text("# a new module")
    changed = Assessment(
        assess().profile, output=tmp_path / "out", suite=tmp_path / "suite", resume=True, functions={}
    )
    for other in (tmp_path / "out").glob(".lock"):
        other.unlink()

    with pytest.raises(ResumeError, match="the test modules"):
        changed.start()


def test_a_run_of_another_version_of_the_tool_is_not_resumed(assess, monkeypatch):
    first = assess()
    first.start()
    first.abandon()
    monkeypatch.setattr(run, "__version__", "99.0")

    with pytest.raises(ResumeError, match=r"the version of pytest-etsi \(.* then, 99\.0 now\)"):
        assess(resume=True).start()


def test_another_device_is_noticed(assess):
    first = assess()
    first.identity("start", {"verified": True, "observed": {"serial": "L-1", "mac": None}, "detail": "a"})
    first.abandon()
    second = assess(resume=True)
    second.identity("start", {"verified": None, "observed": {}, "detail": "not reachable"})
    second.identity("start", {"verified": True, "observed": {"serial": "L-1", "mac": "x"}, "detail": "b"})

    with pytest.raises(ResumeError, match=r"serial \(L-1 then, L-2 now\)"):
        second.identity("start", {"verified": True, "observed": {"serial": "L-2"}})


def test_a_damaged_journal_is_not_resumed_and_the_line_is_named(assess, out):
    first = assess()
    run_all(first)
    first.abandon()
    lines = (out / "record.jsonl").read_bytes().splitlines(keepends=True)
    (out / "record.jsonl").write_bytes(b"".join([*lines[:2], b"{oops\n", *lines[2:]]))
    before = contents(out)

    with pytest.raises(ResumeError, match=r"record\.jsonl:3: the line is damaged"):
        assess(resume=True).start()
    assert contents(out) == before


def test_a_journal_without_beginning_is_not_resumed(assess, out):
    first = assess()
    run_all(first)
    first.abandon()
    lines = (out / "record.jsonl").read_bytes().splitlines(keepends=True)
    (out / "record.jsonl").write_bytes(b"".join(lines[1:]))

    with pytest.raises(ResumeError, match="no beginning"):
        assess(resume=True).start()


# Killed -----------------------------------------------------------------------------------------------


def contents(directory):
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def without_times(value):
    times = {"started", "finished", "created", "duration_s"}
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in times}
    return [without_times(item) for item in value] if isinstance(value, list) else value


def start(directory, when=0, *, resume=True):
    script = Path(__file__).with_name("interrupted_run.py")
    arguments = [sys.executable, str(script), str(directory), str(when), *(["resume"] if resume else [])]
    return subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def lamp(tmp_path_factory):
    """A profile and a suite, and the results of a run of them that nothing has interrupted."""
    directory = tmp_path_factory.mktemp("lamp")
    content = documents()
    content["permissions"] = ["brute-force", "erase"]
    (directory / "lamp.yaml").write_text(yaml.safe_dump(content))
    write_suite(directory / "suite")
    finished = start(directory)
    assert finished.returncode == 0, finished.stderr
    whole = json.loads((directory / "out/results.json").read_text())
    (directory / "out").rename(directory / "whole")
    return SimpleNamespace(
        directory=directory, whole=without_times(whole), files=evidence(directory / "whole")
    )


def evidence(out):
    return {name: data for name, data in contents(out).items() if name.startswith("evidence/")}


PLACES = 7 * 4
"""Seven automated evaluations with three places each, and a torn line each."""


@pytest.mark.parametrize("seed", range(6))
def test_a_run_that_is_killed_and_resumed_comes_out_as_one_that_was_not(lamp, seed):
    cuts = random.Random(seed)
    out = lamp.directory / "out"
    killed = 0
    for _ in range(12):
        ended = start(lamp.directory, cuts.randint(1, PLACES // 2))
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        killed += 1
        assert not (out / "results.json").exists()
    else:
        assert start(lamp.directory).returncode == 0

    assert killed, "the run was never interrupted"
    assert without_times(json.loads((out / "results.json").read_text())) == lamp.whole
    kept = {name: data for name, data in evidence(out).items() if "/interrupted/" not in name}
    assert kept == lamp.files
    out.rename(lamp.directory / f"out-{seed}")


def test_an_uninterrupted_run_has_every_verdict_that_the_test_is_about(lamp):
    counts = lamp.whole["counts_by"]["evaluations"]

    assert counts["PASS"] >= 2
    assert counts["FAIL"] == 1
    assert counts["INCONCLUSIVE"] >= 2
    assert len(lamp.files) >= 10
