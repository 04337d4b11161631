"""A document as a row of blocks, whichever program wrote it: headings, paragraphs, tables, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile._load import MAX_TOTAL_BYTES

__all__ = ["MAX_CELLS", "Block", "Cell", "Grid", "Heading", "Paper", "Paragraph", "Spot", "TooMuch"]

MAX_CELLS = 200_000
"""Most cells of all tables of a document, each counted as often as it is wide."""


class TooMuch(Exception):  # noqa: N818 - says that a bound is exceeded
    """The document is larger than what is read."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document.

    Attributes:
        file: as the user named it.
        where: "table 3, row 4"; "": a line says it.
        line: from 1, of a text file; 0: it has no lines.
    """

    file: str
    where: str = ""
    line: int = 0

    def problem(self, message: str, hint: str = "") -> Problem:
        """Something to say about the place."""
        return self.of(Problem("", 0, 0, "", message, hint))

    def of(self, problem: Problem) -> Problem:
        """The problem, said of this place."""
        file = f"{self.file}, {self.where}" if self.where else self.file
        return replace(problem, file=file, line=self.line, column=1 if self.line else 0)

    def __str__(self) -> str:
        return self.where or f"line {self.line}"


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell of a table; one that is merged is the same object wherever it lies."""

    text: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; 1 is the highest level."""

    level: int
    text: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or an item of a list with all that belongs to it, behind its mark.

    Attributes:
        text: its words.
        spot: where it is.
        lines: as its file breaks it, where the text runs on; empty: as the text does.
    """

    text: str
    spot: Spot
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells, by their columns."""

    rows: tuple[tuple[Cell, ...], ...]
    spot: Spot

    @property
    def text(self) -> str:
        """The table in lines, a row each."""
        return "\n".join(" | ".join(cell.text for cell in dict.fromkeys(row)) for row in self.rows)


Block = Heading | Paragraph | Grid


@dataclass
class Paper:
    """What was read of a document.

    Attributes:
        blocks: in order.
        told: what a reader has to know of it: tracked changes, pictures, comments, hidden text.
    """

    blocks: list[Block] = field(default_factory=list)
    told: list[Problem] = field(default_factory=list)
    _cells: int = 0
    _characters: int = 0

    def count(self, text: str, cells: int = 0) -> None:
        """Count what was read.

        Raises:
            TooMuch: it is more than is read of a document.
        """
        self._cells += cells
        self._characters += len(text) * max(cells, 1)
        if self._cells > MAX_CELLS:
            raise TooMuch(f"has more than {MAX_CELLS} cells in its tables")
        if self._characters > MAX_TOTAL_BYTES:
            raise TooMuch(f"has more than {MAX_TOTAL_BYTES // 1024 // 1024} MiB of text")
