"""The serial console over pseudo terminals, sockets and a loop."""

from __future__ import annotations

import os
import threading
import time
import tty

import pytest
from work import FAR_TOO_LONG_S

from pytest_etsi.probes.uart import Console, ConsoleError, ConsoleTimeout

from hostile_servers import serve  # isort: skip


def device(connection):
    connection.sendall(b"U-Boot 2023\r\n\x1b[6nlogin: ")
    name = connection.recv(100).strip()
    connection.sendall(b"Password: ")
    connection.recv(100)
    connection.sendall(b"welcome " + name + b"\r\n# ")
    while connection.recv(100):
        pass


def test_a_login_dialogue_over_a_socket():
    with serve(device) as port, Console(f"socket://127.0.0.1:{port}") as console:
        first = console.expect(r"(login): ", timeout_s=3)
        console.send("root\n")
        console.expect("Password:", 3)
        console.send("x\n")
        last = console.expect(r"welcome (\w+)\r", 3)

    assert first.groups == ("login",)
    assert "U-Boot 2023" in first.before
    assert last.groups == ("root",)


def test_what_follows_a_match_stays_for_the_next_one():
    with Console("loop://") as console:
        console.send("one two three")
        first = console.expect("one", 2)
        second = console.expect("three", 2)

    assert first.before == ""
    assert second.before.strip() == "two"


def test_a_pseudo_terminal_is_a_console():
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        with Console(os.ttyname(slave)) as console:
            os.write(master, b"ready\r\n")
            console.expect("ready", 2)
            console.send("reboot\n")
            assert os.read(master, 100) == b"reboot\n"
    finally:
        os.close(master)
        os.close(slave)


def test_a_timeout_shows_the_last_text_harmlessly_and_where_the_log_is(tmp_path):
    log = tmp_path / "uart.log"
    with Console("loop://", log=log) as console:
        console.send(b"boot \x1b[2J panic")
        with pytest.raises(ConsoleTimeout) as caught:
            console.expect("login:", timeout_s=0.2)

    message = str(caught.value)
    assert "'login:' did not come within 0.2 s" in message
    assert "\\x1b[2J panic" in message
    assert "\x1b" not in message
    assert str(log) in message
    assert "15 bytes" in message
    assert log.read_bytes() == b"boot \x1b[2J panic"


def test_a_timeout_comes_in_time_though_the_device_floods():
    def flood(connection):
        while True:
            connection.sendall(b"A" * 65536)

    started = time.monotonic()
    with (
        serve(flood) as port,
        Console(f"socket://127.0.0.1:{port}") as console,
        pytest.raises(ConsoleTimeout),
    ):
        console.expect("never", timeout_s=0.5)

    assert time.monotonic() - started < FAR_TOO_LONG_S
    assert len(console.buffer) <= 256 * 1024


def test_the_transcript_holds_both_directions_with_times():
    with Console("loop://") as console:
        console.send("hello\n")
        console.expect("hello", 2)
        console.read_for(0.05)
    transcript = console.transcript

    assert transcript.received == b"hello\n"
    assert [line.direction for line in transcript.lines][:2] == [">", "<"]
    assert transcript.text().count("hello\\n") == 2
    assert transcript.to_json()["lines"][0]["at"].endswith("Z")


def test_a_silent_device_gives_nothing():
    with Console("loop://") as console:
        assert console.read_for(0.2) == ""


def test_a_console_that_cannot_be_opened_says_which():
    with pytest.raises(ConsoleError, match="/dev/no-such-tty: the console cannot be opened"):
        Console("/dev/no-such-tty").open()
    with pytest.raises(ConsoleError, match="not open"):
        Console("loop://").send("x")


def test_a_device_that_goes_away_is_an_error_of_the_console():
    with (
        serve(lambda connection: None) as port,
        Console(f"socket://127.0.0.1:{port}") as console,
        pytest.raises(ConsoleError) as caught,
    ):
        console.expect("x", 2)

    assert not isinstance(caught.value, ConsoleTimeout)


def test_characters_cut_in_two_are_put_together_again():
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        with Console(os.ttyname(slave)) as console:
            threading.Timer(0.1, os.write, (master, "grün ok".encode()[3:])).start()
            os.write(master, "grün ok".encode()[:3])
            assert console.expect("ok", 2).before == "grün "
    finally:
        os.close(master)
        os.close(slave)
