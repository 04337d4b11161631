"""Parts of a document as they are written, so that they can be put into another one with their comments.

A document is cut by the places of its nodes: a part is a key with all that belongs to it, and the comments above it.
What is not written in lines of its own (``{a: 1, b: 2}``) has no text, and is written anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.profile._emit import YamlWriter
from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile.migration.left import Left

__all__ = ["Block", "Line", "Part", "Source", "mapping_of", "scalar", "sequence_of"]

Line = tuple[str, "Left | None"]
"""A line of a new document, and what is left to do in it."""

_WRITER = YamlWriter()
_KEY = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s:#'"][^:]*?)\s*:(?=\s|$)""")
_SCHEMA = "yaml-language-server"


@dataclass
class Part:
    """A key with its value.

    Attributes:
        key: what it is called.
        node: its value.
        text: its lines as they are written, the first beginning with the key, the others without the indentation of the
            key; None: there are none, or they do not hold any more.
        comments: the lines above it.
        left: what is to be done about it.
    """

    key: str
    node: Node
    text: list[str] | None = None
    comments: list[str] = field(default_factory=list)
    left: Left | None = None

    def renamed(self, key: str) -> Part:
        """The same under another key."""
        if key == self.key:
            return self
        text = None
        if self.text is not None and (found := _KEY.match(self.text[0])):
            text = [f"{_WRITER.text(key)}:{self.text[0][found.end() :]}", *self.text[1:]]
        return Part(key, self.node, text, self.comments, self.left)

    def lines(self, *, open_up: bool = False) -> list[str]:
        """Its lines, as they are written or anew, without indentation."""
        if self.text is not None:
            return self.text
        return list(_WRITER.pair(_WRITER.text(self.key), self.node, open_up=open_up))

    def as_comment(self) -> list[str]:
        """Its lines as comments."""
        return [f"# {line}".rstrip() for line in self.lines()]


@dataclass
class Block:
    """An entry, a record, or a row of the ICS: its parts in order, what stands above it and what is to be added.

    Attributes:
        comments: the lines above it.
        notes: lines to be written below it: what has no place, and what is to be filled in, as comments.
    """

    parts: dict[str, Part] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)

    def put(self, part: Part) -> None:
        """Take a part in: in place of one of its name, otherwise at the end, before facts and access."""
        if part.key in self.parts:
            part.comments = part.comments or self.parts[part.key].comments
            self.parts[part.key] = part
            return
        behind = [self.parts.pop(name) for name in ("facts", "access") if name in self.parts]
        self.parts[part.key] = part
        self.parts |= {one.key: one for one in behind}

    def lines(self, indent: str, *, item: bool) -> Iterator[Line]:
        """Its lines; the first one behind a dash where it is an item of a list."""
        yield from ((f"{indent}{line}".rstrip(), None) for line in self.comments)
        dash = "- " if item else ""
        within = indent + " " * len(dash)
        first = True
        for part in self.parts.values():
            yield from (
                (f"{within}{line}".rstrip(), None) for line in ([] if first and item else part.comments)
            )
            for number, line in enumerate(part.lines(open_up=part.key in ("facts", "access", "drafted"))):
                before = f"{indent}{dash}" if first and number == 0 else within
                yield (f"{before}{line}" if line else ""), (part.left if number == 0 else None)
            first = False
        yield from ((f"{within}{line}".rstrip(), left) for line, left in self.notes)

    @property
    def node(self) -> Mapping:
        """What it says."""
        return mapping_of({key: part.node for key, part in self.parts.items()})

    def written_anew(self) -> None:
        """Forget how its parts were written."""
        for part in self.parts.values():
            if part.text is not None:
                part.comments += [line.strip() for line in part.text if line.strip().startswith("#")]
                part.text = None


