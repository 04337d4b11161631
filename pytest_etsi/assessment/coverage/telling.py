"""What is said of data where they are named: for which purposes, and to whom they go."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.coverage.denial import PERHAPS, Stance
from pytest_etsi.assessment.coverage.plain import sentences
from pytest_etsi.assessment.coverage.sought import NO_DATA, named_at, names
from pytest_etsi.assessment.coverage.vocabulary import folded
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from pytest_etsi.assessment.coverage.looking import Coverage, Sought
    from pytest_etsi.assessment.coverage.reading import Part, Text

__all__ = [
    "Told",
    "context_of",
    "given_to",
    "leads_elsewhere",
    "recipients_in",
    "says_for",
    "says_of",
    "told_in",
]

_STATED = frozenset({Stance.STATED})


@dataclass(frozen=True, slots=True)
class Told:
    """What the passages on some data say beside naming them.

    Attributes:
        purposes: concepts of purposes.
        umbrella: a purpose that may be any, "to provide our service", or one in a sentence that denies something, too.
        marked: words with which purposes are told stand there.
        recipients: concepts of recipients.
        perhaps: those, and recipients in a sentence that denies something, too.
    """

    purposes: frozenset[str]
    umbrella: bool
    marked: bool
    recipients: frozenset[str]
    perhaps: frozenset[str]


def context_of(coverage: Coverage, text: Text, others: Sequence[Sought]) -> tuple[Part, ...]:
    """The passages that speak of the data: those that name them, and those of their chapter that name no other data.

    Of a table only the data's own rows belong to it: a purpose in another row is one of other data.
    """
    much = Counter(hit.part for hit in coverage.named)
    most = max(much.values(), default=0)
    own = tuple(part for part in much if much[part] * 2 >= most)
    prose = [part for part in own if part.passage.kind is not Kind.TABLE_ROW]
    near = [part for part in text.around(prose) if part.passage.kind is not Kind.TABLE_ROW]
    if any(_LABEL.match(part.passage.text) for part in prose):
        near = [part for part in near if part in own or not _LABEL.match(part.passage.text)]
    return tuple(
        dict.fromkeys((*own, *(part for part in near if not any(names(one, part) for one in others))))
    )


_LABEL = re.compile(r"[^.:!?]{2,60}\s?:\s+\S")
"""An entry of a list that begins with what it is about: what stands in another one is said of something else."""


def _about(part: Part, what: str) -> Part:
    """Of a row with a column for it, only that column; otherwise the whole passage."""
    if part.passage.kind is not Kind.TABLE_ROW:
        return part
    cells = [
        content
        for head, content in part.passage.cells
        if vocabulary.says(f"{what}-column", folded(head), vocabulary.ANY)
    ]
    return replace(part, short=folded(" ; ".join(cells))) if cells else part


def told_in(parts: Iterable[Part]) -> Told:
    """What passages tell."""
    purposes: set[str] = set()
    recipients: set[str] = set()
    perhaps: set[str] = set()
    umbrella = marked = False
    for part in parts:
        if not part.language:
            continue
        of_purpose = _about(part, "purpose")
        row = of_purpose is not part
        without = replace(of_purpose, short=_without_things(of_purpose))
        stated = _concepts("purposes", without)
        purposes |= stated
        umbrella = (
            umbrella
            or stated != _concepts("purposes", without, PERHAPS)
            or "service" in _concepts("purpose_umbrellas", of_purpose, PERHAPS)
        )
        marked = (
            marked
            or (row and bool(of_purpose.short.strip(" -;")))
            or (not row and "marker" in _concepts("purpose_umbrellas", of_purpose, PERHAPS))
        )
        of_recipient = _about(part, "recipient")
        recipients |= given_to(of_recipient)
        perhaps |= _concepts("recipients", of_recipient, PERHAPS)
    return Told(frozenset(purposes), umbrella, marked, frozenset(recipients), frozenset(perhaps))


def _without_things(part: Part) -> str:
    """Its text without names of data and buttons: to count failed logins is not yet to find faults."""
    short = _ON_BUTTONS.sub(" ", part.short)
    for one in vocabulary.concepts("things"):
        if one in _LIKE_A_PURPOSE:
            short = vocabulary.pattern("things", one, part.language).sub(" ", short)
    return short


_ON_BUTTONS = re.compile(r'["\u201c\u201e\u00ab][^"\u201d\u201c\u00bb]{1,80}["\u201d\u201c\u00bb]')
_LIKE_A_PURPOSE = frozenset(
    {"restarts", "crash", "logs", "failed-logins", "software-version", "usage-history", "payment"}
)


def recipients_in(part: Part) -> frozenset[str]:
    """The kinds of recipients that a passage names, be it to deny that they get anything."""
    return frozenset(
        one
        for one in vocabulary.concepts("recipients")
        if part.language and vocabulary.pattern("recipients", one, part.language).search(part.short)
    )


def given_to(part: Part) -> frozenset[str]:
    """The kinds of recipients to whom data go, as a passage says it."""
    return _concepts("recipients", part) if part.language else frozenset()


def _concepts(file: str, part: Part, as_: Container[Stance] = _STATED) -> frozenset[str]:
    """The concepts that a passage states; what it denies is not told by it."""
    return frozenset(
        one
        for one in vocabulary.concepts(file)
        if says_of(vocabulary.pattern(file, one, part.language), part, as_)
    )


def says_of(pattern: re.Pattern[str], part: Part, as_: Container[Stance] = _STATED) -> bool:
    """Whether a passage states what the pattern finds."""
    return any(
        part.stance(match.start(), match.end()) in as_
        for match in islice(pattern.finditer(part.short), _MOST_PLACES)
    )


def says_for(words: Sequence[str], part: Part, sought: Sought) -> bool:
    """Whether a passage states one of some words of the data that are looked for, and not in a sentence on other data.

    "We use your address to write to you. We use your number to call you."
    """
    pattern = vocabulary.literal(tuple(words))
    return any(
        part.stance_in(sentence, match.start(), match.end()) in _STATED
        for sentence in sentences(part)
        if named_at(sought, sentence, part.language) or not _on_data(folded(sentence), part.language)
        for match in islice(pattern.finditer(folded(sentence)), _MOST_PLACES)
    )


def _on_data(short: str, language: str) -> bool:
    """Whether a folded sentence names data of a kind that is known."""
    return bool(language) and any(
        vocabulary.pattern("things", one, language).search(short)
        for one in vocabulary.concepts("things")
        if one not in NO_DATA
    )


_MOST_PLACES = 200
"""Places of one passage at which a concept is looked at."""


def leads_elsewhere(text: Text) -> tuple[Part, ...]:
    """The passages that lead the reader to another document on personal data."""
    return tuple(
        part
        for part in text.parts
        if part.language
        and part.passage.kind is not Kind.HEADING
        and vocabulary.says("elsewhere", part.short, part.language)
    )
