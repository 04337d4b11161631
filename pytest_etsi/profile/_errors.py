"""What is wrong with a document, where, and where every value comes from.

Exceptions::

    Exception
    └── ProfileError        the documents are unusable; holds every problem that was found
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Problem", "ProfileError", "Source"]


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a value comes from; `str` gives file and line as reasons name them.

    Attributes:
        file: the document, as the user named it.
        line: from 1.
        column: from 1; of the key, where the value has one.
        origin: "file", or what was filled in: "env:NAME", "secret:NAME", "virtual:KEY", joined by ", ".
        short: the document as reasons name it: never by where it lies on this computer.
    """

    file: str
    line: int
    column: int
    origin: str = "file"
    short: str = field(default="", compare=False)

    def __str__(self) -> str:
        place = f"{self.short or self.file}:{self.line}"
        return place if self.origin == "file" else f"{place}, {self.origin}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with the documents; `str` gives it in one line.

    Attributes:
        file: the document, as the user named it.
        line: from 1; 0: the file as a whole.
        column: from 1; 0: the file as a whole.
        where: table, entry and field: "1-AuthMech/AuthMech-web: facts.change.supported"; may be empty.
        message: what was expected and what was found.
        hint: what to do, or the nearest known name; may be empty.
    """

    file: str
    line: int
    column: int
    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = ": ".join(part for part in (place, self.where, self.message) if part)
        return one_line(f"{text}; {self.hint}" if self.hint else text)


class ProfileError(Exception):
    """The documents are unusable.

    Attributes:
        problems: all that were found, by file, line and column.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return self.report()

    def report(self, limit: int = 50) -> str:
        """The problems, one a line; beyond `limit` only their number."""
        lines = [str(problem) for problem in self.problems[:limit]]
        if len(self.problems) > limit:
            lines.append(f"and {len(self.problems) - limit} more")
        return "\n".join(lines)


def one_line(text: str) -> str:
    """`text` without line breaks and control characters, which a terminal would act on."""
    return "".join(
        c if c.isprintable() else f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}" for c in text
    )


def shown(value: object, limit: int = 60) -> str:
    """A value as it is quoted in a message: text in quotation marks and shortened, else its kind."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    return f'"{text if len(text) <= limit else text[: limit - 1] + "…"}"'
