"""What one answer over HTTP tells: its headers, and its body by what it is made of."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.probes._xml import XmlError, told
from pytest_etsi.probes.charset import charset_of, encoding_for
from pytest_etsi.probes.disclosure._model import Collection
from pytest_etsi.probes.http._page_text import page_text
from pytest_etsi.probes.http.logins import parse_www_authenticate
from pytest_etsi.probes.json_text import read_json
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import httpx

    from pytest_etsi.probes.disclosure._model import Disclosed

__all__ = ["MAX_BODY", "from_response", "leaves", "read"]

MAX_BODY = bounds.DISCLOSURE.most
_LISTING = re.compile(r"(?i)\s*(?:index of /|directory listing (?:for|of)|listing of /|directory: /)")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHANGING = {"date", "content-length", "set-cookie", "www-authenticate", "age"}


def from_response(
    response: httpx.Response, *, own: Iterable[str], port: int, where: str = "/"
) -> tuple[Disclosed, ...]:
    """What one HTTP answer tells."""
    found = Collection(tuple(own), port=port)
    read(found, where, response)
    return tuple(found.items.values())


def read(found: Collection, where: str, response: httpx.Response) -> str:
    """Take an answer apart; gives its text."""
    for name, value in response.headers.multi_items():
        if name == "set-cookie":
            found.add(where, "cookie", "", value.partition("=")[0])
        elif name not in _CHANGING:
            found.add(where, "header", name.title(), value)
    for scheme, parameters in parse_www_authenticate(response.headers.get_list("www-authenticate"))[:10]:
        found.add(where, "realm", "", parameters.get("realm", "") or scheme)
    if response.extensions.get("truncated"):
        found.gaps.append(f"tcp/{found.port}: {printable(where, 80)} is longer than {MAX_BODY} bytes, or cut")
    kind = response.headers.get("content-type", "").lower()
    if coding := response.extensions.get("unknown_coding"):
        found.gaps.append(
            f"tcp/{found.port}: {printable(where, 80)} could not be unpacked from {printable(coding, 40)}"
        )
        return ""
    if re.match(r"image|audio|video|font", kind):
        return ""
    text = _text(response)
    if text is None:
        if re.match(r"text|application/(?:json|xml)", kind):
            found.gaps.append(f"tcp/{found.port}: {printable(where, 80)} is no text in a known character set")
        return ""
    if "json" in kind:
        _json(found, where, text)
    elif "javascript" in kind or "css" in kind:
        found.add(where, "script", "", text)
    elif "html" in kind or re.match(r"\s*<(?:!doctype|html)", text, re.IGNORECASE):
        pieces = page_text(text)
        if any(name == "title" and _LISTING.match(piece) for name, piece in pieces):
            found.add(where, "listing", "", " ".join(piece for _, piece in pieces))
        else:
            for name, piece in pieces:
                found.add(where, name, "", piece)
    elif not _xml(found, where, text):
        # The version that an XML document begins with is that of the language.
        for line in _XML_DECLARATION.sub("", text).splitlines():
            found.add(where, "text", "", line)
    return text


def _text(response: httpx.Response) -> str | None:
    """The content in the character set that it says, or else as UTF-8; None: it is no text."""
    content = response.content
    encoding = encoding_for(content, charset_of(response.headers.get("content-type", "")))
    text = content.decode(encoding, "replace")
    # A null byte here and there is somebody's path or padding; many of them are no text in this character set.
    return None if text[:1024].count("\0") > len(text[:1024]) // 8 else text


def _xml(found: Collection, where: str, text: str) -> bool:
    """Take an XML document apart into elements and attributes; False when it is none."""
    if not text.lstrip().startswith("<"):
        return False
    try:
        pieces = list(told(text.encode()))
    except XmlError:
        return False
    for kind, name, value in pieces:
        found.add(where, kind, name, value)
    return True


def _json(found: Collection, where: str, text: str) -> None:
    try:
        document = read_json(text)
    except ValueError:
        found.add(where, "text", "", text)
        return
    for name, value in leaves(document):
        found.add(where, "json", name, value)


def leaves(document: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Key and value of everything in a JSON document that holds no more parts; keys of parts are joined by dots."""
    if isinstance(document, dict) and depth < 20:
        for key, value in document.items():
            yield from leaves(value, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(document, list) and depth < 20:
        for value in document:
            yield from leaves(value, name, depth + 1)
    elif document is not None:
        yield name, document if isinstance(document, str) else json.dumps(document)
