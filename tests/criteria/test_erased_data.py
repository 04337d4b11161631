"""Deletions as they were seen: what refutes, what leaves open, and that only what was seen before can be gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import entry_of

from pytest_etsi.assessment.criteria import erasing
from pytest_etsi.dut.observe.erasing.model import Erasing, Look
from pytest_etsi.verdict import Cause


def looks(**found):
    """Looks by two ways; moments that are named give whether the first, and the second, finds the data."""
    moments = {"before": (0, 0), "created": (1, 1), "at once": (0, 0), "later": (0, 0)} | found
    return tuple(
        Look(way, moment, bool(there), readable=True)
        for moment, pair in moments.items()
        for way, there in zip(("page", "app"), pair, strict=True)
    )


SOUND = Erasing(
    "del", "erase", "device", "m4rker", looks(), carried_out=True, answered=True, told=(("it says 'gone'", True),),
    provoked=True,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _operations(monkeypatch):
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)


def function(**facts):
    entry = {
        "ID": "del", "Description": "d", "Target Type": "user data on the device",
        "Initiation and Interaction": "press", "Confirmation": "a light", "facts": facts, "access": {"operation": "erase"},
    }  # fmt: skip
    return entry_of("25-DelFunc", entry)


def kinds(found):
    return {one.kind for one in found} - {"note"}


def test_a_deletion_as_documented_leaves_nothing_open():
    entry = function()
    judged = (
        erasing.created, erasing.carried_out, erasing.operated, erasing.survived, erasing.followed, erasing.tells,
    )  # fmt: skip

    assert [kinds(one(entry, SOUND)) for one in judged] == [set()] * 6


REFUTED = {
    "data that are left": (erasing.survived, {"looks": looks(later=(0, 1))}),
    "a session that goes on": (erasing.survived, {"alive": True}),
    "an operation that must not start it": (erasing.operated, {"early": ("short press",)}),
    "data of somebody else": (erasing.operated, {"changed": ("neighbour gives another value",)}),
    "a refusal": (erasing.operated, {"carried_out": False, "detail": "HTTP 403", "looks": looks()[:4]}),
    "nothing that happens": (
        erasing.operated,
        {"looks": looks(**{"at once": (1, 1)}, later=(1, 1)), "told": ()},
    ),
    "a confirmation that does not come": (erasing.tells, {"told": (("a light", False),)}),
    "a confirmation of a failure": (erasing.tells, {"told_falsely": ("it says 'gone'",)}),
}


@pytest.mark.parametrize("what", REFUTED)
def test_it_is_refuted_by(what):
    judge, changes = REFUTED[what]

    assert "violation" in kinds(judge(function(), replace(SOUND, **changes)))


UNSEEN = {
    "data that never showed": {"looks": looks(created=(0, 0))},
    "data that showed before already": {"looks": looks(before=(1, 0))},
    "no look at all": {"looks": ()},
    "silence in place of the deletion": {"carried_out": False, "answered": False, "looks": looks()[:4]},
    "a way that cannot be read afterwards": {
        "looks": (*looks()[:-1], Look("app", "later", found=False, readable=False, detail="refused"))
    },
    "a look right after it alone": {"looks": looks(**{"at once": (1, 1)})[:6]},
    "a gap": {"gaps": ("the bench hangs",)},
}


@pytest.mark.parametrize("what", UNSEEN)
def test_that_nothing_is_found_shows_nothing_after(what):
    assert kinds(erasing.survived(function(), replace(SOUND, **UNSEEN[what]))) == {"unknown"}


def test_a_refusal_of_the_deletion_is_no_sign_that_data_survive():
    seen = replace(SOUND, carried_out=False, detail="HTTP 403", looks=looks()[:4])

    assert kinds(erasing.survived(function(), seen)) == {"unknown"}
    assert kinds(erasing.carried_out(function(), seen)) == {"unknown"}


@pytest.mark.parametrize(
    ("facts", "left"), [({"within_s": 60}, set()), ({}, {"unknown"}), ({"within_s": 0}, {"unknown"})]
)
def test_data_that_go_later_are_judged_by_the_time_that_is_stated(facts, left):
    seen = replace(SOUND, looks=looks(**{"at once": (1, 0)}))

    assert kinds(erasing.survived(function(**facts), seen)) == left


def test_why_nothing_was_tried_is_passed_on():
    seen = Erasing("del", "erase", "device", gaps=("not allowed",), cause=Cause.PERMISSION, settle="allow it")
    (finding,) = erasing.created(function(), seen)

    assert (finding.cause, finding.settle) == (Cause.PERMISSION, "allow it")


def test_without_anything_that_tells_the_user_the_confirmation_is_open():
    assert kinds(erasing.tells(function(), replace(SOUND, told=()))) == {"unknown"}


def separated(*others, access=None, **changes):
    entry = entry_of(
        "25-DelFunc",
        {
            "ID": "del",
            "Target Type": "user data on the device",
            "access": access or {"not_by_others": ["steal"]},
        },
    )
    return [one.kind for one in erasing.separated(entry, replace(SOUND, others=others, **changes))]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([("steal", False, "")], []),
        ([("steal", False, "answered HTTP 403, expected 200")], []),
        # What is not there may be left alone by everybody: a wrong address shows nothing.
        ([("steal", False, "answered HTTP 404, expected 200")], ["unknown"]),
        ([("steal", True, "")], ["violation"]),
        ([("ask", False, ""), ("steal", True, "")], ["violation"]),
        ([("steal", None, "no route")], ["unknown"]),
    ],
)
def test_another_user_must_not_delete_the_data(others, expected):
    assert separated(*others) == expected


def test_data_of_others_are_safe_only_where_somebody_tried():
    assert separated(access={"operation": "erase"}) == ["unknown"]
    assert separated(access={"not_by_others": []}) == ["unknown"]
    said = {"one user only": {"not_by_others": []}, "by what another user": {"operation": "erase"}}
    for words, access in said.items():
        entry = entry_of("25-DelFunc", {"ID": "del", "access": access})
        (found,) = erasing.separated(entry, SOUND)
        assert words in found.message
        assert found.cause is (Cause.ACCESS if "operation" in access else Cause.JUDGEMENT)
    assert separated(("steal", False, ""), gaps=("not permitted",)) == ["unknown"]
    assert separated(("steal", False, ""), looks=looks(created=(0, 0))) == ["unknown"]
