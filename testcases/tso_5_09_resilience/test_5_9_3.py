"""TS 103 701 test group 5.9-3: connections are made in an orderly way and do not overload the network."""

from pytest_etsi import criteria, unit


@unit("5.9-3-1", "a", expects_entries=True)
def test_measures_give_an_orderly_connection(com_mech, etsi_judgement):
    found = criteria.resilience.orderly_connection(com_mech)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit("5.9-3-1", "b")
def test_measures_help_to_keep_the_network_stable(com_mech, etsi_judgement):
    found = criteria.resilience.stable_network(com_mech)
    assert not found.violations, found.violations
    etsi_judgement.required(found)


@unit(
    "5.9-3-2",
    "a",
    by_hand="Record the traffic of this mechanism while its link is dropped, or its peer refuses connections, "
    "at least twenty times. Compare set-up and tear-down with the protocol, and the waits between "
    "attempts with the description: constant waits where random or growing ones are claimed, or a "
    "storm of attempts, is a FAIL.",
)
def test_measures_are_there_as_described(com_mech, etsi_judgement):
    etsi_judgement.required()
