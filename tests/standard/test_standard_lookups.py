"""Things are found by id, and an id that does not exist is answered with those that nearly are it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.standard import EDITIONS, UnknownIdError, edition

ids = st.sampled_from(
    [
        (known, name)
        for known in EDITIONS
        for name in (
            *edition(known).scenarios,
            *(group.id for group in edition(known).groups),
            *(case.id for case in edition(known).cases),
            *(unit.id for unit in edition(known).units),
        )
    ]
)


@pytest.fixture(params=EDITIONS)
def known(request):
    return edition(request.param)


def test_everything_is_found_by_its_own_id(known):
    assert tuple(known.group(group.id) for group in known.groups) == known.groups
    assert tuple(known.case(case.id) for case in known.cases) == known.cases
    assert tuple(known.unit(unit.id) for unit in known.units) == known.units
    assert tuple(known.provision(provision.id) for provision in known.provisions) == known.provisions
    assert tuple(known.condition(condition.id) for condition in known.conditions) == known.conditions
    assert tuple(known.table(table.id) for table in known.tables) == known.tables


def test_a_table_is_found_by_its_name_too(known):
    assert tuple(known.table(table.name) for table in known.tables) == known.tables


def test_a_field_is_found_by_its_name(known):
    table = known.table("AuthMech")

    assert table.field("Brute Force Prevention") in table.fields


@given(ids)
def test_a_selection_is_the_units_whose_id_begins_with_it(chosen):
    known, name = chosen
    parts = tuple(
        unit
        for unit in edition(known).units
        if name in (unit.id, unit.case, edition(known).case(unit.case).group, unit.id.split("-")[0])
    )

    assert edition(known).select(name) == parts


def test_a_scenario_is_its_groups_a_group_its_cases_a_case_its_units(known):
    for scenario in known.scenarios:
        groups = [group for group in known.groups if group.scenario == scenario]
        assert known.select(scenario) == sum((known.select(group.id) for group in groups), ())
        for group in groups:
            assert (
                known.select(group.id)
                == sum((known.select(case.id) for case in group.cases), ())
                == group.units
            )
            for case in group.cases:
                assert known.select(case.id) == sum((known.select(unit.id) for unit in case.units), ())


def test_the_scenarios_together_are_the_whole_edition(known):
    assert sum((known.select(scenario) for scenario in known.scenarios), ()) == known.units


@given(st.sampled_from(EDITIONS), st.text(alphabet="0123456789.-/AaBb ", max_size=12))
def test_any_text_selects_units_or_names_only_ids_that_exist(edition_id, text):
    known = edition(edition_id)

    names = set(known.scenarios) | {
        name for u in known.units for name in (u.id, u.case, u.case.rpartition("-")[0])
    }

    if text in names:
        assert known.select(text)
    else:
        with pytest.raises(UnknownIdError, match=re.escape(repr(text))) as raised:
            known.select(text)
        assert names.issuperset(raised.value.near)


@pytest.mark.parametrize(
    ("kind", "wrong", "message"),
    [
        ("group", "5.1-55", "edition 1.1.1 has no test group '5.1-55'; the nearest: 5.1-5, 5.1-4, 5.1-3"),
        ("case", "5.1-5", "edition 1.1.1 has no test case '5.1-5'; the nearest: 5.1-5-2, 5.1-5-1, 5.1-4-2"),
        (
            "unit",
            "5.1-5-2b",
            "edition 1.1.1 has no test unit '5.1-5-2b'; the nearest: 5.1-5-2/b, 5.1-5-2/a, 5.1-5-1/a",
        ),
        ("provision", "5.1.5", "edition 1.1.1 has no provision '5.1.5'; the nearest: 5.1-5, 5.1-4, 5.1-3"),
        ("condition", "(12)", "edition 1.1.1 has no condition '(12)'; the nearest: 12"),
        ("table", "authmech", "edition 1.1.1 has no IXIT table 'authmech'; the nearest: 1-AuthMech"),
        ("table", "AUTHMECH", "edition 1.1.1 has no IXIT table 'AUTHMECH'; the nearest: 1-AuthMech"),
        ("table", "1-AuthMec", "edition 1.1.1 has no IXIT table '1-AuthMec'; the nearest: 1-AuthMech"),
        (
            "select",
            "5.1-8",
            "edition 1.1.1 has no scenario, group, case or unit '5.1-8'; the nearest: 5.1-5, 5.1-4, 5.1-3",
        ),
        ("select", "?", "edition 1.1.1 has no scenario, group, case or unit '?'"),
    ],
)
def test_an_unknown_id_is_answered_with_the_nearest_known_ones(kind, wrong, message):
    with pytest.raises(UnknownIdError) as raised:
        getattr(edition("1.1.1"), kind)(wrong)

    assert str(raised.value) == message
    assert all(near in message for near in raised.value.near)


@pytest.mark.parametrize(
    ("kind", "former", "message"),
    [
        ("group", "4-1", "edition 2.1.1 has no test group '4-1'; its place is taken by 5.0-1"),
        (
            "provision",
            "5.3-4",
            "edition 2.1.1 has no provision '5.3-4'; its place is taken by 5.3-4A, 5.3-4B",
        ),
        ("table", "15-Intf", "edition 2.1.1 has no IXIT table '15-Intf'; its place is taken by 15-PhyIntf"),
    ],
)
def test_an_id_of_the_earlier_edition_is_answered_with_its_successors(kind, former, message):
    with pytest.raises(UnknownIdError) as raised:
        getattr(edition("2.1.1"), kind)(former)

    assert str(raised.value) == message


def test_an_unknown_edition_is_answered_with_the_known_ones():
    with pytest.raises(UnknownIdError, match=r"^unknown edition '3\.1\.3'; there are 1\.1\.1 and 2\.1\.1$"):
        edition("3.1.3")


def test_an_unknown_field_is_answered_with_those_of_the_table():
    with pytest.raises(UnknownIdError) as raised:
        edition("1.1.1").table("VulnMon").field("Name")

    assert str(raised.value) == "table 5-VulnMon has no field 'Name'; it has ID, Description"


def test_an_unknown_id_is_a_lookup_error():
    assert issubclass(UnknownIdError, LookupError)
