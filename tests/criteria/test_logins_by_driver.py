"""A documented login accounts for the challenges of its driver at its port, and for no others."""

from __future__ import annotations

import pytest
from documents import ixit_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import ServiceSearch
from pytest_etsi.probes.services import Challenge, Service

HOST = "192.0.2.7"
WEB = {"form", "bearer", "api"}
ACCOUNTS = {
    "https-form": WEB,
    "http-json": WEB,
    "http-steps": WEB,
    "http-basic": {"basic"},
    "http-digest": {"digest"},
    "ssh": {"ssh"},
    "telnet": {"login-prompt"},
    "mqtt": {"mqtt"},
    "rtsp": {"rtsp-basic", "rtsp-digest"},
}
KINDS = sorted(set().union(*ACCOUNTS.values()))
NEEDED = {
    "http-steps": {
        "steps": [{"method": "POST", "url": "https://192.0.2.7:8443/login", "form": {"p": "{password}"}}]
    }
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("driver", ACCOUNTS)
def test_a_login_accounts_for_the_challenges_of_its_driver(driver, kind) -> None:
    access = {"driver": driver, "port": 8443, **NEEDED.get(driver, {})}
    facts = {"endpoint": "8443/tcp", "subject": "user", "factors": ["password"]}
    ixit = ixit_of({"1-AuthMech": [{"ID": "AuthMech-one", "facts": facts, "access": access}]})
    service = Service(HOST, 8443, tls=True, kind="other", challenges=(Challenge(kind, "asks", "password"),))
    found = criteria.logins.undocumented(ServiceSearch((service,), ()), ixit.auth_mech)

    assert bool(found.violations) is (kind not in ACCOUNTS[driver])


def found_at(port, *services, entries=(), missing=()):
    ixit = ixit_of({"1-AuthMech": list(entries)})
    search = ServiceSearch(tuple(services), (), expected=tuple(missing))
    return criteria.logins.undocumented(search, ixit.auth_mech)


@pytest.mark.parametrize(
    "kind", ["mqtt", "basic", "digest", "rtsp-basic", "rtsp-digest", "ssh", "login-prompt"]
)
def test_a_token_stands_in_place_of_a_password_where_the_protocol_has_no_other_place(kind) -> None:
    driver = next(name for name, kinds in ACCOUNTS.items() if kind in kinds)
    facts = {"endpoint": "8443/tcp", "subject": "user", "factors": ["token"]}
    entry = {"ID": "AuthMech-one", "facts": facts, "access": {"driver": driver, "port": 8443}}
    service = Service(HOST, 8443, tls=True, kind="other", challenges=(Challenge(kind, "asks", "password"),))

    assert bool(found_at(8443, service, entries=[entry]).violations) is (kind in {"ssh", "login-prompt"})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": "unknown", "banner": "hello"}, "(hello)"),
        ({"kind": "unknown", "note": "odd"}, "(odd)"),
        ({"kind": "unknown"}, "(silent)"),
        ({"kind": "http", "complete": False}, "could not be examined to the end"),
        ({"kind": "http", "complete": False, "note": "time"}, "could not be examined to the end: time"),
        ({"kind": "http"}, ""),
        ({"kind": "ftp"}, "whether this ftp is a login"),
    ],
)
def test_a_service_that_may_be_a_login_leaves_open_whether_all_are_listed(changes, told) -> None:
    found = found_at(9000, Service(HOST, 9000, tls=False, **changes))

    assert not found.violations
    assert len(found.unknowns) == bool(told)
    assert told in str(found.unknowns)


@pytest.mark.parametrize(
    ("facts", "open_"),
    [
        ({"endpoint": "443/tcp"}, 1),
        ({"endpoint": "443/tcp", "interface": "network"}, 1),
        ({"endpoint": "443/tcp", "interface": "local"}, 0),
        ({"endpoint": "443/tcp", "states": ["factory-default"]}, 0),
        ({"endpoint": "443/tcp", "states": ["factory-default", "initialized"]}, 1),
        ({"endpoint": "443/udp"}, 0),
        ({}, 0),
    ],
)
def test_a_documented_login_that_does_not_answer_leaves_the_search_open(facts, open_) -> None:
    entry = {"ID": "AuthMech-one", "facts": facts}

    assert len(found_at(443, entries=[entry]).unknowns) == open_
    there = Service(HOST, 443, tls=True, kind="https")
    assert not found_at(443, there, entries=[entry]).unknowns


def test_a_documented_service_that_does_not_answer_leaves_the_search_open_once() -> None:
    entry = {"ID": "AuthMech-one", "facts": {"endpoint": "443/tcp"}}

    assert len(found_at(443, missing=[8080]).unknowns) == 1
    assert len(found_at(443, entries=[entry], missing=[443]).unknowns) == 1
