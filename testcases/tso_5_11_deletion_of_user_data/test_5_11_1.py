"""TS 103 701 test group 5.11-1: users can easily erase their data from the device."""

from pytest_etsi import criteria, scopes, unit


@unit("5.11-1-1", "a")
def test_layperson_can_erase_the_data_on_the_device(etsi_ixit, etsi_judgement):
    found = criteria.deletion.simple_function(etsi_ixit, "device")
    etsi_judgement.required(found)


@unit("5.11-1-1", "b", scope=scopes.deletes_on_the_device)
def test_function_is_able_to_erase_its_target(del_func, etsi_judgement):
    found = criteria.deletion.erases(del_func)
    etsi_judgement.required(found)


@unit("5.11-1-1", "c")
def test_data_settings_and_secrets_of_the_user_are_reached(etsi_ixit, etsi_judgement):
    found = criteria.deletion.coverage(etsi_ixit)
    etsi_judgement.required(found)


@unit(
    "5.11-1-2",
    "a",
    by_hand="Use the device as its user would and leave traces that can be recognised later: personal data, "
    "changed settings, passwords and keys other than the defaults. Note each value. A step without a "
    "finding of its own: conclude PASS when the values are there.",
)
def test_everyday_user_data_are_on_the_device(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.11-1-2",
    "b",
    scope=scopes.deletes_on_the_device,
    by_hand="Carry the function out exactly as Initiation and Interaction says, and note every step, prompt "
    "and time. A function that does not start, asks for more than described, or starts otherwise, is "
    "a FAIL.",
)
def test_function_is_started_and_operated_as_described(del_func, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.11-1-2",
    "c",
    scope=scopes.deletes_on_the_device,
    by_hand="After the function has ended, look for the values noted before: in the settings, over every "
    "interface, with the old passwords, and on the storage as far as it can be read. One that is "
    "still there is a FAIL.",
)
def test_nothing_of_the_target_data_survives(del_func, etsi_judgement):
    etsi_judgement.required()
