"""Which fields are asked of an entry, and what is none of a password, of a use, or of anything."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.reading.fields import asked
from pytest_etsi.assessment.reading.passwords import unlisted_password
from pytest_etsi.assessment.reading.uses import states_a_use, uses_of
from pytest_etsi.assessment.reading.words import opens_with_nothing, rules_out
from tests.criteria.documents import entry_of, ixit_of

UPDATES = {"purpose": ["update-check"]}


def parameter(kind="", facts=None):
    return entry_of("10-SecParam", {"Type": kind, "facts": facts or {}})


@pytest.mark.parametrize(
    ("field", "entry", "expected"),
    [
        ("Description", parameter(), True),
        ("Provisioning Mechanism", parameter("critical"), True),
        ("Provisioning Mechanism", parameter("public"), False),
        ("Provisioning Mechanism", parameter(), None),
        ("Generation Mechanism", parameter("critical", UPDATES), True),
        ("Generation Mechanism", parameter("public", UPDATES), False),
        ("Generation Mechanism", parameter("critical", {"purpose": ["user-authentication"]}), False),
        ("Generation Mechanism", parameter("critical"), None),
        # What a user enters may have been generated elsewhere.
        ("Generation Mechanism", parameter("critical", UPDATES | {"provisioning": "user"}), None),
        ("Generation Mechanism", parameter("critical", UPDATES | {"provisioning": "production"}), True),
        ("Generation Mechanism", parameter("public", UPDATES | {"provisioning": "user"}), False),
    ],
)
def test_a_field_is_asked_where_another_answer_makes_it_matter(field, entry, expected):
    assert asked(entry, field) is expected


LOGIN = {"ID": "Web", "facts": {"factors": ["password"]}}
KEYS = {"ID": "Keys", "facts": {"factors": ["key"]}}


@pytest.mark.parametrize(
    ("logins", "parameters", "found"),
    [
        ([], [], None),
        ([KEYS], [], None),
        ([LOGIN], [], "Web"),
        ([KEYS, LOGIN, LOGIN | {"ID": "Api"}], [], "Web"),
        ([LOGIN], [{"ID": "Key", "Description": "Key of the cloud."}], "Web"),
        ([LOGIN], [{"ID": "Key"}, {"ID": "P", "Description": "Kennwort des Besitzers."}], None),
        ([LOGIN], [{"ID": "P", "facts": {"purpose": ["user-authentication"]}}], None),
        ([LOGIN], [{"ID": "P", "facts": {"purpose": ["update-check"]}}], "Web"),
        # A parameter that names a mechanism may be its password.
        ([LOGIN], [{"ID": "P", "Description": "For Web."}], None),
        ([KEYS, LOGIN], [{"ID": "P", "Description": "For Keys."}], None),
    ],
)
def test_a_password_is_missed_where_no_parameter_can_be_it(logins, parameters, found):
    entry = unlisted_password(ixit_of({"1-AuthMech": logins, "10-SecParam": parameters}))

    assert (entry.id if entry else None) == found


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("None; contract", True),
        ("TBD by the lawyer", True),
        ("n/a", True),
        ("", True),
        ("A contract.", False),
    ],
)
def test_a_text_may_begin_by_saying_nothing(text, nothing):
    assert opens_with_nothing(text) is nothing


@pytest.mark.parametrize(
    ("text", "ruled_out"),
    [
        ("No telemetry", True),
        ("None of all that is here", False),
        ("No a b c d e", True),  # six words
        ("No a b c d e f", False),
        ("There is no telemetry a b c d e f g h i j", True),  # fourteen words
        ("There is no telemetry a b c d e f g h i j k", False),
        ("No telemetry without consent", False),
        ("Telemetry", False),
    ],
)
def test_a_short_text_may_rule_something_out_as_a_whole(text, ruled_out):
    assert rules_out(text) is ruled_out


@pytest.mark.parametrize(
    ("sentence", "states"),
    [
        ("AES-128, SHA-256", True),
        ("Hash: the value is computed", True),
        ("The channel uses AES.", True),
        ("Something about AES here", False),
    ],
)
def test_a_sentence_states_a_use_by_names_alone_a_colon_or_a_word_of_use(sentence, states):
    assert states_a_use(sentence) is states


@pytest.mark.parametrize(
    ("sentence", "subject", "use"),
    [
        ("Only its MD5 value is stored.", "login", "password-storage"),
        ("Only its MD5 value is stored.", "parameter", "password-storage"),
        ("Only its MD5 value is stored.", "update", None),
        ("Authenticated by MD5.", "update", "authentication"),
        ("Authenticated by MD5.", "boot", "authentication"),
        ("Authenticated by MD5.", "login", None),
    ],
)
def test_what_a_digest_is_for_depends_on_what_the_text_is_about(sentence, subject, use):
    assert uses_of(sentence, subject) == ({use} if use else set())


@pytest.mark.parametrize(
    ("text", "transport", "expected"),
    [
        ("By e-mail.", "network", True),
        ("By e-mail.", None, True),
        ("Does not apply.", "network", True),
        # Whoever connects a cable may well know of the update before the device does.
        ("Does not apply.", "local", None),
        ("Does not apply.", None, None),
        ("", None, True),
    ],
)
def test_a_notification_is_asked_of_every_update_that_nobody_fetches(text, transport, expected):
    facts = {"transport": transport} if transport else {}

    assert (
        asked(entry_of("7-UpdMech", {"User Notification": text, "facts": facts}), "User Notification")
        is expected
    )
