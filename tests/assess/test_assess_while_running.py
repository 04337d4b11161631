"""`--etsi-assess`: asked in a terminal while the run waits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from assess_terminal import Terminal
from camera_copy import camera_in
from forks import run_forked
from suite_runs import OURS
from yaml_text import dumped, loaded

if TYPE_CHECKING:
    from pathlib import Path

UNIT = "5.4-1-1/a"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with a copy of the camera's documents, without the judgements of one unit and without a device."""
    camera = camera_in(tmp_path / "camera")
    path = camera / "judgements.yaml"
    kept = [one for one in loaded(path.read_text("utf-8")) if one["unit"] != UNIT]
    path.write_text(dumped(kept), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return tmp_path


def _command(*options: str) -> list[str]:
    return [
        *OURS, "--etsi-profile=camera", "--etsi-suite=only", f"--etsi-only={UNIT}",
        "--etsi-assess", "--tb=no", *options,
    ]  # fmt: skip


def _verdicts(place: Path) -> list[tuple[str, str, str]]:
    results = json.loads((place / "etsi-results" / "results.json").read_text("utf-8"))
    found: list[dict[str, Any]] = [
        evaluation
        for group in results["groups"]
        for case in group["cases"]
        for unit in case["units"]
        for evaluation in unit["evaluations"]
        if evaluation["node"]
    ]
    return [
        (one["verdict"], one["decided_by"], (one["judgement"] or {}).get("assessor", "")) for one in found
    ]


@pytest.mark.parametrize("options", [(), ("-s",), ("--capture=sys",)], ids=["fd", "no", "sys"])
def test_what_is_answered_counts_in_this_run_and_is_recorded(place: Path, options: tuple[str, ...]) -> None:
    terminal = Terminal("pytest", *_command(*options), cwd=place)
    try:
        terminal.expect("Who assesses", 60)
        terminal.type("Jo Example")
        terminal.expect("Question 1 of 10")
        terminal.expect("q quit\r\n> ")
        terminal.press("p")
        terminal.expect("Why?")
        terminal.type("It opens everything.")
        terminal.expect("Question 2 of 10")
        terminal.expect("? q >")
        terminal.press("b")
        terminal.expect("goes forward only")
        terminal.expect("? q >")
        terminal.press("s")
        terminal.expect("Question 3 of 10")
        terminal.expect("? q >")
        terminal.press("f")
        terminal.expect("Why?")
        terminal.type("It is not described.")
        terminal.expect("Question 4 of 10")
        terminal.expect("? q >")
        terminal.press("q")
        terminal.expect("1 failed, 1 passed, 8 inconclusive", 60)
    finally:
        terminal.close()
    first, second, third, *others = _verdicts(place)

    assert first == ("PASS", "judgement", "Jo Example")
    assert second[0] == "INCONCLUSIVE"
    assert third == ("FAIL", "judgement", "Jo Example")
    assert {verdict for verdict, _, _ in others} == {"INCONCLUSIVE"}
    recorded = [
        one
        for one in loaded((place / "camera" / "judgements.yaml").read_text("utf-8"))
        if one["unit"] == UNIT
    ]
    assert [one["verdict"] for one in recorded] == ["PASS", "FAIL"]


def test_interrupting_keeps_what_was_answered(place: Path) -> None:
    terminal = Terminal("pytest", *_command(), cwd=place)
    try:
        terminal.expect("Who assesses", 60)
        terminal.type("Jo Example")
        terminal.expect("q quit\r\n> ")
        terminal.press("p")
        terminal.expect("Why?")
        terminal.type("It opens everything.")
        terminal.expect("Question 2 of 10")
        terminal.expect("? q > ")
        terminal.expect_reading()
        terminal.interrupt("Results:")
        terminal.expect("KeyboardInterrupt")
    finally:
        terminal.close()

    assert _verdicts(place)[0] == ("PASS", "judgement", "Jo Example")


@pytest.mark.parametrize(
    ("options", "words"),
    [((), "there is none; take answers by"), (("-n", "2"), "leave out -n and --dist")],
)
def test_where_nobody_can_be_asked_nothing_runs(place: Path, options: tuple[str, ...], words: str) -> None:
    status, said = run_forked("pytest", _command(*options), directory=place, timeout=600)

    assert status == 4, said
    assert words in said
    assert not (place / "etsi-results").exists()
