"""What a loaded profile offers to the rest of the program."""

from __future__ import annotations

import dataclasses
import datetime
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from profile_documents import PROFILE, load, problems_of, write_profile
from pydantic import ValidationError
from work import at_most_cpu_s

from pytest_etsi.profile import Endpoint, External, load_profile, reveal, shipped_profiles
from pytest_etsi.profile._tables import models_for
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

IXIT = """\
"1-AuthMech":
- ID: AuthMech-web
  Brute Force Prevention: five, then a lock
  facts: {endpoint: [443/tcp, "[2001:db8::7]:8443/tcp"]}
- ID: AuthMech-stream
  facts: {endpoint: 443/tcp}
"7-UpdMech":
- ID: UpdMech-OTA
"6-SoftComp":
- {ID: a, Update Mechanism: "UpdMech-OTA (over the air)", Cryptographic Usage: true}
- {ID: b, Update Mechanism: []}
- {ID: c, Update Mechanism: none; in mask ROM}
- {ID: d, Update Mechanism: [UpdMech-OTA]}
"2-UserInfo": {Support Period: until 2031}
"""


@pytest.fixture
def camera(tmp_path: Path):
    write_profile(
        tmp_path,
        ixit=IXIT,
        ics='"5.1-1": {support: N/A, detail: none}\nconditions: {"1": false, "2": true}\n',
        judgements="- {unit: 5.1-5-1/a, entry: AuthMech-web, verdict: FAIL, assessor: Jo, date: 2026-01-31, "
        "rationale: r, "
        "basis: external-evidence, external: {document: EX-1, issuer: Lab, scope: login, valid_until: 2027-01-31}}\n",
    )
    return load(tmp_path)


def test_a_table_is_found_by_id_name_and_attribute(camera) -> None:
    table = camera.ixit.auth_mech

    assert (
        camera.ixit.table("1-AuthMech")
        is camera.ixit.table("AuthMech")
        is camera.ixit.table("auth_mech")
        is table
    )
    assert [entry.id for entry in table] == ["AuthMech-web", "AuthMech-stream"]
    assert table.get("AuthMech-stream") is table[1]
    assert table.get("nope") is None
    assert (table.argument_name, table[0].argument_name) == ("auth_mech", "auth_mech")


def test_a_single_record_is_an_entry_without_id(camera) -> None:
    assert camera.ixit.user_info["Support Period"] == "until 2031"
    assert camera.ixit.user_info.id == ""
    assert camera.ixit.table("2-UserInfo").single


def test_a_field_left_out_is_empty_and_an_unknown_one_an_error(camera) -> None:
    entry = camera.ixit.auth_mech[0]

    assert entry["Cryptographic Details"] == ""
    with pytest.raises(KeyError, match="there is 'Brute Force Prevention'"):
        entry["Brute Force Preventoin"]


def test_facts_that_were_not_given_are_an_empty_model(camera) -> None:
    entry = camera.ixit.soft_comp[0]

    assert entry.facts.version is None
    assert camera.ixit.auth_mech[1].facts.brute_force is None
    assert camera.ixit.auth_mech[1].access.driver is None


def test_the_places_of_a_table_are_those_of_its_entries(camera) -> None:
    found = camera.ixit.auth_mech.places()

    assert {("tcp", 443, None), ("tcp", 8443, "2001:db8::7")} <= {(*one.where, one.host) for one in found}
    assert {one.port for one in found} == {443, 8443}
    assert camera.ixit.soft_comp.places() == frozenset()


def test_references_are_read_from_lists_and_from_text_with_remarks(camera) -> None:
    assert [entry.references["Update Mechanism"] for entry in camera.ixit.soft_comp] == [
        ("UpdMech-OTA",),
        (),
        (),
        ("UpdMech-OTA",),
    ]


def test_a_plain_true_is_a_yes(camera) -> None:
    assert camera.ixit.soft_comp[0]["Cryptographic Usage"] == "yes"


def test_an_attribute_that_is_no_table_names_the_nearest(camera) -> None:
    with pytest.raises(AttributeError, match="there is 'auth_mech'"):
        _ = camera.ixit.auth_mesh


def test_ics_rows_and_conditions(camera) -> None:
    assert (camera.ics.rows["5.1-1"].support, camera.ics.rows["5.1-1"].detail) == ("N/A", "none")
    assert camera.ics.conditions == {"1": False, "2": True}


def test_a_judgement_is_typed(camera) -> None:
    (judgement,) = camera.judgements

    assert judgement.verdict is Verdict.FAIL
    assert judgement.date == datetime.date(2026, 1, 31)
    assert (judgement.entry, judgement.fingerprint, judgement.source.line) == ("AuthMech-web", "", 1)
    assert judgement.external == External("EX-1", "Lab", "login", datetime.date(2027, 1, 31))


def test_profile_and_facts_cannot_be_changed(camera) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        camera.name = "other"
    with pytest.raises(ValidationError, match="frozen"):
        camera.ixit.auth_mech[0].facts.subject = "user"


