"""The gaps as a workbook (.xlsx): a row for each thing to do, to be sorted, given to somebody, and ticked off."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, ClassVar

from pytest_etsi.report.failures import failures, listed_units
from pytest_etsi.report.gaps import GUIDE, concerned
from pytest_etsi.report.steps import steps
from pytest_etsi.report.views import PLAIN
from pytest_etsi.report.writer import Form
from pytest_etsi.text import neutral_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.report.failures import Failure
    from pytest_etsi.report.kept import Kept
    from pytest_etsi.report.writer import Json

__all__ = ["GapsWorkbook"]

_MOST_CHARACTERS = 30_000
"""What a cell holds; Excel has room for 32,767. What is longer goes on in the row below."""
_MOST_LINES = 250
"""Lines of a cell; Excel shows no more of a row's height, and none has more than 253."""


class GapsWorkbook(Form):
    """The gaps as sheets; no cell is a formula, and no text is shortened."""

    name: ClassVar[str] = "gaps-xlsx"
    file: ClassVar[str] = "gaps.xlsx"
    shows_views: ClassVar[bool] = True

    def text(self, kept: Kept) -> str:
        """It is no text.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"a workbook is no text; content() gives that of {kept.directory}")

    def content(self, kept: Kept) -> bytes:
        """The workbook."""
        from openpyxl import Workbook

        from pytest_etsi.profile.workbook import Column, add_sheet

        book = Workbook()
        book.remove(book.worksheets[0])
        gaps = [
            Column("who", 24), Column("about", 14), Column("cause", 12), Column("what", 80),
            Column("how to mend it", 60), Column("guidance", 30), Column("entries", 30), Column("documents", 40),
            Column("evidence", 40), Column("settles", 10), Column("done", 8, choices=("yes", "no")),
        ]  # fmt: skip
        add_sheet(book, "Gaps", gaps, _cells(_rows(concerned(kept)), len(gaps)))
        if kept.views:
            seen = [
                Column("view", 12),
                Column("stands", 12),
                Column("asks", 50),
                Column("behind it", 80),
                Column("source", 50),
            ]
            add_sheet(book, "Views", seen, _cells(_views(kept), len(seen)))
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def _rows(results: Json) -> Iterator[list[str]]:
    for mine in steps(results):
        if mine.who.causes == ("FAIL",):
            yield from (_failure(mine.who.name, one) for one in failures(results))
            continue
        for item in mine.items:
            entries = ", ".join(item.entries)
            yield [
                mine.who.name,
                item.unit,
                item.cause,
                item.text,
                "",
                "",
                entries,
                "",
                "",
                str(item.evaluations),
                "",
            ]


def _failure(who: str, one: Failure) -> list[str]:
    seen = "\n".join(f"{each.message}{f' ({each.beside})' if each.beside else ''}" for each in one.seen)
    refuted = listed_units(one.refuted) or f"the ICS: {', '.join(one.provisions)}"
    mend, guide = "\n".join(one.mended), GUIDE.format("; on ".join(one.guides)) if one.guides else ""
    places, files = "\n".join(one.places), "\n".join(one.evidence)
    return [who, one.id, "FAIL", seen, mend, guide, refuted, places, files, str(len(one.refuted)), ""]


def _views(kept: Kept) -> Iterator[list[str]]:
    for view in kept.views:
        yield [view.scheme.id, view.standing, view.scheme.name, "\n".join((PLAIN, *view.remarks)), ""]
        for one in view.demands:
            behind = "\n".join(f"{label}: {text}" for label, text in one.lines)
            yield [view.scheme.id, one.standing, one.demand.asks, behind, view.from_where(one.demand)]
        for fact in view.scheme.facts:
            yield [view.scheme.id, "", fact.about, fact.says, view.from_where(fact)]


def _cells(rows: Iterator[list[str]], number: int) -> Iterator[list[str]]:
    """The rows, with what is longer than a cell going on below it."""
    for row in rows:
        parts = [list(_parts(neutral_lines(text))) for text in row]
        for index in range(max(map(len, parts))):
            yield [part[index] if index < len(part) else "" for part in parts[:number]]


def _parts(text: str) -> Iterator[str]:
    """A text in pieces that a cell can hold, cut between lines or words where that is possible."""
    while len(text) > _MOST_CHARACTERS or text.count("\n") > _MOST_LINES:
        end = len("\n".join(text.split("\n", _MOST_LINES)[:_MOST_LINES]))
        end = min(end, _MOST_CHARACTERS)
        if end == _MOST_CHARACTERS:
            end = max(text.rfind(mark, 1, end) for mark in ("\n", " ")) if " " in text[1:end] else end
        yield text[:end]
        text = text[end:].lstrip(" \n")
    yield text
