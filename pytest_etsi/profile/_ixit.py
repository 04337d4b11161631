"""The IXIT: tables and entries by the edition's catalogue, with their typed facts and access."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_etsi.profile._claims import read_claims
from pytest_etsi.profile._errors import shown
from pytest_etsi.profile._fields import read_field
from pytest_etsi.profile._model import Entry, IxitTable
from pytest_etsi.profile._naming import Naming, Pending, without_blanks
from pytest_etsi.profile._tables import Ixit, models_for
from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence
from pytest_etsi.profile.drafts import MARK, drafted_tables, read_marks
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.profile.words import bare, does_not_apply, none_first, there_is_none
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.standard.crosswalk import tables_instead

if TYPE_CHECKING:
    from pytest_etsi.profile._document import Document, Place
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.standard import Edition, Field, Table

__all__ = ["read_ixit"]

_ID = re.compile(r"\w[\w.+-]*")
_EXTRAS = ("facts", "access", MARK)


def read_ixit(documents: list[Document], standard: Edition, *, missing: tuple[Document, Place]) -> Ixit:
    """The IXIT tables in `documents`, every one of the edition: what lacks or is not understood is noted and unread.

    Args:
        documents: each a mapping of table ids; empty: the profile names none, which is noted elsewhere.
        standard: the edition.
        missing: where to note tables that no document has, when there are several documents.
    """
    reading = _Reading(standard)
    for document in documents:
        reading.document(document)
    return reading.done(documents, missing)


class _Reading:
    """Reads one document after the other."""

    def __init__(self, standard: Edition) -> None:
        self.standard = standard
        self.known = {table.id: table for table in standard.tables}
        self.found: dict[str, IxitTable] = {}
        self.pending: list[Pending] = []
        self.drafted: dict[str, Unread] = {}
        self.of_other: dict[str, list[tuple[Document, Node, Place]]] = {}

    def document(self, document: Document) -> None:
        """The tables of one document."""
        root = document.root
        if root is None or (isinstance(root, Scalar) and root.is_null):
            return
        if not isinstance(root, Mapping):
            document.unread(root, "table", "IXIT", "", "expected a mapping of tables")
            return
        for key, node in root.items.items():
            place = root.place(key)
            if key == MARK:
                self.drafted |= drafted_tables(document, node, self.known)
            elif key not in self.known:
                self.of_other.setdefault(key, []).append((document, node, place))
                document.unread(
                    place, "table", "IXIT", "", *_unknown(document, key, self.standard, self.known)
                )
            elif key in self.found:
                first = self.found[key].source
                hint = f"first in {first.file}, {document.place_name(first.line)}"
                twice = document.unread(place, "table", key, "", "the table is given twice", hint)
                self.found[key].leave_unread(twice)
            else:
                self.found[key] = self._table(document, node, place, self.known[key])

    def done(self, documents: list[Document], missing: tuple[Document, Place]) -> Ixit:
        """The IXIT, with every table that lacks in it as one that is not read, and every reference looked up."""
        if documents:
            self._add_missing(documents, missing)
        tables = {table.id: self.found[table.id] for table in self.standard.tables if table.id in self.found}
        for name, draft in self.drafted.items():
            if name in tables:
                tables[name].leave_unread(draft)
        ixit = Ixit(tables, {argument_name(key): table for key, table in tables.items()})
        naming = Naming(ixit)
        for pending in self.pending:
            naming.resolve(pending)
        return ixit

    def _add_missing(self, documents: list[Document], missing: tuple[Document, Place]) -> None:
        document, place = (documents[0], (1, 1)) if len(documents) == 1 else missing
        if len(documents) == 1 and documents[0].root is not None:
            place = (documents[0].root.line, documents[0].root.column)
        for table in self.standard.tables:
            if table.id in self.found:
                continue
            instead = tables_instead(self.standard.id, table.id)
            given = [one for name in instead for one in self.of_other.get(name, ())]
            if instead and all(self._is_none(name) for name in instead):
                # The documents do say it, in the words of the other edition.
                where, _, at = given[0]
                self.found[table.id] = self._table(where, Sequence(*at), at, table)
                continue
            nothing = "{}" if table.single else "[]"
            hint = f'write "{table.id}": {nothing} if there is nothing to say'
            if given:
                hint = f"another edition says in {' and '.join(instead)} what belongs there; {hint}"
            message = f"the table {table.id} is missing"
            unread = document.unread(place, "table", "IXIT", "", message, hint)
            self.found[table.id] = self._table(
                document, Mapping(*place) if table.single else Sequence(*place), place, table
            )
            self.found[table.id].leave_unread(unread)

    def _is_none(self, other: str) -> bool:
        """Whether a table of the other edition is given, and says wherever it is given that there is none."""
        return other in self.of_other and all(
            (isinstance(node, Sequence) and not node.items)
            or (isinstance(node, Scalar) and not node.is_null and _says_none(node.text))
            for _, node, _ in self.of_other[other]
        )

    def _table(self, document: Document, node: Node, place: Place, table: Table) -> IxitTable:
        made = _empty(document, node, place, table)
        is_none = isinstance(node, Scalar) and (node.is_null or _says_none(node.text))
        if table.single:
            record = Mapping(*place) if is_none or (isinstance(node, Sequence) and not node.items) else node
            if isinstance(node, Sequence) and len(node.items) == 1:
                record = node.items[0]
            if not isinstance(record, Mapping):
                message = "expected a mapping of its fields, for it has a single record"
                made.leave_unread(document.unread(place, "table", table.id, "", message))
                record = Mapping(*place)
            made.add(self._entry(document, record, table, ""))
        elif isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                self._item(document, item, table, index, made)
        elif not is_none or (isinstance(node, Scalar) and node.is_null):
            hint = "write [] if there is none" if isinstance(node, Scalar) and node.is_null else ""
            message = f"expected a list of entries, got {_kind(node)}"
            made.leave_unread(document.unread(place, "table", table.id, "", message, hint))
        return made

    def _item(self, document: Document, item: Node, table: Table, index: int, made: IxitTable) -> None:
        where = f"{table.id}[{index}]"
        if not isinstance(item, Mapping):
            message = f"expected an entry with ID, got {_kind(item)}"
            made.leave_unread(document.unread(item, "table", where, "", message))
            return
        name = _id(document, item, where, index)
        first = made.get(name)
        if first is not None:
            hint = f"first in {document.place_name(first.source().line)}"
            message = "a second entry of this ID"
            twice = document.unread(item.place("ID"), "entry", f"{table.id}/{name}", "", message, hint)
            first.leave_unread(twice)
            return
        made.add(self._entry(document, item, table, name))

    def _entry(self, document: Document, node: Mapping, table: Table, name: str) -> Entry:
        part = f"{table.id}/{name}" if name else table.id
        fields = {field.name: field for field in table.fields}
        values: dict[str, str | tuple[str, ...]] = {}
        written: dict[str, str] = {}
        references: dict[str, tuple[str, ...]] = {}
        unread: dict[str, Unread] = {}
        for key, item in node.items.items():
            if key in fields:
                if (read := read_field(document, fields[key], item, node.place(key), part)) is None:
                    continue
                written[key] = read.written
                if read.value is not None:
                    values[key] = read.value
                if read.unread is not None:
                    unread[key] = read.unread
                if fields[key].type == "reference":
                    self.pending.append(
                        Pending(document, part, fields[key], read.references, references, unread)
                    )
        _unknown_keys(document, node, part, fields, unread)
        facts_model, access_model = models_for(table.id)
        access = document.check(
            access_model, node.get("access"), where=part, trail=("access",), place=node.place("access")
        )
        access = access if access is not None else access_model()
        facts = read_claims(
            document, facts_model, node.get("facts"), part=part, key="facts", place=node.place("facts")
        )
        return Entry(
            table=table.id,
            id=name,
            values=values,
            _facts=facts,
            _access=access,
            _references=references,
            _written=written,
            _unread=unread,
            _fields=tuple(fields),
            _document=document,
            _node=node,
            _drafts=read_marks(document, node, part, fields, facts, access),
        )


def _empty(document: Document, node: Node, place: Place, table: Table) -> IxitTable[Any, Any]:
    return IxitTable(table.id, table.name, table.single, document.source(node, place))


def _says_none(text: str) -> bool:
    """Whether a text in place of a list says that the table has no entries."""
    return bool(bare(text)) and (none_first(text) or there_is_none(text) or does_not_apply(text))


def _unknown(document: Document, key: str, standard: Edition, known: dict[str, Table]) -> tuple[str, str]:
    message = f'edition {standard.id} has no IXIT table "{key}"'
    renamed = {new: old for other in EDITIONS for old, new in edition(other).renamed_tables.items()}
    both = renamed | {old: new for new, old in renamed.items()}
    if both.get(key) in known:
        return message, f"there it is called {both[key]}"
    same_name = [table.id for table in known.values() if table.name.lower() == key.rpartition("-")[2].lower()]
    return message, f'did you mean "{same_name[0]}"?' if same_name else document.hints.near(key, known)


def _id(document: Document, node: Mapping, where: str, index: int) -> str:
    """The ID of an entry, in letters that file names and command lines take; made up where there is none."""
    written = node.get("ID")
    place = node.place("ID")
    if not isinstance(written, Scalar) or written.is_null or not written.text.strip():
        document.unread(place, "entry", where, "", "ID is missing" if written is None else "expected an ID")
        return f"entry-{index + 1}"
    name = document.text(written, place, where, ("ID",))
    if _ID.fullmatch(name):
        return name
    taken = without_blanks(name) or f"entry-{index + 1}"
    document.unread(
        place,
        "entry",
        where,
        "ID",
        f'expected letters, digits, "-", "_", "." or "+", got {shown(written.text)}',
        f"taken as {taken}",
    )
    return taken


def _unknown_keys(
    document: Document, node: Mapping, part: str, fields: dict[str, Field], unread: dict[str, Unread]
) -> None:
    """Note keys that are not known: each may mean the field that it looks like, or else any that was left out."""
    out = [name for name in fields if name not in node.items]
    for key in node.items:
        if key in fields or key in _EXTRAS:
            continue
        hint = document.hints.near(key, [*fields, *_EXTRAS], listed=True)
        noted = document.unread(node.place(key), "entry", part, "", f'unknown key "{key}"', hint)
        for name in document.hints.alike(key, [*out, *_EXTRAS]) or out:
            unread.setdefault(name, noted)


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        return "nothing" if node.is_null else shown(node.text)
    return "a mapping" if isinstance(node, Mapping) else "a list"
