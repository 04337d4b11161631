"""Outages and connections: what documents refute, and what they leave to a person."""

from __future__ import annotations

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment.criteria import resilience

NETWORK = {
    "ID": "ResMech-Network",
    "Description": "Records to the card while the link is down, reconnects by itself and uploads afterwards.",
    "Type": "network connectivity",
    "Security Guarantees": "No recording of the last 48 hours is lost.",
}
POWER = {
    "ID": "ResMech-Power",
    "Description": "Settings are in flash; after power returns it joins the network again.",
    "Type": "power outage",
    "Security Guarantees": "Settings and accounts are kept.",
}


def test_one_mechanism_for_each_outage_is_enough() -> None:
    assert not resilience.outages(ixit_of({"23-ResMech": [NETWORK, POWER]}))


def test_one_mechanism_may_cover_both_outages() -> None:
    both = NETWORK | {"Type": "network connectivity, power outage"}

    assert not resilience.outages(ixit_of({"23-ResMech": [both]})).violations


@pytest.mark.parametrize(
    ("entries", "words"),
    [([], "no entries"), ([NETWORK], "power outage"), ([POWER], "network connectivity")],
)
def test_an_outage_without_mechanism_refutes(entries, words) -> None:
    violations = resilience.outages(ixit_of({"23-ResMech": entries})).violations

    assert len(violations) == 1
    assert words in str(violations)


def test_guarantees_that_are_all_blank_refute() -> None:
    blank = [NETWORK | {"Security Guarantees": "tbd"}, POWER | {"Security Guarantees": ""}]

    assert len(resilience.outages(ixit_of({"23-ResMech": blank})).violations) == 2


@pytest.mark.parametrize("field", ["Description", "Security Guarantees"])
def test_a_mechanism_that_says_nothing_cannot_deliver(field) -> None:
    assert resilience.delivers(entry_of("23-ResMech", NETWORK | {field: "n/a"})).violations
    assert not resilience.delivers(entry_of("23-ResMech", NETWORK)).violations


def test_facts_that_claim_more_than_the_type_refute() -> None:
    entry = entry_of("23-ResMech", NETWORK | {"facts": {"covers": ["network", "power"]}})

    assert "does not name" in str(resilience.delivers(entry).violations)


def test_ram_only_beside_kept_data_is_for_a_person() -> None:
    entry = entry_of("23-ResMech", POWER | {"Description": "Settings are held only in RAM."})
    found = resilience.delivers(entry)

    assert not found.violations
    assert [finding.kind for finding in found] == ["note"]


@pytest.mark.parametrize("kind", ["network", "power"])
def test_no_mechanism_of_the_kind_refutes(kind) -> None:
    other = POWER if kind == "network" else NETWORK

    assert resilience.covered(ixit_of({"23-ResMech": [other]}), kind, "something").violations
    assert not resilience.covered(ixit_of({"23-ResMech": [NETWORK, POWER]}), kind, "something").violations


def test_needing_the_service_while_offline_is_noted() -> None:
    needs = NETWORK | {"Description": "The local page requires the cloud login."}
    found = resilience.covered(ixit_of({"23-ResMech": [needs]}), "network", "something")

    assert not found.violations
    assert "requires the cloud" in str(found)


def measures(text: str, **facts: object):
    return entry_of(
        "11-ComMech", {"Description": "MQTT to the service.", "Resilience Measures": text, "facts": facts}
    )


@pytest.mark.parametrize("text", ["", "none", "-", "tbd"])
def test_no_measure_refutes_both_questions(text) -> None:
    assert resilience.orderly_connection(measures(text)).violations
    assert resilience.stable_network(measures(text)).violations


@pytest.mark.parametrize(
    "text",
    [
        "MQTT 3.1.1 over TCP; reconnect with exponential back-off and jitter up to 10 minutes.",
        "Connections follow TCP and TLS. After a loss the device waits a random time of 1 to 60 s.",
        "The hub is contacted at once after joining; retries are spread over a list of servers.",
        "Only answers requests; it never retries immediately.",
    ],
)
def test_measures_in_many_words_are_not_refuted(text) -> None:
    assert not resilience.orderly_connection(measures(text)).violations
    assert not resilience.stable_network(measures(text)).violations


def test_retrying_at_once_refutes() -> None:
    assert resilience.stable_network(
        measures("TCP; the device immediately reconnects and tries again.")
    ).violations


def test_a_fixed_wait_in_facts_refutes_and_a_growing_one_does_not() -> None:
    text = "TCP and TLS; after a loss it waits and tries again."
    fixed = measures(text, retry_first_s=3, retry_max_s=3, retry_jitter=False)
    growing = measures(text, retry_first_s=3, retry_max_s=600, retry_jitter=False)
    random = measures(text, retry_first_s=3, retry_max_s=3, retry_jitter=True)

    assert resilience.stable_network(fixed).violations
    assert not resilience.stable_network(growing).violations
    assert not resilience.stable_network(random).violations


def test_a_mechanism_that_only_answers_needs_no_wait() -> None:
    entry = measures(
        "TCP; answers only.", direction="incoming", retry_first_s=3, retry_max_s=3, retry_jitter=False
    )

    assert not resilience.stable_network(entry)
