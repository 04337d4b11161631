"""What could not be understood: what it refutes, what an outcome says beside it, and how it is heard."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi.assessment.doubts import is_beside, unread_findings
from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile.unread import Unread, listening, note, remembered
from pytest_etsi.verdict import Cause, Outcome, Verdict


def unread(kind="answer", part="1-AuthMech/Web", field="Description", *, wrong=False, hint=""):
    problem = Problem("ixit.yaml", 7, 3, f"{part}: {field}", "expected yes or no", hint)
    return Unread(problem, "ixit.yaml:7", kind, part, field, wrong)


# As findings ------------------------------------------------------------------------------------------------

READS = {"1-AuthMech": ["Description"], "2-UserInfo": ["Support Period"]}


def planned(entry="Web", *, functional=False, iterates="1-AuthMech"):
    return SimpleNamespace(
        unit=SimpleNamespace(functional=functional, iterates=iterates, reads=READS), entry=entry
    )


@pytest.mark.parametrize(
    ("one", "evaluation", "kind"),
    [
        (unread(), planned(), "unknown"),
        (unread(wrong=True), planned(), "violation"),
        # Of another entry, or another table: the unit would have to follow it, and cannot.
        (unread(wrong=True), planned("Api"), "unknown"),
        (unread(wrong=True, part="11-ComMech/Web"), planned(), "unknown"),
        # On the device nothing is refuted by a word in the documents.
        (unread(wrong=True), planned(functional=True), "unknown"),
        # A unit over whole tables is about the fields that it reads.
        (unread(wrong=True), planned(iterates=None), "violation"),
        (unread(wrong=True), planned(None), "violation"),
        (unread(wrong=True, field="Authentication Factor"), planned(None), "unknown"),
        (unread(wrong=True, part="2-UserInfo", field="Support Period"), planned(iterates=None), "violation"),
        (unread(wrong=True, part="3-VulnMon", field="Support Period"), planned(iterates=None), "unknown"),
    ],
)
def test_a_reference_to_nothing_refutes_the_unit_on_paper_that_is_about_it(one, evaluation, kind):
    (found,) = unread_findings([one], evaluation)

    assert (found.kind, found.cause) == (kind, Cause.INFORMATION)
    assert found.place == Place("ixit.yaml:7", one.part, one.field)


@pytest.mark.parametrize(
    ("hint", "settle"),
    [("did you mean Api?", "Correct ixit.yaml:7; did you mean Api?"), ("", "Correct ixit.yaml:7")],
)
def test_what_would_settle_it_is_the_correction(hint, settle):
    (found,) = unread_findings([unread(hint=hint)], planned())

    assert found.settle == settle


def violation(entry="1-AuthMech/Web", field="Description", kind="violation"):
    return Finding(
        kind, "answer", "says nothing", place=Place("ixit.yaml:7", entry, field) if entry else None
    )


DOUBTS = Findings((violation(kind="unknown"), violation(None, kind="unknown")))


@pytest.mark.parametrize(
    ("outcome", "beside"),
    [
        (Outcome(Verdict.PASS), False),
        (Outcome(Verdict.INCONCLUSIVE, cause=Cause.ACCESS), True),
        # The question to a person says it already.
        (Outcome(Verdict.INCONCLUSIVE, cause=Cause.JUDGEMENT), False),
        # That a field is empty which could not be understood is no violation of its own.
        (Outcome(Verdict.FAIL, findings=(violation(),)), False),
        (Outcome(Verdict.FAIL, findings=(violation(), violation())), False),
        (Outcome(Verdict.FAIL, findings=(violation(field="Authentication Factor"),)), True),
        (Outcome(Verdict.FAIL, findings=(violation("1-AuthMech/Api"),)), True),
        (Outcome(Verdict.FAIL, findings=(violation(), violation("1-AuthMech/Api"))), True),
        (Outcome(Verdict.FAIL, findings=(violation(None),)), True),
        (Outcome(Verdict.FAIL, findings=(violation(), violation("1-AuthMech/Api", kind="unknown"))), False),
        (Outcome(Verdict.FAIL), True),
    ],
)
def test_an_outcome_is_told_beside_the_doubts_where_it_says_more(outcome, beside):
    assert is_beside(outcome, DOUBTS) is beside


# How it is heard --------------------------------------------------------------------------------------------

ANSWER, FACT = unread(), unread("fact", field="facts.password")
WRONG = unread("reference", wrong=True)


def test_what_is_read_is_heard_by_the_last_who_listens_and_by_nobody_afterwards():
    outer, inner = [], []
    note([ANSWER])
    with listening(outer.append):
        note([ANSWER])
        with listening(inner.append):
            note([FACT])
        note([WRONG])
    note([ANSWER])

    assert (outer, inner) == ([ANSWER, WRONG], [FACT])


def test_nobody_listens_any_more_where_reading_ends_in_an_error():
    heard = []
    with pytest.raises(ValueError, match="no more"), listening(heard.append):
        raise ValueError("no more")
    note([ANSWER])

    assert heard == []


def test_a_remembered_result_tells_again_what_was_heard():
    made, heard = [], []

    @remembered(4)
    def read(key):
        made.append(key)
        note([ANSWER, FACT, ANSWER])
        return key

    for _ in range(2):
        with listening(heard.append):
            assert read("a") == "a"

    assert made == ["a"]
    assert heard == [ANSWER, FACT] * 2


def test_a_value_is_named_by_its_place_or_by_the_documents():
    nameless = Unread(Problem("ixit.yaml", 0, 0, "", "expected a table"), "ixit.yaml", "table", "1-AuthMech")

    assert str(ANSWER) == "1-AuthMech/Web: Description (ixit.yaml:7): expected yes or no"
    assert str(nameless) == "the documents (ixit.yaml): expected a table"
