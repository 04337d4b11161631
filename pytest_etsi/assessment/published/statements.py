"""What single sentences and rows of a page say of the end of support: by a day, or by a duration and its beginning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.assessment.published.dates import after_years, days_in
from pytest_etsi.assessment.published.designations import names_model
from pytest_etsi.assessment.published.ordinary import uncommon
from pytest_etsi.assessment.published.times import spans
from pytest_etsi.assessment.standing import footnoted, is_beside
from pytest_etsi.probes.webdocs import Kind
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from pytest_etsi.assessment.published.dates import Day
    from pytest_etsi.assessment.published.said import Said, Vocabulary

__all__ = [
    "LEAST_DAYS",
    "Statement",
    "is_about_other_support",
    "is_of_another",
    "launches_of",
    "statements_of",
]

_NEAR = 40
"""Characters before a day in which a word says that something lasts until then."""
_DESIGNATION = re.compile(r"\b(?:[A-ZÀ-Þ][\w-]*(?: [\w-]*\d[\w-]*)|[A-Z][A-Z-]{0,5}\d[\w-]*)\b")
LEAST_DAYS = 300
"""Days of a span that can be a support period."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence or row says of the end of support.

    Attributes:
        said: the sentence.
        ends: the days that it can mean.
        sure, why: it means one, and nothing limits it; why not, in a word.
        exact: it names the model.
    """

    said: Said
    ends: tuple[date, ...] = ()
    sure: bool = True
    why: str = ""
    exact: bool = False


def statements_of(
    said: Sequence[Said], words: Vocabulary, order: str, model: str, launches: Sequence[date]
) -> Iterator[Statement]:
    """Every statement on the end of support, in order."""
    tables = _tables_of_models(said)
    ended_below: tuple[str, ...] | None = None
    for one in said:
        if one.text.endswith(":"):
            none = words["updates"].search(one.plain) and words["none"].search(one.plain)
            ended_below = one.passage.chapter if none else None
        elif ended_below == one.passage.chapter and names_model(one.plain, model):
            yield Statement(one, (), False, "ended", True)
        if one.passage.kind is Kind.TABLE_ROW and one.passage.cells:
            yield from _of_row(one, words, order, model, launches, listing=one.passage.chapter in tables)
        elif one.passage.kind is not Kind.FIELD:
            yield from _of_sentence(one, words, order, model, launches)


def _of_sentence(
    one: Said, words: Vocabulary, order: str, model: str, launches: Sequence[date]
) -> Iterator[Statement]:
    text = one.plain
    if not words["updates"].search(text) or is_about_other_support(text, words):
        return
    exact = names_model(text, model) or any(
        names_model(plain(name), model) for name in one.passage.chapter[-1:]
    )
    if not exact and words["app"].search(text):
        return
    durations = [span for span in spans(text) if span.most >= LEAST_DAYS and not span.recurs]
    ends = [
        day
        for day in days_in(text, order)
        if not _begins(text, day.start, words) and not (durations and _starts(text, day, words))
    ]
    if words["unending"].search(text) and not ends:
        yield Statement(one, (), False, "unending", exact)
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
            yield Statement(one, readings, False, "limited", exact)
            return
        if len(readings) == 1 and uncommon(one.text, "support", words.of_languages, _names(one, model)):
            yield Statement(one, readings, False, "other words", exact)
            return
        yield Statement(
            one, readings, len(readings) == 1, "" if len(readings) == 1 else "several readings", exact
        )
    elif exact and words["none"].search(text) and words["no-more"].search(text):
        yield Statement(one, (), False, "ended", exact)
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
) -> Statement:
    if words["purchase"].search(one.plain):
        return Statement(one, (), False, "purchase", exact)
    own = {day.readings[0] for day in days_in(one.plain, order) if len(day.readings) == 1 and day.precise}
    begins = own or set(launches)
    if _is_limited(one.plain, words, order) or uncommon(
        one.text, "support", words.of_languages, _names(one, model)
    ):
        return Statement(one, (), False, "limited", exact)
    if len(begins) == 1 and (own or words["from"].search(one.plain) or words["launch"].search(one.plain)):
        return Statement(one, (after_years(next(iter(begins)), days),), True, "", exact)
    return Statement(one, (), False, "no beginning" if not begins else "several beginnings", exact)


def _of_row(
    one: Said, words: Vocabulary, order: str, model: str, launches: Sequence[date], *, listing: bool
) -> Iterator[Statement]:
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
    found: list[Statement] = []
    for head, cell in cells:
        name, content = plain(head), plain(cell)
        about = name or content
        if words["begin-column"].search(name) and not words["until"].search(name):
            continue
        if not words["updates"].search(about) or is_about_other_support(about, words):
            continue
        if words["app"].search(about) and not words["device"].search(about):
            continue
        days = days_in(content, order)
        if _is_limited(content, words, order) or footnoted(head) or footnoted(cell):
            found.append(Statement(one, (), False, "limited", exact))
        elif words["unending"].search(content) and not days:
            found.append(Statement(one, (), False, "unending", exact))
        elif uncommon(f"{head} {cell}", "support", words.of_languages, _names(one, model)):
            found.append(Statement(one, (), False, "limited", exact))
        elif days:
            readings = tuple(dict.fromkeys(reading for day in days for reading in day.readings))
            found.append(Statement(one, readings, len(readings) == 1, "several readings", exact))
        elif lasting := [span for span in spans(content) if span.most >= LEAST_DAYS]:
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
) -> Statement:
    if words["purchase"].search(content):
        return Statement(one, (), False, "purchase", exact)
    if len(set(begins)) == 1:
        return Statement(one, (after_years(begins[0], days),), True, "", exact)
    return Statement(one, (), False, "no beginning", exact)


def _is_name(cell: str, model: str) -> bool:
    """Whether a cell is the name of the model, with nothing but a few words around it."""
    return len(cell) <= len(plain(model)) + 40


def is_about_other_support(text: str, words: Vocabulary) -> bool:
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
    return launch > until and not words["until"].match(text[at:].partition(" ")[2])


def _starts(text: str, day: Day, words: Vocabulary) -> bool:
    """Whether a duration is told from a day: "for five years from ..."."""
    starting = words["starting"].pattern
    before, behind = text[max(0, day.start - _NEAR) : day.start].rstrip(), text[day.end :].lstrip()
    return bool(re.search(rf"(?:{starting})\Z", before) or re.match(rf"(?:{starting})(?!\w)", behind))


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


def launches_of(said: Iterable[Said], words: Vocabulary, order: str, model: str) -> tuple[date, ...]:
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


def is_of_another(one: Said, said: Sequence[Said], model: str) -> bool:
    """Whether a sentence names what could be another model: words with figures that do not belong to ours."""
    return len(said) > 1 and any(
        not names_model(plain(text[match.start() : match.end() + _NEAR]), model)
        for text in (one.text, *one.passage.chapter[-1:])
        for match in _DESIGNATION.finditer(text)
        if not days_in(plain(match[0]))
    )
