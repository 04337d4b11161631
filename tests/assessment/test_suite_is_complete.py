"""The suite and the catalogue are complete against each other, in both editions."""

from __future__ import annotations

import re

import pytest

from pytest_etsi.assessment.suite import by_unit, load_units, suite_path
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.standard import EDITIONS, edition

LEFT_IN = ("5.6", "5.9", "5.11", "5.12", "5.13", "6")
"""Scenarios of edition 2.1.1 of which some units still wait for a function."""
CATALOGUES = {name: edition(name) for name in EDITIONS}
FUNCTIONS = {name: by_unit(load_units(), name) for name in EDITIONS}
EACH = pytest.mark.parametrize(
    ("edition_id", "unit"),
    [
        pytest.param(name, unit, id=f"{name}-{unit.id}")
        for name, catalogue in CATALOGUES.items()
        for unit in catalogue.units
        if unit.id in FUNCTIONS[name]
    ],
)


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_every_unit_has_a_function_and_every_function_a_unit(edition_id) -> None:
    catalogue = CATALOGUES[edition_id]
    lacking = {
        catalogue.group(catalogue.case(unit.case).group).scenario
        for unit in catalogue.units
        if unit.id not in FUNCTIONS[edition_id]
    }

    assert FUNCTIONS[edition_id].keys() <= {unit.id for unit in catalogue.units}
    assert lacking <= (set(LEFT_IN) if edition_id == "2.1.1" else set())


@EACH
def test_function_is_repeated_over_the_table_of_its_unit(edition_id, unit) -> None:
    function, tables = FUNCTIONS[edition_id][unit.id], CATALOGUES[edition_id].tables
    lists = {argument_name(table.id): table.id for table in tables if not table.single}
    over = {lists[name] for name in function.fixtures if name in lists}

    assert over == ({unit.iterates} if unit.iterates else set())


@EACH
def test_function_stands_in_the_module_of_its_group(edition_id, unit) -> None:
    catalogue = CATALOGUES[edition_id]
    group = catalogue.group(catalogue.case(unit.case).group)
    module = FUNCTIONS[edition_id][unit.id].module_path

    # What was split or renumbered stands beside what it comes from.
    assert module.name in {f"test_{re.sub('[.-]', '_', one)}.py" for one in (group.id, group.base) if one}


@EACH
def test_a_conceptual_unit_is_never_left_to_a_person_alone(edition_id, unit) -> None:
    by_hand = FUNCTIONS[edition_id][unit.id].by_hand

    assert not by_hand or unit.functional
    assert not by_hand or len(by_hand.split()) >= 15, "says too little of what the person has to do"


@EACH
def test_a_functional_unit_is_decided_by_program_or_says_why_not(edition_id, unit) -> None:
    """Those that are decided come to PASS on the virtual camera, and each of them fails there by some flaw (the flaw matrix)."""
    function = FUNCTIONS[edition_id][unit.id]
    reasons = [one for one in (function.reserved, function.alone) if one]

    assert len(reasons) == bool(function.by_hand)
    assert all(len(one.split()) >= 10 for one in reasons), "says too little of why a person"
    assert not (function.alone and edition_id == "1.1.1"), (
        "a program tries every functional unit of this edition"
    )


@EACH
def test_a_conceptual_unit_of_part_of_a_table_has_a_scope(edition_id, unit) -> None:
    if not unit.functional and unit.scope and unit.iterates and not _takes_every_entry(edition_id, unit):
        assert FUNCTIONS[edition_id][unit.id].mark.scope is not None or unit.id in WITHOUT_SCOPE, unit.scope


def _takes_every_entry(edition_id, unit) -> bool:
    """Whether the scope of a unit is every entry of its table: a mechanism authenticates users, or machines."""
    return edition_id == "2.1.1" and unit.case.startswith("5.1-3-")


WITHOUT_SCOPE = {
    "5.3-10-1/a": "it says which units are run again, not on which entries",
    "5.5-2-1/b": "every entry names a method, which unit a sees to",
    "5.6-8-1/a": "it says what counts as hardware",
}
"""Units whose scope in the catalogue is no choice of entries -> why."""


def test_what_is_without_scope_has_one_in_the_catalogue() -> None:
    assert {name for name in WITHOUT_SCOPE if not CATALOGUES["1.1.1"].unit(name).scope} == set()


def test_scenarios_have_a_directory_each() -> None:
    named = {path.name for path in suite_path().iterdir() if path.name.startswith("tso_")}

    # 5.0 of the later edition is 4 of the earlier one, and keeps its directory.
    assert {len(catalogue.scenarios) for catalogue in CATALOGUES.values()} == {len(named)}


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
    ("edition_id", "case"),
    [
        pytest.param(name, case, id=f"{name}-{case.id}")
        for name, catalogue in CATALOGUES.items()
        for case in catalogue.cases
        if case.kind != "functional" and all(unit.id in FUNCTIONS[name] for unit in case.units)
    ],
)
def test_an_empty_table_cannot_make_a_case_pass(edition_id, case) -> None:
    over = [
        unit
        for unit in case.units
        if not unit.functional and unit.iterates and unit.iterates not in NATURALLY_EMPTY
    ]
    if case.id in SEEN_BY_A_UNIT_OVER_THE_WHOLE_TABLE or case.id == "5.4-4-1":
        return

    assert not over or any(FUNCTIONS[edition_id][unit.id].mark.expects_entries for unit in over)
