"""Whether a debug console is disabled (5.6-4-2): what refutes, what is judged, and when silence suffices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import entry_of

from pytest_etsi import criteria
from pytest_etsi.dut.observe.consoles import ConsoleSight
from pytest_etsi.probes.serial.leaks import Leak
from pytest_etsi.probes.serial.observation import ConsoleObservation, LoaderTry, Restart, Stimulated
from pytest_etsi.probes.serial.recognise import Recognised
from pytest_etsi.probes.serial.speeds import USUAL, Part, SpeedSearch
from pytest_etsi.probes.serial.stimuli import BOOT_KEYS, BOOT_WORDS, DISTURBING, ENTERS
from pytest_etsi.verdict import Cause

OFF = {"default": "disabled", "debug": True, "accessible": True, "type": ["physical"]}
ON = {**OFF, "default": "enabled"}
KEYS = tuple(key.name for key in (*BOOT_KEYS, *BOOT_WORDS))
SENT = tuple(
    Stimulated(one.name, one.rank, speed, "", 61.0, 0.5, "")
    for speed in USUAL
    for one in (*ENTERS, *DISTURBING)
)
SILENT = ConsoleObservation(
    url="/dev/ttyUSB0",
    boot_s=60.0,
    listened_s=200.0,
    emulated=False,
    speeds=SpeedSearch((), (), (), 1),
    restarts=(Restart("dead", "answers as itself"),),
    unprompted=(),
    stimuli=SENT,
    answers=(),
    loader=(LoaderTry(KEYS, 115200, 60.0, 400, "", "time"),),
    health="well",
    permitted=True,
    wired="3.3 V at RX while the device is on, 0 V while it is off",
)
STOPPED = LoaderTry(("Enter", "Ctrl-C"), 115200, 1.0, 9, "the prompt '=>' answers to Enter", "prompt")


def console(facts=OFF, status="disabled by default"):
    return entry_of("15-Intf", {"Status": status, "facts": facts})


def found_of(facts=OFF, status="disabled by default", **changes):
    seen = replace(SILENT, **changes)
    return criteria.consoles.disabled(console(facts, status), ConsoleSight(seen))


def kinds(found):
    return {finding.kind for finding in found}


def test_silence_passes_with_its_whole_list_and_says_what_was_tried():
    found = found_of()

    assert found == ()
    assert "Enter (CR LF)" in found.examined
    assert "1500000" in found.examined
    assert "tpl" in found.examined
    assert "3.3 V at RX" in found.examined


@pytest.mark.parametrize(
    ("changes", "cause", "said"),
    [
        ({"restarts": ()}, Cause.ACCESS, "not seen to be off"),
        ({"restarts": (Restart("", "answers as itself"),)}, Cause.BENCH, "not seen to be off"),
        ({"restarts": (Restart("dead", ""),)}, Cause.BENCH, "not seen to be off"),
        (
            {"restarts": (*SILENT.restarts, Restart("", "answers as itself"))},
            Cause.BENCH,
            "not seen to be off",
        ),
        ({"wired": ""}, Cause.BENCH, "the wires reach the device"),
        ({"listened_s": 59.0}, Cause.BENCH, "less than a start takes"),
        ({"stimuli": SENT[:-14]}, Cause.BENCH, "2400"),
        ({"stimuli": tuple(one for one in SENT if "LF" not in one.stimulus)}, Cause.BENCH, "Enter (LF)"),
        ({"stimuli": tuple(one for one in SENT if one.stimulus != "Esc"), "loader": ()}, Cause.BENCH, "Esc"),
        ({"loader": (), "permitted": False}, Cause.PERMISSION, "Space"),
        ({"loader": (LoaderTry(KEYS[:3], 115200, 9.0, 9, "", "time"),)}, Cause.BENCH, "tpl"),
        ({"troubles": ("a second reader: x",)}, Cause.BENCH, "second reader"),
        ({"troubles": ("x: 1500000 baud cannot be set",)}, Cause.BENCH, "1500000 baud"),
        ({"gaps": ("the survey ended early: gone",)}, Cause.BENCH, "ended early"),
        ({"harm": "after BREAK the device is not well"}, Cause.BENCH, "disturbed"),
        ({"health": "not answering on the network any more"}, Cause.BENCH, "not answering"),
    ],
)
def test_silence_with_a_gap_in_its_list_is_open_and_says_which(changes, cause, said):
    found = found_of(**changes)

    assert kinds(found) == {"unknown"}
    assert any(said in one.message and one.cause == cause and one.settle for one in found), found


def test_an_emulated_line_needs_no_speeds():
    assert found_of(emulated=True, stimuli=SENT[:7], wired="") == ()


@pytest.mark.parametrize(
    "kind", ["shell", "login", "rtos-shell", "at", "prompt", "log", "binary", "boot-loader"]
)
def test_whatever_answers_is_not_disabled(kind):
    found = found_of(answers=(Recognised(kind, "x"),))

    assert kinds(found) == {"violation"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("shell", "violation"), ("at", "violation"), ("login", "unknown"), ("prompt", "unknown")],
)
def test_a_login_where_nothing_is_said_to_be_disabled_is_judged_and_a_shell_is_not(kind, expected):
    found = found_of(ON, "enabled", answers=(Recognised(kind, "x"),))

    assert [one.kind for one in found if one.cause in (None, Cause.JUDGEMENT)] == [expected]


@pytest.mark.parametrize("facts", [OFF, ON])
def test_an_open_boot_loader_decides_however_silent_the_rest_is(facts):
    found = found_of(facts, loader=(STOPPED,))

    assert kinds(found) == {"violation"}
    assert "Ctrl-C" in str(found)


@pytest.mark.parametrize("kind", ["kernel-log", "boot-loader", "log", "login", "prompt"])
def test_output_without_input_is_said_and_judged(kind):
    found = found_of(unprompted=(Recognised(kind, "[ 0.0] Linux"),))

    assert kinds(found) == {"unknown"}
    assert found[0].cause == Cause.JUDGEMENT
    assert "so that it is not off" in found[0].message


def test_an_echo_and_garbage_are_neither_silence_nor_an_answer():
    for kind in ("echo", "garbage"):
        found = found_of(unprompted=(Recognised(kind, "42 bytes"),))

        assert [one.cause for one in found] == [Cause.BENCH]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("private key", "violation"),
        ("password hash", "violation"),
        ("known secret", "violation"),
        ("password", "unknown"),
        ("token", "unknown"),
    ],
)
def test_a_secret_on_the_console_refutes_where_it_is_certain(kind, expected):
    leak = Leak(kind, 3, "psk", "0123456789abcdef")
    found = found_of(leaks=(leak,), unprompted=(Recognised("log", "x"),))

    assert expected in kinds(found)
    assert "0123456789abcdef" in str(found)


def test_without_a_line_nothing_is_decided():
    found = criteria.consoles.disabled(console(), ConsoleSight(None, "no access.serial"))

    assert [one.cause for one in found] == [Cause.ACCESS]


def test_the_greeting_of_a_server_is_noted():
    assert kinds(found_of(greeting="ser2net port 2001")) == {"note"}


def test_a_speed_at_which_something_is_unread_is_no_silence():
    search = SpeedSearch((Part(115200, 0, 400, legible=False),), (), (), 4)

    assert not replace(SILENT, speeds=search).silent
    assert SILENT.silent


# 5.6-4-2 b --------------------------------------------------------------------------------------------------


def others(**changes):
    return criteria.consoles.not_for_debugging(
        [(console({"debug": False}), ConsoleSight(replace(SILENT, **changes)))]
    )


def test_a_shell_on_another_interface_refutes_and_silence_leaves_it_to_the_person():
    assert kinds(others(answers=(Recognised("shell", "# "),))) == {"violation"}
    assert kinds(others(loader=(STOPPED,))) == {"violation"}
    assert kinds(others(answers=(Recognised("login", "login:"),))) == set()
    assert kinds(others(unprompted=(Recognised("log", "tick"),))) == {"note"}
    assert others() == ()


# 5.4-1-2 a, 5.4-3-2 a ---------------------------------------------------------------------------------------


def test_the_value_of_a_parameter_on_the_console_refutes_its_protection_and_no_other_value_does():
    entry = entry_of("10-SecParam", {"Description": "a key"})
    own = Leak("known secret", 7, f"the password of x; the value of {entry}", "0123456789abcdef")
    other = replace(own, about="the value of 10-SecParam/other")

    assert kinds(criteria.consoles.discloses(entry, [other, own])) == {"violation"}
    assert criteria.consoles.discloses(entry, [other, replace(own, kind="password")]) == ()


LOGIN = (Recognised("login", "login:"),)
SHELL = (Recognised("shell", "#"),)


@pytest.mark.parametrize(
    ("answers", "facts", "expected"),
    [
        ((), OFF, set()),
        (LOGIN, OFF, {"unknown"}),
        (LOGIN, ON, {"unknown"}),
        # A prompt may be that of a shell: only what asks for a name or a password guards.
        ((Recognised("prompt", "/ #"),), OFF, {"violation"}),
        ((Recognised("prompt", "/ #"),), ON, {"unknown"}),
        (SHELL, OFF, {"violation"}),
        (SHELL, ON, {"violation"}),
        ((Recognised("echo", "x"),), OFF, {"violation"}),
    ],
)
def test_to_ask_for_a_password_will_do_where_the_edition_says_so(answers, facts, expected):
    seen = replace(SILENT, answers=answers)
    found = criteria.consoles.disabled(
        console(facts, "enabled if asked"), ConsoleSight(seen), or_guarded=True
    )

    assert kinds(found) == expected


def test_to_ask_for_a_password_will_not_do_where_it_is_to_be_off():
    assert kinds(found_of(answers=LOGIN)) == {"violation"}


@pytest.mark.parametrize(
    ("status", "changes", "expected"),
    [
        ("disabled", {}, set()),
        ("disabled", {"answers": LOGIN}, {"violation"}),
        ("enabled", {"answers": LOGIN}, set()),
        ("enabled", {"unprompted": (Recognised("log", "up"),)}, set()),
        ("enabled", {}, {"unknown"}),
        ("enabled", {"unprompted": (Recognised("garbage", "x"),)}, {"unknown"}),
        ("enabled at times", {}, {"unknown"}),
    ],
)
def test_a_serial_interface_is_on_or_off_as_documented(status, changes, expected):
    entry = entry_of("15-PhyIntf", {"Type": "physical port", "Status": status}, edition="2.1.1")
    found = criteria.consoles.as_documented(entry, ConsoleSight(replace(SILENT, **changes)))

    assert kinds(found) == expected


def test_a_serial_interface_that_was_not_looked_at_is_open():
    entry = entry_of("15-PhyIntf", {"Status": "enabled"}, edition="2.1.1")

    assert kinds(criteria.consoles.as_documented(entry, ConsoleSight(None, "no wire"))) == {"unknown"}
