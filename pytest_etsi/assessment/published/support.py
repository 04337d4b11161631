"""Support periods: until when a page promises updates for one model, and what is no period.

A model is found by its exact designation, or by a short name that the page explains (`designations`): "A20" is not
named by "A20 Pro", nor in the row of "A20-2". A duration needs its beginning, found in the same document. What depends
on the day of purchase, a guarantee, help by telephone, and the end of sale are no support period; nor is "for its
lifetime". Two ends in one row that do not agree are shown, both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pytest_etsi.assessment.published.dates import after_years, days_in, order_in
from pytest_etsi.assessment.published.designations import expanded, names_model
from pytest_etsi.assessment.published.ordinary import uncommon
from pytest_etsi.assessment.published.said import Vocabulary, languages_of, said_in, taken_back
from pytest_etsi.assessment.published.times import spans
from pytest_etsi.assessment.published.whole import out_of_the_ordinary
from pytest_etsi.assessment.standing import footnoted, in_force, is_beside
from pytest_etsi.probes.webdocs import LANGUAGES, Kind
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from pytest_etsi.assessment.published.dates import Day
    from pytest_etsi.assessment.published.said import Said
    from pytest_etsi.probes.webdocs import WebDocument

__all__ = ["Period", "ends_of", "names_model", "read_period"]

_DATA = "published-support.json"
_NEAR = 40
"""Characters before a day in which a word says that something lasts until then."""
_DESIGNATION = re.compile(r"\b(?:[A-ZÀ-Þ][\w-]*(?: [\w-]*\d[\w-]*)|[A-Z][A-Z-]{0,5}\d[\w-]*)\b")
_LEAST_DAYS = 300
"""Days of a span that can be a support period."""


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


@dataclass(frozen=True, slots=True)
class _Statement:
    said: Said
    ends: tuple[date, ...] = ()
    sure: bool = True
    why: str = ""
    exact: bool = False


def ends_of(text: str) -> tuple[date, ...]:
    """The days at which a support period ends, as an answer of the IXIT says it; empty: it names none."""
    short = plain(text)
    days = [one.readings[0] for one in days_in(short, order_in(short, "")) if len(one.readings) == 1]
    lasting = [span for span in spans(short) if span.least >= _LEAST_DAYS and not span.recurs]
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
    statements = list(_statements(said, words, order, model, _launches(said, words, order, model)))
    exact = [one for one in statements if one.exact]
    whole = document.whole and bool(languages) and len(own) == len(document.own)
    if exact:
        return _told(exact)
    if statements and named:
        if ours := [one for one in statements if not _of_another(one.said, said, model)]:
            return _told(ours)
        ends = tuple(dict.fromkeys(end for one in statements for end in one.ends))
        return Period("open", ends, "what is said may be meant for another model", _told(statements).said)
    return _without(said, words, model, named=bool(named), sure=whole)


def _titled(document: WebDocument, model: str) -> bool:
    return names_model(plain(document.title), model)


# Statements -------------------------------------------------------------------------------------------------


def _statements(
    said: Sequence[Said], words: Vocabulary, order: str, model: str, launches: Sequence[date]
) -> Iterator[_Statement]:
    tables = _tables_of_models(said)
    ended_below: tuple[str, ...] | None = None
    for one in said:
        if one.text.endswith(":"):
            none = words["updates"].search(one.plain) and words["none"].search(one.plain)
            ended_below = one.passage.chapter if none else None
        elif ended_below == one.passage.chapter and names_model(one.plain, model):
            yield _Statement(one, (), False, "ended", True)
        if one.passage.kind is Kind.TABLE_ROW and one.passage.cells:
            yield from _of_row(one, words, order, model, launches, listing=one.passage.chapter in tables)
        elif one.passage.kind is not Kind.FIELD:
            yield from _of_sentence(one, words, order, model, launches)


def _of_sentence(
    one: Said, words: Vocabulary, order: str, model: str, launches: Sequence[date]
) -> Iterator[_Statement]:
    text = one.plain
    if not words["updates"].search(text) or _is_other(text, words):
        return
    exact = names_model(text, model) or any(
        names_model(plain(name), model) for name in one.passage.chapter[-1:]
    )
    if not exact and words["app"].search(text):
        return
    ends = [day for day in days_in(text, order) if not _begins(text, day.start, words)]
    durations = [span for span in spans(text) if span.most >= _LEAST_DAYS and not span.recurs]
    if words["unending"].search(text) and not ends:
        yield _Statement(one, (), False, "unending", exact)
        return
    if ends:
        readings = tuple(dict.fromkeys(reading for day in ends for reading in day.readings))
        # What is for the app, or for how long the model is sold, is named beside it.
        of_another = (
            one.text.endswith("?")
            or is_beside(one.passage)
            or (words["app"].search(text) and not words["device"].search(text))
            or any(words[concept].search(text) for concept in ("sale", "purchase"))
        )
        if of_another or footnoted(one.text) or not all(_ends_there(text, day, words, order) for day in ends):
            yield _Statement(one, readings, False, "limited", exact)
            return
        if len(readings) == 1 and uncommon(one.text, "support", words.of_languages, _names(one, model)):
            yield _Statement(one, readings, False, "other words", exact)
            return
        yield _Statement(
            one, readings, len(readings) == 1, "" if len(readings) == 1 else "several readings", exact
        )
    elif exact and words["none"].search(text) and words["no-more"].search(text):
        yield _Statement(one, (), False, "ended", exact)
    elif durations:
        yield _of_duration(one, durations[0].least, words, order, launches, model, exact=exact)


def _names(one: Said, model: str) -> str:
    """The model, and the title of the document, which names the product."""
    return " ".join((model, *one.passage.chapter[:1]))


def _of_duration(
    one: Said,
    days: float,
    words: Vocabulary,
    order: str,
    launches: Sequence[date],
    model: str,
    *,
    exact: bool,
) -> _Statement:
    if words["purchase"].search(one.plain):
        return _Statement(one, (), False, "purchase", exact)
    own = {day.readings[0] for day in days_in(one.plain, order) if len(day.readings) == 1 and day.precise}
    begins = own or set(launches)
    if _is_limited(one.plain, words, order) or uncommon(
        one.text, "support", words.of_languages, _names(one, model)
    ):
        return _Statement(one, (), False, "limited", exact)
    if len(begins) == 1 and (own or words["from"].search(one.plain) or words["launch"].search(one.plain)):
        return _Statement(one, (after_years(next(iter(begins)), days),), True, "", exact)
    return _Statement(one, (), False, "no beginning" if not begins else "several beginnings", exact)


def _of_row(
    one: Said, words: Vocabulary, order: str, model: str, launches: Sequence[date], *, listing: bool
) -> Iterator[_Statement]:
    cells = _turned(one, model)
    exact = any(names_model(plain(cell), model) and _is_name(plain(cell), model) for _, cell in cells) or (
        len(cells) == 1 and names_model(one.plain, model)
    )
    if not exact and listing:
        return
    begins = [
        day.readings[0]
        for head, cell in cells
        if words["launch"].search(plain(head)) and not words["sale"].search(plain(head))
        for day in days_in(plain(cell), order)
        if len(day.readings) == 1
    ]
    found: list[_Statement] = []
    for head, cell in cells:
        name, content = plain(head), plain(cell)
        about = name or content
        if words["begin-column"].search(name) and not words["until"].search(name):
            continue
        if not words["updates"].search(about) or _is_other(about, words):
            continue
        if words["app"].search(about) and not words["device"].search(about):
            continue
        days = days_in(content, order)
        if _is_limited(content, words, order) or footnoted(head) or footnoted(cell):
            found.append(_Statement(one, (), False, "limited", exact))
        elif words["unending"].search(content) and not days:
            found.append(_Statement(one, (), False, "unending", exact))
        elif uncommon(f"{head} {cell}", "support", words.of_languages, _names(one, model)):
            found.append(_Statement(one, (), False, "limited", exact))
        elif days:
            readings = tuple(dict.fromkeys(reading for day in days for reading in day.readings))
            found.append(_Statement(one, readings, len(readings) == 1, "several readings", exact))
        elif lasting := [span for span in spans(content) if span.most >= _LEAST_DAYS]:
            found.append(
                _of_duration_in(one, lasting[0].least, content, words, begins or list(launches), exact=exact)
            )
    yield from found


def _turned(one: Said, model: str) -> tuple[tuple[str, str], ...]:
    """The cells of a row; of a table whose columns are models those of this model, with the row's name as heading."""
    cells = one.passage.cells
    models = [
        cell
        for head, cell in cells
        if head and _is_name(plain(head), model) and names_model(plain(head), model)
    ]
    if len(models) == 1 and len(cells) > 1 and cells[0][1]:
        return (("", model), (cells[0][1], models[0]))
    return cells


