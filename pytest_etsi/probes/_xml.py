"""XML of a device: elements with their text, without entities, document types or anything fetched.

What devices write is read as their usual readers take it: with a bare ``&``, something before the declaration, nulls at
the end or control characters within, a name of HTML for a character, a prefix that nothing declares, in a character set
that is little known, or in another one than it says.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING
from xml.parsers import expat

from pytest_etsi import bounds
from pytest_etsi.probes.charset import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["XmlError", "elements", "tags", "told"]

_MAX_ELEMENTS = bounds.XML.items
_MAX_DEPTH = bounds.XML.depth
_AROUND = b" \t\r\n\0"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BARE = re.compile(rb"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))|&(?!#?\w{1,40};)", re.DOTALL)
"""To its end, or that of the document: otherwise each of many that do not end would be looked through."""

_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,40});")
_OF_MARKUP = frozenset("<>&\"'")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")


class XmlError(ValueError):
    """Not well-formed, too deep, too large, or with a document type of its own."""


def elements(data: bytes) -> Iterator[tuple[str, str]]:
    """Local name and text of each element that has text, in order; within specVersion with that before it.

    Raises:
        XmlError: see there.
    """
    yield from _read(data)[0]


def tags(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Local name and attributes of each element, in order.

    Raises:
        XmlError: see there.
    """
    yield from _read(data)[1]


def told(data: bytes) -> Iterator[tuple[str, str, str]]:
    """All that a document tells, as (kind, name, text): its comments, the texts of its elements, and attributes.

    Kind is "comment" or "xml". The short version of the outermost element is that of the format, and is left out.

    Raises:
        XmlError: see there.
    """
    found, opened, comments = _read(data)
    for text in comments:
        yield "comment", "", text
    for name, text in found:
        yield "xml", name, text
    for number, (tag, attributes) in enumerate(opened):
        for name, value in attributes.items():
            if number or name != "version" or not re.fullmatch(r"\d\.\d", value):
                yield "xml", f"{tag} {_local(name)}", value


_Parts = tuple[list[tuple[str, str]], list[tuple[str, dict[str, str]]], list[str]]


def _read(data: bytes) -> _Parts:
    try:
        return _parsed(data, expat.ParserCreate(namespace_separator=" "))
    except _NotWellFormedError as error:
        mended = _mended(data)
        try:
            # In UTF-8, whatever it says, and with prefixes that nothing may declare.
            return _parsed(mended, expat.ParserCreate("utf-8"))
        except _NotWellFormedError:
            raise XmlError(str(error)) from error


def _mended(data: bytes) -> bytes:
    """A document without what stands around it, with what only HTML allows written out, and in UTF-8."""
    data = data.strip(_AROUND).removeprefix(_BYTE_ORDER_MARK).strip(_AROUND)
    try:
        data.decode()
    except UnicodeDecodeError:
        declared = _ENCODING.search(data[:200])
        data = decoded(data, declared[1].decode() if declared else "").encode()
    return _BARE.sub(lambda match: match[1] or b"&amp;", _NAMED.sub(_written_out, _CONTROLS.sub(b"", data)))


def _written_out(match: re.Match[bytes]) -> bytes:
    """A character for its name in HTML; as it is where there is no such name, or it is one of markup."""
    known = html5.get(f"{match[1].decode()};", "")
    return match[0] if not known or _OF_MARKUP.intersection(known) else known.encode()


def _local(name: str) -> str:
    return re.split("[ :]", name)[-1]


class _NotWellFormedError(XmlError):
    """The parser gave up; mended, the document may be read."""


def _parsed(data: bytes, parser: expat.XMLParserType) -> _Parts:
    found: list[tuple[str, str]] = []
    opened: list[tuple[str, dict[str, str]]] = []
    comments: list[str] = []
    stack: list[tuple[str, list[str]]] = []

    def refuse(*_arguments: object) -> None:
        raise XmlError("entities are not read")

    def doctype(_name: str, system: str | None, public: str | None, internal: bool) -> None:
        # A bare name declares nothing; anything else could define or fetch something.
        if system or public or internal:
            raise XmlError("a document type is not read")

    def start(name: str, attributes: dict[str, str]) -> None:
        opened.append((_local(name), attributes))
        if len(opened) > 5 * _MAX_ELEMENTS:
            raise XmlError("too many elements")
        if len(stack) >= _MAX_DEPTH:
            raise XmlError("too deep")
        stack.append((_local(name), []))

    def end(_name: str) -> None:
        name, pieces = stack.pop()
        text = "".join(pieces).strip()
        if text:
            # UPnP tells its own version in elements that are called as anybody's version might be.
            of_protocol = bool(stack) and stack[-1][0] == "specVersion"
            found.append((f"specVersion.{name}" if of_protocol else name, text))
        if len(found) > _MAX_ELEMENTS:
            raise XmlError("too many elements")

    def text(piece: str) -> None:
        if stack:
            stack[-1][1].append(piece)

    def comment(piece: str) -> None:
        if len(comments) >= _MAX_ELEMENTS:
            raise XmlError("too many comments")
        if piece.strip():
            comments.append(piece.strip())

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.CommentHandler = comment
    try:
        parser.Parse(data, True)
    except XmlError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _NotWellFormedError(str(error)) from error
    return found, opened, comments
