"""What is wrong with a workbook, named by sheet and cell.

Exceptions::

    ProfileError
    └── WorkbookError       the workbook is unusable, or cannot be written; holds every problem that was found

A node that comes from a cell has the cell's row as its line; its column is the cell's, and the line within the cell
where the cell holds YAML (`place`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import Problem, ProfileError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.profile._document import Place

__all__ = ["WorkbookError", "cell_name", "in_order", "named_by_cell", "place"]

_LINE = 1 << 20
"""More than the columns that a sheet may have."""


class WorkbookError(ProfileError):
    """The workbook is unusable, or cannot be written.

    Attributes:
        problems: all that were found, in the order of the sheets, by row and column.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        ordered = tuple(dict.fromkeys(problems))
        super().__init__(ordered)
        self.problems = ordered


def place(row: int, column: int, line: int = 0) -> Place:
    """The place of a cell, from 1 each; or of a line within it. Column 0: the row; row 0: the sheet."""
    return row, column + _LINE * line


def cell_name(row: int, column: int) -> str:
    """The name of a cell, "D4"."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def named_by_cell(problem: Problem) -> Problem:
    """The problem with its cell as part of the file's name, for people who have a spreadsheet before them."""
    line, column = divmod(problem.column, _LINE)
    file = problem.file
    if problem.line:
        file += f", cell {cell_name(problem.line, column)}" if column else f", row {problem.line}"
    if line:
        file += f", line {line}"
    return replace(problem, file=file, line=0, column=0)


def in_order(problems: Iterable[Problem], sheets: Iterable[str]) -> list[Problem]:
    """The problems by sheet, row, column and line within the cell; those of no sheet come first.

    Args:
        problems: with places as `place` makes them.
        sheets: the sheets as problems name them, in order.
    """
    number = {sheet: index for index, sheet in enumerate(sheets)}

    def key(problem: Problem) -> tuple[int, int, int, int, str]:
        line, column = divmod(problem.column, _LINE)
        return number.get(problem.file, -1), problem.line, column, line, problem.message

    return [named_by_cell(problem) for problem in sorted(problems, key=key)]
