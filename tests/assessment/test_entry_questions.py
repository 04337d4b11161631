"""Whether an entry is concerned: asked once where the documents do not tell, kept with its reason, used by every unit."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from assessment_documents import VAGUE, documents, judgement, load

from pytest_etsi.assessment.agenda import Agenda
from pytest_etsi.assessment.entry_answers import answer_state
from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.questions import inquire
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import ProfileError
from pytest_etsi.profile.entry_questions import ENTRY_QUESTIONS
from pytest_etsi.verdict import Cause, Verdict

VAGUE_ID, USERS = "AuthMech-vague", "1-AuthMech/authenticates-users"
CRYPTOGRAPHY = ("5.1-3-1/c", VAGUE_ID)
"""A unit about mechanisms that authenticate users; the entry's words refute it, if it is one of them."""
WEAK = copy.deepcopy(VAGUE) | {"Cryptographic Details": "Passwords are stored as plain MD5 hashes."}


def answer(question: str = USERS, entry: str = VAGUE_ID, said: str = "yes", **changes: Any) -> dict[str, Any]:
    return {
        "question": question,
        "entry": entry,
        "answer": said,
        "assessor": "A. Person",
        "date": "2026-11-02",
        "rationale": "People type it in.",
        "basis": "own-examination",
    } | changes


class Lamp:
    """Documents with one entry that does not say whom it authenticates, and what comes of them."""

    def __init__(self, directory: Any, entry: dict[str, Any] = WEAK) -> None:
        self.directory = directory
        self.content = documents()
        self.content["ixit"]["1-AuthMech"] = [copy.deepcopy(entry)]

    def profile(self) -> Any:
        return load(self.directory, self.content)

    def answered(self, *given: dict[str, Any]) -> Lamp:
        """The same with answers, each bound to the documents as they are unless it says otherwise."""
        profile = load(self.directory, {**self.content, "judgements": []})
        bound = []
        for one in given:
            table, _, name = one["question"].partition("/")
            bound.append({"fingerprint": answer_state(profile, table, one["entry"], name).fingerprint} | one)
        self.content["judgements"] = bound
        return self

    def outcome(self, unit: str = CRYPTOGRAPHY[0]) -> Any:
        profile = self.profile()
        (planned,) = make_plan(profile, load_units()).for_unit(unit)
        return examine(profile, planned).outcome

    def inquiry(self) -> Any:
        profile = self.profile()
        plan = make_plan(profile, load_units())
        return inquire(profile, plan, wanted=lambda planned: planned.unit.iterates == "1-AuthMech")


@pytest.fixture
def lamp(tmp_path: Any) -> Lamp:
    return Lamp(tmp_path)


def test_what_is_found_is_shown_with_the_question_and_the_unit_is_not_asked_yet(lamp: Lamp) -> None:
    inquiry = lamp.inquiry()
    (asked,) = [one for one in inquiry.entries if one.asked.id == USERS]

    assert "MD5" in asked.findings
    assert "5.1-3-1/c FAILs" in asked.findings
    assert CRYPTOGRAPHY not in {one.key for one in inquiry.questions}


def test_a_question_about_an_entry_is_asked_once_for_all_its_units(lamp: Lamp) -> None:
    asked = lamp.inquiry().entries
    (users,) = [one for one in asked if one.asked.id == USERS]

    assert len({one.key for one in asked}) == len(asked)
    assert {"5.1-3-1/a", "5.1-3-1/b", "5.1-3-1/c", "5.1-3-1/d"} <= {one.unit.id for one in users.waiting}


def test_without_an_answer_it_is_open_and_says_what_would_settle_it(lamp: Lamp) -> None:
    outcome = lamp.outcome()

    assert (outcome.verdict, outcome.cause) == (Verdict.INCONCLUSIVE, Cause.INFORMATION)
    assert "MD5" in outcome.reason
    assert USERS in outcome.settle
    assert "facts.subject" in outcome.settle


@pytest.mark.parametrize(
    ("said", "verdict"), [("yes", Verdict.FAIL), ("no", Verdict.NOT_APPLICABLE)], ids=["yes", "no"]
)
def test_the_answer_counts_and_its_reason_is_on_record(lamp: Lamp, said: str, verdict: Verdict) -> None:
    outcome = lamp.answered(answer(said=said)).outcome()

    assert outcome.verdict is verdict
    assert "People type it in." in outcome.reason
    assert "A. Person (2026-11-02)" in outcome.reason


def test_after_a_yes_the_units_are_asked(lamp: Lamp) -> None:
    inquiry = lamp.answered(answer()).inquiry()

    assert USERS not in {one.asked.id for one in inquiry.entries}
    assert ("5.1-3-1/b", VAGUE_ID) in {one.key for one in inquiry.open}
    assert CRYPTOGRAPHY in {one.planned.key for one in inquiry.unsettled}


@pytest.mark.parametrize(
    "change",
    [
        {"fingerprint": ""},
        {"fingerprint": "sha256:" + "0" * 64},
        {
            "basis": "external-evidence",
            "date": "2020-01-02",
            "external": {"document": "EX-1", "issuer": "E", "scope": "all", "valid_until": "2020-02-01"},
        },
    ],
    ids=["not bound", "about something else", "expired"],
)
def test_an_answer_that_is_not_about_the_present_documents_does_not_count(
    lamp: Lamp, change: dict[str, Any]
) -> None:
    lamp.answered(answer(**change))

    assert lamp.outcome().verdict is Verdict.INCONCLUSIVE
    (asked,) = [one for one in lamp.inquiry().entries if one.asked.id == USERS]
    assert asked.asked.status == "stale"


