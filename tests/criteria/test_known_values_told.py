"""What the profile states of the device is recognised in whatever it tells, and compared with what is said to be told."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.assessment.criteria._known_values import known_values
from pytest_etsi.assessment.criteria._untold import denies
from pytest_etsi.probes.disclosure import Disclosed, DisclosureObservation
from tests.criteria.documents import profile_of

DUT = {
    "manufacturer": "Example", "model": "Lamp 2", "hardware": "A", "software": "2.4.1", "serial": "L-77",
    "mac": "B8:27:EB:96:C6:C2", "ssid": "Lamp-net",
}  # fmt: skip


def compared(text, said="Name of the device.", *, name="", field="mdns", discloses=(), **dut):
    facts = {
        "type": ["network", "logical"],
        "enabled": True,
        "endpoint": "5353/udp",
        "discloses": list(discloses),
    }
    entry = {"ID": "I", "Type": "network", "Disclosed Information": said, "facts": facts}
    profile = profile_of({"15-Intf": [entry]}, dut=DUT | dut)
    item = Disclosed("udp", 5353, "", field, name, text)
    seen = DisclosureObservation("192.0.2.7", (item,), ("udp/5353 mDNS",))
    return criteria.disclosure.undeclared(profile.ixit.intf[0], profile, [seen])


@pytest.mark.parametrize(
    "said",
    [
        "The name. The serial number is not told.",
        "Name and model; neither software version nor serial number are told.",
        "Only name and model; nothing else is told.",
        "The device does not disclose its serial number.",
        "Name: told; serial number: not disclosed.",
        "No MAC address, serial number or version is shown.",
        "Without a login the name is told, not the serial number.",
        "The serial number is shown only after the login.",
    ],
)
def test_a_serial_number_that_is_said_not_to_be_told_refutes(said):
    assert "serial number, which the documents say is not told" in str(compared("sn=l-77", said).violations)


@pytest.mark.parametrize(
    "said",
    [
        "Name of the device.",
        "Without a login the serial number and the name are told.",
        "The serial number is told without login.",
        "The serial number is no secret, and passwords are not made from it.",
        "Neither passwords nor tokens are made from the serial number.",
        "No secrets, only the serial number.",
        "The serial number is told by mDNS. The serial number is not told by HTTP.",
        "There is no need to hide the serial number.",
        "Nothing else security-relevant is told.",
    ],
)
def test_a_serial_number_that_is_not_said_to_be_untold_is_for_a_person(said):
    found = compared("sn=L-77", said)

    assert not found.violations
    assert "serial number" in str(found.unknowns)


def test_a_serial_number_that_is_declared_is_no_finding():
    assert not compared("sn=L-77", "The serial number is not told.", discloses=["L-77"]).violations


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("b8:27:eb:96:c6:c2", "MAC address"),
        ("uuid:2f402f80-da50-11e1-9b23-b827eb96c6c2", "MAC address"),
        ("fe80::ba27:ebff:fe96:c6c2", "MAC address"),
        ("B827.EB96.C6C2", "MAC address"),
        ("lamp-net", "name of the network"),
        ("host L-77.local", "serial number"),
        ("fw=2.4.1", "software version"),
        ("lamp 2", "model"),
    ],
)
def test_a_value_is_found_in_any_form(text, what):
    profile = profile_of({}, dut=DUT)

    assert [one.what for one in known_values(profile) if one.found(text)] == [what]


@pytest.mark.parametrize(
    "text",
    [
        "L-771",
        "XL-77",
        "12.4.1",
        "2.4.12",
        "2.4.1.5",
        "ab8:27:eb:96:c6:c2",
        "lamp 22",
        "protocol version 2.4.1",
    ],
)
def test_a_value_within_another_is_another(text):
    assert [one.what for one in known_values(profile_of({}, dut=DUT)) if one.found(text)] == []


def test_a_long_serial_number_is_found_within_a_name():
    profile = profile_of({}, dut=DUT | {"serial": "SN1234567"})

    assert not [one for one in known_values(profile) if one.found("LampSN12345678")]
    assert [one.what for one in known_values(profile) if one.found("LampSN1234567._http")] == [
        "serial number"
    ]


def test_the_version_of_the_software_refutes_whatever_it_is_called():
    assert "software version, which is not documented" in str(compared("v=2.4.1").violations)
    assert not compared("v=2.4.1", "The version is told.").violations
    assert not compared("v=2.4.1", discloses=["2.4.1"]).violations


def test_a_short_version_may_count_anything():
    assert not compared("v=1.0", software="1.0").violations


def test_a_model_is_compared_only_where_it_is_said_not_to_be_told():
    assert not compared("Lamp 2", field="title").unknowns
    assert compared("Lamp 2", "The model is not told.", field="title").violations


def test_what_one_clause_denies_is_not_denied_of_its_neighbour():
    said = "Name and model are told, the serial number is not."

    assert denies(said, "serial number")
    assert not denies(said, "model")


def test_a_value_that_a_rule_refutes_is_told_once():
    assert len(compared("2.4.1", name="firmware", field="json").violations) == 1


@pytest.mark.parametrize(("field", "kept"), [("script", 0), ("css", 0), ("text", 1)])
def test_a_short_value_may_stand_for_anything_in_a_program(field, kept):
    said = "The serial number is not told."

    assert len(compared("a=L-77", said, field=field).violations) == kept
    assert compared("a=SN1234567", said, field=field, serial="SN1234567").violations


def test_any_interface_at_a_place_may_say_that_a_value_is_not_told_or_declare_it():
    facts = {"type": ["network", "logical"], "enabled": True, "endpoint": "5353/udp"}

    def kinds(said, *discloses, told="sn=L-77"):
        other = {"ID": "B", "Disclosed Information": said, "facts": facts | {"discloses": list(discloses)}}
        plain = {"ID": "A", "Disclosed Information": "Name of the device.", "facts": facts}
        profile = profile_of({"15-Intf": [plain, other]}, dut=DUT)
        item = Disclosed("udp", 5353, "", "mdns", "", told)
        seen = DisclosureObservation("192.0.2.7", (item,), ("udp/5353 mDNS",))
        return {one.kind for one in criteria.disclosure.undeclared(profile.ixit.intf[0], profile, [seen])}

    assert "violation" in kinds("The serial number is not told.")
    assert kinds("The serial number is not told.", "sn=L-77") == set()
    assert "violation" not in kinds("The model is not told.")
    assert "violation" in kinds("The name is told.", told="v=2.4.1")
    assert "violation" not in kinds("The version is told.", told="v=2.4.1")
