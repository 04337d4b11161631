"""`pytest-etsi assess`: questions listed, answered from a file, and asked in a terminal."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from assess_terminal import Terminal
from camera_copy import camera_in
from forks import run_forked
from yaml_text import dumped, loaded

from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = ("5.4-1-1/a", "SecParam-DeviceToken")


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    """A copy of the camera's profile without the judgements of one unit."""
    copy = camera_in(tmp_path / "camera")
    path = copy / "judgements.yaml"
    kept = [one for one in loaded(path.read_text("utf-8")) if one["unit"] != TOKEN[0]]
    path.write_text("# kept by hand\n" + dumped(kept), encoding="utf-8")
    return copy


def run(*arguments: str | Path, status: int = 0) -> str:
    ended, said = run_forked("etsi", ["assess", *map(str, arguments)], timeout=600)
    assert ended == status, said
    return said


def states(camera: Path) -> dict[str | None, str]:
    plan = make_plan(load_profile(camera), load_units())
    return {one.entry: one.judgement for one in plan.for_unit(TOKEN[0])}


def answer(**changes: Any) -> dict[str, Any]:
    return {
        "unit": TOKEN[0],
        "entry": TOKEN[1],
        "verdict": "PASS",
        "assessor": "Jo Example",
        "date": "2026-11-26",
        "basis": "own-examination",
        "rationale": "A token that proves who the camera is has to stay secret.",
    } | changes


def given(camera: Path, *answers: dict[str, Any]) -> Path:
    path = camera.parent / "answers.json"
    path.write_text(json.dumps(list(answers), indent=1), encoding="utf-8")
    return path


def test_open_questions_are_listed_with_progress(camera: Path) -> None:
    lines = run(camera, "--only=5.4-1-1", "--list").splitlines()
    entries = len(load_profile(camera).ixit.sec_param)

    assert sum(line.startswith(f"{TOKEN[0]} ") for line in lines) == entries
    assert lines[-1].endswith(f"{entries} missing, 0 stale, 0 open")


def test_a_question_says_everything_that_is_needed_to_answer_it(camera: Path) -> None:
    content = json.loads(run(camera, "--only=5.4-1-1", "--list", "--json"))
    question = next(one for one in content["questions"] if one["entry"] == TOKEN[1])
    plan = make_plan(load_profile(camera), load_units())

    assert question["fingerprint"] == plan.get(*TOKEN).fingerprint
    assert {one["name"] for one in question["answers"]} >= {"10-SecParam/SecParam-DeviceToken: Type"}
    assert all(".yaml:" in one["where"] for one in question["answers"])
    assert question["state"] == "missing"


