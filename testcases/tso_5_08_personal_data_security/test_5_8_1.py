"""TS 103 701 test group 5.8-1: personal data in transit are protected by best practice cryptography."""

from pytest_etsi import criteria, scopes, unit


@unit("5.8-1-1", "a", scope=scopes.carries_personal_data)
def test_channel_keeps_personal_data_confidential(com_mech, etsi_ixit, etsi_judgement):
    found = criteria.communication.whole(com_mech, etsi_ixit)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit(
    "5.8-1-2",
    "a",
    scope=scopes.carries_personal_data,
    by_hand="Use the function with personal data that can be recognised, record the mechanism, and carry out "
    "5.5-1-2 on it. Data that can be read, or a setting other than documented, is a FAIL.",
)
def test_personal_data_travel_under_the_documented_cryptography(com_mech, etsi_judgement):
    etsi_judgement.required()
