"""What was found on a port against the documents: a number accounts for the transport that it is documented for."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from documents import entry_of, ixit_of

from pytest_etsi import criteria
from pytest_etsi.dut import ServiceSearch
from pytest_etsi.probes.capture import CaptureObservation, Flow
from pytest_etsi.probes.ports import PortScan
from pytest_etsi.probes.services import Challenge, Service

HOST = "192.0.2.7"
FORM = Challenge("form", "POST /login with password", "password")


def _search(*services: Service) -> ServiceSearch:
    return ServiceSearch(services, ())


def _login(port: int, protocol: Literal["tcp", "udp"] = "tcp") -> Service:
    return Service(HOST, port, protocol=protocol, kind="http", challenges=(FORM,))


OTHERWISE = [("8080/udp", "tcp"), ("8080/tcp", "udp")]
TABLES = ["11-ComMech", "15-Intf", "28-ExtAPI"]


@pytest.mark.parametrize(("listed", "asking"), OTHERWISE)
def test_a_login_is_not_excused_by_its_number_over_the_other_transport(listed: str, asking: Any) -> None:
    entry = entry_of("1-AuthMech", {"facts": {"endpoint": listed}, "access": {"port": 8080}})

    assert f"{asking}/8080" in str(
        criteria.logins.undocumented(_search(_login(8080, asking)), [entry]).violations
    )


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(("listed", "answering"), OTHERWISE)
def test_a_service_is_not_excused_by_its_number_over_the_other_transport(
    table: str, listed: str, answering: Any
) -> None:
    access = {} if table == "15-Intf" else {"access": {"port": 8080}}
    ixit = ixit_of({table: [{"ID": "one", "facts": {"endpoint": listed}} | access]})
    found = criteria.exposure.undocumented_services(
        [("now", _search(_login(8080, answering)))], ixit.table(table)
    )

    assert f"{answering}/8080" in str(found.violations)


def test_the_endpoint_of_a_service_accounts_for_an_interface_over_its_own_transport_only() -> None:
    def found(listed: str) -> criteria.Findings:
        service = {"ID": "s", "Description": "UPnP", "facts": {"endpoint": listed}}
        interface = {"ID": "i", "Description": "answers", "facts": {"endpoint": "8080/tcp"}}
        ixit = ixit_of({"13-SoftServ": [service], "15-Intf": [interface]})
        return criteria.interfaces.justified(ixit.intf[0], ixit)

    assert "8080/tcp" in str(found("8080/udp").violations)
    assert not found("8080/tcp").violations


def test_a_port_without_a_transport_leaves_a_login_there_open() -> None:
    entry = entry_of("1-AuthMech", {"access": {"driver": "of-the-project", "port": 8080}})
    found = criteria.logins.undocumented(_search(_login(8080)), [entry])

    assert not found.violations
    assert "does not say whether over TCP or UDP" in str(found.unknowns)


def test_a_port_without_a_transport_leaves_a_service_there_open() -> None:
    ixit = ixit_of({"11-ComMech": [{"ID": "one", "access": {"port": 8080}}]})
    found = criteria.exposure.undocumented_services(
        [("now", _search(_login(8080), _login(8081)))], ixit.com_mech
    )

    assert "8080" in str(found.unknowns)
    assert "8081" in str(found.violations)
    assert "8080" not in str(found.violations)


def test_a_port_without_a_transport_leaves_an_interface_there_open() -> None:
    mechanism = {"ID": "m", "access": {"port": 8080}}
    interface = {"ID": "i", "Description": "answers", "facts": {"endpoint": "8080/tcp"}}
    ixit = ixit_of({"11-ComMech": [mechanism], "15-Intf": [interface]})
    found = criteria.interfaces.justified(ixit.intf[0], ixit)

    assert not found.violations
    assert "8080" in str(found.unknowns)


def test_the_address_of_somebody_else_accounts_for_no_service_of_the_device() -> None:
    cloud = {"ID": "one", "access": {"url": "https://cloud.example/"}}
    ixit = ixit_of({"11-ComMech": [cloud]})
    service = Service(HOST, 443, tls=True, kind="https")
    search = ServiceSearch((service,), (PortScan(HOST, HOST, 65535, (443,), (), 65534, 0, True, 1.0),))
    found = criteria.exposure.undocumented_services([("now", search)], ixit.com_mech)

    assert not found.violations
    assert "cloud.example" in str(found.unknowns)


def test_a_login_at_somebody_else_accounts_for_none_of_the_device() -> None:
    access = {"driver": "https-form", "url": "https://cloud.example/login"}
    entry = entry_of("1-AuthMech", {"access": access})
    service = Service(HOST, 443, tls=True, kind="https", challenges=(FORM,))
    search = ServiceSearch((service,), (PortScan(HOST, HOST, 65535, (443,), (), 65534, 0, True, 1.0),))
    found = criteria.logins.undocumented(search, [entry])

    assert not found.violations
    assert "cloud.example" in str(found.unknowns)


@pytest.mark.parametrize(
    ("mechanism", "level"),
    [
        ({"facts": {"endpoint": "8080/tcp"}}, None),
        ({"facts": {"endpoint": "8080/udp"}, "access": {"port": 8080}}, "violation"),
        ({"access": {"port": 8080}}, "unknown"),
        ({"facts": {"protocol": "http"}, "access": {"port": 8080}}, None),
        ({"facts": {"direction": "outgoing", "protocol": "http"}, "access": {"port": 8080}}, "violation"),
        ({"access": {"url": "http://cloud.example:8080/"}}, "unknown"),
    ],
)
def test_what_the_device_answers_in_a_capture_needs_its_own_transport(
    mechanism: dict[str, Any], level: str | None
) -> None:
    flow = Flow(
        transport="tcp", client="192.0.2.99", client_port=40_000, server=HOST, server_port=8080,
        protocol="http", protection="none", first_s=1.0, last_s=2.0, packets=(5, 5), octets=(500, 500),
    )  # fmt: skip
    capture = CaptureObservation("a.pcap", 10, 1.0, 2.0, (HOST,), True, (), {}, (flow,), {})
    found = criteria.capture.undocumented_flows(capture, ixit_of({"11-ComMech": [{"ID": "one"} | mechanism]}))

    assert [one.kind for one in found] == ([level] if level else [])
