"""What a later edition adds, kept beside the documents: taken as it is said, and refused where it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inline_documents import inline
from yaml_text import dumped

from pytest_etsi.assessment.judgement import find
from pytest_etsi.assessment.migrating import MigratedProfile, migrate
from pytest_etsi.profile import ProfileError
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "assessor: Jo Example\ndate: 2026-11-30\n"


def with_additions(folder: Path, **files: str) -> MigratedProfile:
    (folder / "profile.yaml").write_text(dumped(inline("constrained-sensor")), encoding="utf-8")
    (folder / "added").mkdir()
    for name, text in files.items():
        (folder / "added" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return migrate(folder / "profile.yaml", "2.1.1", additions=folder / "added")


def test_fields_facts_and_entries_are_added_and_nothing_of_them_is_left_to_do(tmp_path: Path) -> None:
    made = with_additions(
        tmp_path,
        interfaces="28-LogIntf:\n  - {ID: ExtAPI-Radio, Status: enabled, facts: {paths: [a]}}\n  - {ID: LogIntf-New}\n",
    )
    table = made.profile.ixit.tables["28-LogIntf"]
    radio = next(one for one in table if one.id == "ExtAPI-Radio")
    left = {one.left.name for one in made.left}

    assert [one.id for one in table] == ["ExtAPI-Radio", "LogIntf-New"]
    assert (radio["Status"], radio.facts.paths, radio.facts.protocol) == ("enabled", ("a",), "ieee-802.15.4")
    assert "28-LogIntf/ExtAPI-Radio: Status" not in left
    assert "28-LogIntf/ExtAPI-Radio: Access" in left


def test_an_entry_that_is_called_the_same_as_one_that_is_not_there_stays(tmp_path: Path) -> None:
    made = with_additions(tmp_path, interfaces="same:\n  28-LogIntf: {ExtAPI-Radio: [LogIntf-Twin]}\n")

    assert [one.id for one in made.profile.ixit.tables["28-LogIntf"]] == ["ExtAPI-Radio"]


def test_a_row_of_the_ics_is_confirmed_by_being_written(tmp_path: Path) -> None:
    made = with_additions(
        tmp_path, ics='conditions: {"14": false}\n"5.1-3": {support: Y, detail: "By keys."}\n'
    )

    assert made.profile.ics.rows["5.1-3"].detail == "By keys."
    assert made.profile.ics.conditions["14"] is False
    assert not {one.left.name for one in made.left} & {"ICS 5.1-3", "condition 14"}


def test_judgements_are_bound_to_what_the_new_documents_say(tmp_path: Path) -> None:
    made = with_additions(
        tmp_path,
        judgements=f"{HEAD}judgements:\n  - {{unit: 6-6-1/a, entry: PersData-Door, rationale: It is shown.}}\n",
    )
    unit = edition("2.1.1").unit("6-6-1/a")

    assert find(made.profile, unit, "PersData-Door").status == "valid"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("tables", "30-Extra: []\n", "is no table of edition 2.1.1"),
        ("tables", "confirmed: [11-ComMech]\n", "is no table of edition 2.1.1"),
        ("tables", "same: {15-Intf: {a: [b]}}\n", "is no table of edition 2.1.1"),
        ("tables", "28-LogIntf: [\n", "not YAML"),
        ("judgements", "[]\n", "expected a mapping"),
        ("judgements", "date: 2026-11-30\n", "assessor is missing"),
        ("judgements", f"{HEAD}confirmed: [5.1-1-1/a]\n", "expected units"),
        ("judgements", f"{HEAD}confirmed: {{5.1-1-1/a: []}}\n", "no judgement of edition 1.1.1 became"),
        ("judgements", f"{HEAD}confirmed: {{9-9-9/a: []}}\n", "has no such unit"),
        (
            "judgements",
            f"{HEAD}judgements: [{{unit: 6-6-1/a, entry: X, rationale: y}}]\n",
            "has no entry 'X'",
        ),
        ("judgements", f"{HEAD}judgements: [{{unit: 6-6-2/c}}]\n", "rationale is missing"),
        ("judgements", f"{HEAD}judgements: [{{unit: 6-6-2/c, as: Y}}]\n", "there was no judgement on Y"),
        ("judgements", f"{HEAD}judgements: [{{unit: 9-9-9/a, rationale: y}}]\n", "has no such unit"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_written(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(ProfileError) as refused:
        with_additions(tmp_path, **{name: text})

    assert said in refused.value.report()
    assert {path.name for path in tmp_path.iterdir()} == {"profile.yaml", "added"}
