"""TS 103 701 test group 5.1-5: brute force against authentication over the network is impracticable."""

from pytest_etsi import criteria, scopes, unit


@unit("5.1-5-1", "a", scope=scopes.network_authentication)
def test_declared_prevention_makes_guessing_impracticable(auth_mech, etsi_judgement):
    found = criteria.brute_force_prevention(auth_mech)
    assert not found.violations, found.violations
    etsi_judgement.required()


@unit("5.1-5-2", "a")
def test_no_further_authentication_is_reachable(etsi_dut, etsi_ixit, etsi_evidence, etsi_judgement):
    search = etsi_dut.network.services()
    found = criteria.undocumented_logins(search, etsi_ixit.auth_mech)
    assert not found.violations, found.violations
    found.besides("recognition").decide(settle="let the search reach and examine every service of the device")
    found.about("recognition").decide(
        etsi_judgement, settle="list it in 1-AuthMech, or let a person examine what it is"
    )
    etsi_evidence.summary(f"{search}: no authentication that 1-AuthMech lacks")


@unit("5.1-5-2", "b", scope=scopes.network_authentication, needs="brute-force")
def test_prevention_holds_against_guessing(auth_mech, etsi_dut, etsi_evidence, etsi_judgement):
    declared = auth_mech.facts.brute_force
    if declared is not None and declared.entropy_only:
        # Nothing on the wire shows the size of a secret: whether the paper check holds for the device is for a person.
        attempt = etsi_dut.wrong_password(auth_mech)
        assert attempt is None or not attempt.accepted, f"a wrong password is accepted: {attempt}"
        etsi_judgement.required()
        return
    log = etsi_dut.guess(auth_mech)
    etsi_evidence.add("guessing-measured", criteria.guessing_figures(auth_mech, log))
    found = criteria.guessing(auth_mech, log)
    assert not found.violations, found.violations
    found.decide(
        settle="state what is missing under facts.brute_force, or let what was not observed be observed"
    )
    etsi_evidence.summary(log.summary)
