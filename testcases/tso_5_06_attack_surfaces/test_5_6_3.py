"""TS 103 701 test group 5.6-3: physical interfaces are not exposed without need."""

from pytest_etsi import criteria, scopes, unit


@unit("5.6-3-1", "a", scope=scopes.physical_without_need, expects_entries=True)
@unit("5.6-3-1", "a", editions=("2.1.1",), scope=scopes.interface_without_need, expects_entries=True)
def test_interface_is_shielded(intf, etsi_judgement):
    found = criteria.interfaces.casing(intf)
    etsi_judgement.required(found)


@unit("5.6-3-1", "b", scope=scopes.air_without_need)
@unit("5.6-3-1", "b", editions=("2.1.1",), scope=scopes.interface_without_need)
def test_radio_without_need_is_off(intf, etsi_judgement):
    found = criteria.interfaces.radio_is_off(intf)
    found.decide(etsi_judgement, settle="state facts.enabled")


@unit("5.6-3-1", "c", scope=scopes.intermittent_physical_interface)
def test_interface_is_off_while_not_needed(intf, etsi_judgement):
    found = criteria.interfaces.intermittent_is_off(intf)
    found.decide(etsi_judgement, settle="state facts.default")


@unit("5.6-3-2", "a")
@unit("5.6-3-2", "a", editions=("2.1.1",))
def test_everything_exposed_is_listed(etsi_dut, etsi_profile, etsi_judgement):
    found = criteria.exposed.listed(etsi_profile, etsi_dut.attached())
    found.decide(etsi_judgement)


_BY_HAND = (
    "Try to reach the interface on the closed device by ordinary means. One that can be reached without opening or "
    "breaking the casing, or something as good, is a FAIL."
)
_RESERVED = (
    "whether a casing can be opened by ordinary means shows only to who tries it; a program compares what was found by "
    "hand, and what responds at the bench"
)


@unit("5.6-3-2", "b", scope=scopes.physical_without_need, by_hand=_BY_HAND, reserved=_RESERVED)
@unit(
    "5.6-3-2",
    "b",
    editions=("2.1.1",),
    scope=scopes.interface_without_need,
    by_hand=_BY_HAND,
    reserved=_RESERVED,
)
def test_casing_guards_the_interface(intf, etsi_dut, etsi_profile, etsi_judgement):
    found = criteria.exposed.reached(intf, etsi_profile, etsi_dut.attached())
    etsi_judgement.required(found)


@unit("5.6-3-2", "c", scope=scopes.air_interface)
def test_radio_is_on_or_off_as_documented(intf, etsi_dut, etsi_judgement):
    found = criteria.exposed.radio(intf, etsi_dut.radio(intf))
    found.decide(etsi_judgement)


@unit("5.6-3-2", "c", editions=("2.1.1",))
def test_interface_is_on_or_off_as_documented(intf, etsi_dut, etsi_judgement):
    if intf.access.scan:
        found = criteria.exposed.radio(intf, etsi_dut.radio(intf))
    elif intf.access.serial:
        found = criteria.consoles.as_documented(intf, etsi_dut.console_survey(intf))
        if intf.access.enable:
            found = criteria.together(found, criteria.exposed.periods(intf, etsi_dut.connector(intf)))
    elif (observed := etsi_dut.interface(intf)).addressed:
        found = criteria.exposure.in_its_state(intf, observed)
    else:
        found = criteria.exposed.at_the_bench(intf, etsi_dut.attached())
    found.decide(
        etsi_judgement,
        settle="say how the bench meets the interface (access.scan, access.serial, facts.endpoint, access.responds), "
        "or try it by hand",
        examined=found.examined or "it is on where it was looked for, as documented",
    )


@unit("5.6-3-2", "d", scope=scopes.intermittent_physical_interface)
def test_interface_is_off_while_not_needed_on_the_device(intf, etsi_dut, etsi_judgement):
    if intf.access.scan:
        criteria.exposed.periods(intf, etsi_dut.radio(intf)).decide(etsi_judgement)
        return
    quiet = criteria.consoles.disabled(intf, etsi_dut.console_survey(intf))
    quiet.refute()
    found = criteria.exposed.periods(intf, etsi_dut.connector(intf))
    criteria.together(quiet, found).decide(etsi_judgement)
