"""TS 103 701 test group 4-1 (edition 2.1.1: 5.0-1): unmet or inapplicable recommendations are justified."""

from pytest_etsi import criteria, unit


@unit("4-1-1", "a")
def test_every_recommendation_left_out_is_justified(etsi_ics, etsi_profile):
    found = criteria.ics.justifications(etsi_ics, etsi_profile.edition)
    found.decide(settle="give every recommendation a row in the ICS")
