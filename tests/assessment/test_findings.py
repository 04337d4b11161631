"""Findings as data, and how an evaluation is decided by them."""

from __future__ import annotations

import json

import pytest

from pytest_etsi.assessment.findings import (
    Finding,
    Findings,
    Place,
    heard_by,
    looked_at,
    note,
    place,
    together,
    unknown,
    violation,
)
from pytest_etsi.profile import Source
from pytest_etsi.verdict import Cause, Inconclusive, Violation


class Entry:
    """An IXIT entry as far as a finding needs it."""

    def source(self, field=None):
        return Source("ixit/01.yaml", 7 if field else 5, 3)

    def __str__(self):
        return "1-AuthMech/AuthMech-web"


class Heard(list):
    def hear(self, findings, examined):
        self.append((findings, examined))

    def read(self, unread):
        raise AssertionError("nothing here is read")


class Person:
    """Holds a judgement, and keeps what it was told."""

    def __init__(self, recorded=None):
        self.recorded = recorded
        self.told = None

    def required(self, about=""):
        self.told = about
        return self.recorded


ENTRY = Entry()
WRONG = violation(ENTRY, "Description", "is empty", expected="an answer", found="nothing")
OPEN = unknown(ENTRY, "facts.endpoint", "nothing says where it answers", aspect="channel")
NOTE = note(ENTRY, None, "look twice")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (None, "1-AuthMech/AuthMech-web (ixit/01.yaml:5)"),
        ("Description", "1-AuthMech/AuthMech-web: Description (ixit/01.yaml:7)"),
        ("facts.endpoint", "1-AuthMech/AuthMech-web: facts.endpoint (ixit/01.yaml:7)"),
        ("access.url", "1-AuthMech/AuthMech-web: access.url (ixit/01.yaml:7)"),
    ],
)
def test_a_place_names_file_line_entry_and_field(field, text):
    assert str(place(ENTRY, field)) == text


def test_a_place_may_be_a_document_as_a_whole():
    assert str(Place("ics.yaml:1:1")) == "ics.yaml:1:1"


def test_a_finding_is_said_with_its_place_and_its_source():
    assert str(WRONG) == "1-AuthMech/AuthMech-web: Description (ixit/01.yaml:7): is empty"
    assert str(Finding("note", "attack", "MD5 is broken", source="RFC 6151")) == "MD5 is broken [RFC 6151]"


def test_what_a_document_as_a_whole_lacks_is_said_before_its_place():
    assert str(
        Finding("violation", "answer", "16-CodeMin has no entries", place=Place("ixit/16.yaml:3"))
    ) == ("16-CodeMin has no entries (ixit/16.yaml:3)")


def test_a_reason_says_each_thing_once():
    again = violation(ENTRY, "Description", "is empty", expected="another answer")

    assert str(Findings((WRONG, again))) == str(WRONG)


def test_a_finding_becomes_builtins_without_its_empty_parts():
    assert WRONG.to_json() == {
        "kind": "violation",
        "aspect": "answer",
        "message": "is empty",
        "expected": "an answer",
        "found": "nothing",
        "place": {"source": "ixit/01.yaml:7", "entry": "1-AuthMech/AuthMech-web", "field": "Description"},
    }
    open_ = Finding("unknown", "rule", "too few", cause=Cause.INFORMATION, settle="give more")
    assert json.loads(json.dumps(open_.to_json()))["cause"] == "information"


def test_a_violation_refutes_and_carries_everything_that_was_found():
    with pytest.raises(Violation) as raised:
        Findings((NOTE, OPEN, WRONG)).decide()

    assert str(raised.value) == str(WRONG)
    assert raised.value.findings == (NOTE, OPEN, WRONG)


def test_a_violation_refutes_before_a_judgement_is_asked_for():
    person = Person("it holds")
    with pytest.raises(Violation):
        Findings((WRONG, OPEN)).decide(person)

    assert person.told is None


def test_what_is_open_says_why_and_what_would_settle_it():
    with pytest.raises(Inconclusive) as raised:
        Findings((NOTE, OPEN)).decide(cause="access", settle="state facts.endpoint")

    assert (raised.value.reason, raised.value.cause) == (str(OPEN), Cause.ACCESS)
    assert raised.value.settle == "state facts.endpoint"
    first, second = (finding.to_json() for finding in raised.value.findings)
    assert "cause" not in first
    assert (second["cause"], second["settle"]) == ("access", "state facts.endpoint")


