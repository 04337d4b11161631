"""The IXIT in the next edition: tables and fields renamed, what has no place as comments, what is new as a skeleton."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pytest_etsi.profile._expect import known_keys
from pytest_etsi.profile._tables import models_for
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.migration._interfaces import Interfaces
from pytest_etsi.profile.migration._table_text import (
    TableText,
    entry_name,
    identity,
    is_empty,
    keep_as_comment,
)
from pytest_etsi.profile.migration._text import Part, mapping_of, sequence_of
from pytest_etsi.profile.migration.left import Left
from pytest_etsi.profile.skeleton import about_field
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Mapping_

    from pytest_etsi.profile._tables import Ixit
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.migration._text import Block, Line
    from pytest_etsi.standard import Field, Table
    from pytest_etsi.standard.crosswalk import Crosswalk

    Same = Mapping_[str, Mapping_[str, list[str]]]

__all__ = ["migrate_tables", "new_fields"]

_WIDTH = 108


def migrate_tables(
    old: dict[str, TableText], walk: Crosswalk, ixit: Ixit, same: Same
) -> dict[str, TableText]:
    """The tables of the later edition, by id.

    Args:
        old: the tables of the earlier edition as they are written; their entries are changed.
        walk: from the earlier edition to the later one.
        ixit: the earlier tables as they are read.
        same: by table, entries that are others under a second name -> the IDs of these.
    """
    new: dict[str, TableText] = {}
    for table in walk.new.tables:
        earlier = _earlier(walk, table)
        text = old.get(earlier.id) or TableText(earlier)
        new[table.id] = TableText(table, text.head, text.marks, text.content, text.tail)
        for block in new[table.id].blocks:
            _rename(block, walk.new.renamed_fields.get(earlier.id, {}))
    interfaces = Interfaces(new, walk, ixit)
    interfaces.sort()
    for name, entries in same.items():
        for gone, others in entries.items():
            _put_into(new[name], gone, others)
    for table in walk.new.tables:
        for block in new[table.id].blocks:
            _fit(block, table, moved=interfaces.has_moved(table, identity(block)))
    interfaces.propose()
    for table in walk.new.tables:
        for block in new[table.id].blocks:
            lacking = [one for one in new_fields(walk, table) if one.name not in block.parts]
            block.notes += [
                line for one in lacking for line in skeleton_of(one, walk.new.id, entry_name(table, block))
            ]
    return new


def _put_into(table: TableText, gone: str, others: list[str]) -> None:
    """Put what is said of an entry into others, which are the same thing, where they say nothing; it goes itself."""
    block = table.get(gone)
    there_are = [other for other in map(table.get, others) if other is not None]
    if block is None or not there_are or not isinstance(table.content, list):
        return
    table.content = [one for one in table.content if one is not block]
    known = {one.name for one in table.table.fields} - {"ID", "Description"}
    facts = set(known_keys(models_for(table.table.id)[0], ()))
    for other in there_are:
        for key, part in block.parts.items():
            there = other.parts.get(key)
            if key in known and there is None:
                other.put(Part(key, part.node, part.text, list(part.comments)))
            elif key == "facts" and isinstance(part.node, Mapping):
                then = there.node if there is not None and isinstance(there.node, Mapping) else mapping_of({})
                said = {name: item for name, item in part.node.items.items() if name in facts}
                other.put(Part("facts", _both(then, said), None, there.comments if there else []))


def _both(then: Mapping, said: dict[str, Node]) -> Mapping:
    """Facts with those that are said elsewhere of the same; of two lists of texts all."""
    items = dict(then.items)
    for key, node in said.items():
        there = items.setdefault(key, node)
        if there is not node and isinstance(there, Sequence) and isinstance(node, Sequence):
            texts = {one.text: one for one in (*node.items, *there.items) if isinstance(one, Scalar)}
            items[key] = sequence_of(list(texts.values()))
    return mapping_of(items)


def _earlier(walk: Crosswalk, table: Table) -> Table:
    return next(one for one in walk.old.tables if walk.new.renamed_tables.get(one.id, one.id) == table.id)


def new_fields(walk: Crosswalk, table: Table) -> tuple[Field, ...]:
    """The fields of a table of the later edition that the earlier one did not have."""
    earlier = _earlier(walk, table)
    names = walk.new.renamed_fields.get(earlier.id, {})
    had = {names.get(one.name, one.name) for one in earlier.fields}
    return tuple(one for one in table.fields if one.name not in had)


def skeleton_of(wanted: Field, edition: str, name: str) -> Iterator[Line]:
    """A new field as comments, to be filled in."""
    empty = "[]" if wanted.type == "reference" else '""'
    about = about_field(wanted)
    for line in textwrap.wrap(f"New in edition {edition}: {about}", _WIDTH, break_on_hyphens=False):
        yield f"# {line}", None
    yield from ((f"# {line}", None) for line in textwrap.wrap(f"Example: {wanted.example}", _WIDTH))
    yield f"# {wanted.name}: {empty}", Left("new-field", f"{name}: {wanted.name}", about)


def _rename(block: Block, names: Mapping_[str, str]) -> None:
    parts = (one.renamed(names.get(key, key)) for key, one in block.parts.items())
    block.parts = {one.key: one for one in parts}
    marks = block.parts.get(MARK)
    if marks is not None and isinstance(marks.node, Mapping) and set(names) & set(marks.node.items):
        items = {names.get(key, key): item for key, item in marks.node.items.items()}
        block.parts[MARK] = Part(MARK, mapping_of(items), None, marks.comments)


def _fit(block: Block, table: Table, *, moved: bool) -> None:
    """Take out what the later table does not know, and keep it as a comment.

    Args:
        block: the entry.
        table: where it is now.
        moved: it comes from another table, so that its facts may have no place either.
    """
    known = {one.name for one in table.fields} | {"facts", "access", MARK}
    name = entry_name(table, block)
    for key in [key for key in block.parts if key not in known]:
        part = block.parts.pop(key)
        if is_empty(part.node):
            continue
        told_otherwise = key in _TOLD_OTHERWISE
        why = "" if told_otherwise else f"{table.id} has no field {key}"
        keep_as_comment(block, f"{name}: {key}", [part], why)
    for role, model in zip(("facts", "access"), models_for(table.id), strict=True):
        part_of = block.parts.get(role)
        if not moved or part_of is None or not isinstance(part_of.node, Mapping):
            continue
        fit = set(known_keys(model, ()))
        lost = {key: item for key, item in part_of.node.items.items() if key not in fit}
        if not lost:
            continue
        rest = {key: item for key, item in part_of.node.items.items() if key in fit}
        block.parts[role] = Part(role, mapping_of(rest), None, part_of.comments)
        if not rest:
            del block.parts[role]
        what = listed([f"{role}.{key}" for key in lost])
        keep_as_comment(
            block,
            f"{name}: {what}",
            [Part(role, mapping_of(lost))],
            f"an entry of {table.id} has no such facts",
        )


_TOLD_OTHERWISE = ("Type", "Resilience Measures")
"""Fields that stand elsewhere now: the table says that an interface is logical, the interface how it connects."""
