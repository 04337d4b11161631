"""What a text tells plainly: its sentences that consist of ordinary words for it, and of nothing that may limit them.

What keeps a mention from being a covering has no end: "customers in one region", "of applicants", "until 2024",
"with this plan". Looking for such words finds those that somebody thought of. So the words are known of which a
plain sentence of a notice or a guide consists: those of the vocabulary, the verbs of telling, and function
words. A sentence with any other one is for a person. A decision that a program takes alone has to come of the
plain sentences alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.coverage.vocabulary import folded
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_etsi.assessment.coverage.reading import Part, Text

__all__ = [
    "GUIDES",
    "Subject",
    "begins_by_pointing",
    "limiting_in",
    "names_a_version",
    "plain",
    "points_at_something",
    "sentences",
    "tells",
    "unusual",
    "unusual_in",
    "without_buttons",
    "without_manual",
]

Subject = Literal["data", "guidance", "checking", "sensing"]
"""What a text is: a notice on data, a guide that tells what to do or to check, or a manual that tells of sensors."""

_DATA = "published-plain.json"
_FILES = ("things", "umbrellas", "purposes", "purpose_umbrellas", "recipients", "deletion")
GUIDES = frozenset({"guidance", "checking"})
_LISTS = {
    "data": ("data",),
    "guidance": ("guidance",),
    "checking": ("guidance",),
    "sensing": ("guidance", "sensing"),
}
"""Lists of ordinary words by subject."""
_DOING = ("use", "operate", "advice", "expected", "choosing")
_MANNERS = {
    "data": ("collect", "controller"),
    "guidance": ("use", "operate", "advice"),
    "checking": ("use", "operate", "advice", "expected", "check", "secured"),
    "sensing": ("use", "operate", "senses"),
}
_ENDS = re.compile(
    r"(?<=[.!?])(?<!\b[A-Za-z]\.)(?<!\b(?:ca|nr|st|co|ul|vs|dr|mr|sp)\.)\s+(?=[^\W_a-zß-öø-ÿ]|[\"\u201c\u201e\u00ab])"
)
_ADDRESS = re.compile(r"\S*@\S+|https?://\S+|www\.\S+")
_BUTTON = re.compile(r'["\u201c\u201e\u00ab][^"\u201d\u201c\u00bb]{1,80}["\u201d\u201c\u00bb]')
_TOKEN = re.compile(r"\w+")
_VERSION = re.compile(r"\d+\.\d+|(?<!\d)(?:19|20)\d\d(?!\d)|(?:version|firmware|software)\w*\W{1,3}\d+")
"""A number that says from or until when, or for which version, something holds."""
_STANDARD = re.compile(r"wep|wpa[23]?|wps|tkip|aes|ipv[46]|mp[34]|\d+(?:h|s|cm|mm|ghz|mhz|kb|mb|gb)")
_MOST_OF_A_TITLE = 2
"""Words of a document's own title that may be the product's name."""


def plain(text: Text, subject: Subject, names: Sequence[str] = ()) -> Text:
    """A text without the sentences, rows and headings that are more than plain telling.

    Args:
        text: as it was read.
        subject: what it is.
        names: of the maker, the product and the recipients, and the words that the IXIT gives: ordinary there.
    """
    known = frozenset(_TOKEN.findall(folded(" ".join(names))))
    kept: list[Part] = []
    for parts in text.chapters.values():
        kept += _plain_parts(parts, subject, known)
    told = {(part.document, part.chapter) for part in kept if part.passage.kind is not Kind.HEADING}
    kept = [
        one for one in kept if one.passage.kind is not Kind.HEADING or (one.document, one.chapter) in told
    ]
    chapters: dict[tuple[str, tuple[str, ...]], tuple[Part, ...]] = {}
    for part in kept:
        key = (part.document, part.chapter)
        chapters[key] = (*chapters.get(key, ()), part)
    return replace(text, parts=tuple(kept), aside=(), chapters=MappingProxyType(chapters))


def unusual(part: Part, subject: Subject, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The words that keep a passage from being plain: of its headings, and of each sentence that has any."""
    known = frozenset(_TOKEN.findall(folded(" ".join(names))))
    titles = [
        title
        for level, title in enumerate(part.chapter)
        if not _is_plain_title(title, level, part.language, subject, known)
    ]
    found = [*titles, *([] if part.passage.kind is Kind.HEADING else sentences(part))]
    return tuple(
        dict.fromkeys(word for one in found for word in _uncommon(one, part.language, subject, known))
    )