def test_all_documents_may_stand_in_one_file(tmp_path: Path) -> None:
    path = write_profile(tmp_path)
    text = PROFILE.replace("ics: ics.yaml", "ics: {'5.1-1': {support: Y}}").replace(
        "judgements: judgements.yaml\n", ""
    )
    tables = "".join(f"  {line}\n" for line in (tmp_path / "ixit.yaml").read_text().splitlines())
    path.write_text(text.replace("ixit: ixit.yaml", f"ixit:\n{tables}"))

    profile = load(tmp_path)
    assert profile.ics.rows["5.1-1"].source.line == 5
    assert len(profile.ixit) == 29
    assert profile.sources == (path,)


def test_the_ixit_may_be_a_directory_with_a_file_a_table(tmp_path: Path) -> None:
    write_profile(tmp_path, profile=PROFILE.replace("ixit.yaml", "ixit/"))
    (tmp_path / "ixit").mkdir()
    for number, line in enumerate((tmp_path / "ixit.yaml").read_text().splitlines()):
        (tmp_path / "ixit" / f"{number}.yaml").write_text(line + "\n")

    assert len(load(tmp_path).ixit) == 29


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_table_set_and_fields_are_those_of_the_edition(tmp_path: Path, edition_id: str) -> None:
    standard = edition(edition_id)
    write_profile(tmp_path, edition_id=edition_id)
    ixit = load(tmp_path).ixit

    assert [table.id for table in ixit] == [table.id for table in standard.tables]
    assert all(
        tuple(table[0]) == tuple(field.name for field in known.fields)
        for table, known in zip(ixit, standard.tables, strict=True)
        if table.single
    )


def test_both_editions_ask_for_a_renamed_table_by_the_same_name(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        edition_id="2.1.1",
        ixit='"11-SecComMech":\n- {ID: c, Interface: "l, remotely accessible"}\n"28-LogIntf":\n- {ID: l}\n',
    )
    profile = load(tmp_path)

    assert profile.ixit.com_mech.id == "11-SecComMech"
    assert profile.ixit.com_mech[0].references["Interface"] == ("l",)
    assert profile.ixit.ext_api.id == "28-LogIntf"
    assert {argument_name(t.id) for t in edition("1.1.1").tables} == {
        argument_name(t.id) for t in edition("2.1.1").tables
    }


def test_every_table_of_either_edition_has_models() -> None:
    tables = [table for known in EDITIONS for table in edition(known).tables]

    assert {models_for(table.id)[0].__name__[-5:] for table in tables} == {"Facts"}
    assert {models_for(table.id)[1].__name__[-6:] for table in tables} == {"Access"}
    with pytest.raises(KeyError):
        models_for("30-Nothing")


@pytest.mark.parametrize(
    "text", ["443/tcp", "192.0.2.7:443/tcp", "[2001:db8::7]:53/udp", "cam.example:1/udp"]
)
def test_an_endpoint_is_written_as_it_was_read(text: str) -> None:
    assert str(Endpoint.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "443", "tcp/443", "0/tcp", "65536/tcp", "443/sctp", "2001:db8::7:443/tcp", "443/tcp x"]
)
def test_what_is_no_endpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected an endpoint"):
        Endpoint.parse(text)


def test_the_ports_of_the_device_are_ranges(tmp_path: Path) -> None:
    network = "{hosts: [h], ports: '80, 443-444', ports_because: bench}"
    write_profile(tmp_path, profile=PROFILE.replace("{hosts: [192.0.2.7]}", network))

    assert load(tmp_path).access.network.port_ranges() == ((80, 80), (443, 444))  # type: ignore[union-attr]


def test_an_unquoted_number_is_text_where_text_is_expected_and_a_number_in_json(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        extra="  operations:\n    x: {kind: http, url: 'http://h/', "
        "json: {n: 5, on: true, t: '5'}, headers: {A: 1.50}}\n",
    )
    operation = load(tmp_path).access.operations["x"]

    assert reveal(operation.json_body) == {"n": 5, "on": True, "t": "5"}  # type: ignore[union-attr]
    assert reveal(operation.headers) == {"A": "1.50"}  # type: ignore[union-attr]


@pytest.mark.parametrize("name", sorted(shipped_profiles()))
def test_every_shipped_profile_is_valid_and_found_by_name(name: str) -> None:
    profile = load_profile(name)

    assert profile.name == name


def test_a_document_of_5000_entries_is_read_within_a_few_seconds(tmp_path: Path) -> None:
    entries = "".join(
        f"- ID: AuthMech-{i}\n  Description: Login of owner {i} over HTTPS\n  facts:\n    endpoint: 443/tcp\n"
        f"    password: {{origin: user-defined, min_length: 10}}\n    brute_force: {{max_attempts: 5, lockout_s: 60}}\n"
        for i in range(5000)
    )
    write_profile(tmp_path, ixit='"1-AuthMech":\n' + entries)

    with at_most_cpu_s(10):
        assert problems_of(tmp_path) == []


def test_the_plugin_does_not_pay_for_the_documents() -> None:
    code = "import sys, pytest_etsi; print(sorted({'pydantic', 'yaml', 'pytest_etsi.profile'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "[]\n"