def _of_duration_in(
    one: Said, days: float, content: str, words: Vocabulary, begins: Sequence[date], *, exact: bool
) -> _Statement:
    if words["purchase"].search(content):
        return _Statement(one, (), False, "purchase", exact)
    if len(set(begins)) == 1:
        return _Statement(one, (after_years(begins[0], days),), True, "", exact)
    return _Statement(one, (), False, "no beginning", exact)


def _is_name(cell: str, model: str) -> bool:
    """Whether a cell is the name of the model, with nothing but a few words around it."""
    return len(cell) <= len(plain(model)) + 40


def _is_other(text: str, words: Vocabulary) -> bool:
    """Whether a text is about what is no support by updates: a guarantee, help by telephone, the end of sale."""
    for concept in ("other-support", "guarantee", "sale"):
        if words[concept].search(text):
            rest = words[concept].sub(" ", text)
            if not words["updates"].search(rest):
                return True
    return False


def _begins(text: str, at: int, words: Vocabulary) -> bool:
    """Whether the day at a place is a beginning: a word of the launch stands closer before it than one of an end."""
    before = text[max(0, at - 80) : at]
    launch = max((match.end() for match in words["launch"].finditer(before)), default=-1)
    until = max((match.end() for match in words["until"].finditer(before)), default=-1)
    return launch > until


