"""What a published document says, sentence by sentence, each with its passage, in a form for comparison."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.reading.sentences import shortened
from pytest_etsi.assessment.standing import is_provisional, is_unbinding
from pytest_etsi.probes.webdocs import LANGUAGES, Kind, language_of
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.probes.webdocs import Passage, WebDocument

__all__ = ["Said", "Vocabulary", "languages_of", "quoted", "said_in", "taken_back"]

_ENDS = re.compile(
    r"(?<=[.!?;])(?<!\b\d\.)(?<!\b\d\d\.)(?<!\b[A-Za-z]\.)(?<!\br\.)\s+|(?<=:)\s+(?=[-*\u2022])"
    r"|(?<=20\d\d r\.)\s+(?=[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff\u0142\u015b\u017c])"
)
_WHOLE = frozenset({"doubt", "maker", "after", "and", "cause", "ours"})
"""Concepts of short words, which are no beginnings of longer ones."""
_LONGEST = 4000
"""Characters of a sentence that are looked at."""
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, a row of a table, or an entry of a list.

    Attributes:
        text: as it stands there.
        plain: for comparison: lower case, without accents.
        passage: where it stands.
    """

    text: str
    plain: str
    passage: Passage


def said_in(passages: Iterable[Passage]) -> Iterator[Said]:
    """The sentences of passages in order; rows of tables are not taken apart."""
    number = 0
    for passage in passages:
        whole = passage.kind in {Kind.TABLE_ROW, Kind.FIELD, Kind.HEADING}
        for part in (passage.text,) if whole else _ENDS.split(passage.text):
            text = part.strip()[:_LONGEST]
            number += 1
            if number > _MOST:
                return
            if text:
                yield Said(text, plain(text), passage)


def languages_of(document: WebDocument) -> tuple[str, ...]:
    """The languages in which a document is looked at; empty: it is in none that is known."""
    found = language_of(document.own_text) or document.language
    return (found,) if found in LANGUAGES else ()


def taken_back(document: WebDocument) -> Said | None:
    """The sentence, wherever it stands, by which a text says of itself that it is not in force, or binds nobody."""
    languages = languages_of(document) or LANGUAGES
    return next(
        (
            one
            for one in said_in(document.own)
            if is_provisional(one.plain, languages) or is_unbinding(one.plain, languages)
        ),
        None,
    )


def quoted(said: Said) -> str:
    """A sentence with its place, as a person is shown it."""
    return f"{shortened(said.text, 200)!r} ({said.passage.place})"


class Vocabulary:
    """The words of one file of the data directory, in some languages.

    Args:
        name: of the file.
        languages: two letters each.
    """

    def __init__(self, name: str, languages: tuple[str, ...]) -> None:
        self._name, self.of_languages = name, languages

    def __getitem__(self, concept: str) -> re.Pattern[str]:
        """What names a concept in these languages."""
        return _pattern(self._name, concept, self.of_languages)


@cache
def _pattern(name: str, concept: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    words = read_json(name)[concept]
    ends = r"(?!\w)" if concept in _WHOLE else ""
    return re.compile(rf"\b(?:{'|'.join(words[language] for language in languages) or '(?!)'}){ends}")
