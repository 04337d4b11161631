"""HTML as it is, read once from beginning to end: linear in time and bounded in size, whatever the page.

``html.parser`` begins again at every ``<`` of an unclosed tag, so that thirty kilobytes of ``<a <a <a`` take minutes.
Here nothing is looked at twice. What is broken is read as browsers read it (WHATWG HTML, 13.2.5), but that a tag which
the end of the page cuts off still counts.
"""

from __future__ import annotations

import html
import re

from pytest_etsi import bounds

__all__ = ["MAX_MARKUP", "MarkupReader"]

MAX_MARKUP = bounds.HTML.most
"""Characters of a page that are read."""

_RAW = {name: re.compile(rf"(?i)</{name}(?=[\s/>])") for name in ("script", "style")}
_TAG = re.compile(r"[A-Za-z][^\s/>]*")
_GAP = re.compile(r"[\s/]*")
_NAME = re.compile(r"[^\s/>][^\s/>=]*")
_EQUALS = re.compile(r"\s*=\s*")
_UNQUOTED = re.compile(r"[^\s>]*")


class MarkupReader:
    """Calls the `handle_` methods, which are those of `html.parser.HTMLParser`, for what stands in a page."""

    def __init__(self) -> None:
        self._text = ""
        self._unclosed: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens; `tag` and the names of its attributes are in lower case, values without entities."""

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""

    def handle_data(self, data: str) -> None:
        """Text, without entities unless it is that of a script or style."""

    def handle_comment(self, data: str) -> None:
        """A comment."""

    def read(self, text: str) -> None:
        """Read a whole page, as far as `MAX_MARKUP`."""
        self._text, self._unclosed = text[:MAX_MARKUP], set()
        at = 0
        while at < len(self._text):
            start = self._text.find("<", at)
            if start < 0:
                start = len(self._text)
            if start > at:
                self.handle_data(_plain(self._text[at:start]))
            at = self._markup(start) if start < len(self._text) else start

    def _find(self, what: str, at: int) -> int:
        """Where `what` comes next; -1 for good once it did not come."""
        found = -1 if what in self._unclosed else self._text.find(what, at)
        if found < 0:
            self._unclosed.add(what)
        return found

    def _markup(self, start: int) -> int:
        """Read what begins by ``<``; gives where it ends."""
        following = self._text[start + 1 : start + 2]
        if following.isascii() and following.isalpha():
            return self._start_tag(start + 1)
        if following == "/":
            return self._end_tag(start)
        if self._text.startswith("<!--", start):
            end = self._find("-->", start + 2)
            self.handle_comment(self._text[start + 4 : end if end >= 0 else len(self._text)])
            return end + 3 if end >= 0 else len(self._text)
        if following in {"!", "?"} and following:
            end = self._find(">", start)
            return end + 1 if end >= 0 else len(self._text)
        self.handle_data("<")
        return start + 1

    def _end_tag(self, start: int) -> int:
        name = _TAG.match(self._text, start + 2)
        end = self._find(">", start)
        if name:
            self.handle_endtag(name[0].lower())
        return end + 1 if end >= 0 else len(self._text)

    def _start_tag(self, at: int) -> int:
        name = _TAG.match(self._text, at)
        assert name is not None  # noqa: S101 - a letter begins it
        tag, at = name[0].lower(), name.end()
        attributes: list[tuple[str, str | None]] = []
        closed = False
        while True:
            gap = _GAP.match(self._text, at)
            closed = bool(gap and gap[0].endswith("/"))
            at = gap.end() if gap else at
            key = _NAME.match(self._text, at)
            if key is None:
                break
            at, value = self._value(key.end())
            attributes.append((key[0].lower(), value))
        self.handle_starttag(tag, attributes)
        at += 1  # the ">", or the end of the page
        if tag in _RAW:
            return self._raw(tag, at)
        if closed:
            self.handle_endtag(tag)
        return at

    def _value(self, at: int) -> tuple[int, str | None]:
        equals = _EQUALS.match(self._text, at)
        if equals is None:
            return at, None
        at = equals.end()
        quote = self._text[at : at + 1]
        if quote in {'"', "'"}:
            end = self._find(quote, at + 1)
            if end >= 0:
                return end + 1, _plain(self._text[at + 1 : end])
        bare = _UNQUOTED.match(self._text, at)
        return (bare.end(), _plain(bare[0])) if bare else (at, "")

    def _raw(self, tag: str, at: int) -> int:
        found = None if tag in self._unclosed else _RAW[tag].search(self._text, at)
        if found is None:
            self._unclosed.add(tag)
        end = found.start() if found else len(self._text)
        if end > at:
            self.handle_data(self._text[at:end])
        return end


def _plain(text: str) -> str:
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:  # a number of thousands of digits
        return text
