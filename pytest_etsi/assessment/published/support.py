"""Support periods: until when a page promises updates for one model, and what is no period.

A model is found by its exact designation, or by a short name that the page explains (`designations`): "A20" is not
named by "A20 Pro", nor in the row of "A20-2". A duration needs its beginning, found in the same document. What depends
on the day of purchase, a guarantee, help by telephone, and the end of sale are no support period; nor is "for its
lifetime". Two ends in one row that do not agree are shown, both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pytest_etsi.assessment.published.dates import after_years, days_in, order_in
from pytest_etsi.assessment.published.designations import expanded, names_model
from pytest_etsi.assessment.published.said import Vocabulary, languages_of, said_in, taken_back
from pytest_etsi.assessment.published.statements import (
    LEAST_DAYS,
    is_about_other_support,
    is_of_another,
    launches_of,
    statements_of,
)
from pytest_etsi.assessment.published.times import names_a_time, spans
from pytest_etsi.assessment.published.whole import out_of_the_ordinary
from pytest_etsi.assessment.standing import in_force
from pytest_etsi.probes.webdocs import LANGUAGES, Kind
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pytest_etsi.assessment.published.said import Said
    from pytest_etsi.assessment.published.statements import Statement
    from pytest_etsi.probes.webdocs import WebDocument

__all__ = ["Period", "ends_of", "may_tell_an_end", "names_model", "read_period"]

_DATA = "published-support.json"


class Period(NamedTuple):
    """What a page says of the support period of a model.

    Attributes:
        state: ``stated``: one end for it; ``absent``: the page has none, and says so or was read whole; ``open``: a
            person has to read what is in `said`.
        ends: the days that it can mean; one where it is stated.
        why: of what is open or absent, in a phrase.
        said: the sentences and rows, the most telling first.
        ended: it is said as well that there are no more updates.
    """

    state: str
    ends: tuple[date, ...] = ()
    why: str = ""
    said: tuple[Said, ...] = ()
    ended: bool = False


def ends_of(text: str) -> tuple[date, ...]:
    """The days at which a support period ends, as an answer of the IXIT says it; empty: it names none."""
    short = plain(text)
    days = [one.readings[0] for one in days_in(short, order_in(short, "")) if len(one.readings) == 1]
    lasting = [span for span in spans(short) if span.least >= LEAST_DAYS and not span.recurs]
    if lasting:
        return (after_years(days[0], lasting[0].least),) if len(days) == len(lasting) == 1 else ()
    return tuple(dict.fromkeys(days))


def read_period(document: WebDocument, model: str) -> Period:
    """What a document says of the support period of a model."""
    found = _period(document, model)
    if found.state != "stated":
        return found
    if limit := taken_back(document):
        why = "the text says of itself that it may not be in force, or not bind"
        return found._replace(state="open", why=why, said=(limit, *found.said))
    if odd := out_of_the_ordinary(document, "support", model):
        why = "the text has sentences that may limit it, or say that it is for something else, or over"
        return found._replace(state="open", why=why, said=tuple(dict.fromkeys((*odd[:3], *found.said))))
    return found


def _period(document: WebDocument, model: str) -> Period:
    languages = languages_of(document)
    words = Vocabulary(_DATA, languages or LANGUAGES)
    order = order_in(plain(document.own_text), languages[0] if languages else "")
    own = in_force(document.own)
    said = list(said_in(expanded(own, model)))
    named = [one for one in said if names_model(one.plain, model)] or _titled(document, model)
    statements = list(statements_of(said, words, order, model, launches_of(said, words, order, model)))
    exact = [one for one in statements if one.exact]
    whole = document.whole and bool(languages) and len(own) == len(document.own)
    if exact:
        return _told(exact)
    if statements and named:
        if ours := [one for one in statements if not is_of_another(one.said, said, model)]:
            return _told(ours)
        ends = tuple(dict.fromkeys(end for one in statements for end in one.ends))
        return Period("open", ends, "what is said may be meant for another model", _told(statements).said)
    return _without(said, words, model, named=bool(named), sure=whole)


def _titled(document: WebDocument, model: str) -> bool:
    return names_model(plain(document.title), model)


# What is told -----------------------------------------------------------------------------------------------

_WHY = {
    "ended": "it stands where models are named that get no updates",
    "other words": "it has words of which a program does not know whether they limit it",
    "limited": "its words may limit it, or say it of something else",
    "unending": "no end is named: it is to go on without one",
    "purchase": "it depends on the day of purchase",
    "no beginning": "a duration without a beginning in the same document",
    "several beginnings": "a duration with several beginnings",
    "several readings": "a day that can be read in several ways",
}


def _told(statements: Sequence[Statement]) -> Period:
    said = tuple(dict.fromkeys(one.said for one in statements))
    lasting = [one for one in statements if one.why != "ended"]
    if lasting and len(lasting) < len(statements):
        told = _told(lasting)
        return told._replace(said=tuple(dict.fromkeys((*told.said, *said))), ended=True)
    sure = [one for one in statements if one.sure]
    statements = [one for one in statements if one.why != "other words" or not _repeats(one, sure)]
    ends = tuple(dict.fromkeys(end for one in statements for end in one.ends))
    if sure and len(ends) == 1 and all(one.sure for one in statements):
        return Period("stated", ends, "", said)
    reasons = {one.why for one in statements if not one.sure}
    if not sure and reasons == {"unending"}:
        return Period("absent", (), _WHY["unending"], said)
    if len({one.ends for one in sure}) > 1:
        return Period("open", ends, "several ends are named that do not agree", said)
    return Period("open", ends, _WHY.get(min(reasons, default=""), "several things are said of it"), said)


def _repeats(one: Statement, sure: Sequence[Statement]) -> bool:
    """Whether a statement in words that may say more names the end that plain ones do."""
    return bool(sure) and all(one.ends == other.ends for other in sure)


def _without(said: Sequence[Said], words: Vocabulary, model: str, *, named: bool, sure: bool) -> Period:
    """Nothing is stated for the model: whether that is all that can be said."""
    near = tuple(
        one
        for one in said
        if (words["updates"].search(one.plain) or days_in(one.plain)) and one.passage.kind is not Kind.HEADING
    )
    if not sure:
        return Period(
            "open",
            (),
            "nothing was found, and the text was not read whole or its language is not known",
            near,
        )
    unending = tuple(
        one for one in near if words["updates"].search(one.plain) and words["unending"].search(one.plain)
    )
    if unending and named:
        return Period("absent", (), _WHY["unending"], unending)
    if not named:
        first = plain(model).split()[0].split("-")[0]
        akin = tuple(one for one in said if re.search(rf"(?<!\w){re.escape(first)}", one.plain))
        only_apps = akin and not any(_could_be(one, words) for one in said)
        if words["all"].search(" ".join(one.plain for one in said)) or (akin and not only_apps):
            return Period(
                "open", (), f"{model} is not named, and what is named may be meant for it", akin or near
            )
        return Period("absent", (), f"it does not speak of {model}", near)
    loose = tuple(one for one in near if _could_be(one, words))
    if loose:
        return Period(
            "open", (), "days or durations are named, and not that they are the support period", loose
        )
    return Period("absent", (), "no end of the support by updates is named", near)


_NUMBER = re.compile(r"\d")
_PREPOSITION = 2
"""Letters of words for an end that are words of every sentence, too: "to", "by"."""


def may_tell_an_end(document: WebDocument, model: str) -> tuple[Said, ...]:
    """The sentences that may tell an end of the support in words that are not understood.

    What is plainly on a guarantee, on parts, sales or an app, or names no end at all ("for its lifetime"), tells none,
    nor does what has no figure, no word for a time, and none for updates.
    """
    languages = languages_of(document)
    if not languages:
        return tuple(said_in(document.own))[:3]
    words = Vocabulary(_DATA, languages)
    return tuple(
        one
        for one in out_of_the_ordinary(document, "support", model)
        if _may_tell(one, words, model) and not _is_otherwise(one, words)
    )


def _may_tell(one: Said, words: Vocabulary, model: str) -> bool:
    text = one.plain.replace(plain(model), " ")
    return bool(
        _NUMBER.search(text)
        or names_a_time(text)
        or words["updates"].search(text)
        or any(len(match[0]) > _PREPOSITION for match in words["until"].finditer(text))
    )


def _is_otherwise(one: Said, words: Vocabulary) -> bool:
    if words["updates"].search(one.plain) and words["unending"].search(one.plain):
        return True
    beside = is_about_other_support(one.plain, words) or any(
        words[about].search(one.plain) for about in ("guarantee", "other-support", "app", "sale")
    )
    return bool(beside) and not _could_be(one, words)


def _could_be(one: Said, words: Vocabulary) -> bool:
    """Whether a sentence names a day or a duration that may be the period after all."""
    if (
        is_about_other_support(one.plain, words)
        or words["guarantee"].search(one.plain)
        or words["other-support"].search(one.plain)
    ):
        return False
    if words["app"].search(one.plain) and not words["device"].search(one.plain):
        return False
    if words["replace"].search(one.plain) and not words["updates"].search(one.plain):
        return False
    return bool(days_in(one.plain)) or any(span.most >= LEAST_DAYS for span in spans(one.plain))
