"""The YAML documents that an import writes, in the form of `pytest-etsi init`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.profile._emit import YamlWriter
from pytest_etsi.profile._errors import one_line
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.workbook._layout import OPTIONAL, TYPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.standard import Edition, Table

__all__ = ["ICS_FILE", "ics_document", "table_document", "table_file"]

ICS_FILE = "ics.yaml"
_WRITER = YamlWriter()
_YES_NO = {"yes": "true", "true": "true", "no": "false", "false": "false"}


def table_file(table: Table) -> str:
    """The file of a table, relative to the directory of the documents."""
    return f"ixit/{table.number:02d}-{table.name}.yaml"


def ics_document(standard: Edition, claims: Mapping, conditions: Mapping, origin: str) -> str:
    """The ICS.

    Args:
        standard: its edition.
        claims: provision -> row.
        conditions: condition -> what is stated.
        origin: the name of what it was imported from.
    """
    lines = [
        "# yaml-language-server: $schema=schema/ics.schema.json",
        "#",
        f"# The ICS for {standard.standard}, from {one_line(origin)}.",
        "# A row behind a # is not filled in.",
        "",
        "conditions:",
    ]
    for condition in standard.conditions:
        node = conditions.items.get(condition.id)
        stated = isinstance(node, Scalar) and not node.is_null
        value = _stated(node) if isinstance(node, Scalar) and stated else "true"
        lines.append(f'  {"" if stated else "# "}"{condition.id}": {value}   # {condition.meaning}')
    for provision in standard.provisions:
        claim = claims.items.get(provision.id)
        if claim is None and not provision.printed:
            continue  # not a row of the pro forma
        lines += ["", f"# {provision.title}" + (f" ({provision.printed})" if provision.printed else "")]
        if claim is None:
            lines.append(f'# "{provision.id}": {{support: Y, detail: ""}}')
        else:
            lines += _WRITER.pair(f'"{provision.id}"', claim, open_up=True)
    return "\n".join(lines) + "\n"


def table_document(table: Table, content: Node, origin: str, marks: Node | None = None) -> str:
    """A table of the IXIT.

    Args:
        table: which.
        content: its entries, its single record, or the text in their place.
        origin: the name of what it was imported from.
        marks: that the table is drafted; None: it is not.
    """
    lines = [
        "# yaml-language-server: $schema=../schema/ixit.schema.json",
        "#",
        f"# IXIT {table.id}: {table.title}, from {one_line(origin)}.",
    ]
    if table.one_entry_is:
        lines.append(f"# An entry is {table.one_entry_is}.")
    if marks is not None:
        lines += [*_WRITER.pair(MARK, marks, open_up=True), ""]
    if isinstance(content, Sequence) and content.items:
        lines.append(f'"{table.id}":')
        for index, entry in enumerate(content.items):
            fields = _lines_of(entry, "    ")
            lines += [""] * bool(index)
            lines.append(f"  - {next(fields).lstrip(' ')}")
            lines += fields
    elif isinstance(content, Mapping) and content.items:
        lines += [f'"{table.id}":', *_lines_of(content, "  ")]
    elif isinstance(content, Scalar):
        # What somebody has written in the place of entries: "none", or why there are none.
        lines += _WRITER.pair(f'"{table.id}"', content)
    else:
        lines.append(f'"{table.id}": {"{}" if table.single else "[]"}')
    return "\n".join(lines) + "\n"


def _lines_of(record: Node, indent: str) -> Iterator[str]:
    assert isinstance(record, Mapping)  # noqa: S101 - there are no other entries
    for key, node in record.items.items():
        yield from _WRITER.pair(_WRITER.text(key), node, indent, open_up=key in (*TYPED, *OPTIONAL))


def _stated(node: Scalar) -> str:
    return _YES_NO.get(node.text.lower(), _WRITER.quoted(node.text))