def test_what_a_finding_says_of_its_cause_counts_before_what_the_unit_says():
    own = Finding("unknown", "behaviour", "no answer", cause=Cause.BENCH, settle="look at the link")
    with pytest.raises(Inconclusive) as raised:
        Findings((own, OPEN)).decide(cause="access", settle="state facts.endpoint")

    assert raised.value.cause is Cause.BENCH
    assert raised.value.settle == "look at the link; state facts.endpoint"


def test_a_recorded_judgement_decides_what_is_open_and_no_more():
    person = Person("it holds")
    Findings((NOTE, OPEN)).decide(person, settle="look")

    assert [finding.message for finding in person.told] == [OPEN.message]
    nobody = Person()
    with pytest.raises(Inconclusive):
        Findings((OPEN,)).decide(nobody)
    Findings((NOTE,)).decide(person := Person("it holds"))
    assert person.told is None


def test_what_the_bench_leaves_open_is_not_settled_by_what_a_unit_advises():
    failed = Finding("unknown", "behaviour", "the place is held by another user", cause=Cause.BENCH)
    with pytest.raises(Inconclusive) as raised:
        Findings((failed,)).decide(cause="access", settle="state facts.endpoint")

    assert (raised.value.cause, raised.value.settle) == (Cause.BENCH, "mend the bench, and run it again")


def test_who_records_hears_what_was_found_and_examined():
    heard = Heard()
    with heard_by(heard):
        Findings((NOTE,), "3 entries").decide()
        Findings().decide(examined="9 services")
    Findings((NOTE,)).decide()

    assert heard == [((NOTE,), "3 entries"), ((), "9 services")]


def test_what_was_examined_stays_with_a_part_of_the_findings():
    found = Findings((WRONG, OPEN, NOTE), "3 entries")
    parts = (found.violations, found.unknowns, found.about("channel"), found.besides("channel"))

    assert {part.examined for part in parts} == {"3 entries"}
    assert [len(part) for part in parts] == [1, 1, 1, 2]


def test_findings_put_together_keep_each_once():
    both = together(Findings((WRONG, NOTE), "one login"), Findings((NOTE, OPEN), "9 services"))

    assert tuple(both) == (WRONG, NOTE, OPEN)
    assert both.examined == "one login; 9 services"


def test_a_question_that_is_misspelt_does_not_look_like_one_that_found_nothing():
    with pytest.raises(ValueError, match="no finding is about 'chanel'"):
        Findings((OPEN,)).about("chanel")
    with pytest.raises(ValueError, match="no finding is about 'chanel'"):
        Findings((Finding("note", "chanel", "x"),))


@pytest.mark.parametrize(
    ("expected", "where", "absence"),
    [
        ("", Place("lamp.yaml:1", "27-UserIntf"), True),
        ("", Place("lamp.yaml:1", "27-UserIntf", "Description"), False),
        ("", Place("lamp.yaml:1", "27-UserIntf/Button"), False),
        ("", None, False),
        ("an entry of 27-UserIntf", None, True),
        ("an entry of 27-UserIntf", Place("lamp.yaml:1", "1-AuthMech/Web"), True),
        ("an answer", Place("lamp.yaml:1", "1-AuthMech/Web"), False),
    ],
)
def test_what_a_table_lacks_is_told_from_what_an_entry_says(expected, where, absence):
    assert Finding("violation", "answer", "x", expected, place=where).of_absence is absence


def test_what_was_looked_at_is_known_only_while_somebody_hears():
    with heard_by(Heard()):
        Findings([NOTE]).refute()
        with heard_by(Heard()):
            assert looked_at() == ()
            Findings([OPEN]).refute()
        assert looked_at() == (NOTE,)

    assert looked_at() == ()


def test_what_only_informs_is_left_out_for_others():
    assert Findings([WRONG, NOTE, OPEN], "all").besides_notes == (WRONG, OPEN)
    assert Findings([NOTE], "all").besides_notes.examined == "all"
