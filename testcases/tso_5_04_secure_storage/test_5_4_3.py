"""TS 103 701 test group 5.4-3: critical values hard-coded in source code are not used in operation."""

from pytest_etsi import criteria, scopes, unit


@unit("5.4-3-1", "a", scope=scopes.critical_parameter)
def test_hard_coding_is_declared(sec_param, etsi_judgement):
    found = criteria.hard_coded.declared(sec_param)
    found.decide(etsi_judgement, settle="state facts.hard_coded_in_source and facts.provisioning")


@unit("5.4-3-1", "b", scope=scopes.hard_coded_in_source)
def test_provisioning_keeps_the_value_out_of_use(sec_param, etsi_ixit, etsi_judgement):
    found = criteria.hard_coded.kept_out_of_use(sec_param, etsi_ixit)
    etsi_judgement.required(found)


@unit(
    "5.4-3-2",
    "a",
    scope=scopes.hard_coded_in_source,
    by_hand="Set the device up from factory default and see that the individual value is demanded and cannot "
    "be skipped; then offer the hard-coded value wherever one of its kind is taken. A value that is "
    "accepted is a FAIL.",
)
def test_hard_coded_value_is_replaced_in_operation(sec_param, etsi_dut, etsi_judgement):
    found = criteria.consoles.discloses(sec_param, etsi_dut.console_leaks())
    etsi_judgement.required(found)
