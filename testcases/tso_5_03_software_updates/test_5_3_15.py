"""TS 103 701 test group 5.3-15 (edition 2.1.1: 5.3-15A, 5.3-15B): without updates it can be isolated and replaced."""

from pytest_etsi import criteria, unit


@unit("5.3-15-1", "a")
@unit("5.3-15A-1", "a")
def test_isolation_method_is_fit(repl_sup, etsi_ixit, etsi_judgement):
    found = criteria.support.isolation(repl_sup, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-15-1", "b")
@unit("5.3-15B-1", "a")
def test_replacement_method_is_fit(repl_sup, etsi_judgement):
    found = criteria.support.replacement(repl_sup)
    etsi_judgement.required(found)


@unit("5.3-15-2", "a", needs="outage")
@unit("5.3-15A-2", "a", needs="outage")
def test_product_is_in_operation(repl_sup, etsi_dut, etsi_judgement):
    found = criteria.outages.in_operation(repl_sup, etsi_dut.isolation())
    found.decide(
        etsi_judgement,
        cause="access",
        settle="name the main functions under access of 9-ReplSup, or install the product as intended and try them",
        examined=criteria.outages.tried_on(etsi_dut.isolation().functions),
    )


@unit("5.3-15-2", "b", needs="outage", state="isolated")
@unit("5.3-15A-2", "b", needs="outage", state="isolated")
def test_product_is_isolated(repl_sup, etsi_dut, etsi_judgement):
    found = criteria.outages.isolated(repl_sup, etsi_dut.isolation())
    found.decide(
        etsi_judgement,
        cause="access",
        settle="say under access of 9-ReplSup how it is isolated and by what that shows, or isolate it by hand",
        examined="what shows the isolation, before it and during it",
    )


@unit("5.3-15-2", "c", needs="outage", state="isolated")
def test_isolated_product_keeps_its_main_functions(repl_sup, etsi_dut, etsi_judgement):
    found = criteria.outages.keeps_functions(repl_sup, etsi_dut.isolation())
    found.decide(
        etsi_judgement,
        cause="access",
        settle="name under access of 9-ReplSup what works in isolation, or try it by hand, in a closed environment "
        "with a look at the other devices there",
        examined=criteria.outages.tried_on(etsi_dut.isolation().during),
    )


@unit("5.3-15A-2", "c", needs="outage", state="isolated")
def test_device_off_its_network_keeps_its_main_functions(repl_sup, etsi_dut, etsi_judgement):
    found = criteria.outages.off_the_network(repl_sup, etsi_dut.isolation())
    found.decide(
        etsi_judgement,
        cause="access",
        settle="name under access of 9-ReplSup what works in isolation, or try it by hand",
        examined=criteria.outages.tried_on(etsi_dut.isolation().during),
    )


@unit("5.3-15-2", "d", needs=("outage", "erase"))
@unit("5.3-15B-2", "a", needs=("outage", "erase"))
def test_hardware_is_replaced(repl_sup, etsi_dut, etsi_judgement):
    found = criteria.outages.replaced(repl_sup, etsi_dut.replacement())
    found.decide(
        etsi_judgement,
        cause="access",
        settle="say under access of 9-ReplSup how other hardware takes its place, or replace it by hand as described",
        examined="the replacement, step by step",
    )


@unit("5.3-15-2", "e", needs=("outage", "erase"))
def test_replaced_hardware_regains_its_functions(repl_sup, etsi_dut, etsi_judgement):
    found = criteria.outages.regained(repl_sup, etsi_dut.replacement())
    found.decide(
        etsi_judgement,
        cause="access",
        settle="say under access of 9-ReplSup by what it shows, or see whether the new hardware works as before",
        examined=criteria.outages.tried_on(etsi_dut.replacement().functions),
    )


@unit("5.3-15B-2", "b", needs=("outage", "erase"))
def test_connection_and_functions_come_back_as_declared(repl_sup, etsi_dut, etsi_judgement):
    criteria.support.regaining(repl_sup).refute()
    found = criteria.together(
        criteria.support.regaining(repl_sup), criteria.outages.regained(repl_sup, etsi_dut.replacement())
    )
    found.decide(
        etsi_judgement,
        cause="access",
        settle="say under access of 9-ReplSup by what it shows, or see whether connection and functions come back as "
        "Connectivity and functionality says",
        examined=criteria.outages.tried_on(etsi_dut.replacement().functions),
    )
