"""TS 103 701 test group 5.3-9: the device verifies authenticity and integrity of updates."""

from pytest_etsi import criteria, unit


@unit("5.3-9-1", "a", expects_entries=True)
def test_authenticity_is_suitably_verified(upd_mech, etsi_ixit, etsi_judgement):
    found = criteria.updates.verification(upd_mech, etsi_ixit, "authenticity")
    etsi_judgement.required(found)


@unit("5.3-9-1", "b")
def test_integrity_is_suitably_verified(upd_mech, etsi_ixit, etsi_judgement):
    found = criteria.updates.verification(upd_mech, etsi_ixit, "integrity")
    etsi_judgement.required(found)


@unit("5.3-9-1", "c")
def test_device_itself_verifies_authenticity(upd_mech, etsi_judgement):
    found = criteria.updates.verified_by_the_device(upd_mech, "authenticity")
    found.decide(etsi_judgement, settle="state facts.verified_by")


@unit("5.3-9-1", "d")
def test_device_itself_verifies_integrity(upd_mech, etsi_judgement):
    found = criteria.updates.verified_by_the_device(upd_mech, "integrity")
    found.decide(etsi_judgement, settle="state facts.verified_by")
