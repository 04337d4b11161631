"""What else a text says: by which it may take back what it tells, of itself, of the thing, or of nobody knows what.

"Compiled by fans of the brand", "the part behind it is a dummy", "these menus went with the old app": what takes a
covering back stands anywhere, and no list foresees it. So each sentence, heading and row has to be of a known form.
One that names what is looked for tells plainly what it does, or what is done to it. Any other one is plain, asks
something, says who is responsible or how to write to them, or is a statement on something else that the vocabulary
names. Whatever is none of these sends what the text covers to a person, and shows nothing to be absent.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.coverage.denial import Stance, denies
from pytest_etsi.assessment.coverage.keeping import is_not_kept
from pytest_etsi.assessment.coverage.looking import denied_in_a_cell
from pytest_etsi.assessment.coverage.plain import (
    GUIDES,
    begins_by_pointing,
    limiting_in,
    names_a_version,
    points_at_something,
    sentences,
    tells,
    unusual_in,
    without_buttons,
    without_manual,
)
from pytest_etsi.assessment.coverage.sought import NO_DATA, SENSORS, named_at
from pytest_etsi.assessment.published.ordinary import folded
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.assessment.coverage.looking import Sought
    from pytest_etsi.assessment.coverage.plain import Subject
    from pytest_etsi.assessment.coverage.reading import Part, Text

__all__ = ["of_itself"]

_WHOLE = "published-whole.json"
_OF_SOFTWARE = frozenset({"software-version", "serial-number", "device-id", "device-name"})
"""Things that also tell devices and editions apart: a sentence on them may say for which of them the text holds."""
_TOKEN = re.compile(r"\w+")
_QUOTES = re.compile(r'["\u201c\u201e\u00ab\u201d\u00bb]')
_MOST_OF_A_TITLE = 2
_OF_MANUALS: tuple[Subject, ...] = ("guidance", "checking", "sensing")
_SHARE_OF_A_STEP = 3
"""A word that is not known stands in a step among at least so many."""
_GERMAN = re.compile(r"(?!haben|sind|werden|konnen|durfen|wenn|wollen|mochten)\w+en sie\b|nicht \w+en$")
_FRENCH = re.compile(r"(?:n'|ne )?(?!avez|etes|pouvez|devez|chez|assez)[a-z]+ez\b")
"""How a sentence begins that asks something, in languages that show it by the form of the verb."""


def of_itself(
    text: Text, subject: Subject, names: Sequence[str] = (), sought: Sought | None = None
) -> Iterator[tuple[Part, str]]:
    """The sentences by which a text may take back what it tells, each with the passage it stands in.

    Args:
        text: as it was read.
        subject: what it is.
        names: of the maker, the product and the recipients: ordinary there.
        sought: what is looked for in it; None: nothing in particular.
    """
    for part in text.parts:
        for sentence in sentences(part):
            # In a language whose words are not known, any sentence may.
            if not (part.language and _is_of_a_known_form(sentence, part, subject, names, sought)):
                yield part, sentence


def _is_of_a_known_form(
    sentence: str, part: Part, subject: Subject, names: Sequence[str], sought: Sought | None
) -> bool:
    odd = unusual_in(sentence, part.language, subject, names)
    if part.passage.kind is Kind.HEADING:
        return _is_harmless_heading(sentence, part, odd, sought)
    places = named_at(sought, sentence, part.language) if sought is not None else ()
    if places and sought is not None and _is_meant(sought, sentence):
        if subject == "sensing" and _is_on_another_device(sentence, part.language, names):
            return False  # it may be one of that other device
        return not odd and _tells_of_it(sentence, places, part, subject)
    if sought is not None and sought.file == "deletion" and _denies_deleting(sentence, part.language):
        return False
    if points_at_something(sentence, part.language) and _is_apart(part, subject, names):
        return False
    # A manual has chapters of every kind.
    others = () if subject == "data" else _OF_MANUALS
    return (
        not odd
        or any(not unusual_in(sentence, part.language, one, names) for one in others)
        or _is_harmless(sentence, part, subject, odd)
    )


def _denies_deleting(sentence: str, language: str) -> bool:
    """Whether a sentence that asks nothing has a negation, and speaks of deleting in words of its own."""
    short = vocabulary.folded(without_buttons(sentence))
    return (
        denies(short, language)
        and vocabulary.pattern("deletion", "verbs", language).search(short) is not None
        and not _asks(sentence, language)
    )


def _is_apart(part: Part, subject: Subject, names: Sequence[str]) -> bool:
    """Whether a passage stands below a heading, other than the document's own, in words that are not known.

    "For tenants: skip this" may mean the chapter before it.
    """
    kinds: tuple[Subject, ...] = ("data",) if subject == "data" else _OF_MANUALS
    return any(
        all(without_manual(unusual_in(title, part.language, one, names), part.language) for one in kinds)
        for title in part.passage.chapter[1:]
    )


def _is_meant(sought: Sought, sentence: str) -> bool:
    """Whether a sentence that names something of the kind names the thing itself, by the IXIT's words if it has any."""
    return (
        not sought.words or vocabulary.literal(sought.words).search(vocabulary.folded(sentence)) is not None
    )


