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


@unit(
    "5.11-2-2",
    "a",
    by_hand="Use the device with its services as a consumer would, with an account made for the test, and "
    "leave values that can be recognised at every service that keeps personal data. A step without a "
    "finding of its own: conclude PASS when the values can be read back.",
)
def test_everyday_personal_data_are_on_the_services(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.11-2-2",
    "b",
    scope=scopes.deletes_from_services,
    by_hand="Carry the function out exactly as Initiation and Interaction says, and note every step, prompt "
    "and answer. A function that does not start, is refused, or asks for more than described, is a "
    "FAIL.",
)
def test_function_is_started_and_operated_as_described(del_func, etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.11-2-2",
    "c",
    scope=scopes.deletes_from_services,
    by_hand="Wait until the time stated for the deletion is over, then look for the values at the service: in "
    "the account, in exports and shared links, with the old login and tokens, and after a new "
    "registration. One that is still given out is a FAIL.",
)
def test_nothing_is_still_held_by_the_services(del_func, etsi_judgement):
    etsi_judgement.required()
