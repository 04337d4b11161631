"""TS 103 701 test group 6-5: consumers are told which telemetry is collected and why."""

from pytest_etsi import criteria, unit


@unit("6-5-1", "a")
def test_way_of_informing_suits_consumers(user_info, etsi_judgement):
    found = criteria.published.place(user_info, "Documentation of Telemetry Data")
    etsi_judgement.required(found)


@unit("6-5-2", "a")
def test_information_can_be_obtained_as_described(etsi_profile, etsi_dut, etsi_ixit, etsi_judgement):
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    field = "Documentation of Telemetry Data"
    seen = etsi_dut.documents.about(field)
    found = criteria.reached.open_to_all(etsi_ixit.user_info, field, seen)
    if seen.documents and not found:
        found = criteria.privacy_notice.as_described(etsi_ixit, field, criteria.reached.text(seen), product)
    found.decide(
        etsi_judgement, settle="get the information on the way that the IXIT names, and keep a dated copy"
    )


@unit("6-5-2", "b")
def test_information_agrees_with_the_declared_purpose(
    tel_data, etsi_profile, etsi_dut, etsi_ixit, etsi_judgement
):
    text = criteria.reached.text(etsi_dut.documents.about("Documentation of Telemetry Data"))
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    found = criteria.privacy_notice.purpose(tel_data, etsi_ixit, text, product)
    found.decide(etsi_judgement, cause="judgement", settle="find in the copy the purpose of this entry")


@unit("6-5-2", "c")
def test_information_says_which_telemetry_is_collected(etsi_profile, etsi_dut, etsi_ixit, etsi_judgement):
    text = criteria.reached.text(etsi_dut.documents.about("Documentation of Telemetry Data"))
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    found = criteria.privacy_notice.telemetry(etsi_ixit, text, product)
    found.decide(etsi_judgement, cause="judgement", settle="find every entry of 24-TelData in the copy")


@unit(
    "6-5-2",
    "d",
    reserved="whether what is told is complete is confirmed by a person; a program looks for purposes, for who is "
    "responsible, and for who else gets it",
    by_hand="Find in the copy how telemetry is used, by whom, and for which purposes. One of the three "
    "missing is a FAIL.",
)
def test_information_says_how_by_whom_and_for_what(etsi_profile, etsi_dut, etsi_ixit, etsi_judgement):
    text = criteria.reached.text(etsi_dut.documents.about("Documentation of Telemetry Data"))
    dut = etsi_profile.dut
    etsi_judgement.required(
        criteria.privacy_notice.use(
            etsi_ixit, "Documentation of Telemetry Data", text, dut.manufacturer, (dut.model,)
        )
    )
