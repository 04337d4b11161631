"""Answers to closed questions as people write them: the field's own word and a remark, or no answer at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pytest_etsi.profile.closed import ON_DEMAND, read_closed
from pytest_etsi.standard import Field, edition

TABLES = {table.id: table for table in edition("1.1.1").tables}


def field(table: str, name: str) -> Field:
    return next(one for one in TABLES[table].fields if one.name == name)


DEBUG = field("15-Intf", "Debug Interface")
CONFIRMED = field("4-Conf", "Confirmation of Secure Development")
SENSITIVE = field("21-PersData", "Sensitive")
USAGE = field("6-SoftComp", "Cryptographic Usage")
CRITICAL = field("10-SecParam", "Type")
SERVICE = field("13-SoftServ", "Status")
INTERFACE = field("15-Intf", "Status")
KINDS = field("15-Intf", "Type")


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        (CONFIRMED, "Yes; the team is briefed twice a year", "yes"),
        (CONFIRMED, "YES.", "yes"),
        (CONFIRMED, "\u201cYes\u201d", "yes"),
        (CONFIRMED, "Ja, seit 2024", "yes"),
        (CONFIRMED, "\u2612 yes \u2610 no", "yes"),
        (CONFIRMED, "[ ] yes [x] no", "no"),
        (SENSITIVE, "Oui", "yes"),
        (SENSITIVE, "S\u00ed: la ubicaci\u00f3n", "yes"),
        (SENSITIVE, "\u306f\u3044", "yes"),
        (SENSITIVE, "Nein - nur Zeitstempel", "no"),
        (SENSITIVE, "no sensitive data is kept", "no"),
        (DEBUG, "not applicable: no physical interface", "no"),
        (DEBUG, "N/A (radio)", "no"),
        (DEBUG, "not applicable for logical interfaces", "no"),
        (DEBUG, "Does not apply to radio", "no"),
        (DEBUG, "N", "no"),
        (CONFIRMED, "Y", "yes"),
        (CONFIRMED, "Y (see the manual)", "yes"),
        (CONFIRMED, "\u2714", "yes"),
        (CONFIRMED, "Confirmed.", "yes"),
        (CONFIRMED, "We hereby confirm it.", "yes"),
        (CONFIRMED, "Best\u00e4tigt durch die Entwicklungsleitung", "yes"),
        (DEBUG, "entf\u00e4llt", "no"),
        (DEBUG, "No, the pads are removed", "no"),
    ],
)
def test_yes_or_no_is_read_with_the_remark_beside_it(asked: Field, text: str, value: str) -> None:
    answer = read_closed(asked, text)

    assert answer is not None
    assert answer.values == (value,)
    assert answer.text.lower().startswith((value, f"\u201c{value}"))
    whole = answer.text.lower() == value or text.strip("- ") in answer.text
    assert whole or any(box in text for box in "[\u2610\u2714")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (DEBUG, "yes/no"),
        (DEBUG, "Y/N"),
        (DEBUG, "y / n"),
        (DEBUG, "N/A for the radio; yes for the pads"),
        (DEBUG, "N/A: logical; the pads: yes"),
        (DEBUG, "confirmed"),
        (DEBUG, "\u2612"),
        (CONFIRMED, "n.a."),
        (CONFIRMED, "N. A."),
        (CONFIRMED, "Not confirmed"),
        (CONFIRMED, "to be confirmed"),
        (CONFIRMED, "Confirmed: tbd"),
        (DEBUG, "yes or no"),
        (DEBUG, "Yes and no"),
        (DEBUG, "perhaps"),
        (DEBUG, "tbd"),
        (DEBUG, "see annex"),
        (DEBUG, "--"),
        (DEBUG, "Si le port est ouvert"),
        (DEBUG, "no longer in use"),
        (DEBUG, "\u2612 yes \u2612 no"),
        (CONFIRMED, "no deviations"),
        (CONFIRMED, "n/a"),
        (CONFIRMED, "none"),
        (CONFIRMED, "![](scan.png)"),
        (SENSITIVE, "- Name: yes\n- Time: no"),
        (CRITICAL, "critical (key) / public (certificates)"),
        (CRITICAL, "critical, public"),
        (CRITICAL, "public and critical"),
        (CRITICAL, "not critical"),
        (CRITICAL, "secret"),
        (SERVICE, "Enabled after the owner has switched it on"),
        (SERVICE, "always"),
        (INTERFACE, "?"),
        (KINDS, "network, radio"),
        (KINDS, "optical"),
    ],
)
def test_what_is_no_answer_or_two_is_none(asked: Field, text: str) -> None:
    assert read_closed(asked, text) is None


@pytest.mark.parametrize(
    ("asked", "text", "values"),
    [
        (CRITICAL, "Critical security parameter", ("critical",)),
        (CRITICAL, "public; nothing critical in it", ("public",)),
        (CRITICAL, "CRITICAL (stored in the chip)", ("critical",)),
        (SERVICE, "Enabled (active when initialized)", ("enabled by default",)),
        (SERVICE, "enabled", ("enabled by default",)),
        (SERVICE, "Aktiv", ("enabled by default",)),
        (SERVICE, "disabled by default, enabled on demand", ("disabled by default",)),
        (SERVICE, "on demand during set-up", (ON_DEMAND,)),
        (SERVICE, "Enabled (only on request)", (ON_DEMAND,)),
        (SERVICE, "bei Bedarf", (ON_DEMAND,)),
        (INTERFACE, "Active on demand", (ON_DEMAND,)),
        (INTERFACE, "Active", ("enabled",)),
        (INTERFACE, "disabled permanently", ("disabled",)),
        (KINDS, "network, air", ("network", "air")),
        (KINDS, "network interface, for the LAN only", ("network",)),
        (KINDS, "physical (USB) and logical", ("physical", "logical")),
    ],
)
def test_the_fields_own_word_is_read_with_the_remark_beside_it(
    asked: Field, text: str, values: tuple[str, ...]
) -> None:
    answer = read_closed(asked, text)

    assert answer is not None
    assert answer.values == values


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("- Cryptography: Yes, TLS and signatures\n- Side effects: Yes", "yes", "yes"),
        ("Cryptography: yes\nSide effects: no", "yes", "no"),
        ("- Side effects: no\n- Cryptography: yes", "yes", "no"),
        ("yes; side effects considered: yes", "yes", "yes"),
        ("Yes\nNo", "yes", "no"),
        ("no", "no", ""),
    ],
)
def test_two_answers_to_a_field_that_asks_for_two(text: str, first: str, second: str) -> None:
    answer = read_closed(USAGE, text)

    assert answer is not None
    assert (answer.values, answer.second) == ((first,), second)


# Each rule, on fields that are made up for it ---------------------------------------------------------------

ON = ("active", "activated", "on", "aktiv", "aktiviert", "eingeschaltet", "actif", "activado")
OFF = ("inactive", "deactivated", "off", "inaktiv", "deaktiviert", "ausgeschaltet", "inactif", "desactivado")


def made(*values: str, **changes: Any) -> Field:
    return replace(SERVICE, values=values, **changes)


def values_of(asked: Field, text: str) -> tuple[str, ...] | None:
    answer = read_closed(asked, text)
    return answer.values if answer is not None else None


@pytest.mark.parametrize("word", [*ON, *OFF])
def test_a_state_has_other_words_alone_and_with_its_condition(word: str) -> None:
    state = "enabled" if word in ON else "disabled"
    plain, conditional = made(f"{state}", "kept"), made(f"{state} at night", "kept")

    assert values_of(plain, word.capitalize()) == (state,)
    assert values_of(plain, f"{word}, as it should be") == (state,)
    assert values_of(conditional, f"{word} at night; by the owner") == (f"{state} at night",)
    assert values_of(conditional, f"{word} at night by the owner") == (f"{state} at night",)
    assert values_of(conditional, word) == (f"{state} at night",)
    assert values_of(conditional, f"{word} (see the manual)") == (f"{state} at night",)
    # Another condition than the value's own is no answer.
    assert values_of(conditional, f"{word} at noon") is None


def test_a_state_with_a_condition_may_be_named_by_the_state_alone() -> None:
    asked = made("enabled in the morning", "kept")

    assert values_of(asked, "enabled") == ("enabled in the morning",)
    assert values_of(asked, "enabled in the morning") == ("enabled in the morning",)
    assert values_of(asked, "enabled in the evening") is None


def test_the_first_word_of_a_value_stands_for_it_where_no_other_begins_so() -> None:
    asked = made("power outage", "network outage", "network attack", "flood")

    assert values_of(asked, "power") == ("power outage",)
    assert values_of(asked, "Power (mains)") == ("power outage",)
    assert values_of(asked, "power supply") is None
    assert values_of(asked, "network") is None
    assert values_of(asked, "network attack") == ("network attack",)
    assert values_of(asked, "flood") == ("flood",)
    assert values_of(asked, "flood of requests") == ("flood",)


def test_the_longest_form_counts() -> None:
    assert values_of(made("off", "off at night"), "off at night") == ("off at night",)
    assert values_of(made("off at night", "off"), "off") == ("off",)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("kept", "kept"),
        ("kept; for a year", "kept; for a year"),
        ("Active", "enabled"),
        (" active ", "enabled"),
        ("Active since June", "enabled (Active since June)"),
    ],
)
def test_an_answer_in_other_words_is_told_with_the_fields_own(text: str, read: str) -> None:
    answer = read_closed(made("enabled", "kept"), text)

    assert answer is not None
    assert answer.text == read


def test_on_demand_is_read_only_where_a_field_is_about_what_is_on_or_off() -> None:
    assert values_of(made("enabled", "disabled at night"), "Upon request: on demand") == (ON_DEMAND,)
    assert values_of(made("kept", "enabled at noon"), "on request") == (ON_DEMAND,)
    assert values_of(made("kept", "deleted"), "on request") is None
    assert values_of(made("enabled", "kept"), "kept on request") == ("kept",)


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        # One line answers, others are remarks.
        (CONFIRMED, "Yes\nThe team is briefed.", "yes"),
        (CONFIRMED, "The team is briefed.\nYes", None),
        (CONFIRMED, "Yes\n\nyes", "yes"),
        (CONFIRMED, "Yes\nno", None),
        (SENSITIVE, "no\nNein", "no"),
        # A label names the question.
        (SENSITIVE, "Sensitive: yes", "yes"),
        (SENSITIVE, "Sensitive: perhaps", None),
        # That there is none, or that it does not apply, says no where that can be an answer.
        (SENSITIVE, "none", "no"),
        (SENSITIVE, "does not apply", "no"),
        (DEBUG, "none", "no"),
        (CONFIRMED, "does not apply", None),
        # Something else than a no, or a no and more.
        (SENSITIVE, "no and yes", None),
        (SENSITIVE, "si", "yes"),
        (SENSITIVE, "si on le demande", None),
        (SENSITIVE, "no idea", None),
    ],
)
def test_each_line_may_answer_and_none_may_contradict(asked: Field, text: str, value: str | None) -> None:
    assert values_of(asked, text) == ((value,) if value else None)


@pytest.mark.parametrize(
    ("text", "read"), [("Ja", "yes"), ("Ja, seit 2024", "yes (Ja, seit 2024)"), ("Yes, it is", "Yes, it is")]
)
def test_a_yes_in_another_language_is_told_as_one(text: str, read: str) -> None:
    answer = read_closed(CONFIRMED, text)

    assert answer is not None
    assert answer.text == read
