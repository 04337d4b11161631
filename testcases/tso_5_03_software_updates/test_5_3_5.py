"""TS 103 701 test group 5.3-5: the device looks for security updates by itself, again and again."""

from pytest_etsi import criteria, unit


@unit("5.3-5-1", "a", expects_entries=True)
def test_component_is_checked_for_at_the_required_times(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.update_use.checks_for_updates(soft_comp, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-5-1", "a", editions=("2.1.1",), expects_entries=True)
def test_mechanism_looks_for_updates_at_initialization(upd_mech, etsi_ixit, etsi_judgement):
    found = criteria.update_init.looks_for_updates(upd_mech, etsi_ixit)
    etsi_judgement.required(found)