def _is_harmless_heading(title: str, part: Part, odd: Sequence[str], sought: Sought | None) -> bool:
    """Whether a heading limits nothing but its own chapter, which then covers nothing."""
    odd = without_manual(odd, part.language)
    if not part.passage.chapter and len(odd) <= _MOST_OF_A_TITLE:
        return True  # the document's own title may have names
    named = sought is not None and bool(named_at(sought, title, part.language))
    return not (named and odd)


def _tells_of_it(sentence: str, places: Sequence[tuple[int, int]], part: Part, subject: Subject) -> bool:
    """Whether a plain sentence that names the thing states it, or tells to do something to it."""
    if denied_in_a_cell(part):
        return False
    if subject == "data" and is_not_kept(vocabulary.folded(sentence), part.language):
        return True  # whether it agrees is asked elsewhere
    if vocabulary.says("until-deleted", vocabulary.folded(sentence), part.language):
        # "as long as you do not delete it" denies nothing
        until = vocabulary.pattern("manner", "until-deleted", part.language)
        return tells(sentence, part, subject) and not denies(
            until.sub(" ", vocabulary.folded(sentence)), part.language
        )
    if _only_names_it(vocabulary.folded(sentence), places):
        return subject != "guidance"
    if subject == "data" and _stays(vocabulary.folded(sentence), part.language):
        return False
    stances = {part.stance_in(sentence, *place) for place in places}
    if _asks(sentence, part.language) and (
        subject in GUIDES or not denies(vocabulary.folded(sentence), part.language)
    ):
        return True
    return stances == {Stance.STATED} and tells(sentence, part, subject)


def _is_on_another_device(sentence: str, language: str, names: Sequence[str]) -> bool:
    """Whether it names a phone, a router, or what a device goes with, such as a hub, that is not the product itself."""
    short = vocabulary.folded(sentence)
    own = set(_TOKEN.findall(vocabulary.folded(" ".join(names))))
    return any(vocabulary.says(manner, short, language) for manner in ("phones", "other-devices")) or any(
        own.isdisjoint(_TOKEN.findall(match[0]))
        for match in vocabulary.pattern("manner", "kin", language).finditer(short)
    )


def _only_names_it(short: str, places: Sequence[tuple[int, int]]) -> bool:
    """Whether it is but the name, as an entry of a list: "Wi-Fi signal strength."."""
    for start, end in sorted(places, reverse=True):
        short = f"{short[:start]} {short[end:]}"
    return not _TOKEN.search(short)


def _stays(short: str, language: str) -> bool:
    """Whether something is said to stay where it is, and neither to be sent nor to be used."""
    return vocabulary.says("staying", short, language) and not vocabulary.says("collect", short, language)


