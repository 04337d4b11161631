"""TS 103 701 test group 5.1-2A (edition 2.1.1): machines do not authenticate with passwords."""

from pytest_etsi import criteria, scopes, unit


@unit("5.1-2A-1", "a", scope=scopes.machine_authentication)
def test_mechanism_between_machines_does_without_a_password(auth_mech, etsi_judgement):
    found = criteria.machines.without_password(auth_mech)
    etsi_judgement.required(found)


@unit("5.1-2A-2", "a")
def test_no_further_login_of_machines_by_password_is_found(etsi_dut, etsi_ixit, etsi_judgement):
    search = etsi_dut.network.services()
    found = criteria.logins.undocumented(
        search,
        etsi_ixit.auth_mech,
        passwords_only=True,
        between_machines=True,
        services=(*etsi_ixit.com_mech, *etsi_ixit.soft_serv),
    )
    manuals = etsi_dut.documents.for_users()
    passages = criteria.logins.manual_mentions(
        "\n".join(manual.text for manual in manuals), etsi_ixit.auth_mech
    )
    criteria.together(found, passages).decide(
        etsi_judgement,
        settle="list the login in 1-AuthMech, or let a person examine whether machines use it",
        examined=f"{search}; {len(manuals)} document(s) for users: no login of machines that 1-AuthMech lacks",
    )


@unit(
    "5.1-2A-2",
    "b",
    scope=scopes.machine_authentication,
    reserved="that one password is refused, or none is asked for, shows nothing of other methods, and what the device "
    "accepts as a client shows at its peer only",
    by_hand="Offer the methods with a password that the protocol has (user name and password in MQTT, HTTP Basic, SSH, "
    "EAP-PEAP), with valid values where there are some; for logins of the device at a service, against a peer "
    "of the laboratory or in a capture. A password that is accepted or sent is a FAIL.",
)
def test_mechanism_between_machines_accepts_no_password(auth_mech, etsi_dut, etsi_judgement):
    if criteria.machines.logs_in_by_password(auth_mech):
        etsi_dut.live_password(auth_mech)
        criteria.machines.password_accepted(auth_mech).refute()
    found = criteria.machines.offered(etsi_dut.network.services(), auth_mech)
    etsi_judgement.required(found)