def test_answers_of_a_file_are_recorded_and_bound(camera: Path) -> None:
    run(camera, "--from", given(camera, answer()))

    assert states(camera)[TOKEN[1]] == "valid"
    assert (camera / "judgements.yaml").read_text("utf-8").startswith("# kept by hand\n")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fingerprint": "sha256:" + "0" * 64}, "has changed since"),
        ({"entry": "SecParam-Nothing"}, "has no entry"),
        ({"unit": "5.4-1-1/z"}, 'no unit "5.4-1-1/z"'),
        ({"rationale": ""}, "rationale"),
        ({"verdict": "FINE"}, "verdict"),
        ({"date": "soon"}, "date"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_its_line_and_nothing_is_recorded(
    camera: Path, changes: dict[str, Any], words: str
) -> None:
    before = (camera / "judgements.yaml").read_bytes()
    said = run(
        camera, "--from", given(camera, answer(), answer(**{"entry": "SecParam-TLSKey"} | changes)), status=4
    )

    assert words in said
    assert "answers.json:" in said
    assert (camera / "judgements.yaml").read_bytes() == before


def test_names_are_taken_with_commas_and_as_many_are_listed_as_are_counted(camera: Path) -> None:
    lines = run(camera, "--only=5.4-1-1,15-Intf", "--for=conceptual", "--list").splitlines()
    entries = len(load_profile(camera).ixit.sec_param)

    assert sum(" missing  " in line for line in lines) == entries
    answered, _, total = re.match(r"([0-9]+) (of) ([0-9]+) answered", lines[-1]).groups()
    assert int(total) - int(answered) == entries


def test_a_role_or_a_name_that_is_unknown_is_refused(camera: Path) -> None:
    assert "conceptual, network, bench" in run(camera, "--for=desk", "--list", status=2)
    assert "no such table or entry" in run(camera, "--only=5.4,Intf-UARD", "--list", status=2)


def test_an_answer_without_effect_is_refused(camera: Path) -> None:
    """The description is missing, so that the program refutes the unit whatever is judged."""
    path = camera / "ixit" / "10-SecParam.yaml"
    tables = loaded(path.read_text("utf-8"))
    next(one for one in tables["10-SecParam"] if one["ID"] == TOKEN[1])["Description"] = "tbd"
    path.write_text(dumped(tables), encoding="utf-8")

    said = run(camera, "--from", given(camera, answer()), status=4)

    assert "a judgement changes nothing" in said
    assert "nothing was recorded" in said


def test_an_answer_on_an_entry_is_taken_from_a_file_before_the_units_that_it_brings_in(camera: Path) -> None:
    path = camera / "ixit" / "15-Intf.yaml"
    tables = loaded(path.read_text("utf-8"))
    port = next(one for one in tables["15-Intf"] if one["ID"] == "Intf-UART")
    del port["facts"]["accessible"]
    path.write_text(dumped(tables), encoding="utf-8")
    unit = answer(unit="5.6-4-1/a", entry="Intf-UART")
    told = {key: value for key, value in answer(entry="Intf-UART").items() if key not in ("unit", "verdict")}
    told |= {"question": "15-Intf/accessible", "answer": "yes"}

    assert "15-Intf/accessible has to be answered first" in run(
        camera, "--from", given(camera, unit), status=4
    )
    assert "2 judgements recorded" in run(camera, "--from", given(camera, unit, told))
    plan = make_plan(load_profile(camera), load_units())
    assert plan.get("5.6-4-1/a", "Intf-UART").judgement == "valid"


def _without_a_fact(camera: Path) -> None:
    path = camera / "ixit" / "15-Intf.yaml"
    tables = loaded(path.read_text("utf-8"))
    del next(one for one in tables["15-Intf"] if one["ID"] == "Intf-UART")["facts"]["accessible"]
    path.write_text(dumped(tables), encoding="utf-8")


def test_an_answer_on_an_entry_counts_among_those_that_are_given(camera: Path) -> None:
    _without_a_fact(camera)
    only = "--only=Intf-UART"
    before = re.match(r"([0-9]+) of ([0-9]+) answered", run(camera, only, "--list").splitlines()[-1])
    told = {key: value for key, value in answer(entry="Intf-UART").items() if key not in ("unit", "verdict")}
    run(camera, "--from", given(camera, told | {"question": "15-Intf/accessible", "answer": "no"}))
    after = re.match(r"([0-9]+) of ([0-9]+) answered", run(camera, only, "--list").splitlines()[-1])
    elsewhere = run(camera, "--only=10-SecParam", "--list").splitlines()[-1]

    assert int(after[1]) >= int(before[1]) + 1
    assert int(after[2]) - int(after[1]) < int(before[2]) - int(before[1])
    assert elsewhere == run(camera, "--only=10-SecParam", "--list").splitlines()[-1]


def test_a_doubt_about_words_is_shown_to_the_assessor(camera: Path) -> None:
    """What a program reads as open in the words of an entry stands beside the question, with its sentence."""
    path = camera / "ixit" / "07-UpdMech.yaml"
    tables = loaded(path.read_text("utf-8"))
    tables["7-UpdMech"][0]["Security Guarantees"] += " Older signed packages are accepted as well."
    path.write_text(dumped(tables), encoding="utf-8")
    name = tables["7-UpdMech"][0]["ID"]
    content = json.loads(run(camera, "--only=5.3-2-1", "--list", "--json", "--all"))
    question = next(
        one for one in content["questions"] if one["entry"] == name and one["unit"] == "5.3-2-1/a"
    )

    assert "are older packages, with known weaknesses, still taken?" in json.dumps(question)
    assert "Older signed packages are accepted as well." in json.dumps(question)


def test_without_a_terminal_it_says_what_else_there_is(camera: Path) -> None:
    said = run(camera, status=1)

    assert "--list" in said
    assert "--from" in said


def test_a_person_answers_leaves_and_goes_on_later(camera: Path) -> None:
    first = Terminal("etsi", "assess", camera, "--only=5.4-1-1")
    try:
        first.expect("Who assesses")
        first.type("Jo Example, Example Laboratory")
        first.expect("1 of 10")
        first.expect("q quit\r\n> ")
        first.press("z")
        first.expect("z means nothing here")
        first.press("p")
        first.expect("Why?")
        first.type("ok")
        first.expect("Why?")
        first.type("Passwords are secret, so critical is right.")
        first.expect("2 of 10")
        first.expect("? q >")
        first.press("b")
        first.expect("1 of 10")
        first.expect("? q >")
        first.press("q")
        first.expect("1 answered")
    finally:
        first.close()
    kept = [entry for entry, state in states(camera).items() if state == "valid"]
    again = Terminal("etsi", "assess", camera, "--only=5.4-1-1", "--assessor=Jo Example")
    try:
        again.expect("1 of 9")
        shown = again.shown
    finally:
        again.close()

    assert kept == [next(iter(states(camera)))]
    assert f"10-SecParam/{kept[0]} " not in shown
