"""TS 103 701 test group 5.3-15: a product without updates can be isolated and its hardware replaced."""

from pytest_etsi import criteria, unit


@unit("5.3-15-1", "a")
def test_isolation_method_is_fit(repl_sup, etsi_ixit, etsi_judgement):
    found = criteria.support.isolation(repl_sup, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-15-1", "b")
def test_replacement_method_is_fit(repl_sup, etsi_judgement):
    found = criteria.support.replacement(repl_sup)
    etsi_judgement.required(found)


@unit(
    "5.3-15-2",
    "a",
    by_hand="Install the product in surroundings as intended and note which functions work. A step without a "
    "finding of its own: conclude PASS when the main functions work.",
)
def test_product_is_in_operation(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-15-2",
    "b",
    by_hand="Carry out the described isolation: take the product off its network, or move it into a closed "
    "environment. A step without a finding of its own: conclude PASS when nothing reaches it from the "
    "former network any more.",
)
def test_product_is_isolated(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-15-2",
    "c",
    by_hand="Try the functions noted before. A main function that is lost although it needs no connection is "
    "a FAIL; in a closed environment, a change in the other devices there is one too.",
)
def test_isolated_product_keeps_its_main_functions(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-15-2",
    "d",
    by_hand="Replace the hardware as described and note every step that could not be done as written. A step "
    "without a finding of its own: conclude PASS when the new hardware is in place.",
)
def test_hardware_is_replaced(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.3-15-2",
    "e",
    by_hand="See whether the new hardware is connected again and its connected functions work as before. One "
    "that does not come back is a FAIL.",
)
def test_replaced_hardware_regains_its_functions(etsi_judgement):
    etsi_judgement.required()
