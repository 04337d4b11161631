"""A run that was interrupted, or killed, and goes on."""

from __future__ import annotations

import json
import os
import random
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from assessment_documents import documents, judgement
from assessment_suites import evaluate, run_all, write_suite
from forks import run_forked

from pytest_etsi import Verdict
from pytest_etsi.assessment import tool
from pytest_etsi.assessment.journal import read
from pytest_etsi.assessment.run import Assessment, ResumeError

PASS = Verdict.PASS


def test_only_what_is_left_is_pending(assess):
    first = assess()
    everything = first.pending()
    for planned in everything[:3]:
        evaluate(first.begin(planned), PASS)
    first.abandon()
    second = assess(resume=True)

    assert second.pending() == everything[3:]


def test_a_helper_process_knows_what_is_done(assess):
    first = assess()
    planned = first.plan.get("5.1-5-2/a")
    evaluate(first.begin(planned), PASS)
    worker = assess(resume=True, writes=False)

    assert planned not in worker.pending()
    assert first.plan.get("4-1-1/a") in worker.pending()


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
            lambda c: c["judgements"].append(judgement("5.1-5-2/b", "sha256:" + "0" * 64, "AuthMech-web")),
            {},
            "the documents",
        ),
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
    monkeypatch.setattr(tool, "__version__", "99.0")

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


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines[:2], *lines[3:]],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [*lines[:2], lines[1], *lines[2:]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [line.replace(b'"PASS"', b'"FAIL"') for line in lines],
        lambda lines: [line.replace(b"5.1", b"5.2") for line in lines],
        lambda lines: [line[:-1] + b"\r\n" for line in lines],
    ],
    ids=[
        "removed",
        "swapped",
        "doubled",
        "the last doubled",
        "verdicts edited",
        "units edited",
        "line ends edited",
    ],
)
def test_lines_that_are_not_as_they_were_written_are_not_resumed(assess, out, change):
    first = assess()
    run_all(first)
    first.abandon()
    lines = (out / "record.jsonl").read_bytes().splitlines(keepends=True)
    changed = change(lines)
    assert changed != lines
    (out / "record.jsonl").write_bytes(b"".join(changed))
    before = contents(out)

    with pytest.raises(ResumeError, match=r"record\.jsonl:\d+: the line .*is damaged"):
        assess(resume=True).start()
    assert contents(out) == before


@pytest.mark.parametrize("change", ["altered", "renamed", "removed", "added"])
def test_evidence_that_is_not_as_it_was_written_is_known_after_a_resume(assess, out, change):
    first = assess()
    evaluate(first.begin(first.plan.get("5.1-5-2/a")), PASS)
    first.abandon()
    (file,) = (out / "evidence").glob("5.1-5-2_a/**/*.json")
    if change == "altered":
        file.write_text(file.read_text().replace("5.1", "5.2"))
    elif change == "renamed":
        file.rename(file.with_name("02-seen.json"))
    elif change == "removed":
        file.unlink()
    else:
        file.with_name("02-more.json").write_text("{}")
    results = assess(resume=True).close()

    if change == "added":
        # Nothing rests on it; what a run that was cut short has left looks the same, and is set aside.
        assert results["integrity"] == []
    else:
        assert [one["unit"] for one in results["integrity"]] == ["5.1-5-2/a"]
    if change in ("renamed", "added"):
        assert [path.name for path in (out / "evidence" / "interrupted").rglob("*.json")]


def test_a_journal_without_beginning_is_not_resumed(assess, out):
    first = assess()
    run_all(first)
    first.abandon()
    lines = (out / "record.jsonl").read_bytes().splitlines(keepends=True)
    (out / "record.jsonl").write_bytes(b"".join(lines[1:]))

    with pytest.raises(ResumeError, match="no beginning"):
        assess(resume=True).start()


def contents(directory):
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def without_times(value):
    # The record of the results holds a hash over times.
    times = {"started", "finished", "created", "duration_s", "record"}
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in times}
    return [without_times(item) for item in value] if isinstance(value, list) else value


def start(directory, when=0, *, resume=True):
    script = Path(__file__).with_name("interrupted_run.py")
    arguments = [str(script), str(directory), str(when), *(["resume"] if resume else [])]
    return run_forked("script", arguments, timeout=600)


@pytest.fixture(scope="module")
def lamp(tmp_path_factory):
    """A profile and a suite, and the results of a run of them that nothing has interrupted."""
    directory = tmp_path_factory.mktemp("lamp")
    content = documents()
    content["permissions"] = ["brute-force", "erase"]
    (directory / "lamp.yaml").write_text(yaml.safe_dump(content))
    write_suite(directory / "suite")
    status, said = start(directory)
    assert status == 0, said
    whole = json.loads((directory / "out/results.json").read_text())
    (directory / "out").rename(directory / "whole")
    return SimpleNamespace(
        directory=directory, whole=without_times(whole), files=evidence(directory / "whole")
    )


def evidence(out):
    return {name: data for name, data in contents(out).items() if name.startswith("evidence/")}


PLACES = 7 * 4
"""Seven automated evaluations with three places each, and a torn line each."""


@pytest.mark.parametrize("seed", range(int(os.environ.get("ETSI_KILLS", "6"))))
def test_a_run_that_is_killed_and_resumed_comes_out_as_one_that_was_not(lamp, seed):
    cuts = random.Random(seed)
    out = lamp.directory / "out"
    killed = 0
    for _ in range(12):
        status, said = start(lamp.directory, cuts.randint(1, PLACES // 2))
        if status == 0:
            break
        assert status == -signal.SIGKILL, said
        killed += 1
        assert not (out / "results.json").exists()
    else:
        status, said = start(lamp.directory)
        assert status == 0, said

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
