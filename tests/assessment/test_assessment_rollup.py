"""How verdicts rise, and what the ICS does to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.assessment.rollup import (
    GroupVerdict,
    IcsCheck,
    Readings,
    case_verdict,
    check_ics,
    group_verdict,
    mandatory,
    overall,
    readings,
    unit_readings,
    unit_verdict,
)
from pytest_etsi.standard import Provision
from pytest_etsi.verdict import Cause, Verdict

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
VERDICTS = st.sampled_from(Verdict)
TRUTH = st.sampled_from([True, False, None])
GROUPS = st.lists(st.builds(GroupVerdict, VERDICTS, st.sampled_from(["M", "R"]), st.booleans()), max_size=8)
ENTRIES = st.dictionaries(
    st.sampled_from(["a", "b", "c", None]), st.lists(VERDICTS, min_size=1, max_size=3), max_size=4
)


def provision(status: str = "M", *conditions: str, name: str = "5.1-5") -> Provision:
    return Provision(name, "title", "5.1", status, conditions, status)


def check(answer, status="M", conditions=None, *, detail="because", name="5.1-5") -> IcsCheck:
    known = conditions or {}
    return check_ics(
        provision(status, *known, name=name),
        answer,
        detail,
        {key: (holds, f"why {key}") for key, holds in known.items()},
    )


# The ICS ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["M", "R"])
@pytest.mark.parametrize("conditions", [{}, {"5": True}, {"5": None}, {"5": False}])
def test_a_claim_is_assessed_whatever_its_conditions(status, conditions):
    result = check("Y", status, conditions)

    assert (result.verdict, result.assessed, result.releases) == (PASS, True, False)


def test_a_claim_without_its_condition_is_noted():
    assert "condition 5 does not hold (why 5)" in check("Y", conditions={"5": False}).reason
    assert check("Y", conditions={"5": None}).reason == "claimed in the ICS"


def test_no_on_a_mandatory_provision_fails_and_nothing_is_run():
    result = check("N", detail="too expensive")

    assert (result.verdict, result.assessed) == (FAIL, False)
    assert result.reason == "the ICS answers N to the mandatory provision 5.1-5: too expensive"


def test_no_where_the_provision_does_not_apply_points_to_not_applicable():
    assert "answer N/A" in check("N", conditions={"5": False}).settle


def test_no_on_a_recommendation_is_not_supported_with_its_justification():
    result = check("N", "R", detail="too expensive")

    assert (result.verdict, result.assessed, result.releases) == (NONE, False, True)
    assert result.reason == "not supported: too expensive"


def test_a_missing_justification_is_said():
    assert check("N", "R", detail="  ").reason == "not supported, without justification"


@pytest.mark.parametrize("status", ["M", "R"])
def test_not_applicable_on_an_unconditional_row_fails_and_is_assessed_all_the_same(status):
    result = check("N/A", status)

    assert (result.verdict, result.assessed, result.releases) == (FAIL, True, False)


@pytest.mark.parametrize(
    ("conditions", "verdict", "assessed"),
    [
        ({"5": False}, NONE, False),
        ({"5": True}, FAIL, True),
        ({"5": None}, OPEN, True),
        ({"3": True, "4": False}, NONE, False),
        ({"3": None, "4": False}, NONE, False),
        ({"3": None, "4": True}, OPEN, True),
        ({"3": True, "4": True}, FAIL, True),
    ],
)
def test_not_applicable_stands_or_falls_with_the_conditions(conditions, verdict, assessed):
    result = check("N/A", "R", conditions)

    assert (result.verdict, result.assessed) == (verdict, assessed)


def test_an_unknown_condition_is_a_lack_of_information_and_is_named():
    result = check("N/A", conditions={"3": None, "4": True})

    assert result.cause is Cause.INFORMATION
    assert "condition 3 is unknown (why 3)" in result.reason
    assert "condition 3" in result.settle
    assert "condition 4" not in result.settle


def test_a_missing_row_is_a_lack_of_information_and_is_assessed():
    result = check(None)

    assert (result.verdict, result.cause, result.assessed) == (OPEN, Cause.INFORMATION, True)


@pytest.mark.parametrize("name", ["4-1", "5.0-1"])
@pytest.mark.parametrize(("answer", "verdict"), [(None, PASS), ("Y", PASS), ("N", FAIL), ("N/A", FAIL)])
def test_the_group_about_the_ics_is_assessed_whatever_the_ics_says(name, answer, verdict):
    result = check(answer, name=name)

    assert (result.verdict, result.assessed) == (verdict, True)


@given(
    st.sampled_from(["Y", "N", "N/A", None]),
    st.sampled_from(["M", "R"]),
    st.dictionaries(st.sampled_from("34"), TRUTH, max_size=2),
)
def test_only_a_standing_answer_releases_and_every_other_has_a_reason(answer, status, conditions):
    result = check(answer, status, conditions)

    assert result.reason
    assert (result.cause is not None) == (result.verdict is OPEN)
    assert bool(result.settle) == (result.verdict in (FAIL, OPEN))
    if result.releases:
        assert not result.assessed
        assert answer in ("N", "N/A")
    if not result.assessed:
        assert result.releases or (answer, status) == ("N", "M")


# Units, cases, groups ---------------------------------------------------------------------------------------


def test_every_entry_has_to_hold():
    assert unit_verdict({"a": [PASS], "b": [PASS]}) is PASS
    assert unit_verdict({"a": [PASS], "b": [OPEN]}) is OPEN
    assert unit_verdict({"a": [PASS], "b": [FAIL]}) is FAIL


def test_one_entry_is_enough_where_the_catalogue_says_so():
    assert unit_verdict({"a": [FAIL], "b": [PASS]}, rule="any") is PASS
    assert unit_verdict({"a": [FAIL], "b": [OPEN]}, rule="any") is OPEN
    assert unit_verdict({"a": [FAIL], "b": [FAIL]}, rule="any") is FAIL


def test_two_evaluations_of_one_entry_must_both_hold_even_where_one_entry_is_enough():
    assert unit_verdict({"a": [PASS, FAIL], "b": [FAIL]}, rule="any") is FAIL
    assert unit_verdict({"a": [PASS, OPEN]}, rule="any") is OPEN


def test_an_evaluation_of_the_whole_unit_cannot_mend_an_open_one():
    assert unit_verdict({"a": [OPEN]}, rule="any", whole=[PASS]) is OPEN
    assert unit_verdict({"a": [PASS]}, rule="any", whole=[FAIL]) is FAIL
    assert unit_verdict({}, whole=[PASS]) is PASS


def test_a_unit_without_any_evaluation_is_open():
    assert unit_verdict({}) is OPEN


@given(ENTRIES, st.lists(VERDICTS, max_size=2))
def test_a_unit_passes_only_with_a_pass_and_nothing_open_or_failed(entries, whole):
    every = [verdict for verdicts in entries.values() for verdict in verdicts] + whole
    if unit_verdict(entries, whole=whole) is PASS:
        assert PASS in every
        assert not {FAIL, OPEN} & set(every)


def test_a_case_follows_its_units():
    assert case_verdict([PASS, NONE]) is PASS
    assert case_verdict([PASS, OPEN]) is OPEN
    assert case_verdict([]) is OPEN
    assert case_verdict([PASS], partial=True) is OPEN
    assert case_verdict([FAIL], partial=True) is FAIL


def test_a_claim_does_not_make_a_group_pass():
    assert group_verdict(check("Y"), [NONE]) is NONE
    assert group_verdict(check("Y"), []) is OPEN


def test_an_answer_that_does_not_stand_weighs_on_its_group():
    assert group_verdict(check("N/A"), [PASS]) is FAIL
    assert group_verdict(check(None), [PASS]) is OPEN
    assert group_verdict(check(None), [FAIL]) is FAIL
    assert group_verdict(check("N"), [NONE]) is FAIL


# The whole device -------------------------------------------------------------------------------------------


def group(verdict, status="M", *, released=False) -> GroupVerdict:
    return GroupVerdict(verdict, status, released)


def test_every_mandatory_or_claimed_group_counts():
    assert overall([group(PASS), group(FAIL, "R")]) is FAIL
    assert overall([group(PASS), group(OPEN, "R")]) is OPEN
    assert overall([group(PASS), group(NONE, "R", released=True)]) is PASS


def test_a_recommendation_that_is_not_claimed_does_not_count():
    assert overall([group(PASS), group(FAIL, "R", released=True)]) is PASS


def test_a_mandatory_group_counts_although_it_is_released():
    assert overall([group(PASS), group(FAIL, "M", released=True)]) is FAIL


def test_the_mandatory_roll_up_leaves_recommendations_out():
    assert mandatory([group(PASS), group(FAIL, "R")]) is PASS
    assert mandatory([group(OPEN), group(PASS, "R")]) is OPEN


def test_nothing_at_all_is_open():
    assert overall([]) is OPEN
    assert mandatory([group(PASS, "R")]) is OPEN


@given(GROUPS, st.booleans())
def test_the_device_passes_only_with_a_pass_and_nothing_mandatory_open_or_failed(groups, partial):
    counting = {one.verdict for one in groups if one.status == "M" or not one.released}
    if overall(groups, partial=partial) is PASS:
        assert not partial
        assert PASS in counting
        assert not {FAIL, OPEN} & counting


@given(GROUPS)
def test_a_part_of_the_standard_never_makes_a_device_pass_or_not_concerned(groups):
    assert overall(groups, partial=True) in (FAIL, OPEN)


@given(GROUPS)
def test_the_order_and_the_number_of_times_do_not_matter(groups):
    assert overall(groups) is overall([*reversed(groups), *groups])


@given(GROUPS)
def test_the_whole_is_never_better_than_the_mandatory_part(groups):
    rank = {FAIL: 0, OPEN: 1, PASS: 2}
    part, whole = mandatory(groups), overall(groups)
    if part in (FAIL, OPEN) and any(one.status == "M" for one in groups):
        assert rank[whole] <= rank[part]


# Alternatives within a case ---------------------------------------------------------------------------------

EITHER = (("b", "c"), ("d", "e"))


def both(**units):
    """Units with a verdict, or with one for each entry, by both readings: every set holds, or one of them."""
    read = readings(
        {letter: given if isinstance(given, dict) else {"one": given} for letter, given in units.items()},
        EITHER,
    )
    return read.each, read.one


@pytest.mark.parametrize(
    ("units", "each", "one"),
    [
        ({"b": PASS, "c": PASS, "d": PASS, "e": PASS}, PASS, PASS),
        ({"b": PASS, "c": PASS, "d": FAIL, "e": PASS}, FAIL, PASS),
        ({"b": FAIL, "c": PASS, "d": PASS, "e": PASS}, FAIL, PASS),
        ({"b": FAIL, "c": PASS, "d": PASS, "e": FAIL}, FAIL, FAIL),
        ({"b": PASS, "c": FAIL, "d": NONE, "e": NONE}, FAIL, FAIL),
        ({"b": PASS, "c": PASS, "d": NONE, "e": NONE}, PASS, PASS),
        ({"b": NONE, "c": NONE, "d": PASS, "e": PASS}, PASS, PASS),
        ({"b": NONE, "c": NONE, "d": PASS, "e": FAIL}, FAIL, FAIL),
        ({"b": PASS, "c": OPEN, "d": PASS, "e": PASS}, OPEN, PASS),
        ({"b": PASS, "c": OPEN, "d": FAIL, "e": PASS}, FAIL, OPEN),
        ({"b": FAIL, "c": OPEN, "d": FAIL, "e": PASS}, FAIL, FAIL),
        ({"b": NONE, "c": NONE, "d": NONE, "e": NONE}, NONE, NONE),
        ({}, OPEN, OPEN),
    ],
)
def test_the_readings_of_alternatives_ask_for_every_set_or_for_one(units, each, one):
    assert both(**units) == (each, one)


@pytest.mark.parametrize(
    ("each", "one", "verdict"),
    [
        (PASS, PASS, PASS),
        (FAIL, FAIL, FAIL),
        (NONE, NONE, NONE),
        (OPEN, OPEN, OPEN),
        (FAIL, PASS, OPEN),
        (FAIL, OPEN, OPEN),
        (OPEN, PASS, OPEN),
    ],
)
def test_only_what_both_readings_say_is_said(each, one, verdict):
    assert Readings(each, one).verdict is verdict


def test_every_entry_needs_an_alternative_of_its_own():
    automatic = {"one": PASS, "two": FAIL}
    notifying = {"one": FAIL, "two": PASS}
    assert both(b=automatic, c=automatic, d=notifying, e=notifying) == (FAIL, PASS)

    assert both(b=automatic, c=automatic, d=notifying, e={"one": FAIL, "two": FAIL}) == (FAIL, FAIL)


def test_a_unit_that_concerns_no_entry_leaves_the_other_alternative():
    assert both(b={"one": PASS}, c={"one": PASS}, d={None: NONE}, e={None: NONE}) == (PASS, PASS)
    assert both(b={"one": FAIL}, c={"one": PASS}, d={None: NONE}, e={None: NONE}) == (FAIL, FAIL)


def test_what_concerns_a_unit_as_a_whole_counts_for_each_of_its_entries():
    against = {"one": PASS, None: FAIL}
    assert both(b=against, c={"one": PASS}, d={"one": NONE}, e={"one": NONE}) == (FAIL, FAIL)


@given(
    st.fixed_dictionaries(
        {letter: st.dictionaries(st.sampled_from(["x", "y", None]), VERDICTS) for letter in "bcde"}
    )
)
def test_alternatives_pass_only_without_anything_against_them_and_fail_only_with_it(units):
    read = readings(units, EITHER)
    given_ = {one for entries in units.values() for one in entries.values()}

    assert read.verdict is not PASS or (PASS in given_ and not given_ & {FAIL, OPEN})
    assert read.verdict is not FAIL or FAIL in given_
    assert read.each is not PASS or read.one is PASS
    assert read.one is not FAIL or read.each is FAIL


@given(
    st.dictionaries(st.sampled_from(["x", "y", "z"]), st.lists(VERDICTS, min_size=1, max_size=2), min_size=1)
)
def test_a_unit_whose_rule_is_open_passes_and_fails_by_both_rules_only(entries):
    given_ = unit_verdict(entries, rule="open")
    each, one = unit_verdict(entries), unit_verdict(entries, rule="any")

    assert given_ is (each if each is one else OPEN)
    assert unit_readings(entries) == Readings(each, one)
    assert unit_verdict(entries, rule="open", whole=[FAIL]) is FAIL
