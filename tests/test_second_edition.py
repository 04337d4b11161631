"""The suite in edition 2.1.1: what is the same comes to the same, and nothing breaks on a table's other name."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from second_edition import write_second_edition
from suite_runs import run_suite

import pytest_etsi
from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import by_unit, load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pytest_etsi.assessment.evaluation import Outcome
    from pytest_etsi.profile import Profile
    from pytest_etsi.standard import Origin

PACKAGE = Path(pytest_etsi.__file__).parent
SECOND = edition("2.1.1")
EVALUATED = by_unit(load_units(), "2.1.1")
Key = tuple["Origin", str | None]
DECIDED_BY_PROGRAM = {
    *("5.6-1-2/a", "5.6-1-2/c", "5.6-2-2/a", "5.9-3-2/a", "5.11-1-2/d", "5.11-4-1/a", "5.11-4-1/b"),
    *("5.12-3-2/a", "5.12-3-2/b", "5.12-3-2/c", "5.12-3-2/d", "5.12-3-2/e"),
    *("5.13-1A-2/b", "5.13-1B-2/a", "6-3B-2/a", "6-6-2/a"),
}
"""Functional units of the second edition alone for which the camera's bench suffices."""


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return load_profile(str(write_second_edition(tmp_path_factory.mktemp("camera"))))


@cache
def on_paper(profile: Profile) -> dict[Key, Outcome]:
    planned = make_plan(profile, load_units()).evaluations
    return {(one.unit.origin, one.entry): examine(profile, one).outcome for one in planned}


def test_every_unit_is_planned_and_has_a_function(camera: Profile) -> None:
    planned = make_plan(camera, load_units()).evaluations
    units = {unit.id for unit in SECOND.units}

    assert {one.unit.id for one in planned} == units == EVALUATED.keys()


def test_what_is_the_same_in_both_editions_comes_to_the_same_on_paper(camera: Profile) -> None:
    first, second = on_paper(replace(load_profile("virtual-camera"), judgements=())), on_paper(camera)
    same = {key for key in second if key[0].edition == "1.1.1"}
    other = {
        key: (first[key].reason, second[key].reason)
        for key in same
        if (first[key].verdict, first[key].cause) != (second[key].verdict, second[key].cause)
    }

    assert {unit for unit, _ in same} == {unit.origin for unit in SECOND.units} & {unit for unit, _ in first}
    assert other == {}


def test_a_contradiction_fails_what_it_fails_in_the_first_edition(tmp_path: Path) -> None:
    def without_authenticity(tables: dict[str, Any]) -> None:
        for entry in tables["7-UpdMech"]:
            entry["facts"]["guarantees"] = ["integrity", "confidentiality"]

    changed = load_profile(str(write_second_edition(tmp_path, without_authenticity)))
    failed = {origin.unit for (origin, _), outcome in on_paper(changed).items() if outcome.verdict == "FAIL"}

    assert failed == {"5.3-1-1/b", "5.3-2-1/a", "5.3-7-1/a", "5.3-9-1/a", "5.3-10-1/a"}


def test_a_run_leaves_open_only_what_a_person_has_to_see_on_the_device(tmp_path: Path) -> None:
    run = run_suite(tmp_path, load_profile("virtual-camera-2.1.1").path)
    found = [(unit, one["verdict"], one["cause"], one["reason"]) for unit, one in run.evaluations()]
    conceptual = {unit.id for unit in SECOND.units if not unit.functional}

    assert {unit for unit, *_ in found} == {unit.id for unit in SECOND.units}
    assert [one for one in found if one[1] == "FAIL" or one[2] not in (None, "judgement")] == []
    assert [one for one in found if one[0] in conceptual and one[1] == "INCONCLUSIVE"] == []
    assert len({unit for unit, verdict, *_ in found if verdict == "PASS"}) > 150
    assert {one[:2] for one in found if one[0] in DECIDED_BY_PROGRAM and one[1] != "PASS"} == set()


@pytest.mark.parametrize(
    "module",
    [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in ("virtual", "standard", "profile")
    ],
)
def test_no_program_asks_for_a_table_by_a_name_that_one_edition_lacks(module: str) -> None:
    renamed = {name for pair in SECOND.renamed_tables.items() for name in pair}
    renamed |= {name.partition("-")[2] for name in renamed}
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    literal = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]

    assert [text for text in literal if isinstance(text, str) and text in renamed] == []
