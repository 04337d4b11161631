"""TS 103 701 test group 5.8-2: sensitive personal data sent to associated services stay confidential."""

from pytest_etsi import criteria, scopes, unit


@unit("5.8-2-1", "a", scope=scopes.carries_sensitive_data_to_service)
def test_channel_keeps_sensitive_data_confidential(com_mech, etsi_ixit, etsi_judgement):
    found = criteria.Findings(
        (
            *criteria.communication.whole(com_mech, etsi_ixit),
            *criteria.communication.sensitive_data_is_told(com_mech, etsi_ixit),
        )
    )
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit(
    "5.8-2-2",
    "a",
    scope=scopes.carries_sensitive_data_to_service,
    by_hand="Cause one transfer for each kind of sensitive data, record it, compare the settings with the "
    "documents, and put a peer with a wrong certificate in between. Data that can be read, a wrong "
    "peer that is accepted, or another setting is a FAIL.",
)
def test_sensitive_data_travel_under_the_documented_cryptography(com_mech, etsi_judgement):
    etsi_judgement.required()
