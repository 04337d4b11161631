"""TS 103 701 test group 5.4-3: critical values hard-coded in source code are not used in operation."""

from pytest_etsi import criteria, not_applicable, scopes, unit


@unit("5.4-3-1", "a", scope=scopes.critical_parameter)
def test_hard_coding_is_declared(sec_param, etsi_judgement):
    found = criteria.hard_coded.declared(sec_param)
    found.decide(etsi_judgement, settle="state facts.hard_coded_in_source and facts.provisioning")


@unit("5.4-3-1", "b", scope=scopes.hard_coded_in_source)
def test_provisioning_keeps_the_value_out_of_use(sec_param, etsi_ixit, etsi_judgement):
    found = criteria.hard_coded.kept_out_of_use(sec_param, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.4-3-2", "a", scope=scopes.hard_coded_or_denied)
def test_hard_coded_value_is_replaced_in_operation(sec_param, etsi_dut, etsi_ixit, etsi_judgement):
    images = etsi_dut.images()
    stored = criteria.hard_coded.in_image(sec_param, etsi_ixit, images)
    stored.refute()
    if criteria.hard_coded.denied(sec_param):
        criteria.hard_coded.keys_in_doubt(sec_param, etsi_ixit, images).decide(etsi_judgement)
        not_applicable("the documents say that it is not hard-coded in source code, and nothing refutes it")
    told = criteria.together(
        criteria.consoles.discloses(sec_param, etsi_dut.console_leaks()),
        criteria.storage.disclosed(sec_param, etsi_dut.disclosed_values()),
        criteria.storage.unheard(sec_param, etsi_dut.console_gaps()),
    )
    told.refute()
    found = criteria.storage.provisioned(sec_param, etsi_dut.offers(sec_param), images)
    criteria.together(stored, told, found).decide(etsi_judgement)
