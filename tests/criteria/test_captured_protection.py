"""With what protection the device talks by the captured traffic, against the documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import captures
import pytest
from captures import BOOT, CLOUD, DEVICE, MECHANISM, SUITES
from documents import entry_of, ixit_of

from pytest_etsi import criteria
from pytest_etsi.probes.capture import CanaryHit, CaptureObservation, Flow


def test_a_client_that_offers_what_is_documented() -> None:
    found = criteria.capture.client_cryptography(
        entry_of("11-ComMech", MECHANISM),
        captures.capture(captures.flow(), client_hellos=(captures.hello(),)),
    )

    assert not found.violations
    assert not found.unknowns


@pytest.mark.parametrize(
    ("capture", "words"),
    [
        (
            captures.capture(
                captures.flow(), client_hellos=(captures.hello(*SUITES, "TLS_RSA_WITH_RC4_128_SHA"),)
            ),
            "RC4",
        ),
        (
            captures.capture(
                captures.flow(), client_hellos=(captures.hello(versions=("TLSv1.2", "TLSv1.0")),)
            ),
            "TLSv1.0",
        ),
        (captures.capture(captures.flow(protocol="http", protection="plain")), "in clear"),
    ],
)
def test_a_client_that_offers_more_or_speaks_in_clear(capture: CaptureObservation, words: str) -> None:
    found = criteria.capture.client_cryptography(entry_of("11-ComMech", MECHANISM), capture)

    assert words in str(found.violations)


@pytest.mark.parametrize(
    "flow", [captures.flow("203.0.113.5"), captures.flow(begun=False, protection="unknown-low-entropy")]
)
def test_a_capture_without_the_event_settles_nothing(flow: Flow) -> None:
    entry = entry_of("11-ComMech", MECHANISM)
    found = criteria.capture.client_cryptography(entry, captures.capture(flow))

    assert not found.violations
    assert "does not show the beginning" in str(found.unknowns)
    assert not criteria.capture.in_captures(
        entry, [captures.capture(flow)], ixit_of({"11-ComMech": [MECHANISM]})
    )


def test_what_another_client_offers_is_not_the_devices_offer() -> None:
    other = captures.hello(*SUITES, "TLS_RSA_WITH_RC4_128_SHA")._replace(client="192.0.2.50")
    elsewhere = captures.hello(*SUITES, "TLS_RSA_WITH_RC4_128_SHA")._replace(server_port=8443)

    for hello in (other, elsewhere):
        found = criteria.capture.client_cryptography(
            entry_of("11-ComMech", MECHANISM), captures.capture(captures.flow(), client_hellos=(hello,))
        )
        assert not found.violations
        assert "does not show the beginning" in str(found.unknowns)


@pytest.mark.parametrize(
    ("parts", "refuted"),
    [
        ({}, True),
        ({"begun": False}, False),
        ({"gaps": True}, False),
    ],
)
def test_speech_that_looks_clear_is_refuted_only_where_all_of_it_was_seen(
    parts: dict[str, Any], refuted: bool
) -> None:
    flow = captures.flow(**({"protection": "unknown-low-entropy", "protocol": "", "begun": True} | parts))

    found = criteria.capture.client_cryptography(
        entry_of("11-ComMech", MECHANISM), captures.capture(flow, client_hellos=(captures.hello(),))
    )

    assert [one.kind for one in found] == ["violation"] * refuted


def test_what_the_recorder_missed_leaves_the_clients_cryptography_open() -> None:
    found = criteria.capture.client_cryptography(
        entry_of("11-ComMech", MECHANISM),
        captures.capture(captures.flow(), client_hellos=(captures.hello(),), missing=["lost"]),
    )

    assert [one.message for one in found.unknowns] == ["a.pcap: lost"]


def _hit(name: str) -> CanaryHit:
    return CanaryHit(name, "base64", 7, 900, "tcp", DEVICE, CLOUD, 80, 1.5)


@pytest.mark.parametrize(
    ("name", "refuted"),
    [("10-SecParam/Password", True), ("10-SecParam/Other", False), ("21-PersData/Mail", True)],
)
def test_known_values_in_clear_refute_the_mechanisms_that_carry_them(name: str, refuted: bool) -> None:
    ixit = ixit_of(
        {
            "10-SecParam": [{"ID": "Password", "Communication Mechanisms": "Cloud"}, {"ID": "Other"}],
            "11-ComMech": [MECHANISM],
            "21-PersData": [{"ID": "Mail", "Communication Mechanisms": "Cloud"}],
        }
    )
    mechanism = ixit.table("11-ComMech")[0]

    found = criteria.capture.plaintext(mechanism, [captures.capture(canary_hits=(_hit(name),))], ixit)

    assert bool(found.violations) == refuted


CARRIED = {
    "10-SecParam": [{"ID": "Password", "Communication Mechanisms": "Cloud"}, {"ID": "Other"}],
    "11-ComMech": [MECHANISM, MECHANISM | {"ID": "Local"}],
}


def _in_clear(hit: CanaryHit, mechanism: int = 0) -> list[tuple[str, str]]:
    ixit = ixit_of(CARRIED)
    found = criteria.capture.in_captures(
        ixit.com_mech[mechanism], [captures.capture(canary_hits=(hit,))], ixit
    )
    return [(one.kind, one.message) for one in found]


def test_a_known_value_in_a_packet_that_could_not_be_read_is_for_a_person() -> None:
    hit = _hit("10-SecParam/Password")._replace(source="", destination="", transport="", port=0)

    ((kind, message),) = _in_clear(hit)
    assert kind == "unknown"
    assert "packet 7, which could not be read so far as to tell who sent it" in message
    ((_, message),) = _in_clear(hit._replace(packet=0))
    assert "byte 900 of the file" in message


@pytest.mark.parametrize(
    ("source", "destination", "kind"),
    [
        (DEVICE, CLOUD, "violation"),
        (CLOUD, DEVICE, "violation"),
        ("fe80::7", CLOUD, "unknown"),
    ],
)
def test_a_known_value_between_others_may_be_of_an_address_that_nobody_named(
    source: str, destination: str, kind: str
) -> None:
    hit = _hit("10-SecParam/Password")._replace(source=source, destination=destination)

    assert [level for level, _ in _in_clear(hit)] == [kind]


def test_a_known_value_is_no_matter_of_a_mechanism_while_another_one_carries_it() -> None:
    assert _in_clear(_hit("10-SecParam/Password"), mechanism=1) == []


@pytest.mark.parametrize("mechanism", [0, 1])
def test_a_known_value_that_nothing_is_said_to_carry_is_left_to_a_person(mechanism: int) -> None:
    ((kind, message),) = _in_clear(_hit("10-SecParam/Other"), mechanism)

    assert kind == "unknown"
    assert "no entry of 11-ComMech is said to carry it" in message


def test_what_is_missing_leaves_open_only_the_questions_that_it_could_have_answered() -> None:
    seen = replace(
        captures.capture(captures.flow(), missing=["a hello"], client_hellos=(captures.hello(),)),
        concerns={"a hello": ("hellos",)},
    )
    ixit = ixit_of({"11-ComMech": [MECHANISM]})

    assert not criteria.capture.undocumented_flows(seen, ixit)
    assert not criteria.failed_boot.in_captures(BOOT, [replace(seen, flows=())], ixit)
    assert criteria.capture.client_cryptography(ixit.com_mech[0], seen).unknowns
    (noted,) = criteria.capture.in_captures(ixit.com_mech[0], [seen], ixit)
    assert (noted.kind, noted.message) == ("note", "not everything was found out by a.pcap: a hello")
