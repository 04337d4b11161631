"""TS 103 701 test group 6-8: anonymization protects privacy."""

from pytest_etsi import criteria, unit


@unit("6-8-1", "a")
def test_suitable_anonymization_is_used(pers_data, etsi_judgement):
    found = criteria.privacy.anonymized(pers_data)
    etsi_judgement.required(found)


@unit(
    "6-8-2",
    "a",
    by_hand="Use the device as its user does every day, so that data come about that are meant to be anonymized, with "
    "names and values that can be recognised; note when, and which.",
    alone="data of several people, who can be told from one another, come about by their living with the device; a "
    "program at its interfaces is one user whose data say nothing of others",
)
def test_data_to_be_anonymized_are_created(etsi_judgement):
    etsi_judgement.required()


@unit(
    "6-8-2",
    "b",
    by_hand="Look for the names and values, for stable identifiers and for what tells one person from another in all "
    "that comes after the stage that Anonymization names: what is sent, files, the export of the account, statistics. "
    "One that is found, and a person who can be told by a combination, is a FAIL.",
    alone="whether somebody can be told by a combination of what is left hangs on what else is known of people, and "
    "most of what comes after that stage is with the maker alone",
)
def test_anonymization_works_as_declared(etsi_judgement):
    etsi_judgement.required()
