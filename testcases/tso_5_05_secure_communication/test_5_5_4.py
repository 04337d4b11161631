"""TS 103 701 test group 5.5-4: functions that the network reaches need authentication once initialized."""

from pytest_etsi import criteria, scopes, unit


@unit("5.5-4-1", "a", scope=scopes.network_function, expects_entries=True)
def test_function_refers_to_an_authentication_mechanism(soft_serv, etsi_judgement):
    found = criteria.services.authenticated(soft_serv)
    assert not found.violations, found.violations
    found.decide(etsi_judgement, settle="name the authentication mechanism")


@unit("5.5-4-1", "b", scope=scopes.mechanism_of_a_service)
def test_mechanism_tells_subjects_apart(auth_mech, etsi_judgement):
    found = criteria.services.tells_apart(auth_mech)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit("5.5-4-1", "c", scope=scopes.mechanism_of_a_service)
def test_means_protect_the_authentication(auth_mech, etsi_judgement):
    found = criteria.services.protects(auth_mech)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit("5.5-4-1", "d", scope=scopes.mechanism_of_a_service)
def test_authorisation_lets_in_whom_it_should(auth_mech, etsi_judgement):
    found = criteria.services.authorises(auth_mech)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit(
    "5.5-4-2",
    "a",
    scope=scopes.network_function,
    by_hand="With the device initialized, try the function without authentication, with a wrong identity or "
    "credential, and authenticated without the right to it. Access or content given to any of them is "
    "a FAIL.",
)
def test_function_keeps_out_whom_it_should(soft_serv, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.5-4-2",
    "b",
    scope=scopes.network_function,
    by_hand="With the device initialized, try the function as an authenticated subject that holds the right. "
    "A refusal is a FAIL.",
)
def test_function_lets_in_whom_it_should(soft_serv, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.5-4-2",
    "c",
    scope=scopes.mechanism_of_a_service,
    by_hand="Log in by this mechanism while recording: compare protocol, suite and certificate with the "
    "documents, and look for secrets or reusable tokens in clear. A deviation or a readable secret is "
    "a FAIL.",
)
def test_authentication_is_protected_as_documented(auth_mech, etsi_judgement):
    etsi_judgement.required()
