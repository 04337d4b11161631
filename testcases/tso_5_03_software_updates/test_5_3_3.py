"""TS 103 701 test group 5.3-3: updates are easy to apply for users."""

from pytest_etsi import criteria, unit


@unit("5.3-3-1", "a", expects_entries=True)
def test_component_has_a_simple_mechanism(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.update_use.simple(soft_comp, etsi_ixit)
    etsi_judgement.required(found)
