"""TS 103 701 test group 5.3-12: the device itself announces updates that interrupt its basic functions."""

from pytest_etsi import criteria, unit


@unit("5.3-12-1", "a", expects_entries=True)
def test_disruption_is_announced_on_the_device(upd_mech, etsi_judgement):
    found = criteria.update_use.announces_disruption(upd_mech)
    found.decide(etsi_judgement, settle="state facts.tells_disruption and facts.notifies_on")


@unit("5.3-12-1", "a", editions=("2.1.1",), expects_entries=True)
def test_user_is_told_of_a_disruption(upd_mech, etsi_judgement):
    found = criteria.update_use.tells_of_disruption(upd_mech)
    found.decide(etsi_judgement, settle="state facts.tells_disruption")
