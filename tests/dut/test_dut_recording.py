"""Observations on their way into evidence."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_etsi.dut.reach.recording import Recorder


class _Sink:
    def __init__(self) -> None:
        self.kept: list[tuple[str, Any]] = []

    def add(self, name: str, content: Any) -> None:
        self.kept.append((name, content))


def _attached(recorder: Recorder) -> _Sink:
    sink = _Sink()
    recorder.attach(sink)
    return sink


def test_what_is_done_once_is_evidence_of_each_evaluation_that_asks():
    recorder, calls = Recorder(), []

    def look() -> int:
        calls.append(1)
        recorder.observed("seen", "a lamp")
        return 7

    for _ in range(2):
        sink = _attached(recorder)

        assert recorder.once("lamp", look) == 7
        assert sink.kept == [("seen", "a lamp")]
    assert len(calls) == 1


def test_two_things_that_are_done_once_are_told_apart_by_their_keys():
    recorder = Recorder()

    assert [recorder.once("a", lambda: 1), recorder.once("b", lambda: 2), recorder.once("a", lambda: 3)] == [
        1,
        2,
        1,
    ]


def test_evidence_is_handed_on_when_all_is_done_so_that_nothing_interrupts_it():
    recorder = Recorder()
    sink = _attached(recorder)

    def change() -> None:
        recorder.observed("changed", True)
        assert not sink.kept
        recorder.observed("changed back", True)

    recorder.once("change", change)

    assert sink.kept == [("changed", True), ("changed back", True)]


def test_what_fails_leaves_its_evidence_and_is_tried_anew():
    recorder = Recorder()
    sink = _attached(recorder)

    def fail() -> None:
        recorder.observed("tried", 1)
        raise OSError

    with pytest.raises(OSError):
        recorder.once("lamp", fail)

    assert recorder.once("lamp", lambda: "lit") == "lit"
    assert sink.kept == [("tried", 1)]


def test_what_is_done_once_within_another_is_evidence_of_both():
    recorder = Recorder()

    def inner() -> None:
        recorder.observed("inner", 1)

    def outer() -> None:
        recorder.once("inner", inner)
        recorder.observed("outer", 2)

    for _ in range(2):
        sink = _attached(recorder)
        recorder.once("outer", outer)

        assert sink.kept == [("inner", 1), ("outer", 2)]
