"""Whether what a text names is stated there, said not to be there, or stands beside another negation."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage.vocabulary import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PERHAPS", "Stance", "denies", "stance_of"]


class Stance(StrEnum):
    """What a sentence says of what it names."""

    STATED = "stated"
    DENIED = "denied"
    """It is said not to exist, not to be collected, not to be recorded."""
    NEGATED = "negated"
    """Something else is denied of it, or it is denied under a condition."""
    OPEN = "open"
    """A negator stands in the same sentence, further off or in another clause, and may reach it."""


PERHAPS = frozenset({Stance.STATED, Stance.OPEN})
"""Of what would be a deviation, or has to be covered: it counts where it may be stated."""


_ABBREVIATION = (
    r"(?P<abbreviation>\b(?:[^\W\d_](?:\.\s?[^\W\d_]{1,2})?"
    r"|approx|bijv|bzw|ca|ej|esim|etc|evtl|ex|ggf|incl|inkl|np|nr|resp|usw)\.)|"
)
"""What has a full stop that ends no sentence: "e.g.", "z. B.", "p. ej."."""
_SENTENCE = re.compile(_ABBREVIATION + r"[.!?;:](?:\s|$)|\s-\s|\|")
_FULL_STOP = re.compile(_ABBREVIATION + r"[.!?](?:\s|$)|\||;(?=[^.;:]{1,60}:)")
"""Where no negation reaches further: a list may have a colon, semicolons and dashes in its sentence, and no cells."""
_WINDOW = 500
"""Characters before and behind a place that are looked at: a text without sentences is not read again and again."""
_AFTER = 4
"""Words between what is named and a negator behind it: "location is not collected"."""
_LIST = 4
"""Words of a member of a list, which a negator before the list denies as well."""


def _says(manner: str, text: str, language: str) -> bool:
    return pattern("manner", manner, language).search(text) is not None


def _without_harmless(text: str, language: str) -> str:
    return pattern("manner", "not-negators", language).sub(" ", text)


def denies(text: str, language: str) -> bool:
    """Whether a folded text has a negator, whatever it denies."""
    return _says("negators", _without_harmless(text, language), language)


@lru_cache(maxsize=8192)  # each entry that a page may be about asks of the same places
def stance_of(text: str, start: int, end: int, language: str) -> Stance:
    """What is said of a place in a folded text.

    Args:
        text: folded.
        start: where what is named begins.
        end: where it ends.
        language: of the text, two letters; empty: the words of all languages count.
    """
    whole, place = text, (start, end)
    from_ = max(0, start - _WINDOW)
    text, start, end = text[from_ : end + _WINDOW], start - from_, end - from_
    first, last = _around(text, start, end, language)
    before, after = text[first:start], text[end:last]
    if text[last : last + 1] == "?" or _denied_behind_a_colon(text, last, language):
        return Stance.NEGATED
    if _says("no-longer", text[first : _end_of(text, last)], language):
        return Stance.NEGATED
    if not _denied_before(before, language) and not _denied_after(after, language):
        if _may_be_denied(whole, *place, language):
            return Stance.OPEN
        return Stance.STATED
    sentence = text[first:last]
    if _says("conditions", sentence, language) or not _says("absent", sentence, language):
        return Stance.NEGATED
    return Stance.DENIED


def _around(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Where the clause around a place begins and ends."""
    first, last = 0, len(text)
    for end_ in (*_ends(_SENTENCE, text), *pattern("manner", "turns", language).finditer(text)):
        if end_.end() <= start:
            first = max(first, end_.end())
        elif end_.start() >= end:
            last = min(last, end_.start())
    return first, last


def _ends(pattern_: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Where sentences end, or clauses: not behind an abbreviation."""
    return (end for end in pattern_.finditer(text) if not end["abbreviation"])


def _may_be_denied(text: str, start: int, end: int, language: str) -> bool:
    """Whether a negator stands anywhere in the sentence, but before a "but" in front of the place.

    What it denies is not looked for: "the picture is shown, there is no microphone" and "the picture, wherever it is
    taken, is not kept" are built alike. Nor is it told of a sentence that is longer than what is looked at.
    """
    from_, to = max(0, start - _WINDOW), min(len(text), end + _WINDOW)
    before, after = text[from_:start], text[end:to]
    begins = [stop.end() for stop in _ends(_FULL_STOP, before)]
    begins += [turn.end() for turn in pattern("manner", "turns", language).finditer(before)]
    stops = [stop.start() for stop in _ends(_FULL_STOP, after)]
    if (from_ > 0 and not begins) or (to < len(text) and not stops):
        return True
    sentence = f"{before[max(begins, default=0) :]} {after[: min(stops, default=_WINDOW)]}"
    return denies(sentence, language)


def _end_of(text: str, last: int) -> int:
    """Where what is said of a place ends: behind a colon, where one follows it, and otherwise with its clause."""
    if text[last : last + 1] != ":":
        return last
    return next((end.start() for end in _ends(_SENTENCE, text) if end.start() > last), len(text))


def _denied_behind_a_colon(text: str, last: int, language: str) -> bool:
    """Whether an answer behind it begins with a negator: "Location: not collected"."""
    if text[last : last + 1] != ":":
        return False
    return _says("negators", " ".join(text[last + 1 :].split()[:2]), language)


def _denied_before(before: str, language: str) -> bool:
    """Whether a negator stands before it: in the same part between commas, or before a list of short members."""
    before = _without_harmless(before, language)
    for piece in reversed(before.split(",")):
        if _says("negators", piece, language):
            return True
        if len(piece.split()) > _LIST:
            return False
    return False


def _denied_after(after: str, language: str) -> bool:
    """Whether a negator stands behind it, before the next comma, and few words away."""
    near = " ".join(_without_harmless(after, language).split(",")[0].split()[: _AFTER + 1])
    return _says("negators", near, language)
