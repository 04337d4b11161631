"""TS 103 701 test group 6-7: of data for an aggregate little is collected, aggregated early, and kept shortly."""

from pytest_etsi import criteria, scopes, unit


@unit("6-7-1", "a", scope=scopes.aggregated_data)
def test_data_are_needed_for_the_aggregate(pers_data, etsi_judgement):
    found = criteria.privacy.needed_for_the_aggregate(pers_data)
    etsi_judgement.required(found)


@unit("6-7-1", "b", scope=scopes.aggregated_data)
def test_data_are_aggregated_as_early_as_can_be(pers_data, etsi_judgement):
    found = criteria.privacy.aggregated_early(pers_data)
    etsi_judgement.required(found)


@unit("6-7-1", "c", scope=scopes.aggregated_data)
def test_data_and_aggregate_are_kept_as_shortly_as_can_be(pers_data, etsi_judgement):
    found = criteria.privacy.kept_shortly(pers_data)
    etsi_judgement.required(found)


@unit(
    "6-7-2",
    "a",
    by_hand="Use the device as its user does every day, so that it senses or counts what is meant to be aggregated, "
    "with values that can be recognised; note when, and which.",
    alone="what is sensed or counted comes about by living with the device; what moves it, and with which values, is "
    "not for an interface of its own to make up",
)
def test_data_to_be_aggregated_are_created(etsi_judgement):
    etsi_judgement.required()


@unit(
    "6-7-2",
    "b",
    scope=scopes.aggregated_data,
    by_hand="Compare what leaves the device (at a gateway or a service of the laboratory that can read it, or on the "
    "console) with what Aggregation and Processing Activities say. A single value, time or identifier where only an "
    "aggregate is declared is a FAIL.",
    reserved="what leaves the device is read by who has the keys of its service, and whether a figure is an aggregate "
    "shows by what went into it; a program looks for known values in what was recorded",
)
def test_aggregation_works_as_declared(pers_data, etsi_dut, etsi_judgement):
    found = criteria.privacy.raw_in_captures(pers_data, etsi_dut.captures())
    etsi_judgement.required(found)
