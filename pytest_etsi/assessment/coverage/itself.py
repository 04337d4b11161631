"""What a manual or a notice says of itself, or of nobody knows what: by which it may take back all that it tells.

"Compiled by fans of the brand" stands far from what it takes back, and no list foresees it. So a sentence of the text
is an ordinary one if it is plain, or if it asks something, speaks of us, to the reader, or of the device or its data,
and not of the text itself; or if it is of a kind that limits nothing. Any other one, wherever it stands, sends what the
text covers to a person.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.coverage.plain import sentences, unusual_in
from pytest_etsi.assessment.published.harmless import Context, limits_nothing
from pytest_etsi.assessment.published.ordinary import folded
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.assessment.coverage.plain import Subject
    from pytest_etsi.assessment.coverage.reading import Part, Text

__all__ = ["of_itself"]

_WHOLE = "published-whole.json"
_TERMS = ("things", "umbrellas", "purposes", "recipients", "deletion")
_FEWEST_WORDS = 2


def of_itself(text: Text, subject: Subject, names: Sequence[str] = ()) -> Iterator[tuple[Part, str]]:
    """The sentences by which a text may take back what it tells, each with the passage it stands in.

    Args:
        text: as it was read.
        subject: what it is.
        names: of the maker, the product and the recipients: ordinary there.
    """
    maker = frozenset(folded(" ".join(names)).split())

    def about(part: Part) -> Context:
        return Context("guide", (part.language,), maker)

    for part in text.parts:
        if part.passage.kind is not Kind.MAIN:
            continue
        # In a language whose words are not known, any sentence may.
        for sentence in sentences(part):
            plain = part.language and not unusual_in(sentence, part.language, subject, names)
            if plain or (
                part.language and (_is_ordinary(sentence, part) or limits_nothing(sentence, about(part)))
            ):
                continue
            yield part, sentence


def _is_ordinary(sentence: str, part: Part) -> bool:
    language, short = part.language, folded(sentence)
    # In scripts without spaces a sentence is one word.
    if (len(short.split()) < _FEWEST_WORDS and short.isascii()) or _furniture().fullmatch(
        short.strip(" .:!*_|")
    ):
        return True
    if _whole("request", language).match(short):
        return True
    rest = _whole("page", "").sub(" ", short)
    of_document = any(_whole(concept, language).search(rest) for concept in ("document", "manual"))
    if of_document or _whole("this-page", "").search(short):
        return _whole("document-form", language).match(short) is not None
    return (
        _whole("person", language).search(short) is not None
        or _device(language).search(short) is not None
        or _terms(language).search(vocabulary.folded(sentence)) is not None
    )


@cache
def _whole(concept: str, language: str) -> re.Pattern[str]:
    words = read_json(_WHOLE)[concept]
    return re.compile(rf"\b(?:{words[language]})(?!\w)") if language else re.compile(rf"\b(?:{words})(?!\w)")


@cache
def _furniture() -> re.Pattern[str]:
    return re.compile(read_json(_WHOLE)["furniture"])


@cache
def _device(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{read_json('published-standing.json')['device'][language]})")


@cache
def _terms(language: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(
            vocabulary.pattern(file, concept, language).pattern
            for file in _TERMS
            for concept in vocabulary.concepts(file)
        )
    )
