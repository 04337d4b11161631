"""TS 103 701 test group 5.12-3: users are guided to check whether the device is set up securely."""

from pytest_etsi import unit


@unit(
    "5.12-3-1",
    "a",
    by_hand="Set the device up once as well as it can be, and once with a weak choice on purpose. A step "
    "without a finding of its own: conclude PASS when both configurations can be had.",
)
def test_device_is_in_a_sample_configuration(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.12-3-1",
    "b",
    by_hand="Get the guidance named under Documentation of Setup Check and follow it: every step has to be "
    "there, with what to expect. A step that is missing or cannot be done is a FAIL.",
)
def test_guidance_contains_every_step_of_the_check(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.12-3-1",
    "c",
    by_hand="Apply the check to both configurations: it has to find the weak choice and to be content with "
    "the good one. The same outcome for both, or none, is a FAIL.",
)
def test_check_gives_a_reasonable_outcome(etsi_judgement):
    etsi_judgement.required()
