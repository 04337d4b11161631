"""A table of a document: rows that are entries, rows that are fields of one entry or more, or rows of the ICS."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import shown
from pytest_etsi.profile._yaml import Mapping, Scalar
from pytest_etsi.profile.forms._names import plain_label

if TYPE_CHECKING:
    from pytest_etsi.profile.forms._blocks import Cell, Grid
    from pytest_etsi.profile.forms._found import Found
    from pytest_etsi.profile.forms._names import Names
    from pytest_etsi.standard import Table

__all__ = ["Grids"]

Row = tuple["Cell", ...]
_ANSWER = re.compile(
    r"(?:answers?|values?|response|entry|content|statement|antwort|angaben?|reponse|r\u00e9ponse)$"
)
_ASK = re.compile(r"(?:fields?|items?|names?|questions?|label|attribute|feld|champ)$")
_REMARK = re.compile(r"(?:remarks?|comments?|notes?|justification|details?|bemerkung(?:en)?|kommentare?)$")
_BOXES = re.compile("[\u2610\u25a1][^\u2610\u25a1\u2611\u2612\u2713\u2714]*|[\u2611\u2612\u2713\u2714]")
_TICKED = re.compile("[\u2611\u2612\u2713\u2714]")
_MOST_HEADER_ROWS = 4
_COUNT = re.compile(r"(?:no|nr|n\u00b0|pos|row|#)?\.?|\d{1,3}[.)]?", re.IGNORECASE)
"""A cell of a column that counts rows, or its header."""


@dataclass
class _Shape:
    """How the rows of a table are to be read; the next table may go on with it.

    Attributes:
        kind: entries: a row each; fields: a row a field; ics.
        table: of the IXIT; None: the ICS.
        columns: key -> column.
        header: the texts of the header row, which is repeated on further pages.
        width: columns.
        values: with fields: the columns of answers.
        entries: the entry that rows go on with; with fields in several columns, one each.
        last: the field of the row before.
        id_cell: the cell with the ID of the row before, which may be merged with the next.
    """

    kind: str
    table: Table | None
    columns: dict[str, int] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    width: int = 0
    values: tuple[int, ...] = ()
    entries: list[Mapping] = field(default_factory=list)
    last: str = ""
    id_cell: Cell | None = None


class Grids:
    """Reads tables into what was found.

    Attributes:
        last: how the table before was read, of which this one may be a continuation on the next page.
    """

    def __init__(self, names: Names, found: Found) -> None:
        self.names, self.found = names, found
        self.last: _Shape | None = None

    def take(
        self, grid: Grid, table: Table | None, entry: Mapping | None, *, continues: bool
    ) -> Table | bool | None:
        """Take the answers of a table.

        Args:
            grid: the table.
            table: that the text before is about; None: it is not known.
            entry: whose heading stands before, to which rows without an ID belong.
            continues: nothing but the end of a page lies between it and the table before.

        Returns:
            False: it was not recognised; else the IXIT table, None for the ICS.
        """
        rows = _unnumbered([row for row in grid.rows if any(cell.text.strip() for cell in row)])
        if not rows:
            return table
        start, named = self._title(rows)
        shape = self._shape(rows[start:], named or table, entry)
        before = self.last
        if shape is None and continues and before is not None and before.width == len(rows[0]) and not named:
            shape, start = before, 0
        elif shape is None:
            self.last = None
            return False
        elif before is not None and continues and _goes_on_with(shape, before):
            shape.entries, shape.last = before.entries, before.last
        self.last = shape
        for row in rows[start:]:
            self._row(shape, row)
        return shape.table

    def _title(self, rows: list[Row]) -> tuple[int, Table | None]:
        """How many rows at the top are one cell that names the table, and which."""
        for index, row in enumerate(rows[:2]):
            if len(dict.fromkeys(row)) > 1 or len(rows) == 1:
                return index, None
            if table := self.names.table(row[0].text):
                return index + 1, table
        return 0, None

    def _shape(self, rows: list[Row], table: Table | None, entry: Mapping | None) -> _Shape | None:
        for row in rows[:_MOST_HEADER_ROWS]:
            if shape := self._ics(row) or self._by_header(row, rows, table, entry):
                return shape
        return self._by_labels(rows, table, entry)

    def _ics(self, row: Row) -> _Shape | None:
        labels = {plain_label(cell.text): index for index, cell in reversed(list(enumerate(row)))}
        key = next(
            (one for one in ("reference", "provision", "clause", "requirement") if one in labels), None
        )
        support = labels.get("support", labels.get("supported"))
        if key is None or support is None:
            return None
        detail = next((labels[one] for one in labels if one.startswith(("detail", "justification"))), None)
        columns = {"provision": labels[key], "support": support} | (
            {} if detail is None else {"detail": detail}
        )
        return _Shape("ics", None, columns, _texts(row), len(row))

    def _by_header(
        self, row: Row, rows: list[Row], table: Table | None, entry: Mapping | None
    ) -> _Shape | None:
        cells = list(dict.fromkeys(row))
        labels = [cell.text for cell in cells if cell.text.strip()]
        if len(labels) < 2:
            return None
        for one in self._candidates(labels, rows, row, table):
            columns: dict[str, int] = {}
            for index, cell in enumerate(row):
                name = self.names.field(one, cell.text) or (
                    " ".join(cell.text.split()) if cell.text.strip() else ""
                )
                columns.setdefault(name, index)
            columns.pop("", None)
            known = [name for name in columns if name == "ID" or any(name == f.name for f in one.fields)]
            if one.single or entry is not None or 2 * len(known) < len(columns) or len(known) < 2:
                continue
            if "ID" in columns and self._is_summary(one, rows, columns["ID"]):
                continue
            return _Shape("entries", one, _without_numbers(columns, known, rows), _texts(row), len(row))
        return None

    def _candidates(
        self, labels: list[str], rows: list[Row], header: Row, table: Table | None
    ) -> list[Table]:
        """The tables that a header may belong to: the one that is known, or that an ID below names, or the only one."""
        if table is not None:
            return [table]
        place = next((index for index, cell in enumerate(header) if plain_label(cell.text) == "id"), None)
        if place is not None:
            named = {
                self.names.by_id(row[place].text) for row in rows if row is not header and place < len(row)
            }
            named.discard(None)
            if len(named) == 1:
                return [one for one in named if one is not None]
        fitting = self.names.tables_with(labels)
        return fitting if len(fitting) == 1 else []

    def _is_summary(self, table: Table, rows: list[Row], column: int) -> bool:
        """Whether all entries are there already: a table that sums them up adds none."""
        there = self.found.ids(table)
        named = [
            row[column].text.strip() for row in rows[1:] if column < len(row) and row[column].text.strip()
        ]
        return bool(named) and bool(there) and all(name in there for name in named)

    def _by_labels(self, rows: list[Row], table: Table | None, entry: Mapping | None) -> _Shape | None:
        if len(rows[0]) < 2:
            return None
        labels = [row[0].text for row in rows if row[0].text.strip()]
        one = table or self._table_of(rows)
        if one is None:
            return None
        known = [label for label in labels if self.names.field(one, label)]
        if not known or 2 * len(known) < len(labels) - 1 or (len(known) == 1 and len(labels) > 3):
            return None
        header = rows[0] if self._is_head(rows[0]) else ()
        values = tuple(range(1, len(rows[0])))
        if header:
            values = self._answers(header, values)
        if all(row[0] is row[index] for row in rows for index in values if index < len(row)):
            return None
        entries = (
            [self.found.record(one, rows[0][0].spot)] if one.single else [entry] if entry is not None else []
        )
        return _Shape("fields", one, {}, _texts(header), len(rows[0]), values, entries)

    def _answers(self, header: Row, values: tuple[int, ...]) -> tuple[int, ...]:
        """The columns that answer, remarks included; of the others it is told once that they are not taken."""
        labels = {index: plain_label(header[index].text) for index in values}
        answers = [index for index in values if _ANSWER.search(labels[index])]
        if not answers:
            return values
        remarks = [index for index in values if _REMARK.search(labels[index]) and index not in answers]
        for cell in dict.fromkeys(header[index] for index in values if index not in {*answers, *remarks}):
            if cell.text.strip():
                self.found.told.append(cell.spot.problem(f"the column {shown(cell.text)} is not taken"))
        return (*answers, *remarks)

    def _is_head(self, row: Row) -> bool:
        return bool(_ASK.search(plain_label(row[0].text))) and row[0].text.strip().casefold() != "id"

    def _table_of(self, rows: list[Row]) -> Table | None:
        """The table of rows of fields: by the ID that they hold, or the only one with all of them."""
        for row in rows:
            if plain_label(row[0].text) == "id" and (named := self.names.by_id(row[1].text)):
                return named
        fitting = self.names.tables_with(
            [row[0].text for row in rows if row[0].text.strip() and not self._is_head(row)]
        )
        return fitting[0] if len(fitting) == 1 else None

    # Rows ---------------------------------------------------------------------------------------------------

    def _row(self, shape: _Shape, row: Row) -> None:
        if _texts(row) == shape.header:
            return
        if shape.kind == "ics":
            self._claim(shape, row)
        elif shape.kind == "entries":
            self._entry(shape, row)
        else:
            self._fields(shape, row)

    def _claim(self, shape: _Shape, row: Row) -> None:
        cells = {key: row[index] for key, index in shape.columns.items() if index < len(row)}
        provision = self.names.provision(cells["provision"].text) if "provision" in cells else ""
        whole = len(dict.fromkeys(row)) == 1
        if not provision or whole:
            if not whole and any(cell.text.strip() for cell in row):
                self._lost(row)
            return
        support, detail = (cells[key].text.strip() if key in cells else "" for key in ("support", "detail"))
        self.found.claim(provision, _ticked(support), detail, row[0].spot)

    def _entry(self, shape: _Shape, row: Row) -> None:
        assert shape.table is not None  # noqa: S101 - only the ICS has none
        cells = {key: row[index] for key, index in shape.columns.items() if index < len(row)}
        if len(dict.fromkeys(row)) == 1 and shape.width > 1:
            self._lost(row)  # a heading within the table, or a note below it
            return
        name = cells.get("ID")
        before = shape.entries[0] if shape.entries else None
        if name is not None and before is not None and self._goes_on(shape, name):
            entry = before
        else:
            entry = self.found.begin(shape.table, name.text.strip() if name else "", row[0].spot)
            shape.entries = [entry]
        shape.id_cell = name
        for key, cell in cells.items():
            if key != "ID":
                self.found.put(entry, key, cell.text.strip(), cell.spot if cell is row[0] else row[0].spot)

    def _goes_on(self, shape: _Shape, name: Cell) -> bool:
        """Whether a row is the rest of the one before: its ID is merged with that, repeated, or left out."""
        if shape.id_cell is name:
            return True
        if not name.text.strip():
            self.found.told.append(
                name.spot.problem(
                    "a row without an ID, taken as the rest of the row before it", "write its ID"
                )
            )
            return True
        return False

    def _fields(self, shape: _Shape, row: Row) -> None:
        assert shape.table is not None  # noqa: S101 - only the ICS has none
        label = row[0]
        key = self.names.field(shape.table, label.text)
        values = [row[index] for index in shape.values if index < len(row) and row[index] is not label]
        values = list(dict.fromkeys(values))
        if key == "ID":
            named = [value for value in values if value.text.strip()]
            several = len(named) > 1 and len({self.names.by_id(one.text) for one in named}) == 1
            started = shape.entries and len(shape.entries) == 1 and not shape.entries[0].items
            if started and named and not several:
                self.found.put(shape.entries[0], "ID", named[0].text.strip(), label.spot)
                return
            begun = shape.entries[0].items.get("ID") if shape.entries else None
            same = isinstance(begun, Scalar) and named and begun.text == named[0].text.strip() and not several
            if not same:
                shape.entries = [
                    self.found.begin(shape.table, one.text.strip(), label.spot)
                    for one in (named if several else named[:1])
                ]
            return
        if not values:
            if named_table := self.names.table(label.text):
                shape.table = named_table
            else:
                self._lost(row)
            return
        if not label.text.strip():
            key = shape.last  # the answer goes on, on the next page
        shape.last = key = key or " ".join(label.text.split())
        if not key:
            self._lost(row)
            return
        if not shape.entries:
            shape.entries = [self.found.begin(shape.table, "", label.spot)]
        if len(shape.entries) > 1:
            for entry, index in zip(shape.entries, shape.values, strict=False):
                if index < len(row):
                    self.found.put(entry, key, row[index].text.strip(), label.spot)
            return
        for value in values:
            self.found.put(shape.entries[0], key, value.text.strip(), label.spot)

    def _lost(self, row: Row) -> None:
        text = " | ".join(cell.text.strip() for cell in dict.fromkeys(row) if cell.text.strip())
        if text:
            self.found.told.append(row[0].spot.problem(f"not recognised: {shown(' '.join(text.split()))}"))


def _goes_on_with(shape: _Shape, before: _Shape) -> bool:
    """Whether rows of fields belong to the entry at the end of the table before."""
    return shape.kind == before.kind == "fields" and not shape.entries and shape.table is before.table


def _texts(row: Row | tuple[()]) -> tuple[str, ...]:
    return tuple(" ".join(cell.text.split()) for cell in row)


def _ticked(text: str) -> str:
    """Of boxes the ticked one: "☒ Y ☐ N" is Y."""
    return _BOXES.sub("", text).strip() if _TICKED.search(text) else text


def _unnumbered(rows: list[Row]) -> list[Row]:
    """Rows without a first column that only counts them."""
    counted = [row for row in rows if len(row) > 2 and row[0] is not row[1]]
    first = [row[0].text.strip() for row in counted]
    if not any(one.strip(".)").isdigit() for one in first) or not all(map(_COUNT.fullmatch, first)):
        return rows
    return [row[1:] for row in rows]


def _without_numbers(columns: dict[str, int], known: list[str], rows: list[Row]) -> dict[str, int]:
    """The columns without one that only counts the rows."""
    counting = {
        name
        for name, index in columns.items()
        if name not in known
        and all(re.fullmatch(r"\d*\.?", row[index].text.strip()) for row in rows[1:] if index < len(row))
    }
    return {name: index for name, index in columns.items() if name not in counting}
