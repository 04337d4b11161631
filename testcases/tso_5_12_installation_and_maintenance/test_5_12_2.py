"""TS 103 701 test group 5.12-2: users are guided to a secure set-up."""

from pytest_etsi import scopes, unit


@unit(
    "5.12-2-1",
    "a",
    by_hand="Get the guidance named under Documentation of Secure Setup, put the device into factory default, "
    "and install it by the guidance, step by step. A step without a finding of its own: conclude PASS "
    "when it is installed; note every step that could not be done.",
)
def test_device_is_installed_by_the_guidance(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.12-2-1",
    "b",
    scope=scopes.security_relevant_decision,
    by_hand="Mark in the guidance where it speaks of this decision. No passage on a decision that matters for "
    "security is a FAIL.",
)
def test_guidance_deals_with_the_decision(user_dec, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.12-2-1",
    "c",
    scope=scopes.security_relevant_decision,
    by_hand="Read in that passage which choice is recommended for a secure set-up. No recommendation, or one "
    "for a weak choice, is a FAIL.",
)
def test_guidance_recommends_a_secure_choice(user_dec, etsi_judgement):
    etsi_judgement.required()
