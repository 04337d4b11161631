"""TS 103 701 test group 5.3-10: updates over a network are verified through a trust relationship."""

from pytest_etsi import criteria, scopes, unit


@unit("5.3-10-1", "a", scope=scopes.network_update, expects_entries=True)
def test_authenticity_and_integrity_are_suitably_verified(upd_mech, etsi_ixit, etsi_judgement):
    found = criteria.updates.verification(upd_mech, etsi_ixit, "authenticity", "integrity")
    etsi_judgement.required(found)


@unit("5.3-10-1", "b", scope=scopes.network_update)
def test_verification_rests_on_a_valid_trust_relationship(upd_mech, etsi_ixit, etsi_judgement):
    found = criteria.updates.trust(upd_mech, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.3-10-1", "c")
def test_no_further_update_mechanism_is_reachable(etsi_dut, etsi_ixit, etsi_judgement):
    search, entries = etsi_dut.network.services(), etsi_dut.update_entries()
    found = criteria.exposure.undocumented_update_entries(search, entries, etsi_ixit)
    found.decide(
        etsi_judgement,
        settle="document it in 7-UpdMech, or record what it is",
        examined=f"{search}; usual pages asked for: none takes software that 7-UpdMech lacks",
    )
