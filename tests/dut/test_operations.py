"""What can be done to a device: each kind of operation, its value, its conditions, and what comes of a failure."""

from __future__ import annotations

import asyncio
import sys
import time

import pytest
from bench_world import Kept, device_of, server

from pytest_etsi.dut.reach.operations import Told, _model, wait_until
from pytest_etsi.dut.reach.operations._power import PowerCuts
from pytest_etsi.profile.bench import PowerAccess
from pytest_etsi.verdict import Cause, Inconclusive
from tests import daemons

PYTHON = sys.executable


def shell(code, **more):
    """A program that runs a line of Python."""
    return {"kind": "shell", "program": PYTHON, "arguments": ["-c", code]} | more


def run(tmp_path, operation, *, arguments=None, access=None, **given):
    dut = device_of(tmp_path, {"operations": {"x": operation}} | (access or {}), **given)
    return dut.operations.attempt("x", **(arguments or {}))


# values


@pytest.mark.parametrize(
    ("said", "pattern", "value"),
    [
        ("20230913-131259/v1.14.0-gcb84623", r"/v([\d.]+)", "1.14.0"),
        ("9.5.0(minimal)", r"^[\d.]+", "9.5.0"),
        (
            "old 1.6.0\n* new 1.11.0\nolder 1.5.0",
            r"^\* \w+ (\S+)",
            "1.11.0",
        ),  # the running one is marked, not first
        ("version 1.2\r\nbuild 7", r"^version (.*)$", "1.2"),
    ],
)
def test_a_pattern_captures_the_value(tmp_path, said, pattern, value):
    result = run(tmp_path, shell(f"print({said!r})", value={"pattern": pattern}))

    assert (result.done, result.value) == (True, value)


def test_a_path_of_json_and_a_pattern_capture_the_value(tmp_path):
    said = '{"fw": [{"v": "v2.10 (x)"}]}'
    result = run(tmp_path, shell(f"print({said!r})", value={"json": "fw.0.v", "pattern": r"v([\d.]+)"}))

    assert result.value == "2.10"


@pytest.mark.parametrize("said", ["no json", '{"fw": null}', "[]", "[" * 5000])
def test_a_value_that_is_not_there_fails_the_operation(tmp_path, said):
    result = run(tmp_path, shell(f"print({said!r})", value={"json": "fw"}))

    assert not result.done


# programs


def test_a_program_gets_its_arguments_and_no_shell_reads_them(tmp_path):
    operation = {
        "kind": "shell",
        "program": PYTHON,
        "arguments": ["-c", "import sys; print(sys.argv[1])", "{what}; echo x"],
        "value": {"pattern": ".*"},
    }

    assert run(tmp_path, operation, arguments={"what": "$HOME"}).value == "$HOME; echo x"


def test_a_program_gets_a_small_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("LABORATORY_TOKEN", "planted-1234")
    code = "import os; print(sorted(os.environ))"
    result = run(tmp_path, shell(code, env={"MINE": "1"}, value={"pattern": ".*"}))

    assert "LABORATORY_TOKEN" not in result.value
    assert "MINE" in result.value


def test_a_program_that_hangs_is_ended_with_what_it_started(tmp_path):
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).wait()"
    began = time.monotonic()
    result = run(tmp_path, shell(code, timeout_s=0.5))

    assert "did not end within 0.5 s" in result.detail
    assert time.monotonic() - began < 30


def test_a_program_that_floods_is_read_to_its_end_and_kept_in_part(tmp_path):
    result = run(tmp_path, shell("print('x' * 3_000_000)", value={"pattern": "(?s).*"}))

    assert result.done
    assert len(result.value) == 256 * 1024


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        ({"kind": "shell", "program": "no-such-program-here"}, "cannot be run"),
        ({"kind": "shell", "program": PYTHON, "arguments": ["-c", "raise SystemExit(3)"]}, "ended with 3"),
        ({"kind": "python", "call": "no_such_module:x"}, "ModuleNotFoundError"),
    ],
)
def test_what_cannot_be_run_is_a_matter_of_the_bench(tmp_path, operation, why):
    dut = device_of(tmp_path, {"operations": {"x": operation | {"recover": "Call the laboratory."}}})
    with pytest.raises(Inconclusive, match=why) as raised:
        dut.operations.run("x")

    assert (raised.value.cause, raised.value.settle) == (Cause.BENCH, "Call the laboratory.")


# requests


def test_the_last_answer_of_a_request_gives_the_value(tmp_path):
    with server(lambda _, path, __: (200, {"at": path})) as url:
        steps = [{"url": f"{url}/first"}, {"url": f"{url}/{{what}}"}]
        operation = {"kind": "http", "steps": steps, "value": {"json": "at"}}

        assert run(tmp_path, operation, arguments={"what": "last"}).value == "/last"


