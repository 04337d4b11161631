"""Deletions as they were seen: what refutes, what leaves open, and that only what was seen before can be gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment.criteria import erasing
from pytest_etsi.dut.observe.erasing.model import Erasing, Look
from pytest_etsi.verdict import Cause


def looks(**found):
    """Looks by two ways; moments that are named give whether the first, and the second, finds the data."""
    moments = {"before": (0, 0), "created": (1, 1), "at once": (0, 0), "later": (0, 0)} | found
    return tuple(
        Look(way, moment, bool(there), readable=True)
        for moment, pair in moments.items()
        for way, there in zip(("page", "app"), pair, strict=bool(pair))
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
    "a deletion that was not carried out, whatever is gone": {"carried_out": False, "answered": False},
    "a deletion that was refused, whatever is gone": {"carried_out": False, "answered": True},
    "silence in place of the deletion": {"carried_out": False, "answered": False, "looks": looks()[:4]},
    "a way that cannot be read afterwards": {
        "looks": (*looks()[:-1], Look("app", "later", found=False, readable=False, detail="refused"))
    },
    "a way that shows nothing any more": {"blind": (("app", "what was put there anew does not show on it"),)},
    "a look right after it alone": {"looks": looks(**{"at once": (1, 1)})[:6]},
    "a gap": {"gaps": ("the bench hangs",)},
}


@pytest.mark.parametrize("what", UNSEEN)
def test_that_nothing_is_found_shows_nothing_after(what):
    assert kinds(erasing.survived(function(), replace(SOUND, **UNSEEN[what]))) == {"unknown"}


ENDS = {
    "all is left": ((1, 1), (1, 1), True),
    "all is gone later": ((1, 1), (0, 0), False),
    "all comes back": ((0, 0), (1, 1), False),
    "some is gone": ((1, 1), (0, 1), False),
    "some was gone at once": ((0, 1), (1, 1), False),
    "nobody looked later": ((1, 1), (), False),
    "nobody looked at once": ((), (1, 1), False),
}


@pytest.mark.parametrize(("at_once", "later", "refuted"), ENDS.values(), ids=ENDS)
def test_nothing_happened_only_where_all_was_left_at_each_look(at_once, later, refuted):
    found = erasing.operated(
        function(), replace(SOUND, looks=looks(**{"at once": at_once}, later=later), told=())
    )

    assert ("nothing happens after erase" in str(found)) is refuted


def test_what_tells_the_user_that_the_data_are_gone_is_something_that_happens():
    left = looks(**{"at once": (1, 1)}, later=(1, 1))

    assert kinds(erasing.operated(function(), replace(SOUND, looks=left))) == set()


@pytest.mark.parametrize("judge", [erasing.operated, erasing.carried_out, erasing.tells])
def test_a_function_that_nobody_answered_may_have_failed_by_the_bench(judge):
    (found,) = judge(function(), replace(SOUND, carried_out=False, answered=False, detail="no route"))

    assert (found.kind, found.cause) == ("unknown", Cause.BENCH)
    assert "erase could not be carried out: no route" in found.message


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"early": ("short press",)}, "violation"),
        ({"looks": looks(later=(1, 0))}, "violation"),
        ({"gaps": ("the bench hangs",)}, "unknown"),
        ({}, ""),
    ],
)
def test_instructions_are_followed_step_by_step_and_to_their_end(changes, kind):
    assert kinds(erasing.followed(function(), replace(SOUND, **changes))) == ({kind} if kind else set())


def test_that_no_function_deletes_there_shows_nothing():
    ixit = ixit_of({"25-DelFunc": []})
    (found,) = erasing.nowhere(ixit, [])

    assert (found.kind, found.cause) == ("unknown", Cause.INFORMATION)
    assert erasing.nowhere(ixit, [SOUND]) == ()


def test_what_was_never_put_there_was_not_deleted():
    assert kinds(erasing.carried_out(function(), replace(SOUND, looks=()))) == {"unknown"}


def test_data_that_were_not_sought_any_more_are_told_beside_those_that_were():
    once = erasing.survived(function(), replace(SOUND, looks=looks(**{"at once": (1, 0)}, later=())))
    again = erasing.survived(function(), replace(SOUND, looks=looks(**{"at once": (1, 0)})))

    assert "found right after the deletion by page, and not sought any more" in str(once.unknowns)
    assert "no time is stated for it" in str(again.unknowns)


def test_the_record_says_where_the_data_were_seen_and_sought():
    partly = (*looks(), Look("log", "later", found=False, readable=True))
    unread = tuple(replace(one, readable=one.moment != "later") for one in looks())

    assert erasing.examined(Erasing("del", "erase", "device")) == "nothing"
    assert erasing.examined(replace(SOUND, waited_s=5.0)) == (
        "m4rker was seen on page and app, and sought after erase on page and app, at once and 5 s later"
    )
    assert erasing.examined(replace(SOUND, looks=partly)).endswith("; 1 more ways never showed it")
    assert "sought after erase on none of them" in erasing.examined(replace(SOUND, looks=unread))


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


def test_why_another_user_could_not_be_tried_is_told():
    entry = entry_of("25-DelFunc", {"ID": "del", "access": {"not_by_others": ["steal"]}})
    (said,) = erasing.separated(entry, replace(SOUND, others=(("steal", None, "no route"),)))
    (silent,) = erasing.separated(entry, replace(SOUND, others=(("steal", None, ""),)))

    assert said.message == "steal could not be tried: no route"
    assert silent.message == "steal could not be tried"


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
