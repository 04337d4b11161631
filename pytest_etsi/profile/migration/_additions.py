"""What a later edition adds to documents that are migrated: a folder with a file a table, the ICS, and judgements.

The files have the form of the documents themselves, and hold only what is new or different: an entry of an ID that is
there is changed field by field (facts and access key by key), any other is added. What they say is said by somebody:
marks of proposals go, and nothing of it is left to do. ::

    28-LogIntf:
      - ID: ExtAPI-Web
        Access: Intf-LAN (local)
    same:
      28-LogIntf: {Intf-HTTPS: [ExtAPI-Web]}   # an entry that is another one under a second name
    confirmed: [28-LogIntf]                    # tables of which every proposal that is left is right
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.profile._document import raw
from pytest_etsi.profile._errors import Problem, ProfileError
from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence, read_bytes, read_yaml
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.migration._documents import Cut
from pytest_etsi.profile.migration._ics import Row, read_rows
from pytest_etsi.profile.migration._table_text import identity, unmark
from pytest_etsi.profile.migration._text import Block, Part, Source, mapping_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile.migration._table_text import TableText
    from pytest_etsi.profile.migration._text import Line
    from pytest_etsi.standard.crosswalk import Crosswalk

__all__ = ["Additions", "read_additions"]

SAME, CONFIRMED = "same", "confirmed"


@dataclass
class Additions:
    """What is new or different.

    Attributes:
        rows: rows of the ICS.
        conditions: conditions of the ICS.
        tables: entries by table, and how each is written.
        same: by table, entries that are others under a second name -> the IDs of these.
        confirmed: tables of which every proposal is right as it is.
        profile: keys of the profile, and how they are written.
        judgements: the judgements, as they are written; None: there are none.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    conditions: dict[str, Part] = field(default_factory=dict)
    tables: dict[str, list[Block]] = field(default_factory=dict)
    same: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    confirmed: list[str] = field(default_factory=list)
    profile: dict[str, Part] = field(default_factory=dict)
    judgements: Node | None = None

    def rows_over(self, rows: dict[str, Row]) -> dict[str, Row]:
        """The rows with these in their places."""
        return {name: row for name, row in rows.items() if name not in self.rows} | self.rows

    def tables_over(self, tables: dict[str, TableText]) -> None:
        """Change the tables."""
        for name, blocks in self.tables.items():
            table = tables[name]
            for block in blocks:
                record = table.blocks[0] if table.table.single and table.blocks else None
                there = record or table.get(identity(block))
                if there is None:
                    block.comments = block.comments or [""]
                    table.add(block)
                else:
                    _over(there, block)
        for name in self.confirmed:
            for block in tables[name].blocks:
                _confirm(block)


def _confirm(block: Block) -> None:
    """Take what was proposed as it is."""
    for part in list(block.parts.values()):
        if part.left is not None:
            part.left = None
            unmark(block, part.key)
    if MARK in block.parts and isinstance(marks := block.parts[MARK].node, Mapping):
        for name in [one for one in marks.items if one.startswith("facts.")]:
            unmark(block, name)


def _over(there: Block, block: Block) -> None:
    """Change an entry field by field."""
    for key, part in block.parts.items():
        if key == "ID":
            there.parts[key].left = None
            unmark(there, key)
            continue
        before = there.parts.get(key)
        then, now = before.node if before is not None else None, part.node
        if (
            before is not None
            and key in ("facts", "access")
            and isinstance(then, Mapping)
            and isinstance(now, Mapping)
        ):
            there.put(Part(key, mapping_of(then.items | now.items), None, before.comments))
        else:
            there.put(Part(key, part.node, part.text, part.comments))
        unmark(there, key)
    there.notes = _without_skeletons(there)


def _without_skeletons(block: Block) -> list[Line]:
    """The notes without those on fields that are written now; what explains a field stands above its line."""
    kept: list[Line] = []
    above: list[Line] = []
    for line, left in block.notes:
        if line.startswith(("# New in edition", "# Example:")) or (above and left is None):
            above.append((line, left))
        elif left is not None and left.kind == "new-field":
            if left.name.rpartition(": ")[2] not in block.parts:
                kept += [*above, (line, left)]
            above = []
        else:
            kept += [*above, (line, left)]
            above = []
    return [*kept, *above]


def read_additions(folder: Path, walk: Crosswalk) -> Additions:
    """The additions in a folder.

    Raises:
        ProfileError: they are no YAML, or in another form.
    """
    made = Additions()
    problems: list[Problem] = []
    known = {table.id: table for table in walk.new.tables}
    for path in sorted(folder.glob("*.yaml")):
        content = read_bytes(path, str(path))
        if isinstance(content, Problem):
            raise ProfileError([content])
        root, found = read_yaml(content, str(path))
        problems += found
        source = Source(content.decode("utf-8-sig"))
        if path.stem == "judgements":
            made.judgements = root
        elif path.stem == "profile" and isinstance(root, Mapping):
            made.profile = {part.key: part for part in source.parts(root)}
        elif path.stem == "ics":
            made.rows, made.conditions, _ = read_rows([Cut(folder, source, root)])
        elif isinstance(root, Mapping):
            for part, end in source.rows(root):
                if part.key == SAME and isinstance(part.node, Mapping):
                    made.same |= raw(part.node)
                    unknown = [key for key in part.node.items if key not in known]
                    problems += [_no_table(path, part.node, key, walk) for key in unknown]
                elif part.key == CONFIRMED and isinstance(part.node, Sequence):
                    named = [one.text for one in part.node.items if isinstance(one, Scalar)]
                    made.confirmed += named
                    problems += [_no_table(path, part.node, key, walk) for key in named if key not in known]
                elif part.key in known and isinstance(part.node, Mapping):
                    made.tables[part.key] = [source.block(Part(part.key, part.node), part.node, end)]
                elif part.key in known and isinstance(part.node, Sequence):
                    blocks = source.blocks(part.node, end)
                    made.tables[part.key] = [one for one in blocks if isinstance(one, Block)]
                else:
                    problems.append(_no_table(path, part.node, part.key, walk))
    if problems:
        raise ProfileError(problems)
    return made


def _no_table(path: Path, node: Node, name: str, walk: Crosswalk) -> Problem:
    why = f"is no table of edition {walk.new.id}, or has another form"
    return Problem(str(path), node.line, node.column, name, why)
