"""A sheet by its header row: each row as column name -> text; what is wrong with the header is noted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import Problem, shown
from pytest_etsi.profile.workbook._errors import cell_name, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.profile._document import Hints, Place
    from pytest_etsi.profile.workbook._layout import Columns
    from pytest_etsi.profile.workbook._read import Sheet

__all__ = ["Grid", "Row", "read_grid"]

_HEADER = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header.

    Attributes:
        number: from 1.
        cells: column name -> text of the cell.
        columns: column name -> column, from 1.
    """

    number: int
    cells: dict[str, str]
    columns: dict[str, int]

    def place(self, name: str) -> Place:
        """The place of the row's cell in a column."""
        return place(self.number, self.columns.get(name, 1))


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet whose header was understood.

    Attributes:
        sheet: the cells.
        columns: column name -> column, from 1.
    """

    sheet: Sheet
    columns: dict[str, int]

    def __iter__(self) -> Iterator[Row]:
        """The rows that hold something, or something unreadable, in a column that is read."""
        names = {column: name for name, column in self.columns.items()}
        unreadable: dict[int, list[int]] = {}
        for row, column in self.sheet.unreadable:
            unreadable.setdefault(row, []).append(column)
        for number in sorted({*self.sheet.rows, *unreadable}):
            if number == _HEADER:
                continue
            cells = {
                names[column]: text
                for column, text in self.sheet.rows.get(number, {}).items()
                if column in names and text.strip()
            }
            # What cannot be read stands in as a text that fits nowhere; what is said of it is dropped.
            cells |= {names[column]: "?" for column in unreadable.get(number, ()) if column in names}
            if cells:
                yield Row(number, cells, self.columns)


def read_grid(
    sheet: Sheet, columns: Columns, hints: Hints, problems: list[Problem], optional: tuple[str, ...] = ()
) -> Grid | None:
    """The sheet by its header; None where columns are missing, which is noted.

    Args:
        sheet: its cells.
        columns: what it has, in any order.
        hints: finds near misses.
        problems: where problems go.
        optional: columns that are read where they are there.
    """
    needed, informing = columns
    found: dict[str, int] = {}
    known = (*needed, *informing, *optional)
    stray = False

    def note(row: int, column: int, message: str, hint: str = "") -> None:
        problems.append(Problem(sheet.shown, *place(row, column), "", message, hint))

    for column, text in sorted(sheet.rows.get(_HEADER, {}).items()):
        name = " ".join(text.split())
        if not name:
            continue
        if name in found:
            note(
                _HEADER,
                column,
                f"a second column {shown(name)}",
                f"first in {cell_name(_HEADER, found[name])}",
            )
        elif name not in known:
            stray = True
            note(_HEADER, column, f"unknown column {shown(name)}", hints.near(name, known, listed=True))
        found.setdefault(name, column)
    missing = [name for name in needed if name not in found]
    if missing and not any(row == _HEADER for row, _ in sheet.unreadable):
        names = ", ".join(map(shown, missing))
        what = f"the columns {names} are missing" if len(missing) > 1 else f"the column {names} is missing"
        note(_HEADER, 0, what, "" if stray else f"expected {', '.join(needed)}")
    _note_homeless(sheet, note)
    read = (*needed, *(name for name in optional if name in found))
    return None if missing else Grid(sheet, {name: found[name] for name in read})


def _note_homeless(sheet: Sheet, note: Callable[[int, int, str, str], None]) -> None:
    """Note the first value of each column without a header: it would be lost."""
    seen = {column for row, column in sheet.unreadable if row == _HEADER}
    seen |= {column for column, text in sheet.rows.get(_HEADER, {}).items() if text.strip()}
    for row, cells in sheet.rows.items():
        for column, text in cells.items():
            if column not in seen and text.strip():
                seen.add(column)
                note(row, column, "a value in a column without a header", "write the column's name in row 1")
