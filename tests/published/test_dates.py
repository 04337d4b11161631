"""Days that published texts name, in several ways of writing: also what they can mean beside it."""

from __future__ import annotations

from datetime import date

import pytest

from pytest_etsi.assessment.published.dates import Order, after_years, days_in, order_in
from pytest_etsi.assessment.published.support import ends_of
from pytest_etsi.assessment.published.times import spans


@pytest.mark.parametrize(
    ("text", "language", "order"),
    [
        ("from 13/12/2030", "en", Order.DAY_FIRST),
        ("from 12/13/2030", "de", Order.MONTH_FIRST),
        ("from 12/13/2030 to 01/02/2031", "en", Order.MONTH_FIRST),
        ("from 11/12/2030 to 31-12-2031", "", Order.DAY_FIRST),
        ("from 13/12/2030 to 12/13/2031", "de", Order.UNKNOWN),  # both ways
        ("from 12/12/2030", "en", Order.UNKNOWN),
        ("from 12/12/2030", "", Order.UNKNOWN),
        ("from 11/12/2030", "fr", Order.DAY_FIRST),
        ("from 13/13/2030", "en", Order.UNKNOWN),
        ("until 2030", "", Order.UNKNOWN),
    ],
)
def test_a_text_tells_in_which_order_it_writes_days(text: str, language: str, order: str) -> None:
    assert order_in(text, language) == order


DECEMBER = date(2030, 12, 31)


@pytest.mark.parametrize(
    ("text", "order", "readings", "precise"),
    [
        ("2030-12-31", "", (DECEMBER,), True),
        ("2030-12", "", (DECEMBER,), False),
        ("2030/1", "", (date(2030, 1, 31),), False),
        ("2030/1/9", "", (date(2030, 1, 9),), True),
        ("31.12.2030", "", (DECEMBER,), True),
        ("04.05.2031", Order.MONTH_FIRST, (date(2031, 5, 4),), True),  # dots are written day first everywhere
        ("04/05/2031", "", (date(2031, 5, 4), date(2031, 4, 5)), True),
        ("04/05/2031", Order.DAY_FIRST, (date(2031, 5, 4),), True),
        ("04/05/2031", Order.MONTH_FIRST, (date(2031, 4, 5),), True),
        ("05/05/2031", "", (date(2031, 5, 5),), True),
        ("12/31/2030", Order.DAY_FIRST, (DECEMBER,), True),  # it can be no other day
        ("31/12/2030", Order.MONTH_FIRST, (DECEMBER,), True),
        ("31 december 2030", "", (DECEMBER,), True),
        ("december 31, 2030", "", (DECEMBER,), True),
        ("december 2030", "", (DECEMBER,), False),
        ("january 2030", "", (date(2030, 1, 31),), False),
        ("february 2028", "", (date(2028, 2, 29),), False),
        ("end of 2030", "", (DECEMBER,), False),
        ("2030", "", (date(2030, 1, 1), DECEMBER), False),
    ],
)
def test_what_a_day_can_mean(text: str, order: str, readings: tuple[date, ...], precise: bool) -> None:
    found = days_in(f"updates until {text} for it", order)

    assert [(day.readings, day.precise) for day in found] == [(readings, precise)]
    assert f"updates until {text} for it"[found[0].start : found[0].end].strip() == text


@pytest.mark.parametrize(
    "text", ["2030-13-01", "2030-13", "31.02.2030", "1.2030.5", "31 february 2030", "20300"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert days_in(f"until {text} for it") == []


def test_days_are_found_in_order_and_each_once() -> None:
    found = days_in("december 2030, 2031-01-31, 1 march 2032 and 2033")

    assert [day.readings[-1] for day in found] == [
        DECEMBER,
        date(2031, 1, 31),
        date(2032, 3, 1),
        date(2033, 12, 31),
    ]


def test_days_that_stand_one_behind_the_other_are_two() -> None:
    assert [day.readings for day in days_in("2031-01-31 december 2030")] == [
        (date(2031, 1, 31),),
        (DECEMBER,),
    ]
    assert [day.readings for day in days_in("december 2030 2031-01-31")] == [
        (DECEMBER,),
        (date(2031, 1, 31),),
    ]


@pytest.mark.parametrize(
    ("begin", "days", "end"),
    [
        (date(2026, 11, 30), 365, date(2027, 11, 30)),
        (date(2026, 11, 30), 1826, date(2031, 11, 30)),
        (date(2026, 1, 15), 91, date(2026, 4, 15)),
        (date(2026, 1, 31), 30, date(2026, 2, 28)),
        (date(2027, 8, 31), 183, date(2028, 2, 29)),
        (date(2026, 12, 1), 365, date(2027, 12, 1)),
        (date(2026, 11, 1), 30, date(2026, 12, 1)),
        (date(2026, 12, 1), 30, date(2027, 1, 1)),
    ],
)
def test_years_and_months_end_on_the_same_day_or_the_last_of_a_shorter_month(
    begin: date, days: float, end: date
) -> None:
    assert after_years(begin, days) == end


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        ("Until 31 December 2030.", (DECEMBER,)),
        ("Five years from 31 December 2025.", (DECEMBER,)),
        ("Five years.", ()),  # nobody knows from when
        ("Five years from 1 January 2025, or from 1 January 2026.", ()),
        ("Two years, then three years, from 1 January 2025.", ()),
        (
            "Until 31 December 2030 for the first, and 30 June 2031 for the second.",
            (DECEMBER, date(2031, 6, 30)),
        ),
        ("Until 31 December 2030, that is the 31.12.2030.", (DECEMBER,)),
        ("Until 31 December 2030; updates come every two years.", (DECEMBER,)),
        ("Until 31 December 2030, within 90 days of a finding.", (DECEMBER,)),
        ("Until 04/05/2031.", ()),  # April or May
        ("As long as it is sold.", ()),
    ],
)
def test_the_end_that_an_answer_of_the_ixit_names(answer: str, ends: tuple[date, ...]) -> None:
    assert ends_of(answer) == ends


@pytest.mark.parametrize("text", ["ne peut pas etre mis a jour", "une mise a jour", "des mises a jour"])
def test_an_update_in_french_is_no_time_of_a_day(text: str) -> None:
    assert not list(spans(text))
