"""Prose without facts, as it comes from a manufacturer's form: no truthful answer is refuted in whatever words."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
from yaml_text import dumped, loaded

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Verdict

SETS = ("answers", "second-hand")
ANSWERS: list[dict[str, Any]] = [
    {"set": name, **answer}
    for name in SETS
    for answer in loaded(
        Path(__file__).parent.joinpath("data", "prose", f"{name}.yaml").read_text(encoding="utf-8")
    )
]
CATALOGUE = edition("1.1.1")
CAMERA = Path(__file__).parents[1] / "device_profiles" / "virtual-camera"


def _profile(tables: dict[str, Any]) -> Profile:
    empty: dict[str, Any] = {table.id: {} if table.single else [] for table in CATALOGUE.tables}
    content = {
        "format": 1,
        "name": "answers",
        "edition": "1.1.1",
        "dut": {"manufacturer": "Example", "model": "Any", "hardware": "A", "software": "1"},
        "ics": {
            provision.id: {"support": "Y", "detail": "As the IXIT says."}
            for provision in CATALOGUE.provisions
            if provision.id != "4-1"
        },
        "ixit": empty | tables,
    }
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "answers.yaml")
        path.write_text(dumped(content), encoding="utf-8")
        return load_profile(path)


def _refuted(profile: Profile, table: str, fields: tuple[str, ...] = ()) -> set[str]:
    """The conceptual units that an answer of the table fails: those of its entry, or those that read its field."""
    units = [
        unit.id
        for unit in CATALOGUE.units
        if not unit.functional
        and (
            unit.iterates == table or (unit.iterates is None and set(fields) & set(unit.reads.get(table, ())))
        )
    ]
    if not units:  # none reads the field; to select nothing is to select everything
        return set()
    return {
        planned.unit.id
        for planned in make_plan(profile, load_units(), only=units).evaluations
        if examine(profile, planned).outcome.verdict is Verdict.FAIL
    }


def _of(answer: dict[str, Any]) -> tuple[Profile, str, tuple[str, ...]]:
    table, fields = answer["table"], answer["fields"]
    single = next(known.single for known in CATALOGUE.tables if known.id == table)
    entry = copy.deepcopy(fields) if single else [{"ID": "one", **copy.deepcopy(fields)}]
    return _profile({table: entry} | answer.get("also", {})), table, tuple(fields) if single else ()


def _label(answer: dict[str, Any]) -> str:
    return f"{answer['set']} {answer['table']} {answer['device']}: {answer['why']}"


def test_there_are_enough_answers_of_enough_devices() -> None:
    good = [answer for answer in ANSWERS if answer["quality"] == "good"]

    second = [answer["quality"] for answer in ANSWERS if answer["set"] == "second-hand"]

    assert len(ANSWERS) >= 60
    assert second.count("good") >= 28
    assert second.count("bad") >= 12
    assert len(good) >= 30
    assert {answer["device"] for answer in ANSWERS} >= {"camera", "plug", "lock", "hub", "toy", "sensor"}


@pytest.mark.parametrize("answer", [one for one in ANSWERS if one["quality"] == "good"], ids=_label)
def test_a_truthful_answer_is_never_refuted(answer: dict[str, Any]) -> None:
    assert _refuted(*_of(answer)) == set()


@pytest.mark.parametrize("answer", [one for one in ANSWERS if one["quality"] == "bad"], ids=_label)
def test_a_bad_answer_is_refuted_where_a_program_safely_can(answer: dict[str, Any]) -> None:
    assert _refuted(*_of(answer)) >= set(answer["refutes"])


def test_a_whole_set_of_documents_without_facts_is_not_refuted(tmp_path: Path) -> None:
    tables: dict[str, Any] = {}
    for path in sorted((CAMERA / "ixit").glob("*.yaml")):
        tables |= loaded(path.read_text(encoding="utf-8").replace("${virtual:", "$${virtual:"))
    for entries in tables.values():
        for entry in entries if isinstance(entries, list) else [entries]:
            entry.pop("facts", None)
            entry.pop("access", None)
    profile = _profile(tables)
    failed = {
        planned.key: examine(profile, planned).outcome.reason
        for planned in make_plan(profile, load_units()).evaluations
        if not planned.unit.functional and examine(profile, planned).outcome.verdict is Verdict.FAIL
    }

    assert failed == {}
