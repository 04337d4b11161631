"""TS 103 701 test group 5.12-2: users are guided to a secure set-up."""

from pytest_etsi import criteria, scopes, unit


@unit("5.12-2-1", "a", needs="erase", state="factory-default", partly=True)
def test_device_is_installed_by_the_guidance(etsi_dut, etsi_ixit, etsi_judgement):
    seen = etsi_dut.decisions()
    found = criteria.set_up.installed(etsi_ixit.user_info, seen)
    found.decide(
        etsi_judgement,
        settle="give the operations factory-reset and initialize, the latter with the steps of the guidance, or "
        "install the device by hand as it says",
        examined="the device was reset, and set up again by the operation initialize",
    )


@unit("5.12-2-1", "b", scope=scopes.security_relevant_decision)
def test_guidance_deals_with_the_decision(user_dec, etsi_profile, etsi_dut, etsi_ixit, etsi_judgement):
    seen = etsi_dut.documents.about("Documentation of Secure Setup")
    criteria.reached.open_to_all(etsi_ixit.user_info, "Documentation of Secure Setup", seen).refute()
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    found = criteria.decision_guidance.decision(user_dec, etsi_ixit, criteria.reached.text(seen), product)
    found.decide(
        etsi_judgement, cause="judgement", settle="mark in the guidance where it speaks of this decision"
    )


@unit(
    "5.12-2-1",
    "c",
    scope=scopes.security_relevant_decision,
    reserved="whether the advice is sound and complete is judged by a person; a program looks for it, and for advice "
    "of outdated choices",
    by_hand="Read in that passage which choice is recommended for a secure set-up. No recommendation, or one "
    "for a weak choice, is a FAIL.",
)
def test_guidance_recommends_a_secure_choice(user_dec, etsi_dut, etsi_ixit, etsi_profile, etsi_judgement):
    seen = etsi_dut.documents.about("Documentation of Secure Setup")
    criteria.reached.open_to_all(etsi_ixit.user_info, "Documentation of Secure Setup", seen).refute()
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    found = criteria.decision_guidance.advice(user_dec, etsi_ixit, criteria.reached.text(seen), product)
    etsi_judgement.required(found)
