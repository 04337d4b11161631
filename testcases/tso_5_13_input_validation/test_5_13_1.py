"""TS 103 701 test group 5.13-1: input data is validated."""

from pytest_etsi import criteria, unit


@unit("5.13-1-1", "a")
def test_methods_cover_every_source_of_input(etsi_ixit, etsi_judgement):
    found = criteria.validation.coverage(etsi_ixit)
    etsi_judgement.required(found)


@unit("5.13-1-1", "b")
def test_method_is_effective(inp_val, etsi_judgement):
    found = criteria.validation.effective(inp_val)
    etsi_judgement.required(found)


@unit("5.13-1-2", "a", needs="fuzz")
def test_method_keeps_unexpected_input_out(inp_val, etsi_dut, etsi_judgement):
    observed = etsi_dut.inputs(inp_val)
    found = criteria.inputs.kept_out(inp_val, observed)
    found.decide(
        etsi_judgement,
        cause="access",
        settle="say under access how the inputs are fed, or record what was seen by hand",
        examined=f"{observed.tried} unexpected values (seed {observed.seed}): none does harm",
    )


@unit(
    "5.13-1-2",
    "b",
    reserved="a manual may name an interface in words of its own; a program looks for the usual ones",
    by_hand="Read the user documentation for every way to enter data (page, app, button, display, voice, "
    "messages) and compare with 27-UserIntf. One that it lacks is a FAIL.",
)
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