def test_an_answer_goes_stale_when_the_entry_changes(lamp: Lamp) -> None:
    lamp.answered(answer(said="no"))
    lamp.content["ixit"]["1-AuthMech"][0]["Description"] = "A login for people, too."

    outcome = lamp.outcome()

    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert "earlier state of the documents" in outcome.reason


def test_what_the_documents_tell_is_not_overruled_by_an_answer(lamp: Lamp) -> None:
    lamp.content["ixit"]["1-AuthMech"][0]["facts"] = {"subject": "user"}

    assert lamp.answered(answer(said="no")).outcome().verdict is Verdict.FAIL


def test_a_question_with_more_than_two_answers_decides_each_scope_by_its_own(lamp: Lamp) -> None:
    origin = "1-AuthMech/password-origin"
    lamp.answered(
        answer(), answer(origin, said="device-generated"), answer("1-AuthMech/outside-factory-default")
    )
    plan = make_plan(lamp.profile(), load_units())

    assert [one.applies for one in plan.for_unit("5.1-1-1/a")] == [True]
    (chosen,) = plan.for_unit("5.1-1-2/b")  # passwords that the user chooses
    assert chosen.applies is False
    assert "device-generated" in chosen.reason


def test_an_answer_that_depends_on_other_tables_goes_stale_with_them(tmp_path: Any) -> None:
    lamp = Lamp(tmp_path)
    lamp.content["ixit"]["11-ComMech"] = [{"ID": "ComMech-A", "Description": "HTTPS."}]
    lamp.content["ixit"]["21-PersData"] = [{"ID": "PersData-A", "Description": "Names."}]
    carries = answer("11-ComMech/carries-personal-data", "ComMech-A", "no")
    lamp.answered(carries)
    table, _, name = carries["question"].partition("/")

    assert answer_state(lamp.profile(), table, "ComMech-A", name).status == "valid"
    lamp.content["ixit"]["21-PersData"][0]["Description"] = "Names and faces."
    assert answer_state(lamp.profile(), table, "ComMech-A", name).status == "stale"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"question": "1-AuthMech/authenticates-user"}, "authenticates-users"),
        ({"entry": "AuthMech-vage"}, "AuthMech-vague"),
        ({"answer": "perhaps"}, "expected yes or no"),
        ({"rationale": " "}, "expected some text"),
        ({"verdict": "PASS"}, "verdict"),
    ],
)
def test_an_answer_that_does_not_fit_is_named_with_its_line(
    lamp: Lamp, change: dict[str, Any], words: str
) -> None:
    lamp.content["judgements"] = [answer() | change]

    with pytest.raises(ProfileError) as error:
        lamp.profile()
    assert words in str(error.value)
    assert "lamp.yaml:" in str(error.value)


def test_a_second_answer_to_the_same_question_is_named(lamp: Lamp) -> None:
    lamp.content["judgements"] = [answer(), answer(said="no")]

    with pytest.raises(ProfileError, match="a second judgement of the same"):
        lamp.profile()


def test_a_judgement_of_a_unit_goes_on_counting_where_concern_is_open(tmp_path: Any) -> None:
    lamp = Lamp(tmp_path, VAGUE)
    unit = "5.1-3-1/b"
    (planned,) = make_plan(lamp.profile(), load_units()).for_unit(unit)
    lamp.content["judgements"] = [
        judgement(unit, planned.fingerprint, VAGUE_ID, verdict="NOT APPLICABLE", rationale="Machines only.")
    ]

    assert lamp.outcome(unit).verdict is Verdict.NOT_APPLICABLE


def test_what_no_judgement_settles_is_not_asked_and_says_what_would(lamp: Lamp) -> None:
    """Nobody filled in the row of the ICS: the words refute it, but nobody claims that it is met."""
    lamp.content["ixit"]["1-AuthMech"][0]["facts"] = {"subject": "user"}
    del lamp.content["ics"]["5.1-3"]
    inquiry = lamp.inquiry()
    left = next(one for one in inquiry.unsettled if one.planned.key == CRYPTOGRAPHY)

    assert left.verdict is Verdict.INCONCLUSIVE
    assert "ICS" in left.settle
    assert CRYPTOGRAPHY not in {one.key for one in inquiry.open}


def test_every_question_can_be_asked_by_a_scope() -> None:
    used = {
        (function.mark.unit, name)
        for functions in load_units().values()
        for function in functions
        if function.mark.scope is not None
        for name in function.mark.scope.condition.names
    }

    assert {name for _, name in used} == {one.name for one in ENTRY_QUESTIONS}


def test_the_agenda_asks_anew_what_an_answer_brings_in(lamp: Lamp) -> None:
    profile = lamp.profile()
    agenda = Agenda(profile, load_units(), wanted=lambda planned: planned.unit.id.startswith("5.1-3-1/"))
    (visit,) = agenda.visits()
    (asked,) = visit.questions
    given = lamp.answered(answer(said="no")).profile().answers[0]

    assert asked.key == (USERS, VAGUE_ID)
    assert agenda.after(given, visit).questions == ()
