"""A run: what a judgement settles, and what a program may say beside it."""

from __future__ import annotations

import pytest
from assessment_documents import judgement
from assessment_suites import evaluate

from pytest_etsi import Verdict
from pytest_etsi.assessment.findings import Finding, Findings

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE


PAPER = ("5.1-5-1/a", "AuthMech-web")


def note(message):
    return Finding("note", "answer", message)


def unknown(message):
    return Finding("unknown", "answer", message)


def with_judgement(assess, **changes):
    fingerprint = assess().plan.get(*PAPER).fingerprint
    return assess(
        lambda content: content.update(judgements=[judgement(PAPER[0], fingerprint, PAPER[1]) | changes])
    )


@pytest.mark.parametrize(
    ("changes", "verdict", "cause"),
    [
        ({}, PASS, None),
        ({"verdict": "FAIL"}, FAIL, None),
        ({"verdict": "NOT APPLICABLE"}, NONE, None),
        ({"verdict": "INCONCLUSIVE"}, OPEN, "judgement"),
        ({"fingerprint": ""}, OPEN, "judgement"),
    ],
)
@pytest.mark.parametrize("asks", [True, False])
def test_a_conceptual_unit_is_decided_by_its_judgement_whether_it_asks_or_not(
    assess, changes, verdict, cause, asks
):
    assessment = with_judgement(assess, **changes)
    with assessment.begin(assessment.plan.get(*PAPER)) as evaluation:
        if asks:
            evaluation.judgement.required()

    record = assessment.records[-1]
    assert (record["verdict"], record["cause"], record["decided_by"]) == (verdict, cause, "judgement")
    assert record["judgement"]["assessor"] == "A. Person"


def test_a_clean_conceptual_unit_without_judgement_is_open(assess):
    assessment = assess()
    evaluate(assessment.begin(assessment.plan.get(*PAPER)), PASS, "everything looks fine")

    assert (assessment.records[-1]["verdict"], assessment.records[-1]["cause"]) == (OPEN, "judgement")


def test_a_program_may_refute_what_a_person_has_confirmed(assess):
    assessment = with_judgement(assess)
    evaluate(assessment.begin(assessment.plan.get(*PAPER)), FAIL, "no prevention is documented")

    record = assessment.records[-1]
    assert (record["verdict"], record["decided_by"], record["judgement"]) == (FAIL, "program", None)


def test_what_the_program_saw_stands_beside_the_question(assess):
    assessment = assess()
    with assessment.begin(assessment.plan.get(*PAPER)) as evaluation:
        evaluation.judgement.required("two passages mention a PIN")

    settle = assessment.records[-1]["settle"]
    assert assessment.plan.get(*PAPER).fingerprint in settle
    assert settle.endswith("To be considered: two passages mention a PIN")


@pytest.mark.parametrize(
    ("changes", "verdict", "decided_by"),
    [
        ({"verdict": "FAIL"}, FAIL, "judgement"),
        ({"verdict": "INCONCLUSIVE"}, OPEN, "judgement"),
        ({"verdict": "FAIL", "fingerprint": ""}, PASS, "program"),
        ({}, PASS, "program"),
    ],
)
def test_a_program_does_not_overrule_a_person_who_has_found_something(assess, changes, verdict, decided_by):
    unit = "5.1-5-2/a"
    fingerprint = assess().plan.get(unit).fingerprint
    assessment = assess(
        lambda content: content.update(judgements=[judgement(unit, fingerprint, None) | changes])
    )
    evaluate(assessment.begin(assessment.plan.get(unit)), PASS)

    assert (assessment.records[-1]["verdict"], assessment.records[-1]["decided_by"]) == (verdict, decided_by)


def test_nothing_to_be_considered_is_not_mentioned(assess):
    assessment = assess()
    with assessment.begin(assessment.plan.get(*PAPER)) as evaluation:
        evaluation.judgement.required(())

    assert "To be considered" not in assessment.records[-1]["settle"]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [(None, True), ({"fingerprint": ""}, True), ({}, False), ({"verdict": "FAIL"}, False)],
)
def test_a_person_is_asked_only_where_no_valid_judgement_is_recorded(assess, changes, asked):
    assessment = assess() if changes is None else with_judgement(assess, **changes)
    questions = []
    assessment.asker = lambda planned, about: questions.append((planned.unit.id, planned.judgement, about))
    with assessment.begin(assessment.plan.get(*PAPER)) as evaluation:
        evaluation.judgement.required("two passages mention a PIN")

    state = "missing" if changes is None else "stale"
    assert questions == [(PAPER[0], state, "two passages mention a PIN")] * asked


def test_an_answer_that_a_person_gives_decides(assess):
    valid = with_judgement(assess).plan.get(*PAPER).judged.judgement
    assessment = assess()
    assessment.asker = lambda planned, about: valid
    evaluate(assessment.begin(assessment.plan.get(*PAPER)), PASS)

    assert (assessment.records[-1]["verdict"], assessment.records[-1]["decided_by"]) == (PASS, "judgement")


def test_nobody_is_asked_for_a_projects_own_test(assess):
    assessment = assess()
    assessment.asker = lambda planned, about: pytest.fail("a person was asked")
    with assessment.begin_own(*PAPER, "tests/test_own.py::test_it") as evaluation:
        evaluation.judgement.required()

    assert assessment.records[-1]["verdict"] == OPEN


def test_what_was_looked_at_for_refutations_alone_reaches_the_person(assess):
    assessment = assess()
    with assessment.begin(assessment.plan.get(*PAPER)) as evaluation:
        Findings([note("only software means are named"), unknown("nothing tells how long")]).refute()
        evaluation.judgement.required(Findings([note("two passages mention a PIN")]))

    assert assessment.records[-1]["settle"].endswith(
        "To be considered: two passages mention a PIN; only software means are named; nothing tells how long"
    )


def test_what_was_decided_before_reaches_the_person_once(assess):
    assessment = assess()
    with assessment.begin(assessment.plan.get(*PAPER)) as evaluation:
        Findings([note("the page is long")]).decide()
        evaluation.judgement.required(Findings([note("the page is long")]))

    assert assessment.records[-1]["settle"].count("the page is long") == 1


@pytest.mark.parametrize(
    ("verdict", "expected"), [("PASS", PASS), ("FAIL", FAIL), (None, OPEN)], ids=["yes", "no", "skipped"]
)
def test_an_open_point_that_a_person_may_settle_is_asked_while_it_runs(assess, verdict, expected):
    unit = "5.1-5-2/a"
    planned = assess().plan.get(unit)
    given = judgement(unit, planned.fingerprint) | ({"verdict": verdict} if verdict else {})
    valid = assess(lambda content: content.update(judgements=[given])).plan.get(unit).judged.judgement
    assessment = assess()
    told = []

    def asker(_, about):
        told.append(about)
        return valid if verdict else None

    assessment.asker = asker
    with assessment.begin(assessment.plan.get(unit)) as evaluation:
        Findings([unknown("what answers on tcp/80 is not known")]).decide(
            evaluation.judgement, settle="list it", examined="one port"
        )

    record = assessment.records[-1]
    assert told == ["what answers on tcp/80 is not known"]
    assert record["verdict"] == expected
    assert record["cause"] == (None if verdict else "information")
