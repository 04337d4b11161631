"""What a person is asked: only what an answer has an effect on, and the rest with what would settle it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assessment_documents import documents, load
from assessment_suites import write_suite

from pytest_etsi.assessment import questions
from pytest_etsi.assessment.context import Context
from pytest_etsi.assessment.entry_answers import answer_state
from pytest_etsi.assessment.examine import Examined
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Outcome, Verdict

PASS, FAIL, OPEN = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
TO_A_PERSON = Outcome(OPEN, "nobody has judged", Cause.JUDGEMENT, "judge it")
NOTHING_TOLD = Outcome(OPEN, "the entry does not say", Cause.INFORMATION, "state it")
NO_DEVICE = Outcome(OPEN, "this needs the device", Cause.ACCESS, "run it")
REFUTED = Outcome(FAIL, "it says the opposite")
UNIT = "5.1-5-1/a"


@pytest.fixture
def profile(tmp_path):
    return load(tmp_path, documents())


@pytest.fixture
def planned(profile, tmp_path):
    plan = make_plan(profile, load_units(write_suite(tmp_path / "suite")), only=("5.1-5",))
    return next(one for one in plan.for_unit(UNIT) if one.entry == "AuthMech-web")


@pytest.fixture
def says(monkeypatch):
    """What a unit comes to on paper: as it is, and if a person had judged that it holds."""

    def script(outcome, assumed=None):
        def examine(_profile, evaluation):
            judged = evaluation.judged is not None and evaluation.judged.judgement is not None
            return Examined(assumed if judged and assumed else outcome, "have a look", "?")

        monkeypatch.setattr(questions, "examine", examine)

    return script


@pytest.mark.parametrize(
    ("state", "outcome", "assumed", "asked", "left"),
    [
        # A program has refuted it: no judgement changes that.
        ("none", REFUTED, None, False, True),
        ("missing", REFUTED, None, True, True),
        ("valid", REFUTED, None, True, True),
        # A person has: that is the judgement itself.
        ("failed", REFUTED, None, True, False),
        # On paper nothing can be said.
        ("none", NO_DEVICE, None, False, False),
        ("missing", NO_DEVICE, None, True, False),
        # A program has confirmed it, or a person.
        ("none", Outcome(PASS), None, False, False),
        ("missing", Outcome(PASS), None, False, False),
        ("valid", Outcome(PASS), None, True, False),
        ("stale", Outcome(PASS), None, True, False),
        # A judgement decides it.
        ("missing", TO_A_PERSON, Outcome(PASS), True, False),
        ("stale", TO_A_PERSON, Outcome(PASS), True, False),
        ("missing", TO_A_PERSON, REFUTED, True, False),
        # A judgement changes nothing of it.
        ("missing", NOTHING_TOLD, NOTHING_TOLD, False, True),
        ("none", NOTHING_TOLD, NOTHING_TOLD, False, True),
        ("stale", NOTHING_TOLD, NOTHING_TOLD, True, True),
        # A judgement decides a part of it.
        ("missing", TO_A_PERSON, NOTHING_TOLD, True, False),
        ("missing", TO_A_PERSON, replace(TO_A_PERSON, reason="another has to judge"), True, False),
    ],
)
def test_asked_is_what_a_judgement_has_an_effect_on(
    profile, planned, says, state, outcome, assumed, asked, left
):
    says(outcome, assumed)
    evaluation = replace(planned, judgement=state)
    question, unsettled = questions._asked(
        profile, evaluation, questions.examine(profile, evaluation), None, Context(profile)
    )

    assert (question is not None, unsettled is not None) == (asked, left)


def asked(profile, planned, says, outcome, assumed=None, state="missing"):
    says(outcome, assumed)
    evaluation = replace(planned, judgement=state)
    return questions._asked(
        profile, evaluation, questions.examine(profile, evaluation), None, Context(profile)
    )


def test_a_question_says_what_refutes_it_what_needs_the_device_and_what_stays_open(profile, planned, says):
    refuted, left = asked(profile, planned, says, REFUTED)
    device, _ = asked(profile, planned, says, NO_DEVICE)
    partly, _ = asked(profile, planned, says, TO_A_PERSON, NOTHING_TOLD)
    partly_without_advice, _ = asked(profile, planned, says, TO_A_PERSON, replace(NOTHING_TOLD, settle=""))

    assert (refuted.refuted, refuted.is_open, left.reason) == (
        "it says the opposite",
        False,
        "it says the opposite",
    )
    assert (device.needs_device, device.refuted, device.is_open) == (True, "", True)
    assert partly.beside == "the entry does not say state it"
    assert partly_without_advice.beside == "the entry does not say"
    assert partly.findings == "have a look"


@pytest.mark.parametrize(
    ("state", "outcome", "waits"),
    [
        ("none", Outcome(PASS), True),
        ("missing", Outcome(PASS), True),
        ("stale", Outcome(PASS), True),
        ("valid", Outcome(PASS), False),
        ("failed", REFUTED, False),
        ("open", TO_A_PERSON, False),
        # The judgement counts only once it is told whether the entry is concerned.
        ("valid", NOTHING_TOLD, True),
        ("failed", NOTHING_TOLD, True),
        ("open", NOTHING_TOLD, True),
    ],
)
def test_an_answer_on_the_entry_is_wanted_unless_a_judgement_decides_the_unit(
    profile, planned, says, state, outcome, waits
):
    says(outcome)

    assert questions._waits(profile, replace(planned, judgement=state)) is waits


@pytest.mark.parametrize(
    ("outcome", "said"),
    [(REFUTED, f"{UNIT} FAILs: it says the opposite"), (TO_A_PERSON, f"{UNIT}: have a look")],
)
def test_a_question_on_an_entry_says_what_its_units_would_come_to(profile, planned, says, outcome, said):
    says(outcome)
    state = answer_state(profile, "1-AuthMech", "AuthMech-web", "network-access")
    entry = questions._entry_asked(profile, state, [planned, planned], None)

    assert entry.findings == said
    assert entry.changed is None


def test_a_unit_that_only_a_judgement_can_decide_is_asked_about_without_being_examined(profile, monkeypatch):
    monkeypatch.setattr(questions, "examine", None)
    plan = make_plan(profile, {}, only=("5.1-5-2",))
    inquiry = questions.inquire(profile, plan)

    assert [one.key for one in inquiry.questions] == [one.key for one in plan.evaluations]
    assert [*questions.questions(profile, plan)] == [*inquiry.questions]
    assert (inquiry.entries, inquiry.unsettled) == ((), ())
    assert inquiry.open == inquiry.questions
    assert not questions.inquire(profile, plan, wanted=lambda _: False).questions


def test_a_question_on_an_entry_shows_the_answers_of_that_entry(profile, planned):
    shown = questions.question_of(profile, planned).answers
    (other,) = (one for one in profile.ixit.auth_mech if one.id == "AuthMech-stream")

    assert shown
    assert not {one.where for one in shown} & {str(other.source(name)) for name in other.values}


@pytest.mark.parametrize(("unit", "reconstructed"), [("5.1-5-1/a", False), ("5.1-1-1/a", True)])
def test_who_judges_is_told_that_the_condition_is_reconstructed(tmp_path, unit, reconstructed):
    profile = load(tmp_path, documents("2.1.1"))
    case = edition("2.1.1").case(unit.partition("/")[0])
    plan = make_plan(profile, load_units(), only=(unit,))
    question = questions.question_of(profile, plan.for_unit(unit)[0])

    assert question.purpose == (
        f"{case.purpose} The PASS condition of 5.1-1-1 is reconstructed (carried over from the earlier edition)."
        if reconstructed
        else case.purpose
    )
