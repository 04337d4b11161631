"""TS 103 701 test group 5.1-1: passwords are unique per device or set by the user."""

from pytest_etsi import criteria, scopes, unit


@unit("5.1-1-1", "a", scope=scopes.password_not_user_chosen_outside_factory_default)
def test_generation_gives_every_device_its_own_password(auth_mech, etsi_judgement):
    found = criteria.password_generation(auth_mech).about("uniqueness", "description")
    assert not found.violations, found.violations
    etsi_judgement.required()


@unit("5.1-1-2", "a")
def test_no_further_password_login_is_reachable_or_in_the_manual(
    etsi_dut, etsi_ixit, etsi_evidence, etsi_judgement
):
    search = etsi_dut.network.services()
    found = criteria.undocumented_logins(search, etsi_ixit.auth_mech, passwords_only=True)
    assert not found.violations, found.violations
    found.besides("recognition").decide(settle="let the search reach and examine every service of the device")
    found.about("recognition").decide(
        etsi_judgement, settle="list it in 1-AuthMech, or let a person examine what it is"
    )
    manuals = etsi_dut.documents.for_users()
    passages = criteria.manual_mentions("\n".join(manual.text for manual in manuals), etsi_ixit.auth_mech)
    if passages:
        etsi_judgement.required(passages)
    etsi_evidence.summary(f"{search}; {len(manuals)} document(s) for users: no login that 1-AuthMech lacks")


@unit(
    "5.1-1-2",
    "b",
    scope=scopes.user_chosen_password,
    needs="erase",
    state="factory-default",
)
def test_device_cannot_be_used_before_the_user_sets_the_password(auth_mech, etsi_dut, etsi_evidence):
    first = etsi_dut.first_start(auth_mech)
    assert not first.ways_in, "; ".join(first.ways_in)
    first.require_shown()
    etsi_evidence.summary(first.searched)


@unit("5.1-1-2", "c", scope=scopes.password_not_user_chosen_outside_factory_default)
def test_real_passwords_fit_their_documented_generation(
    auth_mech, etsi_dut, etsi_profile, etsi_evidence, etsi_judgement
):
    found = criteria.real_passwords(auth_mech, etsi_profile, etsi_dut.live_password(auth_mech))
    assert not found.violations, found.violations
    if found.unknowns:
        etsi_judgement.required(found.unknowns)
    etsi_evidence.summary("the live password and those of the factory: nothing suggests another generation")
