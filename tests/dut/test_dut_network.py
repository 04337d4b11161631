"""The device on the network and its console: bound to the profile, and never quiet about what was not seen."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from typing import TYPE_CHECKING

import httpx
import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.dut.reach.services import MOST_SERVICES
from pytest_etsi.probes.http.client import HostNotAllowed
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_etsi.profile import Profile


def at(path: Path, device: LoginDevice, host: str, ports: str) -> Profile:
    network = {"hosts": [host], "ports": ports, "ports_because": "the address is shared"}
    return profile_of(path, device, access={"network": network})


def test_a_documented_login_that_does_not_answer_leaves_the_search_open(
    tmp_path: Path, device: LoginDevice
) -> None:
    dut = Dut(at(tmp_path, device, "127.0.0.2", str(device.port)))

    with pytest.raises(Inconclusive, match="none of the TCP services that the documents name") as raised:
        dut.network.services()

    assert raised.value.cause is Cause.BENCH


def test_a_device_that_gives_no_answer_has_not_been_searched(tmp_path: Path, device: LoginDevice) -> None:
    dut = Dut(at(tmp_path, device, "127.0.0.1", "1"))
    search = dut.network.services()
    silent = type(search)(search.services, (_silenced(search.scans[0]),), "")

    assert not silent.complete
    assert "no answer at all from 127.0.0.1" in str(silent)


def _silenced(scan: object) -> object:
    from dataclasses import replace

    return replace(scan, open=(), reset=(), closed_count=0, filtered_count=1)  # type: ignore[type-var]


@pytest.mark.skipif(os.geteuid() != 0, reason="the port of SNMP may be taken by root only")
@pytest.mark.parametrize(("ports", "asked"), [("161", True), ("1-3,100-200", True), ("9", False)])
def test_snmp_is_searched_where_its_port_belongs_to_the_device(
    tmp_path: Path, device: LoginDevice, ports: str, asked: bool
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
        agent.bind(("127.91.6.1", 161))
        agent.settimeout(10)

        def answer() -> None:
            while True:
                message, sender = agent.recvfrom(4096)
                if not message:
                    return
                if b"public" in message and message.startswith(b"\x30"):
                    # The request for the description, turned into the response to it.
                    agent.sendto(message.replace(b"\xa0", b"\xa2", 1), sender)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        dut = Dut(at(tmp_path, device, "127.91.6.1", ports))
        search = dut.network.services()
        found = criteria.logins.undocumented(search, dut.profile.ixit.auth_mech, passwords_only=True)
        agent.sendto(b"", ("127.91.6.1", 161))
        thread.join(10)

    assert ("udp/161" in str(found.violations)) is asked
    assert ({answer.port for scan in search.udp_scans for answer in scan.answers} == {161}) is asked


def test_a_closed_snmp_port_is_kept_as_evidence_and_no_service(tmp_path: Path, device: LoginDevice) -> None:
    search = Dut(at(tmp_path, device, "127.91.6.2", "161")).network.services()

    assert [(scan.asked, scan.closed, scan.answers) for scan in search.udp_scans] == [(1, 1, ())]
    assert search.services == ()


def test_every_way_of_writing_an_address_means_the_same_host(tmp_path: Path, device: LoginDevice) -> None:
    network = Dut(at(tmp_path, device, "2001:DB8::7", "80")).network

    assert network.endpoint_of("http://[2001:db8:0::7]/") == ("2001:db8:0::7", 80)
    with pytest.raises(Inconclusive):
        network.endpoint_of("http://[2001:db8::8]/")


def test_clients_refuse_every_host_but_the_devices(tmp_path: Path, device: LoginDevice) -> None:
    dut = Dut(profile_of(tmp_path, device))
    for client in (dut.network.http(), dut.network.bench_http()):
        with client, pytest.raises(HostNotAllowed):
            client.get(f"http://localhost:{device.port}/identity")
    with pytest.raises(Inconclusive, match="no host from which"):
        dut.network.documents()


def test_an_operation_reaches_hosts_of_the_profile_only(tmp_path: Path, device: LoginDevice) -> None:
    elsewhere = {"kind": "http", "url": f"http://localhost:{device.port}/reset", "expect": [200]}
    access = {
        "network": {"hosts": ["127.0.0.1"], "ports": str(device.port), "ports_because": "shared"},
        "operations": {"factory-reset": elsewhere},
    }
    dut = Dut(profile_of(tmp_path, device, access=access))
    with pytest.raises(Inconclusive, match="HostNotAllowed"):
        dut.operations.run("factory-reset")

    assert device.initialized


def test_the_console_gives_back_what_a_loop_sends(tmp_path: Path, device: LoginDevice) -> None:
    dut = Dut(profile_of(tmp_path, device, access={"serial": {"url": "loop://"}}))
    try:
        dut.console.send("hello\n")
        dut.console.expect("hello", timeout_s=5)

        assert "hello" in dut.console.transcript.text()
    finally:
        dut.close()


def test_a_console_operation_that_meets_silence_is_a_matter_of_the_bench(
    tmp_path: Path, device: LoginDevice
) -> None:
    steps = [{"send": "reboot", "expect": "rebooting now", "timeout_s": 0.3}]
    access = {"serial": {"url": "loop://"}, "operations": {"reboot": {"kind": "console", "steps": steps}}}
    dut = Dut(profile_of(tmp_path, device, access=access))
    try:
        with pytest.raises(Inconclusive, match="the operation 'reboot' failed"):
            dut.operations.run("reboot")
    finally:
        dut.close()


def test_the_cloud_client_is_bound_to_its_host(tmp_path: Path, device: LoginDevice) -> None:
    dut = Dut(profile_of(tmp_path, device, access={"cloud": {"url": f"{device.base}/v1"}}))
    try:
        assert dut.cloud.get(f"{device.base}/identity").status_code == 200
        with pytest.raises(httpx.RequestError, match="not allowed"):
            dut.cloud.get(f"http://localhost:{device.port}/identity")
    finally:
        dut.close()


def test_an_address_that_accepts_on_every_port_shows_no_services(tmp_path: Path, device: LoginDevice) -> None:
    """A trap: all those connections are not services, and asking each what it is would take for ever."""
    with contextlib.ExitStack() as stack:
        ports = []
        while len(ports) <= MOST_SERVICES:
            listener = stack.enter_context(socket.socket())
            listener.bind(("127.91.6.2", 0))
            listener.listen(8)
            ports.append(listener.getsockname()[1])
        dut = Dut(at(tmp_path, device, "127.91.6.2", ",".join(map(str, ports))))

        with pytest.raises(Inconclusive, match="accepts on more than 256 ports"):
            dut.network.services()


def test_every_address_of_a_name_is_searched(
    tmp_path: Path, device: LoginDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the resolver is made up: what listens at the second address of the name is real."""
    resolve = socket.getaddrinfo

    def resolver(host, port, *args, **options):
        names = ("127.91.6.3", "::1") if host == "camera.test" else (host,)
        return [one for name in names for one in resolve(name, port, *args, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with serving("::1", 1) as (port,):
        dut = Dut(at(tmp_path, device, "camera.test", str(port)))
        search = dut.network.services()

        assert [(scan.host, scan.address) for scan in search.scans] == [
            ("camera.test", "127.91.6.3"), ("::1", "::1"),
        ]  # fmt: skip
        assert [(service.host, service.port) for service in search.services] == [("::1", port)]
        assert dut.network.host("::1") == "::1"


def test_a_long_search_says_how_far_it_is(tmp_path: Path, device: LoginDevice) -> None:
    said: list[str] = []
    Dut(at(tmp_path, device, "127.0.0.1", f"1,{device.port}"), progress=said.append).network.services()

    assert any("2 TCP ports" in words for words in said)
    assert said[-1] == ""


@contextlib.contextmanager
def serving(host: str, count: int) -> Iterator[list[int]]:
    """A program that accepts on so many ports and hangs up."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.ExitStack() as stack:
        listeners = [
            stack.enter_context(socket.create_server((host, 0), family=family, backlog=64))
            for _ in range(count)
        ]

        def serve(listener: socket.socket) -> None:
            with contextlib.suppress(OSError):
                while True:
                    listener.accept()[0].close()

        for listener in listeners:
            threading.Thread(target=serve, args=(listener,), daemon=True).start()
            stack.callback(listener.shutdown, socket.SHUT_RDWR)
        yield [listener.getsockname()[1] for listener in listeners]


def documented(path: Path, device: LoginDevice, ports: list[int], *interfaces: dict[str, object]) -> Dut:
    network = {"hosts": ["127.91.6.5"], "ports": ",".join(map(str, ports)), "ports_because": "shared"}
    listed = [
        {"ID": f"Intf-{number}", "Status": "enabled", "facts": facts}
        for number, facts in enumerate(interfaces)
    ]
    empty = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
    return Dut(profile_of(path, device, access={"network": network}, ixit=empty | {"15-Intf": listed}))


def test_an_undocumented_tcp_service_is_not_excused_by_a_udp_port_of_its_number(
    tmp_path: Path, device: LoginDevice
) -> None:
    with serving("127.91.6.5", 2) as (known, other):
        dut = documented(
            tmp_path, device, [known, other], {"endpoint": f"{known}/tcp"}, {"endpoint": f"{other}/udp"}
        )
        search = dut.network.services()

    found = criteria.exposure.undocumented_services([("now", search)], dut.profile.ixit.intf)
    (violation,) = found.violations
    assert f"tcp/{other}" in violation.message


@pytest.mark.parametrize(
    ("facts", "open_"),
    [
        ({}, True),
        ({"enabled": False}, False),
        ({"default": "disabled"}, False),
    ],
)
def test_device_of_which_no_documented_service_runs_was_not_searched(
    tmp_path: Path, device: LoginDevice, facts: dict[str, object], open_: bool
) -> None:
    """The machine is up and refuses; what is documented as off need not answer."""
    with serving("127.91.6.6", 1) as (port,):
        pass
    dut = documented(tmp_path, device, [port], {"endpoint": f"{port}/tcp"} | facts)
    if not open_:
        assert dut.network.services().services == ()
        return

    with pytest.raises(Inconclusive, match=f"none of the TCP services.*{port}") as raised:
        dut.network.services()
    assert raised.value.cause is Cause.BENCH


def test_one_documented_service_that_runs_shows_that_the_device_was_met(
    tmp_path: Path, device: LoginDevice
) -> None:
    with serving("127.91.6.5", 1) as (port,):
        dut = documented(tmp_path, device, [port, port - 1], {"endpoint": [f"{port}/tcp", f"{port - 1}/tcp"]})

        assert dut.network.services().complete
