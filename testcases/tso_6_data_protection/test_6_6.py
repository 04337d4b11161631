"""TS 103 701 test group 6-6: personal data are limited to their purpose, and deleted afterwards."""

from pytest_etsi import criteria, unit


@unit("6-6-1", "a")
def test_processing_is_necessary_for_the_purpose(pers_data, etsi_judgement):
    found = criteria.privacy.necessary(pers_data)
    etsi_judgement.required(found)


@unit("6-6-1", "b")
def test_data_are_kept_for_a_reasonable_time(pers_data, etsi_judgement):
    found = criteria.privacy.kept_for_a_time(pers_data)
    etsi_judgement.required(found)


@unit("6-6-1", "c")
def test_disposal_deletes_the_data(pers_data, etsi_judgement):
    found = criteria.privacy.disposed(pers_data)
    etsi_judgement.required(found)


@unit("6-6-2", "a", needs="erase", state="erased", partly=True)
def test_everyday_personal_data_are_on_the_device(etsi_dut, etsi_ixit, etsi_judgement):
    seen = [(one, etsi_dut.erasing(one, "device")) for one in criteria.deletion.aimed_at(etsi_ixit, "device")]
    found = criteria.together(
        criteria.erasing.nowhere(etsi_ixit, seen),
        *(criteria.erasing.created(entry, one) for entry, one in seen),
    )
    found.decide(
        etsi_judgement,
        settle="say under access of 25-DelFunc how recognisable data are put there, and on which ways they show, or "
        "use the device by hand as its user does every day, with data that can be recognised",
        examined="; ".join(criteria.erasing.examined(one) for _, one in seen),
    )


@unit(
    "6-6-2",
    "b",
    by_hand="Look for personal data that nobody has entered: contacts, locations, names of networks and devices "
    "nearby, lists of what is used and when. Look in what the device sends (at a gateway or a service of the "
    "laboratory that can read it), in its files and pages, and in the export of the account. Keep what you find for "
    "the next unit; a kind that 21-PersData does not have is a FAIL there.",
    alone="which of the things that a device has noticed by itself are personal is told by who knows what they mean; "
    "nobody has said their values, so that a program has nothing to look for",
)
def test_data_that_the_user_did_not_create_are_looked_for(etsi_judgement):
    etsi_judgement.required()


@unit("6-6-2", "c")
def test_what_was_found_is_necessary(etsi_ixit, etsi_judgement):
    found = criteria.privacy.purposes(etsi_ixit)
    etsi_judgement.required(found)


@unit(
    "6-6-2",
    "d",
    by_hand="Let the time end that Lifecycle states, or shorten it by a setting or the clock where that can be done, "
    "and look for the data on the device, in the account and in its export. What is still there is a FAIL; where a "
    "time is too long to wait for, look at data of that age in an older account.",
    alone="the times are of weeks and years, and most data lie with a service whose clock no laboratory sets; whether "
    "they end earlier, as with an account, is told in prose",
)
def test_data_that_are_not_needed_any_more_are_deleted(etsi_judgement):
    etsi_judgement.required()
