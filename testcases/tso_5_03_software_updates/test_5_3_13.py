"""TS 103 701 test group 5.3-13: the software support period is published and easy to reach."""

from pytest_etsi import criteria, unit


@unit("5.3-13-1", "a")
def test_layperson_finds_the_support_period(user_info, etsi_judgement):
    found = criteria.together(
        criteria.published.place(user_info, "Publication of Support Period"),
        criteria.support.period(user_info),
    )
    etsi_judgement.required(found)


@unit(
    "5.3-13-2",
    "a",
    by_hand="Follow the described way from where a user begins (manual, label, product page) to the published "
    "support period. A missing pointer or a dead address is a FAIL.",
)
def test_pointer_to_the_support_period_is_given(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-13-2",
    "b",
    by_hand="Open the publication with a fresh browser, without account or form. A registration, a login or a "
    "request for data before the text is a FAIL.",
)
def test_support_period_opens_without_hurdles(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-13-2",
    "c",
    by_hand="Compare the published period for this model with Support Period of 2-UserInfo, component by "
    "component. No period, or another one, is a FAIL.",
)
def test_published_period_fits_the_documents(user_info, etsi_judgement):
    etsi_judgement.required(criteria.support.period(user_info))
