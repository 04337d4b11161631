"""TS 103 701 test group 5.11-4: users receive a clear confirmation that their data were deleted."""

from pytest_etsi import unit


@unit(
    "5.11-4-1",
    "a",
    by_hand="Carry the function out by the user instructions and keep what the user gets to see: pages, "
    "messages, mails, lights (photo or film). A step without a finding of its own: conclude PASS when "
    "the function has ended.",
)
def test_function_is_carried_out_by_its_instructions(del_func, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.11-4-1",
    "b",
    by_hand="Look at what was kept: it has to say positively that the data are gone, on the way named under "
    "Confirmation. No sign, the same sign after a failure, or one that a layperson cannot read is a "
    "FAIL.",
)
def test_user_is_told_that_the_data_are_deleted(del_func, etsi_judgement):
    etsi_judgement.required()
