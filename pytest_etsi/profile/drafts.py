"""Marks of what was drafted: written by a program that has looked at the device, and not yet checked by a person.

A device that is compared with its own picture always agrees. So what is drafted can refute and confirms nothing, until
a person has checked it and takes the mark away. Marks stand beside what they are about::

    drafted:                                  # of a table: that it has no further entries
      "1-AuthMech": survey/01-services.json
    "1-AuthMech":
      - ID: AuthMech-8443
        drafted:
          ID: survey/01-services.json         # that there is such an entry: everything in it is drafted
          facts.tls: survey/02-tls-8443.json
        facts: ...

The value of a mark says what it was drafted from, and may be left out. ``drafted: TEXT`` (or ``yes``) in an entry means
all of it, and a mark that names no field or fact does too: it may mean any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import shown
from pytest_etsi.profile._expect import known_keys
from pytest_etsi.profile._types import Strict
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.unread import listening

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from collections.abc import Sequence as Names

    from pytest_etsi.profile._document import Document, Place
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.unread import Kind, Unread

__all__ = ["MARK", "Marks", "drafted_tables", "mark_of", "read_marks"]

MARK = "drafted"
"""The key of marks, in an entry and beside the tables."""
Marks = dict[str, "Unread"]

_WHOLE = ""
_NOT = frozenset({"false", "no", "off", "none", "-"})
_JUST = frozenset({"true", "yes", "on", ""})


def read_marks(
    document: Document, entry: Mapping, part: str, fields: Collection[str], facts: Strict, access: Strict
) -> Marks:
    """What of an entry is drafted: by field, "facts" and "access" for these parts, "" for all of it.

    A mark on a single fact is left with that fact, which tells whoever reads it.

    Args:
        document: where it stands.
        entry: the entry as it is written.
        part: how problems name it, "1-AuthMech/AuthMech-web".
        fields: names of the table's fields.
        facts: what was read of them, and
        access: likewise.
    """
    node = entry.get(MARK)
    found: Marks = {}
    if node is None:
        return found
    for name, place, evidence in _marks(document, node, entry.place(MARK), part):
        if name in ("ID", _WHOLE):
            found[_WHOLE] = _draft(document, place, part, "", evidence)
        elif name in fields or name in ("facts", "access"):
            found[name] = _draft(document, place, part, name, evidence)
        elif (trail := _trail(name, facts, access)) is not None:
            _leave(
                facts if trail[0] == "facts" else access,
                trail[1:],
                _draft(document, place, part, name, evidence),
            )
        else:
            hint = document.hints.near(name, [*fields, "facts", "access"])
            message = (
                f"a mark on {shown(name)}, which is no field and no fact: all of the entry counts as drafted"
            )
            document.unread(place, "entry", part, MARK, message, hint)
            found[_WHOLE] = _draft(document, place, part, "", evidence)
    return found


def drafted_tables(document: Document, node: Node, known: Collection[str]) -> dict[str, Unread]:
    """The tables of which nobody has checked whether they have further entries, by their ids.

    Args:
        document: where the marks stand.
        node: what stands under `MARK` beside the tables.
        known: ids of the edition's tables.
    """
    found: dict[str, Unread] = {}
    for name, place, evidence in _marks(document, node, (node.line, node.column), ""):
        if name not in known:
            meant = "all tables count" if not name else f"the edition has no table {shown(name)}: all count"
            if name:
                hint = document.hints.near(name, known)
                document.unread(place, "table", "IXIT", MARK, f"{meant} as drafted", hint)
            found = {one: _draft(document, place, one, "", evidence, of_table=True) for one in known} | found
            continue
        found[name] = _draft(document, place, name, "", evidence, of_table=True)
    return found


def mark_of(document: Document, node: Node, place: Place, part: str) -> str | None:
    """What a mark on something as a whole says that it was drafted from; None: it is no mark, it says no."""
    marks = list(_marks(document, node, place, part))
    return next((evidence for _, _, evidence in marks if evidence), "") if marks else None


def _marks(document: Document, node: Node, place: Place, part: str) -> Iterator[tuple[str, Place, str]]:
    """Each mark: what it is on ("": everything), where it stands, and what was looked at."""
    if isinstance(node, Scalar):
        text = "" if node.is_null else document.text(node, place, part, (MARK,))
        if not node.is_null and text.strip().lower() not in _NOT:
            yield _WHOLE, place, _evidence(text)
    elif isinstance(node, Mapping):
        for key, item in node.items.items():
            at = node.place(key)
            text = document.text(item, at, part, (MARK, key)) if isinstance(item, Scalar) else ""
            if not (isinstance(item, Scalar) and not item.is_null and text.strip().lower() in _NOT):
                yield (
                    key.strip(),
                    at,
                    _evidence(text if not (isinstance(item, Scalar) and item.is_null) else ""),
                )
    elif isinstance(node, Sequence):
        for item in node.items:
            at = (item.line, item.column)
            yield (
                (document.text(item, at, part, (MARK,)).strip() if isinstance(item, Scalar) else _WHOLE),
                at,
                "",
            )


def _evidence(text: str) -> str:
    text = " ".join(text.split())
    return "" if text.lower() in _JUST else text


def _draft(
    document: Document, place: Place, part: str, name: str, evidence: str, *, of_table: bool = False
) -> Unread:
    source = f" from {shown(evidence, 120)}" if evidence else ""
    what = "that there are no further entries is" if of_table else "is"
    kind: Kind = "drafted table" if of_table else "draft"
    message = f"{what} drafted{source}, and nobody has checked it"
    return document.draft(place, kind, part, name, message, evidence=evidence)


def _trail(name: str, facts: Strict, access: Strict) -> tuple[str, ...] | None:
    """The path of a fact, "facts.tls.versions", where the models know it."""
    first, *rest = name.split(".")
    if not rest or first not in ("facts", "access"):
        return None
    model = type(facts if first == "facts" else access)
    within: tuple[str, ...] = ()
    for one in rest:
        if one not in known_keys(model, within):
            return None
        within = (*within, one)
    return first, *rest


def _leave(made: Strict, trail: Names[str], draft: Unread) -> None:
    """Leave the field at `trail` drafted, or the nearest above it that was written."""
    owner, name = made, _field(made, trail[0])
    with listening(lambda _: None):
        for further in trail[1:]:
            inner = getattr(owner, name) if owner.says(name) else None
            if not isinstance(inner, Strict):
                break
            owner, name = inner, _field(inner, further)
    owner.leave_drafted(name, draft)


def _field(owner: Strict, key: str) -> str:
    """The field that a key of a document fills."""
    return next((name for name, one in type(owner).model_fields.items() if one.alias == key), key)
