"""From the documents of a profile to a workbook: what was written, not what is filled in when they are loaded."""

from __future__ import annotations

import io
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openpyxl import Workbook

from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile._handed import handed
from pytest_etsi.profile._load import load_documents
from pytest_etsi.profile._tables import models_for
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.skeleton import about_field
from pytest_etsi.profile.workbook import _layout as layout
from pytest_etsi.profile.workbook._answers import (
    LONGEST,
    answer,
    is_listed,
    is_too_long,
    text_answer,
    typed_part,
)
from pytest_etsi.profile.workbook._archive import unpacked
from pytest_etsi.profile.workbook._errors import WorkbookError
from pytest_etsi.profile.workbook._sheets import Column, add_sheet, mark, offer
from pytest_etsi.redaction import Redactor
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Environ
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from pytest_etsi.profile._document import Document
    from pytest_etsi.profile._model import Entry, IxitTable
    from pytest_etsi.profile._profile import Profile
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.standard import Field, Table

__all__ = ["Exported", "export_workbook"]

_HOW = (
    "One sheet a table and one row an entry: write under each heading what is true of the device, say Y, N or N/A for "
    "each provision on the sheet ICS, and leave facts and access to the laboratory if you do not know them."
)
_SPECIAL = (
    'An empty cell is an answer that is not given, "" one that is empty on purpose. Several IDs are written as A, B or '
    "[A, B]. A cell that begins with yaml: holds YAML. Remarks go on a sheet called Notes, which nothing reads."
)
_TYPED_ABOUT = {
    "facts": "YAML: claims that a program compares with the device. What is left out is not claimed.",
    "access": "YAML: how a program exercises it. What is left out is not accessible.",
}
_DRAFTED = Column(
    MARK,
    22,
    "typed",
    "YAML: what was drafted from the device and nobody has checked: take away what you have checked. A row with "
    "nothing else says that nobody has checked whether the table has further entries.",
)
_PLACEHOLDER = re.compile(r"\$\{[^{}]*\}")
_WIDTHS = {"ID": 22, "text": 40, "yes/no": 18, "enum": 22, "reference": 24, "list": 24}


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export has written.

    Attributes:
        profile: whose documents.
        claims: rows of the ICS that are filled in.
        entries: entries of the IXIT tables, single records left aside.
        credentials: entries whose access holds a secret as text, in whose place a placeholder is in the workbook.
    """

    profile: Profile
    claims: int
    entries: int
    credentials: tuple[str, ...]


def export_workbook(profile: str | Path, file: Path, *, environ: Environ[str, str] = os.environ) -> Exported:
    """Write ICS and IXIT of a profile to a new workbook.

    Placeholders such as ``${secret:NAME}`` stand in it as they were written; what they are filled with does not. A
    secret that the profile holds as text is replaced by such a placeholder.

    Args:
        profile: file, directory or name of the profile.
        file: the workbook, ``*.xlsx``.
        environ: environment variables for ``${env:NAME}``.

    Raises:
        ProfileError: the documents are unusable.
        WorkbookError: they do not fit into a workbook, or it cannot be written; there is none then.
    """
    if file.suffix.lower() != ".xlsx":
        raise _cannot(file, "expected the name of a workbook, *.xlsx")
    if file.exists() or file.is_symlink():
        raise _cannot(file, "exists already")
    loaded, documents = load_documents(profile, environ=environ)
    export = _Export(loaded, documents)
    content = export.content()
    if not isinstance(found := unpacked(content), dict):
        raise _cannot(file, f"cannot be written: it {found[0]}")
    try:
        with file.open("xb") as target:
            try:
                target.write(content)
            except OSError:
                file.unlink()
                raise
    except OSError as error:
        raise _cannot(file, f"cannot be written: {error.strerror or error}") from None
    return Exported(
        profile=loaded,
        claims=len(loaded.ics.rows),
        entries=sum(len(table) for table in loaded.ixit if not table.single),
        credentials=tuple(dict.fromkeys(export.replaced)),
    )


def _name(key: str, number: int) -> str:
    """What a key is called in the name of a secret: itself, or its number where the name could not hold it."""
    return key if re.fullmatch(r"[A-Za-z][\w.]*", key) else str(number)


def _cannot(file: Path, message: str) -> WorkbookError:
    return WorkbookError([Problem(str(file), 0, 0, "", message)])


class _Export:
    def __init__(self, profile: Profile, documents: tuple[Document, ...]) -> None:
        self.profile, self.documents = profile, documents
        self.standard = edition(profile.edition)
        self.problems: list[Problem] = []
        self.replaced: list[str] = []
        self._hidden = frozenset(profile.redactions)
        self.marks: dict[tuple[str, str], list[str]] = {}
        for one in profile.open_problems:
            why = f"{one.message}; {one.hint}" if one.hint else one.message
            self.marks.setdefault(self._key(one), []).append(why)

    def content(self) -> bytes:
        """The bytes of the workbook."""
        book = Workbook()
        for empty in book.worksheets:
            book.remove(empty)
        add_sheet(book, layout.ABOUT, [Column("item", 24, "fixed"), Column("value", 100)], self._about())
        ics = self._written("ics")
        claims = list(self._claims(ics))
        sheet = add_sheet(book, layout.ICS, _ICS_COLUMNS, claims)
        for row, claim in enumerate(claims, start=2):
            self._mark(sheet, row, f"ICS {claim[0]}", ("", "", "", "support", "detail"))
        add_sheet(book, layout.CONDITIONS, _CONDITION_COLUMNS, self._conditions(ics.get("conditions")))
        for table in self.standard.tables:
            self._table(book, table, self.profile.ixit.tables[table.id])
        # What no cell holds would be lost, and an empty sheet would say that there is nothing.
        lost = {one for one in self.profile.open_problems if self._key(one) in self.marks and not _is_id(one)}
        if self.problems or lost:
            raise WorkbookError([*self.problems, *(_without_cell(one) for one in sorted(lost))])
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def _written(self, part: str) -> Mapping:
        """A part of the profile as it is written: within the profile, or in the file that it names."""
        root = self.documents[0].root
        node = root.get(part) if isinstance(root, Mapping) else None
        if isinstance(node, Scalar):
            path = self.documents[0].path.parent / self.documents[0].text(node)
            node = next((file.root for file in self.documents[1:] if file.path == path), None)
        return node if isinstance(node, Mapping) else Mapping(1, 1)

    def _about(self) -> Iterator[tuple[str, str]]:
        dut = self._written("dut")
        yield "format", layout.FORMAT
        yield "edition", self.standard.id
        yield "standards", f"{self.standard.test_specification}, {self.standard.standard}"
        for item in layout.DUT_ITEMS:
            node = dut.get(item)
            yield item, self._checked(text_answer(node.text), "dut", item) if isinstance(node, Scalar) else ""
        yield "how to fill in", _HOW
        yield "special cells", _SPECIAL

    def _claims(self, ics: Mapping) -> Iterator[tuple[str, ...]]:
        for provision in self.standard.provisions:
            claim = ics.get(provision.id)
            if claim is None and not provision.printed:
                continue  # not a row of the pro forma
            support, detail = (_text_of(claim, key) for key in ("support", "detail"))
            support = claim.text if isinstance(claim, Scalar) and not claim.is_null else support
            # No cell holds a mark: what nobody has confirmed must not come back as an answer.
            drafted = self.profile.ics.unread.get(provision.id)
            support = f"proposed: {support}" if drafted is not None and drafted.drafted else support
            where = f"ICS {provision.id}"
            detail = self._checked(text_answer(detail) if detail else "", where, "detail")
            yield provision.id, provision.title, provision.printed, support, detail

    def _conditions(self, stated: Node | None) -> Iterator[tuple[str, str, str]]:
        for condition in self.standard.conditions:
            text = _text_of(stated, condition.id)
            yield condition.id, condition.meaning, _YES_NO.get(text.lower(), text)

    def _table(self, book: Workbook, table: Table, content: IxitTable) -> None:
        if table.single:
            sheet = add_sheet(book, table.id, _RECORD_COLUMNS, self._record(table, content[0]))
            for row, field in enumerate(table.fields, start=2):
                if choices := _choices(field):
                    offer(sheet, f"B{row}", choices)
            names = (*(field.name for field in table.fields), *layout.TYPED, MARK)
            for row, name in enumerate(names, start=2):
                self._mark(sheet, row, table.id, ("", name))
        else:
            entries = list(content)
            drafted, whole = any(MARK in one.raw for one in entries), self._drafted(content)
            columns = [*_columns(table), *([_DRAFTED] if drafted or whole else [])]
            rows = [self._entry(table, one, marks=bool(drafted or whole)) for one in entries]
            if whole:
                rows.append([""] * (len(columns) - 1) + [whole])
            sheet = add_sheet(book, table.id, columns, rows)
            for row, entry in enumerate(entries, start=2):
                self._mark(sheet, row, str(entry), tuple(column.name for column in columns))
            self._mark(sheet, len(rows) + 1, "IXIT", tuple(column.name for column in columns))

    def _drafted(self, table: IxitTable) -> str:
        """The mark on a table of which nobody has checked whether it has further entries; empty: there is none."""
        if not any(one.drafted for one in table.unread):
            return ""
        for root in (*(one.root for one in self.documents), self._written("ixit")):
            node = root.get(MARK) if isinstance(root, Mapping) else None
            if isinstance(node, Mapping):
                node = node.items.get(table.id)
            if isinstance(node, Scalar):
                return typed_part(node) if not node.is_null and node.text else "yes"
        return "yes"

    def _mark(self, sheet: Worksheet, row: int, part: str, columns: tuple[str, ...]) -> None:
        """Mark the cells of a row that hold what could not be understood."""
        for column, name in enumerate(columns, start=1):
            if name and (why := self.marks.pop((part, name), None)):
                mark(sheet, row, column, "\n".join(why))

    def _key(self, problem: Problem) -> tuple[str, str]:
        part, _, name = problem.where.partition(": ")
        return part, re.split(r"[.\[]", name, maxsplit=1)[0]

    def _entry(self, table: Table, entry: Entry, *, marks: bool) -> list[str]:
        cells = [self._field(entry, field) for field in table.fields]
        return cells + [self._typed(entry, name) for name in (*layout.TYPED, *([MARK] if marks else []))]

    def _record(self, table: Table, entry: Entry) -> Iterator[tuple[str, str, str]]:
        """A row a field: empty where it has no value, behind a # where it is left out."""
        node = _node_of(entry)
        for field in table.fields:
            written = node.get(field.name)
            empty = written is None or (isinstance(written, Scalar) and written.is_null)
            name = f"# {field.name}" if written is None else field.name
            yield (
                name,
                "" if empty else self._field(entry, field),
                f"{about_field(field)} Example: {field.example}",
            )
        for name in layout.TYPED:
            yield name, self._typed(entry, name), _typed_about(table, name)
        if mark := self._typed(entry, MARK) or self._drafted(self.profile.ixit.tables[table.id]):
            yield MARK, mark, _DRAFTED.about

    def _field(self, entry: Entry, field: Field) -> str:
        node = _node_of(entry).get(field.name)
        return "" if node is None else self._checked(answer(node, listed=is_listed(field)), entry, field.name)

    def _typed(self, entry: Entry, name: str) -> str:
        node = _node_of(entry).get(name)
        if node is None:
            return ""
        if name == "access":
            secrets = [text for value in handed(entry.access) for text in value.kept_secret()]
            redact = Redactor(text for text in secrets if text in self._hidden)
            node = self._without_secrets(node, redact, entry, entry.id or entry.table)
        return self._checked(typed_part(node), entry, name)

    def _without_secrets(self, node: Node, redact: Redactor, entry: Entry, called: str) -> Node:
        """The node with a placeholder in the place of each text that holds a secret."""
        if isinstance(node, Scalar):
            written = _PLACEHOLDER.sub("", node.text)
            if redact.text(written) == written:
                return node
            self.replaced.append(str(entry))
            return Scalar(node.line, node.column, f"${{secret:{called}}}", plain=False)
        if isinstance(node, Mapping):
            made = Mapping(node.line, node.column)
            made.keys = node.keys
            made.items = {
                key: self._without_secrets(item, redact, entry, f"{called}-{_name(key, number)}")
                for number, (key, item) in enumerate(node.items.items(), start=1)
            }
            return made
        if isinstance(node, Sequence):
            items = Sequence(node.line, node.column)
            items.items = [
                self._without_secrets(item, redact, entry, f"{called}-{number}")
                for number, item in enumerate(node.items, start=1)
            ]
            return items
        return node

    def _checked(self, text: str, where: Entry | str, field: str) -> str:
        """The text, if a cell can hold it."""
        if not is_too_long(text):
            return text
        message = f"longer than a cell can hold, which is {LONGEST} characters"
        if isinstance(where, str):
            self.problems.append(Problem(str(self.profile.path), 0, 0, f"{where}: {field}", message))
        else:
            source = where.source(field)
            at = (source.file, source.line, source.column)
            self.problems.append(Problem(*at, f"{where}: {field}", message))
        return ""


