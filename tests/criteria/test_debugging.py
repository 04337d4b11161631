"""Debug interfaces on paper, as edition 2.1.1 asks: controlled, or disabled; and their ports out of reach."""

from __future__ import annotations

import pytest
from documents import entry_of

from pytest_etsi.assessment.criteria import debugging
from pytest_etsi.assessment.rollup import readings
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Verdict

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE


def kinds(judge, protection):
    entry = entry_of("15-PhyIntf", {"Debug Interface": "yes", "Protection": protection}, edition="2.1.1")
    return [one.kind for one in judge(entry)]


@pytest.mark.parametrize(
    ("protection", "control", "off", "port"),
    [
        ("", ["violation"], ["violation"], ["violation"]),
        ("n/a", ["violation"], ["violation"], ["violation"]),
        ("Glue.", ["violation"], ["violation"], []),
        ("Unpopulated header.", ["violation"], ["note"], []),
        ("Unlocked by a signed challenge.", [], ["note"], []),
        ("A fuse cuts it off.", ["note"], [], []),
        ("Password, the same for every device.", ["note"], ["note"], ["note"]),
        ("It can be used without a password.", [], ["note"], ["note"]),
        ("It is usable without authentication.", ["violation"], ["note"], ["note"]),
        ("No password is needed.", ["violation"], ["note"], ["note"]),
        ("It is open to everyone.", ["violation"], ["note"], []),
        # Where nothing runs, nothing asks: this is a way to disable it.
        ("The console is switched off, and no login is attached to the line.", [], [], ["note"]),
        ("It was usable without authentication before; now it is disabled.", [], [], ["note"]),
    ],
)
def test_what_the_protection_says_is_held_against_each_question(protection, control, off, port):
    judged = (debugging.access_is_controlled, debugging.can_be_disabled, debugging.port_is_protected)

    assert [kinds(judge, protection) for judge in judged] == [control, off, port]


CASE = edition("2.1.1").case("5.6-4A-1")


def verdict(**units):
    """The verdict of the conceptual case of 5.6-4A for one interface, from those of its units."""
    by_entry = {letter: {"one": given} for letter, given in units.items()}
    return readings(by_entry, CASE.alternatives, one_is_enough=CASE.one_is_enough).verdict


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ({"a": PASS, "b": FAIL, "c": FAIL, "d": NONE}, PASS),
        ({"a": FAIL, "b": PASS, "c": PASS, "d": NONE}, PASS),
        ({"a": FAIL, "b": PASS, "c": NONE, "d": PASS}, PASS),
        ({"a": OPEN, "b": PASS, "c": NONE, "d": PASS}, PASS),
        # That one of c and d does not concern an interface must not spare it the other.
        ({"a": FAIL, "b": PASS, "c": FAIL, "d": NONE}, FAIL),
        ({"a": FAIL, "b": PASS, "c": NONE, "d": FAIL}, FAIL),
        ({"a": FAIL, "b": FAIL, "c": PASS, "d": NONE}, FAIL),
        ({"a": OPEN, "b": FAIL, "c": PASS, "d": NONE}, OPEN),
        ({"a": FAIL, "b": PASS, "c": OPEN, "d": OPEN}, OPEN),
        ({"a": NONE, "b": NONE, "c": NONE, "d": NONE}, NONE),
    ],
)
def test_access_control_or_being_disabled_is_enough_for_each_interface(units, expected):
    assert verdict(**units) is expected


def test_every_interface_needs_one_of_them():
    units = {
        "a": {"one": PASS, "two": FAIL},
        "b": {"one": FAIL, "two": PASS},
        "c": {"one": FAIL, "two": FAIL},
        "d": {None: NONE},
    }

    assert readings(units, CASE.alternatives, one_is_enough=True).verdict is FAIL
    assert (
        readings(units | {"c": {"one": FAIL, "two": PASS}}, CASE.alternatives, one_is_enough=True).verdict
        is PASS
    )