class Source:
    """A document that is cut into parts.

    Args:
        text: all of it.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.removeprefix("\ufeff").splitlines()

    def parts(self, node: Mapping, end: int | None = None) -> list[Part]:
        """The keys of a mapping with their values.

        Args:
            node: the mapping.
            end: its last line; None: that of the document.
        """
        return [part for part, _ in self._cut(node, end)]

    def blocks(self, node: Sequence, end: int | None = None) -> list[Block | Node]:
        """The items of a list: those that are mappings as blocks, anything else as it is."""
        end = end or len(self._lines)
        starts = [self._first_line(item) for item in node.items]
        made: list[Block | Node] = []
        before = node.line if not node.items else min(node.line, starts[0])
        for number, item in enumerate(node.items):
            stop = starts[number + 1] - 1 if number + 1 < len(starts) else end
            above = self._comments(before, starts[number] - 1) if before <= starts[number] - 1 else []
            last, _ = self._split(starts[number], stop)
            before = last + 1
            if isinstance(item, Mapping):
                made.append(Block({part.key: part for part in self.parts(item, last)}, above))
            else:
                made.append(item)
        return made

    def block(self, part: Part, node: Mapping, end: int) -> Block:
        """A mapping under a key as a block, with what stands above the key."""
        return Block({one.key: one for one in self.parts(node, end)}, list(part.comments))

    def tail(self) -> list[str]:
        """The comments behind all else."""
        found = self._split(1, len(self._lines))[1]
        return found if any(found) else []

    def rows(self, node: Mapping, end: int | None = None) -> list[tuple[Part, int]]:
        """The keys of a mapping with their values, each with its last line."""
        return self._cut(node, end)

    def _cut(self, node: Mapping, end: int | None) -> list[tuple[Part, int]]:
        end = end or len(self._lines)
        places = list(node.keys.items())
        in_lines = self._is_in_lines(node)
        made: list[tuple[Part, int]] = []
        before = places[0][1][0] if places else 0
        while in_lines and before > 1 and self._is_comment(before - 1):
            before -= 1
        for number, (key, (line, column)) in enumerate(places):
            if not in_lines:
                made.append((Part(key, node.items[key]), end))
                continue
            stop = places[number + 1][1][0] - 1 if number + 1 < len(places) else end
            last, _ = self._split(line, stop)
            text = [self._lines[line - 1][column - 1 :]]
            text += [_without(one, column - 1) for one in self._lines[line:last]]
            made.append((Part(key, node.items[key], text, self._comments(before, line - 1)), last))
            before = last + 1
        return made

    def _is_in_lines(self, node: Mapping) -> bool:
        """Whether each key begins a line, behind nothing but blanks and dashes."""
        lines = [line for line, _ in node.keys.values()]
        return len(set(lines)) == len(lines) and all(
            not self._lines[line - 1][: column - 1].replace("-", "").strip()
            for line, column in node.keys.values()
        )

    def _first_line(self, node: Node) -> int:
        return (
            min((line for line, _ in node.keys.values()), default=node.line)
            if isinstance(node, Mapping)
            else node.line
        )

    def _split(self, first: int, last: int) -> tuple[int, list[str]]:
        """The last line that is no comment, and the comments behind it."""
        stop = last
        while stop >= first and self._is_comment(stop):
            stop -= 1
        return stop, self._comments(stop + 1, last)

    def _is_comment(self, line: int) -> bool:
        text = self._lines[line - 1].strip()
        return not text or text.startswith("#")

    def _comments(self, first: int, last: int) -> list[str]:
        found: list[str] = []
        for line in range(first, last + 1):
            text = self._lines[line - 1].strip()
            blank_again = not text and bool(found) and not found[-1]
            if not blank_again and _SCHEMA not in text:
                found.append(text)
        return found


def _without(line: str, blanks: int) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return line[min(indent, blanks) :].rstrip() if line.strip() else ""


def scalar(text: str, *, plain: bool = False) -> Scalar:
    """A text."""
    return Scalar(0, 0, text, plain=plain)


def mapping_of(items: dict[str, Node]) -> Mapping:
    """A mapping of these."""
    made = Mapping(0, 0)
    for key, item in items.items():
        made.keys[key], made.items[key] = (0, 0), item
    return made


def sequence_of(items: list[Node]) -> Sequence:
    """A list of these."""
    made = Sequence(0, 0)
    made.items.extend(items)
    return made
