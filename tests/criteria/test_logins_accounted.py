"""Which documented logins account for what a search found, and what they leave open (5.1-5-2 a)."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import ServiceSearch
from pytest_etsi.probes.services import Challenge, Service
from tests.criteria.documents import entry_of

HOST = "192.0.2.7"


def login(driver, **facts):
    return entry_of("1-AuthMech", {"facts": facts, "access": {"driver": driver}})


@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_more_realms_than_documented_logins_on_a_port_are_open(kind):
    realms = [Challenge(kind, f'realm="{name}"', "password") for name in ("owner", "service")]
    entry = login(f"http-{kind}", endpoint="80/tcp")

    def found(*challenges):
        service = Service(HOST, 80, kind="http", challenges=challenges)
        return criteria.logins.undocumented(ServiceSearch((service,), ()), [entry])

    assert "has 2 realms" in str(found(*realms).unknowns)
    assert not found(realms[0])


@pytest.mark.parametrize(
    ("forms", "listed", "left_open"),
    [
        (("POST /login with password", "POST /admin with code"), 1, True),
        (("POST /login with password", "POST /admin with code"), 2, False),
        (("POST /login with password", "POST https://192.0.2.7/login with password"), 1, False),
        (("POST /login with password", "/page: a password field outside of a form"), 1, False),
    ],
)
def test_more_forms_than_documented_logins_on_a_port_are_open(forms, listed, left_open):
    challenges = tuple(Challenge("form", detail, "password") for detail in forms)
    service = Service(HOST, 443, kind="https", tls=True, challenges=challenges)
    entries = [login("https-form", endpoint="443/tcp") for _ in range(listed)]

    found = criteria.logins.undocumented(ServiceSearch((service,), ()), entries)

    assert not found.violations
    assert ("has 2 forms that ask for a password" in str(found.unknowns)) == left_open


@pytest.mark.parametrize(
    ("factors", "accounted"),
    [(["password"], True), (["pin"], True), (["key"], False), (["password", "key"], True)],
)
def test_a_login_by_keys_alone_accounts_for_no_password(factors, accounted):
    challenge = Challenge("ssh-password", "", "password")
    service = Service(HOST, 22, kind="ssh", challenges=(challenge,))

    found = criteria.logins.undocumented(
        ServiceSearch((service,), ()), [login("ssh", endpoint="22/tcp", factors=factors)]
    )

    assert (not found.violations) == accounted


@pytest.mark.parametrize(
    ("kind", "driver", "challenge"),
    [
        ("http", "https-basic", Challenge("basic", 'realm="x"', "password")),
        ("mqtt", "mqtt", Challenge("mqtt", "CONNECT", "password")),
    ],
)
def test_the_documented_port_without_its_tls_takes_the_same_login(kind, driver, challenge):
    driver = {"https-basic": "http-basic"}.get(driver, driver)
    entry = login(driver, endpoint="8443/tcp", tls={"versions": ["TLSv1.2"]})
    service = Service(HOST, 8443, kind=kind, challenges=(challenge,))

    found = criteria.logins.plain_variants(ServiceSearch((service,), ()), entry)

    assert [finding.kind for finding in found] == ["violation"]


def test_factors_and_mentions_account_for_what_a_manual_speaks_of():
    by_factor = entry_of("1-AuthMech", {"facts": {"factors": ["pin"]}})
    by_mention = entry_of("1-AuthMech", {"facts": {"mentions": ["factory password"]}})

    assert not criteria.logins.manual_mentions("Enter the PIN.", [by_factor])
    assert not criteria.logins.manual_mentions("The factory password is printed.", [by_mention])
    other = criteria.logins.manual_mentions("The default password is printed.", [by_mention])
    assert "speaks of a default password" in str(other.unknowns)


def test_realms_of_another_kind_are_no_further_ones():
    logins = [login(f"http-{kind}", endpoint="80/tcp") for kind in ("basic", "digest")]
    challenges = tuple(Challenge(kind, f'realm="{kind}"', "password") for kind in ("basic", "digest"))
    service = Service(HOST, 80, kind="http", challenges=challenges)

    assert not criteria.logins.undocumented(ServiceSearch((service,), ()), logins)
