"""From the rows of the sheets to nodes, as if they had been read from YAML documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import shown
from pytest_etsi.profile._yaml import MAX_NODES, Mapping, Node, Scalar, Sequence
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.workbook._answers import is_listed, read_answer, read_typed
from pytest_etsi.profile.workbook._errors import place
from pytest_etsi.profile.workbook._layout import OPTIONAL, TYPED

if TYPE_CHECKING:
    from pytest_etsi.profile._document import Place
    from pytest_etsi.profile._errors import Problem
    from pytest_etsi.profile.workbook._grid import Grid, Row
    from pytest_etsi.profile.workbook._sheet_document import SheetDocument
    from pytest_etsi.standard import Field, Table

__all__ = ["Nodes"]


class Nodes:
    """Makes the nodes of all sheets, within the bound that holds for a document."""

    def __init__(self) -> None:
        self._nodes = 0

    def entries(self, grid: Grid, document: SheetDocument, table: Table) -> Mapping:
        """The entries of a table, a row each."""
        entries, marks = Sequence(*place(1, 1)), Mapping(*place(1, 1))
        for row in grid:
            if row.cells.keys() == {MARK}:
                marks.keys[table.id] = row.place(MARK)
                self._typed(marks, table.id, row, MARK, document)
                continue
            entry = Mapping(*row.place("ID"))
            for field in table.fields:
                self._answer(entry, field.name, row, field.name, document, field)
            for name in (*TYPED, *(OPTIONAL if MARK in row.columns else ())):
                self._typed(entry, name, row, name, document)
            entries.items.append(entry)
        made = _mapping(table.id, entries)
        if marks.items:
            made.keys[MARK], made.items[MARK] = place(1, 1), marks
        return made

    def record(self, grid: Grid, document: SheetDocument, table: Table) -> Mapping:
        """The single record of a table, a row a field."""
        record = Mapping(*place(1, 1))
        fields = {field.name: field for field in table.fields}
        programs = (*TYPED, *OPTIONAL)
        for row in grid:
            name = row.cells.get("field", "").strip()
            at = row.place("field")
            if name.startswith("#"):
                self._check_left_out(row, fields, document)
            elif name not in fields and name not in programs:
                hint = document.hints.near(name, [*fields, *programs], listed=True)
                document.problem(
                    at,
                    table.id,
                    f"unknown field {shown(name)}" if name else "a field's name is missing",
                    hint,
                )
            elif name in record.keys:
                document.problem(
                    at, table.id, f"a second row for {shown(name)}", f"first in row {record.keys[name][0]}"
                )
            else:
                record.keys[name] = row.place("value")
                if name in programs:
                    self._typed(record, name, row, "value", document)
                elif "value" in row.cells:
                    self._answer(record, name, row, "value", document, fields[name])
                else:
                    record.items[name] = Scalar(*row.place("value"), "", plain=True)
        return _mapping(table.id, record)

    def claims(self, grid: Grid, document: SheetDocument) -> Mapping:
        """The rows of the ICS."""
        claims = Mapping(*place(1, 1))
        for row in grid:
            name = row.cells.get("provision", "").strip()
            claim = Mapping(*row.place("provision"))
            for column in ("support", "detail"):
                self._answer(claim, column, row, column, document)
            support = claim.items.get("support")
            if isinstance(support, Scalar):
                claim.items["support"] = Scalar(
                    support.line, support.column, support.text.strip(), plain=support.plain
                )
            if not name:
                document.problem(row.place("provision"), "ICS", "the provision is missing")
            elif name in claims.keys:
                hint = f"first in row {claims.keys[name][0]}"
                document.problem(
                    row.place("provision"), f"ICS {name}", "a second row for the provision", hint
                )
            else:
                claims.keys[name] = row.place("provision")
                if claim.items:
                    claims.items[name] = claim
        return claims

    def conditions(self, grid: Grid, document: SheetDocument, known: set[str]) -> Mapping:
        """What the manufacturer states on the conditions, of which those in `known` exist."""
        conditions = Mapping(*place(1, 1))
        for row in grid:
            name = row.cells.get("id", "").strip()
            if not name:
                document.problem(row.place("id"), "ICS conditions", "the id is missing")
            elif name in conditions.keys:
                hint = f"first in row {conditions.keys[name][0]}"
                document.problem(row.place("id"), "ICS conditions", f"a second row for {shown(name)}", hint)
            else:
                conditions.keys[name] = row.place("holds" if name in known else "id")
                holds = row.cells.get("holds", "").strip()
                conditions.items[name] = Scalar(*row.place("holds"), holds, plain=not holds)
        return _mapping("conditions", conditions)

    def _answer(
        self,
        into: Mapping,
        key: str,
        row: Row,
        column: str,
        document: SheetDocument,
        field: Field | None = None,
    ) -> None:
        """Put the answer in a cell, if there is one, under a key."""
        text = row.cells.get(column, "")
        if field is not None and field.type == "yes/no":
            text = {"TRUE": "yes", "FALSE": "no"}.get(text.strip(), text)
        at = row.place(column)
        listed = field is not None and is_listed(field)
        self._put(into, key, at, document, *read_answer(text, *at, document.shown, listed=listed))

    def _typed(self, into: Mapping, key: str, row: Row, column: str, document: SheetDocument) -> None:
        """Put the facts or access in a cell, if there are any, under a key."""
        at = row.place(column)
        if at in document.silent:
            return
        text = row.cells.get(column, "")
        node, problems = read_typed(text, *at, document.shown)
        if problems and key == "facts" and "&" not in text:
            # Kept as the text that it is: of facts there is nothing yet that a program could take wrongly.
            problem = problems[0]
            where = (problem.line, problem.column)
            document.unread(where, "fact", "", key, problem.message, problem.hint)
            document.silent.add(at)
            node, problems = Scalar(*at, text, plain=False), []
        self._put(into, key, at, document, node, problems)

    def _put(
        self,
        into: Mapping,
        key: str,
        at: Place,
        document: SheetDocument,
        node: Node | None,
        problems: list[Problem],
    ) -> None:
        for problem in problems:
            document.problem((problem.line, problem.column), key, problem.message, problem.hint)
        if node is None:
            return
        self._nodes += node.weight
        if self._nodes > MAX_NODES:
            document.problem(at, key, f"takes the workbook over {MAX_NODES} values, the limit", "write less")
            return
        into.items[key] = node
        into.keys[key] = at

    def _check_left_out(self, row: Row, fields: dict[str, Field], document: SheetDocument) -> None:
        """A row with # before its field is left out, as a line of YAML would be; an answer there would be lost."""
        name = row.cells["field"].strip().removeprefix("#").strip()
        if name in fields and "value" in row.cells:
            document.problem(
                row.place("value"), "", f"an answer to {shown(name)}, which is left out", "take the # away"
            )


def _mapping(key: str, node: Node) -> Mapping:
    root = Mapping(*place(1, 1))
    root.items[key] = node
    root.keys[key] = place(1, 1)
    return root
