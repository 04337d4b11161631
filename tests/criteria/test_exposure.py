"""What the device offers on the network against what its documents list (5.3-10-1, 5.5-5-2, 5.6-1-2, 5.13-1-2)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi import criteria
from pytest_etsi.dut import ServiceSearch
from pytest_etsi.dut.observe.interfaces import InterfaceObservation
from pytest_etsi.dut.observe.update_entries import UpdateEntry, UpdateSearch
from pytest_etsi.probes.services import Service
from pytest_etsi.probes.udp.search import UdpScan
from tests.criteria.documents import entry_of, ixit_of

HOST = "192.0.2.7"
WEB = Service(HOST, 443, tls=True, kind="https", banner="Server: lamp")
SHELL = Service(HOST, 23, kind="telnet", banner="lamp login:")
INITIALIZED = "in the initialized state"


def search(*services):
    return ServiceSearch(services, ())


def table(table_id, *entries):
    listed = [{"ID": f"E{number}"} | entry for number, entry in enumerate(entries)]
    return ixit_of({table_id: listed}).table(table_id)


def exposed(entries, *services, table_id="15-Intf"):
    return criteria.exposure.undocumented_services(
        [(INITIALIZED, search(*services))], table(table_id, *entries)
    )


# Services and the tables that list them ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table_id", "entry"),
    [
        ("15-Intf", {"facts": {"endpoint": "443/tcp"}}),
        ("11-ComMech", {"facts": {"endpoint": "443/tcp"}}),
        ("28-ExtAPI", {"facts": {"endpoint": "443/tcp"}}),
    ],
)
def test_a_service_at_a_port_that_an_entry_names_is_documented(table_id, entry):
    assert not exposed([entry], WEB, table_id=table_id)


def test_a_service_that_no_entry_names_is_a_violation_with_its_place_and_state():
    found = exposed([{"facts": {"endpoint": "443/tcp"}}], WEB, SHELL)

    (violation,) = found.violations
    assert not found.unknowns
    assert violation.message == (
        "tcp/23 on 192.0.2.7: telnet (lamp login:) answers in the initialized state, "
        "and no entry of 15-Intf names that port"
    )


@pytest.mark.parametrize(("documented", "answers"), [("443/udp", "tcp"), ("443/tcp", "udp")])
def test_a_port_of_one_protocol_documents_none_of_the_other(documented, answers):
    found = exposed([{"facts": {"endpoint": documented}}], Service(HOST, 443, protocol=answers, kind="https"))

    assert found.violations


def test_a_service_that_was_not_recognised_is_exposed_all_the_same():
    found = exposed([{"facts": {"endpoint": "443/tcp"}}], Service(HOST, 9000))

    assert "something that was not recognised" in str(found.violations)


def test_a_port_that_closed_again_is_no_service():
    assert not exposed([{"facts": {"endpoint": "443/tcp"}}], Service(HOST, 23, kind="closed"))


def test_a_table_that_names_no_port_leaves_the_comparison_open():
    found = exposed([{"Description": "The web page."}], WEB, SHELL)

    assert not found.violations
    assert "15-Intf names no port, so that the 2 services found" in str(found.unknowns)


def test_a_table_that_names_no_port_has_nothing_to_compare_where_nothing_answers():
    assert not exposed([{"Description": "The web page."}], Service(HOST, 23, kind="closed"))


def test_a_table_without_entries_documents_no_service():
    assert exposed([], WEB).violations


@pytest.mark.parametrize(
    ("access", "port", "documented"),
    [
        ({"port": 8443}, 8443, True),
        ({"port": 8443}, 443, False),
        ({"url": "https://192.0.2.7/api"}, 443, True),
        ({"url": "http://192.0.2.7/api"}, 80, True),
        ({"url": "http://192.0.2.7/api"}, 443, False),
        ({"url": "https://192.0.2.7:8443/api"}, 8443, True),
        ({"url": "https://192.0.2.7:8443/api"}, 443, False),
    ],
)
def test_what_is_reached_at_a_port_or_address_is_documented_there(access, port, documented):
    found = exposed([{"access": access}], Service(HOST, port, kind="http"), table_id="11-ComMech")

    assert bool(found.violations) is not documented


@pytest.mark.parametrize("access", [{"port": 443}, {"url": "https://192.0.2.7/api"}])
def test_where_the_device_connects_to_documents_no_service_of_its_own(access):
    entries = [
        {"facts": {"direction": "outgoing"}, "access": access},
        {"facts": {"endpoint": "8080/tcp"}},
    ]

    assert exposed(entries, WEB, table_id="11-ComMech").violations


@pytest.mark.parametrize(("closed", "open_"), [(0, True), (3, False)])
def test_where_documented_udp_services_keep_silent_too_other_silence_shows_nothing(closed, open_):
    scan = UdpScan(HOST, 4, (), closed, (5683,), complete=True, duration_s=1.0)
    here = ServiceSearch((WEB,), (), udp_scans=(scan,), expected_udp=(5683,))
    listed = table("15-Intf", {"facts": {"endpoint": "443/tcp"}})
    found = criteria.exposure.undocumented_services([(INITIALIZED, here)], listed)

    assert [one.kind for one in found] == ["unknown"] * open_
    assert ("udp/5683" in str(found)) is open_


@pytest.mark.parametrize(
    ("entries", "kinds"),
    [
        ([{"access": {"url": "https://other.example/"}}], ["unknown"]),
        ([{"access": {"url": "https://other.example/"}}, {"facts": {"endpoint": "443/tcp"}}], []),
        ([{"access": {"url": "https://other.example/"}}, {"facts": {"endpoint": "80/tcp"}}], ["unknown"]),
    ],
)
def test_an_entry_of_a_host_that_may_be_the_device_leaves_its_port_open(entries, kinds):
    here = ServiceSearch((WEB,), (SimpleNamespace(host=HOST, address=HOST),))
    found = criteria.exposure.undocumented_services([(INITIALIZED, here)], table("11-ComMech", *entries))

    assert [one.kind for one in found] == kinds


def test_each_state_is_searched_for_itself():
    listed = table("15-Intf", {"facts": {"endpoint": "443/tcp"}})
    states = [("in factory default", search(SHELL)), (INITIALIZED, search(WEB, SHELL))]

    found = criteria.exposure.undocumented_services(states, listed)

    assert [state for state, _ in states] == [
        next(state for state, _ in states if state in finding.message) for finding in found.violations
    ]


# Interfaces that are on or off ------------------------------------------------------------------------------


def seen(*, addressed=("tcp/23",), answering=(), gaps=()):
    return InterfaceObservation(tuple(addressed), tuple(answering), tuple(gaps))


def interface(enabled):
    facts = {"endpoint": "23/tcp"} | ({} if enabled is None else {"enabled": enabled})
    return entry_of("15-Intf", {"facts": facts})


def levels(enabled, observed):
    return [finding.kind for finding in criteria.exposure.in_its_state(interface(enabled), observed)]


def test_an_interface_that_is_off_and_silent_is_as_documented():
    assert levels(False, seen()) == []


def test_an_interface_that_is_on_and_answers_is_as_documented():
    assert levels(True, seen(answering=["telnet on tcp/23"])) == []


def test_an_interface_that_is_documented_as_off_and_answers_is_a_violation():
    found = criteria.exposure.in_its_state(
        interface(False), seen(answering=["telnet on tcp/23", "radio: lamp"])
    )

    assert [finding.kind for finding in found] == ["violation", "violation"]
    assert "is documented as disabled, and answers: telnet on tcp/23" in str(found)


def test_an_interface_that_is_documented_as_on_and_silent_is_open():
    found = criteria.exposure.in_its_state(interface(True), seen())

    assert [finding.kind for finding in found] == ["unknown"]
    assert "keeps silent at tcp/23" in str(found)


@pytest.mark.parametrize("enabled", [True, False])
def test_what_could_not_be_looked_at_is_open(enabled):
    assert levels(enabled, seen(addressed=[], gaps=["the receiver did not answer"])) == ["unknown"]


@pytest.mark.parametrize("enabled", [True, False])
def test_an_interface_that_nothing_says_how_to_address_is_open(enabled):
    assert levels(enabled, seen(addressed=[])) == ["unknown"]


def test_an_interface_of_which_the_state_is_not_said_is_open():
    assert levels(None, seen(answering=["telnet on tcp/23"])) == ["unknown"]


# Ways to install software -----------------------------------------------------------------------------------


UPLOAD = UpdateEntry("http://192.0.2.7/update", "/update", True, "a page that takes a file")
HINT = UpdateEntry("http://192.0.2.7/ota", "/ota", False, "HTTP 401")


def mechanisms(*, described="Updates come from the service.", upload=None):
    access = {"upload": {"method": "POST", "url": upload}} if upload else {}
    return ixit_of({"7-UpdMech": [{"ID": "UpdMech", "Description": described, "access": access}]})


def entries_found(search_, pages, ixit, *, gaps=()):
    return criteria.exposure.undocumented_update_entries(search_, UpdateSearch(tuple(pages), gaps), ixit)


def test_pages_that_were_not_looked_for_to_the_end_leave_it_open():
    found = entries_found(search(WEB), [], mechanisms(), gaps=("tcp/80: the time for its pages was up",))

    assert [finding.kind for finding in found] == ["unknown"]
    assert "tcp/80: the time for its pages was up" in str(found)


def test_a_slash_at_the_end_makes_no_other_page():
    page = UpdateEntry("http://192.0.2.7/update/", "/update/", True, "a page that takes a file")

    assert not entries_found(search(), [page], mechanisms(upload="http://192.0.2.7/update"))


def test_a_device_that_shows_no_further_way_to_install_software_has_none():
    assert not entries_found(search(WEB, SHELL), [], mechanisms())


def test_a_page_that_takes_a_file_and_is_not_documented_is_a_violation():
    found = entries_found(search(), [UPLOAD], mechanisms())

    assert [finding.kind for finding in found] == ["violation"]
    assert "http://192.0.2.7/update: a page that takes a file" in str(found)


def test_a_page_that_may_be_one_is_open():
    assert [finding.kind for finding in entries_found(search(), [HINT], mechanisms())] == ["unknown"]


def test_the_page_that_is_documented_as_upload_is_accounted_for_and_no_other():
    found = entries_found(search(), [UPLOAD, HINT], mechanisms(upload="http://192.0.2.7/update"))

    assert [finding.kind for finding in found] == ["unknown"]


@pytest.mark.parametrize(
    ("service", "described"),
    [
        (Service(HOST, 69, protocol="udp", kind="tftp"), "The bootloader fetches it by TFTP."),
        (Service(HOST, 3232, protocol="udp", kind="espota"), "Arduino OTA in the same network."),
        (Service(HOST, 7547, kind="http", speaks=("tr-069",)), "The provider installs it by CWMP."),
        (Service(HOST, 7547, kind="tr-069"), "The provider installs it by TR-069."),
    ],
)
def test_a_protocol_for_updates_is_a_violation_unless_an_entry_speaks_of_it(service, described):
    assert entries_found(search(service), [], mechanisms()).violations
    assert not entries_found(search(service), [], mechanisms(described=described))
