"""Who talks by the captured traffic, against the documents: made-up observations, a good and a bad case of each question."""

from __future__ import annotations

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
