"""TS 103 701 test group 5.6-2: little security-relevant information is given away before login."""

from pytest_etsi import criteria, scopes, unit


@unit("5.6-2-1", "a", scope=scopes.network_interface, expects_entries=True)
def test_harmless_disclosures_are_harmless(intf, etsi_ixit, etsi_judgement):
    found = criteria.interfaces.disclosure_is_harmless(intf, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.6-2-1", "a", editions=("2.1.1",), scope=scopes.interface_on_network, expects_entries=True)
def test_harmless_disclosures_of_the_logical_interface_are_harmless(ext_api, etsi_ixit, etsi_judgement):
    found = criteria.interfaces.disclosure_is_harmless(ext_api, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.6-2-1", "b", scope=scopes.network_interface)
def test_security_relevant_disclosures_are_needed(intf, etsi_judgement):
    found = criteria.interfaces.disclosure_is_needed(intf)
    etsi_judgement.required(found)


@unit("5.6-2-1", "b", editions=("2.1.1",), scope=scopes.interface_on_network)
def test_security_relevant_disclosures_of_the_logical_interface_are_needed(ext_api, etsi_judgement):
    found = criteria.interfaces.disclosure_is_needed(ext_api)
    etsi_judgement.required(found)


_DECLARE = (
    "add what is disclosed to facts.discloses, or record a judgement on whether it is security-relevant"
)


@unit("5.6-2-2", "a", scope=scopes.network_interface)
def test_nothing_undeclared_is_disclosed(intf, etsi_dut, etsi_profile, etsi_judgement):
    observed = etsi_dut.disclosures()
    found = criteria.disclosure.undeclared(intf, etsi_profile, observed)
    found.decide(
        etsi_judgement,
        cause="judgement",
        settle=_DECLARE,
        examined=f"{criteria.disclosure.told(observed)}: nothing security-relevant that is not documented",
    )


@unit("5.6-2-2", "a", editions=("2.1.1",), scope=scopes.interface_on_network)
def test_nothing_undeclared_is_disclosed_by_the_logical_interface(
    ext_api, etsi_dut, etsi_profile, etsi_judgement
):
    observed = etsi_dut.disclosures()
    found = criteria.disclosure.undeclared(ext_api, etsi_profile, observed)
    found.decide(
        etsi_judgement,
        cause="judgement",
        settle=_DECLARE,
        examined=f"{criteria.disclosure.told(observed)}: nothing security-relevant that is not documented",
    )
