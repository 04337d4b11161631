"""Logins that take a token where the protocol has room for a password alone."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import ServiceSearch
from pytest_etsi.probes.services import Challenge, Service
from tests.criteria.documents import entry_of

HOST = "192.0.2.7"


def login(driver, *factors):
    access = {"access": {"driver": driver, "url": f"https://{HOST}/"}} if driver else {}
    if driver == "mqtt":
        access = {"access": {"driver": driver}}
    return entry_of("1-AuthMech", {"facts": {"endpoint": "8883/tcp", "factors": list(factors)}, **access})


def undocumented(entry, kind):
    service = Service(HOST, 8883, kind="mqtt", tls=True, challenges=(Challenge(kind, "", "password"),))
    return criteria.logins.undocumented(ServiceSearch((service,), ()), [entry]).violations


@pytest.mark.parametrize(
    ("driver", "kind"), [("mqtt", "mqtt"), (None, "mqtt"), ("http-basic", "basic"), ("http-digest", "digest")]
)
def test_a_documented_token_is_accounted_for_where_it_stands_in_place_of_the_password(driver, kind):
    assert not undocumented(login(driver, "token"), kind)


@pytest.mark.parametrize("kind", ["form", "login-prompt", "basic"])
def test_a_token_of_a_port_accounts_for_no_other_login_by_password_there(kind):
    assert undocumented(login(None, "token"), kind)


@pytest.mark.parametrize("factor", ["key", "certificate"])
def test_keys_and_certificates_account_for_no_password(factor):
    assert undocumented(login("mqtt", factor), "mqtt")
    assert not undocumented(login("mqtt", factor, "password"), "mqtt")
