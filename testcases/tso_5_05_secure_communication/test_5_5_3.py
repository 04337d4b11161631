"""TS 103 701 test group 5.5-3: the cryptography on the device can be updated."""

from pytest_etsi import criteria, scopes, unit


@unit("5.5-3-1", "a", scope=scopes.uses_cryptography, expects_entries=True)
def test_component_refers_to_an_update_mechanism(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.implementations.has_update_mechanism(soft_comp, etsi_ixit)
    found.decide(etsi_judgement, settle="name the update mechanism")


@unit("5.5-3-1", "b", scope=scopes.uses_cryptography)
def test_side_effects_of_an_exchange_were_considered(soft_comp, etsi_judgement):
    found = criteria.implementations.side_effects_considered(soft_comp)
    found.decide(etsi_judgement, settle="state facts.side_effects_considered")
