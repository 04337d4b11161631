"""`pytest-etsi catalogue` shows the catalogue to people and to programs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pytest_etsi.cli.main import main
from pytest_etsi.report.catalogue import MEANS, describe
from pytest_etsi.standard import EDITIONS, edition


def run(*arguments: str, columns: int = 80) -> Result:
    return CliRunner().invoke(main, ["catalogue", *arguments], env={"COLUMNS": str(columns)})


def shown(*arguments: str, columns: int = 80) -> str:
    result = run(*arguments, columns=columns)
    assert result.exit_code == 0, result.output
    return result.output


def words(text: str) -> str:
    """The text without line breaks and columns."""
    return " ".join(text.split())


def parsed(*arguments: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(shown(*arguments, "--json"))
    return content


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_the_overview_has_every_group_with_its_status_and_counts(edition_id):
    known = edition(edition_id)
    output = shown("--edition", edition_id)

    for group in known.groups:
        status = re.escape(known.provision(group.id).printed or known.provision(group.id).status)
        line = rf"^{re.escape(group.id)} +{status} +{len(group.cases)} +{len(group.units)}  \S"
        assert re.search(line, output, re.MULTILINE), group.id
    for scenario, title in known.scenarios.items():
        assert re.search(rf"^{re.escape(scenario)} +{title[:20]}", output, re.MULTILINE), scenario


def test_the_overview_ends_with_the_totals_and_the_conditions():
    output = words(shown())

    assert (
        "68 test groups (33 mandatory, 35 recommended), 109 test cases, 226 test units M mandatory" in output
    )
    for condition in edition("1.1.1").conditions:
        assert f"({condition.id}) {condition.meaning}" in output


def test_the_first_edition_is_shown_unless_another_is_asked_for():
    assert shown() == shown("--edition", EDITIONS[0])
    assert shown() != shown("--edition", EDITIONS[1])


def test_a_scenario_is_an_overview_of_its_groups():
    output = shown("5.2")

    assert re.findall(r"^5\.\d+-\d+", output, re.MULTILINE) == ["5.2-1", "5.2-2", "5.2-3"]
    assert "3 test groups (1 mandatory, 2 recommended), 4 test cases, 9 test units" in words(output)


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_a_group_s_page_says_everything_the_catalogue_holds_about_it(edition_id):
    known = edition(edition_id)
    for group in known.groups:
        output = words(shown(group.id, "--edition", edition_id))
        provision = known.provision(group.id)
        texts = [group.title, group.note or "", group.difference or "", *group.doubts]
        texts += [known.scenarios[group.scenario], provision.title, provision.printed, provision.note or ""]
        texts += [f"({name}) {known.condition(name).meaning}" for name in provision.conditional]
        for case in group.cases:
            texts += [f"{case.id} {case.kind} test case", case.purpose, *case.pass_when]
            for unit in case.units:
                texts += [f"{unit.id} {unit.mode} on", unit.does, unit.scope or "", unit.how]
                texts += [f"Means {MEANS[unit.automation]}"]
                texts += [
                    f"{table}: {', '.join(fields)}" for table, fields in unit.reads.items() if table != "*"
                ]
        missing = [text for text in texts if words(text) not in output]
        assert missing == [], group.id


def test_a_unit_that_reads_every_table_says_so():
    assert "Reads 10-SecParam: Description all other IXIT tables" in words(shown("5.4-1-1/d"))


def test_a_unit_says_how_often_it_is_evaluated():
    assert "5.1-5-2/a assess on the device, once" in words(shown("5.1-5-2/a"))
    assert "5.1-5-2/b perform on the device, for each entry of 1-AuthMech" in words(shown("5.1-5-2/b"))
    assert "for each entry of 7-UpdMech, of which one that passes is enough" in words(shown("5.3-2-1/a"))


def test_a_unit_that_repeats_others_names_them():
    assert "Repeats the units of 5.3-9-1 (a, b, c, d) on its own scope" in words(shown("5.3-10-1/a"))


def test_a_unit_s_page_leaves_out_the_other_units():
    output = shown("5.1-5-2/b")

    assert "5.1-5-2/b" in output
    assert "5.1-5-2/a" not in output
    assert "5.1-5-1" not in output


def test_a_case_s_page_leaves_out_the_other_cases():
    output = shown("5.1-5-2")

    assert "5.1-5-2/a" in output
    assert "5.1-5-2/b" in output
    assert "5.1-5-1" not in output


def test_a_group_of_the_later_edition_says_what_changed():
    output = words(shown("5.3-4A", "--edition", "2.1.1"))

    assert "Changed Replaces part of 5.3-4" in output
    assert "(From group 5.3-4.)" in output
    assert "Doubt The units run over every mechanism" in output


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_a_table_s_page_has_every_field_and_the_units_that_read_it(edition_id):
    known = edition(edition_id)
    for table in known.tables:
        output = words(shown(table.id, "--edition", edition_id, columns=400))
        for field in table.fields:
            assert words(field.meaning) in output, (table.id, field.name)
            assert f"e.g. {words(field.example)}" in output, (table.id, field.name)
        readers = ", ".join(unit.id for unit in known.units if table.id in unit.reads)
        assert f" Read by {readers or 'no test unit'} Field What belongs there" in output, table.id


def test_a_table_is_found_by_its_name():
    assert shown("AuthMech") == shown("1-AuthMech")


def test_a_field_says_what_kind_of_answer_it_takes():
    assert "one of public, critical" in words(shown("10-SecParam"))
    assert "any of network connectivity, power outage" in words(shown("23-ResMech"))
    assert "IDs of entries in 7-UpdMech" in words(shown("6-SoftComp"))
    assert "yes/no; followed by: side effects considered (yes/no)" in words(shown("6-SoftComp"))
    assert "text; only if: directly addressable via a network interface" in words(shown("1-AuthMech"))
    assert "one of enabled, disabled; a remark may follow" in words(shown("15-PhyIntf", "--edition", "2.1.1"))


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("what", [[], ["5.1-5"], ["5.3-2"], ["1-AuthMech"]], ids=str)
def test_no_line_is_wider_than_the_terminal(what, columns):
    lines = shown(*what, columns=columns).splitlines()

    assert max(map(len, lines)) <= min(columns, 110)


@pytest.mark.parametrize("what", [[], ["5.1-5"], ["1-AuthMech"]], ids=str)
def test_a_pipe_gets_plain_ascii_text_without_escape_sequences(what):
    environment = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "COLUMNS")}
    piped = subprocess.run(
        [sys.executable, "-c", "from pytest_etsi.cli.main import main; main()", "catalogue", *what],
        capture_output=True,
        check=True,
        timeout=60,
        env={**environment, "PYTHONIOENCODING": "ascii"},
    )

    assert piped.stderr == b""
    assert b"\x1b" not in piped.stdout
    assert piped.stdout.isascii()
    assert max(map(len, piped.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["5.1-55"], "edition 1.1.1 has no scenario, group, case or unit '5.1-55'; the nearest: 5.1-5,"),
        (["5.1-5-2/z"], "the nearest: 5.1-5-2/b, 5.1-5-2/a"),
        (["AuthMec"], "edition 1.1.1 has no IXIT table 'AuthMec'; the nearest: 1-AuthMech"),
        (["nonsense"], "`pytest-etsi catalogue` without an id lists what there is"),
        ([""], "edition 1.1.1 has no scenario, group, case or unit ''"),
        (["5.1-2A"], "edition 2.1.1 has it: add --edition 2.1.1"),
        (["28-LogIntf"], "edition 2.1.1 has it: add --edition 2.1.1"),
        (["4-1", "--edition", "2.1.1"], "its place is taken by 5.0-1"),
        (["--edition", "3"], "--edition: unknown edition '3'; there are 1.1.1 and 2.1.1"),
        (["5.1", "5.2"], "unexpected extra argument (5.2)"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_what_does_not_exist_is_a_usage_error_with_a_way_out(arguments, message, form):
    result = run(*arguments, *form)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_the_json_form_holds_the_whole_edition(edition_id):
    known = edition(edition_id)
    content = parsed("--edition", edition_id)
    groups = [group for scenario in content["scenarios"] for group in scenario["groups"]]
    cases = [case for group in groups for case in group["cases"]]

    assert {scenario["id"]: scenario["title"] for scenario in content["scenarios"]} == dict(known.scenarios)
    assert [group["id"] for group in groups] == [group.id for group in known.groups]
    assert [case["id"] for case in cases] == [case.id for case in known.cases]
    assert [unit["id"] for case in cases for unit in case["units"]] == [unit.id for unit in known.units]
    assert [table["id"] for table in content["tables"]] == [table.id for table in known.tables]
    assert content["conditions"] == {condition.id: condition.meaning for condition in known.conditions}
    assert content["counts"] == {
        "groups": len(known.groups),
        "cases": len(known.cases),
        "units": len(known.units),
        "mandatory": sum(provision.status == "M" for provision in known.provisions),
        "recommended": sum(provision.status == "R" for provision in known.provisions),
    }


def test_the_keys_of_the_json_form_are_stable():
    content = parsed("5.1-5-2/b")
    scenario = content["scenarios"][0]
    group = scenario["groups"][0]
    case = group["cases"][0]

    assert {
        "top": list(content),
        "scenario": list(scenario),
        "group": list(group),
        "provision": list(group["provision"]),
        "case": list(case),
        "unit": list(case["units"][0]),
        "table": list(content["tables"][0]),
        "field": list(content["tables"][0]["fields"][0]),
    } == {
        "top": [
            "format",
            "edition",
            "test_specification",
            "standard",
            "remarks",
            "selected",
            "counts",
            "scenarios",
            "conditions",
            "tables",
        ],
        "scenario": ["id", "title", "groups"],
        "group": ["id", "title", "note", "provision", "base", "difference", "doubts", "cases"],
        "provision": ["id", "title", "clause", "status", "conditional", "printed", "note"],
        "case": ["id", "kind", "purpose", "units", "pass_when", "basis"],
        "unit": [
            "id",
            "letter",
            "mode",
            "functional",
            "iterates",
            "reads",
            "scope",
            "does",
            "how",
            "automation",
            "combine",
            "applies",
        ],
        "table": ["id", "number", "name", "title", "single", "one_entry_is", "fields"],
        "field": [
            "name",
            "type",
            "meaning",
            "example",
            "values",
            "tables",
            "many",
            "free_text",
            "second_part",
            "applies_if",
        ],
    }
    assert content["format"] == 1


def test_the_json_form_of_a_unit_holds_that_unit_and_what_it_needs():
    content = parsed("5.1-5-2/b")
    unit = edition("1.1.1").unit("5.1-5-2/b")

    assert content["selected"] == "5.1-5-2/b"
    assert content["counts"] == {"groups": 1, "cases": 1, "units": 1, "mandatory": 1, "recommended": 0}
    assert content["scenarios"][0]["groups"][0]["cases"][0]["units"] == [
        {
            "id": "5.1-5-2/b",
            "letter": "b",
            "mode": "perform",
            "functional": True,
            "iterates": "1-AuthMech",
            "reads": {"1-AuthMech": ["Description", "Brute Force Prevention"]},
            "scope": unit.scope,
            "does": unit.does,
            "how": unit.how,
            "automation": "network",
            "combine": "all",
            "applies": [],
        }
    ]
    assert content["conditions"] == {"5": "The device is not a constrained device."}
    assert [table["id"] for table in content["tables"]] == ["1-AuthMech"]


def test_the_json_form_of_a_table_holds_that_table_only():
    content = parsed("AuthMech")

    assert (content["selected"], content["scenarios"]) == ("1-AuthMech", [])
    assert [table["id"] for table in content["tables"]] == ["1-AuthMech"]


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_a_part_in_the_json_form_is_that_part_of_the_whole(edition_id):
    known = edition(edition_id)
    whole = {group["id"]: group for s in describe(known)["scenarios"] for group in s["groups"]}

    for group in known.groups:
        assert describe(known, group.id)["scenarios"][0]["groups"] == [whole[group.id]]


def test_the_json_form_consists_of_builtins_that_are_the_caller_s_own():
    first = describe(edition("1.1.1"))
    first["scenarios"].clear()

    assert describe(edition("1.1.1"))["scenarios"]
    assert json.loads(json.dumps(describe(edition("1.1.1")))) == describe(edition("1.1.1"))


def test_the_help_lists_an_example_a_line():
    output = shown("--help")

    assert re.search(r"^  pytest-etsi catalogue 5\.1-5-2/b +a single unit$", output, re.MULTILINE)
