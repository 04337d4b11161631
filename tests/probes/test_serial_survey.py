"""Surveys of consoles that behave as devices of the field do, each on a simulator that knows what it did."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from serial_device import Behaviour, Device, Loader, Say, Shell, on_a_pty, on_a_socket

from pytest_etsi.probes.serial import Console, Line
from pytest_etsi.probes.serial.answers import Baseline
from pytest_etsi.probes.serial.observation import ConsoleObservation, Restart, Supply
from pytest_etsi.probes.serial.survey import Plan, survey

if TYPE_CHECKING:
    from collections.abc import Callable

FAST = Plan(
    boot_s=0.12,
    on_s=0.0,
    answer_s=0.05,
    quiet_s=0.04,
    every_s=0.003,
    pace_s=0.001,
    speeds=(115200, 9600, 1500000, 74880),
    emulated=True,
)
ALLOWED = replace(FAST, intrusive=True)
_COUNTS_S = 0.3
"""A count that a key is in time for, even where the device and who types get hardly any of a busy machine's time."""
ANY_SPEED = replace(FAST, emulated=False, quiet_s=0.1)

UBOOT = (Say("U-Boot 2023.04 (Jan 12 2026)\r\nDRAM:  64 MiB\r\n"),)
KERNEL = (
    Say("Starting kernel ...\r\n[    0.000000] Linux version 5.15.148 (build@example)\r\n"),
    Say("[    1.204311] Run /sbin/init as init process\r\n"),
)
LINUX = Behaviour(boot=(*UBOOT, None, *KERNEL), loader=Loader(), shell=Shell())
CLOSED = replace(LINUX, loader=None)
SILENT = Behaviour()


def look_at(
    device: Device,
    plan: Plan = FAST,
    *,
    line: Line | None = None,
    restarts: bool = True,
    **opening: Any,
) -> ConsoleObservation:
    """Survey a device over a port of this process."""
    console = Console(line or Line("x"), opener=device.opener(**opening))
    console.open()
    try:
        found, _ = survey(
            console, plan, supply=supply_of(device) if restarts else None, health=health_of(device)
        )
    finally:
        console.close()
        device.close()
    return found


def supply_of(device: Device, *, low: Callable[[], Any] = contextlib.nullcontext) -> Supply:
    """The supply of a simulator, which knows what it did."""
    seen: list[str] = []

    def cycle() -> None:
        with low():
            device.power(on=False)
            seen.append("dead" if device.state == "off" else "")
        device.power(on=True)

    return Supply(cycle, lambda: Restart(seen.pop(0), "started"))


def health_of(device: Device) -> Callable[[], str]:
    def health() -> str:
        for _ in range(1000):
            if device.healthy:
                return "well"
            if device.state != "starting":
                break
            device._stop.wait(0.002)
        return f"not well: {device.state}"

    return health


def kinds(found: tuple[Any, ...]) -> set[str]:
    return {one.kind for one in found}


# Speeds -----------------------------------------------------------------------------------------------------


ROM = Say(
    "\r\n ets Jan  8 2013,rst cause:1, boot mode:(3,6)\r\n\r\nload 0x4010f000, len 3584, room 16 \r\ntail 0\r\n"
    "chksum 0xb0\r\ncsum 0xb0\r\nv2843a5ac\r\n~ld\r\n" + "load 0x40100000, len 28356, room 16 \r\n" * 4,
    74880,
)
APP = Say(
    "[I] app: starting, version 1.4.2\r\n[I] wifi: connected to the network of the house\r\n", after_s=0.05
)


def test_a_boot_at_two_speeds_is_read_at_both() -> None:
    found = look_at(Device(Behaviour(boot=(ROM, APP)), on=False), ANY_SPEED)

    assert set(found.speeds.spoken) == {74880, 115200}
    assert found.speeds.unread == 0
    assert [part.speed for part in found.speeds.parts if part.legible] == [74880, 115200]
    assert kinds(found.unprompted) == {"boot-loader"}


