"""TS 103 701 test group 5.11-3: users get clear instructions for deleting their personal data."""

from pytest_etsi import criteria, unit


@unit("5.11-3-1", "a", needs="erase", state="erased", partly=True)
def test_everyday_personal_data_are_produced(etsi_dut, etsi_ixit, etsi_judgement):
    seen = [
        (entry, etsi_dut.erasing(entry, target))
        for entry in etsi_ixit.del_func
        for target in criteria.deletion.targets_of(entry)
    ]
    found = criteria.together(
        criteria.erasing.nowhere(etsi_ixit, seen),
        *(criteria.erasing.created(entry, one) for entry, one in seen),
    )
    found.decide(
        etsi_judgement,
        settle="say under access of 25-DelFunc how recognisable data are put on the device and its services, or "
        "produce some by hand and read them back",
        examined="; ".join(criteria.erasing.examined(one) for _, one in seen),
    )


@unit("5.11-3-1", "b")
def test_instructions_deal_with_the_function(del_func, etsi_profile, etsi_dut, etsi_ixit, etsi_judgement):
    seen = etsi_dut.documents.about("Documentation of Deletion")
    criteria.reached.open_to_all(etsi_ixit.user_info, "Documentation of Deletion", seen).refute()
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    found = criteria.user_guidance.deletion(del_func, etsi_ixit, criteria.reached.text(seen), product)
    found.decide(
        etsi_judgement,
        cause="judgement",
        settle="mark the passage on this function in the instructions: its name, how it is started, what it deletes",
    )


@unit(
    "5.11-3-1",
    "c",
    needs="erase",
    state="erased",
    partly=True,
    reserved="whether the text is short, and names each step, is seen by who reads it; a program follows the steps and "
    "looks for what they leave",
    by_hand="Follow the passage to the letter, do nothing else, and look for the data afterwards. Data that "
    "survive, a step that cannot be done as written, or a text that loses its reader in length is a "
    "FAIL.",
)
def test_instructions_are_short_and_leave_out_no_step(del_func, etsi_dut, etsi_ixit, etsi_judgement):
    seen = [etsi_dut.erasing(del_func, target) for target in criteria.deletion.targets_of(del_func)]
    found = criteria.together(
        criteria.erasing.nowhere(etsi_ixit, seen), *(criteria.erasing.followed(del_func, one) for one in seen)
    )
    etsi_judgement.required(found)
