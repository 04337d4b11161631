"""An OpenAPI document with the files beside it: its operations, each with what it refers to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import yaml

from pytest_etsi import bounds
from pytest_etsi.probes.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Document", "OpenApiError", "Operation"]

_LARGEST = bounds.OPENAPI.most
_MOST_FILES = 200
_MOST_STEPS = 20
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
_FastLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_ALIASES = 1000
_MOST_MERGED = 20_000
"""Most keys that mappings take over from others, all together."""


class _Loader(_FastLoader):  # type: ignore[misc]
    """Reads YAML; mappings that take over others, which may take over others, do not grow without end."""

    _merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        merges = [value for key, value in node.value if key.tag == "tag:yaml.org,2002:merge"]
        if any(isinstance(one, yaml.SequenceNode) and len(one.value) > 50 for one in merges):
            raise yaml.YAMLError("a mapping that takes over more than 50 others")
        super().flatten_mapping(node)
        self._merged += len(node.value) if merges else 0
        if self._merged > _MOST_MERGED:
            raise yaml.YAMLError(f"mappings that take over more than {_MOST_MERGED} keys of others")


class OpenApiError(ValueError):
    """The file is no OpenAPI document; says what is wrong."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document.

    Attributes:
        content: as it was read.
        file: where references in it start from.
    """

    content: Any
    file: Path

    @property
    def mapping(self) -> dict[str, Any]:
        """The content where it has keys."""
        return self.content if isinstance(self.content, dict) else {}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        method: in capital letters.
        path: template of its path.
        parameters: those of the operation, and those of its path that it does not override.
        guarded: the document says that it needs a login; None: that cannot be read.
    """

    method: str
    path: str
    parameters: tuple[Part, ...]
    guarded: bool | None


class Document:
    """A document, read once with the files to which it refers.

    Args:
        file: JSON or YAML.

    Raises:
        OpenApiError: it cannot be read.
    """

    def __init__(self, file: Path) -> None:
        self._files: dict[Path, Any] = {}
        self.file = file
        root = self._loaded(file)
        if not isinstance(root, dict) or not ({"openapi", "swagger"} & set(root)):
            raise OpenApiError(f"{file}: expected an OpenAPI document, with openapi or swagger at its top")
        if not isinstance(root.get("paths"), dict):
            raise OpenApiError(f"{file}: paths: expected a mapping of paths")
        self._root: dict[str, Any] = root
        self.unread: list[str] = []
        """What is no path or operation that could be read, in a few words each."""
        self.operations = tuple(self._operations())
        """Each operation of the document, once."""

    def resolved(self, part: Part) -> Part:
        """A part, or what its references lead to, within the documents or in a file beside them; empty: nowhere."""
        for _ in range(_MOST_STEPS):
            reference = part.mapping.get("$ref")
            if not isinstance(reference, str):
                return part
            part = self._at(part.file, reference)
        return Part(None, self.file)

    def _at(self, base: Path, reference: str) -> Part:
        place, _, steps = reference.partition("#")
        file = base
        if steps and not steps.startswith("/"):
            return Part(None, base)  # the name of an anchor, which is not looked for
        if place:
            parts = urlsplit(place)
            if parts.scheme or parts.netloc or parts.path.startswith("/"):
                return Part(None, base)  # only files beside the document are read, nothing is fetched
            file = base.parent / unquote(parts.path)
        try:
            content = self._root if file == self.file else self._loaded(file)
        except OpenApiError:
            return Part(None, base)
        for step in steps.split("/")[1:]:
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(content, list) and key.isdecimal() and int(key) < len(content):
                content = content[int(key)]
            elif isinstance(content, dict):
                content = content.get(key)
            else:
                content = None
        return Part(content, file)

    def _operations(self) -> Iterator[Operation]:
        usual = self._root.get("security", [])
        for path, content in self._root["paths"].items():
            if str(path).startswith("x-"):
                continue
            whole = self.resolved(Part(content, self.file))
            if not isinstance(path, str) or not isinstance(whole.content, dict):
                self.unread.append(f"path {path}")
                continue
            # What stands beside a reference belongs to the path as well.
            beside = content if isinstance(content, dict) else {}
            item = {**whole.content, **{key: value for key, value in beside.items() if key != "$ref"}}
            shared = self._parameters(whole.content, whole.file) | self._parameters(beside, self.file)
            more = item.get("additionalOperations")
            named = {key: one for key, one in item.items() if str(key).lower() in _METHODS}
            if "$ref" in beside and not named and not more:
                self.unread.append(f"path {path}")  # what it leads to is no path
            for method, value in {**named, **(more if isinstance(more, dict) else {})}.items():
                own = self.resolved(Part(value, self.file if method in beside else whole.file))
                if not isinstance(own.content, dict):
                    self.unread.append(f"{str(method).upper()} {path}")
                    continue
                parameters = shared | self._parameters(own.content, own.file)
                yield Operation(
                    method.upper(),
                    path,
                    tuple(parameters.values()),
                    _guarded(own.content.get("security", usual)),
                )

    def _parameters(self, owner: dict[str, Any], file: Path) -> dict[tuple[str, str], Part]:
        """The parameters of a path or operation by name and place, by which one overrides the other."""
        found: dict[tuple[str, str], Part] = {}
        listed = owner.get("parameters")
        for number, one in enumerate(listed if isinstance(listed, list) else ()):
            part = self.resolved(Part(one, file))
            name, place = part.mapping.get("name", f"unnamed {number}"), part.mapping.get("in", "")
            found[str(name), str(place)] = part
        return found

    def _loaded(self, file: Path) -> Any:
        if file in self._files:
            return self._files[file]
        if len(self._files) >= _MOST_FILES:
            raise OpenApiError(f"{file}: more than {_MOST_FILES} files")
        try:
            if file.stat().st_size > _LARGEST:
                raise OpenApiError(f"{file}: larger than {_LARGEST} bytes")
            text = file.read_text(encoding="utf-8-sig")
            content = read_json(text) if text.lstrip().startswith("{") else _read_yaml(text)
        except OpenApiError:
            raise
        except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
            raise OpenApiError(f"{file}: not JSON or YAML: {error}") from error
        self._files[file] = content
        return content


def _read_yaml(text: str) -> Any:
    depth = aliases = 0
    for nodes, event in enumerate(yaml.parse(text, Loader=_FastLoader)):
        aliases += isinstance(event, yaml.AliasEvent)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if nodes > bounds.OPENAPI.items or depth > bounds.OPENAPI.depth or aliases > _MOST_ALIASES:
            raise yaml.YAMLError("larger, deeper or of more aliases than is read")
    return yaml.load(text, _Loader)  # noqa: S506 - a safe one


def _guarded(wanted: Any) -> bool | None:
    if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
        return None
    # An empty requirement among them says that nobody has to log in.
    return bool(wanted) and all(wanted)
