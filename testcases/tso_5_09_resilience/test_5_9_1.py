"""TS 103 701 test group 5.9-1: resilience against loss of network and power is built in."""

from pytest_etsi import criteria, unit


@unit("5.9-1-1", "a")
def test_mechanisms_shield_from_both_outages(etsi_ixit, etsi_judgement):
    found = criteria.resilience.outages(etsi_ixit)
    etsi_judgement.required(found)


@unit("5.9-1-1", "b")
def test_mechanism_can_deliver_its_guarantees(res_mech, etsi_judgement):
    found = criteria.resilience.delivers(res_mech)
    etsi_judgement.required(found)


@unit("5.9-1-2", "a", needs="outage")
def test_mechanisms_act_as_described_without_network(etsi_dut, etsi_ixit, etsi_judgement):
    observed = etsi_dut.outages("network")
    found = criteria.outages.mechanisms(etsi_ixit, observed, "network")
    found.decide(
        etsi_judgement,
        settle="say under access of 23-ResMech how the network is cut and what works meanwhile, or try it by hand: "
        "link, way to the internet and name resolution, one after the other, with an event that must not be lost",
        examined=criteria.outages.examined(observed),
    )


@unit("5.9-1-2", "b", needs="outage")
def test_mechanisms_act_as_described_without_power(etsi_dut, etsi_ixit, etsi_judgement):
    observed = etsi_dut.outages("power")
    found = criteria.outages.mechanisms(etsi_ixit, observed, "power")
    found.decide(
        etsi_judgement,
        settle="say under access of 23-ResMech how the power is cut and what stays the same, or try it by hand: "
        "while it idles, while it saves a setting, and while it starts",
        examined=criteria.outages.examined(observed),
    )
