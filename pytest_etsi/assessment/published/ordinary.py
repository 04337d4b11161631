"""Whether a sentence is a plain promise: one that consists of ordinary words for it, and of nothing that may limit it.

What limits a promise has no end: "in the Pro tier", "to our management", "in an ideal world". Looking for such words
finds those that somebody thought of. So the words are known of which a plain promise consists, and any other one sends
the sentence to a person.
"""

from __future__ import annotations

import re
from functools import cache

from pytest_etsi.assessment._data import read_json
from pytest_etsi.profile.words import plain

__all__ = ["folded", "known_words", "uncommon"]

_DATA = "published-ordinary.json"
_STROKES = str.maketrans({"\u0142": "l"})
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S*@\S+|https?://\S+|www\.\S+")
_LETTER = 1


def uncommon(text: str, subject: str, languages: tuple[str, ...], names: str = "") -> tuple[str, ...]:
    """The words of a sentence that are no ordinary ones.

    Args:
        text: the sentence.
        subject: ``policy`` or ``support``.
        languages: of the text, two letters each.
        names: of the product and its maker, and the title of the document: their words are ordinary there.
    """
    known = _ordinary(subject, languages)
    named = set(_WORD.findall(folded(names)))
    return tuple(
        word
        for word in _WORD.findall(_ADDRESS.sub(" ", folded(text)))
        if len(word) > _LETTER and word not in named and not known.fullmatch(word)
    )


def folded(text: str) -> str:
    """A text for comparison with words of the data: plain, and without strokes."""
    return plain(text).translate(_STROKES)


@cache
def _ordinary(subject: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    data = read_json(_DATA)
    rows = [data[part][language] for part in ("common", subject) for language in languages]
    numbers = "|".join(read_json("published-times.json")["numbers"].values())
    often = "|".join(words for words, _ in read_json("published-times.json")["often"])
    return re.compile("|".join((*rows, numbers, often)).translate(_STROKES) or r"(?!)")


@cache
def known_words(part: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    """The ordinary words of one part of the data, with the words for numbers."""
    data = read_json(_DATA)
    numbers = "|".join(read_json("published-times.json")["numbers"].values())
    often = "|".join(words for words, _ in read_json("published-times.json")["often"])
    rows = [data[part][language] for language in languages]
    return re.compile("|".join((*rows, numbers, often)).translate(_STROKES) or r"(?!)")
