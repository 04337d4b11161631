"""What a radio announces is observed by no program, so that nothing is known of it (5.6-2-2 a)."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.probes.disclosure import DisclosureObservation
from tests.criteria.documents import profile_of

NOTHING_TOLD = [DisclosureObservation("192.0.2.7", (), ("tcp/443 https",))]


def undeclared(**facts):
    facts = {"enabled": True} | facts
    profile = profile_of({"15-Intf": [{"ID": "Intf", "Disclosed Information": "nothing", "facts": facts}]})
    return criteria.disclosure.undeclared(profile.ixit.intf[0], profile, NOTHING_TOLD)


@pytest.mark.parametrize("types", [["air"], ["air", "physical"]])
def test_an_interface_in_the_air_stays_open(types):
    found = undeclared(type=types)

    assert "a radio" in str(found.unknowns)


@pytest.mark.parametrize("types", [["network"], ["network", "logical"], []])
def test_an_interface_of_another_kind_is_asked(types):
    assert not undeclared(type=types)


def test_an_interface_in_the_air_that_answers_at_a_port_is_asked():
    assert not undeclared(type=["air", "network"], endpoint="443/tcp")


def test_an_interface_that_is_off_tells_nothing():
    found = undeclared(type=["air"], enabled=False)

    assert not found.unknowns
    assert "documented as off" in str(found)
