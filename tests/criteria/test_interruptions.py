"""Cuts of the power in the midst of something: what refutes, what leaves open, and what was only promised."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from documents import ixit_of

from pytest_etsi.assessment.criteria._interruptions import interruptions, made_in_words
from pytest_etsi.dut.observe.outages.model import FunctionTry, Interruption
from pytest_etsi.verdict import Cause

SOUND = {"found": "new", "written": True, "recovered_s": 2.0, "alive": True}


def found(*seen, gaps=(), **listed):
    entry = ixit_of({"23-ResMech": [{"ID": "power"} | listed]}).table("23-ResMech")[0]
    observed = SimpleNamespace(interrupted=lambda _: seen, uninterrupted=gaps)
    return list(interruptions(entry, observed))


def kinds(*seen, description="It keeps its settings.", gaps=()):
    return [(one.kind, one.cause) for one in found(*seen, gaps=gaps, Description=description)]


VIOLATION, BENCH, TOLD = ("violation", None), ("unknown", Cause.BENCH), ("unknown", Cause.INFORMATION)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"found": "old"}, []),
        ({"found": "old", "written": False}, [TOLD]),
        ({"written": False}, []),
        ({"found": "third", "detail": "half"}, [VIOLATION]),
        ({"found": "unreadable", "detail": "an error"}, [VIOLATION]),
        ({"changed": ("the name", "the volume")}, [VIOLATION, VIOLATION]),
        ({"recovered_s": None}, [VIOLATION]),
        ({"recovered_s": None, "alive": False, "failures": 2}, [VIOLATION]),
        ({"recovered_s": None, "alive": False, "failures": 1}, [BENCH]),
        ({"failures": 1}, [BENCH]),
        ({"gaps": ("the switch did not answer",)}, [BENCH]),
        ({"functions": (FunctionTry("play", "after", works=True),)}, []),
        ({"functions": (FunctionTry("play", "after", works=False, answered=True),)}, [VIOLATION]),
        ({"functions": (FunctionTry("play", "after", works=False, answered=False),)}, [BENCH]),
    ],
)
def test_what_a_cut_while_writing_shows(changes, expected):
    assert kinds(Interruption("writing", "1 s after it began", **SOUND | changes)) == expected


def test_one_cut_that_reached_something_is_enough_and_starting_writes_nothing():
    reached = Interruption("writing", "late", **SOUND)
    early = Interruption("writing", "early", **SOUND | {"found": "old", "written": False})
    starting = Interruption("starting", "early", recovered_s=2.0)

    assert kinds(early, reached) == []
    assert kinds(early, early) == [TOLD]
    assert kinds(starting) == []
    assert kinds(early, starting) == [TOLD]


def test_what_refutes_stands_at_the_description():
    (refuted,) = found(
        Interruption("writing", "late", **SOUND | {"found": "third"}), Description="It keeps all."
    )

    assert refuted.place.field == "Description"


def test_a_cut_that_could_not_be_made_is_open_for_its_own_entry():
    assert kinds(gaps=[("power", "no switch"), ("net", "no switch"), ("wifi", "no switch")]) == [BENCH]


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Nothing is lost while settings are written.", [TOLD]),
        ("A cut while it starts does no harm.", [TOLD]),
        ("The power may fail at any time.", [TOLD, TOLD]),
        ("The name may be changed at any time.", []),
        ("A loss of power does no harm.", []),
    ],
)
def test_what_is_promised_of_such_cuts_is_open_where_none_is_made(description, expected):
    assert kinds(description=description) == expected


def test_the_cuts_and_what_was_found_are_told():
    made = [
        Interruption("writing", "a", found="old"), Interruption("writing", "b", found="new"),
        Interruption("writing", "c", found="new"), Interruption("starting", "d"),
    ]  # fmt: skip
    observed = SimpleNamespace(interruptions=[("power", one) for one in made])

    assert made_in_words(observed) == (
        "3 cuts while writing (1 x the old value, 2 x the new value); 1 cut while starting"
    )
    assert made_in_words(SimpleNamespace(interruptions=[])) == ""
