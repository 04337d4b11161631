"""TS 103 701 test group 5.5-5: security-relevant configuration over the network needs authentication."""

from pytest_etsi import criteria, scopes, unit


@unit("5.5-5-1", "a", scope=scopes.changes_security_settings, expects_entries=True)
def test_function_is_protected_in_every_state(soft_serv, etsi_ixit, etsi_judgement):
    found = criteria.services.configuration_is_protected(soft_serv, etsi_ixit)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit(
    "5.5-5-2",
    "a",
    scope=scopes.changes_security_settings,
    by_hand="Carry out 5.5-4-2 with requests that change passwords, keys, network or update settings, in "
    "factory default and initialized, and read the setting back. A change without the right to it, or "
    "one refused with it, is a FAIL.",
)
def test_changes_are_kept_from_whom_they_should(soft_serv, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.5-5-2",
    "b",
    by_hand="Search all network interfaces in every state: ports, discovery, radio services, and the peers "
    "and protocols that the device itself uses. One that 11-ComMech lacks is a FAIL.",
)
def test_no_further_communication_mechanism_is_found(etsi_judgement):
    etsi_judgement.required()
