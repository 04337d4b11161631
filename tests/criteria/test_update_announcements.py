"""Whether the device looks for updates and announces what they disturb (5.3-5-1, 5.3-12-1)."""

from __future__ import annotations

import pytest

from pytest_etsi import criteria
from tests.criteria.documents import entry_of, ixit_of

ITSELF = {"checked_by": "device", "check_after_init": True, "check_interval_h": 24}


def checks(*mechanisms, checking="Once a day, by the device."):
    named = [f"Upd{number}" for number in range(len(mechanisms))]
    ixit = ixit_of(
        {
            "7-UpdMech": [
                {"ID": name, "Update Checking": checking, "facts": facts}
                for name, facts in zip(named, mechanisms, strict=True)
            ],
            "6-SoftComp": [{"ID": "Firmware", "Update Mechanism": named}],
        }
    )
    return [finding.kind for finding in criteria.update_use.checks_for_updates(ixit.soft_comp[0], ixit)]


def test_a_device_that_looks_for_updates_by_itself_does_so():
    assert checks(ITSELF) == []


@pytest.mark.parametrize(
    "facts",
    [{"checked_by": "user"}, {"checked_by": "app"}, {"check_after_init": False}, {"check_interval_h": 0}],
)
def test_a_mechanism_that_somebody_else_looks_at_or_too_rarely_is_a_violation_unless_another_does(facts):
    assert checks(ITSELF | facts) == ["violation"]
    assert checks(ITSELF | facts, ITSELF) == []
    assert checks(ITSELF | facts, ITSELF | facts) == ["violation", "violation"]


def test_the_only_mechanism_has_to_say_how_it_is_checked_for():
    assert checks(ITSELF, checking="") == ["violation"]
    assert checks(ITSELF, ITSELF, checking="") == []


@pytest.mark.parametrize(
    ("facts", "levels"),
    [
        ({"tells_disruption": True, "notifies_on": ["device"]}, []),
        ({"tells_disruption": True, "notifies_on": ["device", "app"]}, []),
        ({"tells_disruption": False, "notifies_on": ["device"]}, ["violation"]),
        ({"tells_disruption": True, "notifies_on": ["app"]}, ["violation"]),
        ({"tells_disruption": True}, ["unknown"]),
        ({"notifies_on": ["device"]}, ["unknown"]),
        ({}, ["unknown"]),
    ],
)
def test_a_disruption_is_announced_by_the_device_itself(facts, levels):
    entry = entry_of("7-UpdMech", {"User Notification": "The light blinks.", "facts": facts})

    assert [finding.kind for finding in criteria.update_use.announces_disruption(entry)] == levels


@pytest.mark.parametrize(
    ("initiated_by", "interaction", "levels"),
    [("user", "automatic", ["violation"]), ("user", "manual", []), ("device", "automatic", [])],
)
def test_what_no_user_takes_part_in_no_user_starts(initiated_by, interaction, levels):
    ixit = ixit_of(
        {
            "7-UpdMech": [
                {
                    "ID": "Upd",
                    "Description": "The device asks the service.",
                    "Security Guarantees": "Authenticity and integrity.",
                    "facts": {"initiated_by": initiated_by, "interaction": interaction},
                }
            ]
        }
    )

    assert [
        finding.kind for finding in criteria.updates.trust(ixit.upd_mech[0], ixit) if finding.kind != "note"
    ] == levels


@pytest.mark.parametrize(
    ("parameter", "levels"),
    [
        ({"Description": "Root of trust.", "facts": {"purpose": ["update-check"]}}, []),
        ({"Description": "Key that signs firmware.", "facts": {"purpose": ["service-communication"]}}, []),
        ({"Description": "Token.", "facts": {"purpose": ["service-communication"]}}, ["violation"]),
        ({"Description": "Token."}, []),
    ],
)
def test_a_signature_needs_a_key_among_the_parameters(parameter, levels):
    mechanism = {
        "ID": "Upd",
        "Description": "The device asks the service.",
        "Security Guarantees": "Authenticity and integrity.",
        "facts": {"cryptography": [{"use": "signature", "algorithm": "Ed25519"}]},
    }
    ixit = ixit_of({"7-UpdMech": [mechanism], "10-SecParam": [{"ID": "Key", **parameter}]})

    assert [
        finding.kind for finding in criteria.updates.trust(ixit.upd_mech[0], ixit) if finding.kind != "note"
    ] == levels
