"""TS 103 701 test group 5.1-2: pre-installed passwords withstand automated attacks."""

from pytest_etsi import criteria, scopes, unit


@unit("5.1-2-1", "a", editions=("1.1.1", "2.1.1"), scope=scopes.pre_installed_password)
def test_generation_leaves_no_regularity(auth_mech, etsi_judgement):
    found = criteria.passwords.generation(auth_mech).about("regularity")
    etsi_judgement.required(found)


@unit("5.1-2-1", "b", editions=("1.1.1", "2.1.1"), scope=scopes.pre_installed_password)
def test_generation_yields_no_common_patterns(auth_mech, etsi_judgement):
    found = criteria.passwords.generation(auth_mech).about("patterns")
    etsi_judgement.required(found)


@unit("5.1-2-1", "c", editions=("1.1.1", "2.1.1"), scope=scopes.pre_installed_password)
def test_generation_does_not_rest_on_public_data(auth_mech, etsi_judgement):
    found = criteria.passwords.generation(auth_mech).about("relation")
    etsi_judgement.required(found)


@unit("5.1-2-1", "d", editions=("1.1.1", "2.1.1"), scope=scopes.pre_installed_password)
def test_generation_gives_enough_complexity(auth_mech, etsi_judgement):
    found = criteria.passwords.generation(auth_mech).about("complexity")
    etsi_judgement.required(found)


@unit("5.1-2-2", "a", editions=("1.1.1", "2.1.1"), scope=scopes.pre_installed_password)
def test_real_pre_installed_passwords_look_as_documented(auth_mech, etsi_dut, etsi_profile, etsi_judgement):
    found = criteria.passwords.real(auth_mech, etsi_profile, etsi_dut.live_password(auth_mech))
    if found.unknowns:
        etsi_judgement.required(found)
    else:
        found.decide()
