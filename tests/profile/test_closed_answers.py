"""Answers to closed questions as people write them: the field's own word and a remark, or no answer at all."""

from __future__ import annotations

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
        (DEBUG, "entf\u00e4llt", "no"),
        (DEBUG, "No, the pads are removed", "no"),
    ],
)
def test_yes_or_no_is_read_with_the_remark_beside_it(asked: Field, text: str, value: str) -> None:
    answer = read_closed(asked, text)

    assert answer is not None
    assert answer.values == (value,)
    assert answer.text.lower().startswith((value, f"\u201c{value}"))
    assert answer.text.lower() == value or text.strip("- ") in answer.text or "[" in text or "\u2610" in text


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (DEBUG, "yes/no"),
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
