"""`pytest-etsi catalogue --difference`: what changed from one edition to the other, in words and as JSON."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from pytest_etsi.cli.main import main
from pytest_etsi.standard import edition


def told(*arguments: str) -> str:
    made = CliRunner().invoke(main, ["catalogue", "--difference", "1.1.1", "2.1.1", *arguments])
    assert made.exit_code == 0, made.output
    return " ".join(made.output.split())


def test_all_provisions_of_both_editions_are_told_with_what_became_of_them() -> None:
    text = told()

    assert all(one.id in text for known in ("1.1.1", "2.1.1") for one in edition(known).provisions)
    assert "5.3-4 5.3-4A R C (12) -> R F (g) 0 of 3 split: only that one mechanism" in text
    assert "15-Intf -> 15-PhyIntf" in text


def test_a_group_is_told_unit_by_unit_under_either_of_its_ids() -> None:
    old, new = edition("1.1.1").unit("5.13-1-1/b"), edition("2.1.1").unit("5.13-1A-1/b")
    text = told("5.13-1A")

    assert f"5.13-1-1/b -> 5.13-1A-1/b changed does, then {old.does}" in text
    assert f"does, now {new.does}" in text
    assert text.split("5.13-1 -> 5.13-1A")[1] in told("5.13-1")


def test_what_is_new_and_what_is_gone_is_named() -> None:
    text = told("6-1")

    assert "6-1-2/a is gone: Obtain the information" in text
    assert "6-1-1/a changed" in text
    assert "6-8-1/a is new" in told("6-8")


def test_a_table_is_told_field_by_field() -> None:
    text = told("11-ComMech")

    assert "Interface new: Logical interface the mechanism uses" in text
    assert "Resilience Measures gone: its place is in 28-LogIntf" in text
    assert "Communication Mechanisms" in told("21-PersData")


def test_as_json_it_says_the_same() -> None:
    made = CliRunner().invoke(main, ["catalogue", "--difference", "1.1.1", "2.1.1", "6-3A", "--json"])
    (row,) = json.loads(made.output)["provisions"]

    assert (row["old"], row["new"], row["kind"], row["confirm"]) == ("6-3", "6-3A", "renumbered", False)
    assert {one["same"] for one in row["units"]} == {True}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2.1.1", "1.1.1"), "no way from edition 2.1.1 to 1.1.1"),
        (("1.1.1", "2.1.1", "9-99"), "neither edition has"),
        (("1.1.1", "2.1.1", "--automation"), "do not go together"),
    ],
)
def test_what_is_not_there_is_said(arguments: tuple[str, ...], said: str) -> None:
    made = CliRunner().invoke(main, ["catalogue", "--difference", *arguments])

    assert made.exit_code == 2
    assert said in " ".join(made.output.split())
