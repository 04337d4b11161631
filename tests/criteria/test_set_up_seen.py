"""Decisions and the check of the set-up as they were seen: what differs from the documents, and what was not seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment.criteria import sensors, set_up
from pytest_etsi.dut.observe.decisions.model import DecisionsSeen, Met
from pytest_etsi.dut.observe.sensors import Reading, SensorsSeen
from pytest_etsi.dut.observe.setup_check import SetupCheckSeen

MET = Met(
    "dec",
    "the page /",
    looked=True,
    options=(("on", True), ("off", True)),
    chosen=("off",),
    wizard=True,
    asked="Send?",
)


def decision(**facts):
    stated = {"options": ["on", "off"], "default": "off"} | facts
    given = {key: value for key, value in stated.items() if value is not None}
    return entry_of("26-UserDec", {"ID": "dec", "Description": "d", "Options": "on; off", "facts": given})


def kinds(judge, facts=None, **changes):
    seen = DecisionsSeen((replace(MET, **changes),), set_up=True)
    return {one.kind for one in judge(decision(**(facts or {})), seen)}


def test_a_decision_as_documented_leaves_nothing_open():
    assert kinds(set_up.brought_about) == kinds(set_up.as_documented) == set()
    assert kinds(set_up.put_visibly) == kinds(set_up.shown) == {"note"}


DIFFERS = {
    "a decision that does not come up": {"options": (("on", False), ("off", False))},
    "an option that is missing": {"options": (("on", False), ("off", True))},
    "a further option": {"others": ("'always' of 'send'",)},
    "another default": {"chosen": ("on",)},
    "something else that is chosen": {"chosen": (), "values": ("a text in 'password'",)},
    "a question that no document has": {"strays": ("checkbox 'more'",)},
}


@pytest.mark.parametrize("what", DIFFERS)
def test_it_is_refuted_by(what):
    assert kinds(set_up.as_documented, **DIFFERS[what]) == {"violation"}


def test_a_decision_that_does_not_come_up_is_not_put_before_the_user_and_was_not_brought_about():
    nothing = {"options": (("on", False), ("off", False))}

    assert kinds(set_up.put_visibly, **nothing) == {"violation"}
    assert kinds(set_up.brought_about, **nothing) == {"unknown"}


def test_what_else_a_page_of_settings_asks_is_for_a_person():
    assert kinds(set_up.as_documented, strays=("checkbox 'more'",), wizard=False) == {"unknown"}


UNSEEN = {
    "a page that was not given": ({}, {"looked": False, "detail": "HTTP 502"}),
    "a default that does not show": ({}, {"chosen": ()}),
    "no default stated": ({"default": None}, {}),
    "no options stated": ({"options": None, "default": None}, {}),
    "an option of which nothing is known": ({"options": ["on", "off", "later"]}, {}),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_it_is_open_with(what):
    facts, changes = UNSEEN[what]

    assert kinds(set_up.as_documented, facts, **changes) == {"unknown"}


GOOD = SetupCheckSeen(weakened=True, restored=True, good="secure", weak="see to 1")


def check(seen, **access):
    stated = {"check": "c", "weaken": "w", "strengthen": "s", "read": "r", "passes": "^secure"} | access
    given = {key: value for key, value in stated.items() if value is not None}
    record = {"Documentation of Setup Check": "manual", "access": {"setup_check": given}}
    user_info = ixit_of({"2-UserInfo": record}).user_info
    return {one.kind for one in set_up.check_tells(user_info, seen)}


@pytest.fixture(autouse=True)
def _operations(monkeypatch):
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)


def test_a_check_that_tells_good_from_weak_passes():
    assert check(GOOD) == set()


@pytest.mark.parametrize(
    "said", [{"weak": "secure"}, {"good": "see to 1"}, {"good": "see to 2"}, {"weak": "secure, too"}]
)
def test_a_check_that_does_not_is_refuted(said):
    assert check(replace(GOOD, **said)) == {"violation"}


@pytest.mark.parametrize("unseen", [{"weakened": False}, {"restored": False}, {"gaps": ("no answer",)}])
def test_without_a_weak_configuration_the_check_shows_nothing(unseen):
    assert check(replace(GOOD, **unseen)) == {"unknown"}


def test_an_outcome_of_which_the_meaning_is_not_stated_is_open():
    assert check(GOOD, passes=None) == {"unknown"}


@pytest.mark.parametrize(
    ("text", "reading", "kind"),
    [
        ("An image sensor.", Reading("sound", "sound_level", "GET /", measured=True), {"violation", "note"}),
        (
            "There is no microphone.",
            Reading("sound", "sound_level", "GET /", measured=True),
            {"violation", "note"},
        ),
        ("A microphone hears you.", Reading("sound", "sound_level", "GET /", measured=True), {"note"}),
        ("An image sensor.", Reading("temperature", "cpu.temperature", "GET /", measured=False), {"note"}),
    ],
)
def test_readings_betray_sensors_that_no_document_has(text, reading, kind):
    ixit = ixit_of({"22-ExtSens": [{"ID": "sens", "Description": text}]})

    assert {one.kind for one in sensors.undocumented(ixit, SensorsSeen((reading,)))} == kind


PLACES = {"setup": "Documentation of Setup Check", "maintenance": "Documentation of Maintenance Check"}


def by_check(judge, seen, which, **access):
    """What is said of one of the checks of the second edition, the other of which is not described."""
    stated = {"check": "c", "weaken": "w", "strengthen": "s", "read": "r", "passes": "^secure"} | access
    given = {key: value for key, value in stated.items() if value is not None}
    record = {PLACES[which]: "manual", "access": {f"{which}_check": given}}
    user_info = ixit_of({"2-UserInfo": record}, edition="2.1.1").user_info
    return [one.kind for one in judge(user_info, seen)]


def right(which, weak):
    return lambda user_info, seen: set_up.tells_right(user_info, which, seen, weak=weak)


@pytest.mark.parametrize("which", PLACES)
def test_a_check_that_tells_right_of_both_configurations_passes(which):
    judged = (
        right(which, weak=False),
        right(which, weak=True),
        lambda user_info, seen: set_up.secured(user_info, seen, which),
        lambda user_info, seen: set_up.weakened(user_info, seen, which),
    )

    assert [by_check(judge, GOOD, which) for judge in judged] == [[]] * 4


@pytest.mark.parametrize("which", PLACES)
@pytest.mark.parametrize(
    ("said", "of_good", "of_weak"),
    [
        ({"good": "see to 2"}, ["violation"], []),
        ({"weak": "secure, too"}, [], ["violation"]),
        ({"weak": "secure"}, [], ["violation"]),
        ({"good": "see to 1"}, ["violation"], ["violation"]),
        ({"good": None}, ["violation"], []),
        ({"weakened": False}, [], ["unknown"]),
        ({"restored": False}, ["unknown"], []),
        ({"gaps": ("could not be done",)}, ["unknown"], ["unknown"]),
    ],
)
def test_each_check_is_held_against_each_configuration(which, said, of_good, of_weak):
    seen = replace(GOOD, **said)

    assert by_check(right(which, weak=False), seen, which) == of_good
    assert by_check(right(which, weak=True), seen, which) == of_weak


def test_what_an_outcome_means_has_to_be_stated():
    same = replace(GOOD, weak="secure")

    assert by_check(right("setup", weak=False), GOOD, "setup", passes=None) == ["unknown"]
    assert by_check(right("setup", weak=True), GOOD, "setup", passes=None) == ["unknown"]
    assert by_check(right("setup", weak=True), same, "setup", passes=None) == ["violation"]


def asked(asking, **changes):
    """What a first start shows of the question for consent to automatic updates."""
    update = {"ID": "net", "Description": "An update."}
    facts = {"topic": "updates", "update_mechanisms": ["net"], "asked_during": "initialization"} | asking
    ixit = ixit_of(
        {
            "7-UpdMech": [update],
            "26-UserDec": [{"ID": "dec", "Description": "d", "Options": "yes; no", "facts": facts}],
        }
    )
    return {
        one.kind for one in set_up.consent_asked(ixit, DecisionsSeen((replace(MET, **changes),), set_up=True))
    }


@pytest.mark.parametrize(
    ("asking", "changes", "kinds"),
    [
        ({}, {}, set()),
        ({}, {"wizard": False}, {"violation"}),
        ({}, {"options": (("on", False), ("off", False))}, {"violation"}),
        ({}, {"looked": False}, {"unknown"}),
        ({"asked_during": "operation"}, {}, {"unknown"}),
        ({"update_mechanisms": ["usb"]}, {}, {"unknown"}),
    ],
)
def test_consent_to_automatic_updates_is_met_before_the_device_is_set_up(asking, changes, kinds):
    assert asked(asking, **changes) == kinds
