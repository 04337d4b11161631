"""Whether a whole text is an ordinary one: what stands beside a promise, and may take it back, is of a known form.

A page can say of itself that it is a draft, over, an exercise, or for others, in words that nobody foresees, far from
the promise that it takes back. So it is not such words that are looked for: every sentence of the text has to consist
of ordinary words, to ask something of who reports, or to be on a subject that limits no promise. A sentence about the
text itself, its validity or its range has to be one of few. Any other one sends the text to a person, who is shown it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi import clock
from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.published.dates import days_in, order_in
from pytest_etsi.assessment.published.harmless import (
    FIRM,
    Context,
    is_conditional,
    is_over,
    limits_nothing,
    takes_back,
)
from pytest_etsi.assessment.published.ordinary import folded, known_words
from pytest_etsi.assessment.published.said import Vocabulary, languages_of, said_in
from pytest_etsi.assessment.published.times import spans
from pytest_etsi.probes.webdocs import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.assessment.published.said import Said
    from pytest_etsi.probes.webdocs import WebDocument

__all__ = ["is_a_plan", "is_a_way", "out_of_the_ordinary", "speaking_of_itself"]

_DATA = "published-whole.json"
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\S*@\S+|https?://\S+|www\.\S+|(?<!\S)/[\w./-]+")
_HOST = re.compile(r"(?:@|://)([\w.-]+)")
_DESIGNATION = re.compile(
    r"\b[A-Z\u00c0-\u00de][\w-]*(?: [\w-]*\d[\w-]*)(?: (?:Plus|Pro|Max|Mini|Lite|Ultra|XL|SE)\b)?"
    r"|\b[A-Z]{1,5}-?\d[\w-]*|\b[A-Z\u00c0-\u00de][\w-]* (?:Plus|Pro|Max|Mini|Lite|Ultra|XL|SE)\b"
)
_POST = re.compile(
    r"[A-Z\u00c0-\u00de][\w.'-]*(?: [A-Z\u00c0-\u00de][\w.'-]*)? \d{1,4}[a-z]?, "
    r"(?:[A-Z]{1,2}-)?\d{4,5} [A-Z\u00c0-\u00de][\w-]+"
)
"""Street, number, code and town."""
_SHORT_MONTH = re.compile(r"\b\d\d?[./]20\d\d\b")
_LABEL = 4
"""Letters of a part of a host name from which on it can be the maker's name."""
_CELL_WORDS = 5
_SUBJECTS = ("subject", "channel", "embargo", "fix", "triage")
_OF_REPORTS = (*_SUBJECTS, "receipt", "answer", "update", "asks")
_MOST_UNKNOWN = 3
_SHARE = 4
"""A word that is not known stands among at least so many."""
_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class _Text:
    """What is known of a text while its sentences are looked at."""

    subject: str
    languages: tuple[str, ...]
    names: frozenset[str]
    order: str
    model: str

    def concept(self, name: str) -> re.Pattern[str]:
        return _concept(name, self.languages)


def out_of_the_ordinary(document: WebDocument, subject: str, model: str = "") -> tuple[Said, ...]:
    """The sentences of a text of which a program does not know that they limit nothing; empty: it is an ordinary one.

    Args:
        document: the text.
        subject: ``policy`` or ``support``.
        model: the designation of the device, whose words are ordinary ones.
    """
    said = tuple(said_in(document.own))
    if not languages_of(document):
        return said[:3]
    return tuple(_odd(said, _text_of(document, subject, model)))


def is_a_plan(one: Said, document: WebDocument, model: str) -> bool:
    """Whether a sentence promises in one of the usual forms that the device itself is replaced."""
    languages = languages_of(document)
    promise, _, how = one.text.partition(": ")
    if not languages or one.passage.kind is Kind.TABLE_ROW or is_conditional(how, languages):
        return False
    text = _text_of(document, "plan", model)
    return limits_nothing(promise, Context(text.subject, languages, text.names, model, text.order))


def is_a_way(one: Said, document: WebDocument, model: str) -> bool:
    """Whether a sentence says in one of the usual forms where the device is sent, or how the new one is ordered."""
    return bool(languages_of(document)) and _is_harmless(one, _text_of(document, "way", model))


def _text_of(document: WebDocument, subject: str, model: str) -> _Text:
    languages = languages_of(document)
    names = frozenset(_WORD.findall(folded(model))) | _labels(document)
    return _Text(subject, languages, names, order_in(folded(document.own_text), languages[0]), model)


