"""Mechanisms without TLS, and what captures and documents add to the observation of a channel (5.5-1-2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_etsi import criteria
from pytest_etsi.dut import ChannelObservation
from pytest_etsi.probes.capture import CanaryHit, CaptureObservation, Flow
from pytest_etsi.probes.services import Challenge, Service
from pytest_etsi.probes.tls import TlsObservation
from tests.criteria.documents import entry_of, ixit_of
from tests.published_pages import published

HOST, CLOUD = "192.0.2.7", "198.51.100.9"
PLAIN = Service(HOST, 5683, protocol="udp", kind="coap")


def levels(facts, observed):
    return [
        finding.kind
        for finding in criteria.channels.in_use(entry_of("11-ComMech", {"facts": facts}), observed)
    ]


@pytest.mark.parametrize(
    "facts",
    [{"guarantees": ["integrity"]}, {"cryptography": [{"use": "encryption", "algorithm": "AES-GCM"}]}],
)
def test_a_protection_that_a_program_cannot_see_is_open_whatever_was_seen(facts):
    assert levels(facts, ChannelObservation(services=(PLAIN,))) == ["unknown"]


def test_a_mechanism_that_promises_nothing_is_in_use_where_it_was_seen():
    assert levels({}, ChannelObservation(services=(PLAIN,))) == []
    assert levels({}, ChannelObservation()) == ["unknown"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["unknown"]),
        ({"protocol": "tcp"}, ["unknown"]),
        ({"protocol": "http"}, ["unknown"]),
        ({"protocol": "JSON-RPC"}, []),
    ],
)
def test_what_was_not_recognised_is_as_documented_only_where_a_protocol_is_named(facts, expected):
    assert levels(facts, ChannelObservation(services=(Service(HOST, 1705),))) == expected


@pytest.mark.parametrize("facts", [{"tls": {"versions": ["TLSv1.3"]}}, {"ssh": {"ciphers": ["aes128-ctr"]}}])
def test_a_mechanism_with_cryptography_that_was_observed_nowhere_is_open(facts):
    assert levels(facts, ChannelObservation()) == ["unknown"]


def test_what_could_not_be_observed_is_open():
    assert levels({}, ChannelObservation(open=("it did not answer",))) == ["unknown"]


# Captures ---------------------------------------------------------------------------------------------------

CLOUD_LINE = {"ID": "Cloud", "facts": {"peers": [f"{CLOUD}:443"], "tls": {"versions": ["TLSv1.3"]}}}
PHOTO = {"ID": "Photo", "Communication Mechanisms": ["Cloud"]}
FLOW = Flow(
    server=CLOUD, server_port=443, protocol="http", protection="plain", transport="tcp", client=HOST,
    client_port=40_000, first_s=1.0, last_s=2.0, packets=(5, 5), octets=(500, 500),
)  # fmt: skip
CAPTURE = CaptureObservation("a.pcap", 10, 1.0, 2.0, (HOST,), True, (), {}, (), {})
HIT = CanaryHit("21-PersData/Photo", "plain", 3, 0, "tcp", HOST, CLOUD, 443, 1.5)


def in_captures(*captures):
    ixit = ixit_of({"11-ComMech": [CLOUD_LINE], "21-PersData": [PHOTO]})
    return [
        finding.message
        for finding in criteria.capture.in_captures(ixit.com_mech[0], captures, ixit).violations
    ]


def test_speech_in_clear_in_a_capture_is_a_violation():
    (said,) = in_captures(replace(CAPTURE, flows=(FLOW,)))

    assert "the device speaks in clear" in said


def test_a_known_value_in_clear_in_a_capture_is_a_violation():
    (said,) = in_captures(replace(CAPTURE, canary_hits=(HIT,)))

    assert "the known value of 21-PersData/Photo travels in clear" in said


@pytest.mark.parametrize(
    "hit",
    [HIT._replace(name="21-PersData/Other"), HIT._replace(source="192.0.2.99")],
    ids=["another value", "others"],
)
def test_a_known_value_of_something_or_somebody_else_is_none(hit):
    assert in_captures(replace(CAPTURE, canary_hits=(hit,))) == []


def test_a_capture_that_does_not_show_the_mechanism_leaves_nothing_open():
    assert in_captures(CAPTURE) == []


@pytest.mark.parametrize(
    ("protocol", "level"),
    [
        ("dns", "note"),
        ("mdns", "note"),
        ("llmnr", "note"),
        ("dhcp", "note"),
        ("ntp", "note"),
        ("http", "violation"),
        ("", "violation"),
    ],
)
def test_only_what_every_device_asks_the_network_for_need_not_be_documented(protocol, level):
    flow = FLOW._replace(protocol=protocol, server="203.0.113.5", transport="udp")
    found = criteria.capture.undocumented_flows(
        replace(CAPTURE, flows=(flow,)), ixit_of({"11-ComMech": [CLOUD_LINE]})
    )

    assert [finding.kind for finding in found] == [level]


# Published guidance -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "level"),
    [({}, []), ({"readable": False}, ["unknown"]), ({"truncated": True}, ["unknown"])],
)
def test_guidance_that_could_not_be_read_to_its_end_is_open(changes, level):
    text = (
        "This is how the owner can change the web password of the lamp: open the page and then set it. " * 5
    )
    document = replace(published(text), **changes)
    entry = entry_of("1-AuthMech", {"facts": {"mentions": ["web password"]}})

    assert [finding.kind for finding in criteria.guidance.change_is_documented(entry, document)] == level


@pytest.mark.parametrize(
    ("banner", "challenges", "found"),
    [
        ("HTTP/1.1 301 Moved Permanently; Server: x", (), []),
        ("HTTP/1.1 307 Temporary Redirect", (), []),
        ("HTTP/1.1 200 OK; Server: x", (), ["violation"]),
        ("HTTP/1.1 304 Not Modified", (), ["violation"]),
        ("HTTP/1.1 401 Unauthorized", (Challenge("basic", "camera"),), ["violation"] * 2),
    ],
)
def test_what_is_said_to_lead_elsewhere_only_does_that(banner, challenges, found):
    web = Service(HOST, 80, kind="http", banner=banner, challenges=challenges)

    assert levels({"redirect_only": True}, ChannelObservation(services=(web,))) == found
    assert levels({}, ChannelObservation(services=(web,))) == []


PLAIN = Service(HOST, 8443, kind="http", banner="HTTP/1.1 200 OK; Server: x")


def _none_of_tls(**changes):
    nothing = {
        "server_name": "", "versions": (), "suites": {}, "certificate": None, "certificates": (), "errors": ("not TLS",),
        "client_certificate": False, "connections": 8, "complete": False,
    }  # fmt: skip
    return TlsObservation(HOST, 8443, **nothing | changes)


@pytest.mark.parametrize(
    ("service", "accepted", "speaks"),
    [
        (PLAIN, _none_of_tls(), True),
        (replace(PLAIN, kind="mqtt", banner=""), _none_of_tls(), True),
        (replace(PLAIN, banner="HTTP/1.1 301 Moved Permanently"), _none_of_tls(), False),
        (replace(PLAIN, banner="HTTP/1.1 400 Bad Request"), _none_of_tls(), False),
        (replace(PLAIN, tls=True), _none_of_tls(), False),
        (replace(PLAIN, kind="smtp", starttls=True), _none_of_tls(), False),
        (replace(PLAIN, kind="unknown"), _none_of_tls(), False),
        (PLAIN, _none_of_tls(versions=("TLSv1.3",)), False),
        (replace(PLAIN, port=8080), _none_of_tls(), False),
    ],
    ids=[
        "http",
        "mqtt",
        "a redirect",
        "turned away",
        "within TLS",
        "STARTTLS",
        "not known",
        "TLS beside it",
        "another port",
    ],
)
def test_speech_in_clear_where_tls_is_documented_and_none_is_spoken_is_a_violation(service, accepted, speaks):
    entry = entry_of("11-ComMech", {"facts": {"endpoint": "8443/tcp", "tls": {"versions": ["TLSv1.3"]}}})
    found = criteria.channels.in_use(entry, ChannelObservation(accepted=(accepted,), services=(service,)))

    assert ("in clear and no TLS" in str(found.violations)) is speaks
