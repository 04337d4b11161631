"""TS 103 701 test group 5.6-1: unneeded network and logical interfaces are switched off."""

from pytest_etsi import criteria, scopes, unit


@unit("5.6-1-1", "a", scope=scopes.enabled_network_or_logical_interface, expects_entries=True)
def test_purpose_justifies_the_interface(intf, etsi_ixit, etsi_judgement):
    found = criteria.interfaces.justified(intf, etsi_ixit)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit(
    "5.6-1-2",
    "a",
    scope=scopes.network_or_logical_interface,
    by_hand="Address the interface on every way (IPv4, IPv6, radio, discovery) and compare what answers with "
    "its status. One declared disabled that answers is a FAIL.",
)
def test_interface_is_in_its_documented_state(intf, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.6-1-2",
    "b",
    by_hand="Search every network interface for network and logical interfaces: all TCP ports, UDP with the "
    "payloads of usual protocols, IPv6, discovery, radio services. One that 15-Intf lacks is a FAIL.",
)
def test_no_further_interface_is_found(etsi_judgement):
    etsi_judgement.required()
