"""The cells of a workbook as text; what is no text is refused with its sheet and cell.

Private names of openpyxl live here. Its public reader drops rows that stand out of order, fills up missing cells (a
single cell in the last corner of a sheet makes 17 thousand million) and says nothing of merged ones.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.worksheet._reader import WorkSheetParser

from pytest_etsi.profile._errors import Problem, one_line, shown
from pytest_etsi.profile._load import MAX_TOTAL_BYTES
from pytest_etsi.profile.workbook._answers import is_too_long
from pytest_etsi.profile.workbook._errors import place

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from pytest_etsi.profile._document import Place

__all__ = ["MAX_CELLS", "MAX_COLUMN", "MAX_ROW", "Book", "Sheet", "open_book"]

MAX_CELLS = 500_000
"""Most cells of a workbook, those without a value included."""
MAX_ROW, MAX_COLUMN = 100_000, 256
"""Last row and column in which a cell may hold something."""

_MOST_MERGED = 20
_MOST_DIGITS = 11
"""Longest number that a spreadsheet program shows in full where no format is set, in digits."""
_CONTROL = re.compile("_x(00[01][0-9A-Fa-f])_")
_AS_TEXT = "format the cell as text and write it again"


@dataclass(slots=True)
class Sheet:
    """The cells of a sheet.

    Attributes:
        title: its name.
        shown: file and name, as problems say it.
        rows: row -> column -> text, without empty cells, in order.
        unreadable: the cells that hold something else than text, each noted as a problem.
    """

    title: str
    shown: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    unreadable: set[Place] = field(default_factory=set)


class Book:
    """A workbook that was opened.

    Attributes:
        shown: the file's name in problems.
        problems: where problems go.
    """

    def __init__(self, book: Any, file: str, problems: list[Problem]) -> None:
        self.shown, self.problems = file, problems
        self._book = book
        self._cells = self._characters = 0
        self._full = False

    @property
    def titles(self) -> list[str]:
        """The names of the sheets, in order."""
        return list(self._book.sheetnames)

    def sheet(self, title: str) -> Sheet | None:
        """The cells of a sheet; None where it cannot be read, which is noted, or the workbook has too many."""
        if self._full:
            return None
        found = self._book[title]
        read = Sheet(title, sheet_name(self.shown, title))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what openpyxl passes over is not read here either
                self._read(found, read)
        except _TooMuch as too_much:
            self.problems.append(Problem(read.shown, 0, 0, "", str(too_much)))
            return None
        except Exception as error:  # noqa: BLE001 - what openpyxl raises for malformed parts has no common base
            self.problems.append(_damaged(read.shown, error))
            return None
        return read

    def _read(self, found: Any, into: Sheet) -> None:
        book = found.parent
        with found._get_source() as source:  # noqa: SLF001
            parser = _Parser(
                source,
                found._shared_strings,  # noqa: SLF001
                epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            )
            for cell in _cells(parser):
                self._cells += 1
                self._full = self._cells > MAX_CELLS
                if self._full:
                    raise _TooMuch(f"the workbook has more than {MAX_CELLS} cells")
                self._take(found, cell, into)
            merged = [str(one.ref) for one in parser.merged_cells.mergeCell] if parser.merged_cells else []
        for reference in merged[:_MOST_MERGED]:
            self._note(into, *_corner(reference), f"the cells {reference} are merged", "split them again")
        if len(merged) > _MOST_MERGED:
            more = len(merged) - _MOST_MERGED
            self.problems.append(Problem(into.shown, 0, 0, "", f"{more} more ranges of cells are merged"))
        into.rows = dict(sorted(into.rows.items()))

    def _take(self, found: Any, cell: dict[str, Any], into: Sheet) -> None:
        value = cell["value"]
        if value is None or value == "":
            return
        row, column = cell["row"], cell["column"]
        if row > MAX_ROW or column > MAX_COLUMN:
            self._note(into, row, column, f"lies outside of row {MAX_ROW} and column {MAX_COLUMN}")
            raise _TooMuch("is not read further")
        cells = into.rows.setdefault(row, {})
        if column in cells or place(row, column) in into.unreadable:
            self._note(into, row, column, "the cell is given twice", "open the workbook and save it again")
            return
        text, hint = _as_text(found, cell)
        if hint:
            into.unreadable.add(place(row, column))
            self._note(into, row, column, text, hint)
            return
        self._characters += len(text)
        self._full = self._characters > MAX_TOTAL_BYTES
        if self._full:
            raise _TooMuch(f"the workbook has more than {MAX_TOTAL_BYTES // 1024 // 1024} MiB of text")
        cells[column] = text

    def _note(self, sheet: Sheet, row: int, column: int, message: str, hint: str = "") -> None:
        self.problems.append(Problem(sheet.shown, *place(row, column), "", message, hint))


class _TooMuch(Exception):  # noqa: N818 - says that a bound is exceeded
    pass


class _Parser(WorkSheetParser):
    """Reads cells; a formula stays a formula, untranslated, since it is refused anyway."""

    def parse_formula(self, element: Any) -> str:  # noqa: ARG002 - of openpyxl
        return "="


def open_book(archive: io.BytesIO, file: str, problems: list[Problem]) -> Book | None:
    """The workbook in an archive; None where it cannot be opened, which is noted.

    Args:
        archive: as `read_archive` gives it.
        file: the file's name in problems.
        problems: where problems go.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Book(load_workbook(archive, read_only=True, keep_links=False), file, problems)
    except Exception as error:  # noqa: BLE001 - what openpyxl raises for malformed parts has no common base
        problems.append(_damaged(file, error))
        return None


def sheet_name(file: str, title: str) -> str:
    """A sheet as problems name it."""
    return f"{file}: sheet {one_line(title)}"


def _cells(parser: _Parser) -> Iterator[dict[str, Any]]:
    for _, row in parser.parse():
        yield from row


def _corner(reference: str) -> Place:
    match = re.match(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if match is None:
        return 0, 0
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _as_text(found: Any, cell: dict[str, Any]) -> tuple[str, str]:
    """The text of a cell; or what is wrong with it, and a hint."""
    value, kind = cell["value"], cell["data_type"]
    if kind == "f":
        return "a formula, expected text", "write its result"
    if kind == "e":
        return f"the error {shown(value)}, expected text", _AS_TEXT
    if kind == "b":
        return ("TRUE" if value else "FALSE"), ""
    if isinstance(value, str):
        text = value.replace("_x000D_\n", "\n").replace("_x000D_", "\n") if "_x000D_" in value else value
        if control := _CONTROL.search(text):
            return f"the control character U+{control[1].upper()}", "take it out"
        if is_too_long(text):
            return "holds more text than a cell can", "shorten it"
        return text, ""
    if isinstance(value, int | float) and kind == "n":
        whole = int(value) if value == value // 1 else None
        text = str(whole) if whole is not None else ""
        if (
            text
            and len(text.lstrip("-")) <= _MOST_DIGITS
            and _format_of(found, cell) in ("General", "@", "0")
        ):
            return text, ""
        return f"the number {value!r}, expected text", _AS_TEXT
    return f"a date or time ({value}), expected text", _AS_TEXT


def _format_of(found: Any, cell: dict[str, Any]) -> str:
    from openpyxl.cell.read_only import ReadOnlyCell

    return str(ReadOnlyCell(found, **cell).number_format)


def _damaged(where: str, error: Exception) -> Problem:
    reason = str(error).partition("\n")[0] or type(error).__name__
    return Problem(
        where, 0, 0, "", f"is damaged and cannot be read: {shown(reason, 160)}", "open and save it again"
    )
