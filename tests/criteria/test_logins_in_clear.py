"""A login that is documented as unprotected is in use as documented where it was seen so (5.1-3-2 a, 5.5-4-2 c)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import ServiceSearch
from pytest_etsi.probes.services import Service
from tests.criteria.documents import entry_of

HOST = "192.0.2.7"
SCAN = SimpleNamespace(host=HOST, address=HOST)
WEB = Service(HOST, 8080, kind="http")
PLAIN = {"Description": "Login of the owner over plain HTTP.", "Cryptographic Details": "Plain HTTP, no TLS."}


def entry(facts=None, access=None, **prose):
    content = {
        **PLAIN,
        **prose,
        "facts": {"endpoint": "8080/tcp", "guarantees": ["authenticity", "integrity"], **(facts or {})},
        "access": {"driver": "http-basic", "url": f"http://{HOST}:8080/login", **(access or {})},
    }
    return entry_of("1-AuthMech", content)


def seen(entry, *services):
    return criteria.logins.in_clear(ServiceSearch(services, (SCAN,)), entry)


def test_where_it_was_seen_without_tls_nothing_is_beyond_what_is_documented():
    assert seen(entry(), WEB) == "http without TLS on tcp/8080"


def test_pages_that_were_not_read_to_the_end_leave_no_doubt_of_what_is_spoken():
    walked_in_part = Service(HOST, 8080, kind="http", complete=False, unread=True)

    assert seen(entry(), walked_in_part) == "http without TLS on tcp/8080"


@pytest.mark.parametrize(
    "facts",
    [
        {"tls": {"versions": ["TLSv1.3"]}},
        {"ssh": {"ciphers": ["aes128-ctr"]}},
        {"cryptography": [{"use": "encryption", "algorithm": "AES-GCM"}]},
        {"guarantees": ["confidentiality"]},
    ],
)
def test_a_claim_of_protection_is_not_met_by_plain_speech(facts):
    assert not seen(entry(facts), WEB)


@pytest.mark.parametrize(
    "prose",
    [
        {"Cryptographic Details": "TLS 1.3 with AES-GCM."},
        {"Security Guarantees": "Confidentiality by TLS."},
        {"Description": "Login over HTTPS."},
    ],
)
def test_prose_that_speaks_of_a_protection_is_not_met_by_plain_speech(prose):
    assert not seen(entry(**prose), WEB)


@pytest.mark.parametrize(
    "services",
    [
        (),
        (Service(HOST, 80, kind="http"),),
        (Service(HOST, 8080, kind="https", tls=True),),
        (Service(HOST, 8080, kind="http", complete=False),),
        (Service(HOST, 8080, kind="unknown"),),
    ],
    ids=["nothing", "another port", "within TLS", "not to its end", "not known"],
)
def test_what_was_not_seen_whole_and_in_clear_shows_nothing(services):
    assert not seen(entry(), *services)


def test_every_place_of_the_login_has_to_be_seen():
    both = entry({"endpoint": ["8080/tcp", "8081/tcp"]})

    assert not seen(both, WEB)
    assert seen(both, WEB, Service(HOST, 8081, kind="http"))


@pytest.mark.parametrize(
    "further",
    [
        Service(HOST, 8081, kind="https", tls=True),
        Service(HOST, 8081, kind="unknown"),
        Service(HOST, 8081, kind="http", complete=False),
    ],
    ids=["within TLS", "not known", "not to its end"],
)
def test_each_place_of_the_login_has_to_be_seen_whole_and_in_clear(further):
    assert not seen(entry({"endpoint": ["8080/tcp", "8081/tcp"]}), WEB, further)


def test_an_endpoint_without_a_transport_is_that_of_the_address_of_the_login():
    assert seen(entry({"endpoint": "8080"}), WEB)