def speaking_of_itself(document: WebDocument) -> tuple[Said, ...]:
    """Of the sentences out of the ordinary, those that may say what a policy is, or whether it is in force.

    What is plainly about reports, in whatever words, limits a promise at most.
    """
    languages = languages_of(document)
    if not languages:
        return tuple(said_in(document.own))[:3]
    words = Vocabulary("published-policy.json", languages)
    return tuple(
        one
        for one in out_of_the_ordinary(document, "policy")
        if one.passage.kind is Kind.HEADING
        or _concept("document", languages).search(folded(one.text))
        or days_in(one.plain)
        or not any(words[about].search(one.plain) for about in _OF_REPORTS)
    )


def _odd(said: Sequence[Said], text: _Text) -> Iterator[Said]:
    asking = False
    for one in said:
        plain = folded(one.text)
        if one.passage.kind is Kind.HEADING:
            asking = bool(text.concept("request").match(plain) or text.concept("forms").match(plain))
            if not (_is_furniture(plain, text) or _is_ordinary_heading(one, text) or _is_harmless(one, text)):
                yield one
            continue
        asked = bool(text.concept("request").match(plain))
        in_list = one.passage.kind is Kind.LIST_STEP
        ordinary = (
            one.passage.kind is Kind.FIELD
            or _is_furniture(plain, text)
            or _is_beside(one)
            or _is_ordinary(one, text, asking=asked or (asking and in_list))
            or _is_harmless(one, text)
        )
        if one.text.endswith(":"):
            asking = asked
        elif not in_list:
            asking = False
        if not ordinary:
            yield one


def _is_beside(one: Said) -> bool:
    """Whether it is the title of another page, that the page offers to read on."""
    return any(
        re.fullmatch(r"related (?:articles|topics)|recent posts", folded(each))
        for each in one.passage.chapter[-1:]
    )


def _is_harmless(one: Said, text: _Text) -> bool:
    """Whether it is of a kind that takes nothing back; a row of a table is told by its cells."""
    if one.passage.kind is Kind.TABLE_ROW:
        return False
    return limits_nothing(one.text, Context(text.subject, text.languages, text.names, text.model, text.order))


def _is_furniture(plain: str, text: _Text) -> bool:
    today = clock.today()
    days = days_in(plain, text.order)
    if days and (today is None or any(min(day.readings) > today + _MONTH for day in days)):
        return False
    plain = _SHORT_MONTH.sub("DATE", plain) if not days else plain
    for day in reversed(days):
        plain = f"{plain[: day.start]}DATE{plain[day.end :]}"
    return _furniture().fullmatch(plain.strip(" .:!*_|")) is not None


def _is_ordinary_heading(one: Said, text: _Text) -> bool:
    if text.subject == "support":
        return _is_ordinary(one, text, asking=False)
    plain = folded(one.text)
    known = (*(known_words(part, text.languages) for part in ("common", "heading")), text.concept("heading"))
    if all(_known(word, known, text) for word in _words_of(one.text, text)) and not days_in(plain):
        return True
    return _is_ordinary(one, text, asking=False)


def _is_ordinary(one: Said, text: _Text, *, asking: bool) -> bool:
    if one.passage.kind is Kind.TABLE_ROW and text.subject == "support":
        return _is_ordinary_row(one, text)
    plain = folded(_ADDRESS.sub(" ", one.text))
    dated = bool(days_in(plain, text.order)) and text.subject == "policy"
    own = text.concept("document").search(plain) if one.passage.kind is not Kind.HEADING else None
    if dated or (own and not text.concept("document-form").match(plain)):
        return False
    known = _ordinary(text) if own is None else (*_ordinary(text), text.concept("document"))
    if _takes_back(one, text, asking=asking):
        return False
    if text.subject == "support" and _goes_on_after_a_guarantee(one, text):
        return False
    if all(_known(word, known, text) for word in _words_of(one.text, text)) and not _is_past(plain, text):
        return True
    if own:
        return False
    if text.subject == "support":
        return _is_beside_support(one, text, asking=asking)
    words = Vocabulary("published-policy.json", text.languages)
    if words["asks"].search(one.plain):
        return True  # how often the reporter may ask
    rest = text.concept("forms").sub(" ", plain)
    if asking:
        rest = _negation().sub(" ", rest)
    if text.concept("limit").search(rest) or (spans(plain) and not words["embargo"].search(one.plain)):
        return False
    on_topic = text.concept("topic").search(plain) is not None
    if asking and one.passage.kind is not Kind.LIST_STEP:
        return on_topic or any(words[about].search(one.plain) for about in _SUBJECTS)
    return asking or on_topic or _is_plain_talk(one, text)


def _goes_on_after_a_guarantee(one: Said, text: _Text) -> bool:
    """Whether a sentence names a guarantee with its time, and says more behind a comma: "and that is all there is"."""
    words = Vocabulary("published-support.json", text.languages)
    return bool(words["guarantee"].search(one.plain) and spans(one.plain)) and ", " in one.text


