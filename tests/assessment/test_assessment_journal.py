"""The journal: whole lines survive, torn ones are left out, damage is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_etsi.assessment import journal as journal_module
from pytest_etsi.assessment.journal import Journal, JournalError, read

LINES = [{"record": "start", "n": 0}, {"record": "evaluation", "n": 1, "text": 'ü "quoted"\n\u2028'}]


def write(path, lines=LINES):
    with Journal(path) as journal:
        for line in lines:
            journal.append(line)


def test_what_was_appended_is_read_back(tmp_path):
    write(tmp_path / "record.jsonl")

    assert read(tmp_path / "record.jsonl") == LINES


def test_a_line_is_in_the_file_before_append_returns(tmp_path):
    with Journal(tmp_path / "record.jsonl") as journal:
        journal.append(LINES[0])

        assert read(tmp_path / "record.jsonl") == LINES[:1]


def test_a_line_is_synced_to_disk(tmp_path, monkeypatch):
    synced = []
    with Journal(tmp_path / "record.jsonl") as journal:
        real = os.fsync
        monkeypatch.setattr(
            os, "fsync", lambda handle: (synced.append(os.fstat(handle).st_size), real(handle))
        )
        journal.append(LINES[0])

    assert synced == [(tmp_path / "record.jsonl").stat().st_size]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.data())
def test_wherever_the_last_line_is_torn_the_lines_before_it_stay(tmp_path, data):
    path = tmp_path / "record.jsonl"
    path.unlink(missing_ok=True)
    write(path)
    content = path.read_bytes()
    first = content.index(b"\n") + 1
    path.write_bytes(content[: data.draw(st.integers(first, len(content) - 1))])

    assert read(path) == LINES[:1]


def test_going_on_after_a_torn_line_leaves_no_trace_of_it(tmp_path):
    path = tmp_path / "record.jsonl"
    write(path)
    path.write_bytes(path.read_bytes()[:-5])
    with Journal(path) as journal:
        assert journal.records == LINES[:1]
        journal.append({"record": "resume"})

    assert read(path) == [LINES[0], {"record": "resume"}]


@pytest.mark.parametrize("tail", [b"\0" * 100, b"\xff\xfe", b'{"rec\0\0\0\n'])
def test_what_a_crash_leaves_at_the_end_is_left_out(tmp_path, tail):
    path = tmp_path / "record.jsonl"
    write(path)
    path.write_bytes(path.read_bytes() + tail)

    assert read(path) == LINES


@pytest.mark.parametrize("tail", [b"[1]\n", b"not json\n", b"\n", b'{"record": "evaluation"}'])
def test_a_last_line_that_no_crash_leaves_is_an_error_with_its_number(tmp_path, tail):
    path = tmp_path / "record.jsonl"
    write(path)
    path.write_bytes(path.read_bytes() + tail)

    with pytest.raises(JournalError, match=r"record\.jsonl:3: the line .*is damaged"):
        read(path)


@pytest.mark.parametrize(
    "damage", [b"{\n", b"[1]\n", b"\n", b'{"n": 1}\n', b'{"record": 7}\n', b"\0\0\n", b"[" * 9999 + b"\n"]
)
def test_a_damaged_line_in_the_middle_is_an_error_with_its_number(tmp_path, damage):
    path = tmp_path / "record.jsonl"
    write(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + damage + lines[1])

    with pytest.raises(JournalError, match=r"record\.jsonl:2: the line is damaged"):
        read(path)


def test_a_damaged_journal_is_not_opened_for_writing(tmp_path):
    path = tmp_path / "record.jsonl"
    path.write_bytes(b"{\n" + json.dumps(LINES[0]).encode() + b"\n")
    before = path.read_bytes()

    with pytest.raises(JournalError):
        Journal(path)
    assert path.read_bytes() == before


def test_a_value_that_json_does_not_have_leaves_the_journal_as_it_was(tmp_path):
    with Journal(tmp_path / "record.jsonl") as journal:
        journal.append(LINES[0])
        with pytest.raises(TypeError):
            journal.append({"record": "evaluation", "x": object()})
        with pytest.raises(ValueError, match="JSON"):
            journal.append({"record": "evaluation", "x": float("nan")})

        assert read(tmp_path / "record.jsonl") == LINES[:1]


def test_a_write_that_fails_half_way_leaves_no_half_line(tmp_path, monkeypatch):
    path = tmp_path / "record.jsonl"
    with Journal(path) as journal:
        journal.append(LINES[0])
        real = os.write
        calls = iter([lambda handle, data: real(handle, data[:4])])

        def failing(handle, data):
            step = next(calls, None)
            if step is None:
                raise OSError(28, "No space left on device")
            return step(handle, data)

        monkeypatch.setattr(os, "write", failing)
        with pytest.raises(OSError, match="No space"):
            journal.append(LINES[1])
        monkeypatch.undo()
        journal.append(LINES[1])

    assert read(path) == LINES


def test_an_empty_file_is_an_empty_journal(tmp_path):
    (tmp_path / "record.jsonl").write_bytes(b"")

    assert read(tmp_path / "record.jsonl") == []


def test_closing_twice_does_nothing(tmp_path):
    journal = Journal(tmp_path / "record.jsonl")
    journal.close()
    journal.close()


@pytest.fixture
def synced(monkeypatch):
    """Numbers of lines that were on disk at each time the journal was brought there."""
    lines, fsync = [], os.fsync

    def counted(descriptor):
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.name == "record.jsonl":
            lines.append(path.read_bytes().count(b"\n"))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", counted)
    return lines


def test_a_line_about_the_device_takes_all_before_it_to_disk(tmp_path, synced):
    with Journal(tmp_path / "record.jsonl") as journal:
        for number in range(5):
            journal.append({"record": "evaluation", "n": number}, at_once=False)
        journal.append({"record": "evaluation", "n": 5})
        assert synced == [6]


def test_lines_about_documents_are_written_and_go_to_disk_together(tmp_path, synced, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(journal_module.time, "monotonic", lambda: clock[0])
    with Journal(tmp_path / "record.jsonl") as journal:
        for number in range(25):
            clock[0] += 0.03
            journal.append({"record": "evaluation", "n": number}, at_once=False)
            # A crash of this process loses none of them.
            assert len(read(tmp_path / "record.jsonl")) == number + 1
    assert synced == [4, 8, 12, 16, 20, 24, 25]


def test_the_last_lines_go_to_disk_before_the_device_is_touched_and_at_the_end(tmp_path, synced):
    journal = Journal(tmp_path / "record.jsonl")
    journal.append({"record": "evaluation"}, at_once=False)
    journal.sync()
    journal.append({"record": "evaluation"}, at_once=False)
    journal.close()
    journal.sync()

    assert synced == [1, 2]
