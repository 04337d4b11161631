"""Looking for what an IXIT entry is about in what was published: named, named in other words, denied, or not there.

Only what is named as the entry says it is covers it by program. What may be meant, an umbrella term ("technical
information about your device"), a denial with a condition, or a word that is nearly the same, is for a person, with the
passage. That it is not there is said only of a text that was read as a whole, in languages whose words are known, and
where nothing similar stands.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.coverage.denial import Stance
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_etsi.assessment.coverage.reading import Part, Text

__all__ = ["Coverage", "Hit", "How", "Sought", "Status", "denied_in_a_cell", "look"]


class How(StrEnum):
    """How a passage speaks of what is sought."""

    NAMED = "named"
    """By the words that the IXIT gives, or by the usual ones."""
    DENIED = "denied"
    """It is said not to be there."""
    NEGATED = "negated"
    """It stands beside a negation that does not deny it: "we do not sell your location"."""
    BESIDE = "beside"
    """Where something else is spoken of: an accessory, another product, a former version, the website, a picture."""
    UMBRELLA = "umbrella"
    """By a term that may include it."""
    NEARLY = "nearly"
    """By a word that is nearly the same."""


class Status(StrEnum):
    """What comes of looking for one thing."""

    COVERED = "covered"
    PARTLY = "partly"
    """Some of its parts are named and others are not."""
    OTHERWISE = "otherwise"
    """By its usual words, and not by those that the IXIT gives."""
    UNSURE = "unsure"
    """Only by an umbrella term, a negation, a similar word: a person has to read it."""
    DENIED = "denied"
    ABSENT = "absent"
    NOT_SHOWN = "not shown"
    """It was not found, and that shows nothing: not all was read, or there are no words to look for."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for.

    Attributes:
        name: as people call it.
        words: those of the IXIT: any of them names it.
        file: of the vocabulary.
        concepts: what it consists of; each has to be named where no words are given.
        umbrellas: concepts of the file ``umbrellas`` that may include it.
        language: of the words, two letters; empty: not known.
        witnessed: something else that is looked for in the same way was found in the text.
    """

    name: str
    words: tuple[str, ...] = ()
    file: str = "things"
    concepts: tuple[str, ...] = ()
    umbrellas: tuple[str, ...] = ()
    language: str = ""
    witnessed: bool = False

    def pattern(self, concept: str, language: str) -> re.Pattern[str]:
        """What finds a concept of it in a language."""
        return vocabulary.pattern(self.file, concept, language)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that speaks of what is sought."""

    part: Part
    how: How
    concept: str
    """Which part of it; empty: all, by the words of the IXIT."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What came of looking for one thing.

    Attributes:
        sought: what was looked for.
        status: what came of it.
        hits: the passages, those that a person should read first in front.
        missing: concepts that no passage names.
        tried: the words that were looked for, by language.
        why: why nothing is shown by what was not found.
    """

    sought: Sought
    status: Status
    hits: tuple[Hit, ...] = ()
    missing: tuple[str, ...] = ()
    tried: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    why: str = ""

    @property
    def named(self) -> tuple[Hit, ...]:
        """The passages that name it without denying it."""
        return tuple(hit for hit in self.hits if hit.how is How.NAMED)

    @property
    def looked_for(self) -> str:
        """What was looked for, in words: ``"camera", "image sensor" (en)``."""
        return "; ".join(
            f"{', '.join(repr(one) for one in rows[:8])}{f' ({name})' if name else ''}"
            for name, rows in self.tried.items()
        )

    def named_in(self) -> frozenset[str]:
        """The languages in which it is named."""
        return frozenset(hit.part.language for hit in self.named if hit.part.language)


def look(sought: Sought, text: Text) -> Coverage:
    """Look for one thing in what was published."""
    tried = _tried(sought, text)
    hits = tuple(_hits(sought, text))
    named = {hit.concept for hit in hits if hit.how is How.NAMED}
    missing = tuple(one for one in sought.concepts if one not in named)
    if "" in named:
        return Coverage(sought, Status.COVERED, _first(hits), (), tried)
    if named and sought.words:
        return Coverage(sought, Status.OTHERWISE, _first(hits), missing, tried)
    if sought.concepts and not missing:
        return Coverage(sought, Status.COVERED, _first(hits), (), tried)
    if named:
        return Coverage(sought, Status.PARTLY, _first(hits), missing, tried)
    direct = [hit for hit in hits if hit.how is not How.UMBRELLA]
    if direct:
        firmly = any(hit.how is How.DENIED for hit in direct)
        every = {hit.concept for hit in direct} >= set(sought.concepts) or not sought.concepts
        return Coverage(
            sought, Status.DENIED if firmly and every else Status.UNSURE, _first(hits), missing, tried
        )
    if hits:
        return Coverage(sought, Status.UNSURE, _first(hits), missing, tried)
    if near := tuple(_nearly(sought, text, tried)):
        return Coverage(sought, Status.UNSURE, near, missing, tried)
    why = _nothing_shown(sought, text)
    return Coverage(sought, Status.NOT_SHOWN if why else Status.ABSENT, (), missing, tried, why)


_ORDER = (How.NAMED, How.DENIED, How.NEGATED, How.BESIDE, How.NEARLY, How.UMBRELLA)


