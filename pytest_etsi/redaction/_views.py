"""A text as its readers read it: URL coding, escapes and markup read back, wrapped lines joined.

What is found in such a view is masked in the text itself, so that each view knows where its characters come from.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["View", "views_of"]

_MOST_VIEWS = 24
_DEEPEST = 4
_APART = "\U0010fffd"
"""Stands between places of a view that are apart in the text; no secret holds it."""

_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "0": "\0", "e": "\x1b"}


def _escaped(found: str) -> str:
    kind = found[1]
    if kind in "xuU" and len(found) > 2:
        pair = found[2:].split("\\u")
        if len(pair) == 2:
            return chr(0x10000 + ((int(pair[0], 16) & 0x3FF) << 10) + (int(pair[1], 16) & 0x3FF))
        code = int(pair[0], 16)
        return chr(code) if code < 0x110000 else found
    return _LETTERS.get(kind, kind)


class _Reader:
    """One way to read a text back.

    Args:
        sign: a text without it has nothing to read back.
        pattern: what stands for something else.
        meant: what it stands for.
        most: how often it is applied one upon the other.
    """

    def __init__(self, sign: str, pattern: str, meant: Callable[[str], str], most: int) -> None:
        self.sign, self.most, self._meant = sign, most, meant
        self._pattern = re.compile(pattern)

    def read(self, text: str, pad: int) -> View | None:
        """The places of `text` that read otherwise, and `pad` characters around them; None: there are none."""
        view = View(text)
        at = -1
        for match in self._pattern.finditer(text):
            start = match.start()
            if at < 0:
                at = max(0, start - pad)
            elif start - at > 2 * pad:
                view.keep(at, at + pad)
                view.put(_APART, at + pad, at + pad)
                at = start - pad
            view.keep(at, start)
            view.put(self._meant(match[0]), start, match.end())
            at = match.end()
        if at < 0:
            return None
        view.keep(at, min(len(text), at + pad))
        view.finish()
        return view


class View:
    """A text that was read back, and where in the source each part of it stands."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._length = 0
        self._begins: list[int] = []
        self._from: list[tuple[int, int, bool]] = []
        self.text = ""

    def keep(self, start: int, end: int) -> None:
        """Go on with this part of the source as it is."""
        if end > start:
            self._add(self._source[start:end], start, end, whole=False)

    def put(self, text: str, start: int, end: int) -> None:
        """Go on with `text`, for which this part of the source stands."""
        if text:
            self._add(text, start, end, whole=True)

    def _add(self, text: str, start: int, end: int, *, whole: bool) -> None:
        self._begins.append(self._length)
        self._from.append((start, end, whole))
        self._parts.append(text)
        self._length += len(text)

    def finish(self) -> None:
        """Nothing follows."""
        self.text = "".join(self._parts)
        self._parts = []

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The part of the source that gives a part of the view, which is not empty."""
        first, last = (bisect_right(self._begins, at) - 1 for at in (start, end - 1))
        begin, _, whole = self._from[first]
        if not whole:
            begin += start - self._begins[first]
        stop_at, stop, whole = self._from[last]
        if not whole:
            stop = stop_at + end - self._begins[last]
        return begin, stop


_READERS = (
    _Reader("%", r"%[0-9A-Fa-f]{2}", lambda found: chr(int(found[1:], 16)), 3),
    _Reader(
        "\\",
        r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
        r"|\\U[0-9A-Fa-f]{8}|\\[\"'\\/nrtbf0e$`]",
        _escaped,
        3,
    ),
    _Reader("&", r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});", html.unescape, 3),
    # UTF-16: of its characters that latin-1 has too, these are left.
    _Reader("\0", "\0", lambda _: "", 1),
    # A long word that goes on in the next line: base64 is written so, and terminals wrap so.
    _Reader("\n", r"(?<=\S{12})[ \t]*\r?\n[ \t|>]*(?=\S)", lambda _: "", 1),
)


def views_of(text: str, pad: int) -> Iterator[tuple[str, tuple[View, ...]]]:
    """The text, and what it reads as, each with the views that lead there from the text.

    Args:
        text: what is looked at.
        pad: characters that are looked at around what is read back.
    """
    yield text, ()
    waiting: list[tuple[str, tuple[View, ...], tuple[int, ...]]] = [(text, (), ())]
    given = 1
    while waiting:
        source, through, applied = waiting.pop(0)
        for number, reader in enumerate(_READERS):
            if reader.sign not in source or applied.count(number) >= reader.most:
                continue
            view = reader.read(source, pad)
            if view is None:
                continue
            chain = (*through, view)
            yield view.text, chain
            given += 1
            if given >= _MOST_VIEWS:
                return
            if len(chain) < _DEEPEST:
                waiting.append((view.text, chain, (*applied, number)))
