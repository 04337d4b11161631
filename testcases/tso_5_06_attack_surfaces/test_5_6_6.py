"""TS 103 701 test group 5.6-6: code is reduced to what the product needs."""

from pytest_etsi import criteria, unit


@unit("5.6-6-1", "a")
def test_techniques_cut_the_code_down(etsi_ixit, etsi_judgement):
    found = criteria.software.minimized(etsi_ixit.code_min)
    etsi_judgement.required(found)
