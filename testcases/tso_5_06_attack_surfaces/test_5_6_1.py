"""TS 103 701 test group 5.6-1: unneeded network and logical interfaces are switched off."""

from pytest_etsi import criteria, scopes, unit


@unit("5.6-1-1", "a", scope=scopes.enabled_network_or_logical_interface, expects_entries=True)
@unit("5.6-1-1", "a", editions=("2.1.1",), scope=scopes.enabled_network_interface, expects_entries=True)
def test_purpose_justifies_the_interface(intf, etsi_ixit, etsi_judgement):
    found = criteria.interfaces.justified(intf, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.6-1-1", "b", scope=scopes.enabled_interface_on_network, expects_entries=True)
def test_purpose_justifies_the_logical_interface(ext_api, etsi_ixit, etsi_judgement):
    found = criteria.interfaces.justified(ext_api, etsi_ixit)
    etsi_judgement.required(found)


_IN_ITS_STATE = "say how it is addressed, or record what was seen by hand"


@unit("5.6-1-2", "a", scope=scopes.network_or_logical_interface)
def test_interface_is_in_its_documented_state(intf, etsi_dut, etsi_judgement):
    observed = etsi_dut.interface(intf)
    found = criteria.exposure.in_its_state(intf, observed)
    found.decide(
        etsi_judgement,
        settle=_IN_ITS_STATE,
        examined=f"looked for at {', '.join(observed.addressed)}: as documented",
    )


@unit("5.6-1-2", "a", editions=("2.1.1",))
def test_interfaces_are_in_their_documented_states(etsi_dut, etsi_ixit, etsi_judgement):
    concerned, found = criteria.exposure.by_which_a_network_comes_in(etsi_ixit)
    observed = [(one, etsi_dut.interface(one)) for one in concerned]
    found = criteria.together(found, *(criteria.exposure.in_its_state(one, seen) for one, seen in observed))
    found.decide(
        etsi_judgement,
        settle=_IN_ITS_STATE,
        examined="; ".join(f"{one} looked for at {', '.join(seen.addressed)}" for one, seen in observed),
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


@unit(
    "5.6-1-2",
    "b",
    editions=("2.1.1",),
    by_hand="Look for network interfaces on the device that 15-PhyIntf does not have: sockets, antennas, radio modules "
    "in its data sheet and radio approvals; record the bands that a receiver covers (Wi-Fi, Bluetooth, 802.15.4, "
    "sub-GHz, cellular) from power-on, and try a link at every socket. One without an entry is a FAIL.",
    reserved="a radio that is silent, or a socket that nothing is in, shows to who looks at the casing and reads its "
    "approvals; a program compares what was found by hand, and what responds at the bench",
)
def test_no_further_network_interface_is_found(etsi_dut, etsi_profile, etsi_judgement):
    found = criteria.exposed.unlisted_networks(etsi_profile, etsi_dut.attached())
    etsi_judgement.required(found)


@unit("5.6-1-2", "c")
def test_no_further_logical_interface_is_found(etsi_dut, etsi_ixit, etsi_judgement):
    search = etsi_dut.network.services()
    found = criteria.exposure.undocumented_services([("in the initialized state", search)], etsi_ixit.ext_api)
    found.decide(
        etsi_judgement,
        settle="name the ports of the interfaces under facts.endpoint",
        examined=f"{search}: nothing that {etsi_ixit.ext_api.id} lacks",
    )
