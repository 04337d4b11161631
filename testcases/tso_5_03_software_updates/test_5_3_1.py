"""TS 103 701 test group 5.3-1: all software components can be updated securely."""

from pytest_etsi import criteria, scopes, unit


@unit("5.3-1-1", "a", scope=scopes.component_without_updates, expects_entries=True)
def test_reason_for_no_updates_is_practicability_or_security(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.updates.no_update(soft_comp, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-1-1", "a", editions=("2.1.1",), scope=scopes.component_without_updates, expects_entries=True)
def test_component_without_updates_is_immutable_for_security(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.updates.immutable(soft_comp, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-1-1", "b", scope=scopes.component_with_updates)
def test_mechanisms_of_the_component_resist_misuse(soft_comp, etsi_ixit, etsi_judgement):
    found = criteria.updates.referenced(soft_comp, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-1-2", "a", scope=scopes.component_with_updates, needs="update")
def test_mechanisms_of_the_component_withstand_attacks(soft_comp, etsi_dut, etsi_ixit, etsi_judgement):
    found = criteria.update_misuse.referenced(soft_comp, etsi_ixit, etsi_dut.misuse)
    found.decide(
        etsi_judgement,
        cause="access",
        settle="name under access of 7-UpdMech a genuine package, how it is installed and undone; or carry out the "
        "attacks of 5.3-2-2 by hand on every mechanism that the component refers to",
    )
