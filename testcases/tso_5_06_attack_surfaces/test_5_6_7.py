"""TS 103 701 test group 5.6-7: software runs with least privilege."""

from pytest_etsi import criteria, unit


@unit("5.6-7-1", "a")
def test_mechanisms_support_all_three_principles(etsi_ixit, etsi_judgement):
    found = criteria.software.privileges(etsi_ixit.privl_ctrl)
    etsi_judgement.required(found)
