"""TS 103 701 test group 5.3-10: updates over a network are verified through a trust relationship."""

from pytest_etsi import criteria, scopes, unit


@unit("5.3-10-1", "a", expects_entries=True)
def test_authenticity_and_integrity_are_suitably_verified(upd_mech, etsi_ixit, etsi_judgement):
    found = criteria.Findings(
        (
            *criteria.updates.verification(upd_mech, etsi_ixit, "authenticity"),
            *criteria.updates.verification(upd_mech, etsi_ixit, "integrity"),
        )
    )
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit("5.3-10-1", "b", scope=scopes.network_update)
def test_verification_rests_on_a_valid_trust_relationship(upd_mech, etsi_ixit, etsi_judgement):
    found = criteria.updates.trust(upd_mech, etsi_ixit)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit(
    "5.3-10-1",
    "c",
    by_hand="Search all network interfaces for ways to install software: every TCP and UDP port, discovery, "
    "typical entry points (update pages, TFTP, espota, TR-069, radio update services), and queries "
    "that the device sends. One that 7-UpdMech lacks is a FAIL.",
)
def test_no_further_update_mechanism_is_reachable(etsi_judgement):
    etsi_judgement.required()
