"""What headings, paragraphs and tables of a document say together: which table, which entry, which field.

A heading names a table ("IXIT 13-SoftServ"), the headings below it the entries, those below them the fields. Where a
document has no such headings, a paragraph before a table names it, and a line "Field: answer" answers.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.profile.forms._blocks import Grid, Heading, Paragraph
from pytest_etsi.profile.forms._grids import Grids

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile._yaml import Mapping
    from pytest_etsi.profile.forms._blocks import Block
    from pytest_etsi.profile.forms._found import Found
    from pytest_etsi.profile.forms._names import Names
    from pytest_etsi.standard import Table

__all__ = ["Sections"]

_LABEL = re.compile(r"(?:[-*\u2022]\s+|\d+[.)]\s+)?([^:\n]{1,80}?)\s*:\s*(.*)", re.DOTALL)
_ICS = re.compile(r"\bICS\b|conformance statement|konformit\u00e4tserkl\u00e4rung", re.IGNORECASE)
"""A heading above the rows of the ICS, which say themselves what they are."""
_DEEPEST = 99


class Sections:
    """Goes through the blocks of one document after the other.

    Attributes:
        found: where goes what they say.
    """

    def __init__(self, names: Names, found: Found) -> None:
        self.names, self.found = names, found
        self.grids = Grids(names, found)
        self.blocks: list[Block] = []
        self.table: Table | None = None
        self._leave()

    def take(self, blocks: list[Block], file: Path) -> None:
        """Take what the blocks of a document say.

        Args:
            blocks: in order.
            file: its name may say which table it holds.
        """
        self._leave()
        self.blocks = blocks
        self.table = self.names.table(file.stem, whole=False)
        self.grids.last = None
        for index, block in enumerate(blocks):
            if isinstance(block, Heading):
                self._heading(block, index)
            elif isinstance(block, Paragraph):
                for part in self._answers(block):
                    self._paragraph(part, index)
            else:
                self._grid(block, index)

    def _leave(self) -> None:
        self.table = None
        self.table_level = 0
        self._no_entry()

    def _no_entry(self) -> None:
        self.entry: Mapping | None = None
        self.entry_level = self.field_level = _DEEPEST
        self.field = ""
        self.by_headings = False

    def _begin(self, table: Table, level: int, block: Block) -> None:
        self._no_entry()
        self.table, self.table_level = table, level
        self.found.open(table, block.spot)
        if table.single:
            self.entry, self.entry_level = self.found.record(table, block.spot), level

    # Headings -----------------------------------------------------------------------------------------------

    def _heading(self, block: Heading, index: int) -> None:
        text, level = block.text, block.level
        if self.field and level > self.field_level:
            self._append(block)  # a heading within an answer
            return
        within = self.table is not None and self.entry is not None and level > self.entry_level
        if self.table is not None and within and (named := self.names.field(self.table, text)):
            self._field(named, level)  # "Communication Mechanisms" is a field here, and a table elsewhere
            return
        if table := self.names.table(text):
            self._begin(table, level, block)
            return
        if self.table is None or (level <= self.table_level and not self._is_entry(block, index)[0]):
            if self.table is not None:
                self._leave()
            if not _ICS.search(text):
                self.found.stray(block, None)
            return
        if self.entry is None and self.table.single:
            self._begin(self.table, level - 1, block)  # named by the file alone
        if self.entry is not None and level > self.entry_level:
            named = self.names.field(self.table, text)
            if named or self.by_headings or self.entry_level < _DEEPEST:
                self._field(named or " ".join(text.split()), level)
                return
        is_entry, name, rest = self._is_entry(block, index)
        if not is_entry:
            if not self.table.single:
                self._no_entry()
            self.found.stray(block, self.table)
            return
        self._no_entry()
        self.entry, self.entry_level = self.found.begin(self.table, name or rest, block.spot), level
        if name and rest:
            self.found.told.append(
                block.spot.problem(f'words beside the ID, which are not taken: "{rest[:60]}"')
            )

    def _field(self, name: str, level: int) -> None:
        self.field, self.field_level, self.by_headings = name, level, True

    def _is_entry(self, block: Heading, index: int) -> tuple[bool, str, str]:
        """Whether a heading begins an entry, its ID, and what else stands there."""
        if self.table is None or self.table.single:
            return False, "", ""
        name, rest = self.names.entry(self.table, block.text)
        return bool(name) or self._has_fields(block, index), name, rest

    def _has_fields(self, block: Heading, index: int) -> bool:
        """Whether fields of the table stand below a heading, before the next one as high."""
        assert self.table is not None  # noqa: S101 - asked of headings below a table's
        for one in self.blocks[index + 1 : index + 60]:
            if isinstance(one, Heading):
                if one.level <= block.level:
                    return False
                if self.names.field(self.table, one.text):
                    return True
            elif isinstance(one, Paragraph):
                label = _LABEL.fullmatch(one.text)
                if label and self.names.field(self.table, label[1]):
                    return True
        return False

    # Text and tables ----------------------------------------------------------------------------------------

    def _answers(self, block: Paragraph) -> list[Paragraph]:
        """A paragraph, or several where lines of it begin with other fields of the table: an answer each."""
        lines = block.lines or block.text.split("\n")
        if self.table is None or (self.by_headings and self.field):
            return [block]
        parts = [[lines[0]]]
        for line in lines[1:]:
            label = _LABEL.fullmatch(line)
            if label and self.names.field(self.table, label[1]):
                parts.append([line])
            else:
                parts[-1].append(line)
        if len(parts) == 1:
            return [block]
        between = " " if block.lines else "\n"
        return [replace(block, text=between.join(part), lines=()) for part in parts]

    def _paragraph(self, block: Paragraph, index: int) -> None:
        behind = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        if isinstance(behind, Grid) and (table := self.names.table(block.text)):
            if table is not self.table or not (self.field and self.by_headings):
                self._begin(table, _DEEPEST, block)
            return
        if self.by_headings and self.field:
            self._append(block)
            return
        label = _LABEL.fullmatch(block.text) if self.table is not None else None
        named = self.names.field(self.table, label[1]) if self.table is not None and label else ""
        if named and label and self.table is not None:
            if named == "ID":
                level = self.entry_level
                self._no_entry()
                self.entry = self.found.begin(self.table, label[2].strip(), block.spot)
                self.entry_level = level
                return
            if self.entry is not None:
                self.field = named
                self.found.put(self.entry, named, label[2].strip(), block.spot)
                return
        if self.field and self.entry is not None:
            self._append(block)
            return
        self.found.stray(block, self.table)

    def _append(self, block: Block) -> None:
        assert self.entry is not None  # noqa: S101 - a field belongs to one
        self.found.put(self.entry, self.field, block.text, block.spot)

    def _grid(self, block: Grid, index: int) -> None:
        entry = self.entry if self.entry is not None and not (self.table and self.table.single) else None
        continues = index > 0 and isinstance(self.blocks[index - 1], Grid)
        if self.field and self.by_headings and not self._names_id(block):
            self._append(block)
            return
        table = self.grids.take(block, self.table, entry, continues=continues)
        if table is False:
            if self.field and self.entry is not None:
                self._append(block)
            else:
                self.found.stray(block, self.table)
        elif table is not None and not isinstance(table, bool) and table is not self.table:
            self._no_entry()
            self.table = table

    def _names_id(self, block: Grid) -> bool:
        """Whether a table within an answer is one of entries all the same."""
        assert self.table is not None  # noqa: S101 - there is a field of it
        cells = block.rows[0] if block.rows else ()
        return any(self.names.field(self.table, cell.text) == "ID" for cell in cells)
