"""Interfaces as edition 2.1.1 has them: physical ones, and logical ones that are reached by way of them."""

from __future__ import annotations

import pytest
from documents import ixit_of, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.assessment.reading import claims
from pytest_etsi.probes.disclosure import Disclosed, DisclosureObservation

LAN = {"ID": "Phy-Lan", "Type": "network", "Description": "Ethernet, for the page.", "Status": "enabled"}
USB = {"ID": "Phy-Usb", "Type": "physical port", "Description": "USB, for service.", "Status": "enabled"}
WEB = {
    "ID": "Log-Web",
    "Description": "Page of the lamp.",
    "Access": "Phy-Lan, local",
    "Status": "enabled",
    "Disclosed Information": "The model; it is not security-relevant.",
    "Resilience Measures": "TCP and HTTP as their standards say.",
}


def kinds(found) -> list[str]:
    return [one.kind for one in found]


def second(**tables):
    known = {"phy": "15-PhyIntf", "log": "28-LogIntf", "com": "11-SecComMech", "serv": "13-SoftServ",
             "user": "27-UserIntf", "val": "29-InpVal"}  # fmt: skip
    return ixit_of({known[name]: entries for name, entries in tables.items()}, edition="2.1.1")


@pytest.mark.parametrize(
    ("access", "facts", "expected"),
    [
        ("Phy-Lan, local", {}, True),
        ("Phy-Usb, local", {}, False),
        ("Phy-Usb, Phy-Lan", {}, True),
        ("none", {}, None),
        ("none", {"network": False}, False),
        ("none", {"endpoint": "443/tcp"}, True),
        ("none", {"remote": True}, True),
        ("Phy-Usb", {"network": True}, True),
        # What says no beside what says yes is open.
        ("Phy-Lan", {"network": False}, None),
        ("Phy-Usb", {"remote": False}, False),
    ],
)
def test_a_network_reaches_what_is_reached_by_a_network_interface(access, facts, expected):
    ixit = second(phy=[LAN, USB], log=[WEB | {"Access": access, "facts": facts}])

    assert claims.on_network(ixit.ext_api[0], ixit) is expected


def test_both_tables_are_walked_for_what_a_network_comes_in_by():
    hidden = {"ID": "Log-Hidden"}
    ixit = second(
        phy=[LAN, USB, {"ID": "Phy-Odd"}], log=[WEB, hidden, WEB | {"ID": "Log-Usb", "Access": "Phy-Usb"}]
    )

    concerned, found = criteria.exposure.by_which_a_network_comes_in(ixit)

    assert [str(one) for one in concerned] == ["15-PhyIntf/Phy-Lan", "28-LogIntf/Log-Web"]
    assert ["Phy-Odd" in str(one) for one in found] == [True, False]
    assert kinds(found) == ["unknown", "unknown"]


def test_nothing_that_a_network_reaches_is_open():
    concerned, found = criteria.exposure.by_which_a_network_comes_in(second(phy=[USB]))

    assert (concerned, kinds(found)) == ((), ["unknown"])
    assert "nothing that a network reaches" in str(found)


def test_one_that_does_not_tell_is_open_by_itself_alone():
    concerned, found = criteria.exposure.by_which_a_network_comes_in(second(phy=[USB, {"ID": "Phy-Odd"}]))

    assert (concerned, kinds(found)) == ((), ["unknown"])
    assert "Phy-Odd" in str(found)


def test_where_all_tell_nothing_is_open():
    assert kinds(criteria.exposure.by_which_a_network_comes_in(second(phy=[LAN], log=[WEB]))[1]) == []


@pytest.mark.parametrize(
    ("changes", "more", "expected"),
    [
        ({}, {}, []),
        ({"Description": ""}, {}, ["violation"]),
        ({"Description": "Only for testing."}, {}, ["violation"]),
        ({"facts": {"endpoint": "80/tcp"}}, {"serv": [{"ID": "S", "facts": {"endpoint": "80/tcp"}}]}, []),
        (
            {"facts": {"endpoint": "80/tcp"}},
            {"serv": [{"ID": "S", "facts": {"endpoint": "81/tcp"}}]},
            ["violation"],
        ),
        # A mechanism says under Interface that it uses it.
        ({"facts": {"endpoint": "80/tcp"}}, {"com": [{"ID": "C", "Interface": "Log-Web"}]}, []),
        ({"facts": {"endpoint": "80/tcp"}}, {"com": [{"ID": "C", "Interface": "none"}]}, ["violation"]),
    ],
)
def test_a_logical_interface_that_is_on_has_a_purpose_and_somebody_who_uses_it(changes, more, expected):
    ixit = second(phy=[LAN], log=[WEB | changes], **more)

    assert kinds(criteria.interfaces.justified(ixit.ext_api[0], ixit)) == expected