def test_a_boot_at_two_speeds_is_read_over_a_terminal_of_the_system() -> None:
    device = Device(Behaviour(boot=(ROM, APP)), on=False)
    with on_a_pty(device) as name, Console(name) as console:
        found, _ = survey(console, ANY_SPEED, supply=supply_of(device))

    assert set(found.speeds.spoken) == {74880, 115200}


@pytest.mark.parametrize("speed", [1500000, 9600])
def test_another_speed_than_the_documented_one_is_found_and_answers_there(speed: int) -> None:
    found = look_at(Device(replace(CLOSED, speed=speed)), ANY_SPEED)

    assert found.speeds.spoken == (speed,)
    assert kinds(found.answers) == {"shell"}
    assert "kernel-log" in kinds(found.unprompted)


def test_a_silent_device_that_answers_at_another_speed_is_found() -> None:
    found = look_at(Device(Behaviour(shell=Shell(), speed=9600)), ANY_SPEED)

    assert "shell" in kinds(found.answers)
    assert found.stimuli[-1].speed == 9600


def test_a_speed_that_cannot_be_set_is_named_and_garbage_is_no_silence() -> None:
    device = Device(replace(CLOSED, speed=1500000, shell=None))
    found = look_at(device, ANY_SPEED, cannot=frozenset({1500000}))

    assert found.speeds.unsettable == (1500000,)
    assert found.speeds.unread > 0
    assert not found.silent
    assert "garbage" in kinds(found.unprompted)
    assert any("1500000" in what for what in found.troubles)


# Boot loaders -----------------------------------------------------------------------------------------------


def test_nothing_is_typed_before_the_line_was_quiet_for_longer_than_a_start() -> None:
    slow = replace(LINUX, loader=Loader(counts_s=0.08))
    device = Device(slow)
    found = look_at(device)

    assert found.loader == ()
    assert kinds(found.answers) == {"shell"}
    assert all(one.quiet_s >= FAST.boot_s for one in found.stimuli[:1])


def test_opening_that_stops_the_boot_loader_is_the_finding_and_the_device_is_brought_back() -> None:
    opened = Behaviour(
        boot=(Say("U-Boot 2023.04\r\nHit any key to stop autoboot:  0 \r\n=> "),), starts_at_opening=True
    )
    found = look_at(Device(opened))

    assert found.open_loader is not None
    assert "nothing was typed" in found.open_loader.stopped
    assert found.stimuli == ()
    assert len(found.restarts) == 2


@pytest.mark.parametrize("keys", [rb"(?s).", rb"tpl", rb"\x03", rb" ", rb"\x1b"])
@pytest.mark.parametrize("says", [b"Hit any key to stop autoboot:  1 ", b""])
def test_a_boot_loader_is_stopped_by_its_key_also_when_no_message_announces_it(
    keys: bytes, says: bytes
) -> None:
    silent_later = Behaviour(boot=(*UBOOT, None), loader=Loader(keys, says=says, counts_s=_COUNTS_S))
    found = look_at(Device(silent_later), replace(ALLOWED, boot_s=3 * _COUNTS_S))

    assert found.open_loader is not None
    assert "answers to Enter" in found.open_loader.stopped
    assert found.health == "well"


def test_a_boot_loader_that_is_not_stopped_is_not_called_closed_and_the_keys_are_listed() -> None:
    odd = Behaviour(boot=(*UBOOT, None, *KERNEL), loader=Loader(rb"xyzzy"))
    found = look_at(Device(odd), ALLOWED)

    assert found.open_loader is None
    assert {"Enter", "Space", "Ctrl-C", "Esc"} <= set(found.loader[0].keys)
    assert "tpl" in found.loader[1].keys
    assert [one.until for one in found.loader] == ["kernel", "kernel"]


def test_an_open_boot_loader_behind_a_silent_kernel_is_found() -> None:
    found = look_at(Device(Behaviour(boot=(None,), loader=Loader(says=b""))), ALLOWED)

    assert found.open_loader is not None
    assert found.unprompted == ()


