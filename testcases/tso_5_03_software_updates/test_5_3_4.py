"""TS 103 701 test group 5.3-4: updates work automatically."""

from pytest_etsi import criteria, scopes, unit


@unit("5.3-4-1", "a", expects_entries=True)
def test_component_is_updated_without_the_user(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.update_use.automatic(soft_comp, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-4-1", "b", scope=scopes.component_with_configurable_updates)
def test_an_automatic_mechanism_is_on_by_default(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.update_use.automatic_by_default(soft_comp, etsi_ixit)
    found.decide(etsi_judgement, settle="state facts.automatic_by_default of the mechanisms")
