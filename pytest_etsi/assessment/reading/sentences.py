"""Prose taken apart: sentences, their clauses, and whether one states what it names, denies it, or leaves it open."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment.reading.lexicon import ENDED, HEDGE, NEGATION
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Stance", "clauses", "denies", "sentences", "shortened", "spoken", "stance", "stated"]

Stance = Literal["stated", "denied", "open"]
"""What a sentence says of something that it names."""

_NO_END = "".join(
    rf"(?<!\b{short}\.)"
    for short in (
        "min",
        "max",
        r"e\.g",
        r"i\.e",
        "incl",
        "approx",
        "resp",
        "opt",
        "vs",
        "no",
        "ver",
        "ca",
        r"z\.b",
        "bzw",
    )
)
_ENDS = re.compile(
    rf"(?<=[.!?;]){_NO_END}\s+|(?<=[\u3002\uff01\uff1f\uff1b])\s*|\s;\s|\n\s*(?:[-*\u2022]|\d+[.)])\s+|\n{{2,}}",
    re.IGNORECASE,
)
"""Ends of sentences, also those of a list; usual abbreviations end none."""

_CLAUSES = re.compile(
    r"[,\uff0c]?\s+\(?(?:which|while|so|since|because|but|whereas|then|yet|although|aber|sondern|weil|damit"
    r"|wobei|jedoch"
    r"|mais|tandis|pero|mientras|mentre|maar|terwijl|ale|mas|enquanto)\b|\s[-\u2013\u2014]\s|;",
    re.IGNORECASE,
)

_ELSEWHERE = re.compile(
    r"!?\[[^\]]*\](?:\([^)]*\))?|https?://\S+|www\.\S+|\S+@\S+"
    r"|[\"\u201c\u201e\u00ab]?[^\s\"\u201c\u201e\u00ab(]+\.(?:pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|html?|txt"
    r"|zip|md)\b"
)
"""Links, addresses, pictures and names of files: what is named there is not said here."""


def spoken(text: str) -> str:
    """A text without what it only points to: links, addresses, pictures, names of files."""
    return _ELSEWHERE.sub(" ", text)


@lru_cache(maxsize=512)  # several units ask of the same field
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, also those of a list, each on one line."""
    lines = (" ".join(line.split()) for line in _ENDS.split(text))
    return tuple(line for line in lines if line)


def clauses(sentence: str) -> Iterator[str]:
    """The parts of a sentence that may say different things; a list behind commas stays together."""
    for part in _CLAUSES.split(sentence):
        if part.strip():
            yield part.strip()


def denies(text: str) -> bool:
    """Whether a text holds a word of negation, or one by which something is over, off or turned away."""
    short = plain(text)
    return bool(NEGATION.search(short) or ENDED.search(short))


def _hedges(text: str) -> bool:
    return HEDGE.search(plain(text)) is not None


def stance(sentence: str, pattern: re.Pattern[str]) -> Stance | None:
    """What a sentence says of what `pattern` finds in it: stated, denied, or open; None: it does not name it.

    Stated is only what stands in a sentence without any word of negation, condition, comparison or another time; denied
    is what is negated in its own clause. Everything else is open, and for a person to read.
    """
    if not pattern.search(sentence):
        return None
    if not denies(sentence) and not _hedges(sentence):
        return "stated"
    naming = [clause for clause in clauses(sentence) if pattern.search(clause)]
    firmly = bool(naming) and all(denies(clause) for clause in naming) and not _conditional(sentence)
    return "denied" if firmly else "open"


def stated(text: str, pattern: re.Pattern[str]) -> str:
    """The first sentence that states what `pattern` finds in its `plain` form; empty: none does without doubt."""
    for sentence in sentences(spoken(text)):
        line = plain(sentence)
        if pattern.search(line) and not denies(line) and not _hedges(line):
            return sentence
    return ""


_CONDITION = re.compile(
    r"\b(?:if|unless|except\w*|may|might|can|some|compatib\w*|fall ?backs?|legacy|depend\w*|either|until"
    r"|wenn|falls|sofern|kann|kompatib\w*|sauf|peut|peuvent|salvo|excepto|pued\w+|puo|possono|kan|moze|pode\w*|muze)\b"
)


def _conditional(sentence: str) -> bool:
    """Whether a denial holds only at times, or for some: "TLS 1.0 is off unless the owner turns it on"."""
    return _CONDITION.search(plain(sentence)) is not None


def shortened(text: str, most: int = 90) -> str:
    """A text on one line, cut to `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 4]} ..."
