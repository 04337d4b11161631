"""Plausibility of the ICS: each rule finds what it is for, in both editions, and nothing in a truthful ICS."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, Any, get_args

import jsonschema
import pytest
from assessment_documents import load
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from ics_documents import plausible_documents

from pytest_etsi.assessment.ics.plausibility import ics_findings
from pytest_etsi.assessment.ics.sheet import Rule
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.reading.conditions import condition_holds
from pytest_etsi.assessment.reading.justifications import denies, only_restates, without_content
from pytest_etsi.assessment.results import build_results
from pytest_etsi.assessment.rollup import ALWAYS_ASSESSED, check_ics
from pytest_etsi.cli.main import main
from pytest_etsi.profile import Ics, IcsRow, load_profile
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_etsi.profile import Profile

SCHEMA = json.loads(resources.files("pytest_etsi.report").joinpath("results.schema.json").read_text())

Found = set[tuple[str, str, str]]
Change = dict[str, Any]


def changed(edition_id: str, change: Change) -> dict[str, Any]:
    """The plausible documents with a change: provision -> answer or (answer, detail); None: no row.

    "conditions", "ixit" and "dut" are merged into what is there; a condition of None is left out.
    """
    content = plausible_documents(edition_id)
    for name, value in change.items():
        if name == "conditions":
            stated = content["ics"]["conditions"] | value
            content["ics"]["conditions"] = {key: one for key, one in stated.items() if one is not None}
        elif name == "ixit":
            catalogue = edition(edition_id)
            content["ixit"] |= {catalogue.table(table).id: entries for table, entries in value.items()}
        elif name == "dut":
            content["dut"] |= value
        elif value is None:
            del content["ics"][name]
        else:
            support, detail = (value, f"Reason {name}.") if isinstance(value, str) else value
            content["ics"][name] = {"support": support, "detail": detail}
    return content


def found(directory: Path, edition_id: str, change: Change) -> Found:
    profile = load(directory, changed(edition_id, change))
    return {(one.about, one.rule, one.level) for one in ics_findings(profile)}


def no_update(edition_id: str, **answers: Any) -> Change:
    """A lamp without update mechanism, with every row that depends on it N/A."""
    later = edition_id == "2.1.1"
    missing = ("12", "g", "h", "i", "j") if later else ("9", "11", "12")
    rows = {
        one.id: "N/A" for one in edition(edition_id).provisions if set(one.conditional) & set(missing)
    } | {"5.3-1": ("N", "The program is in mask ROM."), "5.3-2": "N/A"}
    return {
        "conditions": dict.fromkeys(missing, False) | {"3": True},
        "ixit": {"UpdMech": [], "SoftComp": [{"ID": "SoftComp-1", "Update Mechanism": []}]},
        **rows,
        **answers,
    }


# Nothing is wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_nothing_is_found_in_a_plausible_ics(tmp_path, edition_id):
    assert found(tmp_path, edition_id, {}) == set()


@pytest.mark.parametrize("name", ["virtual-camera", "constrained-sensor"])
def test_nothing_is_found_in_a_shipped_ics(name):
    assert [str(one) for one in ics_findings(load_profile(name))] == []


CONSTRAINED = {"dut": {"constrained": True}, "conditions": {"4": True, "5": False}}
GOOD: list[tuple[str, Change]] = [
    # A component in mask ROM says so: the provision can be met, and need not be, since it is a recommendation.
    ("1.1.1", {"conditions": {"3": True}, "ixit": {"SoftComp": [{"ID": "SoftComp-1", "Update Mechanism": [], "facts": {"no_update_reason": "immutable"}}]}}),
    ("1.1.1", {"5.3-1": ("N", "The boot loader is in mask ROM."), "conditions": {"3": True}, "ixit": {"SoftComp": [{"ID": "SoftComp-1", "Update Mechanism": [], "facts": {"no_update_reason": "immutable"}}]}}),
    ("1.1.1", {"conditions": {"3": True}, "ixit": {"SoftComp": [{"ID": "SoftComp-1", "Update Mechanism": "None: the loader is in mask ROM."}]}}),
    # What a row states is what its table states, in other words or units.
    ("1.1.1", {"5.2-1": ("Y", "Acknowledged within a week."), "ixit": {"VulnTypes": [{"ID": "VulnTypes-1", "Time Frame": "Receipt confirmed within 5 working days, update within 90 days."}]}}),
    ("1.1.1", {"5.2-1": ("Y", "The policy names a contact; receipt is confirmed in 3 days."), "ixit": {"VulnTypes": [{"ID": "VulnTypes-1", "Time Frame": "90 days.", "facts": {"max_days": 90}}]}}),
    ("2.1.1", {"5.3-13": ("Y", "Fünf Jahre, bis Ende 2031."), "ixit": {"UserInfo": {"Support Period": "60 months, until 31 December 2031"}}}),
    ("1.1.1", {"5.1-5": ("Y", "After 5 wrong passwords a lock of one hour."), "ixit": {"AuthMech": [{"ID": "AuthMech-1", "facts": {"brute_force": {"max_attempts": 5, "lockout_s": 3600}}}]}}),
    ("1.1.1", {"6-2": ("Y", "Consent is asked for in the app, never assumed.")}),
    ("2.1.1", {"5.5-6": ("Y", "The password goes over TLS 1.3."), "ixit": {"SecParam": [{"ID": "SecParam-1", "Type": "critical", "Description": "Kennwort des Besitzers", "Secure Communication Mechanisms": ["SecComMech-1"], "facts": {"hard_coded_identity": True, "provisioning": "production", "purpose": ["service-communication"]}}]}}),
    # A row that the pro forma of edition 1.1.1 does not have may be missing, and that of 2.1.1 goes without saying.
    ("1.1.1", {"4-1": None}),
    ("2.1.1", {"5.0-1": None}),
    # A constrained device is released from updates, and may still keep guessing at bay.
    ("1.1.1", no_update("1.1.1", dut={"constrained": True}, **{"5.1-5": ("Y", "Five attempts, although this is a constrained device.")}) | {"conditions": CONSTRAINED["conditions"] | {"9": False, "11": False, "12": False, "3": True}}),
    ("1.1.1", CONSTRAINED | {"5.1-5": ("N/A", "A constrained device."), "5.3-2": "N/A"}),
    ("1.1.1", CONSTRAINED | {"5.1-5": ("Y", "Five attempts, although the device is constrained."), "5.3-2": "N/A"}),
    ("1.1.1", CONSTRAINED),
    # One statement on the two opposite conditions is enough.
    ("1.1.1", {"conditions": {"4": None}}),
    ("1.1.1", {"conditions": {"5": None}}),
    ("1.1.1", {"dut": {"constrained": True}, "conditions": {"4": True, "5": None}}),
    # Edition 2.1.1: a limit that follows from the use case excuses.
    ("2.1.1", no_update("2.1.1") | {"conditions": no_update("2.1.1")["conditions"] | {"15": False}}),
    # What is not there at all, with all its rows.
    ("1.1.1", {"conditions": {"6": False}, "ixit": {"TelData": []}, "5.10-1": "N/A", "6-4": "N/A", "6-5": "N/A"}),
    ("2.1.1", {"conditions": {"w": False}, "ixit": {"TelData": []}, "5.10-1": "N/A", "6-4": "N/A", "6-5": "N/A"}),
    # The documents show the absence, although the ICS states nothing.
    ("1.1.1", {"conditions": {"6": None}, "ixit": {"TelData": []}, "5.10-1": "N/A", "6-4": "N/A", "6-5": "N/A"}),
    # A recommendation that is not met, with its reason.
    ("1.1.1", {"5.7-1": ("N", "The processor has no ROM that could check a signature.")}),
    ("2.1.1", {"5.7-1": ("N", "The processor has no ROM that could check a signature."), "5.7-2": "N/A", "conditions": {"s": False}, "ixit": {"SecBoot": []}}),
    # Two rows may have one text, and so may all that a condition connects.
    ("1.1.1", {"5.5-1": ("Y", "By TLS 1.3."), "5.8-1": ("Y", "By TLS 1.3.")}),
    ("1.1.1", dict.fromkeys(("5.3-3", "5.3-7", "5.3-9"), ("Y", "Packages are signed with Ed25519."))),
    ("2.1.1", dict.fromkeys(("5.3-3", "5.3-7", "5.3-9"), ("Y", "Packages are signed with Ed25519."))),
    # Edition 1.1.1 has no condition for personal data, but they are one subject.
    ("1.1.1", dict.fromkeys(("5.8-1", "5.8-2", "5.11-2"), ("Y", "Nothing of it goes to any service."))),
    # Claimed of one's own accord.
    ("1.1.1", {"5.3-14": ("N/A", "All software can be updated."), "5.3-15": ("Y", "Met voluntarily: the lamp can be unplugged.")}),
    # An update of a component, beside one that cannot be updated.
    ("2.1.1", {"conditions": {"3": True}, "ixit": {"SoftComp": [{"ID": "SoftComp-1", "Update Mechanism": ["UpdMech-1"]}, {"ID": "SoftComp-2", "Update Mechanism": []}]}}),
]  # fmt: skip


@pytest.mark.parametrize(("edition_id", "change"), GOOD)
def test_nothing_is_found_in_an_honest_variation(tmp_path, edition_id, change):
    assert found(tmp_path, edition_id, change) == set()


# Each rule --------------------------------------------------------------------------------------------------

E, W = "error", "warning"
ALL_TELEMETRY = {"5.10-1": "N/A", "6-4": "N/A", "6-5": "N/A"}
NO_TELEMETRY = {"ixit": {"TelData": []}, **ALL_TELEMETRY}
ONE_TEXT = ("Y", "Our device follows the state of the art.")


def each(rule: str, level: str, *about: str) -> Found:
    return {(one, rule, level) for one in about}


BAD: list[tuple[str, Change, Found]] = [
    ("1.1.1", {"5.5-1": None}, each("missing-row", E, "5.5-1")),
    ("2.1.1", {"5.13-1B": None}, each("missing-row", E, "5.13-1B")),
    # Justifications
    ("1.1.1", {"5.5-1": ("Y", "")}, each("no-justification", W, "5.5-1")),
    ("1.1.1", {"5.5-1": ("Y", "Yes.")}, each("no-justification", W, "5.5-1")),
    ("2.1.1", {"5.5-1": ("Y", "Fulfilled by the device.")}, each("no-justification", W, "5.5-1")),
    ("1.1.1", {"5.7-1": ("N", "tbd")}, each("no-justification", E, "5.7-1")),
    ("1.1.1", {"5.7-1": ("N", " ")}, each("no-justification", E, "5.7-1")),
    ("2.1.1", {"5.6-8": ("N", "-")}, each("no-justification", E, "5.6-8")),
    ("1.1.1", NO_TELEMETRY | {"conditions": {"6": False}, "6-4": ("N/A", "Not applicable to this product.")}, each("no-justification", E, "6-4")),
    ("2.1.1", NO_TELEMETRY | {"conditions": {"w": False}, "6-4": ("N/A", "n/a")}, each("no-justification", E, "6-4")),
    # N/A
    ("1.1.1", {"5.5-1": "N/A"}, each("na-on-unconditional-row", E, "5.5-1")),
    ("1.1.1", {"4-1": "N/A"}, each("na-on-unconditional-row", E, "4-1")),
    ("2.1.1", {"5.6-2": "N/A"}, each("na-on-unconditional-row", E, "5.6-2")),
    ("1.1.1", {"conditions": {"6": None}, **ALL_TELEMETRY}, each("na-although-condition-holds", E, *ALL_TELEMETRY)),
    ("1.1.1", {"conditions": {"6": True}, **NO_TELEMETRY}, each("na-although-condition-holds", E, *ALL_TELEMETRY) | each("condition-stated-but-not-shown", W, "condition 6")),
    ("1.1.1", {"5.3-2": "N/A", "5.1-5": "N/A"}, each("na-although-condition-holds", E, "5.3-2", "5.1-5")),
    ("2.1.1", {"conditions": {"w": None}, **ALL_TELEMETRY}, each("na-although-condition-holds", E, *ALL_TELEMETRY)),
    ("2.1.1", {"conditions": {"15": None}, "5.3-2": "N/A"}, each("na-although-condition-holds", E, "5.3-2")),
    ("1.1.1", {"conditions": {"8": None}, "ixit": {"AuthMech": [{"ID": "AuthMech-1", "Authentication Factor": "Password on the label"}]}, "5.1-4": "N/A"}, each("na-while-condition-unknown", W, "5.1-4")),
    ("2.1.1", {"conditions": {"p": None}, "5.6-1": "N/A"}, each("na-while-condition-unknown", W, "5.6-1")),
    ("1.1.1", no_update("1.1.1"), each("na-is-circular", E, "5.3-2") | each("all-rows-one-story", W, "5.3-2")),
    ("2.1.1", no_update("2.1.1"), each("na-is-circular", E, "5.3-2")),
    ("2.1.1", no_update("2.1.1") | {"conditions": no_update("2.1.1")["conditions"] | {"15": None}}, each("na-is-circular", E, "5.3-2")),
    # N
    ("1.1.1", {"5.5-1": "N"}, each("n-on-mandatory-provision", E, "5.5-1")),
    ("2.1.1", {"5.0-1": "N"}, each("n-on-mandatory-provision", E, "5.0-1")),
    ("1.1.1", {"5.7-1": ("N", "Not implemented.")}, each("n-only-restates", W, "5.7-1")),
    ("1.1.1", {"5.7-1": ("N", "The device currently does not support this feature.")}, each("n-only-restates", W, "5.7-1")),
    ("1.1.1", {"5.7-1": ("N", "There is no secure boot.")}, each("n-only-restates", W, "5.7-1")),
    ("2.1.1", {"5.5-3": ("N", "The algorithms can't be exchanged.")}, each("n-only-restates", W, "5.5-3")),
    # Y
    ("1.1.1", {"5.5-1": ("Y", "Not supported.")}, each("y-but-not-done", E, "5.5-1")),
    ("1.1.1", {"5.5-1": ("Y", "Planned for release 2.0")}, each("y-but-not-done", E, "5.5-1")),
    ("2.1.1", {"5.5-1": ("Y", "Will be implemented with the next firmware.")}, each("y-but-not-done", E, "5.5-1")),
    ("1.1.1", {"conditions": {"6": False}, "ixit": {"TelData": []}}, each("y-without-condition", W, *ALL_TELEMETRY)),
    ("2.1.1", {"conditions": {"v": False}, "ixit": {"ExtSens": []}}, each("y-without-condition", W, "5.8-3")),
    ("1.1.1", no_update("1.1.1", **{"5.3-2": "Y"}), each("y-against-condition", E, "5.3-2")),
    ("1.1.1", {"ixit": {"SoftComp": [{"ID": "SoftComp-1", "Update Mechanism": []}]}, "conditions": {"3": True}}, each("y-against-condition", E, "5.3-1")),
    ("2.1.1", {"conditions": {"s": False}, "ixit": {"SecBoot": []}, "5.7-2": "N/A"}, each("y-against-condition", E, "5.7-1")),
    # Several rows
    ("1.1.1", NO_TELEMETRY | {"conditions": {"6": False}, "6-4": "Y"}, each("all-rows-one-story", E, "5.10-1") | each("y-without-condition", W, "6-4")),
    ("1.1.1", NO_TELEMETRY | {"conditions": {"6": False}, "6-4": ("N", "Too little memory.")}, each("all-rows-one-story", E, "5.10-1")),
    ("1.1.1", CONSTRAINED | {"5.3-2": "N/A"}, each("all-rows-one-story", W, "5.3-2")),
    ("1.1.1", CONSTRAINED | {"5.3-2": "N/A", "5.1-5": "N"}, each("all-rows-one-story", W, "5.3-2") | each("n-on-mandatory-provision", E, "5.1-5")),
    ("2.1.1", NO_TELEMETRY | {"conditions": {"w": False}, "6-5": "Y"}, each("all-rows-one-story", E, "5.10-1") | each("y-without-condition", W, "6-5")),
    ("1.1.1", dict.fromkeys(("5.5-1", "5.9-1", "6-1"), ONE_TEXT), each("one-text-for-many-rows", W, "5.5-1")),
    ("2.1.1", dict.fromkeys(("5.5-1", "5.9-1", "6-1"), ONE_TEXT), each("one-text-for-many-rows", W, "5.5-1")),
    # Conditions
    ("1.1.1", {"conditions": {"6": False}}, each("condition-denied-but-shown", E, "condition 6")),
    ("1.1.1", {"conditions": {"3": False}, "ixit": {"SoftComp": [{"ID": "SoftComp-1", "Update Mechanism": []}]}}, each("condition-denied-but-shown", E, "condition 3") | each("y-against-condition", E, "5.3-1")),
    ("1.1.1", {"dut": {"constrained": True}, "conditions": {"4": False, "5": None}}, each("condition-denied-but-shown", E, "condition 4")),
    ("2.1.1", {"conditions": {"w": False}}, each("condition-denied-but-shown", E, "feature w")),
    ("1.1.1", {"conditions": {"1": False, "2": False}, "ixit": {"AuthMech": [{"ID": "AuthMech-1", "Authentication Factor": "Password of the user."}]}, "5.1-1": "N/A", "5.1-2": "N/A"}, each("condition-denied-but-spoken-of", W, "condition 1") | each("na-while-condition-unknown", W, "5.1-1")),
    ("2.1.1", {"conditions": {"d": False}, "ixit": {"AuthMech": [{"ID": "AuthMech-1", "Description": "Login, a user authentication."}]}}, each("condition-denied-but-spoken-of", W, "feature d")),
    ("1.1.1", {"ixit": {"TelData": []}}, each("condition-stated-but-not-shown", W, "condition 6")),
    ("1.1.1", {"conditions": {"4": True, "5": None}}, each("condition-stated-but-not-shown", W, "condition 4")),
    ("2.1.1", {"ixit": {"TelData": []}}, each("condition-stated-but-not-shown", W, "feature w")),
    ("1.1.1", {"conditions": {"4": True}, "dut": {"constrained": True}}, each("condition-stated-but-not-shown", W, "condition 5") | each("conditions-contradict", E, "condition 4")),
    ("1.1.1", {"conditions": {"5": False}}, each("conditions-contradict", E, "condition 4") | each("condition-denied-but-shown", E, "condition 5")),
    ("1.1.1", {"conditions": {"1": False}, "ixit": {"AuthMech": [{"ID": "AuthMech-1"}]}, "5.1-1": "N/A"}, each("conditions-contradict", E, "condition 2")),
    ("2.1.1", {"conditions": {"q": False, "r": True}, "ixit": {"PhyIntf": [{"ID": "Intf-1"}]}, "5.6-4A": "N/A"}, each("conditions-contradict", E, "feature r")),
    ("2.1.1", {"conditions": {"15": False}}, each("conditions-contradict", E, "condition 12") | each("condition-denied-but-shown", E, "condition 15")),
    ("2.1.1", {"conditions": {"c": None, "a": True, "16": False}, "5.5-8": "N/A", "ixit": {"SecParam": []}}, each("conditions-contradict", E, "feature a", "feature m", "feature o") | each("condition-stated-but-not-shown", W, *(f"feature {name}" for name in "lm")) | each("condition-denied-but-shown", E, "condition 16") | each("na-although-condition-holds", E, "5.5-8") | each("row-against-table", E, "5.5-6")),
    # Tables
    ("1.1.1", {"5.2-1": ("Y", "Reports are acknowledged within 5 working days."), "ixit": {"VulnTypes": [{"ID": "VulnTypes-1", "Time Frame": "Receipt confirmed within 14 days, fixed in 90."}]}}, each("row-against-table", W, "5.2-1")),
    ("1.1.1", {"5.2-1": ("Y", "Reports are acknowledged within 5 days."), "ixit": {"UserInfo": {"facts": {"policy_acknowledge_days": 14}}}}, each("row-against-table", W, "5.2-1")),
    ("1.1.1", {"5.2-1": ("Y", "Reports are acknowledged within 5 days."), "ixit": {"UserInfo": {"facts": {"policy_acknowledge_days": 5}}}}, set()),
    ("1.1.1", {"5.2-1": ("Y", "The status is told every 14 days."), "ixit": {"UserInfo": {"facts": {"policy_status_days": 30}}}}, each("row-against-table", W, "5.2-1")),
    ("1.1.1", {"5.2-1": ("Y", "The status is told every 30 days."), "ixit": {"UserInfo": {"facts": {"policy_status_days": 30}}}}, set()),
    ("2.1.1", {"5.2-1": ("Y", "Eingangsbestätigung binnen zwei Tagen."), "ixit": {"VulnTypes": [{"ID": "VulnTypes-1", "Action": "We answer after one week."}]}}, each("row-against-table", W, "5.2-1")),
    ("1.1.1", {"5.2-2": ("Y", "Every weakness is fixed within 30 days."), "ixit": {"VulnTypes": [{"ID": "VulnTypes-1", "facts": {"max_days": 90}}]}}, each("row-against-table", W, "5.2-2")),
    ("1.1.1", {"5.3-13": ("Y", "Support for five years is published."), "ixit": {"UserInfo": {"Support Period": "3 years from the sale"}}}, each("row-against-table", W, "5.3-13")),
    ("2.1.1", {"5.3-13": ("Y", "Jusqu'à fin 2031."), "ixit": {"UserInfo": {"Support Period": "Security updates until 2029-12-31."}}}, each("row-against-table", W, "5.3-13")),
    ("1.1.1", {"5.1-5": ("Y", "It locks after ten wrong attempts."), "ixit": {"AuthMech": [{"ID": "AuthMech-1", "facts": {"brute_force": {"max_attempts": 5, "lockout_s": 60}}}]}}, each("row-against-table", W, "5.1-5")),
    ("1.1.1", {"5.1-5": ("Y", "A lock of one hour."), "ixit": {"AuthMech": [{"ID": "AuthMech-1", "Brute Force Prevention": "Five tries, then 30 seconds."}]}}, each("row-against-table", W, "5.1-5")),
    ("1.1.1", {"ixit": {"AuthMech": [{"ID": "AuthMech-1", "Authentication Factor": "None in factory default.", "facts": {"interface": "network", "states": ["factory-default"]}}]}}, each("row-against-table", W, "5.5-5")),
    ("2.1.1", {"ixit": {"AuthMech": [{"ID": "AuthMech-1", "Authentication Factor": "keiner", "facts": {"interface": "network", "states": ["initialized"]}}]}}, each("row-against-table", W, "5.5-4", "5.5-5")),
    ("1.1.1", {"6-2": ("Y", "No consent is needed."), }, each("row-against-table", W, "6-2")),
    ("1.1.1", {"6-1": ("Y", "The user gives consent in the app."), "conditions": {"7": False}, "6-2": "N/A", "ixit": {"PersData": [{"ID": "PersData-1", "facts": {"consent": False}}]}}, each("row-against-table", W, "6-1")),
    ("1.1.1", {"ixit": {"SecParam": []}, "conditions": {"10": False}, "5.4-2": "N/A"}, each("row-against-table", E, "5.5-6")),
]  # fmt: skip


@pytest.mark.parametrize(("edition_id", "change", "expected"), BAD)
def test_each_rule_finds_what_it_is_for_and_nothing_else(tmp_path, edition_id, change, expected):
    assert found(tmp_path, edition_id, change) == expected


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_every_rule_is_tried_in_both_editions(edition_id):
    tried = {rule for edition_, _, expected in BAD if edition_ == edition_id for _, rule, _ in expected}

    assert tried == set(get_args(Rule))


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_reference_data_name_conditions_and_provisions_of_the_edition(edition_id):
    data = json.loads(resources.files("pytest_etsi.assessment").joinpath("data", "ics.json").read_text())[
        edition_id
    ]
    catalogue = edition(edition_id)
    conditions = {one.id for one in catalogue.conditions}
    named = set(data["subject"])
    named |= {rule[key].removeprefix("!") for rule in data["implications"] for key in ("when", "then")}
    named |= {rule["needs"].removeprefix("!") for rule in data["claims"]}
    named |= {name for rule in data["rests_on"] for name in (*rule["conditions"], rule["excused_by"])}

    assert named <= conditions
    assert {rule["provision"] for rule in data["claims"] + data["rests_on"]} <= {
        one.id for one in catalogue.provisions
    }


def implications() -> list[tuple[str, str, str]]:
    data = json.loads(resources.files("pytest_etsi.assessment").joinpath("data", "ics.json").read_text())
    return [(name, rule["when"], rule["then"]) for name in EDITIONS for rule in data[name]["implications"]]


@pytest.mark.parametrize(("edition_id", "when", "then"), implications())
def test_each_implication_is_found_where_both_statements_are_made(tmp_path, edition_id, when, then):
    content = plausible_documents(edition_id)
    content["ixit"] = {table.id: {} if table.single else [] for table in edition(edition_id).tables}
    content["ics"]["conditions"] = {when.removeprefix("!"): not when.startswith("!"), then.removeprefix("!"): then.startswith("!")}  # fmt: skip
    profile = load(tmp_path, content)

    assert "conditions-contradict" in {one.rule for one in ics_findings(profile)}


# Messages ---------------------------------------------------------------------------------------------------


def test_a_message_names_file_and_line_of_the_row(tmp_path):
    change = NO_TELEMETRY | {"conditions": {"6": False}, "6-4": ("N", "Too little memory."), "5.5-1": "N"}
    profile = load(tmp_path, changed("1.1.1", change))
    messages = {one.about: str(one) for one in ics_findings(profile)}
    lines = (tmp_path / "lamp.yaml").read_text().splitlines()

    def where(row: str) -> str:
        return f"{tmp_path.name}/lamp.yaml:{lines.index(f'  {row}:') + 1}"

    assert messages == {
        "5.5-1": f"{where('5.5-1')}: 5.5-1 is answered N, but is mandatory; expected Y",
        "5.10-1": (
            f"{where('5.10-1')}: N/A is answered to 5.10-1, 6-5, but N to 6-4 ({where('6-4')}), and condition 6 holds "
            "for all of them or for none; expected the same story in all of them"
        ),
    }


def test_a_message_on_a_condition_names_file_and_line_of_the_statement(tmp_path):
    profile = load(tmp_path, changed("1.1.1", {"conditions": {"6": False}}))
    lines = (tmp_path / "lamp.yaml").read_text().splitlines()

    line = lines.index("    '6': false") + 1
    (finding,) = ics_findings(profile)
    assert str(finding) == (
        f"{tmp_path.name}/lamp.yaml:{line}: condition 6 (Telemetry data are collected) is stated not to hold, but "
        "24-TelData has TelData-1; expected true, or documents without it"
    )


def test_a_message_cannot_steer_the_terminal_and_is_bounded(tmp_path):
    long = load(
        tmp_path, changed("1.1.1", dict.fromkeys(("5.5-1", "5.9-1", "6-1"), ("Y", "\x1b[2J" + "x" * 9999)))
    )
    (finding,) = ics_findings(long)

    assert "\x1b" not in str(finding)
    assert len(str(finding)) < 500


def test_findings_stand_in_the_order_of_the_standard_conditions_first(tmp_path):
    profile = load(
        tmp_path, changed("1.1.1", {"6-1": None, "5.1-3": None, "conditions": {"10": False, "6": False}})
    )

    assert [one.about for one in ics_findings(profile)] == ["condition 6", "condition 10", "5.1-3", "6-1"]


# Wordings ---------------------------------------------------------------------------------------------------

TRUTHFUL_Y = [
    ("5.1-1", "No password is used at all."),
    ("5.1-3", "PIN of six digits, hashed; SMS codes are not supported."),
    ("5.3-4", "Planned updates are announced two weeks before and installed at night."),
    ("5.3-8", "Updates will be provided within 30 days."),
    ("5.3-13", "The product will be supported until 2031-12-31."),
    ("5.4-3", "Not one secret is in the source code; a scanner looks at each change."),
    ("5.5-1", "TLS 1.0 and TLS 1.1 are not supported."),
    ("5.6-1", "Unused ports are closed; IPv6 is not implemented."),
    ("5.6-2", "Nothing is disclosed but the model name."),
    ("5.6-4", "There is no debug interface that can be reached."),
    ("5.6-5", "Telnet, FTP and UPnP are not available."),
    ("5.8-1", "No personal data are sent to any service."),
    ("5.8-3", "There are no sensors."),
    ("5.11-2", "Nothing is stored by a service, so there is nothing to remove."),
    ("5.12-2", "A leaflet will be provided with the device."),
    ("6-3", "Nothing rests on consent."),
    ("6-1", "Kein Dienst erhält personenbezogene Daten."),
]
TRUTHFUL_N = [
    ("5.3-1", "The boot loader is in ROM and cannot be updated."),
    ("5.3-4", "Updates need a hand on the button, so that no door unlocks by itself."),
    ("5.3-5", "No network connection of its own: the app looks for updates."),
    ("5.5-3", "Cryptography is in mask ROM."),
    ("5.5-4", "Picture is shown to everybody in the home, as users expect of a door bell."),
    ("5.6-8", "Cortex-M0 has no memory protection unit."),
    ("5.7-1", "Not supported by the processor, which has no immutable boot code."),
    ("5.7-2", "No output with which the user could be told."),
    ("5.9-1", "The lamp is useless without power anyway."),
    ("5.9-3", "Planned for 2027; the radio module of this model has a fixed retry."),
    ("5.12-1", "Eight decisions are needed because of national radio rules."),
]
TRUTHFUL_NA = [
    ("5.1-1", "No passwords."),
    ("5.1-2", "The user sets the password; none is pre-installed."),
    ("5.3-3", "There is no update mechanism."),
    ("5.6-4", "No debug interface can be reached."),
    ("5.10-1", "No telemetry."),
    ("6-2", "The contract is the basis, not consent."),
    ("6-5", "Telemetrie wird nicht erhoben."),
]


@pytest.mark.parametrize(
    ("support", "provision", "detail"),
    [("Y", *one) for one in TRUTHFUL_Y]
    + [("N", *one) for one in TRUTHFUL_N]
    + [("N/A", *one) for one in TRUTHFUL_NA],
)
def test_a_truthful_wording_is_a_justification(support, provision, detail):
    title = edition("1.1.1").provision(provision).title

    assert not without_content(detail, support)
    assert support != "Y" or not denies(detail)
    assert support != "N" or not only_restates(detail, title)


@pytest.mark.parametrize(
    "text",
    [
        "Not supported.",
        "not yet implemented",
        "This is currently not supported by the device.",
        "We don't support this.",
        "Unsupported",
        "planned",
        "Still planned for the next release",
        "Will be added in a future version.",
        "To be implemented.",
        "Under development",
        "In progress",
    ],
)
def test_a_text_that_only_denies_is_known(text):
    assert denies(text)


@pytest.mark.parametrize(
    ("provision", "text"),
    [
        ("5.3-4", "Updates do not run automatically."),
        ("5.6-8", "No memory access control in hardware"),
        ("5.7-1", "Software isn't verified by secure boot."),
        ("5.12-3", "There is no guidance on checking the set-up."),
    ],
)
def test_a_reason_in_the_words_of_the_title_is_none(provision, text):
    assert only_restates(text, edition("1.1.1").provision(provision).title)


# Where they are shown ---------------------------------------------------------------------------------------


@pytest.fixture
def command(tmp_path, monkeypatch) -> Callable[..., str]:
    load(tmp_path, changed("1.1.1", {"5.5-1": "N", "6-1": None}))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_validate_prints_them_after_the_summary_and_the_exit_status_is_0(command):
    output = command("validate", "lamp.yaml").splitlines()
    heading = output.index("What does not fit in the ICS (it can be assessed all the same):")

    assert any("to fill in  ICS rows 6-1" in line for line in output[:heading])
    assert [line.partition(": 5.5-1")[2] for line in output[heading + 1 :]] == [
        " is answered N, but is mandatory; expected Y"
    ]


def test_validate_prints_at_most_so_many(tmp_path, command):
    load(tmp_path, changed("1.1.1", {"5.5-1": "N", "5.5-5": "N", "5.5-7": "N"}))

    assert command("validate", "lamp.yaml", "--limit", "1").splitlines()[-1] == "  and 2 more"


def test_validate_has_no_heading_where_nothing_was_found(tmp_path, command):
    load(tmp_path, plausible_documents("1.1.1"))

    assert "fit" not in command("validate", "lamp.yaml")


def test_the_plan_shows_them(command):
    text = " ".join(command("plan", "lamp.yaml").split())

    assert "What does not fit in the ICS error:" in text
    assert "there is no row for 6-1" in text
    assert "5.5-1 is answered N, but is mandatory" in text


def test_the_plan_in_json_has_them(command):
    found_ = json.loads(command("plan", "lamp.yaml", "--json"))["ics_findings"]

    assert [(one["about"], one["rule"], one["level"]) for one in found_] == [
        ("5.5-1", "n-on-mandatory-provision", "error"),
        ("6-1", "missing-row", "error"),
    ]


def test_a_plan_of_a_part_shows_those_of_the_part(command):
    found_ = json.loads(command("plan", "lamp.yaml", "--json", "--only", "6"))["ics_findings"]

    assert [one["about"] for one in found_] == ["6-1"]


def test_a_plan_of_a_part_shows_those_on_its_conditions(tmp_path, command):
    load(tmp_path, changed("1.1.1", {"conditions": {"6": False, "10": False}}))
    found_ = json.loads(command("plan", "lamp.yaml", "--json", "--only", "6"))["ics_findings"]

    assert [one["about"] for one in found_] == ["condition 6"]


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_results_have_them_and_fit_the_schema(tmp_path, edition_id):
    condition = "6" if edition_id == "1.1.1" else "w"
    profile = load(tmp_path, changed(edition_id, {"5.5-1": "N", "conditions": {condition: False}}))
    times = dict.fromkeys(("started", "finished"), "2026-01-01T00:00:00.000Z")
    tool = {"name": "pytest-etsi", "version": "0", "python": "3", "libraries": {}}
    results = build_results(profile, make_plan(profile, {}), [], times | {"tool": tool})

    jsonschema.validate(results, SCHEMA)
    assert [one["rule"] for one in results["ics_findings"]] == [
        "condition-denied-but-shown",
        "n-on-mandatory-provision",
    ]


# Whatever the answers are -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def profiles(tmp_path_factory) -> dict[str, Profile]:
    return {name: load(tmp_path_factory.mktemp(f"of-{name}"), plausible_documents(name)) for name in EDITIONS}


@settings(max_examples=60, deadline=None)
@given(data=st.data(), edition_id=st.sampled_from(EDITIONS))
def test_every_answer_that_does_not_stand_has_a_finding(profiles, data, edition_id):
    profile = profiles[edition_id]
    catalogue = edition(edition_id)
    answers = st.sampled_from(["Y", "N", "N/A", None])
    rows = {
        one.id: IcsRow(answer, data.draw(st.sampled_from(["", "tbd", "A reason."])), profile.ics.source)
        for one in catalogue.provisions
        if (answer := data.draw(answers)) is not None
    }
    statements = st.dictionaries(st.sampled_from([one.id for one in catalogue.conditions]), st.booleans())
    stated = data.draw(statements)
    changed_ = replace(profile, ics=Ics(rows, stated, profile.ics.source))
    about = {one.about for one in ics_findings(changed_)}

    for provision in catalogue.provisions:
        row = rows.get(provision.id)
        states = {name: condition_holds(changed_, name) for name in provision.conditional}
        check = check_ics(
            provision,
            row.support if row else None,
            row.detail if row else "",
            {name: (state.holds, state.reason) for name, state in states.items()},
        )
        if check.verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE) and provision.id not in ALWAYS_ASSESSED:
            assert provision.id in about
