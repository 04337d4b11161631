"""How the sheets look: header, widths, wrapped text, choices to pick from; every cell is text, never a formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from pytest_etsi.profile.workbook._errors import cell_name
from pytest_etsi.profile.workbook._read import MAX_ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Column", "add_sheet", "mark", "offer"]

_TEXT = "@"
_FORMULA_LIKE = ("=", "+", "-", "@", "'")
_LONGEST_CHOICES = 255
_LINE, _TALLEST = 15.0, 400.0
"""Heights in points: of a line, and of the highest row."""
_PAGE = 180
"""What goes on the width of a page, in characters."""

Kind = Literal["answer", "typed", "fixed"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes:
        name: its header.
        width: in characters.
        kind: answer: prose, wrapped; typed: YAML for programs, narrow; fixed: only informs.
        about: what is to be written there; shows on the header.
        choices: what can be picked.
        only: nothing else than the choices may be written.
    """

    name: str
    width: int
    kind: Kind = "answer"
    about: str = ""
    choices: tuple[str, ...] = ()
    only: bool = False


def add_sheet(
    book: Workbook, title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]]
) -> Worksheet:
    """A sheet with a header that stays in view; an empty text is an empty cell."""
    _define_styles(book)
    sheet: Worksheet = book.create_sheet(title)
    for number, column in enumerate(columns, start=1):
        head = sheet.cell(1, number, column.name)
        head.style = "head"
        if column.about:
            head.comment = Comment(
                column.about, "pytest-etsi", width=420, height=40 + 22 * (len(column.about) // 50 + 1)
            )
        letter = cell_name(0, number).rstrip("0")
        dimension = sheet.column_dimensions[letter]
        dimension.width = column.width
        dimension.number_format = _TEXT
        dimension.alignment = _ALIGNMENT[column.kind]
        if column.kind == "typed":
            dimension.outlineLevel = 1  # can be folded away
        if column.choices:
            offer(sheet, f"{letter}2:{letter}{MAX_ROW}", column.choices, only=column.only)
    for index, row in enumerate(rows, start=2):
        for number, (column, text) in enumerate(zip(columns, row, strict=True), start=1):
            _write(sheet, index, number, text, column.kind)
        # Not every program fits the height to wrapped text when it opens a workbook.
        lines = [_lines(text, column) for column, text in zip(columns, row, strict=True)]
        sheet.row_dimensions[index].height = min(_LINE * max(lines), _TALLEST)
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    if sum(column.width for column in columns) > _PAGE:
        sheet.print_title_cols = "A:A"
        sheet.page_setup.scale = 60
    else:
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return sheet


def mark(sheet: Worksheet, row: int, column: int, why: str) -> None:
    """Mark a cell whose answer could not be understood, with the reason as its remark."""
    cell = sheet.cell(row, column)
    cell.fill = PatternFill("solid", fgColor="FFE699")
    cell.comment = Comment(why, "pytest-etsi", width=420, height=40 + 22 * (len(why) // 50 + 1))


def offer(sheet: Worksheet, cells: str, choices: Sequence[str], *, only: bool = False) -> None:
    """Let one of the choices be picked in some cells; what is written otherwise is refused with `only`."""
    listed = ",".join(choices)
    if any("," in choice or '"' in choice for choice in choices) or len(listed) > _LONGEST_CHOICES:
        return
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=only)
    rule.error = f"Expected one of {', '.join(choices)}"
    sheet.add_data_validation(rule)
    rule.add(cells)


def _write(sheet: Worksheet, row: int, column: int, text: str, kind: Kind) -> None:
    cell = sheet.cell(row, column)
    cell.style = kind
    if text:
        cell.value = text
        cell.data_type = "s"  # a text that begins with = is not a formula, and #REF! no error
        if text.startswith(_FORMULA_LIKE):
            cell.quotePrefix = True  # nor does it become one when somebody edits the cell


def _lines(text: str, column: Column) -> int:
    """About how many lines a text takes; of YAML for programs a few are enough to show that it is there."""
    if column.kind == "typed":
        return min(text.count("\n") + 1, _TYPED_LINES)
    return sum(-(-max(len(line), 1) // max(column.width - 1, 1)) for line in text.split("\n"))


_TYPED_LINES = 4
_ALIGNMENT = {
    "answer": Alignment(wrap_text=True, vertical="top"),
    "typed": Alignment(vertical="top"),
    "fixed": Alignment(wrap_text=True, vertical="top"),
}


def _define_styles(book: Workbook) -> None:
    if "head" in book.named_styles:
        return
    grey = PatternFill("solid", fgColor="EEF1F4")
    head = NamedStyle(
        "head",
        font=Font(bold=True),
        fill=PatternFill("solid", fgColor="D5DEE8"),
        border=Border(bottom=Side("thin")),
        alignment=Alignment(wrap_text=True, vertical="center"),
        number_format=_TEXT,
    )
    book.add_named_style(head)
    for kind, alignment in _ALIGNMENT.items():
        style = NamedStyle(kind, alignment=alignment, number_format=_TEXT)
        if kind == "typed":
            style.font = Font(name="Courier New", size=9)
        if kind == "fixed":
            style.fill = grey
        book.add_named_style(style)
