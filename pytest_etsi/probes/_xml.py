"""XML of a device: elements with their text, without entities, document types or anything fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["XmlError", "elements", "tags"]

_MAX_ELEMENTS = 2000
_MAX_DEPTH = 60


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


def _read(data: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, dict[str, str]]]]:
    parser = expat.ParserCreate(namespace_separator=" ")
    found: list[tuple[str, str]] = []
    opened: list[tuple[str, dict[str, str]]] = []
    stack: list[tuple[str, list[str]]] = []

    def refuse(*_arguments: object) -> None:
        raise XmlError("entities are not read")

    def doctype(_name: str, system: str | None, public: str | None, internal: bool) -> None:
        # A bare name declares nothing; anything else could define or fetch something.
        if system or public or internal:
            raise XmlError("a document type is not read")

    def start(name: str, attributes: dict[str, str]) -> None:
        opened.append((name.rpartition(" ")[2], attributes))
        if len(opened) > 5 * _MAX_ELEMENTS:
            raise XmlError("too many elements")
        if len(stack) >= _MAX_DEPTH:
            raise XmlError("too deep")
        stack.append((name.rpartition(" ")[2], []))

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

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise XmlError(str(error)) from error
    except (ValueError, LookupError) as error:
        raise XmlError(str(error)) from error
    return found, opened
