"""PDF as passages: text page by page, running titles told from text, lines joined to paragraphs, rows of tables.

PDFium (pypdfium2, BSD and Apache-2.0) reads it, in a process of its own. It was chosen by trial over pypdf: both gave
the text of what was tried, PDFium also where each line stands and how large it is written, by which running titles,
headings and cells of tables are told; it marks a hyphen at the end of a line as such, and files made to exhaust a
parser end with it by the limits of its process.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.probes.json_text import read_json
from pytest_etsi.probes.webdocs.html import numbered
from pytest_etsi.probes.webdocs.model import Kind, Passage, Spot
from pytest_etsi.probes.webdocs.plain_text import paragraphs
from pytest_etsi.probes.webdocs.text import joined, plain, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Pdf", "read_pdf"]

_MEMORY = 280 * bounds.MIB
_CHILD = Path(__file__).parent / "_pdf_child.py"
_MARGIN = 0.13
"""Part of a page's height, above and below, in which a running title stands."""
_LICENCES = re.compile(
    r"(?i)^(?:\W|\d)*(?:open[- ]source|third[- ]party|software)?\s*"
    r"(?:licen[cs]es?|lizenzen|licencias|licenze|licencje)\b"
)
_PAGE_NUMBER = re.compile(
    r"(?:\w{0,6}\s)?[-\u2013]?\s?#\s?(?:[-\u2013/]|of|von|de|di|van|z|av)?\s?#?\s?[-\u2013]?"
)


@dataclass(frozen=True, slots=True)
class Pdf:
    """What a PDF gives.

    Attributes:
        passages: its text in order.
        title: as the file says it.
        pages: how many it has.
        cut: it has more than was read.
        problem: why it gives no text, in a phrase; empty: it gives some.
    """

    passages: tuple[Passage, ...] = ()
    title: str = ""
    pages: int = 0
    cut: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    page: int
    number: int
    text: str
    size: float
    y: float
    height: float
    cells: tuple[str, ...]


def read_pdf(content: bytes) -> Pdf:
    """The text of a PDF, within bounds of time and memory."""
    if len(content) > bounds.PDF.most:
        return Pdf(problem=f"a PDF of more than {bounds.PDF.most:,} bytes")
    if b"%PDF-" not in content[:1024]:
        return Pdf(problem="no PDF")
    limits = (bounds.PDF.items, bounds.DOCUMENT_TEXT.most, _MEMORY, int(bounds.DOCUMENT.whole_s))
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), *map(str, limits)],
            input=content,
            capture_output=True,
            timeout=bounds.DOCUMENT.whole_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Pdf(problem=f"a PDF that cannot be read within {bounds.DOCUMENT.whole_s:g} s")
    try:
        read = read_json(done.stdout)
    except ValueError:
        return Pdf(problem="a PDF that cannot be read within the bounds of time and memory")
    if read.get("error") == "encrypted":
        return Pdf(problem="an encrypted PDF, which opens with a password only")
    if read.get("error"):
        return Pdf(problem="a broken PDF")
    lines = list(_counted(read["pages"]))
    total = int(read["total"])
    if not lines:
        return Pdf(
            pages=total,
            title=plain(read["title"]),
            problem="a PDF without text: its pages are pictures, or empty",
        )
    passages = tuple(_passages(lines))
    if (
        int(read["empty"]) * 2 > len(read["pages"])
        and sum(len(one.text) for one in passages if one.own) < 400
    ):
        return Pdf(passages, plain(read["title"]), total, problem="a PDF whose pages are mostly pictures")
    return Pdf(passages, plain(read["title"]), total, cut=bool(read["cut"]) or total > len(read["pages"]))


def _counted(pages: list[list[dict[str, Any]]]) -> Iterator[_Line]:
    number = 0
    for page, lines in enumerate(pages, 1):
        for line in lines:
            number += 1
            cells = tuple(plain(cell) for cell in line["cells"])
            yield _Line(page, number, line["text"], line["size"], line["y"], line["height"], cells)