def _plain_parts(parts: Sequence[Part], subject: Subject, names: frozenset[str]) -> list[Part]:
    """The plain parts of one chapter; none where a sentence that points at what was said says more of it."""
    kept: list[Part] = []
    for part in parts:
        if not part.language or not all(
            _is_plain_title(title, level, part.language, subject, names)
            for level, title in enumerate(part.chapter)
        ):
            continue
        if part.passage.kind is Kind.HEADING:
            kept.append(part)
            continue
        found = list(sentences(part))
        good = [one for one in found if _is_plain(one, part, subject, names)]
        other = [one for one in found if one not in good]
        if any(
            begins_by_pointing(one, part.language) and _uncommon(one, part.language, subject, names)
            for one in other
        ):
            return []
        if good:
            kept.append(replace(part, short=folded(" ".join(good))))
        if other and other[-1] == found[-1] and found[-1].endswith(":"):
            break  # what follows is said of what stands here
    return kept


def unusual_in(sentence: str, language: str, subject: Subject, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The words that keep one sentence from being plain."""
    return _uncommon(sentence, language, subject, frozenset(_TOKEN.findall(folded(" ".join(names)))))


def sentences(part: Part) -> Iterable[str]:
    """The sentences of a passage; a row of a table is one."""
    whole = part.passage.kind is Kind.TABLE_ROW
    return (part.passage.text,) if whole else _ENDS.split(part.passage.text)


def tells(sentence: str, part: Part, subject: Subject) -> bool:
    """Whether a sentence, or an entry of a list or table, says of something what it does or what is done to it."""
    language, short = part.language, folded(sentence)
    listed = part.passage.kind in {Kind.TABLE_ROW, Kind.LIST_STEP} or sentence.endswith(":")
    if subject == "data":
        return listed or _words("telling", language).search(short) is not None
    if subject == "sensing":
        return vocabulary.says("senses", short, language)
    return (
        any(vocabulary.says(manner, short, language) for manner in _DOING)
        or vocabulary.pattern("deletion", "verbs", language).search(short) is not None
    )


def begins_by_pointing(sentence: str, language: str) -> bool:
    """Whether a sentence begins by pointing at what was said before it."""
    return _words("points", language).match(folded(sentence)) is not None


def points_at_something(sentence: str, language: str) -> bool:
    """Whether a sentence points at something anywhere, be it what stands beside the word: "this camera"."""
    return _words("points", language).search(folded(sentence)) is not None


def without_buttons(sentence: str) -> str:
    """A sentence without what it quotes, which a screen shows."""
    return _BUTTON.sub(" ", sentence)


def limiting_in(short: str, language: str) -> tuple[str, ...]:
    """The words of a folded text that say of whatever that it holds but partly, or no more, and versions and years."""
    found = _words("harmless", language).sub(" ", _ADDRESS.sub(" ", short))
    never = _words("never", language)
    return tuple(
        [match[0] for match in _VERSION.finditer(found)]
        + [word for word in _TOKEN.findall(found) if never.fullmatch(word)]
    )


def names_a_version(short: str) -> bool:
    """Whether a folded text gives a version or a year, from or until which something may hold."""
    return _VERSION.search(short) is not None


def _is_plain(sentence: str, part: Part, subject: Subject, names: frozenset[str]) -> bool:
    language = part.language
    if _uncommon(sentence, language, subject, names):
        return False
    if subject in GUIDES:
        return True
    if subject == "sensing":
        return tells(sentence, part, subject) and not vocabulary.says("negators", folded(sentence), language)
    short = vocabulary.pattern("recipients", "nobody", language).sub(" ", folded(sentence))
    short = vocabulary.pattern("manner", "not-negators", language).sub(" ", short)
    if vocabulary.says("negators", short, language):
        return False
    return tells(sentence, part, subject)


def _is_plain_title(title: str, level: int, language: str, subject: Subject, names: frozenset[str]) -> bool:
    """Whether a heading limits nothing; the document's own title may give the product a name, or has the maker's."""
    odd = without_manual(_uncommon(title, language, subject, names), language)
    if not level and names & set(_TOKEN.findall(folded(title))):
        return not any(_words("never", language).fullmatch(word) for word in odd)
    return len(odd) <= (0 if level else _MOST_OF_A_TITLE)


def without_manual(words: Iterable[str], language: str) -> tuple[str, ...]:
    """The words of a title without those for what a document is: manual, quick guide, instructions."""
    kinds = read_json("published-whole.json")["manual"][language]
    return tuple(
        word for word in words if not re.fullmatch(rf"\w*(?:{kinds})|quick|start|user|mode|emploi", word)
    )


def _uncommon(text: str, language: str, subject: Subject, names: frozenset[str]) -> tuple[str, ...]:
    """The words of a sentence that are no ordinary ones and no names, and what gives a version or a year."""
    versions, words, done = _odd(text, language, subject)
    return (*versions, *(word for word in words if word not in names), *done)


@lru_cache(
    maxsize=8192
)  # each entry that a page may be about asks of its sentences, and every time with other names
def _odd(text: str, language: str, subject: Subject) -> tuple[list[str], list[str], list[str]]:
    """What is not ordinary in a sentence: versions and years, words that may be names, and participles for a person."""
    if subject in GUIDES:
        text = _BUTTON.sub(" ", text)
    short = folded(_ADDRESS.sub(" ", text))
    short = _words("harmless", language).sub(" ", short)
    versions = [match[0] for match in _VERSION.finditer(short)]
    words = [word for word in _TOKEN.findall(short) if not word.isdecimal() and len(word) > 1]
    odd = [word for word in words if not _is_ordinary(word, language, subject)]
    done: list[str] = []
    if language in read_json(_DATA)["participles"] and subject == "data":
        done = [word for word in words if _words("participles", language).fullmatch(word)]
        if any(_words("passives", language).fullmatch(word) for word in words):
            done = []
    return versions, odd, done


def _is_ordinary(word: str, language: str, subject: Subject) -> bool:
    if _STANDARD.fullmatch(word) or (subject != "data" and _own(subject, language).fullmatch(word)):
        return True
    if _words("never", language).fullmatch(word):
        return False
    return _ordinary(subject, language).fullmatch(word) is not None


@cache
def _words(what: str, language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{read_json(_DATA)[what][language]})\b")


@cache
def _own(subject: Subject, language: str) -> re.Pattern[str]:
    """What is ordinary in texts of a subject even where it may limit elsewhere: "if", and what steps show."""
    if subject != "checking":
        return _words(subject, language)
    expected = vocabulary.pattern("manner", "expected", language).pattern
    return re.compile(rf"{_words('guidance', language).pattern}|{expected}")


@cache
def _ordinary(subject: Subject, language: str) -> re.Pattern[str]:
    """What matches an ordinary word, function words and those of the vocabulary included."""
    subjects = _LISTS[subject]
    rows = [read_json(_DATA)[one][language] for one in ("telling", *subjects)]
    rows.append(folded(read_json("published-ordinary.json")["common"][language]).replace("\\W", r"\W"))
    files = [(file, concept) for file in _FILES for concept in vocabulary.concepts(file)]
    files += [("manner", concept) for concept in _MANNERS[subject]]
    terms = {
        word
        for file, concept in files
        for term in vocabulary.words(file, concept, language)
        for word in re.split(r"[\s'-]+", term.replace(r"\-", " "))
        if len(word.strip("*.")) > 1
    }
    rows += [re.escape(word).replace(r"\*", r"\w*") for word in sorted(terms)]
    return re.compile("|".join(row for row in rows if row))
