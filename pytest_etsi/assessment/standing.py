"""Whether a passage is a statement on the product as it is now: in force, not yet to come, not of what lies beside it.

What stands under "Previous version", under "Accessories", in a template that nobody filled in, or below "coming soon"
is not what the manufacturer says of the device, however clearly it is worded. Nor may it be taken for not said: a
person reads it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_json
from pytest_etsi.probes.webdocs import LANGUAGES, Kind
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.probes.webdocs import Passage

__all__ = [
    "footnoted",
    "in_force",
    "is_announced",
    "is_beside",
    "is_provisional",
    "is_unbinding",
    "is_unfilled",
    "names_a_variant",
    "on_the_website",
]

_UNFILLED = re.compile(
    r"\[(?:[^\W\d_a-zß-öø-ÿ]{5,}|[^\W\d_a-zß-öø-ÿ]{2,}(?:[ /&-][^\W\d_a-zß-öø-ÿ]+){1,8}|[XYN]|X{2,4})\]"
    r"|(?i:[\[<{](?:insert|your|enter|bitte|hier|company|date|datum|fecha|data|nombre|nom|nome|naam|nazwa|nimi|namn)\b[^\]>}]{0,60}[\]>}])"
    r"|\{\{[^}]{1,40}\}\}|(?<!\w)X{3,5}(?!\w)|(?i:\blorem ipsum\b)"
)
_VARIANT = re.compile(r"(?<![\w-])[A-Z\u00c0-\u00de][\w-]* (?:Plus|Pro|Max|Mini|Lite|Ultra|XL|Air|SE)(?!\w)")
_FOOTNOTED = re.compile(r"[\w).%](?:[*\u2020\u2021]{1,3}(?=[\s.,;:)]|$)|\s[*\u2020\u2021]{1,3}(?=[.,;:)]|$))")


@cache
def _words(concept: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    words = read_json("published-standing.json")[concept]
    return re.compile(rf"\b(?:{'|'.join(words[language] for language in languages) or '(?!)'})")


def _titles(passage: Passage) -> str:
    own = (passage.text,) if passage.kind is Kind.HEADING else ()
    return " \n ".join(plain(title) for title in (*passage.chapter, *own))


def in_force(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages without those under the heading of a version that is no longer in force."""
    former = _words("former", LANGUAGES)
    return tuple(one for one in passages if not former.search(_titles(one)))


def is_beside(passage: Passage, language: str = "") -> bool:
    """Whether a passage stands among accessories, other products or things to come, or says so itself."""
    languages = (language,) if language else LANGUAGES
    everything = f"{_titles(passage)} \n {plain(passage.text)}"
    return bool(_words("former", languages).search(_titles(passage))) or any(
        _words(concept, languages).search(everything) for concept in ("future", "beside", "variant")
    )


def names_a_variant(text: str, title: str) -> bool:
    """Whether a text names a variant of a product, "Owl Pro", which is not the one that the document is titled by."""
    return any(match[0].casefold() not in title.casefold() for match in _VARIANT.finditer(text))


def on_the_website(passage: Passage, language: str = "") -> bool:
    """Whether a passage is about the maker's website or shop, by its own words or its heading, and names no device."""
    languages = (language,) if language else LANGUAGES
    near = " \n ".join((*map(plain, passage.chapter[-1:]), plain(passage.text)))
    return bool(_words("website", languages).search(near)) and not _words("device", languages).search(near)


def is_announced(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text in its plain form says that what should stand there is yet to be written."""
    return _words("announced", languages).search(text) is not None


def is_provisional(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text in its plain form says of itself that it is a draft, sample, archived, superseded or internal."""
    return _words("provisional", languages).search(text) is not None


def is_unbinding(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text in its plain form says of itself that it binds nobody, or translates the one that does."""
    return _words("unbinding", languages).search(text) is not None


def is_unfilled(text: str) -> bool:
    """Whether a text has a gap that its author should have filled in: ``[COMPANY NAME]``, ``{{date}}``, ``XXX``."""
    return _UNFILLED.search(text) is not None


def footnoted(text: str) -> bool:
    """Whether a sentence is marked by an asterisk or a dagger, so that something else limits it."""
    return _FOOTNOTED.search(text) is not None
