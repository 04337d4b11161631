"""TS 103 701 test group 5.3-1: all software components can be updated securely."""

from pytest_etsi import criteria, scopes, unit


@unit("5.3-1-1", "a", scope=scopes.component_without_updates, expects_entries=True)
def test_reason_for_no_updates_is_practicability_or_security(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.updates.no_update(soft_comp, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-1-1", "b", scope=scopes.component_with_updates)
def test_mechanisms_of_the_component_resist_misuse(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.updates.referenced(soft_comp, etsi_ixit)
    etsi_judgement.required(found)


@unit(
    "5.3-1-2",
    "a",
    scope=scopes.component_with_updates,
    by_hand="Carry out the attacks of 5.3-2-2 on every update mechanism that the component refers to: "
    "altered, foreign, older and truncated packages, an intercepted transfer, an interrupted "
    "installation. One attack that succeeds on one mechanism is a FAIL here.",
)
def test_mechanisms_of_the_component_withstand_attacks(soft_comp, etsi_judgement):
    etsi_judgement.required()