def _without_cell(problem: Problem) -> Problem:
    """A problem that keeps a workbook from being written, although a profile may have it."""
    why = "a workbook has no cell for it, so settle it in this file first"
    return replace(problem, hint=f"{problem.hint}; {why}" if problem.hint else why)


def _is_id(problem: Problem) -> bool:
    """Whether it is about an ID, which is a cell whatever it looks like."""
    return problem.where.endswith(": ID") or problem.where.startswith("ICS conditions: ")


_YES_NO = {"true": "yes", "yes": "yes", "false": "no", "no": "no"}
_ICS_COLUMNS = [
    Column("provision", 11, "fixed", "The number of the provision in EN 303 645."),
    Column("title", 44, "fixed"),
    Column(
        "status", 12, "fixed", "M mandatory, R recommendation, C with its conditions, F with its features."
    ),
    Column(
        "support",
        10,
        about="Y: met. N: not met. N/A: does not apply; only for a provision with a condition.",
        choices=("Y", "N", "N/A"),
        only=True,
    ),
    Column(
        "detail",
        90,
        about="Y: the measures taken. N: why it is impossible or inappropriate. N/A: why its condition is absent.",
    ),
]
_CONDITION_COLUMNS = [
    Column("id", 8, "fixed"),
    Column("meaning", 80, "fixed"),
    Column("holds", 10, about="yes: holds for the device. no: does not.", choices=("yes", "no"), only=True),
]
_RECORD_COLUMNS = [Column("field", 40, "fixed"), Column("value", 90), Column("meaning", 70, "fixed")]


def _columns(table: Table) -> list[Column]:
    columns = [
        Column(
            field.name,
            _WIDTHS.get(field.name, _WIDTHS[field.type]),
            about=f"{about_field(field)} Example: {field.example}",
            choices=_choices(field),
        )
        for field in table.fields
    ]
    return columns + [Column(name, 16, "typed", _typed_about(table, name)) for name in layout.TYPED]


def _choices(field: Field) -> tuple[str, ...]:
    return ("yes", "no") if field.type == "yes/no" else field.values


def _typed_about(table: Table, name: str) -> str:
    model = models_for(table.id)[layout.TYPED.index(name)]
    keys = ", ".join(model.model_fields)
    return f"{_TYPED_ABOUT[name]} Keys: {keys}." if keys else f"{name.capitalize()}: this table has none."


def _node_of(entry: Entry) -> Mapping:
    return entry._node  # noqa: SLF001 - as it is written


def _text_of(node: Node | None, key: str) -> str:
    item = node.get(key) if isinstance(node, Mapping) else None
    return item.text if isinstance(item, Scalar) and not item.is_null else ""
