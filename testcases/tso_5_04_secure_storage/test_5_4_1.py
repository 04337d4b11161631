"""TS 103 701 test group 5.4-1: stored sensitive security parameters are protected according to their type."""

from pytest_etsi import criteria, unit


@unit("5.4-1-1", "a", expects_entries=True)
def test_type_fits_the_description(sec_param, etsi_judgement):
    found = criteria.parameters.type_fits(sec_param)
    etsi_judgement.required(found)


@unit("5.4-1-1", "b")
def test_guarantees_reach_the_minimum_of_the_type(sec_param, etsi_judgement):
    found = criteria.parameters.minimum(sec_param)
    etsi_judgement.required(found)


@unit("5.4-1-1", "c")
def test_scheme_delivers_the_guarantees(sec_param, etsi_ixit, etsi_judgement):
    found = criteria.parameters.protection(sec_param, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.4-1-1", "d")
def test_nothing_hints_at_further_parameters(etsi_ixit, etsi_judgement):
    found = criteria.parameters.complete(etsi_ixit)
    etsi_judgement.required(found)


@unit("5.4-1-2", "a")
def test_scheme_is_enforced_on_the_device(sec_param, etsi_dut, etsi_judgement):
    told = criteria.consoles.discloses(sec_param, etsi_dut.console_leaks())
    told.refute()
    found = criteria.storage.scheme(sec_param, etsi_dut.storage(sec_param), etsi_dut.images())
    unheard = criteria.storage.unheard(sec_param, etsi_dut.console_gaps())
    criteria.together(told, found, unheard).decide(etsi_judgement)
