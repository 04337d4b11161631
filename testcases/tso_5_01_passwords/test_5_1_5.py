"""TS 103 701 test group 5.1-5: brute force against authentication over the network is impracticable."""

from pytest_etsi import criteria, scopes, unit


@unit("5.1-5-1", "a", scope=scopes.network_authentication)
def test_declared_prevention_makes_guessing_impracticable(auth_mech, etsi_judgement):
    found = criteria.brute_force.prevention(auth_mech)
    etsi_judgement.required(found)


@unit("5.1-5-2", "a")
def test_no_further_authentication_is_reachable(etsi_dut, etsi_ixit, etsi_judgement):
    search = etsi_dut.network.services()
    found = criteria.logins.undocumented(
        search, etsi_ixit.auth_mech, services=(*etsi_ixit.com_mech, *etsi_ixit.soft_serv)
    )
    found.refute()
    criteria.logins.unasked(etsi_dut.unasked_logins()).decide(
        cause="bench", settle="let the device answer when it is asked"
    )
    found.besides("recognition").decide(settle="let the search reach and examine every service of the device")
    found.about("recognition").decide(
        etsi_judgement,
        settle="list it in 1-AuthMech, or let a person examine what it is",
        examined=f"{search}: no authentication that 1-AuthMech lacks",
    )


@unit("5.1-5-2", "b", scope=scopes.network_authentication, needs="brute-force")
def test_prevention_holds_against_guessing(auth_mech, etsi_dut, etsi_evidence, etsi_judgement):
    declared = auth_mech.facts.brute_force
    if declared is not None and declared.entropy_only:
        # Nothing on the wire shows the size of a secret: whether the paper check holds for the device is for a person.
        etsi_judgement.required(
            criteria.brute_force.wrong_password(auth_mech, etsi_dut.wrong_password(auth_mech))
        )
        return
    log = etsi_dut.guess(auth_mech)
    etsi_evidence.add("guessing-measured", criteria.brute_force.figures(auth_mech, log))
    criteria.brute_force.guessing(auth_mech, log).decide(
        settle="state what is missing under facts.brute_force, or let what was not observed be observed"
    )