def test_the_service_is_asked_at_its_address(tmp_path):
    with server(lambda method, path, _: (200, {"at": f"{method} {path}"})) as url:
        operation = {"kind": "cloud", "path": "/v1/x", "value": {"json": "at"}}

        assert run(tmp_path, operation, access={"cloud": {"url": url}}).value == "GET /v1/x"


def test_an_answer_that_is_no_success_says_so(tmp_path):
    with server(lambda *_: (500, {})) as url:
        result = run(tmp_path, {"kind": "http", "url": f"{url}/x"})

    assert "answered HTTP 500, expected 200 or 204" in result.detail


# people


class Person:
    def __init__(self, *told):
        self.told = list(told)
        self.asked = []

    def ask(self, instruction, *, question, wants):
        self.asked.append((instruction, question, wants))
        return self.told.pop(0)


MANUAL = {"kind": "manual", "instruction": "Hold the button.", "question": "Which light is on?"}


def test_what_a_person_answers_is_the_value(tmp_path):
    person = Person(Told(done=True, answer="the green one"))
    result = run(tmp_path, MANUAL | {"value": {"pattern": r"the (\w+)"}}, attendant=person)

    assert result.value == "green"
    assert person.asked == [("Hold the button.", "Which light is on?", None)]


def test_without_a_person_it_is_a_matter_of_access(tmp_path):
    with pytest.raises(Inconclusive, match=r"a person is needed at the bench: Hold the button\.") as raised:
        run(tmp_path, MANUAL)

    assert raised.value.cause == Cause.ACCESS


def test_what_a_person_could_not_do_failed(tmp_path):
    result = run(tmp_path, MANUAL, attendant=Person(Told(done=False, answer="it is glued")))

    assert "it is glued" in result.detail


def test_the_file_that_a_person_gives_is_evidence(tmp_path):
    person = Person(Told(done=True, file=("photo.jpg", b"\xff\xd8")))
    dut = device_of(tmp_path, {"operations": {"x": MANUAL | {"wants": "photo"}}}, attendant=person)
    kept = Kept()
    dut.attach(kept)
    dut.operations.run("x")

    assert kept.named("photo.jpg") == b"\xff\xd8"


# sequences, repetitions, conditions


def test_a_sequence_ends_with_the_first_that_fails(tmp_path):
    steps = {"a": shell("print(1)"), "b": shell("raise SystemExit(1)"), "c": shell("print(3)")}
    dut = device_of(tmp_path, {"operations": {**steps, "x": {"kind": "sequence", "run": ["a", "b", "c"]}}})
    kept = Kept()
    dut.attach(kept)
    result = dut.operations.attempt("x")

    assert "b: OtherwiseError" in result.detail
    assert [name for name, _ in kept.items] == ["operation-a", "operation-b", "operation-x"]


def test_a_sequence_gives_the_value_of_its_last(tmp_path):
    steps = {"a": shell("print(1)"), "b": shell("print('v7')", value={"pattern": r"\d"})}
    operations = {**steps, "x": {"kind": "sequence", "run": ["a", "b"], "value": {"pattern": ".*"}}}

    assert device_of(tmp_path, {"operations": operations}).operations.run("x").value == "7"


def test_a_sequence_that_is_a_part_of_itself_is_told(tmp_path):
    operations = {"x": {"kind": "sequence", "run": ["y"]}, "y": {"kind": "sequence", "run": ["x"]}}
    with pytest.raises(Inconclusive, match="x -> y -> x"):
        device_of(tmp_path, {"operations": operations}).operations.run("x")


def test_the_harmless_is_tried_again(tmp_path):
    seen = []

    def answer(*_):
        seen.append(1)
        return (503 if len(seen) < 3 else 200, {})

    with server(answer) as url:
        result = run(tmp_path, {"kind": "http", "url": f"{url}/x", "harmless": True, "retries": 2})

    assert (result.done, len(seen)) == (True, 3)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"value_of": "version", "matches": "1\\.2"}, True),
        ({"value_of": "version", "matches": "1"}, False),
        ({"succeeds": "light"}, False),
        ({"answers": False}, True),
        ({"answers": True}, False),
    ],
)
def test_a_condition_is_asked_at_the_device(tmp_path, when, condition, holds):
    operations = {
        "version": shell("print('1.2')", value={"pattern": ".*"}),
        "light": shell("raise SystemExit(1)"),
        "x": shell("print('done')", **{when: [condition]}),
    }
    result = device_of(tmp_path, {"operations": operations}).operations.attempt("x")

    assert result.done is holds
    assert holds or f"{when} it, it does not hold that" in result.detail


def test_what_is_not_fit_before_is_not_begun(tmp_path):
    mark = tmp_path / "mark"
    operations = {
        "light": shell("raise SystemExit(1)"),
        "x": shell(f"open({str(mark)!r}, 'w')", before=[{"succeeds": "light"}]),
    }
    device_of(tmp_path, {"operations": operations}).operations.attempt("x")

    assert not mark.exists()


# the account of cuts


