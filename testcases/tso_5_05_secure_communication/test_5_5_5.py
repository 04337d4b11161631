"""TS 103 701 test group 5.5-5: security-relevant configuration over the network needs authentication."""

from pytest_etsi import criteria, scopes, unit


@unit("5.5-5-1", "a", scope=scopes.changes_security_settings, expects_entries=True)
def test_function_is_protected_in_every_state(soft_serv, etsi_ixit, etsi_judgement):
    found = criteria.services.configuration_is_protected(soft_serv, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.5-5-2", "a", scope=scopes.changes_security_settings, needs="erase", partly=True)
def test_changes_are_kept_from_whom_they_should(soft_serv, etsi_dut, etsi_judgement):
    observed = etsi_dut.access(soft_serv)
    criteria.access.kept_out(soft_serv, observed).refute()
    refused = criteria.access.kept_out(soft_serv, observed, etsi_dut.changes_in_factory_default(soft_serv))
    granted = criteria.access.let_in(soft_serv, observed)
    criteria.together(refused, granted).decide(
        etsi_judgement,
        cause="access",
        settle="give requests under access.changes, or record what was seen by hand",
        examined=criteria.access.told(observed),
    )


@unit("5.5-5-2", "b", editions=("2.1.1",), needs="erase", partly=True)
def test_no_further_logical_interface_is_found(etsi_dut, etsi_ixit, etsi_judgement):
    here = etsi_dut.searches(every_state=False)
    criteria.exposure.undocumented_services(here, etsi_ixit.ext_api).refute()
    searches = etsi_dut.searches()
    found = criteria.exposure.undocumented_services(searches, etsi_ixit.ext_api)
    found.decide(
        etsi_judgement,
        settle="name the ports of the logical interfaces under facts.endpoint",
        examined="; ".join(f"{state}: {search}" for state, search in searches),
    )


@unit("5.5-5-2", "b", needs="erase", partly=True)
def test_no_further_communication_mechanism_is_found(etsi_dut, etsi_ixit, etsi_judgement):
    here = etsi_dut.searches(every_state=False)
    criteria.exposure.undocumented_services(here, etsi_ixit.com_mech).refute()
    searches = etsi_dut.searches()
    found = criteria.exposure.undocumented_services(searches, etsi_ixit.com_mech)
    found.decide(
        etsi_judgement,
        settle="name the ports of the mechanisms under facts.endpoint",
        examined="; ".join(f"{state}: {search}" for state, search in searches),
    )