def _takes_back(one: Said, text: _Text, *, asking: bool) -> bool:
    """Whether a sentence that promises nothing says that something is over, does not hold, or is not done."""
    if one.passage.kind is Kind.HEADING:
        return False
    if text.subject == "support":
        return is_over(one.text, text.languages) and not days_in(one.plain, text.order)
    words = Vocabulary("published-policy.json", text.languages)
    if spans(one.plain) and any(words[about].search(one.plain) for about in (*_OF_REPORTS, "answer")):
        return False
    rest = text.concept("forms").sub(" ", words["while"].sub(" ", folded(one.text)))
    return takes_back(rest, text.languages, text.names, asking=asking)


def _is_beside_support(one: Said, text: _Text, *, asking: bool) -> bool:
    """Whether a sentence of a page on support is on a guarantee, asks something, or says why there are no updates."""
    words = Vocabulary("published-support.json", text.languages)
    if words["none"].search(one.plain) and words["reason"].search(one.plain):
        return not spans(one.plain) and not days_in(one.plain, text.order)
    beside = words["guarantee"].search(one.plain) or words["other-support"].search(one.plain)
    rest = words["until"].sub(
        " ", words["updates"].sub(" ", text.concept("forms").sub(" ", folded(one.text)))
    )
    if text.concept("limit").search(_negation().sub(" ", rest) if asking else rest):
        return False
    if asking:
        return not days_in(one.plain, text.order)  # a time in it is the user's
    return not spans(one.plain) and bool(beside)


def _is_past(plain: str, text: _Text) -> bool:
    """Whether a sentence tells how it once was; the launch of a product, and a receipt with its time, are told so."""
    if text.subject == "support" and Vocabulary("published-support.json", text.languages)["launch"].search(
        plain
    ):
        return False
    return text.concept("past").search(plain) is not None and not spans(plain)


def _is_plain_talk(one: Said, text: _Text) -> bool:
    """Whether a sentence speaks of us, or to who reports, about weaknesses, with but few words that are not known."""
    if one.passage.kind in {Kind.HEADING, Kind.TABLE_ROW}:
        return False
    words = Vocabulary("published-policy.json", text.languages)
    if not any(words[about].search(one.plain) for about in _SUBJECTS):
        return False
    if any(words[about].search(one.plain) for about in ("doubt", "scope", "others")):
        return False
    said = _words_of(one.text, text)
    unknown = [word for word in said if not _known(word, _ordinary(text), text)]
    personal = text.concept("person").search(folded(one.text)) is not None
    most = _MOST_UNKNOWN if personal else int(one.text.endswith((".", "!", "?")))
    return len(unknown) <= most and len(unknown) * _SHARE <= len(said)


def _is_ordinary_row(one: Said, text: _Text) -> bool:
    """Whether a row of a table says nothing that may limit: a value, or ordinary words, in each of its cells."""
    cells = one.passage.cells or (("", one.text),)
    for number, (head, cell) in enumerate(cells):
        value = any(sign.isdigit() for sign in cell)
        names = number == 0 and len(cells) > 1 and len(cell.split()) <= _CELL_WORDS
        for part in (head, cell):
            short = len(part.split()) <= _CELL_WORDS and not text.concept("document").search(folded(part))
            if not (_all_known(part, text) or (short and (names or value))):
                return False
    return True


def _all_known(words: str, text: _Text) -> bool:
    return all(_known(word, _ordinary(text), text) for word in _words_of(words, text))


def _ordinary(text: _Text) -> Sequence[re.Pattern[str]]:
    wide = text.concept("wide" if text.subject == "policy" else "wide-support")
    return (known_words("common", text.languages), known_words(text.subject, text.languages), wide)


def _words_of(said: str, text: _Text) -> list[str]:
    bare = FIRM.sub(" ", _POST.sub(" ", _ADDRESS.sub(" ", said)))
    if text.subject == "support":
        bare = _DESIGNATION.sub(" ", bare)
    return _WORD.findall(text.concept("forms").sub(" ", folded(bare)))


def _known(word: str, known: Sequence[re.Pattern[str]], text: _Text) -> bool:
    return len(word) == 1 or word in text.names or any(each.fullmatch(word) for each in known)


def _labels(document: WebDocument) -> frozenset[str]:
    """The parts of the host names of its addresses, which may be names of the maker."""
    everything = f"{document.own_text} {' '.join(link for one in document.own for link in one.links)}"
    return frozenset(
        word
        for host in _HOST.findall(everything.casefold())
        for label in host.split(".")[:-1]
        for word in _WORD.findall(label)
        if len(word) >= _LABEL
    )


@cache
def _furniture() -> re.Pattern[str]:
    return re.compile(read_json(_DATA)["furniture"])


@cache
def _negation() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{read_json(_DATA)['negation']})(?!\w)")


@cache
def _concept(name: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(read_json(_DATA)[name][language] for language in languages)
    return re.compile(rf"\b(?:{words})(?!\w)")
