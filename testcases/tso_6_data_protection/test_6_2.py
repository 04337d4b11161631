"""TS 103 701 test group 6-2: consent to the processing of personal data is obtained validly."""

from pytest_etsi import criteria, scopes, unit


@unit("6-2-1", "a", scope=scopes.processed_on_consent)
def test_consent_is_free_obvious_and_explicit(pers_data, etsi_ixit, etsi_judgement):
    found = criteria.personal_data.consent(pers_data, etsi_ixit.pers_data)
    etsi_judgement.required(found)


@unit("6-2-2", "a", scope=scopes.processed_on_consent, needs="erase", state="factory-default", partly=True)
def test_consent_is_obtained_as_described(pers_data, etsi_dut, etsi_judgement):
    seen = etsi_dut.consent(pers_data)
    found = criteria.consents.obtained(pers_data, seen)
    found.decide(
        etsi_judgement,
        settle="say under access.consent of the entry how consent is given and what is recorded is seen, or set the "
        "device up with a new account by hand, compare the question with Obtaining Consent, and see what is sent "
        "without an answer and after a refusal",
        examined=criteria.consents.examined(seen),
    )
