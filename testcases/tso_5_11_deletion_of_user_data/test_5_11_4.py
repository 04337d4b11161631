"""TS 103 701 test group 5.11-4: users receive a clear confirmation that their data were deleted."""

from pytest_etsi import criteria, unit


@unit("5.11-4-1", "a", editions=("2.1.1",), needs="erase", state="erased", partly=True)
def test_everyday_personal_data_are_on_the_services(etsi_dut, etsi_ixit, etsi_judgement):
    seen = [
        (one, etsi_dut.erasing(one, "service")) for one in criteria.deletion.aimed_at(etsi_ixit, "service")
    ]
    found = criteria.together(
        criteria.erasing.nowhere(etsi_ixit, seen),
        *(criteria.erasing.created(entry, one) for entry, one in seen),
    )
    found.decide(
        etsi_judgement,
        settle="say under access of 25-DelFunc how recognisable data come to the service, and on which ways they show, "
        "or use the device by hand, with an account made for the test, and see that the service has the data",
        examined="; ".join(criteria.erasing.examined(one) for _, one in seen),
    )


@unit("5.11-4-1", "a", needs="erase", state="erased", partly=True)
@unit("5.11-4-1", "b", editions=("2.1.1",), needs="erase", state="erased", partly=True)
def test_function_is_carried_out_by_its_instructions(del_func, etsi_dut, etsi_ixit, etsi_judgement):
    seen = [etsi_dut.erasing(del_func, target) for target in criteria.deletion.targets_of(del_func)]
    found = criteria.together(
        criteria.erasing.nowhere(etsi_ixit, seen),
        *(criteria.erasing.carried_out(del_func, one) for one in seen),
    )
    found.decide(
        etsi_judgement,
        settle="say under access of 25-DelFunc how the function is started, or carry it out by hand and keep what the "
        "user gets to see: pages, messages, mails, lights (photo or film)",
        examined="; ".join(criteria.erasing.examined(one) for one in seen),
    )


_RESERVED = (
    "whether the confirmation is clear to a layperson is seen by a person; a program sees that it comes, and does not "
    "come after a failure"
)
_BY_HAND = (
    "Look at what was kept: it has to say positively that the data are gone, on the way named under Confirmation. No "
    "sign, the same sign after a failure, or one that a layperson cannot read is a FAIL."
)


@unit("5.11-4-1", "b", needs="erase", state="erased", partly=True, reserved=_RESERVED, by_hand=_BY_HAND)
@unit(
    "5.11-4-1",
    "c",
    needs="erase",
    state="erased",
    partly=True,
    reserved=_RESERVED,
    by_hand=_BY_HAND,
)
def test_user_is_told_that_the_data_are_deleted(del_func, etsi_dut, etsi_ixit, etsi_judgement):
    seen = [etsi_dut.erasing(del_func, target) for target in criteria.deletion.targets_of(del_func)]
    found = criteria.together(
        criteria.erasing.nowhere(etsi_ixit, seen), *(criteria.erasing.tells(del_func, one) for one in seen)
    )
    etsi_judgement.required(found)