def test_without_permission_no_boot_loader_is_touched_and_that_is_said() -> None:
    device = Device(Behaviour(boot=(*UBOOT, None), loader=Loader(counts_s=0.02)))
    found = look_at(device)

    assert found.loader == ()
    assert any("not permitted" in gap for gap in found.gaps)
    assert b"\x03" not in device.typed
    assert b"<BREAK>" not in device.typed


# Wires ------------------------------------------------------------------------------------------------------


def test_a_device_that_an_asserted_wire_holds_in_reset_is_tried_with_it_released() -> None:
    held = Device(replace(CLOSED, held_by=("rts",)))
    found = look_at(held, ANY_SPEED, line=Line("x", rts=True))

    assert kinds(found.answers) & {"shell", "prompt"}
    assert any(one.wires == "RTS released" for one in found.stimuli)


def test_a_device_that_is_mute_without_dtr_is_tried_with_it() -> None:
    mute = Device(Behaviour(shell=Shell(), mute_without=("dtr",)))
    found = look_at(mute, ANY_SPEED)

    assert any(one.wires == "DTR asserted" and one.answer for one in found.stimuli)


def test_a_boot_that_the_opening_has_caused_is_heard_before_anything_is_done() -> None:
    device = Device(replace(CLOSED, shell=None, starts_at_opening=True))
    found = look_at(device, restarts=False)

    assert {"boot-loader", "kernel-log"} <= kinds(found.unprompted)
    assert device.starts == 2


# Stimuli that harm ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("input_", "name"), [(b"\x03", "Ctrl-C"), (b"BREAK", "BREAK")])
def test_what_halts_a_device_is_sent_by_permission_only_and_its_harm_is_told(
    input_: bytes, name: str
) -> None:
    fragile = Behaviour(halts_on=(input_,))
    careful = look_at(Device(fragile))
    bold = look_at(Device(fragile), ALLOWED)

    assert careful.harm == ""
    assert careful.health == "well"
    assert f"after {name} the device is not well" in bold.harm
    assert bold.health == "well"


def test_typing_is_paced() -> None:
    slow = Behaviour(shell=Shell(needs_s=0.001, prompt=b"esp32> ", answers={b"help": b"commands: help"}))
    found = look_at(Device(slow), replace(FAST, pace_s=0.006))

    assert found.harm == ""
    assert found.answers


# Prompts and answers ----------------------------------------------------------------------------------------


def test_a_login_prompt_torn_apart_by_kernel_messages_is_recognised_after_quiet_and_one_enter() -> None:
    torn = replace(
        CLOSED,
        boot=(*UBOOT, *KERNEL, Say("cam lo"), Say("[    9.1] random: crng init done\r\n"), Say("gin: ")),
        shell=Shell(prompt=b"cam login: "),
    )
    found = look_at(Device(torn))

    assert kinds(found.answers) == {"login"}
    assert [one.stimulus for one in found.stimuli] == ["Enter (CR)"]


def test_a_shell_that_loses_the_first_characters_typed_is_a_shell_all_the_same() -> None:
    found = look_at(Device(replace(CLOSED, shell=Shell(loses=7))))

    assert kinds(found.answers) == {"shell"}


def test_a_shell_that_only_echoes_is_none() -> None:
    found = look_at(Device(Behaviour(shell=Shell(evaluates=False, unknown=b"what? %s"))))

    assert "shell" not in kinds(found.answers)
    assert found.answers


def test_an_echo_alone_is_no_answer() -> None:
    with Console("loop://") as console:
        found, _ = survey(console, FAST)

    assert found.answers == ()
    assert kinds(found.unprompted) == {"echo"}
    assert not found.silent


def test_a_login_prompt_that_comes_late_is_waited_for_while_the_device_shows_life() -> None:
    late = Behaviour(
        boot=(
            *KERNEL,
            *(Say(f"[   {n}.0] still busy {'x' * n}\r\n", after_s=0.06) for n in range(5)),
            Say("login: ", after_s=0.06),
        ),
        shell=Shell(prompt=b"login: "),
    )
    device = Device(late)
    found = look_at(device)

    assert device.typed[:1] in (b"", b"\r")
    assert kinds(found.answers) == {"login"}


