"""Personal data on paper, by the fields of edition 2.1.1: what refutes, what is only worth a look, and what is neither."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment.criteria import privacy

DATA = {
    "Description": "Clips of motion events.",
    "Purpose": "Showing motion events to the owner.",
    "Aggregation": "yes",
    "Authorized Parties": "Owner; the operator of the cloud as processor.",
    "Lifecycle": "Kept for 30 days, then erased from cloud and card.",
    "Processing Activities": "Recorded on the card and counted there; the sum of a day is sent, and kept for 30 days.",
    "Obtaining Consent": "A box that is empty at first.",
    "Storing Consent": "Time, version and choice, in the account.",
    "Anonymization": "Faces are blurred before a clip is used for training.",
}
HERE = {"Documentation of Personal Data": "Privacy notice, https://cam.example/privacy"}
second = partial(entry_of, edition="2.1.1")


def kinds(judge, *more, facts=None, **fields):
    entry = second("21-PersData", DATA | fields | {"facts": facts or {}})
    return [one.kind for one in judge(entry, *more)]


ALL = (
    privacy.consent_is_stored,
    privacy.necessary,
    privacy.kept_for_a_time,
    privacy.disposed,
    privacy.needed_for_the_aggregate,
    privacy.aggregated_early,
    privacy.kept_shortly,
    privacy.anonymized,
)


@pytest.mark.parametrize("judge", ALL, ids=lambda judge: judge.__name__)
def test_data_as_they_should_be_documented_are_not_refuted(judge):
    assert kinds(judge) == []


@pytest.mark.parametrize(
    ("judge", "field", "text"),
    [
        (privacy.consent_is_stored, "Storing Consent", ""),
        (privacy.consent_is_stored, "Storing Consent", "Consent is not stored."),
        (privacy.consent_is_stored, "Storing Consent", "Nothing is recorded."),
        (privacy.necessary, "Purpose", ""),
        (privacy.necessary, "Processing Activities", "tbd"),
        (privacy.kept_for_a_time, "Lifecycle", ""),
        (privacy.kept_for_a_time, "Lifecycle", "The clips are kept indefinitely."),
        (privacy.kept_for_a_time, "Lifecycle", "They are kept for ever in the cloud."),
        (privacy.disposed, "Lifecycle", ""),
        (privacy.disposed, "Lifecycle", "The clips are not deleted."),
        (privacy.needed_for_the_aggregate, "Processing Activities", ""),
        (privacy.aggregated_early, "Processing Activities", ""),
        (privacy.kept_shortly, "Processing Activities", "Sums are kept without limit."),
        (privacy.anonymized, "Anonymization", ""),
        (privacy.anonymized, "Anonymization", "none"),
    ],
)
def test_a_field_that_says_nothing_or_the_opposite_refutes(judge, field, text):
    assert kinds(judge, **{field: text}) == ["violation"]


@pytest.mark.parametrize(
    ("judge", "facts"),
    [
        (privacy.kept_for_a_time, {"retention": "unlimited"}),
        (privacy.kept_shortly, {"retention": "unlimited"}),
        (privacy.disposed, {"on_service": True, "disposed_from": ["device"]}),
        (privacy.disposed, {"on_device": True, "disposed_from": []}),
    ],
)
def test_facts_refute(judge, facts):
    assert kinds(judge, facts=facts) == ["violation"]


@pytest.mark.parametrize(
    ("judge", "field", "text", "expected"),
    [
        # A reason may be a good one: that is for a person.
        (privacy.kept_for_a_time, "Lifecycle", "Kept indefinitely, since the law asks for it.", ["note"]),
        (privacy.kept_for_a_time, "Lifecycle", "Kept until the owner deletes them.", ["note"]),
        (privacy.disposed, "Lifecycle", "They are not deleted until 30 days are over, and then at once.", []),
        (privacy.consent_is_stored, "Storing Consent", "The text is not stored by the app, but by the service.", ["violation"]),
        (privacy.anonymized, "Anonymization", "The serial number is hashed with SHA-256.", ["note"]),
        (privacy.aggregated_early, "Processing Activities", "Raw data are sent and summed there.", ["note"]),
        (privacy.kept_shortly, "Processing Activities", "Counted in the device.", ["note"]),
        (privacy.needed_for_the_aggregate, "Processing Activities", "Names are counted.", ["note"]),
        (privacy.necessary, "Processing Activities", "Shown to the owner, and shared with partners.", ["note"]),
        (privacy.necessary, "Processing Activities", "Showing motion events to the owner", ["note"]),
    ],
)  # fmt: skip
def test_prose_is_read_with_care(judge, field, text, expected):
    assert kinds(judge, **{field: text}) == expected


@pytest.mark.parametrize(
    ("judge", "facts"),
    [
        (privacy.disposed, {"on_device": True, "on_service": True}),
        (privacy.disposed, {"on_device": True, "on_service": False, "disposed_from": ["device"]}),
        (privacy.disposed, {"on_device": False, "on_service": True, "disposed_from": ["service"]}),
        (privacy.disposed, {"disposed_from": []}),
        (privacy.kept_for_a_time, {"retention": "limited"}),
        (privacy.consent_is_stored, {"consent_stored": ["time", "version", "choice"]}),
    ],
)
def test_facts_that_fit_or_say_nothing_do_not_refute(judge, facts):
    assert kinds(judge, facts=facts) == []


@pytest.mark.parametrize("lacking", ["time", "version", "choice"])
def test_what_a_record_of_consent_lacks_is_worth_a_look(lacking):
    stored = [one for one in ("time", "version", "choice") if one != lacking]

    assert kinds(privacy.consent_is_stored, facts={"consent_stored": stored}) == ["note"]


def test_a_reason_beside_the_fact_leaves_it_to_a_person():
    text = "Kept without end, because the law requires it."

    assert kinds(privacy.kept_for_a_time, facts={"retention": "unlimited"}, Lifecycle=text) == ["note"]


@pytest.mark.parametrize(
    ("fields", "place", "expected"),
    [
        ({}, HERE, []),
        ({"Description": ""}, HERE, ["violation"]),
        ({"Purpose": ""}, HERE, ["violation"]),
        ({"Authorized Parties": "n/a"}, HERE, ["violation"]),
        ({"Lifecycle": "tbd"}, HERE, ["violation"]),
        ({}, {"Documentation of Personal Data": ""}, ["violation"]),
        ({}, {"Documentation of Personal Data": "On request."}, ["violation", "note"]),
    ],
)
def test_consumers_are_told_what_why_by_whom_and_for_how_long(fields, place, expected):
    user_info = second("2-UserInfo", place)

    assert kinds(privacy.informed, user_info, **fields) == expected


def capture(source="192.0.2.9", name="21-PersData/one"):
    hit = SimpleNamespace(name=name, source=source, destination="198.51.100.1", coding="plain")
    return SimpleNamespace(file="day.pcap", hosts=("192.0.2.9",), canary_hits=(hit,))


@pytest.mark.parametrize(
    ("captures", "expected"),
    [
        ([], []),
        ([capture()], ["violation"]),
        ([capture(), capture()], ["violation"]),
        ([capture(source="192.0.2.10")], []),
        ([capture(name="21-PersData/other")], []),
    ],
)
def test_a_known_value_that_leaves_the_device_is_no_aggregate(captures, expected):
    assert kinds(privacy.raw_in_captures, captures) == expected


def test_what_is_declared_of_each_kind_is_shown_to_who_judges():
    ixit = ixit_of({"21-PersData": [{"ID": "one", **DATA}, {"ID": "two"}]}, edition="2.1.1")

    assert [one.kind for one in privacy.purposes(ixit)] == ["note", "note"]
    assert "Showing motion events" in privacy.purposes(ixit)[0].message
