"""Logins that a search finds, and what it cannot tell of them."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import ServiceSearch
from pytest_etsi.probes.services import Challenge, Service
from tests.criteria.documents import entry_of

HOST = "192.0.2.7"
MQTT = Challenge("mqtt", "CONNECT", "password")
OVER_TLS = {"tls": {"versions": ["TLSv1.2"]}, "endpoint": "8883/tcp"}


def search(*services):
    return ServiceSearch(services, ())


def levels(findings):
    return [(finding.kind, finding.aspect) for finding in findings]


@pytest.mark.parametrize("kind", ["telnet", "ftp", "mqtt", "rtsp", "vnc", "ssh"])
def test_a_service_of_a_kind_that_mostly_asks_for_credentials_is_open_where_it_asked_for_none(kind):
    found = criteria.logins.undocumented(search(Service(HOST, 2222, kind=kind)), [])

    assert levels(found) == [("unknown", "recognition")]
    assert f"whether this {kind} is a login" in str(found)


@pytest.mark.parametrize("kind", ["http", "https", "closed", "coap"])
def test_a_service_of_another_kind_that_asks_for_nothing_is_no_login(kind):
    service = Service(HOST, 8080, kind=kind)

    assert bool(criteria.logins.undocumented(search(service), [])) is (not service.identified)


def test_a_service_without_a_name_on_a_documented_port_is_accounted_for():
    entry = entry_of("1-AuthMech", {"facts": {"endpoint": "2222/tcp"}})

    assert not criteria.logins.undocumented(search(Service(HOST, 2222, kind="ssh")), [entry])


def test_keys_are_left_out_only_where_passwords_alone_are_asked_for():
    found = search(Service(HOST, 22, kind="ssh", challenges=(Challenge("ssh-publickey", "", "key"),)))

    assert criteria.logins.undocumented(found, []).violations
    assert not criteria.logins.undocumented(found, [], passwords_only=True)


def broker(port=1883, **changes):
    return Service(HOST, port, kind="mqtt", challenges=(MQTT,), **changes)


def mqtt_login(**facts):
    return entry_of("1-AuthMech", {"facts": OVER_TLS | facts, "access": {"driver": "mqtt"}})


def test_a_broker_without_tls_beside_a_login_over_tls_is_open():
    found = criteria.logins.plain_variants(search(broker()), mqtt_login())

    assert levels(found) == [("unknown", "channel")]
    assert "asks for credentials without TLS" in str(found)


def test_the_documented_broker_without_its_tls_is_a_violation():
    found = criteria.logins.plain_variants(search(broker(8883)), mqtt_login())

    assert levels(found) == [("violation", "channel")]


@pytest.mark.parametrize(
    ("service", "facts"),
    [
        (broker(8883, tls=True), OVER_TLS),
        (broker(1884, tls=True), OVER_TLS),
        (broker(), {"endpoint": "1883/tcp"}),
    ],
    ids=["the documented one", "another one over TLS", "one that is documented without TLS"],
)
def test_a_broker_that_is_as_documented_or_speaks_tls_is_no_plain_variant(service, facts):
    entry = entry_of("1-AuthMech", {"facts": facts, "access": {"driver": "mqtt"}})

    assert not criteria.logins.plain_variants(search(service), entry)


def test_a_broker_is_no_plain_variant_of_a_login_in_the_web():
    entry = entry_of("1-AuthMech", {"facts": OVER_TLS, "access": {"driver": "https-form"}})

    assert not criteria.logins.plain_variants(search(broker()), entry)


@pytest.mark.parametrize(
    ("service", "is_open"),
    [
        (Service(HOST, 8883, tls=True, kind="mqtt", complete=False), True),
        (Service(HOST, 80, kind="http", complete=False), True),
        (Service(HOST, 443, tls=True, kind="https", complete=False), False),
    ],
    ids=["the documented one", "one without TLS", "another one over TLS"],
)
def test_a_service_that_could_be_a_plain_variant_is_examined_to_its_end(service, is_open):
    found = criteria.logins.plain_variants(search(service), mqtt_login())

    assert bool(found.unknowns) is is_open
    assert not found.violations
