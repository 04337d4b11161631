"""Names within access that have to exist: operations of the profile, entries of 1-AuthMech."""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from pytest_etsi.profile._document import trail_text
from pytest_etsi.profile._types import Refers
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
        written = value.model_fields_set
        for name, (key, kind) in _keys(type(value)).items():
            if name not in written:
                continue
            item = getattr(value, name)
            if kind and isinstance(item, str):
                yield kind, item, (*trail, key)
            elif kind and isinstance(item, tuple):
                yield from ((kind, one, (*trail, key, index)) for index, one in enumerate(item))
            elif isinstance(item, BaseModel | dict | tuple):
                yield from _named(item, (*trail, key))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _named(item, (*trail, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _named(item, (*trail, index))


@cache
def _keys(model: type[BaseModel]) -> dict[str, tuple[str, str]]:
    """The fields of a model: name -> key in the documents, and what the field names, alone or several; "": nothing."""
    keys = {}
    for name, info in model.model_fields.items():
        marks = [one for one in (*info.metadata, *_marks(info.annotation)) if isinstance(one, Refers)]
        keys[name] = info.alias or name, marks[0].to if marks else ""
    return keys


def _marks(annotation: Any) -> Iterator[Any]:
    """What types are annotated with, within unions and tuples too."""
    if get_origin(annotation) is Annotated:
        yield from get_args(annotation)[1:]
    elif get_origin(annotation) in (tuple, Union, UnionType):
        for one in get_args(annotation):
            yield from _marks(one)


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
