"""Devices without updates: why there are none, and how the hardware is replaced, with period and method."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from pytest_etsi import clock
from pytest_etsi.assessment.published.dates import days_in
from pytest_etsi.assessment.published.said import Vocabulary, languages_of, said_in
from pytest_etsi.assessment.published.times import names_a_time, spans
from pytest_etsi.assessment.published.whole import is_a_plan, is_a_way
from pytest_etsi.probes.webdocs import LANGUAGES, Kind
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_etsi.assessment.published.said import Said
    from pytest_etsi.probes.webdocs import WebDocument

__all__ = ["Told", "read_plan", "read_reason"]

_DATA = "published-support.json"
_WORD = re.compile(r"[\w-]+")
_BEGINNING = 12
"""Characters at the beginning of a sentence within which a word of the reason refers to what was said before."""
_LEAST_DAYS = 80
"""Days of a span that can be the period of a plan, and no time of delivery."""


class Told(NamedTuple):
    """Whether a document says something: ``stated``, ``open`` or ``absent``; why, in a phrase; and the sentences.

    Attributes:
        state: of the three.
        why: of what is open or absent.
        said: the most telling first.
    """

    state: str
    why: str = ""
    said: tuple[Said, ...] = ()


def read_reason(document: WebDocument, model: str = "") -> Told:
    """Whether a document says why there are no updates (any more)."""
    words, said, sure = _words(document)
    lacking = [one for one in said if words["none"].search(one.plain)]
    reasons = [
        one for one in said if words["reason"].search(one.plain) and one.passage.kind is not Kind.HEADING
    ]
    pairs = [
        (one, two)
        for one, two in itertools.pairwise(said)
        if (one in lacking and _gives_reason(one, two, words))
        or (two in lacking and _points_at_the_reason(one, two, words))
    ]
    both = [one for one in lacking if one in reasons] or [one for pair in pairs for one in pair]
    if both and all(words["trouble"].search(one.plain) for one in both):
        return Told("open", "what it says may be why updates fail at times", tuple(both))
    if both and not any(_is_technical(one, words) for one in both):
        return Told("open", "the reason that it gives is none that a program knows", tuple(both))
    if both and any(_is_of_another(one, model) for one in both):
        return Told("open", "what it says is of a device that is named otherwise", tuple(both))
    if both:
        return Told("stated", "", tuple(both))
    if lacking and reasons:
        return Told(
            "open", "that there are no updates is said, and a reason stands elsewhere", (*lacking, *reasons)
        )
    if lacking:
        why = "it says that there are no updates, and no word of a reason"
        return Told("absent", why, tuple(lacking)) if sure else Told("open", why, tuple(lacking))
    near = tuple(reasons or [one for one in said if words["updates"].search(one.plain)])
    if sure and not reasons:
        return Told("absent", "no sentence says that updates are missing, and why", near)
    return Told("open", "no sentence says in known words that updates are missing", near)


def _is_technical(one: Said, words: Vocabulary) -> bool:
    """Whether the reason in a sentence is one of how the device is made, and not what its maker wants.

    "Because we have a dearer model to sell" says why, and is no reason that keeps updates away.
    """
    reasons = [one.plain[match.start() :].split(", ")[0] for match in words["reason"].finditer(one.plain)]
    return any(
        words["cause"].search(because) is not None and words["ours"].search(because) is None
        for because in reasons or [one.plain]
    )


def _gives_reason(one: Said, two: Said, words: Vocabulary) -> bool:
    """Whether a sentence that follows another begins by its reason: "The reason: ...", "This is because ..."."""
    match = words["reason"].search(two.plain)
    return match is not None and match.start() < _BEGINNING and two.passage is one.passage


def _points_at_the_reason(one: Said, two: Said, words: Vocabulary) -> bool:
    """Whether a sentence begins by pointing at the one before it as its reason: "Therefore", "That is why"."""
    return (
        words["therefore"].match(two.plain) is not None
        and two.passage.chapter == one.passage.chapter
        and one.passage.kind is not Kind.HEADING
        and not one.text.rstrip().endswith("?")
    )


def read_plan(document: WebDocument, model: str = "") -> Told:
    """Whether a document gives a plan of replacing the hardware, with its period and its method."""
    words, said, sure = _words(document)
    replacing = [one for one in said if words["replace"].search(one.plain)]
    of_plan = [
        one
        for one in replacing
        if not any(words[about].search(one.plain) for about in ("guarantee", "defect", "purchase"))
    ]
    chapters = {
        one.passage.chapter for one in of_plan if one.passage.chapter and one.passage.kind is not Kind.HEADING
    }
    titled = {(*one.passage.chapter, one.text) for one in of_plan if one.passage.kind is Kind.HEADING}
    about = [
        one
        for one in said
        if one in of_plan
        or one.passage.chapter in titled
        or (one.passage.chapter in chapters and len(chapters) == 1)
    ]
    plan = [one for one in about if one.passage.kind is not Kind.HEADING]
    when = [
        one for one in plan if _has_period(one, replacing=one in of_plan or one.passage.chapter in titled)
    ]
    how = [
        one
        for one in plan
        if words["method"].search(one.plain)
        and (is_a_plan(one, document, model) or is_a_way(one, document, model))
    ]
    promised = [one for one in plan if is_a_plan(one, document, model)]
    if when and how and any(_is_of_another(one, model) for one in (*promised, *when)):
        return Told("open", "what it says is of a device that is named otherwise", tuple(when))
    if (
        when
        and how
        and any(names_a_time(plain(title)) for one in promised for title in one.passage.chapter[-1:])
    ):
        return Told("open", "its heading may say from when, or until when, it holds", tuple(when))
    if when and how and not promised:
        both = tuple(dict.fromkeys((*when, *how)))
        return Told("open", "what is replaced, and for whom, is told in words that may limit it", both)
    if when and how:
        return Told("stated", "", tuple(dict.fromkeys((*when, *how))))
    if plan:
        lacking = "no period" if not when else "no method"
        return Told("open", f"{lacking} is found in what it says of a replacement", tuple(plan))
    of_guarantee = [one for one in replacing if _has_period(one, replacing=True)]
    if of_guarantee:
        return Told("open", "a guarantee replaces the hardware for some time", tuple(of_guarantee))
    if sold := [one for one in said if words["anew"].search(one.plain)]:
        return Told("open", "a new device is spoken of, which may be in place of this one", tuple(sold))
    if sure and not of_plan:
        return Told("absent", "no sentence speaks of replacing the hardware, but for a guarantee")
    return Told(
        "open",
        "no plan is found, and the text was not read whole or its language is not known",
        tuple(of_plan),
    )


def _is_of_another(one: Said, model: str) -> bool:
    """Whether a sentence, or the heading above it, has the first word of the designation and goes on otherwise."""
    first, *others = plain(model).split() or [""]
    return bool(others) and any(
        plain(word) == first and behind[:1].isupper() and not plain(behind).startswith(others[0])
        for text in (one.text, *one.passage.chapter[-1:])
        for word, behind in itertools.pairwise(_WORD.findall(text))
    )


def _has_period(one: Said, *, replacing: bool) -> bool:
    """Whether it names a time of a plan, that is not over."""
    lasting = any(span.most >= _LEAST_DAYS and not span.recurs for span in spans(one.plain))
    today = clock.today()
    days = [day for day in days_in(one.plain) if today is None or max(day.readings) >= today]
    return replacing and (lasting or bool(days))


def _words(document: WebDocument) -> tuple[Vocabulary, Sequence[Said], bool]:
    languages = languages_of(document)
    return (
        Vocabulary(_DATA, languages or LANGUAGES),
        tuple(said_in(document.own)),
        document.whole and bool(languages),
    )
