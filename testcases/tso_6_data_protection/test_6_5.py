"""TS 103 701 test group 6-5: consumers are told which telemetry is collected and why."""

from pytest_etsi import criteria, unit


@unit("6-5-1", "a")
def test_way_of_informing_suits_consumers(user_info, etsi_judgement):
    found = criteria.published.place(user_info, "Documentation of Telemetry Data")
    etsi_judgement.required(found)


@unit(
    "6-5-2",
    "a",
    by_hand="Get the information on the way named under Documentation of Telemetry Data and compare it with "
    "what the field says of it. A page that cannot be reached, a login before it, or a text on "
    "another product is a FAIL. Keep a dated copy.",
)
def test_information_can_be_obtained_as_described(etsi_judgement):
    etsi_judgement.required()


@unit(
    "6-5-2",
    "b",
    by_hand="Find in the copy the purpose of this entry. One that is not named, or named otherwise, is a "
    "FAIL.",
)
def test_information_agrees_with_the_declared_purpose(tel_data, etsi_judgement):
    etsi_judgement.required()


@unit(
    "6-5-2",
    "c",
    by_hand="Find every entry of 24-TelData in the copy. One that is not mentioned is a FAIL.",
)
def test_information_says_which_telemetry_is_collected(etsi_judgement):
    etsi_judgement.required()


@unit(
    "6-5-2",
    "d",
    by_hand="Find in the copy how telemetry is used, by whom, and for which purposes. One of the three "
    "missing is a FAIL.",
)
def test_information_says_how_by_whom_and_for_what(etsi_judgement):
    etsi_judgement.required()
