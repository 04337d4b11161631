"""What is looked for on account of an entry: the words that it gives, and what it speaks of."""

from __future__ import annotations

import pytest
from published_pages import published

from pytest_etsi.assessment.coverage import Sought, text_of
from pytest_etsi.assessment.coverage.sought import (
    familiar,
    names,
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
        ("Restart count, state of the ultrasonic part.", {"restarts"}),
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
    ("described", "concept"),
    [
        ("A factory reset.", "reset"),
        ("Deletes the account.", "account"),
        ("Deletes the recordings.", "recordings"),
        ("Deletes the floor plan.", "map"),
        ("Deletes the measurements.", "history"),
        ("Deletes the service data.", "service"),
    ],
)
def test_each_kind_of_deletion_is_known(described: str, concept: str) -> None:
    assert sought_deletion("DelFunc-X", described, "").concepts == (concept,)


@pytest.mark.parametrize(
    ("topic", "file", "concepts"),
    [
        ("password", "things", ("password",)),
        ("updates", "purposes", ("updates",)),
        ("network", "decisions", ("network",)),
        ("remote-access", "decisions", ("remote-access",)),
        ("data-sharing", "things", ("location",)),
        (None, "things", ("location",)),
    ],
)
def test_a_decision_is_looked_for_by_its_topic_and_otherwise_by_what_it_speaks_of(
    topic, file, concepts
) -> None:
    sought = sought_decision("UserDec-X", "Whether the location is used.", topic)

    assert (sought.file, sought.concepts) == (file, concepts)
    assert sought_decision("UserDec-X", "Whether the password is used.", None).concepts == ("password",)
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


GERMAN = "Das ist, was man von dem Gerät wissen soll und was es von Ihnen und der Wohnung hat. " * 5
ENGLISH = "This is what you should know about the device, and about the data that it has of you. " * 3


def text(*more: str):
    return text_of(
        [published("\n\n".join(["# Eins", GERMAN, "# Two", ENGLISH, *more]), media_type="text/markdown")]
    )


@pytest.mark.parametrize(
    ("words", "language"),
    [(("guest network",), "de"), (("guest network", "lamp"), "de"), (("oven",), "en"), ((), "en")],
)
def test_words_that_stand_in_the_text_are_of_its_first_language(
    words: tuple[str, ...], language: str
) -> None:
    other = Sought("Other", ("kettle",), language="en")
    sought = familiar([other, Sought("One", words, language="en")], text("A guest network."))

    assert sought[1].language == language


@pytest.mark.parametrize(
    ("words", "concepts", "said", "named"),
    [
        (("guest network",), (), "A guest network.", True),
        (("guest network",), (), "A lamp.", False),
        (("guest network",), ("e-mail",), "Your e-mail address.", True),
        ((), ("e-mail", "phone"), "Your e-mail address.", True),
        ((), ("e-mail", "phone"), "Your kettle.", False),
        ((), (), "Your e-mail address.", False),
    ],
)
def test_a_passage_names_what_is_sought_by_its_words_or_by_any_of_its_parts(
    words, concepts, said, named
) -> None:
    part = text(said).parts[-1]

    assert part.short == said.lower()
    assert names(Sought("One", words, concepts=concepts, language="en"), part) is named


def test_what_is_named_is_a_witness_for_all_others() -> None:
    mail, phone = (Sought(name, concepts=(name,)) for name in ("e-mail", "phone"))

    assert [one.witnessed for one in familiar([mail, phone], text("Your e-mail address."))] == [False, True]
    assert [one.witnessed for one in familiar([mail, phone], text("Your kettle."))] == [False, False]


def test_what_stands_in_quotes_is_found_once() -> None:
    assert quoted('"a" "ab" \u201ecd\u201c \u00ab ef \u00bb "ab"') == ("ab", "cd", "ef")


def test_what_the_ixit_calls_a_decision_is_what_it_has_to_be_told_by() -> None:
    sought = sought_decision("UserDec-X", "Remote access.", "remote-access", ("Outdoor mode",))

    assert (sought.words, sought.concepts) == (("Outdoor mode",), ())