def _passages(lines: list[_Line]) -> Iterator[Passage]:
    running = _running(lines)
    body = [line for line in lines if line.number not in running]
    usual = _usual_size(body)
    headings = frozenset(
        line.number
        for line in body
        if usual and line.size > usual * 1.12 and len(line.text) < 120 and not line.cells
    )
    found: list[Passage] = []
    block: list[tuple[int, int, str]] = []
    columns: tuple[str, ...] = ()
    before: _Line | None = None
    for line in body:
        if len(line.cells) > 1 and all(line.cells):
            found += paragraphs(block, headings)
            block = []
            if len(columns) != len(line.cells) or before is None or not before.cells:
                columns = line.cells if not any(char.isdigit() for char in "".join(line.cells[1:])) else ()
            found.append(_row(line, columns))
        else:
            if before is not None and _gap(before, line, usual):
                block.append((line.page, line.number, ""))
            block.append((line.page, line.number, line.text))
        before = line
    found += paragraphs(block, headings)
    placed = sorted([*found, *(_running_title(line, running[line.number]) for line in lines if line.number in running)],
                    key=lambda one: one.place.line)  # fmt: skip
    yield from _chaptered(numbered(placed))


def _chaptered(passages: Iterable[Passage]) -> Iterator[Passage]:
    """With the nearest heading as their chapter; what follows a heading of licences is their text."""
    from dataclasses import replace

    heading = ""
    for one in passages:
        if one.kind is Kind.HEADING:
            heading = one.text
            yield one
            continue
        kind = Kind.LICENCE if one.own and heading and _LICENCES.match(heading) else one.kind
        yield replace(
            one, kind=kind, chapter=(heading,) if heading else (), place=replace(one.place, heading=heading)
        )


def _gap(before: _Line, line: _Line, usual: float) -> bool:
    """Whether more than the usual distance lies between two lines, or a page ends between them."""
    if before.page != line.page:
        return True
    return line.y - before.y > 1.75 * max(line.size, usual, 1.0) or abs(line.size - before.size) > 1.5


def _row(line: _Line, columns: tuple[str, ...]) -> Passage:
    heads = columns if len(columns) == len(line.cells) and columns != line.cells else ("",) * len(line.cells)
    cells = tuple(zip(heads, line.cells, strict=True))
    text = "; ".join(f"{head}: {cell}" if head else cell for head, cell in cells)
    return Passage(text, Spot(line.number, line.page), Kind.TABLE_ROW, cells=cells)


def _running(lines: list[_Line]) -> dict[int, Kind]:
    """The lines that are repeated at the top or bottom of pages, but for numbers, and page numbers by themselves."""
    pages = max(line.page for line in lines)
    at: dict[tuple[str, Kind], set[int]] = {}
    members: dict[tuple[str, Kind], list[int]] = {}
    for line in lines:
        place = line.y / (line.height or 1.0)
        kind = Kind.HEADER if place < _MARGIN else Kind.FOOTER if place > 1 - _MARGIN else None
        if kind is None:
            continue
        key = (re.sub(r"\d+", "#", squeezed(line.text)), kind)
        at.setdefault(key, set()).add(line.page)
        members.setdefault(key, []).append(line.number)
    found = {}
    for (text, kind), on in at.items():
        is_number = _PAGE_NUMBER.fullmatch(text)
        if is_number or (len(on) > 1 and len(on) * 2 >= min(pages, 8)):
            found.update(dict.fromkeys(members[text, kind], kind))
    return found


def _running_title(line: _Line, kind: Kind) -> Passage:
    return Passage(joined([line.text]), Spot(line.number, line.page), kind)


def _usual_size(lines: list[_Line]) -> float:
    counted: Counter[float] = Counter()
    for line in lines:
        counted[line.size] += len(line.text)
    return counted.most_common(1)[0][0] if counted else 0.0
