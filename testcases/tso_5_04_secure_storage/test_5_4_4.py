"""TS 103 701 test group 5.4-4: critical parameters for updates and services are unique and well generated."""

from pytest_etsi import criteria, scopes, unit


@unit("5.4-4-1", "a", scope=scopes.critical_parameter_for_updates_or_services)
def test_purpose_is_recorded_under_generation(sec_param, etsi_judgement):
    found = criteria.generation.declared_purpose(sec_param)
    found.decide(etsi_judgement, settle="state facts.purpose, and the purpose under Generation Mechanism")


@unit("5.4-4-1", "b", scope=scopes.critical_parameter)
def test_generation_makes_the_value_unique(sec_param, etsi_judgement):
    found = criteria.generation.unguessable(sec_param)
    etsi_judgement.required(found)