def test_a_physical_interface_that_no_logical_one_names_is_worth_a_look():
    ixit = second(phy=[LAN, USB], log=[WEB])

    assert [kinds(criteria.interfaces.justified(one, ixit)) for one in ixit.intf] == [[], ["note"]]


PAGE = {"ID": "User-Page", "Type": "page over Log-Web", "Description": "Page"}


@pytest.mark.parametrize(
    ("sources", "page", "web"),
    [
        (["User-Page, Log-Web"], [], []),
        (["User-Page", "Log-Web"], [], []),
        # Whoever fills in a page sends it by what serves the page.
        (["User-Page"], [], ["unknown"]),
        (["Log-Web"], ["unknown"], []),
        (["User-Other"], ["violation"], ["violation"]),
        ([], ["violation"], ["violation"]),
        (["User-Other", ""], ["unknown"], ["unknown"]),
    ],
)
def test_each_interface_is_covered_by_a_method_that_names_it(sources, page, web):
    methods = [{"ID": f"Val-{number}", "Source": text} for number, text in enumerate(sources)]
    ixit = second(phy=[LAN], log=[WEB], user=[PAGE, {"ID": "User-Other"}], val=methods)

    assert kinds(criteria.validation.covers(ixit.user_intf[0], ixit)) == page
    assert kinds(criteria.validation.covers(ixit.ext_api[0], ixit)) == web


@pytest.mark.parametrize(
    ("source", "by_user", "by_network"),
    [
        ("User-Page", True, True),
        ("User-Button", True, False),
        ("Log-Web", False, True),
        ("Log-Usb", False, False),
        ("", None, None),
    ],
)
def test_a_method_is_for_what_its_source_is(source, by_user, by_network):
    button = {"ID": "User-Button", "Type": "button", "Description": "Button"}
    logical = [WEB, WEB | {"ID": "Log-Usb", "Access": "Phy-Usb"}]
    ixit = second(phy=[LAN, USB], log=logical, user=[PAGE, button], val=[{"ID": "Val", "Source": source}])

    assert claims.validates_user_input(ixit.inp_val[0], ixit) is by_user
    assert claims.validates_network_input(ixit.inp_val[0], ixit) is by_network


SERVER = Disclosed("tcp", 443, "/", "header", "Server", "nginx/1.26.3")


def undeclared(name, *interfaces, items=(SERVER,)):
    tables = {"15-PhyIntf": [LAN], "28-LogIntf": list(interfaces)}
    profile = profile_of(tables, edition="2.1.1")
    observed = (DisclosureObservation("192.0.2.7", tuple(items), ("tcp/443 https",), ()),)
    return kinds(criteria.disclosure.undeclared(profile.ixit.ext_api.get(name), profile, observed))


def test_what_is_told_at_a_port_is_held_against_the_logical_interface_there():
    here = WEB | {"facts": {"endpoint": "443/tcp"}}
    elsewhere = WEB | {"ID": "Log-Other", "facts": {"endpoint": "80/tcp"}}
    declared = WEB | {"facts": {"endpoint": "443/tcp", "discloses": ["nginx/1.26.3"]}}

    assert undeclared("Log-Web", here, elsewhere) == ["violation"]
    assert undeclared("Log-Other", here, elsewhere) == []
    assert undeclared("Log-Web", declared, elsewhere) == []
    # What another one at the same place declares is declared.
    assert undeclared("Log-Web", here, declared | {"ID": "Log-Api"}) == []


def test_what_is_told_at_a_port_that_nobody_names_is_nobodys_secret():
    elsewhere = WEB | {"facts": {"endpoint": "80/tcp"}}
    anywhere = WEB | {"ID": "Log-Any"}

    assert undeclared("Log-Web", elsewhere) == ["violation"]
    assert undeclared("Log-Web", elsewhere, anywhere) == []
    assert undeclared("Log-Any", elsewhere, anywhere) == ["violation"]


@pytest.mark.parametrize(
    ("measures", "facts", "orderly", "stable"),
    [
        ("TCP and HTTP as their standards say; waits grow.", {}, [], []),
        ("", {}, ["violation"], ["violation"]),
        ("TCP; it tries again immediately.", {"direction": "outgoing"}, [], ["violation"]),
        ("TCP.", {"direction": "outgoing", "retry_first_s": 5, "retry_jitter": False}, [], ["violation"]),
        ("TCP.", {"direction": "outgoing", "retry_first_s": 5, "retry_jitter": True}, [], []),
    ],
)
def test_measures_of_a_logical_interface_are_read_as_those_of_a_mechanism(measures, facts, orderly, stable):
    ixit = second(phy=[LAN], log=[WEB | {"Resilience Measures": measures, "facts": facts}])

    assert kinds(criteria.resilience.orderly_connection(ixit.ext_api[0])) == orderly
    assert kinds(criteria.resilience.stable_network(ixit.ext_api[0])) == stable
