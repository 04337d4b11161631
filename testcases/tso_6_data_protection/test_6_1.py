"""TS 103 701 test group 6-1: consumers are told clearly how their personal data are processed."""

from pytest_etsi import criteria, unit


@unit("6-1-1", "a")
def test_way_of_informing_suits_consumers(user_info, etsi_judgement):
    found = criteria.published.place(user_info, "Documentation of Personal Data")
    etsi_judgement.required(found)


@unit(
    "6-1-2",
    "a",
    by_hand="Get the information on the way named under Documentation of Personal Data and compare it with "
    "what the field says of it. A page that cannot be reached, a login before it, or a text on "
    "another product is a FAIL. Keep a dated copy.",
)
def test_information_can_be_obtained_as_described(etsi_judgement):
    etsi_judgement.required()


@unit(
    "6-1-2",
    "b",
    by_hand="Find in the copy the category, the purpose, the recipient and the place of storage of this "
    "entry. One that is missing or told otherwise is a FAIL.",
)
def test_information_agrees_with_the_declared_processing(pers_data, etsi_judgement):
    etsi_judgement.required()


@unit(
    "6-1-2",
    "c",
    by_hand="Read the copy with the eyes of somebody with little technical knowledge: does it say which "
    "personal data are processed? Nothing but general words is a FAIL.",
)
def test_layperson_learns_which_data_are_processed(etsi_judgement):
    etsi_judgement.required()


@unit(
    "6-1-2",
    "d",
    by_hand="Read the copy in the same way: does it say how the data are used, by whom, and for which "
    "purposes? One of the three missing is a FAIL.",
)
def test_layperson_learns_how_by_whom_and_for_what(etsi_judgement):
    etsi_judgement.required()


@unit("6-1-1", "a", editions=("2.1.1",))
def test_consumers_are_told_of_the_data(pers_data, user_info, etsi_judgement):
    found = criteria.privacy.informed(pers_data, user_info)
    etsi_judgement.required(found)


@unit(
    "6-1-2",
    "a",
    editions=("2.1.1",),
    by_hand="Get the information on the way named under Documentation of Personal Data, keep a dated copy, and read it "
    "with the eyes of somebody with little technical knowledge: does it say of this category that it is processed, "
    "what for, by whom and how long? Nothing but general words on one of them is a FAIL.",
)
def test_information_on_the_category_is_clear(pers_data, etsi_judgement):
    etsi_judgement.required()


@unit(
    "6-1-2",
    "b",
    editions=("2.1.1",),
    by_hand="Compare the copy with Description, Purpose, Authorized Parties and Lifecycle of this entry. One that is "
    "missing or told otherwise, and a recipient that the entry does not name, is a FAIL.",
)
def test_information_agrees_with_the_declared_category(pers_data, etsi_judgement):
    etsi_judgement.required()
