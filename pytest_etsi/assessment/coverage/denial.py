"""Whether what a text names is stated there, said not to be there, or stands beside another negation."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

from pytest_etsi.assessment.coverage.vocabulary import LANGUAGES, pattern

__all__ = ["Stance", "stance_of"]


class Stance(StrEnum):
    """What a sentence says of what it names."""

    STATED = "stated"
    DENIED = "denied"
    """It is said not to exist, not to be collected, not to be recorded."""
    NEGATED = "negated"
    """Something else is denied of it, or it is denied under a condition."""


_SENTENCE = re.compile(r"[.!?;:](?:\s|$)|\s-\s|\|")
_TURN = re.compile(
    r"[,\s]\s*(?:but|whereas|while|although|however|because|since|so that|aber|sondern|weil|damit|jedoch|denn|mais|car|afin"
    r"|pero|sino|porque|para que|ma|pero|perche|affinche|maar|want|zodat|omdat|ale|lecz|poniewaz|aby|mutta|koska|jotta|men"
    r"|utan att|eftersom|sa att)\s"
)
_AFTER = 4
"""Words between what is named and a negator behind it: "location is not collected"."""
_LIST = 4
"""Words of a member of a list, which a negator before the list denies as well."""


@cache
def _negators(language: str) -> re.Pattern[str]:
    known = (language,) if language in LANGUAGES else LANGUAGES
    return re.compile("|".join(pattern("manner", "negators", one).pattern for one in known))


@cache
def _harmless(language: str) -> re.Pattern[str]:
    known = (language,) if language in LANGUAGES else LANGUAGES
    return re.compile("|".join(pattern("manner", "not-negators", one).pattern for one in known))


def stance_of(text: str, start: int, end: int, language: str) -> Stance:
    """What is said of a place in a folded text.

    Args:
        text: folded.
        start: where what is named begins.
        end: where it ends.
        language: of the text, two letters; empty: the words of all languages count.
    """
    first, last = _around(text, start, end)
    before, after = text[first:start], text[end:last]
    if not _denied_before(before, language) and not _denied_after(after, language):
        return Stance.STATED
    known = (language,) if language in LANGUAGES else LANGUAGES
    sentence = text[first:last]
    if any(pattern("manner", "conditions", one).search(sentence) for one in known):
        return Stance.NEGATED
    if any(pattern("manner", "absent", one).search(sentence) for one in known):
        return Stance.DENIED
    return Stance.NEGATED


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause around a place begins and ends."""
    first, last = 0, len(text)
    for end_ in (*_SENTENCE.finditer(text), *_TURN.finditer(text)):
        if end_.end() <= start:
            first = max(first, end_.end())
        elif end_.start() >= end:
            last = min(last, end_.start())
    return first, last


def _denied_before(before: str, language: str) -> bool:
    """Whether a negator stands before it: in the same part between commas, or before a list of short members."""
    before = _harmless(language).sub(" ", before)
    pieces = before.split(",")
    for number, piece in enumerate(reversed(pieces)):
        if _negators(language).search(piece):
            return True
        if number and len(piece.split()) > _LIST:
            return False
        if not number and len(piece.split()) > _LIST and len(pieces) > 1:
            return False
    return False


def _denied_after(after: str, language: str) -> bool:
    """Whether a negator stands behind it, before the next comma, and few words away."""
    near = " ".join(_harmless(language).sub(" ", after).split(",")[0].split()[: _AFTER + 1])
    return _negators(language).search(near) is not None
