"""TS 103 701 test group 5.4-2: hard-coded unique device identities resist tampering."""

from pytest_etsi import criteria, scopes, unit


@unit("5.4-2-1", "a", scope=scopes.serves_as_identity)
def test_identity_is_declared_as_hard_coded(sec_param, etsi_judgement):
    found = criteria.hard_coded.declared_identity(sec_param)
    found.decide(etsi_judgement, settle="state facts.hard_coded_identity")


@unit("5.4-2-1", "b", scope=scopes.hard_coded_identity)
def test_guarantees_resist_tampering_by_all_means(sec_param, etsi_judgement):
    found = criteria.hard_coded.tamper_resistance(sec_param)
    etsi_judgement.required(found)


@unit("5.4-2-1", "c", scope=scopes.hard_coded_identity)
def test_scheme_delivers_the_resistance_to_tampering(sec_param, etsi_ixit, etsi_judgement):
    found = criteria.hard_coded.tamper_protection(sec_param, etsi_ixit)
    etsi_judgement.required(found)


@unit(
    "5.4-2-2",
    "a",
    scope=scopes.hard_coded_identity,
    by_hand="Read the identity, try to change it over every interface and by a reset, and read it again; look "
    "for the claimed element or fuses. A changed value, or a protection that is not there, is a FAIL.",
    reserved="tampering by physical and electrical means, and telling a chip by its looks, take hands and eyes; a "
    "program tries what software can change, and what the chip says of its locks",
)
def test_identity_cannot_be_changed_on_the_device(sec_param, etsi_dut, etsi_judgement):
    found = criteria.storage.identity(sec_param, etsi_dut.identity_tampering(sec_param))
    etsi_judgement.required(found)
