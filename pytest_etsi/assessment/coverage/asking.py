"""Sentences of guides that ask the reader to do something, offer it, or advise it."""

from __future__ import annotations

import re
from functools import cache

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.coverage.denial import denies
from pytest_etsi.assessment.coverage.plain import limiting_in

__all__ = ["advises", "advises_otherwise", "asks", "is_a_step", "offered_in", "whole", "you_can"]

_STANDARD = re.compile(r"(?<!\w)wpa[23](?!\w)")
"""Of the protection of a wireless network."""
_QUOTES = re.compile(r'["\u201c\u201e\u00ab\u201d\u00bb]')
_GERMAN = re.compile(r"(?!haben|sind|werden|konnen|durfen|wenn|wollen|mochten)\w+en sie\b|nicht \w+en$")
_FRENCH = re.compile(r"(?:n'|ne )?(?!avez|etes|pouvez|devez|chez|assez)[a-z]+ez\b")
"""How a sentence begins that asks something, in languages that show it by the form of the verb."""


def asks(sentence: str, language: str) -> bool:
    """Whether a sentence begins by asking the reader to do something."""
    short = _QUOTES.sub("", vocabulary.folded(sentence)).strip()
    form = {"de": _GERMAN, "fr": _FRENCH}.get(language)
    if form is not None and form.match(short):
        return True
    return whole("request", language).match(short) is not None or any(
        (match := vocabulary.pattern("manner", manner, language).search(short)) is not None
        and match.start() == 0
        for manner in ("use", "operate")
    )


def is_a_step(sentence: str, language: str) -> bool:
    """Whether a sentence asks the reader to do something, be it behind where: "In the app, open ..."."""
    if asks(sentence, language):
        return True
    short = vocabulary.folded(sentence)
    return vocabulary.says("operate", short, language) and not limiting_in(short, language)


def offered_in(sentence: str, language: str) -> str:
    """What the reader can do, as a sentence begins by saying it, be it behind where: "In the app you can ..."."""
    where = vocabulary.pattern("usual", "where", language).match(vocabulary.folded(sentence))
    short = vocabulary.folded(sentence)[where.end() if where else 0 :].lstrip(" ,")
    can = you_can(language).match(short)
    return short[can.end() :].strip() if can else ""


def advises(sentence: str, language: str) -> bool:
    """Whether a sentence begins by advising something: "We recommend ..."."""
    return vocabulary.pattern("usual", "advising", language).match(vocabulary.folded(sentence)) is not None


def advises_otherwise(short: str, language: str) -> bool:
    """Whether it asks or advises something, and denies but that the reader needs it, or that a router has the best."""
    bare = vocabulary.pattern("usual", "no-need", language).sub(" ", short)
    bare = vocabulary.pattern("usual", "fallback", language).sub(" ", bare).strip(" ,.")
    if bare == short.strip(" ,.") or denies(bare, language):
        return False
    advised = asks(bare, language) or vocabulary.pattern("usual", "advising", language).match(bare)
    chosen = vocabulary.says("choosing", bare, language) or vocabulary.says("advice-firm", bare, language)
    return bool(advised) or (chosen and _STANDARD.search(bare) is not None)


@cache
def whole(concept: str, language: str) -> re.Pattern[str]:
    """The words of a concept of whole texts in a language; empty: the concept has words of no language."""
    words = read_json("published-whole.json")[concept]
    return re.compile(rf"\b(?:{words[language]})(?!\w)") if language else re.compile(rf"\b(?:{words})(?!\w)")


@cache
def you_can(language: str) -> re.Pattern[str]:
    """By which a sentence says what the reader can do."""
    return re.compile(rf"\b(?:{read_json('published-plain.json')['you-can'][language]})(?!\w)")
