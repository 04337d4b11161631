"""TS 103 701 test group 5.13-1: input data is validated; 5.13-1A: of user interfaces, 5.13-1B: of network ones."""

from pytest_etsi import criteria, scopes, unit


@unit("5.13-1-1", "a")
def test_methods_cover_every_source_of_input(etsi_ixit, etsi_judgement):
    found = criteria.validation.coverage(etsi_ixit)
    etsi_judgement.required(found)


@unit("5.13-1A-1", "a", expects_entries=True)
def test_user_interface_is_covered(user_intf, etsi_ixit, etsi_judgement):
    found = criteria.validation.covers(user_intf, etsi_ixit)
    found.decide(etsi_judgement, settle="state the Source of every method")


@unit("5.13-1B-1", "a", scope=scopes.interface_on_network, expects_entries=True)
def test_logical_interface_is_covered(ext_api, etsi_ixit, etsi_judgement):
    found = criteria.validation.covers(ext_api, etsi_ixit)
    found.decide(etsi_judgement, settle="state the Source of every method")


@unit("5.13-1-1", "b")
@unit("5.13-1A-1", "b", scope=scopes.method_for_user_input)
@unit("5.13-1B-1", "b", scope=scopes.method_for_network_input)
def test_method_is_effective(inp_val, etsi_judgement):
    found = criteria.validation.effective(inp_val)
    etsi_judgement.required(found)


@unit("5.13-1-2", "a", needs="fuzz")
@unit("5.13-1A-2", "b", scope=scopes.method_for_user_input, needs="fuzz")
@unit("5.13-1B-2", "a", scope=scopes.method_for_network_input, needs="fuzz")
def test_method_keeps_unexpected_input_out(inp_val, etsi_dut, etsi_judgement):
    observed = etsi_dut.inputs(inp_val)
    found = criteria.inputs.kept_out(inp_val, observed)
    found.decide(
        etsi_judgement,
        cause="access",
        settle="say under access how the inputs are fed, or record what was seen by hand",
        examined=f"{observed.tried} unexpected values (seed {observed.seed}): none does harm",
    )


_WORDS_OF_ITS_OWN = "a manual may name an interface in words of its own; a program looks for the usual ones"
_EVERY_WAY = (
    "Read the user documentation for every way to enter data (page, app, button, display, voice, messages) and compare "
    "with 27-UserIntf. One that it lacks is a FAIL."
)


@unit("5.13-1-2", "b", reserved=_WORDS_OF_ITS_OWN, by_hand=_EVERY_WAY)
@unit("5.13-1A-2", "a", reserved=_WORDS_OF_ITS_OWN, by_hand=_EVERY_WAY)
def test_user_interfaces_of_the_manual_are_documented(etsi_dut, etsi_ixit, etsi_judgement):
    text = criteria.reached.text(etsi_dut.documents.manuals())
    etsi_judgement.required(criteria.user_manual.interfaces(etsi_ixit, text))


@unit("5.13-1-2", "c", needs="erase", partly=True)
def test_remotely_reachable_apis_are_documented(etsi_dut, etsi_ixit, etsi_judgement):
    here = etsi_dut.searches(every_state=False)
    criteria.exposure.undocumented_services(here, etsi_ixit.ext_api).refute()
    searches = etsi_dut.searches()
    found = criteria.exposure.undocumented_services(searches, etsi_ixit.ext_api)
    found.decide(
        etsi_judgement,
        settle="name the ports of the interfaces under facts.endpoint",
        examined="; ".join(f"{state}: {search}" for state, search in searches),
    )


@unit(
    "5.13-1B-2",
    "b",
    by_hand="Read the manual, the data sheet and the box for every network that the device joins or offers (Wi-Fi with "
    "its bands, Bluetooth, Zigbee, Thread, Ethernet, cellular) and compare with 15-PhyIntf. One that it lacks is a "
    "FAIL.",
    reserved="a manual speaks of networks of others as well, such as that of a phone, and a box shows them as signs; a "
    "program looks for their usual names in the manual",
)
def test_network_interfaces_of_the_manual_are_documented(etsi_dut, etsi_ixit, etsi_judgement):
    text = criteria.reached.text(etsi_dut.documents.manuals())
    etsi_judgement.required(criteria.user_manual.networks(etsi_ixit, text))
