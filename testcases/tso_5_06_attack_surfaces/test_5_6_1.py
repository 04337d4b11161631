"""TS 103 701 test group 5.6-1: unneeded network and logical interfaces are switched off."""

from pytest_etsi import criteria, scopes, unit


@unit("5.6-1-1", "a", scope=scopes.enabled_network_or_logical_interface, expects_entries=True)
def test_purpose_justifies_the_interface(intf, etsi_ixit, etsi_judgement):
    found = criteria.interfaces.justified(intf, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.6-1-2", "a", scope=scopes.network_or_logical_interface)
def test_interface_is_in_its_documented_state(intf, etsi_dut, etsi_judgement):
    observed = etsi_dut.interface(intf)
    found = criteria.exposure.in_its_state(intf, observed)
    found.decide(
        etsi_judgement,
        settle="say how it is addressed, or record what was seen by hand",
        examined=f"looked for at {', '.join(observed.addressed)}: as documented",
    )


@unit("5.6-1-2", "b")
def test_no_further_interface_is_found(etsi_dut, etsi_ixit, etsi_judgement):
    search = etsi_dut.network.services()
    found = criteria.exposure.undocumented_services([("in the initialized state", search)], etsi_ixit.intf)
    found.decide(
        etsi_judgement,
        settle="name the ports of the interfaces under facts.endpoint",
        examined=f"{search}: nothing that 15-Intf lacks",
    )
