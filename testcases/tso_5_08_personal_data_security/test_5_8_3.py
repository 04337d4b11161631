"""TS 103 701 test group 5.8-3: sensors that observe the surroundings are openly documented."""

from pytest_etsi import criteria, unit


@unit("5.8-3-1", "a")
def test_sensor_documentation_can_be_reached(etsi_profile, etsi_dut, etsi_ixit, etsi_judgement):
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    seen = etsi_dut.documents.about("Documentation of Sensors")
    found = criteria.reached.open_to_all(etsi_ixit.user_info, "Documentation of Sensors", seen)
    if seen.documents and not found:
        found = criteria.user_manual.is_on_sensors(etsi_ixit, criteria.reached.text(seen), product)
    found.decide(
        etsi_judgement, settle="reach the documentation on the way that the IXIT names, and keep a copy"
    )


@unit(
    "5.8-3-1",
    "b",
    reserved="whether somebody with little technical knowledge understands it is seen by who reads it; a program looks "
    "for the sensors, and measures how easily it is read",
    by_hand="Read it with the eyes of somebody with little technical knowledge: is it clear what each sensor "
    "perceives, and why it is there? Text that such a reader cannot follow is a FAIL.",
)
def test_layperson_understands_the_sensor_documentation(etsi_dut, etsi_ixit, etsi_profile, etsi_judgement):
    text = criteria.reached.text(etsi_dut.documents.about("Documentation of Sensors"))
    product = (etsi_profile.dut.manufacturer, etsi_profile.dut.model)
    etsi_judgement.required(criteria.user_manual.sensors(etsi_ixit, text, product))


@unit(
    "5.8-3-1",
    "c",
    reserved="that there is no further sensor is seen on casing and board; a program looks for readings in what the "
    "device tells",
    by_hand="Examine casing, board if need be, console, and data that the device sends for sensors of its "
    "surroundings, also sleeping ones. One that 22-ExtSens lacks is a FAIL.",
)
def test_every_evident_sensor_is_documented(etsi_dut, etsi_ixit, etsi_judgement):
    found = criteria.sensors.undocumented(etsi_ixit, etsi_dut.sensors())
    etsi_judgement.required(found)
