"""The line of a console: how it is opened, that it is always drained, and what becomes of it when it goes away."""

from __future__ import annotations

import os
import socket
import threading
import time
import tty
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from serial_device import Behaviour, Device, Say, Shell, on_a_pty, on_a_socket
from work import FAR_TOO_LONG_S

from pytest_etsi.probes.serial import (
    Console,
    ConsoleError,
    ConsoleGone,
    ConsoleShared,
    ConsoleTimeout,
    ConsoleUnsettable,
    Line,
)
from pytest_etsi.probes.serial.line import stable_name

from hostile_servers import serve  # isort: skip
import contextlib

if TYPE_CHECKING:
    from collections.abc import Iterator

LINUX = Behaviour(boot=(Say("U-Boot 2023\r\n"), Say("login: ")), shell=Shell())


@pytest.fixture
def pty_pair() -> Iterator[tuple[int, str]]:
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    for descriptor in (master, slave):
        with contextlib.suppress(OSError):
            os.close(descriptor)


def until(condition, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def test_a_pseudo_terminal_is_a_console(pty_pair):
    master, name = pty_pair
    with Console(Line(name, line_end="lf")) as console:
        os.write(master, b"ready\r\n")
        console.expect("ready", FAR_TOO_LONG_S)
        console.send_line("reboot")

        assert os.read(master, 100) == b"reboot\n"


def test_a_socket_is_a_console():
    device = Device(LINUX, on=False)
    with on_a_socket(device) as url, Console(url) as console:
        assert until(lambda: device.openings == 1)
        device.power(on=True)
        console.expect(r"^login: $", FAR_TOO_LONG_S)
        console.send_line("id")

        assert console.expect(r"^-sh: (\w+)", FAR_TOO_LONG_S).groups == ("id",)


def test_the_greeting_of_a_socket_that_came_before_the_opening_is_kept():
    def greet(connection: socket.socket) -> None:
        connection.sendall(b"hello\r\n")
        connection.recv(1)

    with serve(greet) as port, Console(f"socket://127.0.0.1:{port}") as console:
        assert console.expect("^hello$", FAR_TOO_LONG_S).before == ""


def test_a_server_by_rfc_2217_is_a_console_and_passes_on_speed_and_wires():
    from rfc2217_server import rfc2217_server

    with rfc2217_server() as server, Console(Line(server.url, 74880, dtr=True)) as console:
        server.say(b"boot\r\n")
        console.expect("^boot$", 3)
        console.send_line("help")
        console.set_speed(115200)

        assert until(lambda: server.heard == b"help\r")
        assert server.port.baudrates[-2:] == [74880, 115200]
        assert server.port.dtr is True
        assert server.port.rts is False


def test_a_server_by_rfc_2217_is_asked_once_and_a_break_of_another_thread_is_not_refused():
    from rfc2217_server import rfc2217_server

    with rfc2217_server() as server, Console(Line(server.url, 115200)) as console:
        console.read_for(0.3)
        asked = len(server.port.baudrates)
        with ThreadPoolExecutor(2) as pool:
            breaks = [pool.submit(console.send_break, 0.01) for _ in range(4)]
            for one in breaks:
                one.result(10)

        assert console.troubles == []
        assert len(server.port.baudrates) == asked


def test_a_console_that_cannot_be_opened_says_which():
    with pytest.raises(ConsoleError, match="/dev/no-such-tty: the console cannot be opened"):
        Console("/dev/no-such-tty").open()
    with pytest.raises(ConsoleError, match="not open"):
        Console("loop://").send("x")


@pytest.mark.parametrize(
    "url", ["bogus://x", "socket://127.0.0.1", "rfc2217://127.0.0.1:1", "socket://127.0.0.1:x"]
)
def test_a_url_that_means_nothing_is_an_error_of_the_console(url):
    with pytest.raises(ConsoleError, match="cannot be opened"):
        Console(url).open()


def test_wires_are_set_before_the_line_is_opened():
    held = Device(replace(LINUX, held_by=("rts",)))
    with Console(Line("x", rts=True), opener=held.opener()) as console:
        assert console.read_for(0.05) == ""
    held.close()

    free = Device(replace(LINUX, held_by=("rts",)), on=False)
    with Console("x", opener=free.opener()) as console:
        free.power(on=True)
        console.expect("login: ", FAR_TOO_LONG_S)
    free.close()


def test_an_answer_that_came_before_anybody_listened_is_heard():
    with Console("loop://") as console:
        console.send_line("one")
        console.expect("one", FAR_TOO_LONG_S)
        console.send("two")
        console.send("three")
        until = time.monotonic() + 10
        while "three" not in console.text() and time.monotonic() < until:
            time.sleep(0.001)

        assert console.read_for(0.01).endswith("twothree")
        assert console.read_for(0.01) == ""


def test_a_wire_that_the_line_does_not_have_is_said():
    device = Device(LINUX)
    with Console("x", opener=device.opener(wires=False)) as console, pytest.raises(ConsoleUnsettable):
        console.set_wires(dtr=True)
    device.close()


def test_a_speed_that_the_adapter_cannot_set_is_said_and_the_former_one_goes_on():
    device = Device(LINUX, on=False)
    with Console("x", opener=device.opener(cannot=frozenset({1500000}))) as console:
        with pytest.raises(ConsoleUnsettable, match="1500000"):
            console.set_speed(1500000)
        device.power(on=True)
        console.expect("login: ", FAR_TOO_LONG_S)

        assert console.baudrate == 115200
        assert any("1500000" in what for what in console.troubles)
    device.close()


def test_odd_speeds_are_really_set_on_a_terminal():
    device = Device(replace(LINUX, speed=74880), on=False)
    with on_a_pty(device) as name, Console(Line(name, 1500000)) as console:
        console.set_speed(74880)
        device.power(on=True)

        console.expect("login: ", FAR_TOO_LONG_S)


def test_a_raw_socket_carries_no_break():
    with (
        serve(lambda connection: connection.recv(1)) as port,
        Console(f"socket://127.0.0.1:{port}") as console,
    ):
        with pytest.raises(ConsoleUnsettable, match="BREAK"):
            console.send_break(0.001)
        with console.unfed():
            pass

        assert "could not be held low" in console.troubles[0]


def test_the_line_is_low_while_the_device_is_off_and_high_again():
    device = Device(LINUX)
    with Console("x", opener=device.opener()) as console:
        with console.unfed():
            assert device.low
        assert not device.low
    device.close()


# Always drained ---------------------------------------------------------------------------------------------


def test_the_line_is_drained_while_nobody_expects_anything(pty_pair):
    master, name = pty_pair
    with Console(name) as console:
        left = 4 * 1024 * 1024
        while left:
            left -= os.write(master, b"x" * min(left, 65536))  # would block for ever with nobody reading

        assert until(lambda: console.log.end == 4 * 1024 * 1024)


def test_a_socket_is_drained_at_five_megabytes_a_second():
    size = 20 * 1024 * 1024

    def flood(connection: socket.socket) -> None:
        connection.sendall(b"kernel: something happened again\r\n" * (size // 34) + b"END\r\n")
        connection.recv(1)

    with serve(flood) as port, Console(f"socket://127.0.0.1:{port}") as console:
        console.expect("^END$", FAR_TOO_LONG_S)

        assert console.log.end > size - 100


def test_old_text_is_dropped_and_later_one_is_heard_all_the_same(pty_pair):
    master, name = pty_pair
    with Console(name, kept=64 * 1024) as console:
        for _ in range(20):
            os.write(master, b"a" * 4000 + b"\n")
            os.write(master, b"b" * 4000 + b"\n")
        os.write(master, b"still here\r\n")
        console.expect("^still here$", 5)

        assert console.log.begin > 0
        assert console.log.end > console.log.begin
        assert console.transcript.truncated
        assert console.read_for(0.01) == ""
        os.write(master, b"and here\r\n")
        console.expect("^and here$", 5)


def test_a_timeout_comes_in_time_though_the_device_floods():
    def flood(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"A" * 65536)

    started = time.monotonic()
    with (
        serve(flood) as port,
        Console(f"socket://127.0.0.1:{port}") as console,
        pytest.raises(ConsoleTimeout),
    ):
        console.expect("never", timeout_s=0.2)

    assert time.monotonic() - started < FAR_TOO_LONG_S
    assert len(console.buffer) <= 256 * 1024


def test_a_device_that_does_not_take_what_is_typed_hangs_nothing():
    stop = threading.Event()

    def deaf(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stop.wait(FAR_TOO_LONG_S)

    with serve(deaf) as port, Console(f"socket://127.0.0.1:{port}", timeout_s=0.05) as console:
        with pytest.raises(ConsoleError, match="were not taken"):
            console.send(b"x" * 16 * 1024 * 1024)
        stop.set()


# Going away -------------------------------------------------------------------------------------------------


def test_a_line_that_comes_back_under_its_name_goes_on_and_the_gap_is_told(tmp_path):
    name = tmp_path / "ttyACM"
    first, second = Device(LINUX, on=False), Device(LINUX, on=False)
    with on_a_pty(second) as there:
        with on_a_pty(first) as here:
            name.symlink_to(here)
            console = Console(Line(str(name), reopen_s=5.0))
            console.open()
            first.power(on=True)
            console.expect("login: ", FAR_TOO_LONG_S)
            mark = console.mark()
            name.unlink()
            name.symlink_to(there)
        assert until(lambda: any("was away" in what for what in console.troubles))
        second.power(on=True)
        console.expect("login: ", 3, since=mark)
        console.close()

    events = [line.data.decode() for line in console.transcript.lines if line.direction == "!"]
    assert any("what comes until it is back is lost" in event for event in events)
    assert any("was away for" in event for event in events)


def test_what_is_typed_while_the_line_is_away_waits_for_it(tmp_path):
    name = tmp_path / "ttyACM"
    first, second = Device(LINUX), Device(LINUX)
    with on_a_pty(second) as there:
        with on_a_pty(first) as here:
            name.symlink_to(here)
            console = Console(Line(str(name), reopen_s=5.0))
            console.open()
            name.unlink()
        assert until(lambda: any("is lost" in line.data.decode() for line in console.transcript.lines))
        threading.Timer(0.05, name.symlink_to, (there,)).start()
        console.send_line("id")

        assert until(lambda: second.typed == b"id\r")
        console.close()


def test_a_line_that_does_not_come_back_is_gone_within_its_time(pty_pair):
    master, name = pty_pair
    with Console(Line(name, reopen_s=0.05)) as console:
        os.close(master)
        with pytest.raises(ConsoleGone, match=r"did not come back within 0\.05 s"):
            console.expect("x", 5)
        with pytest.raises(ConsoleGone):
            console.read_for(5)
        with pytest.raises(ConsoleGone):
            console.send("x")
        assert not console.is_open


def test_a_server_that_closes_and_takes_a_new_connection_goes_on():
    again = threading.Event()

    def once(connection: socket.socket) -> None:
        if again.is_set():
            connection.sendall(b"second\r\n")
            connection.recv(1)
        again.set()

    with serve(once) as port, Console(f"socket://127.0.0.1:{port}") as console:
        console.expect("^second$", 5)

        assert any("was away" in what for what in console.troubles)


def test_the_stable_name_of_a_device_is_the_link_that_leads_to_it(tmp_path):
    device = tmp_path / "ttyUSB3"
    device.touch()
    folder = tmp_path / "by-id"
    folder.mkdir()
    (folder / "usb-adapter").symlink_to(device)
    (folder / "usb-other").symlink_to(tmp_path / "gone")

    assert stable_name(str(device), (tmp_path / "none", folder)) == str(folder / "usb-adapter")
    assert stable_name("/dev/ttyUSB77", (folder,)) == "/dev/ttyUSB77"
    assert stable_name("socket://h:1", (folder,)) == "socket://h:1"


# Other readers ----------------------------------------------------------------------------------------------


def test_a_console_that_another_program_has_locked_is_not_opened(pty_pair):
    _, name = pty_pair
    with Console(name), pytest.raises(ConsoleShared, match="cannot be opened"):
        Console(name).open()


def test_a_second_reader_is_told_and_what_did_not_come_shows_nothing():
    device = Device(LINUX)
    opened = []

    def opener(line, **options):
        opened.append(device.opener()(line))
        return opened[0]

    with Console("x", opener=opener) as console:
        opened[0].shared = 1
        assert until(lambda: bool(console.troubles))
        with pytest.raises(ConsoleShared, match="another"):
            console.expect("never", 0.05)
    device.close()


def test_a_reader_of_the_system_that_takes_lines_is_recognised(pty_pair):
    master, name = pty_pair
    theirs = os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    stop = threading.Event()

    def steal() -> None:
        while not stop.is_set():
            with contextlib.suppress(BlockingIOError):
                os.read(theirs, 4096)

    with Console(name) as console:
        thread = threading.Thread(target=steal)
        thread.start()

        def seen() -> bool:
            os.write(master, b"line\n")
            return bool(console.troubles)

        found = until(seen)
        stop.set()
        thread.join()
    os.close(theirs)

    assert found
    assert "second reader" in console.troubles[0]


def test_closing_ends_the_thread_and_leaves_no_descriptor():
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with Console("loop://") as console:
            console.send("x")
        with serve(lambda connection: connection.recv(1)) as port, Console(f"socket://127.0.0.1:{port}"):
            pass

    assert until(lambda: len(list(Path("/proc/self/fd").iterdir())) <= before)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("console ")]
