"""A page as PDF, by Typst: what the page says goes to it as data, which a template of this package prints as text.

Nothing of a page is markup to Typst, so that nothing has to be escaped; it sees a directory of its own, and no network.
"""

from __future__ import annotations

import json
import re
import tempfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

__all__ = ["PdfError", "pdf_of"]

_STANDARDS = ["a-2a", "ua-1"]
"""To be kept for long, and to be read by everybody: tagged, with language, title and every font inside."""
_LACKING = re.compile('the text `"(.)"` could not be displayed')
"""How Typst names what no font has, where these standards are asked for."""
_SPACES = re.compile(r"[\t\n\r ]+")
_LONG = re.compile(r"(\S{24})(?=\S{8})")
"""Words are broken there: no column is so wide that anything would fit."""
_HIDDEN = {"sr", "skip"}
_INLINE = {"a", "b", "i", "span", "code", "q", "label", "input", "br"}
_WIDEST = 200
"""Characters; a column whose cells are longer still gets no more room than such a one."""


class PdfError(RuntimeError):
    """No PDF can be made; the message says what to do."""


def pdf_of(page: str) -> bytes:
    """The page on paper, the same for the same page.

    Args:
        page: as a `Paged` form makes it for paper. Characters that no font here has are written by their number.

    Raises:
        PdfError: the engine is not there.
    """
    try:
        import typst
    except ImportError:
        raise PdfError("a PDF needs a further library: pip install pytest-etsi[pdf]") from None
    data = json.dumps(_document(page), ensure_ascii=False)
    with tempfile.TemporaryDirectory(prefix="etsi-pdf-") as place:
        root = Path(place)
        (root / "paper.typ").write_bytes(
            resources.files("pytest_etsi.report").joinpath("paper.typ").read_bytes()
        )

        def made(said: str, *, all_fonts: bool) -> bytes:
            (root / "page.json").write_text(said, encoding="utf-8")
            return typst.compile(
                root / "paper.typ", root=root, ignore_system_fonts=not all_fonts, pdf_standards=_STANDARDS,
                package_path=root, package_cache_path=root,
            )  # fmt: skip

        # The fonts within Typst first: with them the PDF is the same on every machine.
        try:
            return made(data, all_fonts=False)
        except typst.TypstError as error:
            _lacking(error)
        try:
            return made(data, all_fonts=True)
        except typst.TypstError as error:
            lacking = _lacking(error)
        return made(re.sub(f"[{lacking}]", _by_number, data), all_fonts=True)


def _lacking(error: Any) -> str:
    """The characters that no font has, as in brackets of a pattern; anything else that is wrong is an error here."""
    found = set(_LACKING.findall(error.diagnostic))
    if not found:
        raise error
    return "".join(map(re.escape, sorted(found)))


def _by_number(found: re.Match[str]) -> str:
    """``\\u4e2d`` for what cannot be shown, in JSON."""
    return f"\\\\u{ord(found[0]):04x}"


# The page as data -----------------------------------------------------------------------------------------------


def _document(page: str) -> dict[str, Any]:
    """What the template reads: title, day, margins, and the body as nodes."""
    root = ET.fromstring(page)  # noqa: S314 - made by our own templates, without a DTD
    metas = {one.get("name"): one.get("content") for one in root.iter("meta") if one.get("name")}
    targets = {one.get("href", "")[1:] for one in root.iter("a")} & {one.get("id") for one in root.iter()}
    body = root.find("body")
    return {
        "title": " ".join((root.findtext("head/title") or "").split()),
        **{key: metas.get(key) or "" for key in ("left", "middle", "head", "date")},
        "body": list(_children(body, targets)) if body is not None else [],
    }


def _children(parent: Element, targets: set[str | None]) -> Iterator[Any]:
    """Texts and nodes in it, without the spaces at the ends of what stands in a block of its own."""
    inside = [_text(parent.text)]
    for child in parent:
        if not _HIDDEN & set(child.get("class", "").split()):
            inside.append(_node(child, targets))
        inside.append(_text(child.tail))
    if parent.tag not in _INLINE and inside:
        inside[0] = inside[0].lstrip(" ")
        if isinstance(inside[-1], str):
            inside[-1] = inside[-1].rstrip(" ")
    if any(isinstance(one, dict) and one["tag"] not in _INLINE for one in inside):
        inside = [one for one in inside if one != " "]
    return (one for one in inside if one)


def _node(element: Element, targets: set[str | None]) -> dict[str, Any]:
    node: dict[str, Any] = {"tag": element.tag, "class": element.get("class", "").split()}
    if (name := element.get("id")) in targets:
        node["id"] = name
    if element.tag == "a" and (target := element.get("href", "")[1:]) in targets:
        node["to"] = target
    if element.tag == "table":
        return node | _table(element, targets)
    if "picture" in node["class"]:
        node["alt"] = f"{element.get('aria-label')}: {', '.join(_hidden(element))}"
    return node | {"inside": list(_children(element, targets))}


def _hidden(element: Element) -> Iterator[str]:
    """What is there for those alone who do not see it."""
    return (one.text or "" for one in element.iter("span") if one.get("class") == "sr")


def _table(element: Element, targets: set[str | None]) -> dict[str, Any]:
    rows = [list(row) for row in element.iter("tr")]
    lengths = [max(len("".join(cell.itertext())) for cell in column) for column in zip(*rows, strict=True)]
    head, *body = [[list(_children(cell, targets)) for cell in row] for row in rows]
    return {
        "caption": " ".join((element.findtext("caption") or "").split()),
        "widths": [min(length, _WIDEST) for length in lengths],
        "head": head,
        "rows": body,
    }


def _text(text: str | None) -> str:
    return _LONG.sub("\\1\u200b", _SPACES.sub(" ", text)) if text else ""
