"""An IXIT table as it is going to be written, and how its entries are changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.migration._text import Block, Part, mapping_of, scalar
from pytest_etsi.profile.migration.left import Left

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.standard import Table

__all__ = ["TableText", "entry_name", "identity", "is_empty", "keep_as_comment", "mark", "propose"]


@dataclass
class TableText:
    """A table with its entries, as it is going to be written.

    Attributes:
        head: comments above it.
        marks: what is drafted of it as a whole: where from; None: nothing.
        content: the entries, or the single record; a node where it is written in another form.
        tail: comments below it.
    """

    table: Table
    head: list[str] = field(default_factory=list)
    marks: Node | None = None
    content: list[Block] | Node = field(default_factory=list)
    tail: list[str] = field(default_factory=list)

    @property
    def blocks(self) -> list[Block]:
        """Its entries; none where it is written in another form."""
        return self.content if isinstance(self.content, list) else []

    def get(self, name: str) -> Block | None:
        """The entry of that ID."""
        return next((one for one in self.blocks if identity(one) == name), None)

    def add(self, block: Block) -> None:
        """Add an entry at the end."""
        if isinstance(self.content, list):
            self.content.append(block)


def identity(block: Block) -> str:
    """The ID of an entry; empty: a record has none."""
    part = block.parts.get("ID")
    return part.node.text if part is not None and isinstance(part.node, Scalar) else ""


def entry_name(table: Table, block: Block) -> str:
    """An entry as it is called: "11-SecComMech/ComMech-Web", or the table where it is a single record."""
    name = identity(block)
    return f"{table.id}/{name}" if name else table.id


def is_empty(node: Node) -> bool:
    """Whether nothing is written."""
    if isinstance(node, Scalar):
        return node.is_null or not node.text.strip()
    return isinstance(node, Mapping | Sequence) and not node.items


def mark(block: Block, name: str, evidence: str) -> None:
    """Mark a part of an entry as drafted; all of it where that is its ID."""
    marks = block.parts.get(MARK)
    if marks is None:
        made = Part(MARK, mapping_of({name: scalar(evidence)}))
        parts = list(block.parts.values())
        block.parts = {one.key: one for one in (*parts[:1], made, *parts[1:])}
    elif isinstance(marks.node, Mapping):
        items = dict(marks.node.items) | {name: scalar(evidence)}
        block.parts[MARK] = Part(MARK, mapping_of(items), None, marks.comments)
    # Otherwise all of it is drafted already.


def unmark(block: Block, name: str) -> None:
    """Take a mark away: somebody has said what holds."""
    marks = block.parts.get(MARK)
    if marks is None or not isinstance(marks.node, Mapping) or name not in marks.node.items:
        return
    items = {key: item for key, item in marks.node.items.items() if key != name}
    if items:
        block.parts[MARK] = Part(MARK, mapping_of(items), None, marks.comments)
    else:
        del block.parts[MARK]


def propose(block: Block, table: str, part: Part, why: str) -> None:
    """Put in a value that a person has to confirm."""
    part.left = Left("confirm-value", f"{table}/{identity(block)}: {part.key}", f"{why}; confirm it")
    block.put(part)
    mark(block, part.key, why)


def keep_as_comment(block: Block, name: str, parts: Iterable[Part], why: str) -> None:
    """Keep what has no place below the entry; without a reason it is told nowhere else."""
    left = Left("no-place", name, why) if why else None
    for part in parts:
        for line in part.as_comment():
            block.notes.append((line, left))
            left = None