PROMPTS = b"\x1b[8D\x1b[J[00:00:01.000] <inf> app: tick 1\r\nuart:~$ "


LOGIN = Shell(prompt=b"cam login: ", unknown=b"Password: ", evaluates=False)
SLOW = replace(ALLOWED, answer_s=0.1, quiet_s=0.1)


@pytest.mark.parametrize("boot", [(), (Say("boot: ready\r\n"),)], ids=["silent", "with a log"])
@pytest.mark.parametrize("late_s", [0.12, 0.35])
def test_an_answer_that_comes_later_than_usual_is_one_all_the_same(
    boot: tuple[Say, ...], late_s: float
) -> None:
    found = look_at(Device(Behaviour(boot=boot, shell=LOGIN, late_s=late_s), on=False), SLOW)

    assert kinds(found.answers) == {"login"}
    assert found.open_loader is None


def test_a_shell_that_answers_late_is_a_shell() -> None:
    found = look_at(Device(Behaviour(shell=Shell(), late_s=0.2), on=False), SLOW)

    assert kinds(found.answers) == {"shell"}


def test_what_comes_too_late_for_an_answer_is_told_as_said_unasked_and_is_no_boot_loader() -> None:
    device = Device(Behaviour(boot=(Say("boot: ready\r\n"),), shell=LOGIN, late_s=0.65), on=False)
    found = look_at(device, replace(ALLOWED, quiet_s=0.4))

    assert "login" in kinds((*found.answers, *found.unprompted))
    assert found.open_loader is None


@pytest.mark.parametrize("boot", [(), (Say("boot: ready\r\n"),)], ids=["silent", "with a log"])
@pytest.mark.parametrize("late_s", [0.001, 0.06, 0.2])
def test_wires_that_touch_give_an_echo_however_late_it_comes(boot: tuple[Say, ...], late_s: float) -> None:
    found = look_at(Device(Behaviour(boot=boot, touching=True, late_s=late_s)), ALLOWED)

    assert found.answers == ()
    assert "echo" in kinds(found.unprompted)


@pytest.mark.parametrize("line", ["", "AT", "A", "T", "ATA", "TAT", "lp AT  help ver"])
def test_an_echo_is_one_also_when_it_is_read_while_it_comes(line: str) -> None:
    assert Baseline(typed=dict.fromkeys(["AT", "help", "version"])).is_typed(line)


@pytest.mark.parametrize("line", ["OK", "AT OK", "ATxAT", "el", "T ver", "#", "help: AT"])
def test_what_was_not_typed_is_no_echo(line: str) -> None:
    assert not Baseline(typed=dict.fromkeys(["AT", "help", "version"])).is_typed(line)


def test_a_prompt_that_is_drawn_anew_after_each_log_line_is_no_answer() -> None:
    talking = Behaviour(boot=(Say("uart:~$ "),), chatter=PROMPTS, every_s=0.01)
    found = look_at(Device(talking))

    assert found.answers == ()
    assert found.unprompted


def test_a_shell_behind_such_prompts_answers_to_a_question() -> None:
    shell = Shell(
        prompt=b"uart:~$ ",
        evaluates=False,
        answers={b"help": b"Please press the <Tab> button"},
        unknown=b"%s: command not found",
    )
    talking = Behaviour(boot=(Say("uart:~$ "),), chatter=PROMPTS, every_s=0.01, shell=shell)
    found = look_at(Device(talking), replace(FAST, answer_s=0.08))

    assert found.answers


@pytest.mark.parametrize(("ends", "echoes"), [(rb"\r\n", True), (rb"\r(?!\n)", False), (rb"\n", False)])
def test_an_interpreter_of_at_commands_is_asked_with_each_line_end(ends: bytes, echoes: bool) -> None:
    modem = Shell(
        prompt=b"", ends=ends, echoes=echoes, answers={b"AT": b"\r\nOK"}, unknown=None, evaluates=False
    )
    found = look_at(Device(Behaviour(shell=modem)))

    assert kinds(found.answers) == {"at"}


