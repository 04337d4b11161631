"""Spans of time, years and attempts that a text states, and when two texts contradict each other by them."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.reading.quantities import Range, apart, attempts, clauses, spans_days, years

SECOND, MINUTE, HOUR = 1 / 86400, 1 / 1440, 1 / 24


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("30 seconds", 30 * SECOND, 30 * SECOND),
        ("5s", 5 * SECOND, 5 * SECOND),
        ("10 Minuten", 10 * MINUTE, 10 * MINUTE),
        ("two hours", 2 * HOUR, 2 * HOUR),
        ("24 h", 1, 1),
        ("3 working days", 3, 7.8),
        ("5 Werktage", 5, 13),
        ("cinq jours ouvrés", 5, 13),
        ("30 days", 30, 30),
        ("30 (30) days", 30, 30),
        ("90 calendar days", 90, 90),
        ("14-days", 14, 14),
        ("1.5 days", 1.5, 1.5),
        ("1,5 Tage", 1.5, 1.5),
        ("2 semanas", 14, 14),
        ("six weeks", 42, 42),
        ("three months", 84, 93),
        ("ten years", 3650, 3660),
        ("zwei Jahre", 730, 732),
    ],
)
def test_a_span_is_from_the_least_to_the_most_days_that_it_may_mean(text, least, most):
    (found,) = spans_days(f"Within {text}.")

    assert found == pytest.approx((least, most))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30",
        "days",
        "30 daystars",
        "the 5 best",
        "-3 days",
        "123456 days",
        "eleven days",
    ],
)
def test_other_numbers_and_units_are_no_span(text):
    assert not [*spans_days(text)]


@pytest.mark.parametrize(("least", "kept"), [(0, 4), (1, 3), (7, 2), (7.5, 1), (400, 0)])
def test_spans_of_short_units_may_be_left_out(least, kept):
    assert len([*spans_days("2 hours, 3 days, one week, five years", least=least)]) == kept


NUMBERS = {
    1: "one ein eine einem einen einer un une uno una um uma een",
    2: "two zwei deux dos due dois twee",
    3: "three drei trois tres tre três drie",
    4: "four vier quatre cuatro quattro quatro",
    5: "five fünf cinq cinco cinque vijf",
    6: "six sechs seis sei zes",
    7: "seven sieben sept siete sette sete zeven",
    8: "eight acht huit ocho otto oito",
    9: "nine neun neuf nueve nove negen",
    10: "ten zehn dix diez dieci dez tien",
}


@pytest.mark.parametrize(
    ("number", "word"), [(number, word) for number, words in NUMBERS.items() for word in words.split()]
)
def test_numbers_may_be_words(number, word):
    assert [*spans_days(f"{word.capitalize()} days")] == [Range(number, number)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("until 2031", [2031]),
        ("until 2031-12-31", [2031]),
        ("from 2026 to 2030.", [2026, 2030]),
        ("version 2031.1", []),
        ("EN-2031 or 1.2031", []),
        ("1999 or 2100 or 20311", []),
    ],
)
def test_years_are_those_of_a_calendar(text, found):
    assert [*years(text)] == [Range(year, year) for year in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("after 5 attempts", [5]),
        ("after five wrong login attempts", [5]),
        ("nach drei Fehlversuchen", [3]),
        ("5 failed tries, then 10 guesses", [5, 10]),
        ("5 of the attempts", []),
        ("attempts", []),
        ("in 5 minutes", []),
    ],
)
def test_attempts_are_counted(text, found):
    assert [*attempts(text)] == [Range(number, number) for number in found]


@pytest.mark.parametrize(
    ("ours", "theirs", "contradict"),
    [
        ([], [], False),
        ([Range(5, 5)], [], False),
        ([], [Range(5, 5)], False),
        ([Range(5, 5)], [Range(5, 5)], False),
        ([Range(5, 5)], [Range(6, 6)], True),
        ([Range(6, 6)], [Range(5, 5)], True),
        # They meet at an end.
        ([Range(3, 7)], [Range(7, 9)], False),
        ([Range(7, 9)], [Range(3, 7)], False),
        ([Range(3, 6)], [Range(7, 9)], True),
        # One that both may mean is enough.
        ([Range(1, 1), Range(5, 5)], [Range(5, 5), Range(9, 9)], False),
        ([Range(1, 1), Range(5, 5)], [Range(6, 6), Range(9, 9)], True),
    ],
)
def test_two_texts_contradict_each_other_where_nothing_is_meant_by_both(ours, theirs, contradict):
    assert apart(ours, theirs) is contradict
    assert apart(iter(ours), iter(theirs)) is contradict


def test_a_text_is_read_clause_by_clause():
    assert clauses("Fixed in 30 days, told in 5 and tested. Version 1.2 stays;\n") == [
        "Fixed in 30 days",
        "told in 5",
        "tested",
        "Version 1.2 stays",
    ]
