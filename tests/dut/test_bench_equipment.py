"""Equipment of the bench: told what to do, heard, never believed; what lies, babbles or hangs is a bench that failed."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from bench_world import device_of, server

from pytest_etsi.dut.reach.operations import Told
from pytest_etsi.verdict import Cause, Inconclusive


class Relay:
    """A relay that behaves by script.

    Attributes:
        on: whether it is.
        told: every path it was asked for.
        late: how often it still tells its old state after switching.
        lies: it tells the opposite for ever.
    """

    def __init__(self, *, late=0, lies=False, nonsense=b"", hangs_s=0.0):
        self.on, self.told, self._late, self._stale = True, [], late, 0
        self._lies, self._nonsense, self._hangs_s = lies, nonsense, hangs_s

    def answer(self, _method, path, _body):
        self.told.append(path)
        time.sleep(self._hangs_s)
        if self._nonsense:
            return 200, self._nonsense
        for on, words in (
            (True, ("turn=on", "on=true", "%20On")),
            (False, ("turn=off", "on=false", "%20Off")),
        ):
            if any(word in path for word in words):
                self.on, self._stale = on, self._late
        shown = self.on if not self._stale else not self.on
        self._stale = max(0, self._stale - 1)
        shown = shown if not self._lies else not shown
        return 200, {"ison": shown, "output": shown, "POWER": "ON" if shown else "OFF"}


def told(tmp_path, equipment, action, **given):
    operation = {"kind": "bench", "driver": "plug", "action": action}
    access = {"bench": {"plug": equipment}, "operations": {"x": operation}, "power": {"off_s": 0}}
    return device_of(tmp_path, access, **given).operations.attempt("x")


MAKES = [
    {"kind": "shelly", "generation": 1},
    {"kind": "shelly"},
    {"kind": "tasmota"},
]


@pytest.mark.parametrize("make", MAKES, ids=str)
def test_relays_of_known_makes_are_switched(tmp_path, make):
    relay = Relay()
    with server(relay.answer) as url:
        off = told(tmp_path, make | {"url": url}, "off")
        was_off = not relay.on
        on = told(tmp_path, make | {"url": url}, "on")

    assert (off.done, was_off, on.done, relay.on) == (True, True, True, True)


def test_the_password_of_a_relay_is_sent(tmp_path):
    relay = Relay()
    with server(relay.answer) as url:
        told(tmp_path, {"kind": "tasmota", "url": url, "password": "planted-1234"}, "off")

    assert all("user=admin&password=planted-1234" in path for path in relay.told)


@pytest.mark.parametrize("make", MAKES, ids=str)
def test_a_relay_that_follows_late_is_waited_for(tmp_path, make):
    relay = Relay(late=3)
    with server(relay.answer) as url:
        assert told(tmp_path, make | {"url": url}, "off").done


@pytest.mark.parametrize("make", MAKES, ids=str)
def test_a_relay_that_contradicts_what_it_was_told_failed(tmp_path, make):
    with server(Relay(lies=True).answer) as url:
        result = told(tmp_path, make | {"url": url, "settles_s": 0.2}, "off")

    assert "was told off, and says for 0.2 s that it is on" in result.detail


@pytest.mark.parametrize("nonsense", [b"", b"[" * 4000, b"\xff\xfe<html>", b'{"output": {"a": 1}}', b"null"])
def test_a_relay_that_answers_nonsense_ends_in_bounded_time(tmp_path, nonsense):
    with server(Relay(nonsense=nonsense or b" ").answer) as url:
        result = told(tmp_path, {"kind": "shelly", "url": url, "settles_s": 0.2}, "off")

    assert not result.done or "says nothing" in str(result.transcript)


def test_a_relay_that_hangs_ends_in_bounded_time(tmp_path):
    with server(Relay(hangs_s=1.0).answer) as url:
        began = time.monotonic()
        result = told(tmp_path, {"kind": "shelly", "url": url, "timeout_s": 0.2}, "off")

    assert "Timeout" in result.detail or "within 0.2 s" in result.detail
    assert time.monotonic() - began < 30


@contextmanager
def dripping():
    """A relay that says what it says byte by byte, each in time."""

    def drip():
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{}{}" * 2:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_relay_whose_answer_only_trickles_ends_in_the_same_time(tmp_path):
    with dripping() as url:
        began = time.monotonic()
        result = told(tmp_path, {"kind": "shelly", "url": url, "timeout_s": 0.3}, "off")

    assert "Deadline" in result.detail
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(("before", "after"), [("\ufeff", ""), ("", "\r\n"), ("", "\0")])
def test_what_stands_around_the_json_of_a_small_relay_is_no_part_of_it(tmp_path, before, after):
    relay = Relay()

    def answer(method, path, body):
        status, content = relay.answer(method, path, body)
        return status, f"{before}{json.dumps(content)}{after}".encode()

    with server(answer) as url:
        assert told(tmp_path, {"kind": "shelly", "url": url}, "off").done


def test_a_relay_that_is_away_is_a_matter_of_the_bench(tmp_path):
    operation = {"kind": "bench", "driver": "plug", "action": "off"}
    equipment = {"kind": "shelly", "url": "http://127.0.0.1:9"}
    dut = device_of(tmp_path, {"bench": {"plug": equipment}, "operations": {"x": operation}})
    with pytest.raises(Inconclusive, match="ConnectError") as raised:
        dut.operations.run("x")

    assert raised.value.cause == Cause.BENCH


def test_equipment_outside_the_bench_is_never_touched(tmp_path):
    result = told(tmp_path, {"kind": "shelly", "url": "http://192.0.2.1"}, "off")

    assert "HostNotAllowed" in result.detail


def test_what_equipment_cannot_do_is_told_with_what_it_can(tmp_path):
    assert (
        "it can on and off" in told(tmp_path, {"kind": "shelly", "url": "http://127.0.0.1:9"}, "press").detail
    )


def _hub(tmp_path, says="Port 2: {state} power"):
    """A hub with a program of its own, which keeps the state in a file."""
    state = tmp_path / "state"
    state.write_text("on", encoding="utf-8")

    def program(code):
        return {"program": sys.executable, "arguments": ["-c", f"p={str(state)!r};{code}"]}

    return {
        "kind": "shell",
        "actions": {one: program(f"open(p,'w').write('{one}')") for one in ("on", "off")},
        "state": program(f"print({says!r}.format(state=open(p).read()))"),
        "is_on": {"pattern": r"Port 2: (\w+)"},
        "settles_s": 0.2,
    }


def test_a_hub_with_a_program_of_its_own_is_switched_and_heard(tmp_path):
    hub = _hub(tmp_path)

    assert [told(tmp_path, hub, action).done for action in ("off", "on", "cycle")] == [True] * 3


def test_a_hub_that_says_the_contrary_failed(tmp_path):
    assert "says for 0.2 s that it is on" in told(tmp_path, _hub(tmp_path, "Port 2: on"), "off").detail


def test_a_hand_is_told_what_to_do(tmp_path):
    asked = []

    class Person:
        def ask(self, instruction, *, question, wants):
            asked.append(instruction)
            return Told(done=True)

    hand = {"kind": "manual", "actions": {"on": "Put the plug in.", "off": "Pull the plug."}}

    assert told(tmp_path, hand, "cycle", attendant=Person()).done
    assert asked == ["Pull the plug.", "Put the plug in."]


def test_the_state_of_equipment_is_the_value(tmp_path):
    relay = Relay()
    operation = {"kind": "bench", "driver": "plug", "action": "state", "value": {"pattern": "on|off"}}
    with server(relay.answer) as url:
        access = {"bench": {"plug": {"kind": "shelly", "url": url}}, "operations": {"x": operation}}

        assert device_of(tmp_path, access).operations.run("x").value == "on"
