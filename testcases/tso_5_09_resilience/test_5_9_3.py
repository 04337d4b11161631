"""TS 103 701 test group 5.9-3: connections are made in an orderly way and do not overload the network."""

from pytest_etsi import criteria, scopes, unit


@unit("5.9-3-1", "a", expects_entries=True)
def test_measures_give_an_orderly_connection(com_mech, etsi_judgement):
    found = criteria.resilience.orderly_connection(com_mech)
    etsi_judgement.required(found)


@unit("5.9-3-1", "a", editions=("2.1.1",), scope=scopes.interface_on_network, expects_entries=True)
def test_measures_of_the_interface_give_an_orderly_connection(ext_api, etsi_judgement):
    found = criteria.resilience.orderly_connection(ext_api)
    etsi_judgement.required(found)


@unit("5.9-3-1", "b")
def test_measures_help_to_keep_the_network_stable(com_mech, etsi_judgement):
    found = criteria.resilience.stable_network(com_mech)
    etsi_judgement.required(found)


@unit("5.9-3-1", "b", editions=("2.1.1",), scope=scopes.interface_on_network)
def test_measures_of_the_interface_help_to_keep_the_network_stable(ext_api, etsi_judgement):
    found = criteria.resilience.stable_network(ext_api)
    etsi_judgement.required(found)


_BY_PROGRAM = (
    "give the gateway with its capture under access.uplink and the facts on retries, or record the traffic while the "
    "peer is cut off, twenty times or more, and judge waits, beginnings and ends"
)


@unit("5.9-3-2", "a", needs="outage")
def test_measures_are_there_as_described(com_mech, etsi_dut, etsi_judgement):
    observed = etsi_dut.resilience(com_mech)
    found = criteria.capture.reconnect(com_mech, observed)
    found.decide(
        etsi_judgement,
        cause="access",
        settle=_BY_PROGRAM,
        examined=criteria.capture.resilience_seen(com_mech, observed),
    )


@unit("5.9-3-2", "a", editions=("2.1.1",), scope=scopes.interface_on_network, needs="outage")
def test_measures_of_the_interface_are_there_as_described(ext_api, etsi_dut, etsi_judgement):
    observed = etsi_dut.resilience(ext_api)
    found = criteria.capture.reconnect(ext_api, observed)
    found.decide(
        etsi_judgement,
        cause="access",
        settle=_BY_PROGRAM,
        examined=criteria.capture.resilience_seen(ext_api, observed),
    )
