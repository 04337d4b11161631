"""TS 103 701 test group 5.6-9: software is developed by a secure process."""

from pytest_etsi import criteria, unit


@unit("5.6-9-1", "a")
def test_processes_address_all_topics(etsi_ixit, etsi_judgement):
    found = criteria.management.development(etsi_ixit)
    etsi_judgement.required(found)


@unit("5.6-9-1", "b")
def test_development_is_confirmed_to_be_in_place(conf, etsi_judgement):
    found = criteria.confirmation.given(conf, "Confirmation of Secure Development")
    found.decide(etsi_judgement, settle="answer plainly yes or no")
