"""A record that somebody changed is not resumed, and the line and its unit are named."""

from __future__ import annotations

import pytest
from assessment_suites import run_all
from record_files import change_line, edit, forge, number_of

from pytest_etsi import Verdict
from pytest_etsi.assessment.run import ResumeError


@pytest.fixture
def record(assess, out):
    """The record of a run that was cut short after its evaluations; 5.1-5-2/a is a FAIL, the last line a PASS."""
    assessment = assess()
    run_all(assessment, {"5.1-5-2/a": Verdict.FAIL})
    assessment.abandon()
    return out / "record.jsonl"


def refused(assess, record):
    """Why a resume is refused; nothing is touched by it."""
    before = record.read_bytes()
    with pytest.raises(ResumeError) as caught:
        assess(resume=True).start()
    assert record.read_bytes() == before
    return str(caught.value)


def test_the_record_that_nobody_changed_is_resumed(assess, record):
    assessment = assess(resume=True)
    run_all(assessment)

    assert assessment.close()["counts_by"]["evaluations"]["FAIL"] == 1


def test_a_fail_that_was_edited_to_pass_is_not_believed(assess, record):
    number = number_of(record, "5.1-5-2/a")
    change_line(record, number, b'"verdict": "FAIL"', b'"verdict": "PASS"')

    message = refused(assess, record)
    assert f"record.jsonl:{number}: the line of 5.1-5-2/a is damaged: it was changed" in message


def test_an_edited_last_line_is_not_believed(assess, record):
    number = len(record.read_bytes().splitlines())
    change_line(record, number, b'"verdict": "PASS"', b'"verdict": "FAIL"')

    assert f"record.jsonl:{number}: the line of " in refused(assess, record)


def test_an_edited_last_line_without_its_end_is_not_taken_for_a_torn_one(assess, record):
    number = len(record.read_bytes().splitlines())
    change_line(record, number, b'"verdict": "PASS"', b'"verdict": "FAIL"')
    record.write_bytes(record.read_bytes().rstrip(b"\n"))

    assert f"record.jsonl:{number}: " in refused(assess, record)


def test_an_edited_beginning_is_not_believed(assess, record):
    change_line(record, 1, b'"format": 1, "started": "2', b'"format": 1, "started": "1')

    assert "record.jsonl:1: the line of start is damaged" in refused(assess, record)


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_dropped_line_is_noticed_at_the_one_after_it(assess, record, number):
    edit(record, lambda lines: lines.pop(number - 1))

    message = refused(assess, record)
    assert f"record.jsonl:{number}: the line of " in message
    assert "something was left out, put in or moved" in message


def test_a_line_that_is_there_twice_is_noticed(assess, record):
    edit(record, lambda lines: lines.insert(3, lines[2]))

    assert "record.jsonl:4: the line of " in refused(assess, record)


def test_swapped_lines_are_noticed(assess, record):
    def swap(lines):
        lines[1], lines[2] = lines[2], lines[1]

    edit(record, swap)

    assert "record.jsonl:2: the line of " in refused(assess, record)


def test_a_line_of_another_run_is_noticed(assess, record, out):
    other = out.parent / "other.jsonl"
    record.rename(other)
    assessment = assess()
    run_all(assessment)
    assessment.abandon()
    number = number_of(record, "5.1-5-2/a")
    theirs = other.read_bytes().splitlines(keepends=True)[number - 1]
    edit(record, lambda lines: lines.__setitem__(number - 1, theirs))

    assert f"record.jsonl:{number}: the line of 5.1-5-2/a is damaged" in refused(assess, record)


