"""Who talks by the captured traffic, against the documents: made-up observations, a good and a bad case of each question."""

from __future__ import annotations

from typing import Any

import captures
import pytest
from captures import DEVICE, MECHANISM
from documents import ixit_of

from pytest_etsi import criteria
from pytest_etsi.probes.capture import ConnectionAttempt, Flow


@pytest.mark.parametrize(
    ("flow", "level"),
    [
        (captures.flow(), None),
        (captures.flow(port=8443), "violation"),
        (captures.flow("203.0.113.5"), "violation"),
        (captures.flow("192.0.2.1", 53, transport="udp", protocol="dns", protection="plain"), "note"),
        (captures.flow(DEVICE, 554, client="192.0.2.50"), "violation"),
        (captures.flow(DEVICE, 554, client="192.0.2.50", packets=(3, 0)), None),
        (captures.flow("192.0.2.51", 80, client="192.0.2.50"), None),
        (captures.flow("203.0.113.5", 0, transport="ip-132", protocol="", protection="empty"), "unknown"),
        (captures.flow("203.0.113.5", 0, transport="ip-50", protocol="", protection="ipsec"), "unknown"),
        (captures.flow("203.0.113.5", 0, transport="icmp", protocol="", protection="empty"), None),
        (captures.flow("224.0.0.22", 0, transport="ip-2", protocol="", protection="empty"), None),
        (captures.flow("2001:db8::9", 0, transport="icmp6", protocol="", protection="empty"), None),
        (captures.flow("224.0.0.13", 0, transport="ip-103", protocol="", protection="empty"), None),
        (captures.flow("203.0.113.5", 8443, transport="udp", protocol="quic"), "violation"),
        (captures.flow("224.0.0.251", 5353, transport="udp", protocol="mdns"), "note"),
        (captures.flow("224.0.0.252", 5355, transport="udp", protocol="llmnr"), "note"),
        (captures.flow("192.0.2.1", 67, transport="udp", protocol="dhcp"), "note"),
        (captures.flow("192.0.2.1", 123, transport="udp", protocol="ntp"), "note"),
    ],
)
def test_flows_that_no_mechanism_documents_are_found(flow: Flow, level: str | None) -> None:
    found = criteria.capture.undocumented_flows(captures.capture(flow), ixit_of({"11-ComMech": [MECHANISM]}))

    assert [one.kind for one in found] == ([level] if level else [])


@pytest.mark.parametrize(
    ("outcomes", "protection", "answers"),
    [
        (["refused"], "empty", False),
        (["accepted"], "empty", True),
        (["refused", "accepted"], "empty", True),
        (["refused"], "unknown", True),
        ([], "empty", True),
    ],
)
def test_a_port_that_refuses_a_search_answers_nothing(
    outcomes: list[str], protection: str, answers: bool
) -> None:
    asks = "192.0.2.250"
    flow = captures.flow(DEVICE, 81, client=asks, protocol="", protection=protection, packets=(1, 1))
    attempts = tuple(ConnectionAttempt(1.0, asks, DEVICE, 81, outcome) for outcome in outcomes)  # type: ignore[arg-type]

    found = criteria.capture.undocumented_flows(captures.capture(flow, attempts=attempts), ixit_of({}))

    assert bool(found.violations) == answers


@pytest.mark.parametrize(
    ("attempt", "answers"),
    [
        ({}, False),
        ({"at_s": 1.0}, False),
        ({"at_s": 2.0}, False),
        ({"at_s": 0.9}, True),
        ({"at_s": 2.1}, True),
        ({"server_port": 82}, True),
        ({"client": "192.0.2.251"}, True),
    ],
)
def test_only_what_was_refused_of_this_very_flow_turned_it_down(
    attempt: dict[str, Any], answers: bool
) -> None:
    asks = "192.0.2.250"
    flow = captures.flow(DEVICE, 81, client=asks, protocol="", protection="empty", packets=(1, 1))
    of = {"at_s": 1.5, "client": asks, "server": DEVICE, "server_port": 81, "outcome": "refused"} | attempt
    seen = captures.capture(flow, attempts=(ConnectionAttempt(**of),))

    assert bool(criteria.capture.undocumented_flows(seen, ixit_of({})).violations) is answers


def test_an_endpoint_that_may_be_documented_is_open_with_the_reason() -> None:
    web = {"ID": "Web", "access": {"port": 443}}
    flow = captures.flow(DEVICE, 443, client="192.0.2.50")
    (found,) = criteria.capture.undocumented_flows(captures.capture(flow), ixit_of({"11-ComMech": [web]}))

    assert found.kind == "unknown"
    assert "does not say whether over TCP or UDP" in found.message


def test_what_captures_add_to_other_observations_is_what_they_show_and_what_they_miss_is_noted() -> None:
    ixit = ixit_of({"11-ComMech": [MECHANISM]})
    weak = captures.capture(captures.flow(), client_hellos=(captures.hello("TLS_RSA_WITH_RC4_128_MD5"),))
    partly = captures.capture(captures.flow(), missing=["2 packets were recorded in part only"])
    (entry,) = ixit.com_mech

    assert [one.kind for one in criteria.capture.in_captures(entry, [weak], ixit)] == ["violation"]
    assert [one.kind for one in criteria.capture.in_captures(entry, [partly], ixit)] == ["note"]


@pytest.mark.parametrize(("concerns", "noted"), [("hellos", 1), ("values", 1), ("contacts", 0)])
def test_what_a_capture_misses_is_noted_where_it_could_have_shown_something(
    concerns: str, noted: int
) -> None:
    ixit = ixit_of({"11-ComMech": [MECHANISM]})
    seen = captures.capture(captures.flow(), missing=["gap"], concerns={"gap": (concerns,)})

    assert len(criteria.capture.in_captures(ixit.com_mech[0], [seen], ixit)) == noted


def test_a_documented_endpoint_answers() -> None:
    web = {"ID": "Web", "facts": {"direction": "incoming", "endpoint": "443/tcp"}}
    flow = captures.flow(DEVICE, 443, client="192.0.2.50")

    assert not criteria.capture.undocumented_flows(captures.capture(flow), ixit_of({"11-ComMech": [web]}))


def test_a_flow_of_one_of_several_mechanisms_is_documented() -> None:
    other = {"ID": "Other", "facts": {"direction": "outgoing", "peers": ["other.example:8883"]}}

    assert not criteria.capture.undocumented_flows(
        captures.capture(captures.flow()), ixit_of({"11-ComMech": [other, MECHANISM]})
    )


def test_an_undocumented_peer_is_called_by_the_name_that_the_device_used() -> None:
    ixit = ixit_of({"11-ComMech": [MECHANISM]})

    (by_hello,) = criteria.capture.undocumented_flows(
        captures.capture(captures.flow("203.0.113.5", server_name="spy.example")), ixit
    )
    (by_lookup,) = criteria.capture.undocumented_flows(
        captures.capture(captures.flow(port=8443, server_name="x.example")), ixit
    )
    (by_address,) = criteria.capture.undocumented_flows(captures.capture(captures.flow("203.0.113.5")), ixit)

    assert "calls spy.example, tcp/443" in by_hello.message
    assert "calls api.example, tcp/8443" in by_lookup.message
    assert "calls 203.0.113.5, tcp/443" in by_address.message


def test_an_incomplete_capture_leaves_something_open() -> None:
    found = criteria.capture.undocumented_flows(
        captures.capture(captures.flow(), missing=["2 packets were recorded in part only"]),
        ixit_of({"11-ComMech": [MECHANISM]}),
    )

    assert found.unknowns
    assert not found.violations
