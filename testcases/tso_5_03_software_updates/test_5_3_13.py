"""TS 103 701 test group 5.3-13: the software support period is published and easy to reach."""

from pytest_etsi import criteria, unit


@unit("5.3-13-1", "a")
def test_layperson_finds_the_support_period(user_info, etsi_judgement):
    found = criteria.together(
        criteria.published.place(user_info, "Publication of Support Period"),
        criteria.support.period(user_info),
    )
    etsi_judgement.required(found)


@unit("5.3-13-2", "a")
def test_pointer_to_the_support_period_is_given(user_info, etsi_dut, etsi_judgement):
    field = criteria.support_period.SUPPORT
    found = criteria.publications.led_to(
        user_info, field, etsi_dut.documents.of(field), etsi_dut.documents.pointers(field)
    )
    found.decide(etsi_judgement)


@unit("5.3-13-2", "b")
def test_support_period_opens_without_hurdles(user_info, etsi_dut, etsi_judgement):
    field = criteria.support_period.SUPPORT
    criteria.publications.open_to_all(user_info, field, etsi_dut.documents.of(field)).decide(etsi_judgement)


@unit("5.3-13-2", "c")
def test_published_period_fits_the_documents(user_info, etsi_profile, etsi_dut, etsi_judgement):
    field = criteria.support_period.SUPPORT
    found = criteria.together(
        criteria.support.period(user_info),
        criteria.support_period.fits(user_info, field, etsi_dut.documents.of(field), etsi_profile.dut.model),
    )
    found.decide(etsi_judgement)
