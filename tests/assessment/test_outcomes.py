"""What the end of an evaluation means, and what a run of parts of the standard may say: by examples."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.findings import Finding, located, unknown, violation, violations
from pytest_etsi.assessment.rollup import (
    GroupVerdict,
    IcsCheck,
    check_ics,
    group_verdict,
    mandatory,
    overall,
    readings,
)
from pytest_etsi.standard import Provision
from pytest_etsi.verdict import (
    NO_MESSAGE,
    NO_REASON,
    Cause,
    Inconclusive,
    NotApplicable,
    Outcome,
    Verdict,
    Violation,
    first_line,
    inconclusive,
    not_applicable,
    outcome_of,
)

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
FOUND = (Finding("violation", "answer", "is empty"),)


class Worded(Exception):  # noqa: N818 - as pytest names its own
    """Has its message in `msg`, as an error of pytest has."""

    def __init__(self, msg):
        super().__init__("the arguments")
        self.msg = msg


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, Outcome(PASS)),
        (
            Inconclusive("no network", cause=Cause.PERMISSION, settle="Allow it.", findings=FOUND),
            Outcome(OPEN, "no network", Cause.PERMISSION, "Allow it.", FOUND),
        ),
        (Inconclusive("", cause=Cause.ERROR), Outcome(OPEN, NO_REASON, Cause.ERROR)),
        (NotApplicable("no radio"), Outcome(NONE, "no radio")),
        (NotApplicable(""), Outcome(NONE, NO_REASON)),
        (Violation("a login", findings=FOUND), Outcome(FAIL, "a login", findings=FOUND)),
        (Violation(), Outcome(FAIL, NO_MESSAGE)),
        (AssertionError("\n  1 == 2\nmore"), Outcome(FAIL, "1 == 2")),
        (AssertionError(), Outcome(FAIL, NO_MESSAGE)),
    ],
)
def test_the_way_an_evaluation_ends_is_its_outcome(error, expected):
    assert outcome_of(error) == expected


@pytest.mark.parametrize(
    ("error", "reason"), [(KeyError("x"), "KeyError: 'x'"), (RuntimeError(), "RuntimeError")]
)
def test_a_failure_of_the_tester_says_nothing_about_the_device(error, reason):
    outcome = outcome_of(error)

    assert (outcome.verdict, outcome.reason, outcome.cause) == (OPEN, reason, Cause.ERROR)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (Worded("said"), "said"),
        (Worded(""), "the arguments"),
        (Worded(7), "the arguments"),
        (ValueError("\n \n one \ntwo"), "one"),
        (ValueError(), ""),
    ],
)
def test_first_line_of_a_message_that_says_something_is_taken(error, line):
    assert first_line(error) == line


def test_ends_by_name_are_raised_and_say_themselves():
    with pytest.raises(Inconclusive, match="no network") as open_:
        inconclusive("no network", cause="permission", settle="Allow it.")
    with pytest.raises(NotApplicable, match="no radio"):
        not_applicable("no radio")
    with pytest.raises(ValueError, match="whim"):
        inconclusive("no network", cause="whim")

    assert (open_.value.cause, open_.value.settle) == (Cause.PERMISSION, "Allow it.")
    assert str(Violation("a login")) == "a login"


# Parts of the standard --------------------------------------------------------------------------------------

CLAIMED = IcsCheck(PASS, True, "claimed")
LEFT_OUT = IcsCheck(NONE, False, "not claimed")


@pytest.mark.parametrize(
    ("ics", "cases", "partial", "expected"),
    [
        (CLAIMED, [PASS], False, PASS),
        (CLAIMED, [PASS], True, OPEN),
        (CLAIMED, [FAIL, PASS], True, FAIL),
        (LEFT_OUT, [], True, NONE),
        (LEFT_OUT, [], False, NONE),
    ],
)
def test_a_group_of_which_only_a_part_was_looked_at_does_not_pass(ics, cases, partial, expected):
    assert group_verdict(ics, cases, partial=partial) is expected


@pytest.mark.parametrize(
    ("verdicts", "partial", "expected"),
    [([PASS], False, PASS), ([PASS], True, OPEN), ([PASS, FAIL], True, FAIL), ([NONE], True, OPEN)],
)
@pytest.mark.parametrize("combined", [overall, mandatory])
def test_a_device_of_which_only_a_part_was_looked_at_does_not_pass(combined, verdicts, partial, expected):
    groups = [GroupVerdict(verdict, "M", False) for verdict in verdicts]

    assert combined(groups, partial=partial) is expected


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ({"a": {None: PASS}, "b": {None: FAIL}}, PASS),
        ({"a": {None: FAIL}, "b": {None: FAIL}}, FAIL),
        ({"a": {"one": PASS, None: FAIL}, "b": {"one": FAIL}}, FAIL),
        ({"a": {"one": PASS, "two": FAIL}, "b": {"one": FAIL, "two": PASS}}, PASS),
        ({"a": {"one": PASS, "two": FAIL}, "b": {"one": PASS, "two": FAIL}}, FAIL),
        ({}, OPEN),
    ],
)
def test_each_entry_has_an_alternative_that_holds(units, expected):
    assert readings(units, ["a", "b"]).one is expected


@pytest.mark.parametrize(("answer", "passes"), [(None, True), ("Y", True), ("N", False), ("N/A", False)])
def test_the_provision_about_the_statement_itself_is_always_assessed(answer, passes):
    answered = check_ics(Provision("4-1", "title", "4", "M", (), "M"), answer)

    assert (answered.assessed, answered.verdict is PASS) == (True, passes)


# Findings and where they stand ------------------------------------------------------------------------------


class Entry:
    """An IXIT entry as far as a finding needs it."""

    def source(self, field=None):
        return f"ixit/01.yaml:{7 if field else 5}:3"

    def __str__(self):
        return "1-AuthMech/AuthMech-web"


@pytest.mark.parametrize("made", [violation, unknown])
def test_a_finding_stands_where_its_entry_is_and_nowhere_without_one(made):
    assert made(None, None, "a login") == Finding(made.__name__, "answer", "a login")
    assert "ixit/01.yaml:7" in str(made(Entry(), "Description", "a login").place)


def test_a_finding_that_has_a_place_keeps_it():
    there = violation(Entry(), "Description", "a login")
    here, kept = located([Finding("unknown", "answer", "open"), there], Entry())

    assert "ixit/01.yaml:5" in str(here.place)
    assert kept is there


def test_findings_are_picked_by_kind_and_by_question():
    one, other = Finding("violation", "attack", "x"), Finding("violation", "best-practice", "y")
    every = [one, Finding("note", "attack", "z"), other]

    assert violations(every) == (one, other)
    assert violations(every, "attack") == (one,)
    assert violations(every, "channel") == ()
    assert violations(every, "attack", "best-practice") == (one, other)
