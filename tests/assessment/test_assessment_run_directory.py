"""A run: what is written when, and what an earlier one has left."""

from __future__ import annotations

import json

import pytest
from assessment_suites import evaluate, run_all

from pytest_etsi import Verdict
from pytest_etsi.assessment.journal import read
from pytest_etsi.assessment.run import BusyError

PASS = Verdict.PASS


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
