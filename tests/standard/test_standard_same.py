"""Which units of the second edition are those of the first: by rule, held against what the later document changed."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

import pytest

from pytest_etsi.standard import Edition, Group, Origin, Unit, edition
from pytest_etsi.standard._load import _DATA
from pytest_etsi.standard._same import answers_differ, with_origins

FIRST, SECOND = edition("1.1.1"), edition("2.1.1")
UNCHANGED = {
    "5.0-1": {"1/a": "renumbered from 4-1, the unit is the same"},
    "5.1-1": {"2/c": "passwords between machines were meant before as well"},
    "5.1-4": {"2/a": "only case 1 changed", "2/b": "only case 1 changed"},
    "5.2-3": {"1/d": "the confirmation is the same; a to c also cover services"},
    "5.3-1": {"1/b": "only the excuse in 1-a changed", "2/a": "only the excuse in 1-a changed"},
    "5.3-14": dict.fromkeys(("1/a", "2/a", "2/b", "2/c", "2/d"), "only 2-e was dropped"),
    "5.5-5": {"1/a": "only 2-b changed", "2/a": "only 2-b changed"},
    "5.11-1": {
        "1/b": "a and c now speak of each user's data",
        "2/a": "2-d is new",
        "2/b": "2-d is new",
        "2/c": "2-d is new",
    },
    "6-3A": {"1/a": "renumbered from 6-3, the units are the same", "2/a": "likewise"},
}
"""Groups that differ between the editions -> their units that do not, and why."""


def whole_groups() -> set[str]:
    """The groups that the later edition takes over as they are."""
    raw = json.loads((_DATA / "2.1.1" / "groups.json").read_bytes())
    return {group["group"] for group in raw["groups"] if "same_as" in group}


def same_units(known: Edition) -> set[str]:
    return {unit.id for unit in known.units if unit.origin.edition != known.id}


def test_every_unit_of_the_first_edition_is_its_own_origin():
    assert {unit.origin for unit in FIRST.units} == {Origin("1.1.1", unit.id) for unit in FIRST.units}


def test_the_units_of_a_group_taken_over_as_it_is_are_the_same():
    taken_over = whole_groups()

    assert len(taken_over) == 41
    assert {unit.id for group in taken_over for unit in SECOND.group(group).units} <= same_units(SECOND)


def test_of_a_group_that_changed_only_what_did_not_change_is_the_same():
    expected = {f"{group}-{place}" for group, places in UNCHANGED.items() for place in places}
    found = {
        unit for unit in same_units(SECOND) if SECOND.case(SECOND.unit(unit).case).group not in whole_groups()
    }

    assert found == expected


def test_a_renumbered_unit_names_the_one_it_was():
    assert SECOND.unit("5.0-1-1/a").origin == ("1.1.1", "4-1-1/a")
    assert SECOND.unit("6-3A-2/a").origin == ("1.1.1", "6-3-2/a")


def test_no_unit_of_the_first_edition_is_two_of_the_second():
    origins = [unit.origin for unit in SECOND.units]

    assert len(origins) == len(set(origins))


@pytest.mark.parametrize("unit", sorted(same_units(SECOND)))
def test_a_unit_that_is_the_same_reads_and_does_the_same(unit):
    later, earlier = SECOND.unit(unit), FIRST.unit(SECOND.unit(unit).origin.unit)
    renamed = {new: old for old, new in SECOND.renamed_tables.items()}

    assert (later.mode, later.functional, later.combine) == (
        earlier.mode,
        earlier.functional,
        earlier.combine,
    )
    assert later.iterates is None or renamed.get(later.iterates, later.iterates) == earlier.iterates
    assert [renamed.get(table, table) for table in later.reads] == list(earlier.reads)


def of_one_unit(group: Group, unit: Unit) -> Group:
    """The group with that unit alone."""
    return replace(group, cases=(replace(group.cases[0], units=(unit,)),))


@pytest.mark.parametrize(
    "changed",
    [
        {"does": "Do another thing."},
        {"how": "Decide it in another way."},
        {"scope": "only those of a service"},
        {"mode": "perform"},
        {"functional": True},
        {"combine": "any"},
        {"automation": "serial"},
        {"iterates": None},
        {"reads": MappingProxyType({"1-AuthMech": ("Description",)})},
        {"letter": "b", "id": "5.1-5-1/b"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_differs_makes_it_another_unit(changed):
    group = FIRST.group("5.1-5")
    own = replace(group.units[0], origin=Origin("later", group.units[0].id))
    alike, other = (
        with_origins([replace(of_one_unit(group, unit), base="5.1-5")], FIRST.group, lambda _: False)
        for unit in (own, replace(own, **changed))
    )

    assert alike[0].units[0].origin == ("1.1.1", "5.1-5-1/a")
    assert other[0].units[0].origin.edition == "later"


def test_a_unit_whose_field_can_hold_other_answers_is_another_one():
    # 15-PhyIntf knows other types of interface than 15-Intf.
    unit = SECOND.unit("5.6-3-2/a")
    later = {table.id: table for table in SECOND.tables}
    earlier = {SECOND.renamed_tables.get(table.id, table.id): table for table in FIRST.tables}

    assert answers_differ(unit, later, earlier)
    assert not answers_differ(unit, later, later)
    assert unit.origin == ("2.1.1", "5.6-3-2/a")


def test_a_unit_that_runs_changed_units_again_is_another_one():
    first, second = FIRST.group("5.1-5"), FIRST.group("5.1-4")
    again = replace(first.units[0], applies=("5.1-4-1",), origin=Origin("later", first.units[0].id))
    changed = replace(second.units[0], does="Do another thing.", origin=Origin("later", second.units[0].id))
    runs_it_again = replace(of_one_unit(first, again), base="5.1-5")
    before = {"5.1-5": of_one_unit(first, replace(again, origin=Origin("1.1.1", again.id))), "5.1-4": second}

    kept = with_origins([runs_it_again, replace(second, base="5.1-4")], before.__getitem__, lambda _: False)
    lost = with_origins(
        [runs_it_again, replace(of_one_unit(second, changed), base="5.1-4")],
        before.__getitem__,
        lambda _: False,
    )

    assert kept[0].units[0].origin == ("1.1.1", "5.1-5-1/a")
    assert lost[0].units[0].origin == ("later", "5.1-5-1/a")
