"""Names in sentences, and text that a terminal can bear. Pure, for every floor above."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["abridged", "did_you_mean", "in_json", "listed", "near", "neutral_lines", "neutralised"]

_ACTS_ON_TERMINALS = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Control characters beyond ASCII, what turns the direction of writing, and what is not seen."""

_LONGEST = 100
"""Longest name, in characters, that is compared: the time it takes grows with the square."""


def near(
    name: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.5, fold: bool = True
) -> list[str]:
    """The known names that look like `name`, the nearest first.

    Args:
        name: what was written.
        known: what could have been meant; `name` itself is no answer.
        most: at most so many.
        cutoff: how alike they have to be, from 0 (anything) to 1 (the same).
        fold: whether upper and lower case are alike.
    """
    import difflib  # only for error messages

    if len(name) > _LONGEST:
        return []
    form = str.casefold if fold else str
    forms: dict[str, list[str]] = {}
    for one in dict.fromkeys(known):
        if one != name:
            forms.setdefault(form(one), []).append(one)
    alike = difflib.get_close_matches(form(name), forms, most, cutoff)
    return [one for key in alike for one in forms[key]][:most]


def did_you_mean(name: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.5) -> str:
    """The question that asks for the known names near `name`, `did you mean "a" or "b"?`; empty: there are none."""
    found = near(name, known, most=most, cutoff=cutoff)
    quoted = [f'"{one}"' for one in found]
    return f"did you mean {listed(quoted, last='or')}?" if found else ""


def listed(names: Iterable[str], *, last: str = "and") -> str:
    """The names in a row: `a`, `a and b`, `a, b and c`, with another word before the last if wanted."""
    *others, end = tuple(names) or ("",)
    return f"{', '.join(others)} {last} {end}" if others else end


def abridged(names: Sequence[str], most: int) -> str:
    """The first of many names: `a, b, c` or `a, b, c and 4 more`."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def neutralised(text: object) -> str:
    """`text` on one line, with everything that a terminal would act on made visible."""
    return "".join(
        char if char.isprintable() and unicodedata.category(char) != "Cf" else _escape(char)
        for char in " ".join(str(text).split(" "))
    )


def neutral_lines(text: str) -> str:
    """The same, line by line."""
    return text if text.isprintable() and text.isascii() else "\n".join(map(neutralised, text.split("\n")))


def _escape(char: str) -> str:
    return " " if char in "\n\t" else f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{ord(char):04x}"


def in_json(text: str) -> str:
    """JSON that says the same, with everything escaped that a terminal would act on, whoever prints the file.

    JSON itself escapes only the control characters below the space.
    """
    return _ACTS_ON_TERMINALS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