def _is_harmless(sentence: str, part: Part, subject: Subject, odd: Sequence[str]) -> bool:
    """Whether a sentence that is not plain, and does not name the thing, is of a form that takes nothing back."""
    language, short = part.language, folded(sentence)
    if _furniture().fullmatch(short.strip(" .:!*_|")):
        return True
    if _courtesy(language).match(short):
        return not names_a_version(short)
    if part.passage.kind is Kind.TABLE_ROW and subject in {"data", "sensing"}:
        first = part.passage.cells[0][1] if part.passage.cells else sentence
        if _is_on_something_else(first, language, subject):
            return True  # a row speaks of what it is about
    limits = limiting_in(_you_can(language).sub(" ", short), language)
    bare = _whole("page", "").sub(" ", short)
    if any(_whole(concept, language).search(bare) for concept in ("document", "manual")) or _whole(
        "this-page", ""
    ).search(short):
        return _whole("document-form", language).match(short) is not None and not limits
    if limits or begins_by_pointing(sentence, language):
        return False
    offered = " ".join(_you_can(language).findall(short))
    if offered and set(odd) <= set(_TOKEN.findall(offered)):
        return True
    if _asks(sentence, language) or _is_on_the_maker(sentence, odd, language):
        return True
    if _is_a_step(part, short, odd):
        return True
    return not denies(vocabulary.folded(sentence), language) and _is_on_something_else(
        sentence, language, subject
    )


def _is_a_step(part: Part, short: str, odd: Sequence[str]) -> bool:
    """Whether it is a step of a list that tells what to do or what is seen, with few words that are not known."""
    return (
        part.passage.kind is Kind.LIST_STEP
        and len(odd) * _SHARE_OF_A_STEP <= len(short.split())
        and not denies(vocabulary.folded(short), part.language)
        and any(
            vocabulary.says(manner, vocabulary.folded(short), part.language)
            for manner in ("use", "operate", "expected")
        )
    )


def _asks(sentence: str, language: str) -> bool:
    """Whether a sentence begins by asking the reader to do something."""
    short = _QUOTES.sub("", vocabulary.folded(sentence)).strip()
    form = {"de": _GERMAN, "fr": _FRENCH}.get(language)
    if form is not None and form.match(short):
        return True
    return _whole("request", language).match(short) is not None or any(
        (match := vocabulary.pattern("manner", manner, language).search(short)) is not None
        and match.start() == 0
        for manner in ("use", "operate")
    )


def _is_on_the_maker(sentence: str, odd: Sequence[str], language: str) -> bool:
    """Whether a sentence gives the name and address of who is responsible, or says how to write to them."""
    proper = {vocabulary.folded(word) for word in re.findall(r"\b[A-Z\u00c0-\u00de][\w-]*", sentence)}
    named = all(word in proper or word.isdecimal() for word in odd)
    if named and vocabulary.says("controller", vocabulary.folded(sentence), language):
        return True
    return "@" in sentence and _whole("person", language).search(folded(sentence)) is not None


def _is_on_something_else(sentence: str, language: str, subject: Subject) -> bool:
    among = SENSORS if subject == "sensing" else vocabulary.concepts("things")
    short = vocabulary.folded(sentence)
    return subject not in GUIDES and any(
        vocabulary.pattern("things", one, language).search(short)
        for one in among
        if one not in _OF_SOFTWARE and (subject == "sensing" or one not in NO_DATA)
    )


@cache
def _whole(concept: str, language: str) -> re.Pattern[str]:
    words = read_json(_WHOLE)[concept]
    return re.compile(rf"\b(?:{words[language]})(?!\w)") if language else re.compile(rf"\b(?:{words})(?!\w)")


@cache
def _courtesy(language: str) -> re.Pattern[str]:
    """Thanks for buying, and the wish that all is read before use."""
    return re.compile(rf"(?:{read_json('published-plain.json')['courtesy'][language]})")


@cache
def _you_can(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{read_json('published-plain.json')['you-can'][language]})(?!\w)")


@cache
def _furniture() -> re.Pattern[str]:
    return re.compile(read_json(_WHOLE)["furniture"])
