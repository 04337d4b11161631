"""TS 103 701 test group 5.9-2: local function without network, and clean recovery after a loss of power."""

from pytest_etsi import criteria, unit


@unit("5.9-2-1", "a")
def test_mechanisms_stand_up_to_the_questions_of_5_9_1_1(etsi_ixit, etsi_judgement):
    found = criteria.resilience.whole(etsi_ixit)
    etsi_judgement.required(found)


@unit("5.9-2-1", "b")
def test_device_stays_usable_on_site_while_offline(etsi_ixit, etsi_judgement):
    found = criteria.resilience.covered(
        etsi_ixit, "network", expected="that the device keeps running and can be used on site"
    )
    etsi_judgement.required(found)


@unit("5.9-2-1", "c")
def test_connection_and_function_come_back_with_the_power(etsi_ixit, etsi_judgement):
    found = criteria.resilience.covered(
        etsi_ixit, "power", expected="that connection and function return as good as before or better"
    )
    etsi_judgement.required(found)


@unit(
    "5.9-2-2",
    "a",
    by_hand="Try every function that can be used on site (buttons, local page, local interface) with the "
    "network, without the internet, and without any link. Watch for restarts. A local function that "
    "no longer works without the network, or a mechanism that acts otherwise than described, is a "
    "FAIL.",
)
def test_device_works_on_site_without_network(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.9-2-2",
    "b",
    by_hand="Note software version, settings, accounts, open ports and the state at the service; switch the "
    "power off and on at least ten times, also during start-up; compare. A lost setting, a port that "
    "was closed before, or a device that stays offline is a FAIL.",
)
def test_device_recovers_cleanly_when_power_returns(etsi_judgement):
    etsi_judgement.required()
