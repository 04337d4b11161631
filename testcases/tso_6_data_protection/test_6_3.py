"""TS 103 701 test group 6-3: consent can be withdrawn at any time."""

from pytest_etsi import criteria, scopes, unit


@unit("6-3-1", "a", scope=scopes.processed_on_consent)
def test_consent_can_be_withdrawn_whenever_wished(pers_data, etsi_judgement):
    found = criteria.personal_data.withdrawal(pers_data)
    etsi_judgement.required(found)


@unit("6-3-2", "a", scope=scopes.processed_on_consent, needs="erase", state="factory-default", partly=True)
def test_withdrawal_works_as_described(pers_data, etsi_dut, etsi_judgement):
    seen = etsi_dut.consent(pers_data)
    found = criteria.consents.withdrawn(pers_data, seen)
    found.decide(
        etsi_judgement,
        settle="say under access.consent of the entry how consent is withdrawn, or give and withdraw it by hand, use "
        "the device after each, also after a restart, and see what is recorded",
        examined=criteria.consents.examined(seen),
    )
