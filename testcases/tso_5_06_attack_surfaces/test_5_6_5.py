"""TS 103 701 test group 5.6-5: only needed software services are enabled."""

from pytest_etsi import criteria, scopes, unit


@unit("5.6-5-1", "a", scope=scopes.enabled_by_default, expects_entries=True)
def test_service_is_needed(soft_serv, etsi_ixit, etsi_judgement):
    found = criteria.services.needed(soft_serv, etsi_ixit)
    etsi_judgement.required(found)