def test_a_record_that_is_shorter_than_its_results_is_noticed(assess, record, out):
    finished = assess(resume=True)
    run_all(finished)
    finished.close()
    edit(record, lambda lines: lines.__delitem__(slice(3, None)))

    assert "record.jsonl:3: the record ends here, but" in refused(assess, record)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda line: line.update(evidence=3), "evidence: expected list, got 3"),
        (lambda line: line.update(evidence=["a"]), "evidence.0: expected "),
        (lambda line: line["evidence"][0].pop("sha256"), "evidence.0.sha256: expected, but it is not there"),
        (lambda line: line["evidence"][0].update(file="/etc/passwd"), "evidence.0.file: "),
        (lambda line: line["evidence"][0].update(size="9"), "evidence.0.size: expected integer, got '9'"),
        (lambda line: line.pop("source"), "source: expected, but it is not there"),
        (
            lambda line: line.update(source="elsewhere"),
            "source: expected 'suite' or 'project', got 'elsewhere'",
        ),
        (lambda line: line.update(entry=["AuthMech-web"]), "entry: expected string, got ['AuthMech-web']"),
        (lambda line: line.update(verdict="MAYBE"), "verdict: expected 'PASS', 'FAIL', 'INCONCLUSIVE' or"),
        (lambda line: line.update(verdict=["PASS"]), "verdict: expected 'PASS', 'FAIL', 'INCONCLUSIVE' or"),
        (lambda line: line.update(verdict="INCONCLUSIVE", cause="mood"), "cause: expected 'judgement', "),
        (lambda line: line.update(verdict="INCONCLUSIVE"), "cause: expected one of INCONCLUSIVE"),
        (lambda line: line.update(cause="bench"), "cause: expected one of INCONCLUSIVE"),
        (lambda line: line.update(findings={"a": 1}), "findings: expected list"),
        (lambda line: line.update(findings=["a"]), "findings.0: expected "),
        (lambda line: line.update(judgement="yes"), "judgement: expected "),
        (lambda line: line.update(reason=None), "reason: expected string, got None"),
        (lambda line: line.update(duration_s=float("nan")), "NaN is no number of JSON"),
        (lambda line: line.update(duration_s=-1), "duration_s: expected greater than or equal to 0, got -1"),
        (lambda line: line.update(started="yesterday"), "started: "),
        (lambda line: line.update(unit=7), "unit: expected string, got 7"),
        (lambda line: line.update(unit="9.9-9-9/z"), "9.9-9-9/z"),
        (lambda line: line.update(entry="AuthMech-none"), "expected an evaluation that was planned"),
        (lambda line: line.update(unit="9.9-9-9/z", source="project"), "9.9-9-9/z"),
        (lambda line: line.update(device="kettle"), "expected the device 'lamp', got 'kettle'"),
        (
            lambda line: line.update(record="verdict"),
            "record: expected one of 'start', 'identity', 'evaluation'",
        ),
        (lambda line: line.update(record=["evaluation"]), 'expected an object with a text "record"'),
        (lambda line: line.update(more=nested(100)), "nested at most 60 deep"),
        (lambda line: line.update(more="\ud800"), "expected Unicode text"),
    ],
)
def test_what_a_line_cannot_hold_is_named_even_if_its_hash_fits(assess, record, change, expected):
    number = number_of(record, "5.1-5-2/a")
    forge(record, lambda lines: change(lines[number - 1]))

    message = refused(assess, record)
    assert f"record.jsonl:{number}: the line " in message
    assert expected in message


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda line: line.update(tool=[]), "tool: expected dictionary, got []"),
        (lambda line: line.update(profile="lamp"), "profile: expected dictionary, got 'lamp'"),
        (lambda line: line.update(format=2), "format: expected 1, got 2"),
        (lambda line: line.update(permissions={"erase": True}), "permissions: expected list"),
        (lambda line: line.pop("plan"), "plan: expected, but it is not there"),
    ],
)
def test_what_a_beginning_cannot_hold_is_named(assess, record, change, expected):
    forge(record, lambda lines: change(lines[0]))

    message = refused(assess, record)
    assert "record.jsonl:1: the line of start is damaged" in message
    assert expected in message


@pytest.mark.parametrize("observed", [None, [], {"observed": "L-1"}])
def test_what_an_identity_cannot_hold_is_named(assess, record, observed):
    line = {"record": "identity", "when": "start", "at": "2026-01-01T00:00:00.000Z", "evidence": []}
    forge(record, lambda lines: lines.insert(1, line | {"observed": observed}))

    assert "record.jsonl:2: the line of identity is damaged: observed" in refused(assess, record)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "expected an object of JSON"),
        (b'{"record": ' + b"9" * 10_000 + b"}", "expected an object of JSON"),
        (b'"evaluation"', "expected an object"),
        (b"null", "expected an object"),
        (b'{"record": "resume", "at": 1e999}', "expected numbers that are finite"),
        (b'{"record": "finish", "record": "resume"}', "the key 'record' is there twice"),
    ],
    ids=["deep", "long", "text", "null", "infinite", "double"],
)
@pytest.mark.parametrize("place", [1, -1])
def test_what_is_no_line_at_all_is_named_and_ends_in_no_traceback(assess, record, text, expected, place):
    edit(record, lambda lines: lines.__setitem__(place, text + b"\n"))
    number = 2 if place == 1 else len(record.read_bytes().splitlines())

    message = refused(assess, record)
    assert f"record.jsonl:{number}: the line " in message
    assert expected in message


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value
