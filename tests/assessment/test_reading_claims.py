"""What an entry claims by its facts and its fields: together, in doubt, and the same to everybody who asks."""

from __future__ import annotations

import pytest
from assessment_documents import documents, load
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.assessment import scopes
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.conditions import condition_holds
from pytest_etsi.assessment.reading.logic import any_of, every, negated, one_of
from pytest_etsi.standard import edition

TRUTH = (True, False, None)
ANSWERS = st.lists(st.sampled_from(TRUTH), max_size=4)


def profile_of(tmp_path, table, row, edition_id="1.1.1"):
    content = documents(edition_id)
    content["ixit"][edition(edition_id).table(table).id] = [{"ID": "E-1", **row}]
    return load(tmp_path, content)


def entry_of(tmp_path, table, row, edition_id="1.1.1"):
    return profile_of(tmp_path, table, row, edition_id).ixit.table(table)[0]


# Logic ------------------------------------------------------------------------------------------------------


@given(ANSWERS)
def test_every_part_has_to_hold_and_one_that_does_not_decides(values):
    expected = not any(value is False for value in values)
    unknown = any(value is None for value in values)

    assert every(*values) is (None if expected and unknown else expected)


@given(ANSWERS)
def test_one_part_of_any_is_enough_and_the_two_mirror_each_other(values):
    assert any_of(*values) is negated(every(*(negated(value) for value in values)))


def test_a_value_that_is_not_stated_is_neither_wanted_nor_unwanted():
    assert [one_of(value, "user", "both") for value in ("user", "machine", None)] == [True, False, None]


# Facts and fields -------------------------------------------------------------------------------------------

EXPECTED = {
    (True, True): True,
    (True, False): True,  # a contradiction, which criteria report
    (True, None): True,
    (False, True): None,  # a contradiction that no criterion reports gives no verdict
    (False, False): False,
    (False, None): False,
    (None, True): True,
    (None, False): False,
    (None, None): None,
}


@pytest.mark.parametrize(("fact", "written"), list(EXPECTED))
@pytest.mark.parametrize(
    ("claim", "table", "name", "field"),
    [
        (claims.sensitive, "PersData", "sensitive", "Sensitive"),
        (claims.configures, "SoftServ", "configures", "Allows Configuration"),
        (claims.debug, "Intf", "debug", "Debug Interface"),
        (claims.uses_cryptography, "SoftComp", "cryptography", "Cryptographic Usage"),
    ],
)
def test_a_fact_and_a_field_are_read_together(tmp_path, claim, table, name, field, fact, written):
    row = {} if written is None else {field: "yes" if written else "no"}
    row |= {} if fact is None else {"facts": {name: fact}}

    assert claim(entry_of(tmp_path, table, row)) is EXPECTED[fact, written]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", True),
        ("Yes, the light", True),
        ("Yes\u2014the light", True),
        ("yes; side effects considered: no", True),
        ("no", False),
        ("No.", False),
        ("No (see the manual)", False),
        ("yes/no", None),
        ("Yes or no", None),
        ("no / yes", None),
        ("", None),
    ],
)
def test_an_empty_form_is_no_answer_of_yes(tmp_path, text, expected):
    entry = entry_of(tmp_path, "SoftServ", {"Allows Configuration": text})

    assert claims.yes_no(entry, "Allows Configuration") is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("critical", True),
        ("Critical (a key)", True),
        ("public", False),
        ("public (not critical)", False),
        ("", None),
    ],
)
def test_a_parameter_is_of_the_type_that_is_named_first(tmp_path, kind, expected):
    entry = entry_of(tmp_path, "SecParam", {"Type": kind})

    assert claims.critical(entry) is expected
    assert scopes.critical_parameter.concerns(entry, None) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (["SecComMech-1"], True),
        ([], False),
        ("none", False),
        ("N.A.", False),
        ("--", False),
        ("", None),
        (None, None),
    ],
)
def test_whether_a_critical_parameter_leaves_the_device_is_open_where_that_was_left_out(
    tmp_path, answer, expected
):
    content = documents("2.1.1")
    named = {} if answer is None else {"Secure Communication Mechanisms": answer}
    content["ixit"]["10-SecParam"] = [
        {"ID": "E-1", "Description": "Password of the login.", "Type": "critical", **named}
    ]
    content["ixit"]["11-SecComMech"] = [{"ID": "SecComMech-1"}]

    assert condition_holds(load(tmp_path, content), "o").holds is expected


# One claim for all who ask ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        {"Type": "physical", "Debug Interface": "yes", "facts": {"accessible": True}},
        {"Type": "physical", "Debug Interface": "no", "facts": {"accessible": True}},
        {"Type": "physical", "Debug Interface": "yes", "facts": {"debug": False, "accessible": True}},
        {"Type": "network, physical", "facts": {"type": ["network"], "debug": True, "accessible": True}},
        {"Type": "network", "facts": {"debug": True, "accessible": True}},
        {"facts": {"debug": True, "accessible": True}},
    ],
)
def test_the_condition_on_debug_interfaces_holds_for_those_in_scope(tmp_path, row):
    profile = profile_of(tmp_path, "Intf", row)
    in_scope = scopes.accessible_debug_interface.concerns(profile.ixit.intf[0], profile.ixit)

    assert condition_holds(profile, "13").holds is in_scope


@pytest.mark.parametrize(
    "row",
    [
        {"Obtaining Consent": "A dialogue."},
        {"Obtaining Consent": "N.A."},
        {"Obtaining Consent": "A dialogue.", "facts": {"consent": False}},
        {},
    ],
)
def test_the_condition_on_consent_holds_for_those_in_scope(tmp_path, row):
    profile = profile_of(tmp_path, "PersData", row)
    in_scope = scopes.processed_on_consent.concerns(profile.ixit.pers_data[0], profile.ixit)

    assert condition_holds(profile, "7").holds is in_scope


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"facts": {"interaction": "manual"}, "User Notification": "none"}, False),
        ({"facts": {"interaction": "manual"}, "User Notification": "tbd"}, None),
        ({"facts": {"interaction": "manual"}, "User Notification": "A mail."}, None),
        ({"facts": {"interaction": "manual", "notifies_on": ["app"]}, "User Notification": "none"}, True),
    ],
)
def test_no_update_is_automatic_or_notified_only_where_both_are_denied(tmp_path, row, expected):
    assert condition_holds(profile_of(tmp_path, "UpdMech", row), "9").holds is expected
