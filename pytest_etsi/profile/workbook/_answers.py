"""How an answer stands in a cell, without loss.

A cell holds the text of an answer. Beyond that:

- an empty cell: the field is left out;
- ``""``: an answer that is empty on purpose;
- ``[A, B]``, in a column that may hold several: a list of answers;
- ``yaml: ...``: the answer as YAML, for what a cell cannot hold as it is (control characters), what would be taken for
  one of these forms, and what a document holds without quotation marks (``yaml: 1.40``, ``yaml: null``).

The parts for programs, facts and access, are YAML from their first character on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from pytest_etsi.profile._emit import ESCAPED, YamlWriter, is_empty, is_plain_value
from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence, read_yaml
from pytest_etsi.profile.workbook._errors import place

if TYPE_CHECKING:
    from pytest_etsi.standard import Field

__all__ = [
    "LONGEST",
    "answer",
    "is_listed",
    "is_too_long",
    "read_answer",
    "read_typed",
    "text_answer",
    "typed_part",
]

LONGEST = 32_767
"""Most characters of a cell, in UTF-16 code units, as the spreadsheet programs count."""

_MARK = "yaml:"
_EMPTY = '""'
# What XML cannot hold, or what its readers change. A line break and a tab are neither.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_WRITER = YamlWriter(cell=True)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def is_listed(field: Field) -> bool:
    """Whether the field may hold a list of answers."""
    return field.type in ("reference", "list", "enum")


def is_too_long(text: str) -> bool:
    """Whether no cell can hold the text."""
    return len(text) > LONGEST // 2 and len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST


def answer(node: Node, *, listed: bool = False) -> str:
    """An answer as it stands in a cell."""
    if isinstance(node, Sequence) and listed:
        return _WRITER.flow(node) or ""
    if not isinstance(node, Scalar):
        return f"{_MARK} {_WRITER.flow(node)}"
    if is_plain_value(node):
        return f"{_MARK} {node.text or 'null'}"
    return text_answer(node.text, listed=listed)


def text_answer(text: str, *, listed: bool = False) -> str:
    """A text as it stands in a cell."""
    if not text:
        return _EMPTY
    taken_otherwise = text == _EMPTY or text.startswith(_MARK) or (listed and _is_list(text))
    if taken_otherwise or not text.strip() or _UNFIT.search(text) or ESCAPED.search(text):
        return f"{_MARK} {_WRITER.quoted(text)}"
    return text


def typed_part(node: Node) -> str:
    """Facts or access as they stand in a cell, cut off where no cell can hold them."""
    if isinstance(node, Scalar) or is_empty(node):
        return _WRITER.flow(node) or ""
    lines: list[str] = []
    length = 0
    for line in _WRITER.block(node):
        lines.append(line)
        length += len(line) + 1
        if length > LONGEST + 1:
            break
    return "\n".join(lines)


def read_answer(
    text: str, row: int, column: int, shown: str, *, listed: bool = False
) -> tuple[Node | None, list[Problem]]:
    """The answer that stands in a cell; None: there is none.

    Args:
        text: the cell's text.
        row: of the cell.
        column: of the cell.
        shown: the sheet as problems name it.
        listed: the column may hold lists.
    """
    if not text.strip():
        return None, []
    if text == _EMPTY:
        return _scalar("", row, column), []
    if listed and _is_list(text):
        return _embedded(text.strip(), row, column, shown)
    if text.startswith(_MARK):
        return _embedded(text.removeprefix(_MARK).strip(), row, column, shown)
    return _scalar(text, row, column), []


def read_typed(text: str, row: int, column: int, shown: str) -> tuple[Node | None, list[Problem]]:
    """The facts or access that stand in a cell; None: there are none."""
    return _embedded(text, row, column, shown) if text.strip() else (None, [])


def _is_list(text: str) -> bool:
    stripped = text.strip()
    return stripped.startswith("[") and stripped.endswith("]")


def _scalar(text: str, row: int, column: int) -> Scalar:
    return Scalar(*place(row, column), text, plain=False)


def _embedded(text: str, row: int, column: int, shown: str) -> tuple[Node | None, list[Problem]]:
    inner = "\n" in text

    def problem(line: int, message: str, hint: str = "") -> Problem:
        return Problem(shown, *place(row, column, line if inner else 0), "", message, hint)

    if anchor := _first_anchor(text):
        return None, [problem(anchor, "an anchor (&), which no cell may hold", "write the values out")]
    # The last line of a cell has no line break, which belongs to the text where that is written as a block.
    root, found = read_yaml(f"{text}\n".encode(), shown)
    problems = [problem(one.line, one.message, one.hint) for one in found]
    if root is None:
        return None, problems or [problem(0, "expected YAML, got nothing but a remark")]
    _move(root, row, column, inner=inner)
    return root, problems


def _first_anchor(text: str) -> int:
    """The line of the first anchor; 0: there is none. With aliases a few cells could stand for any amount of values."""
    if "&" not in text:
        return 0
    try:
        for token in yaml.scan(text, Loader=_LOADER):
            if isinstance(token, yaml.AnchorToken):
                return int(token.start_mark.line) + 1
    except yaml.YAMLError:
        pass  # reading it says what is wrong
    return 0


def _move(root: Node, row: int, column: int, *, inner: bool) -> None:
    """Give each node the place of the cell, with the line within it where it has several."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        node.line, node.column = place(row, column, node.line if inner else 0)
        if isinstance(node, Mapping):
            node.keys = {
                key: place(row, column, line if inner else 0) for key, (line, _) in node.keys.items()
            }
            waiting.extend(node.items.values())
        elif isinstance(node, Sequence):
            waiting.extend(node.items)
