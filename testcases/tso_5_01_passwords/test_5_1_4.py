"""TS 103 701 test group 5.1-4: users can change authentication values in a simple way."""

from pytest_etsi import criteria, scopes, unit


@unit("5.1-4-1", "a", editions=("2.1.1",), scope=scopes.user_authentication)
def test_credential_can_be_changed_by_user_or_administrator(auth_mech, etsi_judgement):
    found = criteria.guidance.value_can_be_changed(auth_mech)
    etsi_judgement.required(found)


@unit("5.1-4-1", "a", scope=scopes.user_authentication)
@unit("5.1-4-1", "b", scope=scopes.user_authentication)
def test_published_guidance_tells_how_to_change_the_credential(
    auth_mech, etsi_dut, etsi_ixit, etsi_judgement
):
    criteria.guidance.change_is_possible(auth_mech).refute()
    found = criteria.guidance.is_named(etsi_ixit.user_info)
    published = etsi_ixit.user_info.facts.change_mechanisms
    if not found and published is not None and published.url:
        found = criteria.guidance.change_is_documented(auth_mech, etsi_dut.documents.fetch(published.url))
    etsi_judgement.required(found)


@unit("5.1-4-2", "a", scope=scopes.user_authentication, needs="change-credentials")
def test_credential_can_be_changed_as_documented(auth_mech, etsi_dut):
    seen = etsi_dut.credential_change(auth_mech)
    criteria.credentials.changed(auth_mech, seen).decide()


@unit("5.1-4-2", "b", scope=scopes.user_authentication, needs="change-credentials")
def test_change_of_the_credential_takes_effect(auth_mech, etsi_dut):
    seen = etsi_dut.credential_change(auth_mech)
    seen.require_change()
    found = criteria.credentials.in_effect(auth_mech, seen)
    found.refute()
    seen.require_shown()
    found.decide()