def _is_limited(text: str, words: Vocabulary, order: str) -> bool:
    """Whether a word limits what is said, or leaves it open; the name of a month is none: "1 May"."""
    for day in reversed(days_in(text, order)):
        text = f"{text[: day.start]} {text[day.end :]}"
    return words["doubt"].search(text) is not None


def _ends_there(text: str, day: Day, words: Vocabulary, order: str) -> bool:
    """Whether a sentence says without any limit that support ends at a day: "until ...", or that none is after it."""
    before, behind = text[max(0, day.start - _NEAR) : day.start], text[day.end : day.end + _NEAR]
    rest = text[: day.start] + text[day.end :]
    if words["none"].search(rest) and re.search(rf"(?:{words['after'].pattern})\s*\Z", before.rstrip()):
        return True
    if _is_limited(text, words, order):
        return False
    return bool(words["until"].search(before) or words["until"].search(behind[:12]))


def _launches(said: Iterable[Said], words: Vocabulary, order: str, model: str) -> tuple[date, ...]:
    """The days at which the model came on the market, as sentences say it."""
    found: dict[date, None] = {}
    for one in said:
        if not words["launch"].search(one.plain):
            continue
        if one.passage.kind is Kind.TABLE_ROW:
            found |= dict.fromkeys(_launches_in(one, words, order, model))
            continue
        if not (
            names_model(one.plain, model)
            or any(names_model(plain(name), model) for name in one.passage.chapter)
        ):
            continue
        for day in days_in(one.plain, order):
            if len(day.readings) == 1 and day.precise and _begins(one.plain, day.start, words):
                found[day.readings[0]] = None
    return tuple(found)


def _launches_in(one: Said, words: Vocabulary, order: str, model: str) -> Iterator[date]:
    """The days of the launch that a row of the model gives."""
    cells = one.passage.cells
    if not any(_is_name(plain(cell), model) and names_model(plain(cell), model) for _, cell in cells):
        return
    for head, cell in cells:
        if words["launch"].search(plain(head)) and not words["sale"].search(plain(head)):
            yield from (day.readings[0] for day in days_in(plain(cell), order) if len(day.readings) == 1)


def _tables_of_models(said: Iterable[Said]) -> set[tuple[str, ...]]:
    """The chapters whose tables have several rows with days: each row is about a model of its own."""
    counted: dict[tuple[str, ...], int] = {}
    for one in said:
        if (
            one.passage.kind is Kind.TABLE_ROW
            and len(one.passage.cells) > 1
            and any(head for head, _ in one.passage.cells)
        ):
            counted[one.passage.chapter] = counted.get(one.passage.chapter, 0) + 1
    return {chapter for chapter, number in counted.items() if number > 1}


def _of_another(one: Said, said: Sequence[Said], model: str) -> bool:
    """Whether a sentence names what could be another model: words with figures that do not belong to ours."""
    return len(said) > 1 and any(
        not names_model(plain(text[match.start() : match.end() + _NEAR]), model)
        for text in (one.text, *one.passage.chapter[-1:])
        for match in _DESIGNATION.finditer(text)
        if not days_in(plain(match[0]))
    )


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


def _told(statements: Sequence[_Statement]) -> Period:
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


def _repeats(one: _Statement, sure: Sequence[_Statement]) -> bool:
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


def _could_be(one: Said, words: Vocabulary) -> bool:
    """Whether a sentence names a day or a duration that may be the period after all."""
    if (
        _is_other(one.plain, words)
        or words["guarantee"].search(one.plain)
        or words["other-support"].search(one.plain)
    ):
        return False
    if words["app"].search(one.plain) and not words["device"].search(one.plain):
        return False
    if words["replace"].search(one.plain) and not words["updates"].search(one.plain):
        return False
    return bool(days_in(one.plain)) or any(span.most >= _LEAST_DAYS for span in spans(one.plain))
