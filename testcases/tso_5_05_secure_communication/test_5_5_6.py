"""TS 103 701 test group 5.5-6: critical security parameters travel encrypted."""

from pytest_etsi import criteria, scopes, unit


@unit("5.5-6-1", "a", scope=scopes.carries_critical_parameter)
def test_channel_keeps_the_parameters_confidential(com_mech, etsi_ixit, etsi_judgement):
    found = criteria.communication.whole(com_mech, etsi_ixit)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit(
    "5.5-6-2",
    "a",
    scope=scopes.carries_critical_parameter,
    by_hand="Send known secrets over the mechanism while recording, and carry out 5.5-1-2 on it. A secret "
    "that can be read (also base64 or hex), or a setting other than documented, is a FAIL; a "
    "mechanism that did not talk leaves it open.",
)
def test_channel_uses_the_documented_cryptography(com_mech, etsi_judgement):
    etsi_judgement.required()
