"""What was found in the documents: entries, fields and rows of the ICS, as nodes whose line leads to their place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import Problem, shown
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.forms._blocks import Block, Spot
    from pytest_etsi.standard import Table

__all__ = ["Found", "Spots"]

_PLACEHOLDER = re.compile(r"\$\{")


@dataclass
class Spots:
    """Numbers the places, since a node knows no more than a line and a column."""

    spots: list[Spot] = field(default_factory=list)

    def line(self, spot: Spot) -> int:
        """The number of a place."""
        if not self.spots or self.spots[-1] != spot:
            self.spots.append(spot)
        return len(self.spots)

    def at(self, line: int) -> Spot:
        """The place of a number."""
        return self.spots[max(line, 1) - 1]

    def named(self, problem: Problem) -> Problem:
        """A problem whose line is a number of these, said of its place."""
        return self.at(problem.line).of(problem) if problem.line and not problem.file else problem


@dataclass
class Found:
    """What was recognised, and what was not.

    Attributes:
        tables: by id: a list of entries, or the single record.
        claims: the rows of the ICS.
        loose: what stands beside the entries of a table, by id: it is the table's text where that has no entries.
        strays: blocks that are part of nothing, in order.
        told: what a reader has to know.
    """

    spots: Spots = field(default_factory=Spots)
    tables: dict[str, Sequence | Mapping] = field(default_factory=dict)
    claims: Mapping = field(default_factory=lambda: Mapping(1, 1))
    loose: dict[str, list[Block]] = field(default_factory=dict)
    strays: list[tuple[str, Block]] = field(default_factory=list)
    told: list[Problem] = field(default_factory=list)

    def scalar(self, text: str, spot: Spot) -> Scalar:
        """A text as it stands: what looks like a placeholder of ours is none in a document of somebody else."""
        return Scalar(self.spots.line(spot), 1, _PLACEHOLDER.sub("$${", text), plain=False)

    def open(self, table: Table, spot: Spot) -> Sequence | Mapping:
        """The node of a table, begun where it has none."""
        if table.id not in self.tables:
            line = self.spots.line(spot)
            self.tables[table.id] = Mapping(line, 1) if table.single else Sequence(line, 1)
        return self.tables[table.id]

    def begin(self, table: Table, name: str, spot: Spot) -> Mapping:
        """A new entry of a table; without an ID where that is empty."""
        entry = Mapping(self.spots.line(spot), 1)
        if name:
            self.put(entry, "ID", name, spot)
        entries = self.open(table, spot)
        assert isinstance(entries, Sequence)  # noqa: S101 - a single record has no entries
        entries.items.append(entry)
        return entry

    def record(self, table: Table, spot: Spot) -> Mapping:
        """The record of a table that has one."""
        record = self.open(table, spot)
        assert isinstance(record, Mapping)  # noqa: S101 - it is a single one
        return record

    def put(self, into: Mapping, key: str, text: str, spot: Spot) -> None:
        """Put an answer under a key; what is said there a second time follows on a new line."""
        if not text.strip():
            return
        before = into.items.get(key)
        if isinstance(before, Scalar) and before.text:
            if _PLACEHOLDER.sub("$${", text) == before.text:
                return
            more = f"{before.text}\n{_PLACEHOLDER.sub('$${', text)}"
            into.items[key] = Scalar(before.line, before.column, more, plain=before.plain)
            return
        into.items[key] = self.scalar(text, spot)
        into.keys[key] = (self.spots.line(spot), 1)

    def ids(self, table: Table) -> set[str]:
        """The IDs of a table so far."""
        entries = self.tables.get(table.id)
        found = (
            (one.get("ID") for one in entries.items if isinstance(one, Mapping))
            if isinstance(entries, Sequence)
            else ()
        )
        return {one.text for one in found if isinstance(one, Scalar)}

    def claim(self, provision: str, support: str, detail: str, spot: Spot) -> None:
        """A row of the ICS."""
        if provision in self.claims.keys:
            first = self.spots.at(self.claims.keys[provision][0])
            self.told.append(
                spot.problem(f"a second row for {provision}, which is not taken", f"first in {first}")
            )
            return
        line = self.spots.line(spot)
        row = Mapping(line, 1)
        self.put(row, "support", support, spot)
        self.put(row, "detail", detail, spot)
        self.claims.keys[provision] = (line, 1)
        if row.items:
            self.claims.items[provision] = row

    def stray(self, block: Block, table: Table | None, why: str = "") -> None:
        """A block that is part of nothing."""
        if table is not None and not table.single and not why:
            self.loose.setdefault(table.id, []).append(block)
        self.strays.append((why, block))

    def content(self, table: Table) -> Node | None:
        """What there is of a table; where it has a heading and no entries, the text below it; None: nothing."""
        found = self.tables.get(table.id)
        loose = self.loose.get(table.id)
        if isinstance(found, Sequence) and not found.items and loose:
            return self.scalar("\n".join(block.text for block in loose), loose[0].spot)
        if found is not None and not found.items:
            return Scalar(found.line, 1, "", plain=True)
        return found

    def unrecognised(self) -> list[Problem]:
        """What is part of nothing, a line for each run of blocks."""
        taken = {id(block) for name, blocks in self.loose.items() if self._is_text(name) for block in blocks}
        lines: list[Problem] = []
        last: Spot | None = None
        count = 0
        for why, block in self.strays:
            if id(block) in taken:
                continue
            if why or last is None or block.spot.file != last.file or not self._follow(block):
                count = 1
                message = why or f"not recognised: {shown(' '.join(block.text.split()))}"
                lines.append(block.spot.problem(message))
            else:
                count += 1
                lines[-1] = _with_count(lines[-1], count)
            last = block.spot
        return [*lines, *self.told]

    def _follow(self, block: Block) -> bool:
        index = self._order.get(id(block), 0)
        return index > 0 and self._runs[index]

    def order(self, blocks: list[Block]) -> None:
        """Remember which blocks follow each other."""
        strays = {id(block) for _, block in self.strays}
        self._order = {id(block): index for index, block in enumerate(blocks)}
        self._runs = [index > 0 and id(blocks[index - 1]) in strays for index in range(len(blocks))]

    def _is_text(self, name: str) -> bool:
        found = self.tables.get(name)
        return isinstance(found, Sequence) and not found.items


def _with_count(problem: Problem, count: int) -> Problem:
    message = re.sub(r" \(and \d+ more behind it\)$", "", problem.message)
    return Problem(
        problem.file,
        problem.line,
        problem.column,
        "",
        f"{message} (and {count - 1} more behind it)",
        problem.hint,
    )
