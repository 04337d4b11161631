"""What an interface tells is compared where it can be asked; what is off, or a radio, where it has an endpoint."""

from __future__ import annotations

import pytest
from documents import profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.probes.disclosure import Disclosed, DisclosureObservation

TOLD = DisclosureObservation(
    "192.0.2.7", (Disclosed("tcp", 443, "/", "header", "Server", "nginx/1.26.3"),), ("tcp/443 https",), ()
)


@pytest.mark.parametrize(
    ("kind", "enabled", "endpoint", "expected"),
    [
        ("network", False, "", "note"),
        ("network", False, "443/tcp", "violation"),
        ("network", True, "443/tcp", "violation"),
        ("air", True, "", "unknown"),
        ("air", True, "443/tcp", "violation"),
        ("air", False, "", "note"),
    ],
)
def test_what_is_told_by_an_interface_is_compared_where_it_has_an_endpoint(
    kind, enabled, endpoint, expected
) -> None:
    facts = {"type": [kind], "enabled": enabled} | ({"endpoint": endpoint} if endpoint else {})
    entry = {"ID": "Intf-one", "Type": kind, "Disclosed Information": "none", "facts": facts}
    profile = profile_of({"15-Intf": [entry]})
    found = criteria.disclosure.undeclared(profile.ixit.intf[0], profile, (TOLD,))

    assert expected in [finding.kind for finding in found]
    assert ("violation" in [finding.kind for finding in found]) is (expected == "violation")


LABEL_LOGIN = {
    "ID": "AuthMech-web",
    "facts": {
        "password": {
            "origin": "pre-installed",
            "generation": {"method": "hash", "inputs": ["serial", "ssid"]},
        }
    },
}


@pytest.mark.parametrize("text", ["L-7712345", "Lamp-net-42"])
def test_a_value_of_the_device_that_a_password_is_made_of_is_relevant(text) -> None:
    device = {
        "manufacturer": "Example", "model": "Lamp", "hardware": "A", "software": "1", "serial": "L-7712345",
        "ssid": "Lamp-net-42",
    }  # fmt: skip
    entry = {
        "ID": "Intf-one",
        "Disclosed Information": "Something.",
        "facts": {"type": ["network"], "enabled": True, "endpoint": "443/tcp"},
    }
    item = Disclosed("tcp", 443, "/", "text", "", f"Device {text}")
    observed = DisclosureObservation("192.0.2.7", (item,), ("tcp/443 https",), ())
    profile = profile_of({"15-Intf": [entry], "1-AuthMech": [LABEL_LOGIN]}, dut=device)
    found = criteria.disclosure.undeclared(profile.ixit.intf[0], profile, (observed,))

    assert len(found.violations) == 1
    assert text in str(found.violations)


@pytest.mark.parametrize(
    ("kinds", "endpoint", "gap", "open_"),
    [
        (["network", "logical"], "443/tcp", "tcp/443: silent", True),
        (["network", "logical"], "443/tcp", "tcp/80: silent", False),
        (["network"], "443/tcp", "tcp/80: silent", True),
        (["network", "logical"], "", "tcp/80: silent", True),
    ],
)
def test_what_could_not_be_asked_is_open_where_it_may_belong(kinds, endpoint, gap, open_) -> None:
    facts = {"type": kinds, "enabled": True} | ({"endpoint": endpoint} if endpoint else {})
    profile = profile_of({"15-Intf": [{"ID": "Intf-one", "Disclosed Information": "x", "facts": facts}]})
    observed = DisclosureObservation("192.0.2.7", (), ("tcp/443 https",), (gap,))
    found = criteria.disclosure.undeclared(profile.ixit.intf[0], profile, (observed,))

    assert bool(found.unknowns) is open_


def test_what_another_interface_at_the_same_place_declares_is_declared() -> None:
    facts = {"type": ["network"], "enabled": True, "endpoint": "443/tcp"}
    declares = {"ID": "Intf-two", "facts": facts | {"discloses": ["nginx/1.26.3"]}}
    silent = {"ID": "Intf-one", "Disclosed Information": "none", "facts": facts}
    for tables, expected in (([silent], 1), ([silent, declares], 0)):
        profile = profile_of({"15-Intf": tables})
        found = criteria.disclosure.undeclared(profile.ixit.intf[0], profile, (TOLD,))

        assert len(found.violations) == expected


@pytest.mark.parametrize(
    ("declared", "prose", "open_"),
    [
        (["Server: ExampleCam nginx/1.26.3"], "none", False),
        (["nginx", "version 1.26.3"], "none", False),
        (["version 1.26.3"], "none", True),
        (["nginx"], "none", True),
        (["other", "nginx/1.26.3"], "none", False),
        ([], "It tells nginx/1.26.3 in each answer.", False),
        ([], "It does not tell nginx/1.26.3.", True),
        (["nginx/1.26.30"], "none", True),
    ],
)
def test_a_version_is_declared_as_a_whole_or_by_its_parts(declared, prose, open_) -> None:
    facts = {"type": ["network"], "enabled": True, "endpoint": "443/tcp", "discloses": declared}
    other = {"ID": "Intf-two", "Disclosed Information": "none", "facts": {"endpoint": "443/tcp"}}
    one = {"ID": "Intf-one", "Disclosed Information": prose, "facts": facts}
    for tables in ([one], [one, other]):
        profile = profile_of({"15-Intf": tables})
        found = criteria.disclosure.undeclared(profile.ixit.intf[0], profile, (TOLD,))

        assert bool(found.violations or found.unknowns) is open_
