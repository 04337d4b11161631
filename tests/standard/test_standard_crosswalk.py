"""The crosswalk between the editions: complete, and what the two catalogues say."""

from __future__ import annotations

import pytest

from pytest_etsi.standard import UnknownIdError, edition
from pytest_etsi.standard.crosswalk import crosswalk, tables_instead

FIRST, SECOND = edition("1.1.1"), edition("2.1.1")
WALK = crosswalk("1.1.1", "2.1.1")


def test_every_provision_of_both_editions_has_its_rows() -> None:
    assert {row.old for row in WALK.provisions} - {None} == {one.id for one in FIRST.provisions}
    assert [row.new for row in WALK.provisions if row.new] == [one.id for one in SECOND.provisions]


def test_the_kind_of_a_row_is_what_the_ids_say() -> None:
    olds = [row.old for row in WALK.provisions]
    expected = [
        "new" if row.old is None
        else "gone" if row.new is None
        else "split" if olds.count(row.old) > 1
        else "same" if row.old == row.new
        else "renumbered"
        for row in WALK.provisions
    ]  # fmt: skip

    assert [row.kind for row in WALK.provisions] == expected


def test_a_group_comes_from_the_provision_that_the_catalogue_names() -> None:
    base = {row.new: row.old for row in WALK.provisions if row.kind != "new"}
    # That of physical protection has no group to come from, although its provision was a part of the older one.
    named = {one.id: one.base for one in SECOND.groups if one.base is not None}

    assert {new: base.get(new) for new in named} == named


def test_what_kept_its_claim_kept_its_status() -> None:
    kept = [row for row in WALK.provisions if row.old and row.new and not row.confirm]

    assert [
        row.new for row in kept if FIRST.provision(row.old).status != SECOND.provision(row.new).status
    ] == []
    assert all(row.note for row in WALK.provisions if row.confirm and row.old and row.new)


def test_every_condition_of_both_editions_has_its_rows() -> None:
    assert {row.old for row in WALK.conditions} - {None} == {one.id for one in FIRST.conditions}
    assert {row.new for row in WALK.conditions} - {None} == {one.id for one in SECOND.conditions}


def test_a_unit_that_the_catalogue_calls_the_same_became_that_one_alone() -> None:
    same = {unit.origin.unit: unit.id for unit in SECOND.units if unit.origin.edition == "1.1.1"}

    assert len(same) > 120
    assert {row.old: row.new for row in WALK.units if row.same} == same
    assert all(len(WALK.became(old)) == 1 for old in same)


def test_every_unit_that_is_named_is_in_its_edition_and_in_the_group_that_took_the_place() -> None:
    rows = {(row.old, row.new) for row in WALK.provisions}
    groups = {unit.id: group.id for one in (FIRST, SECOND) for group in one.groups for unit in group.units}
    first, second = ({unit.id for unit in one.units} for one in (FIRST, SECOND))

    assert {row.old for row in WALK.units} <= first
    assert {row.new for row in WALK.units} <= second
    assert {(groups[row.old], groups[row.new]) for row in WALK.units if not row.same} <= rows


def test_of_few_units_nothing_came() -> None:
    left = {unit.id for unit in FIRST.units if not WALK.became(unit.id)}

    assert left == {
        "5.3-4-1/b", "5.3-6-1/c", "5.3-6-1/e", "5.3-6-2/a", "5.3-6-2/c", "5.3-14-2/e", "5.6-3-1/c", "5.6-3-2/d",
        "6-1-2/a",
    }  # fmt: skip


def test_a_unit_that_moved_is_found_from_either_side() -> None:
    assert [(row.new, row.same) for row in WALK.became("5.1-4-1/a")] == [("5.1-4-1/b", False)]
    assert [(row.old, row.same) for row in WALK.came_from("5.0-1-1/a")] == [("4-1-1/a", True)]
    assert WALK.came_from("6-8-1/a") == ()


@pytest.mark.parametrize(("old", "new"), [("2.1.1", "1.1.1"), ("1.1.1", "1.1.1"), ("1.1.1", "9")])
def test_there_is_no_other_way(old: str, new: str) -> None:
    with pytest.raises(UnknownIdError):
        crosswalk(old, new)


def test_the_rows_of_a_provision_are_found_by_either_id() -> None:
    assert [row.new for row in WALK.of("5.3-6")] == ["5.3-6A", "5.3-6B"]
    assert [row.old for row in WALK.of("6-3A")] == ["6-3"]
    with pytest.raises(UnknownIdError):
        WALK.of("5.3-99")


def test_what_lists_a_table_of_the_other_edition_is_told_for_each_that_was_renamed() -> None:
    renamed = SECOND.renamed_tables
    first, second = {one.id for one in FIRST.tables}, {one.id for one in SECOND.tables}

    assert {one for one in first if tables_instead("1.1.1", one)} == set(renamed) == first - second
    assert {one for one in second if tables_instead("2.1.1", one)} == set(renamed.values()) == second - first
    # Each is at least in the one that it was renamed to, and all of them are of the other edition.
    assert all(new in tables_instead("1.1.1", old) for old, new in renamed.items())
    assert all(old in tables_instead("2.1.1", new) for old, new in renamed.items())
    assert {one for old in renamed for one in tables_instead("1.1.1", old)} <= second
    assert {one for new in renamed.values() for one in tables_instead("2.1.1", new)} <= first
