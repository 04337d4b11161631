"""TS 103 701 test group 5.1-3: user authentication uses best practice cryptography."""

from pytest_etsi import criteria, scopes, unit


@unit("5.1-3-1", "a", scope=scopes.user_authentication)
@unit("5.1-3-1", "a", editions=("2.1.1",))
def test_guarantees_suit_user_authentication(auth_mech, etsi_ixit, etsi_judgement):
    found = criteria.cryptography.guarantees(auth_mech, etsi_ixit).about("suitability")
    etsi_judgement.required(found)


@unit("5.1-3-1", "b", scope=scopes.user_authentication)
@unit("5.1-3-1", "b", editions=("2.1.1",))
def test_mechanism_can_deliver_its_guarantees(auth_mech, etsi_ixit, etsi_judgement):
    found = criteria.cryptography.guarantees(auth_mech, etsi_ixit).about("means")
    etsi_judgement.required(found)


@unit("5.1-3-1", "c", scope=scopes.user_authentication)
@unit("5.1-3-1", "c", editions=("2.1.1",))
def test_cryptography_is_best_practice(auth_mech, etsi_judgement):
    found = criteria.cryptography.documented(auth_mech).about("best-practice")
    etsi_judgement.required(found)


@unit("5.1-3-1", "d", scope=scopes.user_authentication)
@unit("5.1-3-1", "d", editions=("2.1.1",))
def test_no_practical_attack_on_the_cryptography_is_known(auth_mech, etsi_judgement):
    found = criteria.cryptography.documented(auth_mech).about("attack")
    etsi_judgement.required(found)


@unit("5.1-3-2", "a", scope=scopes.user_authentication)
def test_device_uses_the_documented_cryptography(auth_mech, etsi_dut):
    _uses_what_is_documented(auth_mech, etsi_dut)


@unit("5.1-3-2", "a", editions=("2.1.1",))
def test_device_uses_the_documented_cryptography_towards_machines_too(auth_mech, etsi_dut, etsi_judgement):
    outgoing = criteria.machines.as_client(auth_mech)
    if outgoing:
        outgoing.decide(etsi_judgement, cause="judgement")
        return
    _uses_what_is_documented(auth_mech, etsi_dut)


def _uses_what_is_documented(auth_mech, etsi_dut):
    search = etsi_dut.network.services()
    plain = criteria.logins.plain_variants(search, auth_mech)
    plain.refute()
    clear = criteria.logins.in_clear(search, auth_mech)
    if clear:
        plain.decide(
            settle="document what protects the login", examined=f"{clear}: nothing beyond what is documented"
        )
        return
    observed = etsi_dut.channel(auth_mech)
    found = criteria.cryptography.channel(auth_mech, observed)
    found.refute()
    plain.decide(settle="close the service without TLS, or document it in 1-AuthMech")
    found.decide(
        settle="state under facts.tls or facts.ssh what the mechanism is documented to accept",
        examined=f"{criteria.cryptography.describe(observed)}: nothing beyond what is documented",
    )
