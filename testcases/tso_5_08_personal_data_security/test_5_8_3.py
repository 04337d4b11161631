"""TS 103 701 test group 5.8-3: sensors that observe the surroundings are openly documented."""

from pytest_etsi import criteria, unit


@unit(
    "5.8-3-1",
    "a",
    by_hand="Reach the documentation on the way named under Documentation of Sensors, without login. A page "
    "that is not there, empty, or about another product is a FAIL.",
)
def test_sensor_documentation_can_be_reached(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.8-3-1",
    "b",
    by_hand="Read it with the eyes of somebody with little technical knowledge: is it clear what each sensor "
    "perceives, and why it is there? Text that such a reader cannot follow is a FAIL.",
)
def test_layperson_understands_the_sensor_documentation(etsi_judgement):
    etsi_judgement.required()


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
