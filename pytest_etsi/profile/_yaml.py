"""Reading one YAML document: into nodes that know their place, with bounds on size, depth and aliases.

The reader takes YAML's structure and leaves its surprises: no tags, no merge keys, no complex keys, one
document a file, and plain scalars by the core schema (true, false, null, numbers; ``yes``, ``12:30`` and
``2026-01-31`` stay text). Every key is text. A duplicate key is a problem, not an override.
"""

from __future__ import annotations

import math
import re
import stat
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import yaml

from pytest_etsi import bounds
from pytest_etsi.profile._errors import Problem
from pytest_etsi.text import near

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "LOADER",
    "MAX_ALIASES",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Mapping",
    "Node",
    "Plain",
    "Scalar",
    "Sequence",
    "read_yaml",
]

MAX_BYTES = bounds.YAML.most
"""Largest document, in bytes: five times one of 5,000 entries."""
MAX_NODES = bounds.YAML.items
"""Most mappings, lists, keys and values of a document, every use of an alias counted in full."""
MAX_DEPTH = bounds.YAML.depth
"""Deepest nesting."""
MAX_ALIASES = 1_000
"""Most anchors, and most uses of them."""

_KEPT_BYTES = 256 * 1024
"""Largest document of which the nodes are kept for the next time it is read."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads YAML by libyaml where there is one, which takes a tenth of the time."""
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?((0|[1-9][0-9]*)(?=[.eE])(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENCODINGS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


class Node:
    """A part of a document.

    Attributes:
        line: where it begins, from 1.
        column: from 1.
        weight: how many nodes it stands for, itself included.
    """

    __slots__ = ("column", "line", "weight")
    line: int
    column: int
    weight: int

    def __init__(self, line: int, column: int) -> None:
        self.line, self.column, self.weight = line, column, 1


class Plain(str):
    """An unquoted scalar of a document: its text, and the value that YAML gives it.

    Text fields keep what was written (``1.40`` stays ``1.40``); fields of any type take `value`.
    """

    __slots__ = ("value",)
    value: bool | int | float

    def __new__(cls, text: str, value: bool | int | float) -> Plain:
        """The scalar `text`, which YAML reads as `value`."""
        made = super().__new__(cls, text)
        made.value = value
        return made


class Scalar(Node):
    """Text, and whether it was written without quotation marks.

    Attributes:
        given: what a model is given for it: text, `Plain` text with the value that YAML's core schema gives it, or None
            where nothing was written, or null.
    """

    __slots__ = ("given", "plain", "text")

    def __init__(self, line: int, column: int, text: str, *, plain: bool) -> None:
        self.line, self.column, self.weight = line, column, 1  # written out, for most nodes are scalars
        self.text: Final = text
        self.plain: Final = plain
        self.given: Final = _given(text) if plain else text

    @property
    def is_null(self) -> bool:
        """Nothing was written, or null."""
        return self.given is None

    def value(self) -> bool | int | float | str | None:
        """The value that YAML's core schema gives it."""
        return self.given.value if isinstance(self.given, Plain) else self.given


def _given(text: str) -> str | None:
    if text[:1] not in "+-.0123456789~nNtTfF" and text:
        return text
    if text in _NULL:
        return None
    if text in _CONSTANTS:
        return Plain(text, _CONSTANTS[text])
    if _INTEGER.fullmatch(text):
        return Plain(text, int(text))
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return Plain(text, number)
    return text


class Sequence(Node):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.items: list[Node] = []


class Mapping(Node):
    """A mapping; `keys` has the place of every key."""

    __slots__ = ("items", "keys")

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.items: dict[str, Node] = {}
        self.keys: dict[str, tuple[int, int]] = {}

    def get(self, key: str) -> Node | None:
        """The value under a key; None: there is none."""
        return self.items.get(key)

    def place(self, key: str) -> tuple[int, int]:
        """Line and column of a key; of the mapping where it has no such key."""
        return self.keys.get(key, (self.line, self.column))


class _Refused(Exception):  # noqa: N818 - carries a problem, is none itself
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_bytes(path: Path, shown: str, limit: int = MAX_BYTES) -> bytes | Problem:
    """The content of a document, or why it cannot be one; never reads more than `limit` bytes."""
    try:
        kind = path.stat().st_mode  # first, since opening a pipe would wait for whoever writes to it
        if stat.S_ISDIR(kind):
            return Problem(shown, 0, 0, "", "is a directory, expected a file")
        if not stat.S_ISREG(kind):
            return Problem(shown, 0, 0, "", "is no regular file")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        beside = near(path.name, _names_beside(path), cutoff=0.6)
        return Problem(shown, 0, 0, "", "no such file", f"there is {beside[0]}" if beside else "")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Problem(shown, 0, 0, "", f"cannot be read: {reason}")
    if len(content) > limit:
        return Problem(
            shown, 0, 0, "", f"is larger than {limit // 1024 // 1024} MiB, the limit for a document"
        )
    return content


def _names_beside(path: Path) -> list[str]:
    try:
        return [entry.name for entry in path.parent.iterdir()][:1000]
    except OSError:
        return []


def read_yaml(content: bytes, shown: str) -> tuple[Node | None, list[Problem]]:
    """The document in `content`.

    Args:
        content: the file's bytes.
        shown: the file's name in problems.

    Returns:
        The root, and the problems found. The root is None for an empty document and for one that cannot be read
        at all; duplicate keys are problems of a document that is otherwise read (the first one counts).
    """
    if len(content) > _KEPT_BYTES:
        return _read(content, shown)
    root, problems = _kept(content)
    return root, [replace(problem, file=shown) for problem in problems]


@lru_cache(maxsize=64)
def _kept(content: bytes) -> tuple[Node | None, list[Problem]]:
    """A document by its bytes, whatever its name: a virtual device's are read before it starts, and with its values.

    Nodes do not change once they are built.
    """
    return _read(content, "")


def _read(content: bytes, shown: str) -> tuple[Node | None, list[Problem]]:
    problems: list[Problem] = []
    try:
        text = _decode(content, shown)
        return _compose(text, shown, problems), problems
    except _Refused as refused:
        return None, [*problems, refused.problem]


def _decode(content: bytes, shown: str) -> str:
    for mark, name in _ENCODINGS:
        if content.startswith(mark):
            raise _Refused(
                Problem(shown, 1, 1, "", f"is encoded in {name}, expected UTF-8", "save it as UTF-8")
            )
    if b"\x00" in content:
        raise _Refused(Problem(shown, 1, 1, "", "is a binary file, expected YAML text in UTF-8"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        byte = content[error.start]
        raise _Refused(
            Problem(
                shown, line, column, "", f"is not encoded in UTF-8: byte 0x{byte:02x}", "save it as UTF-8"
            )
        ) from None
    found = _UNPRINTABLE.search(text)
    if found:
        line, column = _place(text, found.start())
        code = ord(found[0])
        raise _Refused(
            Problem(shown, line, column, "", f"control character U+{code:04X}, expected YAML text")
        )
    return text


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _compose(text: str, shown: str, problems: list[Problem]) -> Node | None:
    builder = _Builder(shown, problems)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _Refused(_syntax(error, text, shown)) from None
    except yaml.YAMLError as error:
        raise _Refused(Problem(shown, 1, 1, "", f"is not YAML: {str(error).splitlines()[0]}")) from None
    return builder.root


def _syntax(error: yaml.MarkedYAMLError, text: str, shown: str) -> Problem:
    mark: Any = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    at = lines[line - 1] if line <= len(lines) else ""
    indentation = at[: len(at) - len(at.lstrip())]
    if "\t" in indentation:
        column = indentation.index("\t") + 1
        return Problem(shown, line, column, "", "a tab in the indentation", "YAML indents with spaces only")
    said = error.problem or error.context or "cannot be parsed"
    if "nesting depth" in said:  # PyYAML has a limit of its own since 6.0.4
        return Problem(shown, line, column, "", f"is nested deeper than {MAX_DEPTH} levels")
    context = f" ({error.context})" if error.context and error.problem else ""
    return Problem(shown, line, column, "", f"is not YAML: {said}{context}", _advice(said, at))


def _advice(said: str, line: str) -> str:
    if "mapping values are not allowed" in said:
        return 'put a text that contains ": " in quotation marks'
    if "cannot start any token" in said and re.search(r"[:\-]\s+[@`%]", line):
        return "put a text that begins with @, ` or % in quotation marks"
    return ""


class _Builder:
    """Builds the nodes from the parser's events, refusing what exceeds a bound before it is built."""

    def __init__(self, shown: str, problems: list[Problem]) -> None:
        self.shown, self.problems = shown, problems
        self.root: Node | None = None
        self.stack: list[Mapping | Sequence] = []
        # Per open container: the key that waits for its value.
        self.pending: list[tuple[str, int, int] | None] = []
        self.anchors: dict[str, Node] = {}
        self.open_anchors: list[str | None] = []
        self.uses = self.nodes = self.documents = 0

    def take(self, event: Any) -> None:
        """Take the next event of the parser."""
        mark: Any = event.start_mark
        if isinstance(event, yaml.ScalarEvent):
            self._check(event, mark)
            node = Scalar(mark.line + 1, mark.column + 1, event.value, plain=not event.style)
            if event.anchor is not None:
                self._name(event.anchor, node, mark)
            self._add(node)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._check(event, mark)
            if len(self.stack) >= MAX_DEPTH:
                self._refuse(mark, f"is nested deeper than {MAX_DEPTH} levels")
            if self._expects_key():
                self._refuse(mark, "a list or mapping as a key, expected text")
            kind = Mapping if isinstance(event, yaml.MappingStartEvent) else Sequence
            self.stack.append(kind(mark.line + 1, mark.column + 1))
            self.pending.append(None)
            self.open_anchors.append(event.anchor)
            if event.anchor is not None:
                self._name(event.anchor, None, mark)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            made = self.stack.pop()
            self.pending.pop()
            anchor = self.open_anchors.pop()
            if anchor is not None:
                self.anchors[anchor] = made
            self._add(made)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(event.start_mark, "a second document begins here, expected one document a file")

    def _refuse(self, mark: Any, message: str, hint: str = "") -> None:
        raise _Refused(Problem(self.shown, mark.line + 1, mark.column + 1, "", message, hint))

    def _check(self, event: Any, mark: Any) -> None:
        if event.tag is not None:
            self._refuse(mark, f"the tag {event.tag}, expected plain YAML without tags")
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._refuse(mark, f"has more than {MAX_NODES} values, the limit for a document")

    def _name(self, anchor: str, node: Node | None, mark: Any) -> None:
        if len(self.anchors) >= MAX_ALIASES:
            self._refuse(mark, f"has more than {MAX_ALIASES} anchors, the limit for a document")
        self.anchors.pop(anchor, None)
        if node is not None:
            self.anchors[anchor] = node

    def _alias(self, event: Any) -> None:
        self.uses += 1
        node = self.anchors.get(event.anchor)
        if self.uses > MAX_ALIASES:
            self._refuse(event.start_mark, f"has more than {MAX_ALIASES} aliases, the limit for a document")
        if node is None:
            within = event.anchor in self.open_anchors
            self._refuse(
                event.start_mark,
                f"the alias *{event.anchor} stands within its own anchor"
                if within
                else f"the alias *{event.anchor} has no anchor &{event.anchor} before it",
            )
            return
        self.nodes += node.weight
        if self.nodes > MAX_NODES:
            self._refuse(event.start_mark, f"has more than {MAX_NODES} values, the limit for a document")
        if isinstance(node, Scalar):
            mark = event.start_mark
            copy = Scalar(mark.line + 1, mark.column + 1, node.text, plain=node.plain)
            self._add(copy)
        elif self._expects_key():
            self._refuse(event.start_mark, "a list or mapping as a key, expected text")
        else:
            self._depth_of_alias(node, event.start_mark)
            self._add(node)

    def _depth_of_alias(self, node: Node, mark: Any) -> None:
        if len(self.stack) + _depth(node) > MAX_DEPTH:
            self._refuse(mark, f"is nested deeper than {MAX_DEPTH} levels")

    def _expects_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1], Mapping) and self.pending[-1] is None

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.weight += node.weight
        if isinstance(parent, Sequence):
            parent.items.append(node)
            return
        key = self.pending[-1]
        if key is None:
            assert isinstance(node, Scalar)  # noqa: S101 - anything else was refused
            self._key(node)
            return
        self.pending[-1] = None
        name, line, column = key
        if name in parent.items:
            first = parent.keys[name]
            self.problems.append(
                Problem(self.shown, line, column, "", f'duplicate key "{name}"', f"first in line {first[0]}")
            )
            return
        parent.items[name] = node
        parent.keys[name] = (line, column)

    def _key(self, node: Scalar) -> None:
        if node.plain and node.text == "<<":
            raise _Refused(
                Problem(self.shown, node.line, node.column, "", 'the merge key "<<"', "write the keys out")
            )
        self.pending[-1] = (node.text, node.line, node.column)


def _depth(node: Node) -> int:
    """Levels of nesting; linear in the distinct nodes, which share no ancestor with themselves."""
    deepest: dict[int, int] = {}

    def children(part: Node) -> Iterator[Node]:
        if isinstance(part, Mapping):
            yield from part.items.values()
        elif isinstance(part, Sequence):
            yield from part.items

    def measure(part: Node) -> int:
        known = deepest.get(id(part))
        if known is None:
            known = deepest[id(part)] = 1 + max((measure(child) for child in children(part)), default=0)
        return known

    return measure(node)
