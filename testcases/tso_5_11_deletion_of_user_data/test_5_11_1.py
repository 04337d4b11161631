"""TS 103 701 test group 5.11-1: users can easily erase their data from the device."""

from pytest_etsi import criteria, scopes, unit


@unit("5.11-1-1", "a")
def test_layperson_can_erase_the_data_on_the_device(etsi_ixit, etsi_judgement):
    found = criteria.deletion.simple_function(etsi_ixit, "device")
    etsi_judgement.required(found)


@unit("5.11-1-1", "a", editions=("2.1.1",))
def test_layperson_can_erase_all_that_is_the_users(etsi_ixit, etsi_judgement):
    found = criteria.deletion.simple_function_for_all(etsi_ixit)
    etsi_judgement.required(found)


@unit("5.11-1-1", "b", scope=scopes.deletes_on_the_device)
def test_function_is_able_to_erase_its_target(del_func, etsi_judgement):
    found = criteria.deletion.erases(del_func)
    etsi_judgement.required(found)


@unit("5.11-1-1", "c")
@unit("5.11-1-1", "c", editions=("2.1.1",))
def test_data_settings_and_secrets_of_the_user_are_reached(etsi_ixit, etsi_judgement):
    found = criteria.deletion.coverage(etsi_ixit)
    etsi_judgement.required(found)


_BY_PROGRAM = (
    "say under access of 25-DelFunc how recognisable data are put there, and on which ways they show, or try it by "
    "hand"
)


@unit("5.11-1-2", "a", needs="erase", state="erased", partly=True)
def test_everyday_user_data_are_on_the_device(etsi_dut, etsi_ixit, etsi_judgement):
    seen = [(one, etsi_dut.erasing(one, "device")) for one in criteria.deletion.aimed_at(etsi_ixit, "device")]
    found = criteria.together(
        criteria.erasing.nowhere(etsi_ixit, seen),
        *(criteria.erasing.created(entry, one) for entry, one in seen),
    )
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}: personal data, changed settings, passwords and keys other than the defaults",
        examined="; ".join(criteria.erasing.examined(one) for _, one in seen),
    )


@unit("5.11-1-2", "b", scope=scopes.deletes_on_the_device, needs="erase", state="erased", partly=True)
def test_function_is_started_and_operated_as_described(del_func, etsi_dut, etsi_judgement):
    seen = etsi_dut.erasing(del_func, "device")
    found = criteria.erasing.operated(del_func, seen)
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}, and note every step, prompt and time",
        examined=criteria.erasing.examined(seen),
    )


@unit("5.11-1-2", "c", scope=scopes.deletes_on_the_device, needs="erase", state="erased", partly=True)
def test_nothing_of_the_target_data_survives(del_func, etsi_dut, etsi_judgement):
    seen = etsi_dut.erasing(del_func, "device")
    found = criteria.erasing.survived(del_func, seen)
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}: look in the settings, over every interface, with old passwords, and on the storage",
        examined=criteria.erasing.examined(seen),
    )


@unit("5.11-1-2", "d", needs="erase", state="erased", partly=True)
def test_no_other_user_deletes_the_data(etsi_dut, etsi_ixit, etsi_judgement):
    seen = [(one, etsi_dut.erasing(one, "device")) for one in criteria.deletion.aimed_at(etsi_ixit, "device")]
    found = criteria.together(
        criteria.erasing.nowhere(etsi_ixit, seen),
        *(criteria.erasing.separated(entry, one) for entry, one in seen),
    )
    found.decide(
        etsi_judgement,
        settle="say under access.not_by_others of 25-DelFunc how another user tries it, or try it by hand: two "
        "accounts without elevated rights, and with the session of one every function and address that deletes, on "
        "data of the other; where the device knows one user only, say so in a judgement",
        examined="; ".join(f"{name} left the data" for _, one in seen for name, *_ in one.others),
    )
