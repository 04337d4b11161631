"""Each question about outages and connections by itself: what it refutes, and what it notes."""

from __future__ import annotations

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment.criteria import resilience

NETWORK = {
    "ID": "ResMech-network",
    "Description": "Records to the card, and reconnects by itself.",
    "Type": "network connectivity",
    "Security Guarantees": "No recording is lost.",
}
POWER = {
    "ID": "ResMech-power",
    "Description": "Settings are in flash; it reconnects.",
    "Type": "power outage",
    "Security Guarantees": "Settings are kept.",
}


def levels(found) -> list[str]:
    return [finding.kind for finding in found]


@pytest.mark.parametrize(
    ("kind", "descriptions", "expected"),
    [
        ("power", ["Settings are in flash; it reconnects."], []),
        ("power", ["Settings are in flash."], ["note"]),
        ("power", ["Settings are in flash.", "It reconnects."], []),
        ("power", ["tbd", ""], ["violation", "violation", "note"]),
        ("power", ["tbd", "It reconnects."], []),
        ("power", ["It reconnects, and is paired again."], ["note"]),
        ("network", ["Records to the card."], []),
        ("network", ["tbd"], ["violation"]),
        ("network", ["It needs the cloud."], ["note"]),
        ("network", ["It is paired again."], []),
    ],
)
def test_an_outage_is_covered_by_what_is_described(kind, descriptions, expected) -> None:
    base = POWER if kind == "power" else NETWORK
    entries = [base | {"ID": f"ResMech-{at}", "Description": text} for at, text in enumerate(descriptions)]
    found = resilience.covered(ixit_of({"23-ResMech": entries}), kind, "something")

    assert levels(found) == expected


def test_what_is_missing_at_power_is_noted_at_the_first_mechanism_against_it() -> None:
    entries = [POWER | {"ID": f"ResMech-{name}", "Description": "In flash."} for name in "ab"]
    ixit = ixit_of({"23-ResMech": [NETWORK, *entries]})
    (found,) = resilience.covered(ixit, "power", "something")

    assert found.place is not None
    assert str(found.place) == str(_place_of(ixit.res_mech[1]))


def _place_of(entry):
    from pytest_etsi.assessment.findings import note

    return note(entry, "Description", "x").place


@pytest.mark.parametrize(
    ("guarantees", "expected"), [(["x is kept", "tbd"], 0), (["tbd", ""], 2), (["x is kept", "y is kept"], 0)]
)
def test_something_is_guaranteed_by_some_mechanism(guarantees, expected) -> None:
    entries = [
        base | {"Security Guarantees": text} for base, text in zip((NETWORK, POWER), guarantees, strict=True)
    ]

    assert levels(resilience.outages(ixit_of({"23-ResMech": entries}))) == ["violation"] * expected


@pytest.mark.parametrize(
    ("base", "description", "guarantees", "facts", "expected"),
    [
        (POWER, "Settings only in RAM.", "Settings are kept.", {}, ["note"]),
        (POWER, "Settings only in RAM.", "The clock is set.", {}, []),
        (POWER, "Settings in flash.", "Settings are kept.", {}, []),
        (NETWORK, "Frames only in RAM.", "Frames are kept.", {}, []),
        (NETWORK, "Frames.", "Frames are kept.", {"covers": ["network"]}, []),
        (NETWORK, "Frames.", "Frames are kept.", {"covers": ["power"]}, ["violation"]),
        (NETWORK, "Frames only in RAM.", "Frames are kept.", {"covers": ["power"]}, ["violation", "note"]),
        (POWER, "Settings.", "Settings are kept.", {"covers": ["network"]}, ["violation"]),
        (POWER, "", "Settings are kept.", {}, ["violation"]),
    ],
)
def test_a_mechanism_can_do_what_it_guarantees(base, description, guarantees, facts, expected) -> None:
    changes = {"Description": description, "Security Guarantees": guarantees, "facts": facts}
    entry = entry_of("23-ResMech", base | changes)

    assert levels(resilience.delivers(entry)) == expected
    assert levels(resilience.whole(ixit_of({"23-ResMech": [NETWORK, POWER | {"ID": "ResMech-2"}]}))) == []


def test_the_whole_is_refuted_by_a_missing_mechanism_and_by_one_that_cannot_deliver() -> None:
    silent = POWER | {"Description": ""}

    assert levels(resilience.whole(ixit_of({"23-ResMech": [NETWORK]}))) == ["violation"]
    assert levels(resilience.whole(ixit_of({"23-ResMech": [NETWORK, silent]}))) == ["violation"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By TCP and TLS.", []),
        ("By a standard.", []),
        ("over Wi-Fi", []),
        ("politely", ["note"]),
        ("", ["violation"]),
        ("tbd", ["violation"]),
    ],
)
def test_a_connection_is_orderly_by_a_standard(text, expected) -> None:
    entry = entry_of("11-ComMech", {"Resilience Measures": text})

    assert levels(resilience.orderly_connection(entry)) == expected


FIXED = {"retry_jitter": False, "retry_first_s": 5}


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("A random wait.", {}, []),
        ("It waits.", {}, ["note"]),
        ("It waits.", {"retry_jitter": True}, []),
        ("It waits.", {"direction": "incoming"}, []),
        ("It waits.", FIXED, ["violation"]),
        ("A random wait.", FIXED, ["violation"]),
        ("It waits.", FIXED | {"retry_max_s": 60}, []),
        ("It waits.", FIXED | {"retry_max_s": 5}, ["violation"]),
        ("It waits.", FIXED | {"direction": "incoming"}, []),
        ("It waits.", {"retry_jitter": False}, ["note"]),
        ("It retries immediately.", {}, ["violation"]),
        ("It retries immediately, at random servers.", {}, []),
        ("It retries immediately.", {"retry_jitter": True}, []),
        ("It retries immediately.", {"direction": "incoming"}, ["violation"]),
        ("", {}, ["violation"]),
        ("tbd", {}, ["violation"]),
    ],
)
def test_the_network_is_kept_stable_by_waits_that_differ(text, facts, expected) -> None:
    entry = entry_of("11-ComMech", {"Resilience Measures": text, "facts": facts})

    assert levels(resilience.stable_network(entry)) == expected
