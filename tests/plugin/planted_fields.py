"""A profile with a secret planted in every field that the schema has for one, made from the models themselves.

A field that is new is covered as soon as it is there; one for which no document can be made fails the test that asks.
"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel
from pydantic_core import PydanticUndefined

from pytest_etsi.profile import _handed, entries
from pytest_etsi.profile.access import Access
from pytest_etsi.profile.operations import service_path
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Planted", "planted_documents"]

MARK = "pl4nt"
Path = tuple["str | int", ...]
_TABLES = {name.removesuffix("Entry").lower(): getattr(entries, name) for name in entries.__all__}
_KINDS = {"http", "console", "bench", "python"}


class Planted:
    """Gives out secrets, each once."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def at(self, where: str) -> str:
        """A secret for a place."""
        secret = f"{MARK}&ed/{len(self.secrets):03d}-sEcr"
        self.secrets[secret] = where
        return secret


def _shape(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """An annotation without what is around it, and that."""
    around: tuple[Any, ...] = ()
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        around += tuple(more)
    return annotation, around


def _kind(annotation: Any, around: Sequence[Any]) -> str:
    """How a secret stands in a field of this type; empty: it holds none itself."""
    validators = [one.func for one in around if isinstance(one, AfterValidator)]
    if _handed.HandedUrl in validators:
        return "path" if service_path in validators else "url"
    if _handed._body in validators:
        return "body"
    return "text" if isinstance(annotation, type) and issubclass(annotation, _handed.Handed) else ""


def paths_of(annotation: Any, metadata: Sequence[Any] = (), depth: int = 0) -> Iterator[tuple[Path, str]]:
    """Every way to a secret from a type on: keys, 0 for an element of a list, "*" for any key; and its kind."""
    annotation, around = _shape(annotation)
    around = (*metadata, *around)
    if kind := _kind(annotation, around):
        yield (), kind
        return
    if depth > 12:
        return
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            for path, kind in paths_of(info.annotation, info.metadata, depth + 1):
                yield (info.alias or name, *path), kind
        return
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        for one in parts:
            inner, _ = _shape(one)
            tag = _literal_kind(inner)
            for path, kind in paths_of(one, (), depth + 1):
                yield ((f"kind={tag}", *path) if tag else path), kind
    elif origin is tuple:
        for path, kind in paths_of(parts[0], (), depth + 1):
            yield (0, *path), kind
    elif origin is dict:
        for path, kind in paths_of(parts[1], (), depth + 1):
            yield ("*", *path), kind


def _literal_kind(model: Any) -> str:
    info = getattr(model, "model_fields", {}).get("kind")
    return get_args(info.annotation)[0] if info is not None and info.default is PydanticUndefined else ""


def _filled(annotation: Any, path: Path, secret: Any, around: Sequence[Any] = ()) -> Any:
    """A value of a type with the secret at the end of a path, and beside it only what is required."""
    annotation, more = _shape(annotation)
    around = (*around, *more)
    if not path:
        return secret
    step, rest = path[0], path[1:]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        made = {
            info.alias or name: _least(name, info.annotation, info.metadata)
            for name, info in annotation.model_fields.items()
            if info.is_required()
        }
        name, info = next(
            (name, info) for name, info in annotation.model_fields.items() if step in (info.alias, name)
        )
        made |= _BESIDE.get((annotation.__name__, name), {})
        made[info.alias or name] = _filled(info.annotation, rest, secret, info.metadata)
        return made
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        if isinstance(step, str) and step.startswith("kind="):
            chosen = next(one for one in parts if _literal_kind(_shape(one)[0]) == step[5:])
            return _filled(chosen, rest, secret)
        for one in parts:
            if any(found == path for found, _ in paths_of(one)):
                return _filled(one, path, secret)
    if origin is tuple:
        return [_filled(parts[0], rest, secret)]
    if origin is dict:
        key, info = _shape(parts[0])
        keys = get_args(key) if get_origin(key) is Literal else ("planted",)
        return {keys[0]: _filled(parts[1], rest, secret)}
    raise AssertionError(f"no way to {path} in {annotation} {info if origin is dict else ''}")


_BESIDE: dict[tuple[str, str], dict[str, Any]] = {
    ("IntfAccess", "scan"): {"seen": "planted"},
    ("AuthMechAccess", "passphrase"): {"driver": "ssh", "key": "key.pem"},
    ("HttpEquipment", "state"): {"is_on": {"pattern": "on"}},
    ("ShellEquipment", "state"): {"is_on": {"pattern": "on"}},
    ("MqttOperation", "payload"): {"topic": "a"},
    ("HttpOperation", "json_body"): {"url": "http://127.0.0.1:1/"},
    ("HttpOperation", "form"): {"url": "http://127.0.0.1:1/"},
    ("HttpOperation", "headers"): {"url": "http://127.0.0.1:1/"},
    ("IdentityAccess", "url"): {"fields": {"serial": "a"}},
    ("IdentityAccess", "json_body"): {"fields": {"serial": "a"}, "url": "http://127.0.0.1:1/"},
    ("IdentityAccess", "form"): {"fields": {"serial": "a"}, "url": "http://127.0.0.1:1/"},
    ("IdentityAccess", "headers"): {"fields": {"serial": "a"}, "url": "http://127.0.0.1:1/"},
}
"""Model and field -> what its validators want beside it."""


_NAMED = {"call": "m:f", "file": "key.pem", "login": "AuthMech-web"}


def _least(name: str, annotation: Any, metadata: Sequence[Any]) -> Any:
    """The simplest value of a required field."""
    annotation, around = _shape(annotation)
    kind = _kind(annotation, (*metadata, *around))
    if kind in ("url", "path"):
        return "http://127.0.0.1:1/" if kind == "url" else "/"
    if name in _NAMED:
        return _NAMED[name]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return parts[0]
    if origin in (Union, types.UnionType):
        return _least(name, parts[0], ())
    if origin is tuple:
        return [_least(name, parts[0], ())]
    if origin is dict:
        return {"a": _least(name, parts[1], ())}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {
            info.alias or inner: _least(inner, info.annotation, info.metadata)
            for inner, info in annotation.model_fields.items()
            if info.is_required()
        }
    return {int: 1, float: 1.0, bool: True}.get(annotation, "127.0.0.1")


def _secret(kind: str, secret: str, url: str) -> Any:
    if kind in ("url", "path"):
        return f"{url if kind == 'url' else '/'}?k={secret.replace('&', '%26')}"
    return {"deep": [secret]} if kind == "body" else secret


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        both = one | other
        return {
            key: _merged(one[key], other[key]) if key in one and key in other else both[key] for key in both
        }
    return one if MARK in str(one) else other


def planted_documents() -> tuple[Planted, dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The secrets, ``access`` of a profile, and entries by table, with one planted in each field that may hold one.

    Each field of an entry has an entry of its own, and each operation and piece of equipment is one of its own: their
    fields exclude others.
    """
    planted = Planted()
    access: dict[str, Any] = {"network": {"hosts": ["127.0.0.1"]}, "bench_hosts": ["127.0.0.1"]}
    for path, kind in paths_of(Access):
        where = ".".join(map(str, ("access", *path)))
        url = "socket://127.0.0.1:1/" if path[0] == "serial" else "http://127.0.0.1:1/"
        part = _filled(Access, path, _secret(kind, planted.at(where), url))
        if path[0] in ("operations", "bench"):
            part[path[0]] = {
                f"op-{len(planted.secrets)}": one | {"timeout_s": 0} for one in part[path[0]].values()
            }
        access = _merged(access, part)
    access["operations"]["back"] = {"kind": "python", "call": "m:f"}
    tables: dict[str, list[dict[str, Any]]] = {"1-AuthMech": [{"ID": "AuthMech-web"}]}
    for table in edition("1.1.1").tables:
        entry = _TABLES.get(table.id.partition("-")[2].lower())
        if entry is None or table.single:
            continue
        for name, model in zip(("facts", "access"), get_args(entry), strict=True):
            for path, kind in paths_of(model):
                where = ".".join(map(str, (table.id, name, *path)))
                part = _filled(model, path, _secret(kind, planted.at(where), "http://127.0.0.1:1/"))
                tables.setdefault(table.id, []).append({"ID": f"E-{len(planted.secrets)}", name: part})
    return planted, access, tables
