"""The IXIT: tables and entries by the edition's catalogue, with their typed facts and access."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import shown
from pytest_etsi.profile._fields import read_field
from pytest_etsi.profile._model import Entry, IxitTable
from pytest_etsi.profile._tables import Ixit, models_for
from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from pytest_etsi.profile._document import Document, Place
    from pytest_etsi.standard import Edition, Field, Table

__all__ = ["read_ixit"]


@dataclass(frozen=True, slots=True)
class _Pending:
    """A reference that is looked up when all tables have been read."""

    document: Document
    place: Place
    where: str
    field: Field
    id: str


_ID = re.compile(r"\w[\w.+-]*")
_EXTRAS = ("facts", "access")


def read_ixit(documents: list[Document], standard: Edition, *, missing: tuple[Document, Place]) -> Ixit:
    """The IXIT tables in `documents`. What is wrong with them is noted in the document concerned.

    Args:
        documents: each a mapping of table ids; empty: the profile names none, which is noted elsewhere.
        standard: the edition.
        missing: where to note tables that no document has, when there are several documents.
    """
    found: dict[str, IxitTable] = {}
    known = {table.id: table for table in standard.tables}
    pending: list[_Pending] = []
    complete = True
    for document in documents:
        root = document.root
        if root is None or (isinstance(root, Scalar) and root.is_null):
            complete = complete and root is not None
            continue
        if not isinstance(root, Mapping):
            document.problem(root, "IXIT", "expected a mapping of tables")
            continue
        for key, node in root.items.items():
            place = root.place(key)
            if key not in known:
                document.problem(place, "IXIT", *_unknown(document, key, standard, known))
            elif key in found:
                first = found[key].source
                document.problem(
                    place, key, "the table is given twice", f"first in {first.file}, line {first.line}"
                )
            else:
                found[key] = _table(document, node, place, known[key], pending)
    tables = {table.id: found[table.id] for table in standard.tables if table.id in found}
    ixit = Ixit(tables, {argument_name(key): table for key, table in tables.items()})
    if documents and complete:
        _note_missing(documents, standard, ixit, missing)
    _check_references(pending, ixit)
    return ixit


def _note_missing(
    documents: list[Document], standard: Edition, ixit: Ixit, missing: tuple[Document, Place]
) -> None:
    document, place = (documents[0], (1, 1)) if len(documents) == 1 else missing
    if len(documents) == 1 and documents[0].root is not None:
        place = (documents[0].root.line, documents[0].root.column)
    for table in standard.tables:
        if table.id not in ixit.tables:
            nothing = "{}" if table.single else "[]"
            document.problem(
                place,
                "IXIT",
                f"the table {table.id} is missing",
                f'write "{table.id}": {nothing} if there is nothing to say',
            )


def _unknown(document: Document, key: str, standard: Edition, known: dict[str, Table]) -> tuple[str, str]:
    message = f'edition {standard.id} has no IXIT table "{key}"'
    renamed = {new: old for other in EDITIONS for old, new in edition(other).renamed_tables.items()}
    both = renamed | {old: new for new, old in renamed.items()}
    if both.get(key) in known:
        return message, f"there it is called {both[key]}"
    same_name = [table.id for table in known.values() if table.name.lower() == key.rpartition("-")[2].lower()]
    return message, f'did you mean "{same_name[0]}"?' if same_name else document.hints.near(key, known)


def _table(document: Document, node: Node, place: Place, table: Table, pending: list[_Pending]) -> IxitTable:
    entries: list[Entry] = []
    by_id: dict[str, Entry] = {}
    empty = isinstance(node, Scalar) and node.is_null
    if table.single:
        empty = empty or (isinstance(node, Sequence) and not node.items)
        record = Mapping(*place) if empty else node
        if not isinstance(record, Mapping):
            document.problem(place, table.id, "expected a mapping of its fields, for it has a single record")
            record = Mapping(*place)
        entries.append(_entry(document, record, table, "", pending))
        by_id[""] = entries[0]
    elif not isinstance(node, Sequence):
        hint = "write [] if there is none" if empty else ""
        document.problem(place, table.id, f"expected a list of entries, got {_kind(node)}", hint)
    else:
        for index, item in enumerate(node.items):
            if not isinstance(item, Mapping):
                document.problem(
                    item, f"{table.id}[{index}]", f"expected an entry with ID, got {_kind(item)}"
                )
                continue
            name = _id(document, item, table, index, by_id)
            entry = _entry(document, item, table, name, pending)
            entries.append(entry)
            by_id.setdefault(name, entry)
    return IxitTable(table.id, table.name, table.single, tuple(entries), document.source(node, place), by_id)


def _id(document: Document, node: Mapping, table: Table, index: int, taken: dict[str, Entry]) -> str:
    where = f"{table.id}[{index}]"
    written = node.get("ID")
    place = node.place("ID")
    if not isinstance(written, Scalar) or written.is_null or not written.text:
        document.problem(place, where, "ID is missing" if written is None else "expected an ID")
        return ""
    name = document.text(written, place, where, ("ID",))
    if not _ID.fullmatch(name):
        document.problem(
            place, where, f'ID: expected letters, digits, "-", "_", "." or "+", got {shown(written.text)}'
        )
    elif name in taken:
        first = taken[name].source().line
        document.problem(place, f"{table.id}/{name}", "a second entry of this ID", f"first in line {first}")
    return name


def _entry(document: Document, node: Mapping, table: Table, name: str, pending: list[_Pending]) -> Entry:
    where = f"{table.id}/{name}" if name else table.id
    fields = {field.name: field for field in table.fields}
    values: dict[str, str | tuple[str, ...]] = {}
    references: dict[str, tuple[str, ...]] = {}
    for key, item in node.items.items():
        if key in fields:
            written = read_field(document, fields[key], item, node.place(key), where)
            if written is not None:
                values[key] = written.value
                if fields[key].type == "reference":
                    references[key] = tuple(name for name, _ in written.references)
                    pending += [
                        _Pending(document, at, where, fields[key], to) for to, at in written.references
                    ]
        elif key not in _EXTRAS:
            hint = document.hints.near(key, [*fields, *_EXTRAS], listed=True)
            document.problem(node.place(key), where, f'unknown key "{key}"', hint)
    facts_model, access_model = models_for(table.id)
    facts, access = (
        document.check(model, node.get(key), where=where, trail=(key,), place=node.place(key))
        for key, model in (("facts", facts_model), ("access", access_model))
    )
    return Entry(
        table=table.id,
        id=name,
        values=values,
        facts=facts if facts is not None else facts_model(),
        access=access if access is not None else access_model(),
        references=references,
        _fields=tuple(fields),
        _document=document,
        _node=node,
    )


def _check_references(pending: list[_Pending], ixit: Ixit) -> None:
    """Note references to entries that do not exist; tables that are missing have been noted elsewhere."""
    known = {table.id: [entry.id for entry in table] for table in ixit}
    there = {table: frozenset(ids) for table, ids in known.items()}
    candidates: dict[tuple[str, ...], list[str]] = {}
    for reference in pending:
        targets = reference.field.tables
        if all(table in known for table in targets) and not any(
            reference.id in there[table] for table in targets
        ):
            if targets not in candidates:
                candidates[targets] = [name for table in targets for name in known[table]]
            reference.document.problem(
                reference.place,
                f"{reference.where}: {reference.field.name}",
                f'{listed(targets, last="or")} has no entry "{reference.id}"',
                reference.document.hints.near(reference.id, candidates[targets], listed=True),
            )


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        return "nothing" if node.is_null else shown(node.text)
    return "a mapping" if isinstance(node, Mapping) else "a list"