def test_the_power_stays_on_for_a_minimum_before_it_is_cut_again():
    now, slept = [100.0], []
    cuts = PowerCuts(PowerAccess(on_s=15), clock=lambda: now[0], sleep=slept.append)
    cuts.before("power-off")
    cuts.on()
    now[0] += 4
    cuts.before("power-off")

    assert slept == [11.0]


def test_the_cuts_of_a_run_are_limited(tmp_path):
    access = {"power": {"most_cuts": 2, "on_s": 0}, "operations": {"power-cycle": shell(""), "y": shell("")}}
    access["operations"]["y"] |= {"cuts_power": True}
    dut = device_of(tmp_path, access)
    dut.operations.run("power-cycle")
    dut.operations.run("y")
    with pytest.raises(Inconclusive, match="3th time in this run, and 2 times are allowed") as raised:
        dut.operations.run("power-cycle")

    assert raised.value.cause == Cause.BENCH


# evidence


def test_the_transcript_is_evidence_without_what_was_handed_over(tmp_path):
    with server(lambda *_: (200, {"token": "made-by-the-device"})) as url:
        operation = {"kind": "http", "url": f"{url}/x", "json": {"password": "planted-1234"}}
        dut = device_of(tmp_path, {"operations": {"x": operation}})
        kept = Kept()
        dut.attach(kept)
        dut.operations.run("x")
    shown = str(kept.named("operation-x"))

    assert "HTTP 200" in shown
    assert "planted-1234" not in shown
    assert "made-by-the-device" not in shown


# other ways to the device


@pytest.mark.parametrize(
    ("command", "done", "value"),
    [("echo version 1.7", True, "1.7"), ("fail", False, None), ("flood", True, "0"), ("hang", False, None)],
)
def test_a_command_over_ssh_gives_what_it_says(tmp_path, command, done, value):
    old_ssh = pytest.importorskip("tests.probes.old_ssh")

    async def serve(process):
        if process.command == "hang":
            await asyncio.sleep(30)
        said = {"flood": "0\n" * 400_000, "fail": "no\n"}.get(process.command, process.command + "\n")
        process.stdout.write(said)
        process.exit(process.command == "fail")

    with old_ssh.serving(process_factory=serve) as port:
        entry = {
            "ID": "ssh",
            "facts": {"endpoint": f"{port}/tcp"},
            "access": {"driver": "ssh", "username": "root", "password": old_ssh.PASSWORD},
        }
        operation = {
            "kind": "ssh", "login": "ssh", "command": command, "timeout_s": 3, "value": {"pattern": r"[\d.]+"},
        }  # fmt: skip
        dut = device_of(tmp_path, {"operations": {"x": operation}}, ixit={"1-AuthMech": [entry]})
        result = dut.operations.attempt("x")

    assert (result.done, result.value) == (done, value)


@pytest.mark.parametrize(
    ("password", "listen", "done"),
    [("right", "lamp/state", True), ("wrong", "lamp/state", False), ("right", "lamp/other", False)],
)
def test_a_message_is_published_and_the_one_that_comes_back_is_the_value(tmp_path, password, listen, done):
    with daemons.mosquitto(tmp_path, users={"home": "right"}) as broker:
        entry = {
            "ID": "broker",
            "facts": {"endpoint": f"{broker.port}/tcp"},
            "access": {
                "driver": "mqtt", "host": "127.0.0.1", "port": broker.port, "username": "home", "password": password,
            },
        }  # fmt: skip
        operation = {
            "kind": "mqtt", "login": "broker", "topic": "lamp/state", "payload": "on {since}", "listen": listen,
            "expect": "^on", "timeout_s": 1, "value": {"pattern": r"on (\w+)"},
        }  # fmt: skip
        dut = device_of(tmp_path, {"operations": {"x": operation}}, ixit={"1-AuthMech": [entry]})
        result = dut.operations.attempt("x", since="noon")

    assert (result.done, result.value) == (done, "noon" if done else None)


# waiting


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(_model, "time", made)
    return made


@pytest.mark.parametrize("comes_after_s", [0.0, 0.05, 1.0, 1.95, 7.3, 30.0, 599.0])
def test_what_comes_is_noticed_late_by_a_twentieth_at_most(clock, comes_after_s):
    comes = clock.now + comes_after_s
    asked = []

    def there():
        asked.append(clock.now)
        if len(asked) == 1:
            raise ConnectionError("not yet")
        return clock.now >= comes

    assert wait_until(there, within_s=600.0)
    assert clock.now - comes <= min(0.5, max(0.1, comes_after_s / 20)) + 1e-6
    assert len(asked) <= 2 + 20 + 40 + max(0.0, comes_after_s - 10) * 2


@pytest.mark.parametrize("within_s", [0.0, 0.05, 3.0, 60.0])
def test_what_does_not_come_is_asked_for_until_the_time_is_over_and_no_longer(clock, within_s):
    began, asked = clock.now, []

    assert not wait_until(lambda: asked.append(clock.now) or False, within_s=within_s)
    assert asked[0] == began
    assert asked[-1] == pytest.approx(began + within_s)
