"""TS 103 701 test group 5.6-4: debug interfaces are disabled in software; 5.6-4A: or guarded."""

from pytest_etsi import criteria, scopes, unit

_EVERY_INTERFACE = (
    "that nothing else serves for debugging shows only to who tries each interface with fitting tools; a program tries "
    "the serial lines that the documents tell how to reach"
)


@unit("5.6-4-1", "a", scope=scopes.accessible_debug_interface, expects_entries=True)
def test_debug_interface_can_be_disabled_in_software(intf, etsi_judgement):
    found = criteria.interfaces.debug_is_disabled_in_software(intf)
    etsi_judgement.required(found)


@unit("5.6-4A-1", "a", scope=scopes.debug_interface, expects_entries=True)
def test_protection_holds_access_control(intf, etsi_judgement):
    found = criteria.debugging.access_is_controlled(intf)
    etsi_judgement.required(found)


@unit("5.6-4A-1", "b", scope=scopes.debug_interface)
def test_protection_holds_a_way_to_disable_the_interface(intf, etsi_judgement):
    found = criteria.debugging.can_be_disabled(intf)
    etsi_judgement.required(found)


@unit("5.6-4-1", "b", scope=scopes.accessible_debug_for_good)
@unit("5.6-4A-1", "c", scope=scopes.debug_for_good)
def test_debug_interface_is_off_for_good(intf, etsi_judgement):
    found = criteria.interfaces.debug_off(intf, permanently=True)
    found.decide(etsi_judgement, settle="state facts.default")


@unit("5.6-4-1", "c", scope=scopes.accessible_debug_intermittent)
@unit("5.6-4A-1", "d", scope=scopes.debug_intermittent)
def test_debug_interface_is_off_by_default(intf, etsi_judgement):
    found = criteria.interfaces.debug_off(intf, permanently=False)
    found.decide(etsi_judgement, settle="state facts.default")


@unit("5.6-4-2", "a", scope=scopes.accessible_debug_interface)
def test_debug_interface_is_off_on_the_device(intf, etsi_dut, etsi_judgement):
    found = criteria.consoles.disabled(intf, etsi_dut.console_survey(intf))
    found.decide(etsi_judgement)


@unit("5.6-4A-2", "a", scope=scopes.debug_interface)
def test_debug_interface_is_off_or_asks_for_authentication(intf, etsi_dut, etsi_judgement):
    if intf.access.serial:
        found = criteria.consoles.disabled(intf, etsi_dut.console_survey(intf), or_guarded=True)
    else:
        found = criteria.exposed.at_the_bench(intf, etsi_dut.attached(), debugging=True)
    found.decide(etsi_judgement)


@unit(
    "5.6-4-2",
    "b",
    by_hand="Try ordinary methods and tools for debugging on every accessible physical interface that is not "
    "declared for it. A shell, access to memory or a debug log is a FAIL.",
    reserved=_EVERY_INTERFACE,
)
@unit(
    "5.6-4A-2",
    "b",
    by_hand="Try ordinary methods and tools for debugging on every physical interface that is not declared for it, "
    "within the casing, too. A shell, access to memory or a debug log is a FAIL.",
    reserved=_EVERY_INTERFACE,
)
def test_no_further_interface_can_be_used_for_debugging(etsi_dut, etsi_ixit, etsi_judgement):
    others = [intf for intf in etsi_ixit.intf if intf.access.serial and not intf.facts.debug]
    found = criteria.consoles.not_for_debugging((intf, etsi_dut.console_survey(intf)) for intf in others)
    etsi_judgement.required(found)
