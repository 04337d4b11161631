"""TS 103 701 test group 5.3-14: the reason for missing updates and the replacement plan are published."""

from pytest_etsi import criteria, unit


@unit("5.3-14-1", "a")
def test_layperson_finds_both_publications(user_info, etsi_ixit, etsi_judgement):
    found = criteria.support.missing_updates(user_info, etsi_ixit)
    etsi_judgement.required(found)


@unit(
    "5.3-14-2",
    "a",
    by_hand="Follow the described ways from where a user begins to both publications. A missing pointer or a "
    "dead address is a FAIL.",
)
def test_pointers_to_both_publications_are_given(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-14-2",
    "b",
    by_hand="Open both publications with a fresh browser, without account or form. A registration, a login or "
    "a request for data before the text is a FAIL.",
)
def test_publications_open_without_hurdles(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-14-2",
    "c",
    by_hand="Read whether the text gives the reason why this model lacks updates. Nothing, or only the fact "
    "without a reason, is a FAIL.",
)
def test_reason_for_missing_updates_is_published(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-14-2",
    "d",
    by_hand="Read whether the text gives a plan for replacing the hardware with both period and method. One "
    "of the two missing, or a general warranty clause instead, is a FAIL.",
)
def test_replacement_plan_is_published(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-14-2",
    "e",
    by_hand="Read whether the text on missing updates also states a support period, and compare it with "
    "Support Period of 2-UserInfo. None, or another one, is a FAIL.",
)
def test_support_period_is_published(etsi_judgement):
    etsi_judgement.required()
