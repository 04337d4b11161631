"""Migration of documents in other forms than those that the tool writes: inline, in braces, incomplete, contradictory."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from inline_documents import inline
from yaml_text import dumped, loaded

from pytest_etsi.assessment.entry_answers import answer_state
from pytest_etsi.assessment.migrating import MigratedProfile, migrate
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

FIRST = edition("1.1.1")


def sensor() -> dict[str, Any]:
    return inline("constrained-sensor")


def documents(**tables: Any) -> dict[str, Any]:
    """The sensor's documents with other tables, by name: Intf=[...]."""
    named = {table.name: table.id for table in FIRST.tables}
    ixit = sensor()["ixit"] | {named[name]: content for name, content in tables.items()}
    return sensor() | {"ixit": {name: one for name, one in ixit.items() if one is not None}}


def migrated(folder: Path, content: dict[str, Any] | str, **given: Any) -> MigratedProfile:
    text = content if isinstance(content, str) else dumped(content)
    (folder / "profile.yaml").write_text(text, encoding="utf-8")
    return migrate(folder / "profile.yaml", "2.1.1", **given)


def entries(made: MigratedProfile, table: str) -> dict[str, Any]:
    return {one.id: one for one in made.profile.ixit.tables[table]}


def interface(name: str, type_: Any, **more: Any) -> dict[str, Any]:
    return {"ID": name, "Description": f"Interface {name}.", "Type": type_, "Status": "enabled", **more}


def test_all_in_one_file_becomes_documents_of_their_own(tmp_path: Path) -> None:
    made = migrated(tmp_path, sensor())
    whole = migrate("constrained-sensor", "2.1.1", into=tmp_path / "from-files")
    raw = {table.id: [one.raw for one in table] for table in made.profile.ixit}

    assert (tmp_path / "ics-2.1.1.yaml").is_file()
    assert len(list((tmp_path / "ixit-2.1.1").iterdir())) == 29
    assert raw == {table.id: [one.raw for one in table] for table in whole.profile.ixit}
    assert {(one.left.kind, one.left.name) for one in made.left} == {
        (one.left.kind, one.left.name) for one in whole.left
    }


def test_what_is_written_in_braces_says_the_same_afterwards(tmp_path: Path) -> None:
    text = dumped(documents(Intf=[]))
    braces = '{ID: Intf-LAN, Type: "network, physical", Description: A socket., Status: enabled, facts: {exposure: required}}'
    made = migrated(tmp_path, text.replace("  15-Intf: []\n", f"  15-Intf: [{braces}]  # one\n"))
    (entry,) = made.profile.ixit.tables["15-PhyIntf"]

    assert (entry["Type"], entry["Description"]) == ("network, physical port", "A socket.")
    assert entry.facts.exposure == "required"


def test_a_port_that_is_a_logical_interface_as_well_stands_in_both_and_the_second_is_drafted(
    tmp_path: Path,
) -> None:
    made = migrated(
        tmp_path,
        documents(Intf=[interface("Intf-USB", "logical, physical", facts={"type": ["logical", "physical"]})]),
    )
    port, logical = entries(made, "15-PhyIntf")["Intf-USB"], entries(made, "28-LogIntf")["Intf-USB"]

    assert (port["Type"], port.facts.type) == ("physical port", ("physical",))
    assert logical.draft is not None
    assert logical.facts.network is False
    assert port.draft is None


@pytest.mark.parametrize("type_", ["network, logical", ["network", "logical"], "Logical (network)"])
def test_a_logical_interface_moves_however_its_type_is_written(tmp_path: Path, type_: Any) -> None:
    made = migrated(tmp_path, documents(Intf=[interface("Intf-HTTP", type_)]))

    assert entries(made, "15-PhyIntf") == {}
    assert entries(made, "28-LogIntf")["Intf-HTTP"].facts.network is True


@pytest.mark.parametrize("type_", ["", "something of our own"])
def test_an_interface_of_no_known_type_is_left_to_a_person(tmp_path: Path, type_: str) -> None:
    made = migrated(tmp_path, documents(Intf=[interface("Intf-X", type_)]))

    assert entries(made, "15-PhyIntf").keys() == {"Intf-X"}
    assert "15-PhyIntf/Intf-X: Type" in {one.left.name for one in made.left}


def test_two_entries_of_one_id_are_left_to_a_person(tmp_path: Path) -> None:
    made = migrated(tmp_path, documents(Intf=[interface("ExtAPI-Radio", "network, logical")]))
    kept = (tmp_path / "ixit-2.1.1" / "28-LogIntf.yaml").read_text(encoding="utf-8")

    assert [one.left.name for one in made.left if "same ID" in one.left.what] == ["28-LogIntf/ExtAPI-Radio"]
    assert "# Description: Interface ExtAPI-Radio." in kept
    assert "frames" in entries(made, "28-LogIntf")["ExtAPI-Radio"]["Description"].lower()


