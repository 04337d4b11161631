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


@unit("5.5-5-2", "b", needs="erase")
def test_no_further_communication_mechanism_is_found(etsi_dut, etsi_ixit, etsi_evidence, etsi_judgement):
    searches = etsi_dut.searches()
    found = criteria.exposure.undocumented_services(searches, etsi_ixit.com_mech)
    assert not found.violations, found.violations
    found.decide(etsi_judgement, settle="name the ports of the mechanisms under facts.endpoint")
    etsi_evidence.summary("; ".join(f"{state}: {search}" for state, search in searches))
