"""TS 103 701 test group 5.6-8: hardware controls access to memory."""

from pytest_etsi import criteria, unit


@unit("5.6-8-1", "a", expects_entries=True)
def test_mechanism_lives_in_the_hardware(acc_ctrl, etsi_judgement):
    found = criteria.software.in_hardware(acc_ctrl)
    etsi_judgement.required(found)


@unit("5.6-8-1", "b")
def test_mechanism_can_restrict_access_to_memory(acc_ctrl, etsi_judgement):
    found = criteria.software.restricts(acc_ctrl)
    etsi_judgement.required(found)
