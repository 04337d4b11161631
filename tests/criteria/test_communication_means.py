"""Whether a mechanism can give the guarantees that its documents claim (5.5-1-1 b)."""

from __future__ import annotations

import pytest

from pytest_etsi import criteria
from tests.criteria.documents import ixit_of

CLAIMS = {"guarantees": ["confidentiality", "integrity", "authenticity"]}
PLAIN = ["http", "mqtt", "coap", "telnet", "ftp", "tftp", "snmpv1", "snmpv2c", "rtsp", "syslog", "modbus"]
TLS = {"versions": ["TLSv1.3"]}


def levels(facts, *, description="Talks to the service of the maker.", details=""):
    entry = {
        "ID": "one",
        "Description": description,
        "Cryptographic Details": details,
        "facts": CLAIMS | facts,
    }
    ixit = ixit_of({"11-ComMech": [entry]})
    return [finding.kind for finding in criteria.communication.means(ixit.com_mech[0], ixit)]


@pytest.mark.parametrize("protocol", PLAIN)
def test_a_protocol_in_clear_cannot_be_confidential(protocol):
    assert levels({"protocol": protocol}) == ["violation"]


@pytest.mark.parametrize(
    "protection",
    [
        {"tls": TLS},
        {"ssh": {"ciphers": ["aes128-ctr"]}},
        {"cryptography": [{"use": "encryption", "algorithm": "AES-GCM"}]},
    ],
    ids=["tls", "ssh", "cryptography"],
)
def test_a_protocol_in_clear_inside_something_that_protects_it_can(protection):
    assert levels({"protocol": "mqtt"} | protection) == []


def test_a_protocol_in_clear_that_claims_no_confidentiality_promises_nothing_that_it_cannot_give():
    assert levels({"protocol": "mqtt", "guarantees": ["integrity"]}) == []


def test_a_description_of_a_channel_in_clear_cannot_be_confidential():
    description = "It sends plain HTTP to the service."

    assert levels({}, description=description) == ["violation"]
    assert levels({"tls": TLS}, description=description) == []
    assert levels({"ssh": {"ciphers": ["aes128-ctr"]}}, description=description) == []
    assert levels({}, description="It sends plain HTTP inside a VPN.") == []


@pytest.mark.parametrize("where", ["description", "details"])
def test_a_certificate_that_is_not_checked_cannot_be_authentic(where):
    said = {where: "TLS 1.3 is used; certificate validation is disabled."}

    assert levels({"tls": TLS}, **said) == ["violation"]
    assert levels({"tls": TLS, "guarantees": ["integrity"]}, **said) == []


def test_a_mechanism_without_a_description_is_a_violation():
    assert levels({"tls": TLS}, description="") == ["violation"]
