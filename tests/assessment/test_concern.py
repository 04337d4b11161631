"""Whether a unit concerns an entry: by conditions put together, and with what could not be understood."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi.assessment.concern import (
    CONCERNED,
    asked,
    both,
    concern_of,
    either,
    known,
    known_across,
    settles_concern,
    unless,
)
from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile.entry_questions import entry_question
from pytest_etsi.profile.unread import Unread, note
from pytest_etsi.unit import Scope
from tests.criteria.documents import profile_of


def unread(kind="answer", part="1-AuthMech/Web", field="Description", *, wrong=False):
    return Unread(
        Problem("ixit.yaml", 7, 3, f"{part}: {field}", "expected yes or no"),
        "ixit.yaml:7",
        kind,
        part,
        field,
        wrong,
    )


PROFILE = profile_of({"1-AuthMech": [{"ID": "Web"}]})
(WEB,) = PROFILE.ixit.auth_mech


def concern(answer, *heard, told_by=None):
    def holds(entry, ixit, answers):
        note(heard)
        return answer

    condition = SimpleNamespace(holds=holds, names=(), open=lambda *_: ())
    return concern_of(PROFILE, Scope("logins", condition), WEB)


HERE = str(WEB)
ANSWER, FACT = unread(), unread("fact", field="facts.password")
WRONG_HERE = unread("reference", part=HERE, wrong=True)
WRONG_THERE = unread("reference", part="11-ComMech/Cloud", wrong=True)
NOT_WRONG = unread("reference", part=HERE)


@pytest.mark.parametrize(
    ("answer", "heard", "applies"),
    [
        (True, (), True),
        (False, (), False),
        (None, (), None),
        # An answer of a closed question, whatever it may be, changes nothing of what the others decide.
        (True, (ANSWER,), True),
        (False, (ANSWER,), False),
        (None, (ANSWER,), None),
        # A wrong reference of the entry itself is one too.
        (True, (WRONG_HERE,), True),
        (False, (WRONG_HERE, ANSWER), False),
        # A fact or reference that is not understood may say the opposite.
        (True, (FACT,), None),
        (False, (FACT,), None),
        (True, (NOT_WRONG,), None),
        (True, (WRONG_THERE,), None),
        (True, (ANSWER, FACT), None),
        (True, (WRONG_HERE, WRONG_THERE), None),
    ],
)
def test_what_rests_on_something_that_was_not_understood_is_open(answer, heard, applies):
    found = concern(answer, *heard)

    assert found.applies is applies
    assert found.unread == (() if applies is not None else heard)
    said = {True: "in scope: ", False: "not in scope: ", None: "open whether concerned: "}[applies]
    assert found.reason.startswith(f"{said}logins")


def test_a_unit_without_a_scope_concerns_every_entry():
    assert CONCERNED.applies is True


# Conditions -------------------------------------------------------------------------------------------------


def saying(told):
    return lambda _entry: told


def holds(condition, **answers):
    return condition.holds(WEB, PROFILE.ixit, answers)


def left_open(condition, **answers):
    return condition.open(WEB, PROFILE.ixit, answers)


USERS, ORIGIN = "authenticates-users", "password-origin"


@pytest.mark.parametrize(("told", "kept"), [(True, True), (False, False), (None, None)])
def test_what_the_documents_tell_counts_whatever_is_answered(told, kept):
    condition = asked("auth_mech", USERS, saying(told))

    assert holds(condition) is kept
    for answer, meant in (("yes", True), ("no", False)):
        answers = {USERS: answer}
        assert condition.holds(WEB, PROFILE.ixit, answers) is (meant if told is None else told)
    assert left_open(condition) == ((USERS,) if told is None else ())


@pytest.mark.parametrize(
    ("wanted", "answer", "kept"),
    [
        (("user-defined",), "user-defined", True),
        (("user-defined",), "pre-installed", False),
        (("user-defined", "pre-installed"), "pre-installed", True),
        (("user-defined", "pre-installed", "device-generated", "no-password"), "no-password", True),
    ],
)
def test_the_answers_that_bring_an_entry_in_are_those_that_are_wanted(wanted, answer, kept):
    condition = asked("auth_mech", ORIGIN, saying(None), *wanted)

    assert condition.holds(WEB, PROFILE.ixit, {ORIGIN: answer}) is kept


@pytest.mark.parametrize(
    ("name", "wanted"), [(ORIGIN, ("printed",)), (ORIGIN, ("user-defined", "printed")), (ORIGIN, ())]
)
def test_an_answer_that_the_question_does_not_have_cannot_be_wanted(name, wanted):
    with pytest.raises(ValueError, match="has no answer"):
        asked("auth_mech", name, saying(None), *wanted)


def test_a_claim_may_be_one_across_the_tables_and_cannot_be_missing():
    tables = asked("auth_mech", USERS, across=lambda entry, ixit: (entry, ixit) == (WEB, PROFILE.ixit))

    assert holds(tables) is True
    assert holds(known_across(lambda _entry, ixit: ixit is PROFILE.ixit)) is True
    for missing in (lambda: asked("auth_mech", USERS), lambda: known(None)):
        with pytest.raises(ValueError, match="a claim is missing"):
            missing()


YES, NO, OPEN = (known(saying(told)) for told in (True, False, None))
ASKED = asked("auth_mech", USERS, saying(None))


@pytest.mark.parametrize(
    ("condition", "kept", "names"),
    [
        (both(YES, YES), True, ()),
        (both(YES, NO), False, ()),
        (both(NO, ASKED), False, ()),
        (both(YES, ASKED), None, (USERS,)),
        (both(OPEN, ASKED, ASKED), None, (USERS,)),
        (either(NO, NO), False, ()),
        (either(YES, ASKED), True, ()),
        (either(NO, ASKED), None, (USERS,)),
        (unless(YES), False, ()),
        (unless(NO), True, ()),
        (unless(ASKED), None, (USERS,)),
        (OPEN, None, ()),
    ],
)
def test_a_person_is_asked_only_for_what_still_makes_a_difference(condition, kept, names):
    assert holds(condition) is kept
    assert left_open(condition) == names


def test_the_names_of_the_questions_are_told_once():
    assert both(ASKED, either(ASKED, YES)).names == (USERS,)
    assert OPEN.names == ()


def test_what_settles_it_is_a_fact_or_an_answer_or_where_nobody_can_be_asked_the_documents():
    said = settles_concern("1-AuthMech", [USERS, ORIGIN])

    facts = " and ".join(entry_question("auth_mech", name).facts for name in (USERS, ORIGIN))
    assert said.startswith(f"State {facts} in the entry")
    assert f"1-AuthMech/{USERS} and 1-AuthMech/{ORIGIN}" in said
    assert "let a person" not in settles_concern("1-AuthMech", [])
