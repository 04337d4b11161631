"""The serial line of the virtual camera."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import serial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from virtual_process import Process


@pytest.fixture
def console() -> Iterator[Callable[[Process], serial.Serial]]:
    """Opens the UART of a camera as a bench does."""
    ports: list[serial.Serial] = []

    def console(camera: Process) -> serial.Serial:
        ports.append(serial.Serial(camera.values["console"], 115200, timeout=0.3))
        return ports[-1]

    yield console
    for port in ports:
        port.close()


def test_the_uart_is_silent(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start()
    port = console(camera)
    port.write(b"\r\n\r\nroot\r\n")
    camera.bench("POST", "/power-cycle")
    port.write(b"\x03help\r\n")

    assert port.read(100) == b""


def test_flooding_the_silent_uart_does_not_stop_the_camera(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start()
    port = console(camera)
    port.write_timeout = 5
    for _ in range(50):
        port.write(b"x" * 4096)

    assert camera.client().get("/api/info").status_code == 200


def test_flaw_uart_shell_prints_the_boot_log_and_obeys(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-shell")
    port = console(camera)
    camera.bench("POST", "/power-cycle")
    log = port.read_until(b"activate this console.\r\n")
    port.write(b"\r\n")
    prompt = port.read_until(b"# ")
    port.write(b"ix\x7fd\r\n")
    answer = port.read_until(b"# ")

    assert b"U-Boot" in log
    assert (prompt, answer) == (b"/ # ", b"\r\nuid=0(root) gid=0(root)\r\n/ # ")


def test_flaw_uart_boot_loader_is_stopped_by_its_key_within_its_time_only(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-boot-loader")
    port = console(camera)
    camera.bench("POST", "/power-cycle")
    port.timeout = 1.0
    early = port.read(10)  # while it counts
    port.write(b"\r\n\x03\r\n")
    late = port.read(10)
    camera.bench("POST", "/power-cycle")
    port.write(b"\r \x03")
    stopped = port.read_until(b"=> ")
    port.write(b"version\r")

    assert early == late == b""
    assert stopped == b"\r\n=> "
    assert b"U-Boot 2023.04" in port.read_until(b"=> ")


def test_flaw_uart_after_key_says_nothing_until_the_second_line(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-after-key")
    port = console(camera)
    camera.bench("POST", "/power-cycle")
    port.write(b"\r")
    first = port.read(10)
    port.write(b"id\r")

    assert first == b""
    assert b"uid=0(root)" in port.read_until(b"# ")


def test_flaw_uart_login_asks_for_a_name_when_a_line_is_typed(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-login")
    port = console(camera)
    port.write(b"\r\n")

    assert port.read_until(b"login: ") == b"\r\ncamera login: "


def test_flaw_uart_logs_password_tells_it_at_every_start_and_takes_nothing(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-logs-password")
    port = console(camera)
    camera.bench("POST", "/power-cycle")
    told = port.read_until(b"\r\n")
    port.write(b"help\r\n")

    assert camera.values["owner_password"].encode() in told
    assert port.read(10) == b""


def test_flaw_uart_shell_is_dead_without_power(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-shell")
    port = console(camera)
    camera.bench("POST", "/power", {"on": False})
    port.reset_input_buffer()
    port.write(b"\r\n")

    assert port.read(10) == b""


def test_nobody_reading_the_uart_does_not_stop_a_talking_camera(start: Callable[..., Process]) -> None:
    camera = start("--flaw", "uart-shell")
    for _ in range(30):
        assert camera.bench("POST", "/power-cycle").status_code == 200

    assert camera.client().get("/api/info").status_code == 200


def test_the_uart_is_gone_with_the_camera(start: Callable[..., Process]) -> None:
    camera = start()
    camera.stop()

    assert not os.path.lexists(camera.values["console"])
