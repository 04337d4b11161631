"""Nodes as YAML text, in the form of the shipped documents; what is read from it again is the same nodes.

The same means: the same values, and the same text where a number, true or false was written (``1.40`` stays ``1.40``).
Aliases are written out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ESCAPED", "YamlWriter", "is_empty", "is_plain_value"]

ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_|x005F_")
"""What spreadsheets read as an escaped character, wherever it stands in a cell."""

_SPECIAL = re.compile(r'[\\"]|[^ -~]')
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_FLOW_INDICATORS = frozenset(",[]{}:?#")
_NUMERIC = frozenset("0123456789abcdefABCDEFxXoO_:.,+-TtZz ")
# Other readers of YAML than ours take these for true, false or nothing.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_LONGEST_KEY = 120
_WIDEST_MAPPING = 80


def is_plain_value(node: Scalar) -> bool:
    """Whether it matters that the scalar was written without quotation marks: a number, true, false or nothing."""
    return node.plain and (not isinstance(node.value(), str) or node.text.lower() in ("true", "false"))


class YamlWriter:
    """Writes nodes.

    Attributes:
        width: longest line, in characters, where the text allows it.
        cell: for a cell of a spreadsheet, in which `ESCAPED` must not occur.
    """

    def __init__(self, *, width: int = 118, cell: bool = False) -> None:
        self.width, self.cell = width, cell

    def scalar(self, node: Scalar, *, flow: bool = False) -> str:
        """A scalar on one line."""
        if is_plain_value(node):
            return node.text or "null"
        return self.text(node.text, flow=flow)

    def text(self, text: str, *, flow: bool = False) -> str:
        """A text on one line, in quotation marks where it needs them."""
        return text if self._bare(text) and _stays_text(text, flow=flow) else self.quoted(text)

    def quoted(self, text: str) -> str:
        """A text on one line in quotation marks."""
        body = _SPECIAL.sub(_escape, text)
        # A backslash in `body` is followed by one of \ " n t r u U, so that every x in it is a letter of the text.
        return '"' + (re.sub(r"x(?=[0-9A-Fa-f]{4}_)", r"\\x78", body) if self.cell else body) + '"'

    def flow(self, node: Node, limit: int | None = None) -> str | None:
        """A node on one line; None where that takes more than `limit` characters, or hides line breaks."""
        if isinstance(node, Scalar):
            if limit is not None and (len(node.text) > limit or "\n" in node.text):
                return None
            return self.scalar(node, flow=True)
        parts: list[str] = []
        left = None if limit is None else limit - 2
        items = node.items.items() if isinstance(node, Mapping) else ((None, item) for item in _items(node))
        for key, item in items:
            name = "" if key is None else f"{self.text(key, flow=True)}: "
            value = self.flow(item, None if left is None else left - len(name))
            if value is None:
                return None
            parts.append(name + value)
            if left is not None:
                left -= len(parts[-1]) + 2
                if left < -2:
                    return None
        return f"{{{', '.join(parts)}}}" if isinstance(node, Mapping) else f"[{', '.join(parts)}]"

    def block(self, node: Node, indent: str = "") -> Iterator[str]:
        """The lines of a mapping or list that is not empty."""
        if isinstance(node, Mapping):
            for key, item in node.items.items():
                yield from self.pair(self.text(key), item, indent)
        else:
            for item in _items(node):
                yield from self._after("-", item, indent)

    def pair(self, key: str, node: Node, indent: str = "", *, open_up: bool = False) -> Iterator[str]:
        """The lines of a key and its value.

        Args:
            key: the key as it is written.
            node: its value.
            indent: spaces before each line.
            open_up: give each key of a mapping a line of its own.
        """
        if len(key) > _LONGEST_KEY:
            yield f"{indent}? {key}"
            key = ""
        yield from self._after(f"{key}:", node, indent, open_up=open_up)

    def _after(self, head: str, node: Node, indent: str, *, open_up: bool = False) -> Iterator[str]:
        room = self.width - len(indent) - len(head) - 1
        if isinstance(node, Scalar):
            yield from self._scalar_after(head, node, indent, room)
            return
        is_mapping = isinstance(node, Mapping)
        limit = min(room, _WIDEST_MAPPING) if is_mapping and head != "-" else room
        closed = not (open_up and is_mapping) or is_empty(node)
        line = self.flow(node, max(limit, 2)) if closed else None
        if line is not None:
            yield f"{indent}{head} {line}"
        elif head == "-":
            lines = self.block(node, indent + "  ")
            yield f"{indent}- {next(lines).lstrip(' ')}"
            yield from lines
        else:
            yield indent + head
            yield from self.block(node, indent + "  ")

    def _scalar_after(self, head: str, node: Scalar, indent: str, room: int) -> Iterator[str]:
        text = node.text
        if is_plain_value(node):
            yield f"{indent}{head}" if node.is_null and head != "-" else f"{indent}{head} {text or 'null'}"
        elif self._bare(text) and len(text) > room and "  " not in text and text.strip(" ") == text:
            yield f"{indent}{head} >-"
            yield from _wrapped(text, indent + "  ", self.width)
        elif "\n" in text and self._fits_literal(text):
            yield f"{indent}{head} |" if text.endswith("\n") else f"{indent}{head} |-"
            for line in text.removesuffix("\n").split("\n"):
                yield f"{indent}  {line}" if line else ""
        else:
            yield f"{indent}{head} {self.text(text)}"

    def _bare(self, text: str) -> bool:
        return text.isprintable() and not (self.cell and ESCAPED.search(text))

    def _fits_literal(self, text: str) -> bool:
        # Of several line breaks at the end, a reader could not tell which belong to the text.
        lines = text.split("\n")
        well_ended = lines[0][:1] not in ("", " ") and not text.endswith("\n\n")
        return well_ended and all(self._bare(line) and (not line or line.strip(" ") != "") for line in lines)


def is_empty(node: Node) -> bool:
    """Whether the node is a mapping or list without anything in it."""
    return isinstance(node, Mapping | Sequence) and not node.items


def _items(node: Node) -> list[Node]:
    assert isinstance(node, Sequence)  # noqa: S101 - mappings and scalars were dealt with
    return node.items


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _stays_text(text: str, *, flow: bool) -> bool:
    """Whether every reader of YAML takes the text, printable and without quotation marks, for just this text."""
    if not text or not (text[0].isalnum() or text[0] in "$/_(") or text[-1] in " :":
        return False
    if ": " in text or " #" in text or text.lower() in _WORDS:
        return False
    if text[0].isdecimal() and _NUMERIC.issuperset(text):
        return False
    return not (flow and not _FLOW_INDICATORS.isdisjoint(text))


def _wrapped(text: str, indent: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(indent) + len(line) + 1 + len(word) > width:
            yield indent + line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield indent + line
