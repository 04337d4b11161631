"""TS 103 701 test group 5.3-14: the reason for missing updates and the replacement plan are published."""

from pytest_etsi import criteria, unit


@unit("5.3-14-1", "a")
def test_layperson_finds_both_publications(user_info, etsi_ixit, etsi_judgement):
    found = criteria.support.missing_updates(user_info, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-14-2", "a")
def test_pointers_to_both_publications_are_given(user_info, etsi_dut, etsi_judgement):
    found = criteria.together(
        *(
            criteria.publications.led_to(
                user_info, field, etsi_dut.documents.of(field), etsi_dut.documents.pointers(field)
            )
            for field in (criteria.support_period.NON_UPDATABLE, criteria.support_period.REPLACEMENT)
        )
    )
    found.decide(etsi_judgement)


@unit("5.3-14-2", "b")
def test_publications_open_without_hurdles(user_info, etsi_dut, etsi_judgement):
    found = criteria.together(
        *(
            criteria.publications.open_to_all(user_info, field, etsi_dut.documents.of(field))
            for field in (criteria.support_period.NON_UPDATABLE, criteria.support_period.REPLACEMENT)
        )
    )
    found.decide(etsi_judgement)


@unit("5.3-14-2", "c")
def test_reason_for_missing_updates_is_published(user_info, etsi_profile, etsi_dut, etsi_judgement):
    documents = etsi_dut.documents.of(criteria.support_period.NON_UPDATABLE)
    criteria.support_period.reason(user_info, documents, etsi_profile.dut.model).decide(etsi_judgement)


@unit("5.3-14-2", "d")
def test_replacement_plan_is_published(user_info, etsi_profile, etsi_dut, etsi_judgement):
    documents = etsi_dut.documents.of(criteria.support_period.REPLACEMENT)
    criteria.support_period.plan(user_info, documents, etsi_profile.dut.model).decide(etsi_judgement)


@unit("5.3-14-2", "e")
def test_support_period_is_published(user_info, etsi_profile, etsi_dut, etsi_judgement):
    field = criteria.support_period.NON_UPDATABLE
    found = criteria.support_period.fits(
        user_info, field, etsi_dut.documents.of(field), etsi_profile.dut.model
    )
    found.decide(etsi_judgement)
