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


@unit(
    "5.9-1-2",
    "a",
    by_hand="Cause an event that the device should not lose, then take its network away: the link, the way to "
    "the internet, and name resolution, one after the other. Watch each mechanism against its "
    "description, bring the network back, and see whether everything promised arrives. A promised "
    "event that is lost, a crash, or no way back is a FAIL.",
)
def test_mechanisms_act_as_described_without_network(etsi_judgement):
    etsi_judgement.required()


@unit(
    "5.9-1-2",
    "b",
    by_hand="Cut the supply while the device idles, while it saves a setting, and while it starts. Compare "
    "settings, accounts and clock before and after with what the mechanisms promise. A damaged state, "
    "a restart without end, or a fall back to the defaults is a FAIL.",
)
def test_mechanisms_act_as_described_without_power(etsi_judgement):
    etsi_judgement.required()
