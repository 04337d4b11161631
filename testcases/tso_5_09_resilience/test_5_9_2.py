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


@unit("5.9-2-2", "a", needs="outage")
def test_device_works_on_site_without_network(etsi_dut, etsi_ixit, etsi_judgement):
    observed = etsi_dut.outages("network")
    found = criteria.outages.whole(etsi_ixit, observed, "network")
    found.decide(
        etsi_judgement,
        settle="say under access of 23-ResMech how the network is cut and what works meanwhile, or try it by hand: "
        "link, way to the internet and name resolution, one after the other, with an event that must not be lost",
        examined=criteria.outages.examined(observed),
    )


@unit("5.9-2-2", "b", needs="outage")
def test_device_recovers_cleanly_when_power_returns(etsi_dut, etsi_ixit, etsi_judgement):
    observed = etsi_dut.outages("power")
    found = criteria.outages.whole(etsi_ixit, observed, "power")
    found.decide(
        etsi_judgement,
        settle="say under access of 23-ResMech how the power is cut and what stays the same, or try it by hand: "
        "while it idles, while it saves a setting, and while it starts",
        examined=criteria.outages.examined(observed),
    )
