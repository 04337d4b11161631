"""The consoles of a device: opened once, told once, written down without secrets, and surveyed with the net as witness."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from bench_world import device_of, server
from login_device import LoginDevice, profile_of
from serial_device import Behaviour, Device, Say, Shell, on_a_pty

from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe import consoles
from pytest_etsi.dut.observe.consoles import observe_console
from pytest_etsi.dut.reach.looks import Looks, answers
from pytest_etsi.redaction import MASK, Redactor
from pytest_etsi.verdict import Cause, Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "hunter2hunter2"
FAST = {"boot_s": 0.1, "answer_s": 0.05, "on_s": 0, "emulated": True}


@pytest.fixture
def board() -> Iterator[tuple[Device, str]]:
    """A board that tells a key when it starts and has a shell, and the terminal to which it is wired."""
    device = Device(Behaviour(boot=(Say(f"U-Boot 2023\r\npsk={SECRET}\r\n"),), shell=Shell()), on=False)
    with on_a_pty(device) as name:
        yield device, name


def dut_of(tmp_path: Path, device: LoginDevice, url: str, **more: Any) -> Dut:
    """A facade whose console is at `url`; `more` are operations."""
    redact = Redactor()
    uart = {
        "ID": "UART",
        "Status": "disabled",
        "facts": {"type": ["physical"], "debug": True, "accessible": True, "default": "disabled"},
        "access": {"serial": url},
    }
    lan = {"ID": "LAN", "facts": {"type": ["network"], "endpoint": f"{device.port}/tcp"}}
    profile_of(tmp_path, device, access={"serial": {"url": url, **FAST}, "operations": more})
    path = tmp_path / "lamp.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["ixit"]["15-Intf"] = [uart, lan]
    path.write_text(yaml.safe_dump(content), "utf-8")
    from pytest_etsi.profile import load_profile

    return Dut(load_profile(path), console_log=tmp_path, mask=redact.bytes, on_secret=redact.add)


def test_a_console_is_opened_once_and_written_down_without_what_it_discloses(
    tmp_path: Path, device: LoginDevice, board: tuple[Device, str]
) -> None:
    dut = dut_of(tmp_path, device, board[1])
    try:
        first = dut.console
        board[0].power(on=True)
        first.expect("psk=.*\n", 3)
        first.send_line("id")
        first.expect("not found", 3)

        assert dut.console is first
        assert dut.consoles.at(board[1]) is first
    finally:
        dut.close()
    written = (tmp_path / "console.log").read_text("utf-8")

    assert f"psk={MASK}" in written
    assert SECRET not in written
    assert "> id" in written


def test_what_went_over_a_console_is_told_once_and_bounded(
    tmp_path: Path, device: LoginDevice, board: tuple[Device, str]
) -> None:
    dut = dut_of(tmp_path, device, board[1])
    try:
        assert dut.consoles.new() == ()
        dut.console.send_line("id")
        dut.console.read_for(0.05)
        first = dut.consoles.new()

        assert [line.data for line in first[0].lines if line.direction == ">"] == [b"id\r"]
        assert dut.consoles.new() == ()
    finally:
        dut.close()


def test_a_console_that_cannot_be_opened_is_the_benchs_matter(tmp_path: Path, device: LoginDevice) -> None:
    dut = dut_of(tmp_path, device, "/dev/no-such-tty")
    with pytest.raises(Inconclusive) as caught:
        _ = dut.console

    assert caught.value.cause == Cause.BENCH
    assert "no-such-tty" in caught.value.reason


def test_a_survey_without_a_way_to_start_the_device_says_so_and_keeps_no_secret(
    tmp_path: Path, device: LoginDevice, board: tuple[Device, str]
) -> None:
    dut = dut_of(tmp_path, device, board[1])
    try:
        _ = dut.console
        board[0].power(on=True)
        sight = observe_console(dut, dut.profile.ixit.intf[0])
    finally:
        dut.close()

    assert sight.seen is not None
    assert {one.kind for one in sight.seen.answers} == {"shell"}
    assert sight.seen.restarts == ()
    assert any("not switched off and on" in gap for gap in sight.seen.gaps)
    assert SECRET not in str(sight.to_json())


def test_a_power_cycle_that_the_network_does_not_notice_was_none(
    tmp_path: Path, device: LoginDevice, board: tuple[Device, str]
) -> None:
    relay = {"kind": "http", "method": "GET", "url": f"{device.base}/identity", "expect": [200]}
    dut = dut_of(tmp_path, device, board[1], **{"power-cycle": relay})
    board[0].behaviour = Behaviour()
    board[0].power(on=True)
    try:
        sight = observe_console(dut, dut.profile.ixit.intf[0])
    finally:
        dut.close()

    assert sight.seen is not None
    assert sight.seen.restarts[0].off == ""
    assert sight.seen.restarts[0].on.startswith("answers as itself")
    assert sight.seen.started is None
    assert sight.seen.health == "well"


def test_power_off_and_power_on_stand_for_a_cycle_that_lasts_until_nothing_answers(tmp_path: Path) -> None:
    served = [socket.create_server(("127.0.0.1", 0))]
    place = served[0].getsockname()
    done: list[str] = []

    def off(*_: object) -> None:
        done.append("off")
        threading.Timer(0.2, served.pop().close).start()  # it lives on by its capacitors

    def on(*_: object) -> None:
        done.append("on")
        served.append(socket.create_server(place))

    lan = {"ID": "LAN", "facts": {"type": ["network"], "endpoint": f"{place[1]}/tcp"}}
    with server(lambda *_: (200, {"serial": "S1"})) as url:
        dut = device_of(
            tmp_path,
            {"identity": {"url": url, "fields": {"serial": "serial"}}, "power": {"off_s": 0, "on_s": 0}},
            ixit={"15-Intf": [lan]},
            operations={"power-off": off, "power-on": on},
        )
        power = consoles._Power(dut, 0.1)
        power.cycle()
        restart = power.seen()
    served.pop().close()

    assert done == ["off", "on"]
    assert restart.off.startswith(f"nothing answering at tcp/{place[1]}")
    assert restart.on.startswith("answers as itself")


def test_an_interface_without_a_line_is_not_looked_at(
    tmp_path: Path, device: LoginDevice, board: tuple[Device, str]
) -> None:
    dut = dut_of(tmp_path, device, board[1])

    sight = observe_console(dut, dut.profile.ixit.intf[1])

    assert sight.seen is None
    assert sight.cause == Cause.ACCESS


# Looking ----------------------------------------------------------------------------------------------------


def test_a_device_is_off_once_every_service_was_seen_not_to_answer() -> None:
    one, other = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
    places = [listener.getsockname() for listener in (one, other)]
    gone = threading.Event()
    with Looks(places) as looks:
        one.close()
        gone.wait(0.1)
        half = looks.off
        other.close()
        for _ in range(500):
            if looks.off:
                break
            gone.wait(0.01)

    assert half == ""
    assert all(f"tcp/{port}" in looks.off for _, port in places)
    assert not answers(places, 0.0)


def test_without_services_nothing_was_seen_and_nothing_is_missing() -> None:
    with Looks(()) as looks:
        pass

    assert looks.off == ""
    assert answers((), 0.0)
