"""Tables of HTML as rows of cells, each with the heading of its column; merged cells count for all that they cover."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["MOST_CELLS", "Cell", "Row", "Table"]

MOST_CELLS = 40
_MOST_ROWS = 1000


class Cell(NamedTuple):
    """A cell: its text, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Row:
    """A row while it is read.

    Attributes:
        cells: those that have ended.
        heading: all of them are headings.
        head: it stands in the head of its table.
        links: addresses that its cells lead to.
        spans: columns and rows that the cell covers which is being read.
    """

    cells: list[Cell] = field(default_factory=list)
    heading: bool = True
    head: bool = False
    links: list[str] = field(default_factory=list)
    spans: tuple[int, int] = (1, 1)

    def begin(self, tag: str, values: dict[str, str]) -> None:
        """A cell begins."""
        self.heading = self.heading and tag == "th"
        rows = _number(values.get("rowspan", ""), _MOST_ROWS)
        self.spans = _number(values.get("colspan", ""), MOST_CELLS), rows

    def end(self, text: str) -> None:
        """A cell ends."""
        self.cells.append(Cell(text, *self.spans))
        self.spans = (1, 1)


def _number(text: str, most: int) -> int:
    """A span; "0" is to the end, and what is no number is 1."""
    match = re.match(r"\s*(\d{1,4})", text)
    return min(int(match[1]) or most, most) if match else 1


class Table:
    """What is known of a table while its rows come: the headings of its columns, and cells that reach further down."""

    def __init__(self) -> None:
        self._heads: list[str] = []
        self._after_heads = False
        self._reaching: dict[int, tuple[int, str]] = {}

    def row(self, row: Row) -> tuple[tuple[str, str], ...]:
        """The cells of the next row, each with the heading of its column; empty: none is known."""
        alone = len(row.cells) == 1 and row.cells[0].columns > 1
        if alone and not self._reaching:
            return (("", row.cells[0].text),)  # a title between the rows
        cells = self._across(row.cells)
        if (row.heading or row.head) and len(cells) > 1:
            below = self._after_heads and len(cells) == len(self._heads)
            self._heads = list(map(_both, self._heads, cells)) if below else cells
            self._after_heads = True
            return tuple(("", cell) for cell in cells)
        self._after_heads = False
        heads = self._heads if len(self._heads) == len(cells) else [""] * len(cells)
        return tuple(zip(heads, cells, strict=True))

    def _across(self, cells: list[Cell]) -> list[str]:
        """The texts of a row from left to right, those included that reach down from above."""
        found: list[str] = []
        coming = iter(cells)
        while len(found) < MOST_CELLS:
            at = len(found)
            if at in self._reaching:
                left, text = self._reaching.pop(at)
                if left > 1:
                    self._reaching[at] = (left - 1, text)
                found.append(text)
                continue
            cell = next(coming, None)
            if cell is None and not any(column > at for column in self._reaching):
                break
            text, columns, rows = cell or Cell("")
            for column in range(at, min(at + columns, MOST_CELLS)):
                found.append(text)
                if rows > 1:
                    self._reaching[column] = (rows - 1, text)
        return found


def _both(above: str, own: str) -> str:
    """The heading of a column that has two, one below the other."""
    return above if own in {"", above} else f"{above} {own}".strip()
