"""What facts and prose say against each other is no PASS: parameters and interfaces."""

from __future__ import annotations

import pytest
from documents import entry_of

from pytest_etsi.assessment.criteria import interfaces, parameters

TOKEN = {
    "Description": "Token for the cloud; it is a hard-coded identity.",
    "Type": "critical",
    "Provisioning Mechanism": "Written in production.",
    "Generation Mechanism": "Random, for communication with the cloud service.",
}
RADIO = {"Description": "Wi-Fi", "Type": "network, air"}


def levels(found) -> list[str]:
    return [finding.level for finding in found]


@pytest.mark.parametrize(
    ("status", "enabled", "expected"),
    [
        ("disabled", False, []),
        ("disabled", None, []),
        ("", False, []),
        ("enabled", True, ["violation"]),
        ("enabled", None, ["violation"]),
        ("enabled", False, ["unknown"]),
        ("disabled", True, ["unknown"]),
        ("disabled unless the button is held", None, ["unknown"]),
    ],
)
def test_a_radio_is_off_only_where_facts_and_status_agree(status, enabled, expected) -> None:
    facts = {} if enabled is None else {"enabled": enabled}

    assert (
        levels(interfaces.radio_is_off(entry_of("15-Intf", RADIO | {"Status": status, "facts": facts})))
        == expected
    )


@pytest.mark.parametrize(
    ("status", "facts", "expected"),
    [
        ("disabled", {"default": "disabled"}, []),
        ("enabled", {"default": "disabled"}, ["violation"]),
        ("disabled until the button is held", {}, ["unknown"]),
        ("", {}, ["violation"]),
        ("disabled", {"default": "enabled"}, ["violation"]),
    ],
)
def test_an_interface_for_times_is_off_otherwise(status, facts, expected) -> None:
    entry = entry_of("15-Intf", RADIO | {"Status": status, "facts": facts})

    assert levels(interfaces.intermittent_is_off(entry)) == expected


@pytest.mark.parametrize(
    ("default", "status", "permanently", "expected"),
    [
        ("permanently-disabled", "disabled", True, []),
        ("disabled", "disabled", True, ["violation"]),
        ("disabled", "disabled", False, []),
        ("permanently-disabled", "enabled", True, ["violation"]),
        (None, "disabled", True, ["unknown"]),
        (None, "", True, ["violation"]),
    ],
)
def test_a_debug_interface_is_off(default, status, permanently, expected) -> None:
    facts = {} if default is None else {"default": default}
    entry = entry_of("15-Intf", {"Description": "UART", "Type": "physical", "Status": status, "facts": facts})

    assert levels(interfaces.debug_off(entry, permanently=permanently)) == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (TOKEN["Description"], []),
        ("Token for the cloud. It is not an identity.", ["unknown"]),
        ("Token for the cloud.", ["unknown"]),
        ("", ["unknown"]),
    ],
)
def test_an_identity_is_declared_in_words_without_negation(description, expected) -> None:
    entry = entry_of(
        "10-SecParam", TOKEN | {"Description": description, "facts": {"hard_coded_identity": True}}
    )
    found = parameters.declared_identity(entry)

    assert levels(found) == (expected if description else ["violation"])


@pytest.mark.parametrize(
    ("provisioning", "expected"),
    [
        ("Written in production; not hard-coded.", []),
        ("The value is hard-coded in the firmware.", ["unknown"]),
        ("tbd", ["violation"]),
    ],
)
def test_a_value_that_prose_calls_hard_coded_is_not_cleared_by_facts(provisioning, expected) -> None:
    entry = entry_of(
        "10-SecParam",
        TOKEN | {"Provisioning Mechanism": provisioning, "facts": {"hard_coded_in_source": False}},
    )

    assert levels(parameters.declared_hard_coded(entry)) == expected


@pytest.mark.parametrize(
    ("generation", "expected"),
    [
        (TOKEN["Generation Mechanism"], []),
        ("Random; not used for reaching a service.", ["unknown"]),
        ("Random", ["unknown"]),
        ("n/a", ["violation"]),
    ],
)
def test_a_purpose_is_recorded_in_words_without_negation(generation, expected) -> None:
    facts = {"purpose": ["service-communication"]}
    entry = entry_of("10-SecParam", TOKEN | {"Generation Mechanism": generation, "facts": facts})

    assert levels(parameters.declared_purpose(entry)) == expected
