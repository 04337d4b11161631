"""TS 103 701 test group 6-4: telemetry uses no more personal data than needed."""

from pytest_etsi import criteria, scopes, unit


@unit("6-4-1", "a", scope=scopes.telemetry_with_personal_data)
def test_personal_data_in_telemetry_are_needed(tel_data, etsi_ixit, etsi_judgement):
    found = criteria.telemetry.necessity(tel_data, etsi_ixit)
    etsi_judgement.required(found)