def _first(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Those that say most in front: by how they name it, how much of it they name, and text before headings."""
    found = tuple(hits)
    much = Counter(hit.part for hit in found if hit.how is How.NAMED)
    return tuple(
        sorted(
            found,
            key=lambda hit: (_ORDER.index(hit.how), -much[hit.part], hit.part.passage.kind is Kind.HEADING),
        )
    )


def _hits(sought: Sought, text: Text) -> Iterator[Hit]:
    for part in (*text.parts, *text.aside):
        found = False
        if sought.words:
            for how in _by(vocabulary.literal(sought.words), part):
                found = True
                yield Hit(part, how, "")
        if part.language:
            for concept in sought.concepts:
                for how in _by(sought.pattern(concept, part.language), part):
                    found = True
                    yield Hit(part, How.UMBRELLA if _how_to_write(concept, part) else how, concept)
            if not (found or part.beside or part.passage.kind is Kind.HEADING) and _under_an_umbrella(
                sought, part
            ):
                yield Hit(part, How.UMBRELLA, "")


def _under_an_umbrella(sought: Sought, part: Part) -> bool:
    return any(
        How.NAMED in _by(vocabulary.pattern("umbrellas", one, part.language), part)
        for one in sought.umbrellas
    )


_MOST_PLACES = 200
"""Places of one passage at which a thing is looked at; a passage of a reader's length names none so often."""


def _by(pattern: re.Pattern[str], part: Part) -> Iterator[How]:
    """How a passage speaks of it, once: what it states anywhere counts, whatever it denies elsewhere."""
    found = islice(pattern.finditer(part.short), _MOST_PLACES)
    stances = {part.stance(match.start(), match.end()) for match in found}
    if Stance.STATED in stances and not denied_in_a_cell(part):
        yield How.BESIDE if part.beside or part.of_website else How.NAMED
    elif Stance.DENIED in stances:
        yield How.DENIED
    elif stances:
        yield How.NEGATED


_NO = re.compile(r"(?:no|not collected|nein|non|nee|nie|ei|nej|\u2717|\u2718|\u274c|x)\W*|[-\u2013\u2014]+")


def denied_in_a_cell(part: Part) -> bool:
    """Whether a row says in a cell of its own that it does not hold: a column "Collected" with "no"."""
    return any(
        _NO.fullmatch(vocabulary.folded(content))
        and not any(
            vocabulary.says(f"{what}-column", vocabulary.folded(head), "")
            for what in ("purpose", "recipient")
        )
        for head, content in part.passage.cells
    )


_OF_THE_MAKER = frozenset({"e-mail", "phone", "address"})
"""Data that a text also gives of the maker: a line on how to write to it names no data of users."""


def _how_to_write(concept: str, part: Part) -> bool:
    return concept in _OF_THE_MAKER and (
        "@" in part.short or vocabulary.says("contact", part.short, part.language)
    )


def _tried(sought: Sought, text: Text) -> dict[str, tuple[str, ...]]:
    tried: dict[str, tuple[str, ...]] = {}
    if sought.words:
        tried[""] = sought.words
    for language in text.written_in or ("en",):
        rows = tuple(
            row.replace("*", "...")
            for one in sought.concepts
            for row in vocabulary.words(sought.file, one, language)
        )
        if rows:
            tried[language] = rows
    return tried


def _nothing_shown(sought: Sought, text: Text) -> str:
    """Why it shows nothing that it was not found; empty: it shows that it is not there."""
    if not text.whole:
        return text.why
    if not sought.words and not sought.concepts:
        return "the IXIT names it in no words that a program knows"
    if not sought.words and not sought.witnessed:
        return "nothing else of the table was found there by its usual names either, so that others may be in use"
    lacking = [
        language
        for language in text.written_in
        if not any(vocabulary.words(sought.file, one, language) for one in sought.concepts)
    ]
    if not text.written_in or (lacking and sought.language not in text.written_in):
        return "there are no words for it in the language of the text"
    return ""


_SHORTEST_PIECE = 3
_SHORTEST = 6
"""Letters of a word that may be misprinted; shorter ones are too like each other."""
_ALIKE = 0.85


def _nearly(sought: Sought, text: Text, tried: Mapping[str, tuple[str, ...]]) -> Iterator[Hit]:
    """Passages with words that are nearly those looked for: a misprint, another spelling, a bent form."""
    phrases = {
        tuple(piece for piece in re.findall(r"\w+", vocabulary.folded(row)) if len(piece) >= _SHORTEST_PIECE)
        for rows in tried.values()
        for row in rows
        if len(row.split()) == 1 or row in sought.words
    }
    worth = [phrase for phrase in phrases if any(len(piece) >= _SHORTEST for piece in phrase)]
    for part in text.parts:
        words = set(re.findall(r"\w{3,}", part.short))
        if any(all(piece in words or _is_alike(piece, words) for piece in phrase) for phrase in worth):
            yield Hit(part, How.NEARLY, "")


def _is_alike(piece: str, words: Iterable[str]) -> bool:
    return len(piece) >= _SHORTEST and any(_alike(piece, word) for word in words)


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> bool:
    """Whether two words that begin alike differ by a letter or two."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 2:
        return False
    return difflib.SequenceMatcher(None, one, other).ratio() >= _ALIKE
