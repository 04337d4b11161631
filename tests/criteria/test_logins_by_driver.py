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
