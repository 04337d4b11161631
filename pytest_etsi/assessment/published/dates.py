"""Days in nine languages, also those that can be read in two ways: 04/05/2031 is in May or in April."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Day", "Order", "after_years", "days_in", "order_in"]

_DATA = "published-support.json"


class Order:
    """In which order days are written with slashes."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or the last day of a month or year, as a text names it.

    Attributes:
        start, end: where it stands in the plain form.
        readings: what it can mean; one, unless it can be read in several ways.
        text: the words.
        precise: a day is named, and no month or year.
    """

    start: int
    end: int
    readings: tuple[date, ...]
    text: str
    precise: bool = True


@cache
def _months() -> dict[str, int]:
    return {
        word: int(number) for number, words in read_json(_DATA)["months"].items() for word in words.split("|")
    }


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = "|".join(sorted(_months(), key=len, reverse=True))
    ends = "|".join(read_json(_DATA)["end-of"].values())
    numbers = re.compile(
        r"(?<![\d./-])(?:(?P<iso>20\d\d)[-/](?P<iso_month>\d\d?)(?:[-/](?P<iso_day>\d\d?))?"
        r"|(?P<one>\d\d?)(?P<sign>[./-]) ?(?P<two>\d\d?)(?P=sign) ?(?P<year>20\d\d))(?![\d/-]|\.\d)"
    )
    words = re.compile(
        rf"\b(?:(?<![\d./-])(?P<day>\d\d?)(?:st|nd|rd|th|er|\.|o|\xba|\xb0)? (?:of |de |d')?)?(?P<month>{names})\b\.?,?"
        r"(?: (?P<day_behind>\d\d?)(?:st|nd|rd|th)?,)? ?(?:de |del )?(?P<year>20\d\d)\b"
        rf"|(?:(?P<end>{ends}) )?(?<![\d./-])\b(?P<only>20\d\d)\b(?![./-]\d)(?P<loppuun> loppuun)?"
    )
    return numbers, words


def order_in(text: str, language: str) -> str:
    """In which order a text writes days with slashes: as one of them settles it, or by its language."""
    found = set()
    for match in re.finditer(r"(?<![\d./-])(\d\d?)[/-](\d\d?)[/-]20\d\d(?!\d)", text):
        one, two = int(match[1]), int(match[2])
        if one > 12 >= two:
            found.add(Order.DAY_FIRST)
        elif two > 12 >= one:
            found.add(Order.MONTH_FIRST)
    if len(found) == 1:
        return found.pop()
    return Order.DAY_FIRST if not found and language not in {"", "en"} else Order.UNKNOWN


_SHORT_YEAR = re.compile(r"(?<=[a-z.,/-] )'(?=[23]\d\b)|(?<=[./-])'(?=[23]\d\b)")


def days_in(text: str, order: str = Order.UNKNOWN) -> list[Day]:
    """The days that a text in its plain form names, in order; "'29" is 2029."""
    if _SHORT_YEAR.search(text):
        return _with_whole_years(text, order)
    numbers, words = _patterns()
    found = [day for match in numbers.finditer(text) if (day := _of_numbers(match, order))]
    taken = {at for one in found for at in range(one.start, one.end)}
    for match in words.finditer(text):
        if taken.isdisjoint(range(*match.span())):
            found.extend(_of_words(match))
    return sorted(found, key=lambda one: one.start)


def _with_whole_years(text: str, order: str) -> list[Day]:
    """The days of a text with short years, with the places and words that they have there: a year grows by one sign."""
    grown = [match.start() + number for number, match in enumerate(_SHORT_YEAR.finditer(text))]

    def place(at: int) -> int:
        return at - sum(one < at for one in grown)

    return [
        replace(day, start=place(day.start), end=place(day.end), text=text[place(day.start) : place(day.end)])
        for day in days_in(_SHORT_YEAR.sub("20", text), order)
    ]


def after_years(day: date, days: float) -> date:
    """The day that lies so many days, which are years or months, behind another one."""
    months = round(days / 30.44)
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _of_numbers(match: re.Match[str], order: str) -> Day | None:
    if match["iso"]:
        year, month = int(match["iso"]), int(match["iso_month"])
        if match["iso_day"]:
            readings = _valid((year, month, int(match["iso_day"])))
        else:
            readings = _valid((year, month, _last(year, month)))
        return Day(*match.span(), readings, match[0], bool(match["iso_day"])) if readings else None
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    day_first, month_first = (year, two, one), (year, one, two)
    if match["sign"] == "." or order == Order.DAY_FIRST:
        readings = _valid(day_first) or _valid(month_first)
    elif order == Order.MONTH_FIRST:
        readings = _valid(month_first) or _valid(day_first)
    else:
        readings = _valid(day_first, month_first)
    return Day(*match.span(), readings, match[0]) if readings else None


def _of_words(match: re.Match[str]) -> Iterator[Day]:
    if match["only"]:
        year = int(match["only"])
        if match["end"] or match["loppuun"]:
            yield Day(*match.span(), (date(year, 12, 31),), match[0], precise=False)
        else:
            yield Day(*match.span(), (date(year, 1, 1), date(year, 12, 31)), match[0], precise=False)
        return
    year, month = int(match["year"]), _months().get(match["month"]) or _month(match["month"])
    day = match["day"] or match["day_behind"]
    readings = _valid((year, month, int(day) if day else _last(year, month)))
    if readings:
        yield Day(*match.span(), readings, match[0], precise=bool(day))


def _month(word: str) -> int:
    return next((number for name, number in _months().items() if re.fullmatch(name, word)), 0)


def _last(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0


def _valid(*parts: tuple[int, int, int]) -> tuple[date, ...]:
    found = []
    for year, month, day in parts:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))
