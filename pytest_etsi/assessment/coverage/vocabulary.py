"""The words by which documents speak of things, in nine languages, and how they are found in a text.

The files under ``data/`` map a concept to its words, one row a language (ISO 639-1), with ``|`` between them. ``*``
stands for any letters at the end or beginning of a word, as a word of its own for one or two words, ``...`` for up to
four. Words are written as `folded` gives them.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ANY", "LANGUAGES", "concepts", "concepts_in", "folded", "literal", "pattern", "says", "words"]

LANGUAGES = ("de", "en", "es", "fi", "fr", "it", "nl", "pl", "sv")

ANY = ""
"""In place of a language: all of them."""

_STROKES = str.maketrans({"\u0142": "l", "\u00f8": "o", "\u0111": "d", "\u00e6": "ae"})
_ONE_OR_TWO = r"[^\W\d_]+(?:[\s-]+[^\W\d_]+)?"
_FEW = r"(?:[^\s]+\s+){0,4}"
_LETTERS = r"\w{0,40}"
_BETWEEN = r"[^\w]{1,3}"


def folded(text: str) -> str:
    """A text for comparison: lower case, in one line, without accents and strokes."""
    return _folded(text) if len(text) < _SHORT else plain(text).translate(_STROKES)


_SHORT = 400
"""Characters of a text that is kept folded: headings and terms are compared again and again."""


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return plain(text).translate(_STROKES)


@cache
def _file(name: str) -> dict[str, dict[str, tuple[str, ...]]]:
    written = json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return {
        concept: {language: tuple(map(str.strip, row.split("|"))) for language, row in rows.items()}
        for concept, rows in written.items()
    }


def concepts(file: str) -> tuple[str, ...]:
    """The concepts of a file of the vocabulary, in its order."""
    return tuple(_file(file))


def words(file: str, concept: str, language: str) -> tuple[str, ...]:
    """The words for a concept in a language, as they are written in the file; none: it has none."""
    return _file(file)[concept].get(language, ())


def _expression(term: str) -> str:
    parts = []
    for word in term.split():
        if word == "...":
            parts.append(_FEW)
        elif word == "*":
            parts.append(_ONE_OR_TWO + r"[\s-]+")
        else:
            letters = re.escape(word).replace(r"\*", _LETTERS).replace(r"\-", r"[\s-]?")
            parts.append(letters + r"[\s-]+")
    return "".join(parts).removesuffix(r"[\s-]+")


@cache
def pattern(file: str, concept: str, language: str) -> re.Pattern[str]:
    """What finds a concept in a folded text of a language, or of `ANY`; it finds nothing where there are no words."""
    rows = [
        row for one in (LANGUAGES if language == ANY else (language,)) for row in words(file, concept, one)
    ]
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(_expression, dict.fromkeys(rows)))})(?!\w)" if rows else r"(?!)"
    )


@lru_cache(maxsize=4096)
def literal(words_: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of these words in a folded text, whatever stands between them and however they end.

    A word of more than four letters may have another ending of up to two letters, as languages bend them.
    """
    return re.compile("|".join(_bent(folded(word)) for word in words_ if folded(word)) or r"(?!)")


def _bent(word: str) -> str:
    pieces = re.findall(r"\w+", word)
    bent = (re.escape(piece) + (r"\w{0,2}" if len(piece) > 4 and piece.isalpha() else "") for piece in pieces)
    return rf"(?<!\w){_BETWEEN.join(bent)}(?!\w)" if pieces else r"(?!)"


def concepts_in(file: str, text: str, languages: Iterable[str]) -> tuple[str, ...]:
    """The concepts of a file that a text names in one of these languages, in the file's order."""
    short = folded(text)
    known = tuple(languages)
    return tuple(
        concept for concept in _file(file) if any(pattern(file, concept, one).search(short) for one in known)
    )


def says(concept: str, text: str, language: str) -> bool:
    """Whether a folded text has a word of a manner of speaking, such as advice."""
    return pattern("manner", concept, language).search(text) is not None
