"""The search for services does no harm by bytes that a text protocol forbids, and tells when the device did not survive it."""

from __future__ import annotations

import contextlib
import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.dut import Dut
from pytest_etsi.dut.reach import examining
from pytest_etsi.dut.reach.examining import examine, survived
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.ports import PortScan
from pytest_etsi.probes.services import MOST_QUESTIONS, identify
from pytest_etsi.probes.witness import Watch
from pytest_etsi.verdict import Cause, Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_etsi.probes.services import Service

HOST = "127.81.5.9"
ERROR = b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}\r\n'


class Device:
    """One process with several ports: it dies with all of them when a port hears what it does not survive.

    Attributes:
        heard: what came in, by port.
        died: set when it has died.
    """

    def __init__(self, *speaks: Callable[[socket.socket, Device], None]) -> None:
        self.heard: list[bytes] = []
        self.died = threading.Event()
        self.listeners = [socket.create_server((HOST, 0), backlog=64) for _ in speaks]
        self.ports = tuple(one.getsockname()[1] for one in self.listeners)
        self._threads = [
            threading.Thread(target=self._serve, args=pair, daemon=True)
            for pair in zip(self.listeners, speaks, strict=True)
        ]
        for thread in self._threads:
            thread.start()

    def die(self) -> None:
        self.died.set()
        for one in self.listeners:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _serve(self, listener: socket.socket, speaks: Callable[[socket.socket, Device], None]) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection, speaks), daemon=True).start()

    def _talk(self, connection: socket.socket, speaks: Callable[[socket.socket, Device], None]) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(20)
            speaks(connection, self)


@contextlib.contextmanager
def device_of(*speaks: Callable[[socket.socket, Device], None]) -> Iterator[Device]:
    device = Device(*speaks)
    try:
        yield device
    finally:
        device.die()


def json_lines(connection: socket.socket, device: Device) -> None:
    """Answers every line, and does not survive one that is no UTF-8."""
    for line in connection.makefile("rb"):
        device.heard.append(line)
        try:
            line.decode()
        except UnicodeDecodeError:
            device.die()
            return
        connection.sendall(ERROR)


def greeting_lines(connection: socket.socket, device: Device) -> None:
    """Greets in text, answers nothing that it does not know, and does not survive a zero byte."""
    connection.sendall(b"hello, this is the control port\r\n")
    while data := connection.recv(4096):
        device.heard.append(data)
        if b"\0" in data:
            device.die()


def fragile_web(connection: socket.socket, device: Device) -> None:
    """Answers to nothing and dies of every request."""
    if data := connection.recv(4096):
        device.heard.append(data)
        device.die()


def quiet(connection: socket.socket, device: Device) -> None:
    while data := connection.recv(4096):
        device.heard.append(data)


def scan_of(device: Device) -> PortScan:
    ports = tuple(sorted(device.ports))
    return PortScan(HOST, HOST, len(ports), ports, (), 0, 0, complete=True, duration_s=0.1)


def examined(device: Device, watch: Watch | None = None) -> tuple[tuple[Service, ...], tuple[str, ...]]:
    watch = watch or Watch(Deadline(60), pauses_s=(0.01,))
    return examine(scan_of(device), (), usernames=(), progress=lambda _: None, watch=watch)


@pytest.mark.parametrize("speaks", [json_lines, greeting_lines])
def test_service_that_speaks_in_text_hears_nothing_but_text(
    speaks: Callable[[socket.socket, Device], None],
) -> None:
    with device_of(speaks) as device:
        (service,), gaps = examined(device)

        assert not device.died.is_set()
        assert device.heard
        assert b"\0" not in b"".join(device.heard)
        b"".join(device.heard).decode()
    assert (service.kind, service.complete) == ("unknown", True)
    assert gaps == ()


def test_question_that_the_device_did_not_survive_is_on_record_and_the_search_not_complete() -> None:
    with device_of(fragile_web) as device:
        (service,), gaps = examined(device)

        assert len(device.heard) == 1
    assert service.questions == ("GET / HTTP/1.1",)
    assert not service.complete
    assert "does not accept any more since it was asked: GET / HTTP/1.1" in service.note
    assert any("is no longer answered as before since" in gap and "GET / HTTP/1.1" in gap for gap in gaps)


def test_port_that_died_with_another_one_is_no_closed_port() -> None:
    with device_of(fragile_web, fragile_web) as device:
        services, gaps = examined(device)

    first, second = sorted(device.ports)
    assert [one.kind for one in services] == ["unknown", "closed"]
    assert {port for port in (first, second) if any(f"tcp/{port}" in gap for gap in gaps)} == {first, second}


def test_device_that_came_back_after_a_question_is_a_gap_and_is_not_asked_again() -> None:
    with device_of(fragile_web) as device:
        (port,) = device.ports
        again: list[socket.socket] = []

        def comes_back(_: float) -> None:
            if not again:
                again.append(socket.create_server((HOST, port), backlog=64))

        _, gaps = examined(device, Watch(Deadline(60), sleep=comes_back))

        assert len(device.heard) == 1
        again[0].close()
    assert f"tcp/{port} on {HOST} was away for a while after tcp/{port} was asked: GET / HTTP/1.1" in gaps


def test_search_of_a_device_that_it_kills_is_a_matter_of_the_bench(
    tmp_path: Path, device: LoginDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "Watch", partial(Watch, pauses_s=(0.01,)))
    with device_of(fragile_web, json_lines) as fragile:
        ports = ",".join(map(str, fragile.ports))
        network = {"hosts": [HOST], "ports": ports, "ports_because": "the address is shared"}
        dut = Dut(profile_of(tmp_path, device, access={"network": network}))

        with pytest.raises(Inconclusive) as raised:
            dut.network.services()

    assert raised.value.cause is Cause.BENCH
    assert "GET / HTTP/1.1" in raised.value.reason


def test_device_that_does_not_survive_other_questions_is_told_as_well() -> None:
    with device_of(quiet) as device:
        assert survived(scan_of(device), "UDP ports were asked") == ()
        device.die()
        (gap,) = survived(scan_of(device), "UDP ports were asked", Watch(Deadline(60), pauses_s=(0.01,)))

    assert gap.endswith("since UDP ports were asked")


def test_device_that_takes_one_connection_at_a_time_is_asked_with_pauses() -> None:
    """While one is open, and for a moment longer, others are refused by a closed listener."""

    def web(connection: socket.socket) -> None:
        connection.settimeout(20)
        data = connection.recv(4096)
        if data.startswith(b"GET"):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")

    ended = threading.Event()
    first = socket.create_server((HOST, 0), backlog=1)
    port = first.getsockname()[1]

    def serve() -> None:
        listener = first
        while not ended.is_set():
            listener.settimeout(0.2)
            try:
                connection, _ = listener.accept()
            except OSError:
                continue
            listener.close()
            with connection, contextlib.suppress(OSError):
                web(connection)
            ended.wait(0.15)
            listener = socket.create_server((HOST, port), backlog=1)
        listener.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    service = identify(HOST, port)
    ended.set()
    thread.join()

    assert service.kind == "http"
    assert "one connection at a time" in service.note


def test_port_that_answers_nothing_is_asked_no_more_than_the_plan_says() -> None:
    with device_of(quiet) as device:
        service = identify(HOST, device.ports[0], timeout_s=0.1)

    assert 0 < len(service.questions) <= MOST_QUESTIONS
    assert service.questions[0] == "GET / HTTP/1.1"
