"""TS 103 701 test group 5.6-3: physical interfaces are not exposed without need."""

from pytest_etsi import criteria, scopes, unit


@unit("5.6-3-1", "a", scope=scopes.physical_without_need, expects_entries=True)
def test_interface_is_shielded(intf, etsi_judgement):
    found = criteria.interfaces.casing(intf)
    etsi_judgement.required(found)


@unit("5.6-3-1", "b", scope=scopes.air_without_need)
def test_radio_without_need_is_off(intf, etsi_judgement):
    found = criteria.interfaces.radio_is_off(intf)
    found.decide(etsi_judgement, settle="state facts.enabled")


@unit("5.6-3-1", "c", scope=scopes.intermittent_physical_interface)
def test_interface_is_off_while_not_needed(intf, etsi_judgement):
    found = criteria.interfaces.intermittent_is_off(intf)
    found.decide(etsi_judgement, settle="state facts.default")


@unit(
    "5.6-3-2",
    "a",
    by_hand="Examine the closed device for connectors, openings, buttons and radios, with a list and photos, "
    "and compare with 15-Intf. Something exposed that is not listed as required or intermittently "
    "required is a FAIL.",
)
def test_everything_exposed_is_listed(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.6-3-2",
    "b",
    scope=scopes.physical_without_need,
    by_hand="Try to reach the interface on the closed device by ordinary means. One that can be reached "
    "without opening or breaking the casing, or something as good, is a FAIL.",
)
def test_casing_guards_the_interface(intf, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.6-3-2",
    "c",
    scope=scopes.air_interface,
    by_hand="Record the bands of this interface around the device from power-on through use, in a shielded "
    "place if possible. A frame of a radio declared disabled is a FAIL.",
)
def test_radio_is_on_or_off_as_documented(intf, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.6-3-2",
    "d",
    scope=scopes.intermittent_physical_interface,
    by_hand="Take the device through start, idling, the way that enables the interface, and its end; look "
    "after each whether it answers. An answer outside the declared times is a FAIL.",
)
def test_interface_is_off_while_not_needed_on_the_device(intf, etsi_judgement):
    etsi_judgement.required()
