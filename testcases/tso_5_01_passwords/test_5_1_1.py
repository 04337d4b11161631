"""TS 103 701 test group 5.1-1: passwords are unique per device or set by the user."""

from pytest_etsi import criteria, scopes, unit


@unit("5.1-1-1", "a", scope=scopes.password_not_user_chosen_outside_factory_default)
@unit("5.1-1-1", "a", editions=("2.1.1",), scope=scopes.password_not_chosen_by_the_user)
def test_generation_gives_every_device_its_own_password(auth_mech, etsi_judgement):
    found = criteria.passwords.generation(auth_mech).about("uniqueness", "description")
    etsi_judgement.required(found)


@unit("5.1-1-2", "a", editions=("1.1.1", "2.1.1"))
def test_no_further_password_login_is_reachable_or_in_the_manual(etsi_dut, etsi_ixit, etsi_judgement):
    search = etsi_dut.network.services()
    found = criteria.logins.undocumented(
        search,
        etsi_ixit.auth_mech,
        passwords_only=True,
        services=(*etsi_ixit.com_mech, *etsi_ixit.soft_serv),
    )
    found.refute()
    criteria.logins.unasked(etsi_dut.unasked_logins()).decide(
        cause="bench", settle="let the device answer when it is asked"
    )
    found.besides("recognition").decide(settle="let the search reach and examine every service of the device")
    found.about("recognition").decide(
        etsi_judgement, settle="list it in 1-AuthMech, or let a person examine what it is"
    )
    manuals = etsi_dut.documents.for_users()
    passages = criteria.logins.manual_mentions(
        "\n".join(manual.text for manual in manuals), etsi_ixit.auth_mech
    )
    if passages:
        etsi_judgement.required(passages)
    else:
        passages.decide(
            examined=f"{search}; {len(manuals)} document(s) for users: no login that 1-AuthMech lacks"
        )


@unit(
    "5.1-1-2",
    "b",
    scope=scopes.user_chosen_password,
    needs="erase",
    state="factory-default",
)
@unit(
    "5.1-1-2",
    "b",
    editions=("2.1.1",),
    scope=scopes.password_chosen_by_the_user,
    needs="erase",
    state="factory-default",
)
def test_device_cannot_be_used_before_the_user_sets_the_password(auth_mech, etsi_dut):
    first = etsi_dut.first_start(auth_mech)
    found = criteria.passwords.before_one_is_set(auth_mech, first)
    found.refute()
    first.require_shown()
    found.decide()


@unit(
    "5.1-1-2",
    "c",
    editions=("1.1.1",),
    scope=scopes.password_not_user_chosen_outside_factory_default,
)
@unit("5.1-1-2", "c", editions=("2.1.1",), scope=scopes.password_not_chosen_by_the_user)
def test_real_passwords_fit_their_documented_generation(auth_mech, etsi_dut, etsi_profile, etsi_judgement):
    found = criteria.passwords.real(auth_mech, etsi_profile, etsi_dut.live_password(auth_mech))
    if found.unknowns:
        etsi_judgement.required(found)
    else:
        found.decide()
