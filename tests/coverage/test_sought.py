"""What is looked for on account of an entry: the words that it gives, and what it speaks of."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.coverage.sought import (
    quoted,
    sought_data,
    sought_decision,
    sought_deletion,
    sought_interface,
    sought_sensor,
)


@pytest.mark.parametrize(
    ("described", "concepts"),
    [
        ("Restart count of the camera.", {"restarts"}),
        ("Restart count, level of the microphone.", {"restarts"}),
        ("Restart count, distance to the router.", {"restarts"}),
        ("User name.", {"user-name"}),
        ("Name and user name.", {"name", "user-name"}),
        ("Full name of the owner.", {"name"}),
        ("E-mail address and telephone number.", {"e-mail", "phone"}),
        ("E-mail address. The telephone number is not collected.", {"e-mail"}),
        ("E-mail address. Telephone number not shown to others.", {"e-mail", "phone"}),
        ("Telephone number not shown to others.", set()),
        ("Something else.", set()),
    ],
)
def test_data_are_looked_for_by_all_that_they_consist_of(described: str, concepts: set[str]) -> None:
    assert set(sought_data("PersData-X", described).concepts) == concepts


@pytest.mark.parametrize(
    "umbrella", ["technical", "diagnostic", "usage", "personal", "health", "sensor", "recordings"]
)
def test_data_that_no_word_tells_may_stand_under_any_term(umbrella: str) -> None:
    assert umbrella in sought_data("PersData-X", "Something else.").umbrellas


@pytest.mark.parametrize(
    ("words", "concepts"), [((), ("camera",)), (("lens",), ("motion",)), (("lens", "eye"), ("motion",))]
)
def test_a_sensor_is_the_first_that_is_spoken_of_and_no_camera_where_words_are_given(words, concepts) -> None:
    sought = sought_sensor("ExtSens-X", "Camera with a motion sensor.", words)

    assert (sought.words, sought.concepts, sought.umbrellas) == (words, concepts, ("sensor",))


@pytest.mark.parametrize(
    ("described", "how", "words", "concepts"),
    [
        (
            "Deletes the account and recordings.",
            'Press "Delete account".',
            ("erase", "Delete account"),
            ("account",),
        ),
        ("Deletes it.", 'Factory reset by "Reset all" or "Reset".', ("erase", "Reset all"), ("reset",)),
        ("Deletes the account.", "A factory reset.", ("erase",), ("account",)),
    ],
)
def test_a_deletion_is_looked_for_by_its_words_its_buttons_and_its_kind(
    described, how, words, concepts
) -> None:
    sought = sought_deletion("DelFunc-X", described, how, ("erase",))

    assert (sought.words, sought.concepts, sought.file) == (words, concepts, "deletion")


@pytest.mark.parametrize(
    ("topic", "file", "concepts"),
    [
        ("password", "things", ("password",)),
        ("updates", "purposes", ("updates",)),
        ("network", "things", ("location",)),
        (None, "things", ("location",)),
    ],
)
def test_a_decision_is_looked_for_by_its_topic_and_otherwise_by_what_it_speaks_of(
    topic, file, concepts
) -> None:
    sought = sought_decision("UserDec-X", "Whether the location is used.", topic)

    assert (sought.file, sought.concepts) == (file, concepts)
    assert len(sought_decision("UserDec-X", "Password and location.", None).concepts) == 1


def test_an_interface_is_looked_for_by_what_it_speaks_of() -> None:
    assert sought_interface("UserIntf-X", "Keypad. There is no remote control.").concepts == ("keypad",)


@pytest.mark.parametrize(
    ("described", "language"),
    [
        ("Der Standort wird für die Nutzung der Lampe und für die App gebraucht.", "de"),
        ("The location is used for the lamp and for the app.", "en"),
        ("XYZ", "en"),
    ],
)
def test_words_are_of_the_language_of_the_field_which_is_mostly_english(
    described: str, language: str
) -> None:
    assert sought_data("PersData-X", described).language == language


def test_what_stands_in_quotes_is_found_once() -> None:
    assert quoted('"a" "ab" \u201ecd\u201c \u00ab ef \u00bb "ab"') == ("ab", "cd", "ef")
