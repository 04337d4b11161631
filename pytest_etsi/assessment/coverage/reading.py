"""What was published as parts: the document's own text, block by block, each in a language that is known or not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage.denial import Stance, denies, stance_of
from pytest_etsi.assessment.coverage.vocabulary import ANY, LANGUAGES, concepts_in, folded, says
from pytest_etsi.assessment.standing import footnoted, is_beside, names_a_variant, on_the_website
from pytest_etsi.probes.webdocs.language import language_of
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_etsi.probes.webdocs.model import Passage, WebDocument

__all__ = ["Part", "Text", "text_of"]

_FEWEST_WORDS = 25
"""Words of a document below which it is not said that something is missing in it: it may be a frame around the text."""
_WORDS_OF_A_LANGUAGE = 30
"""Words in one language that make it one of the languages of a document."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A passage of the document's own text; two of them are never one, whatever they say.

    Attributes:
        passage: as it was read.
        short: its text, folded.
        language: two letters; empty: none that is known.
        document: where the document was asked for.
        beside: it stands among accessories, other products, former versions or things to come, or a footnote limits it.
        of_website: it is about the maker's website.
        under_a_denial: a heading above it denies something, or a line that introduces it: "We do not collect:".
    """

    passage: Passage
    short: str
    language: str
    document: str = ""
    beside: bool = False
    of_website: bool = False
    under_a_denial: bool = False

    @property
    def chapter(self) -> tuple[str, ...]:
        """The headings above it, and itself where it is one."""
        own = (self.passage.text,) if self.passage.kind is Kind.HEADING else ()
        return (*self.passage.chapter, *own)

    def stance(self, start: int, end: int) -> Stance:
        """What it says of a place in its folded text, under its headings and what introduces it; see `stance_of`."""
        said = stance_of(self.short, start, end, self.language)
        return Stance.OPEN if said is Stance.STATED and self.under_a_denial else said

    def stance_in(self, sentence: str, start: int, end: int) -> Stance:
        """The same of a place in one of its sentences alone, folded."""
        said = stance_of(folded(sentence), start, end, self.language)
        return Stance.OPEN if said is Stance.STATED and self.under_a_denial else said

    @property
    def quoted(self) -> str:
        """Its text in quotes, shortened, with its place."""
        line = self.passage.text if len(self.passage.text) <= 220 else f"{self.passage.text[:216]} ..."
        return f'"{line}" ({self.passage.place})'


@dataclass(frozen=True, slots=True)
class Text:
    """What was published on a subject, in one document or several.

    Attributes:
        parts: the own text of the documents, in order.
        written_in: the languages in which a good deal of it is written, the most frequent first.
        whole: all of it was read, so that what is not in it was not said.
        why: why it is not whole, in a sentence.
        aside: what is said in place of pictures, or is hidden: no text of it, and maybe a hint.
        chapters: document and headings -> the parts below them, innermost only.
    """

    parts: tuple[Part, ...]
    written_in: tuple[str, ...]
    whole: bool
    why: str = ""
    aside: tuple[Part, ...] = ()
    chapters: Mapping[tuple[str, tuple[str, ...]], tuple[Part, ...]] = field(
        default_factory=lambda: MappingProxyType({}), repr=False
    )

    def chapter_of(self, part: Part) -> tuple[Part, ...]:
        """The parts of the same chapter, the innermost, heading included."""
        return self.chapters.get((part.document, part.chapter), ())

    def around(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        """The parts themselves, and then the others of their chapters."""
        own = tuple(dict.fromkeys(parts))
        chapters = dict.fromkeys((part.document, part.chapter) for part in own)
        others = (other for chapter in chapters for other in self.chapters.get(chapter, ()))
        return tuple(dict.fromkeys((*own, *others)))


def text_of(documents: Sequence[WebDocument]) -> Text:
    """Documents as parts; licence texts are left out, by their headings and by their words, too."""
    return _text_of(tuple(documents))


@lru_cache(maxsize=16)
def _text_of(documents: tuple[WebDocument, ...]) -> Text:
    parts: list[Part] = []
    why = ""
    for document in documents:
        if not document.whole:
            why = (
                why
                or f"{document.url} was not read as a whole: {document.shown_by or document.note or document.hurdle}"
            )
        parts += _parts_of(document)
    if not why and sum(len(part.short.split()) for part in parts) < _FEWEST_WORDS:
        why = "there is hardly any text in it that a program can read"
    if not why and not all(part.language for part in parts if len(part.short.split()) > 4):
        why = "a part of it is in a language whose words the program does not know"
    chapters: dict[tuple[str, tuple[str, ...]], list[Part]] = {}
    for part in parts:
        chapters.setdefault((part.document, part.chapter), []).append(part)
    by_chapter = MappingProxyType({key: tuple(its) for key, its in chapters.items()})
    return Text(tuple(parts), _languages(parts), not why, why, tuple(_aside(documents, parts)), by_chapter)


def _aside(documents: Iterable[WebDocument], parts: Sequence[Part]) -> Iterable[Part]:
    languages = {part.document: part.language for part in reversed(parts)}
    for document in documents:
        for passage in document.outside:
            if passage.kind in {Kind.PICTURE, Kind.HIDDEN}:
                yield Part(
                    passage, folded(passage.text), languages.get(document.url, ""), document.url, beside=True
                )


def _languages(parts: Iterable[Part]) -> tuple[str, ...]:
    counted: Counter[str] = Counter()
    for part in parts:
        counted[part.language] += len(part.short.split())
    return tuple(name for name, count in counted.most_common() if name and count >= _WORDS_OF_A_LANGUAGE)


def _parts_of(document: WebDocument) -> Iterable[Part]:
    own = [passage for passage in document.own if not _is_licence(passage)]
    of_all = document.language if document.language in LANGUAGES else ""
    whole = "\n".join(passage.text for passage in own)
    of_all = language_of(whole) or of_all or _by_vocabulary(whole)
    by_chapter: dict[tuple[str, ...], list[str]] = {}
    for passage in own:
        by_chapter.setdefault(_chapter(passage), []).append(passage.text)
    of_chapter = {chapter: _language("\n".join(texts), of_all) for chapter, texts in by_chapter.items()}
    titles = (one.text for one in own if one.kind is Kind.HEADING and not one.chapter)
    title = f"{document.title} {next(titles, '')}"
    introduced = False
    before: tuple[str, ...] = ()
    for passage in own:
        chapter = _chapter(passage)
        language, short = of_chapter[chapter], folded(passage.text)
        introduced = introduced and chapter == before
        above = any(denies(folded(heading), language) for heading in passage.chapter)
        yield Part(
            passage,
            short,
            language,
            document.url,
            beside=is_beside(passage, language)
            or names_a_variant(passage.text, title)
            or footnoted(passage.text),
            of_website=on_the_website(passage, language),
            under_a_denial=introduced or above,
        )
        if short.endswith(":"):
            introduced = denies(_SENTENCE_END.split(short)[-1], language)
        before = chapter


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def _chapter(passage: Passage) -> tuple[str, ...]:
    return (*passage.chapter, passage.text) if passage.kind is Kind.HEADING else passage.chapter


_FILES = ("things", "umbrellas", "purposes", "deletion", "interfaces")
_FEWEST_CONCEPTS = 3
_LOOKED_AT = 5000
"""Characters of a text that are looked at for its language by what it names."""
_AHEAD = 1.5
"""How many times as many concepts as in the next language."""


def _by_vocabulary(text: str) -> str:
    """The language in which a text names most, where its commonest words do not tell two of them apart."""
    text = text[:_LOOKED_AT]
    counted = sorted((sum(len(concepts_in(file, text, (one,))) for file in _FILES), one) for one in LANGUAGES)
    (next_most, _), (most, language) = counted[-2:]
    return language if most >= _FEWEST_CONCEPTS and most >= next_most * _AHEAD else ""


_LETTERS = re.compile(r"[^\W\d_]")


def _language(text: str, of_all: str) -> str:
    """The language of a chapter; a short one, or one of names and numbers, is in that of the document."""
    found = language_of(text)
    if found:
        return found
    latin = sum(character < "\u0250" for character in _LETTERS.findall(text))
    return of_all if latin * 2 > len(_LETTERS.findall(text)) or not text.strip() else ""


def _is_licence(passage: Passage) -> bool:
    headings = [
        folded(heading)
        for heading in (*passage.chapter, *((passage.text,) if passage.kind is Kind.HEADING else ()))
    ]
    return any(says("licences", heading, ANY) for heading in headings) or says(
        "licence-words", folded(passage.text), ANY
    )
