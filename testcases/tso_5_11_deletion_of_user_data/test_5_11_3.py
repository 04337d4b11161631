"""TS 103 701 test group 5.11-3: users get clear instructions for deleting their personal data."""

from pytest_etsi import unit


@unit(
    "5.11-3-1",
    "a",
    by_hand="Produce personal data by everyday use, on the device and on its services, with values that can "
    "be recognised later. A step without a finding of its own: conclude PASS when the values can be "
    "read back.",
)
def test_everyday_personal_data_are_produced(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.11-3-1",
    "b",
    by_hand="Get the instructions named under Documentation of Deletion and mark the passage on this "
    "function: its name, how it is started, what it deletes. A function without such a passage is a "
    "FAIL.",
)
def test_instructions_deal_with_the_function(del_func, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.11-3-1",
    "c",
    by_hand="Follow the passage to the letter, do nothing else, and look for the data afterwards. Data that "
    "survive, a step that cannot be done as written, or a text that loses its reader in length is a "
    "FAIL.",
)
def test_instructions_are_short_and_leave_out_no_step(del_func, etsi_judgement):
    etsi_judgement.required()
