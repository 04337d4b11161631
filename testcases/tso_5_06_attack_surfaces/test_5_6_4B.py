"""TS 103 701 test group 5.6-4B: debug ports are physically protected by the device."""

from pytest_etsi import criteria, scopes, unit


@unit("5.6-4B-1", "a", scope=scopes.accessible_debug_interface, expects_entries=True)
def test_debug_port_has_a_physical_protection(intf, etsi_judgement):
    found = criteria.debugging.port_is_protected(intf)
    etsi_judgement.required(found)


@unit(
    "5.6-4B-2",
    "a",
    scope=scopes.debug_port,
    by_hand="Look at the closed device and try to reach the port by ordinary means, as the entry describes its "
    "protection; take photographs. One that can be reached without opening or breaking anything is a FAIL.",
    reserved="whether a port is out of reach shows only to who tries it; a program compares what was found by hand, "
    "and what responds at the bench",
)
def test_debug_port_is_out_of_reach(intf, etsi_dut, etsi_profile, etsi_judgement):
    found = criteria.exposed.port_reached(intf, etsi_profile, etsi_dut.attached())
    etsi_judgement.required(found)
