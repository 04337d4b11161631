"""TS 103 701 test group 6-2: consent to the processing of personal data is obtained validly."""

from pytest_etsi import criteria, scopes, unit


@unit("6-2-1", "a", scope=scopes.processed_on_consent)
def test_consent_is_free_obvious_and_explicit(pers_data, etsi_ixit, etsi_judgement):
    found = criteria.personal_data.consent(pers_data, etsi_ixit.pers_data)
    etsi_judgement.required(found)


@unit(
    "6-2-2",
    "a",
    scope=scopes.processed_on_consent,
    by_hand="Set the device up with a new account and use it: compare the question for consent with Obtaining "
    "Consent, and see that nothing of these data is recorded or sent before the answer, nor after a "
    "refusal. Data before consent, a preset answer, or another way than described is a FAIL.",
)
def test_consent_is_obtained_as_described(pers_data, etsi_judgement):
    etsi_judgement.required()
