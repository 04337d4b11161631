"""A profile's documents in the next edition, beside the old ones: nothing is dropped, and what is open is listed.

`migrate_documents` gives the files as lines, and with each line what is left to do there. Judgements are carried over
by `pytest_etsi.assessment.carrying`, which knows what they are bound to.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.profile._document import raw
from pytest_etsi.profile._load import load_documents
from pytest_etsi.profile._yaml import Mapping, read_yaml
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.migration._additions import Additions, read_additions
from pytest_etsi.profile.migration._documents import read_old
from pytest_etsi.profile.migration._ics import condition_lines, migrate_rows, read_rows, row_lines
from pytest_etsi.profile.migration._profile import profile_lines
from pytest_etsi.profile.migration._tables import migrate_tables
from pytest_etsi.profile.migration._text import Line, Part, mapping_of, sequence_of
from pytest_etsi.profile.migration.left import KINDS, Left, LeftAt
from pytest_etsi.standard import edition
from pytest_etsi.standard.crosswalk import crosswalk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as AnyMapping

    from pytest_etsi.profile._document import Document
    from pytest_etsi.profile._profile import Profile
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.migration._table_text import TableText
    from pytest_etsi.standard.crosswalk import Crosswalk

__all__ = [
    "KINDS",
    "Additions",
    "Layout",
    "Left",
    "LeftAt",
    "Line",
    "Migration",
    "editors_line",
    "layout_of",
    "migrate_documents",
    "table_lines",
]


@dataclass(frozen=True)
class Layout:
    """Where the new documents stand.

    Attributes:
        folder: that of the new profile; the other names are relative to it.
        left: the list of what is left to do.
    """

    folder: Path
    profile: Path
    ics: Path
    ixit: Path
    judgements: Path
    left: Path

    @property
    def all(self) -> tuple[Path, ...]:
        """Each of them."""
        return tuple(
            self.folder / one for one in (self.profile, self.ics, self.ixit, self.judgements, self.left)
        )


def layout_of(profile: Path, to: str, into: Path | None) -> Layout:
    """Beside the old documents, in the same folder and with the edition in their names; or in a folder of their own.

    Args:
        profile: the file of the old profile.
        to: the later edition.
        into: the folder; None: beside the old ones.
    """
    if into is not None:
        names = ("profile.yaml", "ics.yaml", "ixit", "judgements.yaml", "left-to-do.md")
        return Layout(into, *map(Path, names))
    stem = "" if profile.stem == "profile" else f"{profile.stem}-"
    names = (
        f"{profile.stem}-{to}.yaml", f"{stem}ics-{to}.yaml", f"{stem}ixit-{to}", f"{stem}judgements-{to}.yaml",
        f"{stem}left-to-do-{to}.md",
    )  # fmt: skip
    return Layout(profile.parent, *map(Path, names))


@dataclass
class Migration:
    """The new documents.

    Attributes:
        old: the old profile.
        walk: from its edition to the later one.
        documents: its files, as they are written.
        files: path relative to the folder -> lines.
        schema: the folder of the schemas for editors, from that of the new profile; None: none is named.
        additions: what the later edition adds, where somebody has written it.
    """

    old: Profile
    documents: tuple[Document, ...]
    walk: Crosswalk
    layout: Layout
    files: dict[Path, list[Line]] = field(default_factory=dict)
    additions: Additions = field(default_factory=Additions)
    schema: Path | None = None

    def text(self, file: Path) -> str:
        """The content of a file."""
        return "\n".join(line for line, _ in self.files[file]).rstrip("\n") + "\n"

    @property
    def left(self) -> tuple[LeftAt, ...]:
        """What is left to do, in the order of `KINDS`, then file and line."""
        found = [
            LeftAt(left, file, number)
            for file, lines in self.files.items()
            for number, (_, left) in enumerate(lines, 1)
            if left is not None
        ]
        order = list(KINDS)
        return tuple(sorted(found, key=lambda one: (order.index(one.left.kind), str(one.file), one.line)))


def migrate_documents(
    profile: str | Path,
    to: str,
    layout: Layout,
    *,
    additions: Path | None = None,
    name: str = "",
    environ: AnyMapping[str, str] = os.environ,
) -> Migration:
    """The profile, ICS and IXIT in a later edition; judgements are not among them yet.

    Args:
        profile: file, directory or name of the old profile.
        to: the later edition.
        layout: where the new documents stand.
        additions: a folder of documents that say what the later edition adds; None: nobody has written it.
        name: the new profile's; empty: as the old one's.
        environ: environment variables for ``${env:NAME}``.

    Raises:
        ProfileError: the old documents, or the additions, are unusable.
        UnknownIdError: there is no way from the old edition to the later one.
    """
    loaded, documents = load_documents(profile, environ=environ)
    walk = crosswalk(loaded.edition, to)
    made = Migration(loaded, documents, walk, layout)
    made.additions = read_additions(additions, walk) if additions else Additions()
    old = read_old(documents, edition(loaded.edition), (layout.folder, layout.folder / layout.ixit))
    schema = made.schema = _schema(loaded.path, layout)
    replaced = {
        "edition": to,
        "ics": layout.ics.as_posix(),
        "ixit": f"{layout.ixit.as_posix()}/",
        "judgements": layout.judgements.as_posix(),
    } | ({"name": name} if name else {})
    made.files[layout.profile] = [
        *editors_line(schema, "profile", Path()),
        *profile_lines(old.profile, documents, layout.folder, replaced, made.additions.profile),
    ]
    rows, conditions, head = read_rows(old.ics)
    new_rows = made.additions.rows_over(migrate_rows(rows, walk))
    made.files[layout.ics] = [
        *editors_line(schema, "ics", Path()),
        *((line, None) for line in head),
        *condition_lines(conditions, walk, made.additions.conditions),
        *row_lines(new_rows, walk, rows),
    ]
    tables = migrate_tables(old.tables, walk, loaded.ixit, made.additions.same)
    made.additions.tables_over(tables)
    for id_, table in tables.items():
        file = layout.ixit / f"{table.table.number:02d}-{table.table.name}.yaml"
        if not table.blocks and not _was_there(id_, walk, old.tables):
            continue  # it lacks as it did
        made.files[file] = [*editors_line(schema, "ixit", layout.ixit), *table_lines(table)]
    unknown = list(_unknown(old.unknown))
    if unknown:
        made.files[layout.ixit / "99-without-a-place.yaml"] = unknown
    return made


def _was_there(new: str, walk: Crosswalk, old: dict[str, TableText]) -> bool:
    return any(walk.new.renamed_tables.get(one, one) == new for one in old)


def _unknown(parts: Iterable[Part]) -> Iterator[Line]:
    for part in parts:
        left = Left("no-place", f"IXIT {part.key}", "is no table of the earlier edition")
        for number, line in enumerate(part.as_comment()):
            yield line, left if number == 0 else None


# Tables -----------------------------------------------------------------------------------------------------


def table_lines(table: TableText) -> list[Line]:
    """A table as it is written; where its parts do not go together as they were, it is written anew."""
    wanted = raw(_node(table))
    lines = list(_lines(table))
    if _read(lines) != wanted:
        for block in table.blocks:
            block.written_anew()
        lines = list(_lines(table))
        assert _read(lines) == wanted  # noqa: S101 - the writer of nodes is tested to give what is read again
    return lines


def _read(lines: list[Line]) -> object:
    root, problems = read_yaml("\n".join(line for line, _ in lines).encode(), "")
    return raw(root) if root is not None and not problems else problems


def _node(table: TableText) -> Mapping:
    content: Node
    if not isinstance(table.content, list):
        content = table.content
    elif table.table.single:
        content = table.content[0].node if table.content else mapping_of({})
    else:
        content = sequence_of([block.node for block in table.content])
    items = {table.table.id: content}
    if table.marks is not None:
        items = {MARK: mapping_of({table.table.id: table.marks}), **items}
    return mapping_of(items)


def _lines(table: TableText) -> Iterator[Line]:
    yield from ((line, None) for line in table.head)
    if table.marks is not None:
        marks = Part(MARK, mapping_of({table.table.id: table.marks}))
        yield from ((line, None) for line in (*marks.lines(open_up=True), ""))
    key = f'"{table.table.id}":'
    blocks = table.blocks
    if not isinstance(table.content, list) or not any(block.parts for block in blocks):
        node = _node(table).items[table.table.id]
        yield from ((line, None) for line in Part(table.table.id, node).lines())
        for block in blocks:
            yield from block.lines("  ", item=False)
    else:
        yield key, None
        for number, block in enumerate(blocks):
            if number and (not block.comments or block.comments[0]):
                yield "", None
            yield from block.lines("  ", item=not table.table.single)
    yield from ((line, None) for line in table.tail)


# For editors ------------------------------------------------------------------------------------------------


def _schema(profile: Path, layout: Layout) -> Path | None:
    """The folder of the schemas, from the new profile's folder; None: the old profile names none."""
    with profile.open(encoding="utf-8-sig") as file:
        first = file.readline()
    marker, _, named = first.partition("$schema=")
    if "yaml-language-server" not in marker or "://" in named:
        return None
    folder = (profile.parent / named.strip()).parent
    if folder.resolve().is_relative_to(profile.parent.resolve()):
        return Path("schema")  # they come with the documents
    return Path(os.path.relpath(folder.resolve(), layout.folder.resolve())) if folder.is_dir() else None


def editors_line(schema: Path | None, kind: str, folder: Path) -> list[Line]:
    """The line that tells an editor where the schema of a document is; none where there is none."""
    if schema is None:
        return []
    named = Path(os.path.relpath(Path("/x") / schema, Path("/x") / folder)) / f"{kind}.schema.json"
    return [(f"# yaml-language-server: $schema={named.as_posix()}", None)]
