"""TS 103 701 test group 6-3B: information about consent is stored."""

from pytest_etsi import criteria, scopes, unit


@unit("6-3B-1", "a", scope=scopes.processed_on_consent)
def test_information_about_the_consent_is_stored(pers_data, etsi_judgement):
    found = criteria.privacy.consent_is_stored(pers_data)
    etsi_judgement.required(found)


@unit("6-3B-2", "a", scope=scopes.processed_on_consent, needs="erase", state="factory-default", partly=True)
def test_consent_is_stored_as_described(pers_data, etsi_dut, etsi_judgement):
    seen = etsi_dut.consent(pers_data)
    found = criteria.consents.stored(pers_data, seen)
    found.decide(
        etsi_judgement,
        settle="say under access.consent of the entry by what the record is read (stored) and what it has to show "
        "(stored_shows), or give consent by hand and look at what is stored of it, and where",
        examined=criteria.consents.examined(seen),
    )
