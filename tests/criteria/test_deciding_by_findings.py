"""What a sequence of findings keeps, by question, and when it ends an evaluation."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi.assessment.criteria import Findings
from pytest_etsi.assessment.findings import Finding
from pytest_etsi.verdict import Cause, Inconclusive, Violation

REFUTED = Finding("violation", "completeness", "tcp/23 offers a login that is not listed")
CUT_SHORT = Finding("unknown", "completeness", "tcp/80 could not be examined to the end")
UNNAMED = Finding("unknown", "recognition", "what answers on tcp/9000 cannot be told")
HARMLESS = Finding("note", "recognition", "tcp/443 is a web page")
ALL = Findings([REFUTED, CUT_SHORT, UNNAMED, HARMLESS])


def test_each_level_is_told_from_the_others():
    assert ALL.violations == (REFUTED,)
    assert ALL.unknowns == (CUT_SHORT, UNNAMED)


def test_findings_about_a_question_and_besides_it_are_all_findings_once():
    assert ALL.about("recognition") == (UNNAMED, HARMLESS)
    assert ALL.besides("recognition") == (REFUTED, CUT_SHORT)
    assert ALL.besides("recognition", "completeness") == ()


def test_what_stays_open_besides_a_question_ends_the_evaluation():
    with pytest.raises(Inconclusive, match="could not be examined to the end"):
        Findings([CUT_SHORT, UNNAMED]).besides("recognition").decide()


def test_what_is_only_open_in_that_question_does_not():
    Findings([UNNAMED, HARMLESS]).besides("recognition").decide()


def test_an_open_question_says_why_and_what_would_settle_it():
    with pytest.raises(Inconclusive) as raised:
        Findings([CUT_SHORT]).decide(cause="access", settle="let the search reach the device")

    assert raised.value.cause is Cause.ACCESS
    assert raised.value.settle == "let the search reach the device"


def test_a_recorded_judgement_decides_what_is_open():
    asked = []

    def refuses(about):
        asked.append(about)
        raise Violation("a second login")

    judgement = SimpleNamespace(recorded=object(), required=refuses)
    with pytest.raises(Violation, match="a second login"):
        Findings([UNNAMED, HARMLESS]).decide(judgement)

    assert [[finding.message for finding in about] for about in asked] == [[UNNAMED.message]]


def test_without_a_recorded_judgement_what_is_open_stays_open():
    with pytest.raises(Inconclusive):
        Findings([UNNAMED]).decide(SimpleNamespace(recorded=None))


@pytest.mark.parametrize("ask", [Findings().about, Findings().besides])
def test_a_question_that_no_finding_can_answer_is_an_error(ask):
    with pytest.raises(ValueError, match="'recogniton'"):
        ask("recogniton")
