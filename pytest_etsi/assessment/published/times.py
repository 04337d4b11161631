"""Spans of time in nine languages: how long, whether they recur, and where in a sentence they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Span", "names_a_time", "spans"]

_DATA = "published-times.json"


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time in a sentence.

    Attributes:
        start, end: where it stands in the plain form.
        least, most: days that it is at least and at most, for "3 working days" may be a week with its end.
        recurs: it is said to come again and again.
        text: the words.
    """

    start: int
    end: int
    least: float
    most: float
    recurs: bool
    text: str


def spans(text: str) -> list[Span]:
    """The spans of time in a text in its plain form, in order."""
    found = list(_often(text))
    for match in _span().finditer(text):
        if any(one.start < match.end() and match.start() < one.end for one in found):
            continue
        unit = next(index for index in range(len(read_json(_DATA)["units"])) if match[f"unit{index}"])
        _, least, most = read_json(_DATA)["units"][unit]
        number = _number(match["number"])
        recurs = bool(match["every"] or match["behind"])
        found.append(Span(match.start(), match.end(), number * least, number * most, recurs, match[0]))
    return sorted(found, key=lambda one: one.start)


def names_a_time(text: str) -> bool:
    """Whether a text in its plain form has a word for a month, a year or another time, understood or not."""
    return any(match[0] not in _WORDS_TOO for match in _time().finditer(text))


_WORDS_TOO = frozenset({"an", "ar", "h"})
"""A year or an hour in one language, and in others a word of every sentence."""


@cache
def _time() -> re.Pattern[str]:
    units = "|".join(unit[0] for unit in read_json(_DATA)["units"])
    months = "|".join(read_json("published-support.json")["months"].values())
    return re.compile(rf"\b(?:{units}|{months})(?!\w)")


def _often(text: str) -> Iterator[Span]:
    for words, days in read_json(_DATA)["often"]:
        for match in re.finditer(rf"\b(?:{words})\b", text):
            yield Span(match.start(), match.end(), float(days), float(days), True, match[0])


@cache
def _values() -> dict[str, float]:
    numbers = read_json(_DATA)["numbers"].items()
    return {word: float(number) for number, words in numbers for word in words.split("|")}


@cache
def _span() -> re.Pattern[str]:
    data = read_json(_DATA)
    words = "|".join(sorted(map(re.escape, _values()), key=len, reverse=True))
    units = "|".join(f"(?P<unit{index}>{unit[0]})" for index, unit in enumerate(data["units"]))
    return re.compile(
        rf"(?:\b(?P<every>{data['every']['before']}) +)?"
        rf"(?<!mis )(?<!mise )(?<!mises )(?<![\w.,/-])(?:\d{{1,3}} ?(?:-|to|bis|a|al|tot|do|till) ?)?"
        rf"(?P<number>\d{{1,4}}(?:[.,]\d{{1,2}})?|{words})(?::e|-?te?|\.)?(?: ?\(\s?\d+\s?\))?[ -]+"
        rf"(?:(?:full|calendar|consecutive|volle|vollen|ganze) )?(?:{units})(?!\w)"
        rf"(?: (?P<behind>{data['every']['behind']}))?"
    )


def _number(text: str) -> float:
    known = _values().get(text)
    return float(text.replace(",", ".")) if known is None else known
