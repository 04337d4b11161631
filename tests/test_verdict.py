"""Verdicts and how they combine on one level."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi import Cause, Inconclusive, NotApplicable, Verdict, Violation, inconclusive, not_applicable
from pytest_etsi.verdict import combine

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
VERDICTS = st.sampled_from(Verdict)
LISTS = st.lists(VERDICTS, max_size=8)
RULES = st.sampled_from(["all", "any"])
# From what is worst for the device to what is best, each rule for itself; NOT APPLICABLE is beside the order.
ASCENDING = [FAIL, OPEN, PASS]


def test_values_are_the_words_of_the_standard():
    assert [str(verdict) for verdict in Verdict] == ["PASS", "FAIL", "INCONCLUSIVE", "NOT APPLICABLE"]


@pytest.mark.parametrize(
    ("verdicts", "every", "one"),
    [
        ([], OPEN, OPEN),
        ([NONE], NONE, NONE),
        ([NONE, PASS], PASS, PASS),
        ([PASS, OPEN], OPEN, PASS),
        ([PASS, FAIL], FAIL, PASS),
        ([OPEN, FAIL], FAIL, OPEN),
        ([NONE, FAIL], FAIL, FAIL),
        ([NONE, OPEN], OPEN, OPEN),
        ([PASS, FAIL, OPEN, NONE], FAIL, PASS),
    ],
)
def test_the_two_rules(verdicts, every, one):
    assert combine(verdicts) is every
    assert combine(verdicts, rule="any") is one


@given(LISTS, RULES)
def test_nothing_but_nothing_and_an_open_part_gives_an_open_level(verdicts, rule):
    if combine(verdicts, rule=rule) is OPEN:
        assert not verdicts or OPEN in verdicts


@given(st.permutations([PASS, FAIL, OPEN, NONE, PASS]), RULES)
def test_the_order_does_not_matter(verdicts, rule):
    assert combine(verdicts, rule=rule) is combine(sorted(verdicts), rule=rule)


@given(LISTS, RULES)
def test_saying_it_twice_changes_nothing(verdicts, rule):
    assert combine([*verdicts, *verdicts], rule=rule) is combine(verdicts, rule=rule)


@given(st.lists(VERDICTS, min_size=1, max_size=6), st.lists(VERDICTS, min_size=1, max_size=6), RULES)
def test_combining_in_two_steps_is_combining_at_once(left, right, rule):
    steps = combine([combine(left, rule=rule), combine(right, rule=rule)], rule=rule)

    assert steps is combine([*left, *right], rule=rule)


@given(st.lists(VERDICTS, min_size=1, max_size=8), st.data(), RULES)
def test_a_worse_part_never_makes_the_whole_better(verdicts, data, rule):
    index = data.draw(st.integers(0, len(verdicts) - 1))
    if verdicts[index] is NONE:
        return
    worse = data.draw(st.sampled_from(ASCENDING[: ASCENDING.index(verdicts[index]) + 1]))
    changed = [*verdicts[:index], worse, *verdicts[index + 1 :]]

    assert ASCENDING.index(combine(changed, rule=rule)) <= ASCENDING.index(combine(verdicts, rule=rule))


@given(LISTS)
def test_a_pass_of_all_has_a_pass_and_nothing_open_or_failed(verdicts):
    if combine(verdicts) is PASS:
        assert PASS in verdicts
        assert FAIL not in verdicts
        assert OPEN not in verdicts


@given(LISTS)
def test_a_pass_of_any_has_a_pass(verdicts):
    assert (combine(verdicts, rule="any") is PASS) == (PASS in verdicts)


def test_inconclusive_says_why_and_what_would_settle_it():
    with pytest.raises(Inconclusive, match="no supply switch") as raised:
        inconclusive("no supply switch", cause="bench", settle="connect one")

    assert (raised.value.cause, raised.value.settle) == (Cause.BENCH, "connect one")


def test_an_unknown_cause_is_refused():
    with pytest.raises(ValueError, match="weather"):
        inconclusive("it rains", cause="weather")


def test_not_applicable_says_why():
    with pytest.raises(NotApplicable, match="no such interface") as raised:
        not_applicable("no such interface")

    assert raised.value.reason == "no such interface"


def test_a_violation_is_an_assertion_and_an_open_verdict_is_none():
    assert issubclass(Violation, AssertionError)
    assert not issubclass(Inconclusive, AssertionError)
    assert not issubclass(NotApplicable, AssertionError)
