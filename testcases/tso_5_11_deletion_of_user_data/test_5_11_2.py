"""TS 103 701 test group 5.11-2: users can easily have their personal data removed from associated services."""

from pytest_etsi import criteria, scopes, unit


@unit("5.11-2-1", "a")
def test_layperson_can_have_the_data_removed_from_services(etsi_ixit, etsi_judgement):
    found = criteria.deletion.simple_function(etsi_ixit, "service")
    etsi_judgement.required(found)


@unit("5.11-2-1", "b", scope=scopes.kept_by_a_service)
def test_service_that_keeps_the_data_is_reached(pers_data, etsi_ixit, etsi_judgement):
    found = criteria.deletion.service_is_reached(pers_data, etsi_ixit)
    etsi_judgement.required(found)


_BY_PROGRAM = (
    "say under access of 25-DelFunc how recognisable data come to the service, and on which ways they show, or try it "
    "by hand"
)


@unit("5.11-2-2", "a", needs="erase", state="erased", partly=True)
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
        settle=f"{_BY_PROGRAM}, with an account made for the test",
        examined="; ".join(criteria.erasing.examined(one) for _, one in seen),
    )


@unit("5.11-2-2", "b", scope=scopes.deletes_from_services, needs="erase", state="erased", partly=True)
def test_function_is_started_and_operated_as_described(del_func, etsi_dut, etsi_judgement):
    seen = etsi_dut.erasing(del_func, "service")
    found = criteria.erasing.operated(del_func, seen)
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}, and note every step, prompt and answer",
        examined=criteria.erasing.examined(seen),
    )


@unit("5.11-2-2", "c", scope=scopes.deletes_from_services, needs="erase", state="erased", partly=True)
def test_nothing_is_still_held_by_the_services(del_func, etsi_dut, etsi_judgement):
    seen = etsi_dut.erasing(del_func, "service")
    found = criteria.erasing.survived(del_func, seen)
    found.decide(
        etsi_judgement,
        settle=f"{_BY_PROGRAM}: look in the account, in exports and shared links, with the old login and tokens, and "
        "after a new registration, once the time stated for the deletion is over",
        examined=criteria.erasing.examined(seen),
    )
