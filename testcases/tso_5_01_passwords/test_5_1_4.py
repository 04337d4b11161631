"""TS 103 701 test group 5.1-4: users can change authentication values in a simple way."""

from pytest_etsi import criteria, inconclusive, scopes, unit


@unit("5.1-4-1", "a", scope=scopes.user_authentication)
@unit("5.1-4-1", "b", scope=scopes.user_authentication)
def test_published_guidance_tells_how_to_change_the_credential(
    auth_mech, etsi_dut, etsi_ixit, etsi_judgement
):
    found = criteria.change_is_possible(auth_mech)
    assert not found.violations, found.violations
    guidance = etsi_ixit.user_info["Documentation of Change Mechanisms"].strip()
    assert guidance, f"{etsi_ixit.user_info.source()}: no documentation of change mechanisms is named"
    published = etsi_ixit.user_info.facts.change_mechanisms
    if published is not None and published.url:
        found = criteria.change_is_documented(auth_mech, etsi_dut.documents.fetch(published.url))
        assert not found.violations, found.violations
    etsi_judgement.required()


@unit("5.1-4-2", "a", scope=scopes.user_authentication, needs="change-credentials")
def test_credential_can_be_changed_as_documented(auth_mech, etsi_dut, etsi_evidence):
    seen = etsi_dut.credential_change(auth_mech)
    change = seen.change
    if change.outcome == "no-answer":
        inconclusive(
            f"the request for the change was not answered: {change.status}",
            cause="bench",
            settle="find out whether the device crashed or lost its link",
        )
    assert change.accepted, f"the device did not make the change: {change}"
    assert not seen.without_effect, f"the device reports a change, but made none: {seen.effect}"
    etsi_evidence.summary(seen.made)


@unit("5.1-4-2", "b", scope=scopes.user_authentication, needs="change-credentials")
def test_change_of_the_credential_takes_effect(auth_mech, etsi_dut, etsi_evidence):
    seen = etsi_dut.credential_change(auth_mech)
    seen.require_change()
    assert not seen.violations, "; ".join(seen.violations)
    seen.require_shown()
    etsi_evidence.summary(seen.effect)
