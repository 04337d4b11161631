"""The pro forma's own fields: text as written, and what the catalogue says that a field holds read from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import shown
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.closed import read_closed

if TYPE_CHECKING:
    from pytest_etsi.profile._document import Document, Place
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.standard import Field

__all__ = ["Written", "as_text", "read_field"]


@dataclass(frozen=True, slots=True)
class Written:
    """The value of a field.

    Attributes:
        written: the text, word for word; of a list a line an item.
        value: what is read from it: text, or the items of a list; None: it could not be understood.
        unread: that it could not; None: it could.
        references: each text that names IDs, with its place; looked up when all tables are read.
    """

    written: str
    value: str | tuple[str, ...] | None
    unread: Unread | None = None
    references: tuple[tuple[str, Place], ...] = ()


def read_field(document: Document, field: Field, node: Node, place: Place, where: str) -> Written | None:
    """The value of a field; None where it was left empty. One that is not understood is noted as such."""
    if isinstance(node, Scalar) and node.is_null:
        return None
    written = as_text(document, node, place, where, field.name)
    if field.type == "reference":
        return _references(document, field, node, written, place, where)
    if field.type in ("yes/no", "enum"):
        return _closed(document, field, node, written, place, where)
    if field.type == "list" and isinstance(node, Sequence):
        items = (as_text(document, item, None, where, field.name) for item in node.items)
        return Written(written, tuple(item for item in items if item))
    return Written(written, written)


def as_text(document: Document, node: Node, place: Place | None, where: str, name: str) -> str:
    """A node as text: what somebody has structured as a list or a mapping says what the same lines would say."""
    if isinstance(node, Scalar):
        return "" if node.is_null else document.text(node, place, where, (name,))
    if isinstance(node, Sequence):
        items = [as_text(document, item, None, where, name) for item in node.items]
        return "\n".join(f"- {item}" for item in items if item)
    assert isinstance(node, Mapping)  # noqa: S101 - there is no other kind
    return "\n".join(
        f"{key}:{separator}{text}"
        for key, item in node.items.items()
        if (text := as_text(document, item, None, where, name))
        for separator in (" " if isinstance(item, Scalar) else "\n",)
    )


def _references(
    document: Document, field: Field, node: Node, written: str, place: Place, where: str
) -> Written:
    if not isinstance(node, Sequence):
        return Written(written, written, references=((written, place),) if written.strip() else ())
    items = [
        (text, (item.line, item.column))
        for item in node.items
        if (text := as_text(document, item, None, where, field.name)).strip()
    ]
    return Written(written, tuple(text for text, _ in items), references=tuple(items))


def _closed(
    document: Document, field: Field, node: Node, written: str, place: Place, where: str
) -> Written | None:
    if not written.strip():
        return Written(written, written)
    if isinstance(node, Sequence) and field.many:
        return _several(document, field, node, written, where)
    answer = read_closed(field, written)
    if answer is not None:
        return Written(written, answer.text)
    return Written(written, None, _unread(document, field, node, written, place, where))


def _several(document: Document, field: Field, node: Sequence, written: str, where: str) -> Written:
    values: list[str] = []
    for item in node.items:
        text = as_text(document, item, None, where, field.name)
        answer = read_closed(field, text)
        if answer is None:
            at = (item.line, item.column)
            return Written(written, None, _unread(document, field, item, text, at, where))
        values.append(answer.text)
    return Written(written, tuple(values))


def _unread(document: Document, field: Field, node: Node, text: str, place: Place, where: str) -> Unread:
    if field.type == "yes/no":
        wanted = f"yes or no, then {field.second_part}" if field.second_part else "yes or no"
    else:
        wanted = f"{'one or more' if field.many else 'one'} of {', '.join(field.values)}"
    got = shown(node.text if isinstance(node, Scalar) else text)
    return document.unread(
        place,
        "answer",
        where,
        field.name,
        f"expected {wanted}, got {got}",
        document.hints.near(text.strip().lower(), field.values) if "," not in text else "",
    )
