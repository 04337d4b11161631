"""Consent as it was seen: off at first, refusable, withdrawable; and that only a control lets silence count."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import entry_of

from pytest_etsi.assessment.criteria import consents
from pytest_etsi.dut.observe.consent.model import ConsentSeen, Stage

_NO = {"given": False, "recorded": False, "reported": True, "flows": 0}
SOUND = (
    Stage("fresh", **_NO),
    Stage("refused", "refuse", **_NO),
    Stage("given", "give", given=True, recorded=True, renewed=True, reported=True, flows=2),
    Stage("withdrawn", "withdraw", **_NO),
    Stage("restarted", **_NO),
)


def data(**facts):
    entry = {"ID": "data", "Obtaining Consent": "a box", "Withdrawing Consent": "the box", "facts": facts}
    return entry_of("21-PersData", entry)


def both(*, facts=None, **changes):
    """Kinds of findings for 6-2-2 a and 6-3-2 a, where stages are changed by name; None leaves one out."""
    stages = tuple(
        replace(one, **changes.get(one.when, {})) for one in SOUND if changes.get(one.when, {}) is not None
    )
    seen = ConsentSeen("data", stages, changes.get("gaps", ()))
    entry = data(**(facts or {"erased_on_withdrawal": True}))
    return [{one.kind for one in judge(entry, seen)} for judge in (consents.obtained, consents.withdrawn)]


def test_consent_as_documented_leaves_nothing_open():
    assert both() == [set(), set()]


OBTAINED = {
    "a preset answer": {"fresh": {"given": True}},
    "data before an answer": {"fresh": {"recorded": True}},
    "connections before an answer": {"fresh": {"flows": 1}},
    "data after a refusal": {"refused": {"recorded": True}},
    "a refusal that is not taken": {"refused": {"done": False}},
    "functions that are lost": {"refused": {"broken": ("picture: HTTP 502",)}},
    "consent that cannot be given": {"given": {"done": False}, "withdrawn": None, "restarted": None},
}


@pytest.mark.parametrize("what", OBTAINED)
def test_obtaining_is_refuted_by(what):
    assert both(**OBTAINED[what])[0] == {"violation"}


WITHDRAWN = {
    "a withdrawal that is not taken": {"withdrawn": {"done": False}},
    "consent that stays": {"withdrawn": {"given": True}},
    "data that go on": {"withdrawn": {"recorded": True, "renewed": True}},
    "data that are not erased": {"withdrawn": {"recorded": True}},
    "connections that go on": {"withdrawn": {"flows": 3}},
    "consent that comes back": {"restarted": {"given": True}},
    "data after a restart": {"restarted": {"recorded": True, "renewed": True}},
}


@pytest.mark.parametrize("what", WITHDRAWN)
def test_withdrawing_is_refuted_by(what):
    assert both(**WITHDRAWN[what]) == [set(), {"violation"}]


@pytest.mark.parametrize(
    ("when", "kinds"),
    [
        ("fresh", [{"unknown"}, set()]),
        ("refused", [{"unknown"}, set()]),
        ("given", [set(), set()]),
        ("withdrawn", [set(), {"unknown"}]),
        ("restarted", [set(), {"unknown"}]),
    ],
)
def test_connections_to_the_same_place_that_ask_for_another_name_or_none_leave_it_open(when, kinds):
    assert both(**{when: {"others": (("no name", 2),)}}) == kinds


def test_data_that_may_stay_are_no_violation_unless_new_ones_come():
    facts = {"erased_on_withdrawal": False}

    assert both(facts=facts, withdrawn={"recorded": True})[1] == set()
    assert both(facts=facts, withdrawn={"recorded": True, "renewed": True})[1] == {"violation"}


SILENT = {
    "nothing is recorded after consent either": {"given": {"recorded": False}},
    "the capture is silent after consent, too": {"given": {"flows": 0}},
    "the device does not say that consent is given": {"given": {"given": False}},
    "the device told nothing": {name: {"reported": False} for name in ("fresh", "given", "withdrawn")},
    "nothing shows that it told something": {name: {"reported": None} for name in ("fresh", "withdrawn")},
    "the record cannot be read": {name: {"recorded": None} for name in ("fresh", "withdrawn")},
    "something was not seen": {"gaps": ("the service hangs",)},
}


@pytest.mark.parametrize("what", SILENT)
def test_finding_nothing_shows_nothing_where(what):
    assert both(**SILENT[what]) == [{"unknown"}, {"unknown"}]


def test_a_device_that_tells_something_with_consent_alone_may_be_silent_without():
    assert both(fresh={"reported": False}, withdrawn={"reported": False}) == [set(), set()]


def test_that_no_restart_was_tried_is_noted():
    assert both(restarted=None) == [set(), {"note"}]


def test_silence_of_an_answer_refutes_nothing():
    refused = {"done": False, "answered": False}

    assert both(refused=refused, withdrawn=refused) == [{"unknown"}, {"unknown"}]


def test_nothing_seen_is_open():
    entry, seen = data(), ConsentSeen("data")

    assert {one.kind for one in consents.obtained(entry, seen)} == {"unknown"}
    assert {one.kind for one in consents.withdrawn(entry, seen)} == {"unknown"}


RECORD = {"stored": "read", "stored_shows": ["agreed", "v2"], "read": "r", "record": "d"}
NOTHING, ALL = (("agreed", False), ("v2", False)), (("agreed", True), ("v2", True))


def kept(access=RECORD, *, gaps=(), **stored):
    """Kinds of findings for 6-3B-2 a, where the record of the consent shows so at each stage."""
    stages = (
        tuple(replace(one, stored=stored[one.when]) for one in SOUND if stored.get(one.when, ()) is not None)
        if stored
        else ()
    )
    entry = entry_of(
        "21-PersData",
        {"ID": "data", "Storing Consent": "in the account", "access": {"consent": access} if access else {}},
        edition="2.1.1",
    )
    return [one.kind for one in consents.stored(entry, ConsentSeen("data", stages, gaps))]


AT_ALL = {"fresh": NOTHING, "refused": NOTHING, "given": ALL, "withdrawn": NOTHING, "restarted": NOTHING}


@pytest.fixture(autouse=True)
def _operations(monkeypatch):
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)


def test_a_consent_that_is_stored_as_described_leaves_nothing_open():
    assert kept(**AT_ALL) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"given": (("agreed", True), ("v2", False))}, ["violation"]),
        ({"given": NOTHING}, ["violation", "violation"]),
        # What is there without consent, too, is no record of one.
        ({"refused": ALL}, ["unknown", "unknown"]),
        ({"refused": None, "fresh": ALL}, ["unknown", "unknown"]),
        ({"given": None}, ["unknown"]),
    ],
)
def test_a_record_is_compared_with_what_is_described(changes, expected):
    assert kept(**(AT_ALL | changes)) == expected


@pytest.mark.parametrize("access", [{}, {"read": "r", "record": "d"}, {**RECORD, "stored_shows": []}])
def test_a_record_that_nobody_can_read_is_open(access):
    assert set(kept(access, **AT_ALL)) == {"unknown"}


def test_what_else_is_open_is_said_with_a_record_that_nobody_can_read():
    assert kept({}, gaps=("not permitted",), **AT_ALL) == ["unknown", "unknown"]


def test_what_could_not_be_tried_is_open():
    assert kept(gaps=("not permitted",)) == ["unknown"]
    unread = tuple(replace(one, stored=None) for one in SOUND)
    entry = entry_of("21-PersData", {"ID": "data", "access": {"consent": RECORD}}, edition="2.1.1")
    assert [one.kind for one in consents.stored(entry, ConsentSeen("data", unread))] == ["unknown"]
