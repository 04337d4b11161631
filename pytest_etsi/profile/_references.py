"""Names within access that have to exist: operations of the profile, entries of 1-AuthMech."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from pytest_etsi.profile._document import trail_text
from pytest_etsi.profile._yaml import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile._document import Document, Place, Trail
    from pytest_etsi.profile._documents import ProfileDocument
    from pytest_etsi.profile._tables import Ixit
    from pytest_etsi.profile._yaml import Node

__all__ = ["check_names"]


def check_names(document: Document, root: Mapping, profile: ProfileDocument | None, ixit: Ixit) -> None:
    """Note names of operations and of 1-AuthMech entries that do not exist.

    Without a valid profile only the entries are looked at, since its operations are not known.
    """
    known: dict[str, list[str]] = {}
    if "1-AuthMech" in ixit.tables:
        known["1-AuthMech"] = [entry.id for entry in ixit.tables["1-AuthMech"]]
    if profile is not None:
        known["operation"] = list(profile.access.operations)
        for kind, name, trail in _named(profile.access, ("access",)):
            _check(document, root, "", kind, name, trail, known)
    for table in ixit:
        for entry in table:
            for kind, name, trail in _named(entry.access, ("access",)):
                document, node = entry._document, entry._node  # noqa: SLF001 - the loader's own
                _check(document, node, str(entry), kind, name, trail, known)


def _check(
    document: Document,
    root: Mapping,
    where: str,
    kind: str,
    name: str,
    trail: Trail,
    known: dict[str, list[str]],
) -> None:
    if kind in known and name not in known[kind]:
        what = "the profile has no operation" if kind == "operation" else f"{kind} has no entry"
        place, here = _place(root, trail), trail_text(where, trail)
        document.problem(place, here, f'{what} "{name}"', document.hints.near(name, known[kind], listed=True))


def _named(value: Any, trail: Trail) -> Iterator[tuple[str, str, Trail]]:
    """Every name within a model that refers to something: kind, name and path."""
    if isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            if name not in value.model_fields_set:
                continue
            item, inner = getattr(value, name), (*trail, info.alias or name)
            kind = _KINDS.get(name)
            if kind and isinstance(item, str):
                yield kind, item, inner
            elif name in _LISTS and isinstance(item, tuple) and all(isinstance(one, str) for one in item):
                yield from (("operation", one, (*inner, index)) for index, one in enumerate(item))
            else:
                yield from _named(item, inner)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _named(item, (*trail, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _named(item, (*trail, index))


_KINDS = {
    "login": "1-AuthMech",
    "session_of": "1-AuthMech",
    **dict.fromkeys(
        (
            "operation",
            "trigger",
            "enable",
            "disable",
            "alter",
            "alerted",
            "restore",
            "outage",
            "lead_to",
            "cut",
            "succeeds",
            "prepare",
            "tidy",
            "event",
            "reports",
            "events",
            "replace",
            "put_back",
            "value_of",
            "control",
            "told_by",
            "written",
            "sound",
            "attached",
            "decided",
            "due",
            "offer",
            "postpone",
            "found_by",
            "breaks_off",
            "withdraw",
            "fail",
            "mend",
            "again",
            "read",
            "check",
            "weaken",
            "strengthen",
            "give",
            "refuse",
            "record",
            "report",
            "restart",
        ),
        "operation",
    ),
}
"""Fields of access models that hold a name -> what it names."""
_LISTS = frozenset(
    {
        "run",
        "functions",
        "state",
        "resets",
        "alterations",
        "create",
        "reads",
        "not_by",
        "use",
        "uses",
        "keeps",
    }
)
"""Fields that hold names of operations."""


def _place(root: Mapping, trail: Trail) -> Place:
    node: Node | None = root
    place = (root.line, root.column)
    for part in trail:
        if isinstance(node, Mapping) and isinstance(part, str) and part in node.items:
            place, node = node.place(part), node.items[part]
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            place = (node.line, node.column)
    return place
