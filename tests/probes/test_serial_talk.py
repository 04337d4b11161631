"""Talking over a console: text, expecting, marks, pace and line ends; and what is kept of it."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serial_device import Behaviour, Device, Say, Shell
from work import FAR_TOO_LONG_S

from pytest_etsi.probes.serial import Console, ConsoleTimeout, Line, Log, LogFile, plain
from pytest_etsi.probes.serial.text import Text
from pytest_etsi.redaction import MASK, Redactor

LINUX = Behaviour(boot=(Say("U-Boot 2023\r\n\x1b[6n"), Say("login: ")), shell=Shell())


# Text -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"ok\r\n", "ok\n"),
        (b"ok\r\r\n", "ok\n"),
        (b"10%\r20%\r", "10%\n20%\n"),
        (b"a\nb", "a\nb"),
        (b"\x1b[1;31mred\x1b[0m \x1b[6n\x1b[?25l\x1b(Bplain", "red plain"),
        (b"\x1b]0;title\x07\x1b]52;c;cm0gLXJm\x1b\\x", "x"),
        (b"\x1bP1$r\x1b\\\x1b_app\x1b\\y", "y"),
        (b"\x1b]never ended\nlogin: ", "]never ended\nlogin: "),
        (b"login\x1b]: ", "login: "),
        (b"a\x00\x07\x08b", "ab"),
        ("grün 密码\r\n".encode(), "grün 密码\n"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (
            b"uart:~$ \x1b[8D\x1b[J[00:00:01.000] <inf> app: tick\r\n",
            "uart:~$ [00:00:01.000] <inf> app: tick\n",
        ),
    ],
)
def test_text_is_what_a_person_reads(data, text):
    assert plain(data) == text


PIECES = st.lists(
    st.sampled_from(
        [
            b"\r",
            b"\n",
            b"\x1b",
            b"\x1b[",
            b"\x1b]0;",
            b"\x07",
            b"\\",
            b"31m",
            b"ab",
            b"\xc3",
            b"\xbc",
            b"\x9b",
        ]
    ),
    max_size=12,
)


@given(PIECES)
def test_text_is_the_same_however_the_bytes_are_cut(pieces):
    whole = b"".join(pieces)
    one_by_one = Text()
    text = "".join(one_by_one.feed(bytes((byte,))) for byte in whole) + one_by_one.end()

    assert text == plain(whole)
    assert not any(char in text for char in "\x1b\x07\r\x9b")


# Expecting --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"\r\n", b"\r\r\n", b"\n", b"\r"])
def test_line_anchors_work_whatever_ends_the_lines(end):
    with Console("loop://") as console:
        console.send(b"AT" + end + b"ok" + end)

        assert console.expect(r"^ok$", FAR_TOO_LONG_S).before == "AT\n"


def test_what_follows_a_match_stays_for_the_next_one():
    with Console("loop://") as console:
        console.send("one two three")
        first = console.expect("one", FAR_TOO_LONG_S)
        second = console.expect("three", FAR_TOO_LONG_S)

    assert first.before == ""
    assert second.before.strip() == "two"


def test_a_mark_hides_what_came_before_it():
    device = Device(LINUX, on=False)
    with Console("x", opener=device.opener()) as console:
        device.power(on=True)
        console.expect("U-Boot", FAR_TOO_LONG_S)
        console.quiet(0.02, 2)
        mark = console.mark()
        with pytest.raises(ConsoleTimeout):
            console.expect("login: ", 0.05, since=mark)
        device.cycle()
        found = console.expect(r"login: ", 2, since=mark)
    device.close()

    assert found.before.count("U-Boot") == 1


def test_an_older_mark_brings_nothing_back_that_was_expected_already():
    with Console("loop://") as console:
        mark = console.mark()
        console.send("one two")
        console.expect("one", 2, since=mark)
        with pytest.raises(ConsoleTimeout):
            console.expect("one", 0.05, since=mark)


def test_a_pattern_over_a_long_log_is_found():
    with Console("loop://") as console:
        threading.Thread(target=console.send, args=(b"begin\n" + b"x" * 70 * 80 * 20 + b"\nlogin: ",)).start()

        assert console.expect(r"(?s)^begin.*^login: $", 10).before == ""


def test_characters_cut_in_two_are_put_together_again():
    with Console("loop://") as console:
        console.send("grün ok".encode()[:3])
        console.read_for(0.06)
        console.send("grün ok".encode()[3:])

        assert console.expect("ok", FAR_TOO_LONG_S).before == "grün "


def test_a_timeout_shows_the_last_text_harmlessly_and_where_the_log_is(tmp_path):
    file = LogFile(tmp_path / "console.log")
    with Console("loop://", file=file) as console:
        console.send(b"boot \x1b[2J\x1b]0;evil\x07 panic")
        with pytest.raises(ConsoleTimeout) as caught:
            console.expect("login:", timeout_s=0.05)

    message = str(caught.value)
    assert "'login:' did not come within 0.05 s" in message
    assert "boot  panic" in message
    assert "\x1b" not in message
    assert str(file.path) in message
    assert "bytes received" in message


def test_quiet_is_waited_for_and_given_up_in_time():
    device = Device(Behaviour(shell=Shell(), chatter=b"tick\r\n", every_s=0.005))
    with Console("x", opener=device.opener()) as console:
        assert not console.quiet(0.1, 0.15)
        device.power(on=False)
        assert console.quiet(0.05, 5)
    device.close()


# Typing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "end"), [("cr", b"\r"), ("lf", b"\n"), ("crlf", b"\r\n")])
def test_a_line_ends_as_the_settings_say(name, end):
    device = Device(LINUX)
    with Console(Line("x", line_end=name), opener=device.opener()) as console:
        console.send_line("help")

    assert bytes(device.typed) == b"help" + end
    device.close()


def test_a_device_that_hangs_on_fast_input_answers_to_paced_one():
    slow = Behaviour(shell=Shell(needs_s=0.002, answers={b"help": b"commands"}))
    fast, paced = Device(slow), Device(slow)
    with Console("x", opener=fast.opener()) as console:
        console.send_line("help")
        with pytest.raises(ConsoleTimeout):
            console.expect("commands", 0.1)
    with Console(Line("x", pace_s=0.008), opener=paced.opener()) as console:
        console.send_line("help")
        console.expect("commands", FAR_TOO_LONG_S)
    fast.close()
    paced.close()

    assert fast.state != paced.state or fast.state == "off"


def test_a_paced_text_goes_character_by_character_and_not_byte_by_byte():
    device = Device(LINUX)
    with Console(Line("x", pace_s=0.001), opener=device.opener()) as console:
        console.send("ü")

        assert [line.data for line in console.transcript.lines if line.direction == ">"] == ["ü".encode()]
    device.close()


# The log ----------------------------------------------------------------------------------------------------


def test_the_transcript_holds_both_directions_and_events_with_times():
    with Console("loop://") as console:
        console.send("hello\n")
        console.expect("hello", FAR_TOO_LONG_S)
        console.note("power off")
    transcript = console.transcript

    assert transcript.received == b"hello\n"
    assert [line.direction for line in transcript.lines] == ["!", ">", "<", "!"]
    assert transcript.text().count("hello\\n") == 2
    assert transcript.to_json()["lines"][1]["at"].endswith("Z")


def test_the_log_tells_what_is_new_once():
    log = Log("x")
    log.add("<", b"one")
    first = log.number
    log.add("<", b"two")

    assert log.transcript(0).received == b"onetwo"
    assert log.transcript(first).received == b"two"
    assert log.transcript(log.number).lines == ()


def test_positions_go_on_growing_when_old_bytes_are_dropped():
    log = Log("x", kept=5000)
    for number in range(100):
        log.add("<", b"%03d" % number * 300)
    data, position = log.read(0, 10**6)

    assert log.end == 90_000
    assert position == 90_000
    assert position - len(data) == log.begin > 0
    assert data.endswith(b"099")
    assert log.transcript().truncated


def test_of_a_long_transcript_the_middle_is_left_out_and_said():
    log = Log("x")
    for number in range(100):
        log.add("<", b"%04d" % number * 1000)
    short = log.transcript(limit=60_000)

    assert short.truncated
    assert short.lines[0].data.startswith(b"0000")
    assert short.lines[-1].data.endswith(b"0099")
    assert b"bytes are left out here" in b"".join(line.data for line in short.lines if line.direction == "!")


def test_the_file_is_written_as_it_comes_and_without_secrets_however_they_come(tmp_path):
    path = tmp_path / "console.log"
    file = LogFile(path, Redactor(["pl4nted-Secret"]).bytes)
    log = Log("x", file=file)
    for byte in b"psk=pl4nted-Secret\r\n\x1b[2Jnext":
        log.add("<", bytes((byte,)))
    file.flush()
    written = path.read_text("utf-8")
    file.close()

    assert MASK in written
    assert "pl4nted" not in written
    assert "next" not in written
    assert "\\x1b[2Jnext" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_written_or_is_full_stops_nothing(tmp_path):
    nowhere = LogFile(tmp_path / "no" / "console.log")
    small = LogFile(tmp_path / "console.log", most=200)
    for file in (nowhere, small):
        log = Log("x", file=file)
        for _ in range(20):
            log.add("<", b"a line that is not so short\n")
        file.close()

        assert file.failed
        assert log.end == 20 * 28
    assert (tmp_path / "console.log").stat().st_size < 400


def test_what_comes_faster_than_it_can_be_written_is_counted_and_holds_nobody_up(tmp_path):
    let_go = threading.Event()

    def slow(lines):
        let_go.wait(5)
        return lines

    file = LogFile(tmp_path / "console.log", slow, behind=1000)
    log = Log("x", file=file)
    for _ in range(100):
        log.add("<", b"a line that is not so short\n")
    let_go.set()
    file.flush()
    log.add("<", b"and later again\n")
    file.close()
    written = (tmp_path / "console.log").read_text("utf-8")

    assert log.end == 2816
    assert "bytes came too fast to be written" in written
    assert written.endswith("and later again\n")


def test_the_heard_time_moves_with_what_comes():
    log = Log("x")
    assert log.heard_at == float("-inf")
    log.add(">", b"typed")
    assert log.heard_at == float("-inf")
    log.add("<", b"said")

    assert log.heard_at <= time.monotonic()
