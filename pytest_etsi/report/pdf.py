"""A page as PDF, by Typst: what the page says goes to it as data, which a template of this package prints as text.

Nothing of a page is markup to Typst, so that nothing has to be escaped; it sees a directory of its own, and no network.
"""

from __future__ import annotations

import json
import re
import tempfile
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator, Set
    from xml.etree.ElementTree import Element

    from typst import PDFStandard

__all__ = ["MOST_CHARACTERS", "PdfError", "pdf_of"]

MOST_CHARACTERS = 10_000_000
"""Of what goes to Typst: what some 6,000 evaluations say that all differ, which takes 13 s of CPU and 1.8 GB."""
_STANDARDS: list[PDFStandard] = ["a-2a", "ua-1"]
"""To be kept for long, and to be read by everybody: tagged, with language, title and every font inside."""
_LACKING = re.compile('the text `"(.+?)"` could not be displayed')
"""How Typst names what no font has, where these standards are asked for."""
_LONGEST_TITLE = 500
"""Of the file, as windows show it; on the cover it is whole."""
_SPACES = re.compile(r"[\t\n\r ]+")
_LONG = re.compile(r"([^\s/-]{24})(?=[^\s/-]{8})|(\S{40})(?=\S{8})")
"""Words are broken there, where nothing breaks them: no column is so wide that anything would fit."""
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
        PdfError: the engine is not there, cannot do it, or it is too much for one PDF.
    """
    try:
        import typst
    except ImportError:
        raise PdfError("a PDF needs a further library: pip install pytest-etsi[pdf]") from None
    data = json.dumps(_document(page), ensure_ascii=False)
    if len(data) > MOST_CHARACTERS:
        raise PdfError(
            f"{len(data):,} characters are too many for one PDF, which takes {MOST_CHARACTERS:,} at most; "
            "make the page without --pdf, open it in a browser and print it"
        )
    with tempfile.TemporaryDirectory(prefix="etsi-pdf-") as place:
        root = Path(place)
        template = resources.files("pytest_etsi.report").joinpath("paper.typ").read_bytes()
        (root / "paper.typ").write_bytes(template)

        def made(standards: list[PDFStandard]) -> bytes:
            (root / "page.json").write_text(data, encoding="utf-8")
            return typst.compile(
                root / "paper.typ", root=root, ignore_system_fonts=not all_fonts, pdf_standards=standards,
                package_path=root, package_cache_path=root,
            )  # fmt: skip

        # The fonts within Typst first: with them the PDF is the same on every machine.
        all_fonts = False
        while True:
            try:
                return made(_STANDARDS)
            except typst.TypstError as error:
                lacking = _lacking(error.diagnostic)
            if not lacking:
                break
            if all_fonts:
                data = re.sub(f"[{re.escape(lacking)}]", _by_number, data)
            all_fonts = True
        try:
            # These standards refuse some things, a heading of 40,000 characters for one.
            return made([])
        except typst.TypstError as error:
            raise PdfError(f"no PDF can be laid out: {error.message}") from None


def _lacking(diagnostic: str) -> str:
    """The characters that no font has."""
    return "".join({char for text in _LACKING.findall(diagnostic) for char in text if not char.isascii()})


def _by_number(found: re.Match[str]) -> str:
    """Its number, as of whatever nobody would see; in JSON."""
    return rf"\\u{ord(found[0]):04x}"


# The page as data -------------------------------------------------------------------------------------------


def _document(page: str) -> dict[str, Any]:
    """What the template reads: title, day, margins, and the body as nodes."""
    root = ET.fromstring(page)  # noqa: S314 - made by our own templates, without a DTD
    metas = {one.get("name"): one.get("content") for one in root.iter("meta") if one.get("name")}
    targets = {one.get("href", "")[1:] for one in root.iter("a")} & {one.get("id") for one in root.iter()}
    body = root.find("body")
    return {
        "title": " ".join((root.findtext("head/title") or "").split())[:_LONGEST_TITLE],
        **{key: metas.get(key) or "" for key in ("left", "middle", "head")},
        "date": _moment(metas.get("date") or ""),
        "body": list(_children(body, targets)) if body is not None else [],
    }


def _moment(text: str) -> dict[str, int] | None:
    """A time of the record in its parts; None: it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return {part: getattr(at, part) for part in ("year", "month", "day", "hour", "minute", "second")}


def _children(parent: Element, targets: Set[str]) -> Iterator[Any]:
    """Texts and nodes in it, without the spaces at the ends of what stands in a block of its own."""
    inside: list[Any] = [_text(parent.text)]
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


def _node(element: Element, targets: Set[str]) -> dict[str, Any]:
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


def _table(element: Element, targets: Set[str]) -> dict[str, Any]:
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
    return _LONG.sub("\\g<0>\u200b", _SPACES.sub(" ", text)) if text else ""
