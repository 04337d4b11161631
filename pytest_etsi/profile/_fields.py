"""The pro forma's own fields: text as written, checked where the catalogue says what a field holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import shown
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.words import none_first
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from pytest_etsi.profile._document import Document, Place
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.standard import Field

__all__ = ["Written", "read_field"]

_REMARK = re.compile(r"\([^()]*\)")
_SEPARATOR = re.compile(r"[,;\n]")
# "none needed": where IDs are expected, what follows need not be set off by a sign.
_NONE = re.compile(r"(?:none|n/a)\b(?!-\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """The value of a field: text, or the items of a list; and the IDs it refers to, each with its place."""

    value: str | tuple[str, ...]
    references: tuple[tuple[str, Place], ...] = ()


def read_field(document: Document, field: Field, node: Node, place: Place, where: str) -> Written | None:
    """The value of a field; None where it was left empty or does not fit, which is noted."""
    if isinstance(node, Mapping):
        document.problem(place, f"{where}: {field.name}", "expected text, got a mapping")
        return None
    if isinstance(node, Sequence):
        return _list(document, field, node, place, where)
    assert isinstance(node, Scalar)  # noqa: S101 - there is no other kind
    if node.is_null:
        return None
    text = document.text(node, place, where, (field.name,))
    if field.type == "yes/no":
        return _yes_no(document, field, node, text, place, where)
    if field.type == "enum":
        _enum(document, field, text, node, place, where)
    if field.type == "reference":
        return Written(text, _references(document, field, text, place, where))
    return Written(text)


def _list(document: Document, field: Field, node: Sequence, place: Place, where: str) -> Written | None:
    if field.type not in ("reference", "list", "enum"):
        document.problem(place, f"{where}: {field.name}", "expected text, got a list")
        return None
    items: list[str] = []
    references: list[tuple[str, Place]] = []
    for index, item in enumerate(node.items):
        if not isinstance(item, Scalar) or item.is_null:
            document.problem(item, f"{where}: {field.name}[{index}]", "expected text")
            continue
        text = document.text(item, None, where, (field.name, index))
        items.append(text)
        at = (item.line, item.column)
        if field.type == "enum":
            _enum(document, field, text, item, at, where)
        elif field.type == "reference":
            references += _references(document, field, text, at, where)
    return Written(tuple(items), tuple(references))


def _yes_no(
    document: Document, field: Field, node: Scalar, text: str, place: Place, where: str
) -> Written | None:
    if node.plain and text.lower() in ("true", "false"):
        text = "yes" if text.lower() == "true" else "no"
    if text and not re.match(r"(yes|no)\b", text, re.IGNORECASE):
        more = f", then {field.second_part}" if field.second_part else ""
        document.problem(place, f"{where}: {field.name}", f"expected yes or no{more}, got {shown(node.text)}")
        return None
    return Written(text)


def _enum(document: Document, field: Field, text: str, node: Scalar, place: Place, where: str) -> None:
    """Note a text that does not begin with a value of the field; in a field of several, each part of it."""
    plain = _REMARK.sub("", text).strip()
    parts = _SEPARATOR.split(plain) if field.many and not field.free_text else [plain]
    number = "one or more" if field.many else "one"
    for part in parts:
        value = part.strip().lower()
        if not value and len(parts) == 1:
            return
        if not any(re.match(rf"{re.escape(known.lower())}(?!\w)", value) for known in field.values):
            document.problem(
                place,
                f"{where}: {field.name}",
                f"expected {number} of {', '.join(field.values)}, got {shown(node.text)}",
                document.hints.near(value, field.values),
            )
            return


def _references(
    document: Document, field: Field, text: str, place: Place, where: str
) -> tuple[tuple[str, Place], ...]:
    """The IDs in a text: separated by commas; remarks in brackets, and "none" with a reason, name no ID."""
    plain = _REMARK.sub("", text).strip()
    if not plain or none_first(plain) or _NONE.match(plain):
        return ()
    remarks = set(re.findall(r"\w+", field.second_part.lower())) if field.second_part else set()
    found = []
    for part in _SEPARATOR.split(plain):
        name = part.strip()
        if not name:
            continue
        if re.fullmatch(r"\w[\w.+-]*", name) and name.lower() not in remarks:
            found.append((name, place))
        elif not remarks:
            document.problem(
                place,
                f"{where}: {field.name}",
                f"expected IDs of {listed(field.tables, last='or')}, separated by commas, got {shown(name)}",
                'write [] or "none" if there is none, and remarks in brackets',
            )
    return tuple(found)
