"""Documented services that answer nothing: what they tell is not known, and other silence beside theirs shows nothing."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut, ServiceSearch
from pytest_etsi.probes.udp.search import UdpScan
from pytest_etsi.standard import edition
from tests.daemons import free_port

HOST = "127.0.0.1"
UNHEARD = "something answers there by the documents, and nothing did"
_COAP = b"\x60\x45\x00\x00"
"""An acknowledgement with content (RFC 7252); its message id is the question's."""


@contextlib.contextmanager
def udp_service(*, answers):
    """A UDP port that reads what comes, and answers in CoAP or not at all."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as service:
        service.bind((HOST, 0))
        service.settimeout(0.1)
        stop = threading.Event()

        def serve():
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    data, peer = service.recvfrom(2048)
                    if answers:
                        service.sendto(_COAP[:2] + data[2:4] + b"\xff</lamp>", peer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield service.getsockname()[1]
        finally:
            stop.set()
            thread.join(5)


def dut_with(tmp_path, device, endpoint, **facts):
    """The device with its login, and one more logical interface in its documents."""
    tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
    kinds = {"type": ["network", "logical"], "enabled": True}
    interfaces = [
        {"ID": "Web", "facts": {**kinds, "endpoint": f"{device.port}/tcp"}},
        {"ID": "Other", "facts": {**kinds, "endpoint": endpoint, **facts}},
    ]
    ports = ",".join(sorted({str(device.port), endpoint.partition("/")[0]}))
    network = {"hosts": [HOST], "ports": ports, "ports_because": "the address is shared"}
    return Dut(
        profile_of(tmp_path, device, ixit=tables | {"15-Intf": interfaces}, access={"network": network})
    )


def unheard(dut):
    """Interfaces of which it is said that a documented service was not heard."""
    observed = dut.disclosures()
    found = {
        one.id: criteria.disclosure.undeclared(one, dut.profile, observed) for one in dut.profile.ixit.intf
    }
    return [name for name, one in found.items() if any(UNHEARD in told.message for told in one.unknowns)]


@pytest.mark.parametrize(("answers", "named"), [(True, []), (False, ["Other"])])
def test_what_a_udp_service_tells_is_not_known_where_it_answers_nothing(
    device: LoginDevice, tmp_path, answers, named
):
    with udp_service(answers=answers) as port:
        assert unheard(dut_with(tmp_path, device, f"{port}/udp")) == named


def test_what_a_tcp_service_tells_is_not_known_where_none_is_there(device: LoginDevice, tmp_path):
    assert unheard(dut_with(tmp_path, device, f"{free_port()}/tcp")) == ["Other"]


@pytest.mark.parametrize("off", [{"enabled": False}, {"default": "disabled"}])
def test_what_is_documented_as_off_need_not_answer(device: LoginDevice, tmp_path, off):
    with udp_service(answers=False) as port:
        assert unheard(dut_with(tmp_path, device, f"{port}/udp", **off)) == []


@pytest.mark.parametrize(
    ("closed", "expected", "open_"), [(0, (5683,), True), (3, (5683,), False), (0, (), False)]
)
def test_silence_over_udp_shows_nothing_where_documented_services_are_silent_too(
    device: LoginDevice, tmp_path, closed, expected, open_
):
    table = dut_with(tmp_path, device, "5683/udp").profile.ixit.intf
    scan = UdpScan(HOST, 4, (), closed, (5683,), complete=True, duration_s=1.0)
    search = ServiceSearch((), (), udp_scans=(scan,), expected_udp=expected)

    found = criteria.exposure.undocumented_services([("in the initialized state", search)], table)

    assert bool(found.unknowns) == open_
    assert not found.violations
