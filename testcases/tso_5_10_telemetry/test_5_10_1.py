"""TS 103 701 test group 5.10-1: telemetry is examined for security anomalies."""

from pytest_etsi import criteria, scopes, unit


@unit("5.10-1-1", "a")
def test_some_telemetry_is_examined_for_security(etsi_ixit, etsi_judgement):
    found = criteria.telemetry.some_examination(etsi_ixit)
    found.decide(
        etsi_judgement, settle="state under facts.examined which telemetry is examined for security anomalies"
    )


@unit("5.10-1-1", "b", scope=scopes.examined_telemetry)
def test_telemetry_suits_its_examination(tel_data, etsi_judgement):
    found = criteria.telemetry.examination(tel_data)
    etsi_judgement.required(found)
