"""The catalogue holds what the standard holds, and nothing in it points nowhere."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import expected_catalogue as expected
import pytest

from pytest_etsi.standard import EDITIONS, edition

if TYPE_CHECKING:
    from pytest_etsi.standard import Edition, Group, Unit


@pytest.fixture(params=EDITIONS)
def known(request) -> Edition:
    return edition(request.param)


def prose(group: Group) -> list[str]:
    """Every sentence of a group."""
    sentences = [group.title, group.note or ""]
    for case in group.cases:
        sentences += [case.purpose, *case.pass_when]
        for unit in case.units:
            sentences += [unit.does, unit.how, unit.scope or ""]
    return sentences


def test_the_counts_are_those_of_the_standard(known):
    statuses = Counter(provision.status for provision in known.provisions)

    assert {
        "groups": len(known.groups),
        "cases": len(known.cases),
        "units": len(known.units),
        "M": statuses["M"],
        "R": statuses["R"],
    } == expected.COUNTS[known.id]


def test_every_unit_is_there_in_the_order_of_the_standard(known):
    assert [unit.id for unit in known.units] == expected.units(known.id)


def test_every_provision_has_its_status_and_conditions(known):
    found = {provision.id: (provision.status, provision.conditional) for provision in known.provisions}

    assert found == expected.statuses(known.id)


def test_the_printed_status_agrees_with_status_and_conditions(known):
    for provision in known.provisions:
        if provision.printed:
            status, *rest = re.split(r"[^\w]+", provision.printed.rstrip(")"))
            conditions = tuple(part for part in rest if part not in ("C", "F"))
            assert (status, conditions) == (provision.status, provision.conditional), provision.id


def test_every_provision_has_its_test_group_and_every_test_group_its_provision(known):
    assert [group.id for group in known.groups] == [provision.id for provision in known.provisions]


def test_ids_are_unique(known):
    everything = [
        *known.scenarios,
        *(group.id for group in known.groups),
        *(case.id for case in known.cases),
        *(unit.id for unit in known.units),
    ]

    assert [name for name, times in Counter(everything).items() if times > 1] == []


def test_an_id_begins_with_the_id_of_what_it_belongs_to(known):
    for group in known.groups:
        assert group.id.split("-")[0] == group.scenario
        for number, case in enumerate(group.cases, start=1):
            assert (case.group, case.id) == (group.id, f"{group.id}-{number}")
            for unit, letter in zip(case.units, "abcdefgh", strict=False):
                assert (unit.case, unit.letter, unit.id) == (case.id, letter, f"{case.id}/{letter}")


def test_every_scenario_is_named_and_used(known):
    assert list(known.scenarios) == list(dict.fromkeys(group.scenario for group in known.groups))


def test_every_condition_is_explained_and_used(known):
    used = {name for provision in known.provisions for name in provision.conditional}

    assert used == {condition.id for condition in known.conditions}


def test_every_table_and_field_that_a_unit_reads_exists(known):
    missing = [
        (unit.id, table, field)
        for unit in known.units
        for table, fields in unit.reads.items()
        if table != "*"
        for field in fields
        if table not in {t.id for t in known.tables}
        or field not in {f.name for f in known.table(table).fields}
    ]

    assert missing == []


def test_a_unit_reads_the_table_it_is_repeated_over_unless_only_the_entries_ids_matter(known):
    by_id = {
        "1.1.1": [],
        "2.1.1": ["5.3-4B-1/b", "5.13-1A-1/a", "6-1-2/a"],
    }

    assert [u.id for u in known.units if u.iterates and u.iterates not in u.reads] == by_id[known.id]


def test_a_unit_is_repeated_over_lists_only(known):
    assert [u.id for u in known.units if u.iterates and known.table(u.iterates).single] == []


def test_only_the_search_for_undeclared_parameters_reads_all_other_tables(known):
    assert [unit.id for unit in known.units if "*" in unit.reads] == ["5.4-1-1/d"]


def test_prose_names_tables_of_its_own_edition_only(known):
    tables = {table.id for table in known.tables}
    named = {
        (group.id, name)
        for group in known.groups
        for sentence in prose(group)
        for name in re.findall(r"\b\d+-[A-Z][a-z]\w+", sentence)
    }

    assert {(group, name) for group, name in named if name not in tables} == set()
    assert len(named) > 50


def test_prose_names_groups_and_cases_of_its_own_edition_only(known):
    ids = {group.id for group in known.groups} | {case.id for case in known.cases}
    pattern = re.compile(r"(?<![\d.])5\.\d+-\d+[AB]?(?:-\d)?\b")
    named = {
        (group.id, name)
        for group in known.groups
        for sentence in prose(group)
        for name in pattern.findall(sentence)
    }

    assert {(group, name) for group, name in named if name not in ids} == set()
    assert named


def test_units_that_are_run_again_exist(known):
    again = {case_id for unit in known.units for case_id in unit.applies}

    assert again
    assert again <= {case.id for case in known.cases}


def test_one_passing_entry_is_enough_where_the_standard_says_so_and_nowhere_else():
    enough = {known: [u.id for u in edition(known).units if u.combine == "any"] for known in EDITIONS}

    assert enough == {
        "1.1.1": ["5.3-2-1/a", "5.3-2-2/b"],
        "2.1.1": ["5.3-2-1/a", "5.3-2-2/b"],
    }


def test_whether_one_passing_entry_is_enough_is_open_where_that_is_assumed():
    open_ = {known: [u.id for u in edition(known).units if u.combine == "open"] for known in EDITIONS}
    case_1, case_2 = ("5.3-4A-1/a", "5.3-4B-1/b", "5.3-4B-1/c"), ("5.3-4A-2/a", "5.3-4B-2/b", "5.3-4B-2/c")

    assert open_ == {"1.1.1": [], "2.1.1": sorted((*case_1, *case_2))}
    assert all(
        edition("2.1.1").group(edition("2.1.1").case(u.rpartition("/")[0]).group).doubts for u in case_1
    )


def test_a_case_says_what_its_condition_is_reconstructed_from_where_a_unit_is_not_that_of_the_earlier_edition():
    later = edition("2.1.1")
    own = {case.id for case in later.cases if any(unit.origin.edition == "2.1.1" for unit in case.units)}

    assert {case.id for case in later.cases if case.basis} == own
    assert {case.basis for case in edition("1.1.1").cases} == {""}
    assert later.case("5.3-4A-1").reconstructed == (
        "the PASS condition of 5.3-4A-1 is reconstructed (as a published assessment quotes it)"
    )
    assert later.case("5.1-5-1").reconstructed == ""


@pytest.mark.parametrize("group", ["5.3-6A", "5.3-6B", "5.5-8", "5.6-9"])
def test_a_list_of_topics_that_was_known_only_in_part_is_marked(group):
    assert [
        doubt
        for doubt in edition("2.1.1").group(group).doubts
        if "edition 1.1.1" in doubt or "in part" in doubt
    ]


def test_a_case_has_a_purpose_and_says_what_a_pass_needs(known):
    for case in known.cases:
        assert case.purpose, case.id
        assert case.pass_when, case.id
        assert all(case.pass_when), case.id


def test_a_case_is_of_the_kind_of_its_units(known):
    # 5.3-10-1 mixes both, its document units are conceptual.
    for case in known.cases:
        kinds = {unit.functional for unit in case.units}
        allowed = {"conceptual": [{False}], "functional": [{True}], "mixed": [{True, False}]}[case.kind]
        if case.kind != "functional":
            assert kinds in allowed, case.id
        else:
            assert True in kinds, case.id


@pytest.mark.parametrize(
    ("edition_id", "kinds"),
    [
        ("1.1.1", {"conceptual": 62, "functional": 46, "mixed": 1}),
        ("2.1.1", {"conceptual": 73, "functional": 57, "mixed": 1}),
    ],
)
def test_the_counts_of_conceptual_and_functional_cases_are_those_of_the_standard(edition_id, kinds):
    assert Counter(case.kind for case in edition(edition_id).cases) == kinds


def test_values_are_those_the_types_allow(known):
    units: list[Unit] = list(known.units)

    assert {unit.mode for unit in units} == {"check", "assess", "perform"}
    assert {unit.combine for unit in units} == {"all", "any"} | ({"open"} if known.id == "2.1.1" else set())
    assert {unit.automation for unit in units} == {
        "document",
        "network",
        "serial",
        "cloud",
        "capture",
        "documentation-fetch",
        "bench",
        "assessor",
    }
    assert {field.type for table in known.tables for field in table.fields} == {
        "text",
        "yes/no",
        "enum",
        "reference",
        "list",
    }


def test_there_are_29_tables_numbered_in_order(known):
    assert [table.number for table in known.tables] == list(range(1, 30))
    assert [table.id for table in known.tables] == [f"{table.number}-{table.name}" for table in known.tables]


def test_a_list_begins_with_an_id_and_says_what_an_entry_is(known):
    for table in known.tables:
        names = [field.name for field in table.fields]
        assert len(names) == len(set(names)), table.id
        assert table.single == (names[0] != "ID"), table.id
        assert table.single == (table.one_entry_is is None), table.id
    assert [table.name for table in known.tables if table.single] == ["UserInfo", "Conf", "ReplSup"]


def test_references_lead_to_lists_that_exist(known):
    for table in known.tables:
        for field in table.fields:
            assert bool(field.tables) == (field.type == "reference"), (table.id, field.name)
            for target in field.tables:
                assert not known.table(target).single, (table.id, field.name)


def test_enums_have_their_values(known):
    for table in known.tables:
        for field in table.fields:
            assert bool(field.values) == (field.type == "enum"), (table.id, field.name)


def test_every_field_has_a_meaning_and_an_example(known):
    lacking = [(t.id, f.name) for t in known.tables for f in t.fields if not (f.meaning and f.example)]

    assert lacking == []


def test_tables_renamed_in_the_later_edition_are_the_same_place_in_the_pro_forma():
    earlier, later = edition("1.1.1"), edition("2.1.1")
    differing = {a.id: b.id for a, b in zip(earlier.tables, later.tables, strict=True) if a.id != b.id}

    assert dict(later.renamed_tables) == differing
    assert dict(earlier.renamed_tables) == {}


def test_units_taken_over_from_the_earlier_edition_speak_the_later_one_s_names():
    unit = edition("2.1.1").unit("5.5-6-1/a")

    assert unit.iterates == "11-SecComMech"
    assert unit.reads["10-SecParam"] == ("Type", "Secure Communication Mechanisms")
    assert edition("1.1.1").unit("5.5-6-1/a").iterates == "11-ComMech"


def test_a_group_of_the_later_edition_names_the_earlier_one_it_comes_from():
    earlier, later = edition("1.1.1"), edition("2.1.1")
    bases = [group.base for group in later.groups if group.base]

    assert set(bases) == {group.id for group in earlier.groups}
    assert [group.id for group in later.groups if group.base is None] == [
        "5.1-2A",
        "5.6-4B",
        "6-3B",
        "6-6",
        "6-7",
        "6-8",
    ]
    assert all(group.base is None and group.difference is None for group in earlier.groups)


def test_a_group_taken_over_unchanged_has_the_units_of_the_earlier_edition():
    earlier, later = edition("1.1.1"), edition("2.1.1")

    assert later.group("5.1-5").cases == earlier.group("5.1-5").cases
    assert later.group("5.1-5").difference


def test_the_editions_name_their_documents():
    assert [(edition(e).test_specification, edition(e).standard) for e in EDITIONS] == [
        ("ETSI TS 103 701 V1.1.1 (2021-08)", "ETSI EN 303 645 V2.1.1 (2020-06)"),
        ("ETSI TS 103 701 V2.1.1 (2025-05)", "ETSI EN 303 645 V3.1.3 (2024-09)"),
    ]