def test_a_binary_protocol_keeps_silent_to_text_and_what_was_sent_is_listed() -> None:
    modbus = Device(Behaviour(binary={b"\x01\x03\x00\x00\x00\x01\x84\x0a": b"\x01\x03\x02\x00\x01\x79\x84"}))
    found = look_at(modbus, ANY_SPEED)

    assert found.silent
    assert {one.stimulus for one in found.stimuli} >= {"Enter (CR)", "AT (CR LF)", "help (CR)"}
    assert set(found.speeds_tried) == set(ANY_SPEED.speeds)


# The bench --------------------------------------------------------------------------------------------------


def test_the_banner_of_a_terminal_server_is_not_the_devices() -> None:
    device = Device(replace(SILENT, greeting=b"ser2net port 2001 [9600 N81] (Debian)\r\n"))
    with on_a_socket(device) as url, Console(url) as console:
        found, _ = survey(console, FAST, supply=supply_of(device), health=health_of(device))

    assert "ser2net" in found.greeting
    assert found.silent


def test_telnet_in_a_raw_stream_is_named() -> None:
    device = Device(replace(SILENT, greeting=b"\xff\xfb\x01\xff\xfb\x03"))
    with on_a_socket(device) as url, Console(url) as console:
        found, _ = survey(console, FAST, supply=supply_of(device), health=health_of(device))

    assert any("telnet (2 IAC" in what for what in found.troubles)
    assert found.silent


def test_a_device_that_lives_on_by_the_line_is_seen_to_have_been_off_only_when_it_was() -> None:
    fed = Device(Behaviour(fed_by_line=True))
    found = look_at(fed)

    assert found.started is None

    device = Device(Behaviour(fed_by_line=True))
    with Console("x", opener=device.opener()) as console:
        found, _ = survey(console, FAST, supply=supply_of(device, low=console.unfed))
    device.close()

    assert found.started is not None


def test_a_console_that_never_stops_logging_is_surveyed_in_bounded_time_and_is_not_silent() -> None:
    flood = Behaviour(
        boot=KERNEL, chatter=b"[   12.345678] usb 1-1: reset high-speed device\r\n" * 50, floods=True
    )
    found = look_at(Device(flood))

    assert not found.silent
    assert "kernel-log" in kinds(found.unprompted)
    assert found.answers == ()


def test_a_cable_that_is_pulled_in_the_middle_ends_the_survey_with_what_was_seen() -> None:
    device = Device(CLOSED)
    ports = []

    def opener(line: Line, **options: Any) -> Any:
        if options.get("again"):
            raise OSError("no such device")
        ports.append(device.opener()(line))
        return ports[-1]

    console = Console(Line("x", reopen_s=0.03), opener=opener)
    console.open()

    def pull() -> None:
        device.cycle()
        ports[0].gone = True

    found, _ = survey(console, FAST, supply=Supply(pull, lambda: Restart("dead", "started")))
    console.close()
    device.close()

    assert any("ended early" in gap for gap in found.gaps)
    assert found.troubles


# What a log tells -------------------------------------------------------------------------------------------


def test_secrets_in_a_log_are_told_by_place_kind_and_fingerprint_only() -> None:
    secret, known = "$6$saltsalt$" + "a" * 86, "Owner-Pass-77"
    telling = Behaviour(boot=(Say(f"init\r\nroot:{secret}:1:2:::\r\nlogin with {known} works\r\n"),))
    device = Device(telling, on=False)
    with Console("x", opener=device.opener()) as console:
        found, values = survey(
            console, replace(FAST, known={"the owner's password": known}), supply=supply_of(device)
        )
    device.close()

    assert {leak.kind for leak in found.leaks} == {"password hash", "known secret"}
    assert set(values) == {secret, known}
    assert secret not in str(found.to_json())
    assert known not in str(found.to_json())
