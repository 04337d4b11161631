"""TS 103 701 test group 6-3: consent can be withdrawn at any time."""

from pytest_etsi import criteria, scopes, unit


@unit("6-3-1", "a", scope=scopes.processed_on_consent)
def test_consent_can_be_withdrawn_whenever_wished(pers_data, etsi_judgement):
    found = criteria.personal_data.withdrawal(pers_data)
    etsi_judgement.required(found)


@unit(
    "6-3-2",
    "a",
    scope=scopes.processed_on_consent,
    by_hand="Give consent, use the device, withdraw the consent as described, and use it again, also after a "
    "restart. A withdrawal that is refused, an answer that comes back by itself, or data recorded or "
    "sent afterwards is a FAIL.",
)
def test_withdrawal_works_as_described(pers_data, etsi_judgement):
    etsi_judgement.required()
