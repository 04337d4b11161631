"""The suite and the catalogue are complete against each other, for the edition that the suite claims."""

from __future__ import annotations

import re

import pytest

from pytest_etsi.assessment.suite import by_unit, load_units, suite_path
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.standard import edition

CLAIMED = "1.1.1"
CATALOGUE = edition(CLAIMED)
FUNCTIONS = by_unit(load_units(), CLAIMED)
RECORDS = {argument_name(table.id) for table in CATALOGUE.tables if table.single}
TABLES = {argument_name(table.id): table.id for table in CATALOGUE.tables}


def test_every_unit_has_a_function_and_every_function_a_unit() -> None:
    assert FUNCTIONS.keys() == {unit.id for unit in CATALOGUE.units}


@pytest.mark.parametrize("unit", CATALOGUE.units, ids=lambda unit: unit.id)
def test_function_is_repeated_over_the_table_of_its_unit(unit) -> None:
    function = FUNCTIONS[unit.id]
    over = {TABLES[name] for name in function.fixtures if name in TABLES and name not in RECORDS}

    assert over == ({unit.iterates} if unit.iterates else set())


@pytest.mark.parametrize("unit", CATALOGUE.units, ids=lambda unit: unit.id)
def test_function_stands_in_the_module_of_its_group(unit) -> None:
    group = CATALOGUE.case(unit.case).group
    module = FUNCTIONS[unit.id].module_path

    assert module.name == f"test_{re.sub('[.-]', '_', group)}.py"


@pytest.mark.parametrize("unit", CATALOGUE.units, ids=lambda unit: unit.id)
def test_a_conceptual_unit_is_never_left_to_a_person_alone(unit) -> None:
    by_hand = FUNCTIONS[unit.id].by_hand

    assert not by_hand or unit.functional
    assert not by_hand or len(by_hand.split()) >= 15, "says too little of what the person has to do"


@pytest.mark.parametrize(
    "unit",
    [unit for unit in CATALOGUE.units if not unit.functional and unit.scope and unit.iterates],
    ids=str,
)
def test_a_conceptual_unit_of_part_of_a_table_has_a_scope(unit) -> None:
    assert FUNCTIONS[unit.id].mark.scope is not None or unit.id in WITHOUT_SCOPE, unit.scope


WITHOUT_SCOPE = {
    "5.3-10-1/a": "it says which units are run again, not on which entries",
    "5.5-2-1/b": "every entry names a method, which unit a sees to",
    "5.6-8-1/a": "it says what counts as hardware",
}
"""Units whose scope in the catalogue is no choice of entries -> why."""


def test_what_is_without_scope_has_one_in_the_catalogue() -> None:
    assert {name for name in WITHOUT_SCOPE if not CATALOGUE.unit(name).scope} == set()


def test_scenarios_have_a_directory_each() -> None:
    named = {path.name for path in suite_path().iterdir() if path.name.startswith("tso_")}

    assert len(named) == len(CATALOGUE.scenarios)


NATURALLY_EMPTY = {"1-AuthMech", "21-PersData", "22-ExtSens", "24-TelData", "25-DelFunc", "26-UserDec"}
"""Tables that a device may have nothing for; units over them that need something look at the whole table."""
SEEN_BY_A_UNIT_OVER_THE_WHOLE_TABLE = {
    "5.9-1-1",
    "5.13-1-1",
    "5.5-6-1",
    "5.5-7-1",
    "5.8-1-1",
    "5.8-2-1",
    "5.4-2-1",
    "5.4-3-1",
}
"""Cases whose table is looked at as a whole elsewhere, or that concern a part of it that may be empty."""


@pytest.mark.parametrize(
    "case", [case for case in CATALOGUE.cases if case.kind != "functional"], ids=lambda case: case.id
)
def test_an_empty_table_cannot_make_a_case_pass(case) -> None:
    over = [
        unit
        for unit in case.units
        if not unit.functional and unit.iterates and unit.iterates not in NATURALLY_EMPTY
    ]
    if case.id in SEEN_BY_A_UNIT_OVER_THE_WHOLE_TABLE or case.id == "5.4-4-1":
        return

    assert not over or any(FUNCTIONS[unit.id].mark.expects_entries for unit in over)
