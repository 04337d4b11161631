"""What facts and prose say against each other is no PASS: parameters and interfaces."""

from __future__ import annotations

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment import scopes
from pytest_etsi.assessment.criteria import generation, hard_coded, interfaces, update_use

TOKEN = {
    "Description": "Token for the cloud; it is a hard-coded identity.",
    "Type": "critical",
    "Provisioning Mechanism": "Written in production.",
    "Generation Mechanism": "Random, for communication with the cloud service.",
}
RADIO = {"Description": "Wi-Fi", "Type": "network, air"}


def levels(found) -> list[str]:
    return [finding.kind for finding in found]


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
        ("enabled while nobody asks", {"default": "disabled"}, ["unknown"]),
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
        ("permanently-disabled", "enabled, the fuse may be burnt later", True, ["unknown"]),
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
    found = hard_coded.declared_identity(entry)

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

    assert levels(hard_coded.declared(entry)) == expected


@pytest.mark.parametrize(
    ("mechanism", "expected"),
    [
        (TOKEN["Generation Mechanism"], []),
        ("Random; not used for reaching a service.", ["unknown"]),
        ("Random", ["unknown"]),
        ("n/a", ["violation"]),
    ],
)
def test_a_purpose_is_recorded_in_words_without_negation(mechanism, expected) -> None:
    facts = {"purpose": ["service-communication"]}
    entry = entry_of("10-SecParam", TOKEN | {"Generation Mechanism": mechanism, "facts": facts})

    assert levels(generation.declared_purpose(entry)) == expected


UPDATE = {"Configuration": "Automatic updates can be switched off and postponed; on by default."}


@pytest.mark.parametrize(
    ("configuration", "options", "expected"),
    [
        (UPDATE["Configuration"], ["disable"], []),
        (UPDATE["Configuration"], [], ["unknown"]),
        ("Nothing can be set.", [], ["violation"]),
        ("Nothing can be set: it is always on.", ["disable"], ["unknown"]),
        ("", ["disable"], ["violation"]),
    ],
)
def test_settings_that_facts_name_are_there_in_words_as_well(configuration, options, expected) -> None:
    entry = entry_of("7-UpdMech", {"Configuration": configuration, "facts": {"user_options": options}})

    assert levels(update_use.configurable(entry, "updates")) == expected


@pytest.mark.parametrize(
    ("facts", "words"),
    [({}, "does not say what"), ({"user_options": []}, "says that the user can set nothing")],
)
def test_that_nothing_can_be_set_is_no_silence(facts, words) -> None:
    entry = entry_of("7-UpdMech", UPDATE | {"facts": facts})

    assert words in str(update_use.configurable(entry, "updates"))


@pytest.mark.parametrize(
    ("configuration", "on", "expected"),
    [
        (UPDATE["Configuration"], True, []),
        (UPDATE["Configuration"], False, ["violation"]),
        (UPDATE["Configuration"], None, ["unknown"]),
        ("Automatic updates are off by default.", True, ["unknown"]),
        ("", True, ["violation"]),
    ],
)
def test_a_default_that_facts_state_is_not_denied_in_words(configuration, on, expected) -> None:
    facts = {} if on is None else {"automatic_by_default": on}
    entry = entry_of("7-UpdMech", {"Configuration": configuration, "facts": facts})

    assert levels(update_use.on_by_default(entry, "updates")) == expected


@pytest.mark.parametrize(
    ("interaction", "on", "expected"),
    [
        ("automatic", True, []),
        ("automatic", False, ["violation"]),
        ("simple", True, ["unknown"]),
        (None, True, ["unknown"]),
        (None, None, ["unknown"]),
    ],
)
def test_only_an_automatic_mechanism_is_on_by_default(interaction, on, expected) -> None:
    stated = {"interaction": interaction, "automatic_by_default": on}
    facts = {name: value for name, value in stated.items() if value is not None}
    ixit = ixit_of(
        {
            "6-SoftComp": [{"ID": "App", "Update Mechanism": "OTA"}],
            "7-UpdMech": [UPDATE | {"ID": "OTA", "facts": facts}],
        }
    )

    assert levels(update_use.automatic_by_default(ixit.soft_comp[0], ixit)) == expected


@pytest.mark.parametrize(
    ("answer", "expected"), [("Cloud", True), ("none", False), ([], False), ("", None), (None, None)]
)
def test_what_a_parameter_travels_by_is_open_where_that_was_left_out(answer, expected) -> None:
    parameter = {"ID": "Token", "Type": "critical"} | (
        {} if answer is None else {"Communication Mechanisms": answer}
    )
    ixit = ixit_of({"10-SecParam": [parameter], "11-ComMech": [{"ID": "Cloud", "Description": "MQTT"}]})

    assert scopes.carries_critical_parameter.concerns(ixit.com_mech[0], ixit) is expected
