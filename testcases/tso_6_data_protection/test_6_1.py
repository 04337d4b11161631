"""TS 103 701 test group 6-1: consumers are told clearly how their personal data are processed."""

from pytest_etsi import criteria, unit


@unit("6-1-1", "a")
def test_way_of_informing_suits_consumers(user_info, etsi_judgement):
    found = criteria.published.place(user_info, "Documentation of Personal Data")
    etsi_judgement.required(found)


@unit("6-1-2", "a")
def test_information_can_be_obtained_as_described(etsi_profile, etsi_dut, etsi_ixit, etsi_judgement):
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    field = "Documentation of Personal Data"
    seen = etsi_dut.documents.about(field)
    found = criteria.reached.open_to_all(etsi_ixit.user_info, field, seen)
    if seen.documents and not found:
        found = criteria.privacy_notice.as_described(etsi_ixit, field, criteria.reached.text(seen), product)
    found.decide(
        etsi_judgement, settle="get the information on the way that the IXIT names, and keep a dated copy"
    )


@unit("6-1-2", "b")
def test_information_agrees_with_the_declared_processing(
    pers_data, etsi_profile, etsi_dut, etsi_ixit, etsi_judgement
):
    text = criteria.reached.text(etsi_dut.documents.about("Documentation of Personal Data"))
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    found = criteria.privacy_notice.processing(pers_data, etsi_ixit, text, product)
    found.decide(
        etsi_judgement,
        cause="judgement",
        settle="find in the copy the category, the purpose, the recipient and the place of storage of this entry",
    )


@unit(
    "6-1-2",
    "c",
    reserved="whether somebody with little technical knowledge learns it is seen by who reads it; a program looks for "
    "the data, and measures how easily it is read",
    by_hand="Read the copy with the eyes of somebody with little technical knowledge: does it say which "
    "personal data are processed? Nothing but general words is a FAIL.",
)
def test_layperson_learns_which_data_are_processed(etsi_dut, etsi_ixit, etsi_judgement):
    text = criteria.reached.text(etsi_dut.documents.about("Documentation of Personal Data"))
    etsi_judgement.required(criteria.privacy_notice.categories(etsi_ixit, text))


@unit(
    "6-1-2",
    "d",
    reserved="whether somebody with little technical knowledge learns it is seen by who reads it; a program looks for "
    "purposes, for who is responsible, and for who else gets them",
    by_hand="Read the copy in the same way: does it say how the data are used, by whom, and for which "
    "purposes? One of the three missing is a FAIL.",
)
def test_layperson_learns_how_by_whom_and_for_what(etsi_profile, etsi_dut, etsi_ixit, etsi_judgement):
    text = criteria.reached.text(etsi_dut.documents.about("Documentation of Personal Data"))
    dut = etsi_profile.dut
    etsi_judgement.required(
        criteria.privacy_notice.use(
            etsi_ixit, "Documentation of Personal Data", text, dut.manufacturer, (dut.model,)
        )
    )


@unit("6-1-1", "a", editions=("2.1.1",))
def test_consumers_are_told_of_the_data(pers_data, user_info, etsi_judgement):
    found = criteria.privacy.informed(pers_data, user_info)
    etsi_judgement.required(found)


@unit(
    "6-1-2",
    "a",
    editions=("2.1.1",),
    reserved="whether it is clear to somebody with little technical knowledge is seen by who reads it; a program looks "
    "for the category, and for purpose, recipients and time where it is named",
    by_hand="Get the information on the way named under Documentation of Personal Data, keep a dated copy, and read it "
    "with the eyes of somebody with little technical knowledge: does it say of this category that it is processed, "
    "what for, by whom and how long? Nothing but general words on one of them is a FAIL.",
)
def test_information_on_the_category_is_clear(pers_data, etsi_profile, etsi_dut, etsi_ixit, etsi_judgement):
    field = "Documentation of Personal Data"
    seen = etsi_dut.documents.about(field)
    criteria.reached.open_to_all(etsi_ixit.user_info, field, seen).refute()
    text = criteria.reached.text(seen)
    found = criteria.together(
        criteria.privacy_notice.processing(
            pers_data, etsi_ixit, text, (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
        ),
        criteria.privacy_notice.use(
            etsi_ixit, field, text, etsi_profile.dut.manufacturer, (etsi_profile.dut.model,)
        ),
    )
    etsi_judgement.required(found)


@unit(
    "6-1-2",
    "b",
    editions=("2.1.1",),
    reserved="a program looks for the category, its purposes, recipients and periods; whether the whole of its life is "
    "told as declared is seen by who reads it",
    by_hand="Compare the copy with Description, Purpose, Authorized Parties and Lifecycle of this entry. One that is "
    "missing or told otherwise, and a recipient that the entry does not name, is a FAIL.",
)
def test_information_agrees_with_the_declared_category(
    pers_data, etsi_profile, etsi_dut, etsi_ixit, etsi_judgement
):
    text = criteria.reached.text(etsi_dut.documents.about("Documentation of Personal Data"))
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    etsi_judgement.required(criteria.privacy_notice.processing(pers_data, etsi_ixit, text, product))
