"""Plain text and Markdown as passages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from pytest_etsi import bounds
from pytest_etsi.probes.webdocs.html import Page, numbered, read_html
from pytest_etsi.probes.webdocs.model import Kind, Passage, Spot
from pytest_etsi.probes.webdocs.text import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["paragraphs", "read_markdown", "read_text"]

_MOST_MARKDOWN = 500_000
_LINES = 50_000
_BULLET = re.compile(r"\s*(?:[-*\u2022\u2013\u25cf\u25aa\u00b7]|\(?[a-z0-9]{1,2}[.)])\s+\S")
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,}|~{3,}|#{3,})\s*")
_NUMBERED_HEADING = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?)\s+\S.{0,70}")
_ENDS = (".", ":", ";", ",", "!", "?")
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,100}(?:\.[\w-]{1,60})+")


def read_markdown(text: str) -> Page:
    """Markdown (CommonMark, with tables and strike-through) as the page that it becomes; HTML in it stays text."""
    made = (
        MarkdownIt("commonmark", {"html": False})
        .enable(["table", "strikethrough"])
        .render(text[:_MOST_MARKDOWN])
    )
    page = read_html(made)
    page.cut = page.cut or len(text) > _MOST_MARKDOWN
    return page


def read_text(text: str) -> Page:
    """Plain text: paragraphs, entries of lists, and lines that look like headings."""
    read = text[: bounds.DOCUMENT_TEXT.most].splitlines()
    lines = [(0, number, line) for number, line in enumerate(read[:_LINES], 1)]
    cut = len(text) > bounds.DOCUMENT_TEXT.most or len(read) > _LINES
    return Page(passages=numbered(list(paragraphs(lines))), cut=cut)


def paragraphs(
    lines: Iterable[tuple[int, int, str]], headings: frozenset[int] = frozenset()
) -> Iterator[Passage]:
    """Lines as passages: joined to paragraphs, also over the end of a page.

    Args:
        lines: page (0: none), number and text of each.
        headings: numbers of lines that are known to be headings.
    """
    chapter: tuple[str, ...] = ()
    block: list[tuple[int, int, str]] = []
    ahead = [*lines, (0, 0, "")]

    def ended() -> Iterator[Passage]:
        if block and (text := joined([one[2] for one in block])):
            page, number, _ = block[0]
            yield _passage(text, Spot(number, page, heading=chapter[-1] if chapter else ""), chapter)
        block.clear()

    for at, (page, number, line) in enumerate(ahead):
        if not line.strip():
            if block and page and _goes_on(block[-1][2], ahead[at + 1 : at + 4]):
                continue  # a sentence that crosses the gap at the end of a page
            yield from ended()
            continue
        below = ahead[at + 1][2] if at + 1 < len(ahead) else ""
        if _UNDERLINE.fullmatch(line):
            continue
        if number in headings or (not page and _is_heading(line, below, alone=not block)):
            yield from ended()
            title = joined([line])
            yield Passage(title, Spot(number, page), Kind.HEADING, ())
            chapter = (title,)
            continue
        if _BULLET.match(line):
            yield from ended()
        block.append((page, number, line))
    yield from ended()


def _goes_on(last: str, following: list[tuple[int, int, str]]) -> bool:
    """Whether a paragraph goes on behind a gap: it has no end, and what follows begins small."""
    first = next((line.strip() for _, _, line in following if line.strip()), "")
    return bool(first) and not last.rstrip().endswith((".", ":", "!", "?")) and first[0].islower()


def _is_heading(line: str, below: str, *, alone: bool) -> bool:
    text = line.strip()
    if len(text) > 90 or not alone or text.endswith(_ENDS):
        return False
    if _UNDERLINE.fullmatch(below):
        return True
    letters = [char for char in text if char.isalpha()]
    if len(letters) > 3 and all(char.isupper() for char in letters):
        return True
    return not below.strip() and (bool(_NUMBERED_HEADING.fullmatch(text)) or len(text.split()) <= 8)


def _passage(text: str, spot: Spot, chapter: tuple[str, ...]) -> Passage:
    links = tuple(
        dict.fromkeys(
            f"mailto:{found}" if "@" in found and "://" not in found else found
            for found in _ADDRESS.findall(text)
        )
    )
    return Passage(text, spot, Kind.MAIN, chapter, links=links)
