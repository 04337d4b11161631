"""TS 103 701 test group 5.5-4: functions that the network reaches need authentication once initialized."""

from pytest_etsi import criteria, scopes, unit


@unit("5.5-4-1", "a", scope=scopes.network_function, expects_entries=True)
def test_function_refers_to_an_authentication_mechanism(soft_serv, etsi_judgement):
    found = criteria.services.authenticated(soft_serv)
    found.decide(etsi_judgement, settle="name the authentication mechanism")


@unit("5.5-4-1", "b", scope=scopes.mechanism_of_a_service)
def test_mechanism_tells_subjects_apart(auth_mech, etsi_judgement):
    found = criteria.services.tells_apart(auth_mech)
    etsi_judgement.required(found)


@unit("5.5-4-1", "c", scope=scopes.mechanism_of_a_service)
def test_means_protect_the_authentication(auth_mech, etsi_judgement):
    found = criteria.services.protects(auth_mech)
    etsi_judgement.required(found)


@unit("5.5-4-1", "d", scope=scopes.mechanism_of_a_service)
def test_authorisation_lets_in_whom_it_should(auth_mech, etsi_judgement):
    found = criteria.services.authorises(auth_mech)
    etsi_judgement.required(found)


@unit("5.5-4-2", "a", scope=scopes.network_function)
def test_function_keeps_out_whom_it_should(soft_serv, etsi_dut, etsi_judgement):
    observed = etsi_dut.access(soft_serv)
    found = criteria.access.kept_out(soft_serv, observed)
    found.decide(
        etsi_judgement,
        cause="access",
        settle="give the requests of the function, or record what was seen by hand",
        examined=f"{criteria.access.told(observed)}: kept out",
    )


@unit("5.5-4-2", "b", scope=scopes.network_function)
def test_function_lets_in_whom_it_should(soft_serv, etsi_dut, etsi_judgement):
    observed = etsi_dut.access(soft_serv)
    found = criteria.access.let_in(soft_serv, observed)
    found.decide(
        etsi_judgement,
        cause="access",
        settle="give the requests of the function, or record what was seen by hand",
        examined=f"{criteria.access.told(observed)}: let in with the right",
    )


@unit("5.5-4-2", "c", scope=scopes.mechanism_of_a_service)
def test_authentication_is_protected_as_documented(auth_mech, etsi_dut, etsi_judgement):
    search = etsi_dut.network.services()
    plain = criteria.logins.plain_variants(search, auth_mech)
    plain.refute()
    clear = criteria.logins.in_clear(search, auth_mech)
    if clear:
        plain.decide(
            settle="document what protects the login", examined=f"{clear}: nothing beyond what is documented"
        )
        return
    own = auth_mech.access.driver is not None
    accepted = etsi_dut.channel(auth_mech) if own else None
    carriers = () if own else etsi_dut.carriers(auth_mech)
    found = criteria.access.authentication_in_use(auth_mech, accepted, carriers)
    found.refute()
    plain.decide(settle="close the service without TLS, or document it in 1-AuthMech")
    found.decide(
        etsi_judgement,
        cause="access",
        settle="state facts and access of the mechanism, or record what was seen",
        examined=criteria.access.carried_by(accepted, carriers),
    )
