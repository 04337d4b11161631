"""The old documents, cut into parts: whatever files they stand in."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.migration._table_text import TableText
from pytest_etsi.profile.migration._text import Block, Part, Source, mapping_of, sequence_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Mapping_
    from collections.abc import Sequence as Several

    from pytest_etsi.profile._document import Document
    from pytest_etsi.standard import Edition, Table

__all__ = ["Cut", "OldDocuments", "read_old", "told_from"]

_LONGEST_NAME = 1000


@dataclass(frozen=True)
class Cut:
    """A part of the profile: a file of its own, or what stands inline.

    Attributes:
        folder: from where it names files.
        root: its content; None: it is empty.
        end: its last line in the source.
    """

    folder: Path
    source: Source
    root: Node | None
    end: int | None = None


@dataclass
class OldDocuments:
    """All that is written.

    Attributes:
        profile: the profile's own keys.
        files: the files that the documents name, as paths.
        unknown: what stands in the IXIT and is no table of the edition.
    """

    profile: Cut
    ics: list[Cut]
    tables: dict[str, TableText]
    judgements: list[Cut]
    unknown: list[Part] = field(default_factory=list)


def read_old(documents: Several[Document], edition: Edition, folders: tuple[Path, Path]) -> OldDocuments:
    """The documents of a profile, cut into parts.

    Args:
        documents: as `load_documents` gives them; that of the profile comes first.
        edition: of the profile.
        folders: where the new profile and the new tables are going to stand: names of files are told from there.
    """
    first, *others = documents
    root = first.root
    assert isinstance(root, Mapping)  # noqa: S101 - the profile was read
    source = Source(first.path.read_text(encoding="utf-8-sig"))
    top = Cut(first.path.parent, source, root)
    by_path = {one.path: one for one in others}
    parts = {key: list(_parts(key, top, first, by_path)) for key in ("ics", "ixit", "judgements")}
    named = {path for one in documents for path in one.files}
    old = OldDocuments(top, parts["ics"], {}, parts["judgements"])
    known = {table.id: table for table in edition.tables}
    for cut in parts["ixit"]:
        if isinstance(cut.root, Mapping):
            _tables(cut, known, old, _Names(cut.folder, folders[1], named))
    return old


def _parts(key: str, top: Cut, first: Document, by_path: dict[Path, Document]) -> Iterator[Cut]:
    assert isinstance(top.root, Mapping)  # noqa: S101 - as above
    node = top.root.get(key)
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return
    if not isinstance(node, Scalar):
        end = next((last for part, last in top.source.rows(top.root) if part.key == key), None)
        yield Cut(top.folder, top.source, node, end)
        return
    place = first.path.parent / first.text(node)
    for path, document in sorted(by_path.items()):
        if path in (place, place / path.name):
            yield Cut(path.parent, Source(path.read_text(encoding="utf-8-sig")), document.root)


@dataclass(frozen=True)
class _Names:
    """Tells names of files from another folder."""

    before: Path
    after: Path
    named: set[Path]

    def told(self, part: Part) -> Part:
        """A part with the files that it names as they are named from the new folder."""
        node = self._node(part.node)
        return part if node is part.node else Part(part.key, node, None, part.comments)

    def _node(self, node: Node) -> Node:
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Mapping):
            items = {key: self._node(item) for key, item in node.items.items()}
            same = all(items[key] is item for key, item in node.items.items())
            return node if same else mapping_of(items)
        if isinstance(node, Sequence):
            several = [self._node(item) for item in node.items]
            same = all(one is item for one, item in zip(several, node.items, strict=True))
            return node if same else sequence_of(several)
        return node

    def _scalar(self, node: Scalar) -> Scalar:
        if (
            not node.text
            or "\0" in node.text
            or len(node.text) > 1000
            or Path(self.before, node.text) not in self.named
        ):
            return node
        if Path(node.text).is_absolute() or self.before.resolve() == self.after.resolve():
            return node
        text = os.path.relpath(self.before.resolve() / node.text, self.after.resolve())
        return Scalar(0, 0, Path(text).as_posix(), plain=False)


def told_from(part: Part, documents: Several[Document], before: Path, after: Path) -> Part:
    """A part with the files that it names as they are named from another folder."""
    return _Names(before, after, {path for one in documents for path in one.files}).told(part)


def _tables(cut: Cut, known: Mapping_[str, Table], old: OldDocuments, names: _Names) -> None:
    assert isinstance(cut.root, Mapping)  # noqa: S101 - asked before
    marks: Node | None = None
    last_table: TableText | None = None
    made: list[TableText] = []
    for part, end in cut.source.rows(cut.root, cut.end):
        if part.key == MARK:
            marks = part.node
        elif part.key not in known or part.key in old.tables:
            old.unknown.append(part)
        else:
            last_table = _table(cut, part, end, known[part.key], names)
            old.tables[part.key] = last_table
            made.append(last_table)
    if last_table is not None and cut.end is None:
        last_table.tail += cut.source.tail()
    for table in made:
        table.marks = _mark_on(marks, table.table.id)


def _mark_on(marks: Node | None, table: str) -> Node | None:
    """What a mark beside the tables says of one; a mark that names none says it of all."""
    if isinstance(marks, Mapping):
        return marks.get(table)
    if isinstance(marks, Sequence):
        named = any(isinstance(one, Scalar) and one.text.strip() == table for one in marks.items)
        return Scalar(0, 0, "yes", plain=False) if named else None
    return marks


def _table(cut: Cut, part: Part, end: int, table: Table, names: _Names) -> TableText:
    made = TableText(table, head=part.comments)
    node = part.node
    if isinstance(node, Mapping) and made.table.single:
        made.content = [cut.source.block(Part(part.key, node), node, end)]
    elif isinstance(node, Sequence):
        blocks = cut.source.blocks(node, end)
        if all(isinstance(one, Block) for one in blocks):
            made.content = [one for one in blocks if isinstance(one, Block)]
        else:
            made.content = node
    else:
        made.content = node
    for block in made.blocks:
        block.parts = {key: names.told(one) for key, one in block.parts.items()}
    return made
