"""Blocks of a Word document: its body, with the tables by rows and columns.

python-docx opens the package and resolves styles and links; the text is read from the XML, since its own `text` leaves
out content controls, tracked insertions and tick boxes.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import docx

from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile.forms._blocks import Cell, Grid, Heading, Paper, Paragraph, Spot
from pytest_etsi.profile.forms._docx_text import Texts, containing, number_of, tag_of
from pytest_etsi.profile.workbook._archive import WORD, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_DOCX", "read_docx"]

MAX_DOCX = 64 * 1024 * 1024
"""Largest size of a file, in bytes, pictures included, which stay packed."""
_MOST_COLUMNS = 64
_HEADING = re.compile(r"heading (\d)|(title)$", re.IGNORECASE)


def read_docx(content: bytes, shown: str) -> Paper | Problem:
    """The blocks of a document; or why it is none.

    Args:
        content: the file's bytes.
        shown: the file's name in problems.

    Raises:
        TooMuch: there is more of it than is read.
    """
    parts = unpacked(content, WORD)
    if not isinstance(parts, dict):
        return Problem(shown, 0, 0, "", *parts)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            document = docx.Document(_without_media(content, parts))
            body = document.element.body
    except Exception as error:  # noqa: BLE001 - what its reader raises for malformed parts has no common base
        reason = str(error).partition("\n")[0] or type(error).__name__
        return Problem(
            shown, 0, 0, "", f"is damaged and cannot be read: {reason[:160]}", "open and save it again"
        )
    return _Reader(document, body, shown).paper()


def _without_media(content: bytes, parts: dict[str, bytes]) -> io.BytesIO:
    """The document with its XML parts, and an empty part in the place of each other."""
    archive = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(archive, "w") as file:
        for name in whole.namelist():
            file.writestr(name, parts.get(name, b""))
    archive.seek(0)
    return archive


class _Reader:
    def __init__(self, document: Any, body: Any, shown: str) -> None:
        self.body, self.shown = body, shown
        self.read = Paper()
        self.texts = Texts(document.part, self.read)
        self.levels = dict(_levels(document))

    def paper(self) -> Paper:
        tables = paragraphs = 0
        for element in containing(self.body, self._note):
            tag = tag_of(element)
            if tag == "tbl":
                tables += 1
                self.read.blocks.append(self._table(element, tables))
            elif tag == "p":
                paragraphs += 1
                spot = Spot(self.shown, f"paragraph {paragraphs}")
                text = self.texts.paragraph(element, spot).strip()
                self.read.count(text)
                if not text:
                    continue
                level = self._level(element)
                block = Heading(level, text, spot) if level else Paragraph(text, spot)
                self.read.blocks.append(block)
        return self.read

    def _note(self, element: Any) -> None:
        what = "deleted" if tag_of(element) in ("del", "moveFrom") else "inserted"
        self.read.told.append(
            Spot(self.shown, "between paragraphs").problem(f"a tracked change: {what} paragraphs or tables")
        )

    def _level(self, paragraph: Any) -> int:
        properties = self.texts.child(paragraph, "pPr")
        if properties is None:
            return 0
        outline = self.texts.child(properties, "outlineLvl")
        if outline is not None:
            level = number_of(outline, 9)
            return level + 1 if level < 9 else 0
        style = self.texts.child(properties, "pStyle")
        return 0 if style is None else self.levels.get(self.texts.value(style), 0)

    def _table(self, table: Any, number: int) -> Grid:
        rows: list[tuple[Cell, ...]] = []
        above: dict[int, Cell] = {}
        spot = Spot(self.shown, f"table {number}")
        for index, row in enumerate(containing(table, self._note, "tr"), start=1):
            at = Spot(self.shown, f"table {number}, row {index}")
            if self._is_deleted(row, at):
                continue
            cells = self._row(row, at, above)
            above = dict(enumerate(cells))
            rows.append(tuple(cells))
        return Grid(tuple(rows), spot)

    def _is_deleted(self, row: Any, at: Spot) -> bool:
        properties = self.texts.child(row, "trPr")
        for change in () if properties is None else properties:
            if tag_of(change) in ("del", "ins"):
                gone = tag_of(change) == "del"
                what = "deleted, and is not taken" if gone else "inserted, and is taken"
                self.read.told.append(at.problem(f"a tracked change: the row was {what}"))
                if gone:
                    return True
        return False

    def _row(self, row: Any, at: Spot, above: dict[int, Cell]) -> list[Cell]:
        cells: list[Cell] = []
        properties = self.texts.child(row, "trPr")
        before = None if properties is None else self.texts.child(properties, "gridBefore")
        if before is not None:
            cells += [Cell("", at)] * min(number_of(before, 0), _MOST_COLUMNS)
        for element in containing(row, self._note, "tc"):
            about = self.texts.child(element, "tcPr")
            span = merge = None
            if about is not None:
                span, merge = self.texts.child(about, "gridSpan"), self.texts.child(about, "vMerge")
            width = 1 if span is None else max(1, min(number_of(span, 1), _MOST_COLUMNS))
            continued = merge is not None and self.texts.value(merge) in ("", "continue")
            cell = above.get(len(cells)) if continued else None
            text = self.texts.cell(element, at)
            if cell is not None and text.strip():
                # Some programs leave text in a cell that is merged with the one above; nobody sees it.
                self.read.told.append(at.problem("hidden text in a merged cell, which is not taken"))
            cell = cell or Cell(text, at)
            self.read.count(cell.text, width)
            cells += [cell] * width
        return cells[:_MOST_COLUMNS]


def _levels(document: Any) -> Iterator[tuple[str, int]]:
    """Style -> level, of the styles of headings, also of those that are based on one."""
    for style in document.styles:
        one, seen = style, 0
        while one is not None and seen < 10:
            found = _HEADING.match(str(one.name or ""))
            if found:
                yield str(style.style_id), int(found[1] or 1)
                break
            one, seen = getattr(one, "base_style", None), seen + 1
