"""TS 103 701 test group 5.5-8: critical security parameters are managed securely for their whole life."""

from pytest_etsi import criteria, unit


@unit("5.5-8-1", "a")
def test_processes_cover_every_stage_of_life(etsi_ixit, etsi_judgement):
    found = criteria.management.life_cycle(etsi_ixit)
    etsi_judgement.required(found)


@unit("5.5-8-1", "b")
def test_management_is_confirmed_to_be_in_place(conf, etsi_judgement):
    found = criteria.confirmation.given(conf, "Confirmation of Secure Management")
    found.decide(etsi_judgement, settle="answer plainly yes or no")