def test_a_table_that_lacks_lacks_afterwards(tmp_path: Path) -> None:
    made = migrated(tmp_path, documents(VulnMon=None))

    assert ["5-VulnMon" in one.message for one in made.profile.open_problems] == [True]
    assert made.profile.ixit.tables["5-VulnMon"].unread


def test_a_table_in_no_form_is_taken_as_it_is(tmp_path: Path) -> None:
    made = migrated(
        tmp_path, documents(VulnMon=["we watch lists", {"ID": "VulnMon-2", "Description": "And read."}])
    )
    table = made.profile.ixit.tables["5-VulnMon"]

    assert [entry.id for entry in table] == ["VulnMon-2"]
    assert table.unread


def test_what_is_no_table_is_kept_as_a_comment(tmp_path: Path) -> None:
    content = sensor() | {"ixit": sensor()["ixit"] | {"30-Extra": [{"ID": "Extra-1", "Note": "of our own"}]}}
    made = migrated(tmp_path, content)
    (left,) = (one for one in made.left if one.left.name == "IXIT 30-Extra")

    assert "of our own" in (tmp_path / left.file).read_text(encoding="utf-8")
    assert made.profile.open_problems == ()


def test_rows_in_other_forms_keep_their_answers(tmp_path: Path) -> None:
    made = migrated(
        tmp_path, sensor() | {"ics": {"5.2-2": "Y", "5.4-1": "Y", "5.3-6": "N/A", "nonsense": "Y"}}
    )

    assert {name: row.support for name, row in made.profile.ics.rows.items()} == {"5.2-2": "Y", "5.4-1": "Y"}
    assert made.profile.ics.unread.keys() >= {"5.3-6A", "5.3-6B"}
    assert "ICS nonsense" in {one.left.name for one in made.left}


def test_marks_of_drafts_keep_their_meaning(tmp_path: Path) -> None:
    content = documents()
    parameter = content["ixit"]["10-SecParam"][0] | {
        "drafted": {"Communication Mechanisms": "survey/01.json"}
    }
    content["ixit"] = content["ixit"] | {
        "10-SecParam": [parameter, *content["ixit"]["10-SecParam"][1:]],
        "drafted": {"11-ComMech": "survey/02.json"},
    }
    made = migrated(tmp_path, content)
    drafts = {(one.part, one.field, one.evidence) for one in made.profile.drafts}

    assert (f"10-SecParam/{parameter['ID']}", "Secure Communication Mechanisms", "survey/01.json") in drafts
    assert ("11-SecComMech", "", "survey/02.json") in drafts


def test_files_are_named_from_where_the_new_documents_stand(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "secrets.yaml").write_text("a: b\n", encoding="utf-8")
    (tmp_path / "old" / "photo.txt").write_text("seen\n", encoding="utf-8")
    judgement = {
        "unit": "5.2-3-1/a", "verdict": "PASS", "assessor": "Jo", "date": datetime.date(2026, 1, 31),
        "basis": "own-examination", "rationale": "Searched.", "evidence": ["photo.txt"],
        "fingerprint": "sha256:" + "0" * 64,
    }  # fmt: skip
    made = migrated(
        tmp_path / "old",
        sensor() | {"secrets": "secrets.yaml", "judgements": [judgement]},
        into=tmp_path / "new",
    )
    written = loaded((tmp_path / "new" / "profile.yaml").read_text(encoding="utf-8"))

    assert written["secrets"] == "../old/secrets.yaml"
    assert [one.evidence[0].read_text() for one in made.profile.judgements] == ["seen\n"]


def test_an_answer_on_an_entry_stands_where_the_entry_says_the_same(tmp_path: Path) -> None:
    content = documents(Intf=[interface("Intf-USB", "physical"), interface("Intf-HTTP", "network, logical")])
    (tmp_path / "profile.yaml").write_text(dumped(content), encoding="utf-8")
    old = load_profile(tmp_path / "profile.yaml")

    def answer(entry: str) -> dict[str, Any]:
        return {
            "question": "15-Intf/accessible", "entry": entry, "answer": "no", "assessor": "Jo",
            "date": datetime.date(2026, 1, 31), "basis": "own-examination", "rationale": "Looked at it.",
            "fingerprint": answer_state(old, "15-Intf", entry, "accessible").fingerprint,
        }  # fmt: skip

    made = migrated(tmp_path, content | {"judgements": [answer("Intf-USB"), answer("Intf-HTTP")]})
    state = answer_state(made.profile, "15-PhyIntf", "Intf-USB", "accessible")

    # Of the word for a port the answer is stale: it may have meant another thing.
    assert (state.status, [one.entry for one in made.profile.answers]) == ("stale", ["Intf-USB"])
    assert "answer 15-Intf/accessible Intf-HTTP" in {one.left.name for one in made.left}
