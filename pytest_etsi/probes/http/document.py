"""Published documents: fetch a web page within bounds, and give its text, headings and numbered steps."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx

from pytest_etsi import bounds
from pytest_etsi.probes.charset import charset_of, decoded
from pytest_etsi.probes.http.client import HostNotAllowed
from pytest_etsi.probes.http.markup import MarkupReader
from pytest_etsi.probes.observation import Observation, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Heading", "WebDocument", "fetch_document", "read_html"]

_MAX_TEXT = bounds.HTML.most
_MAX_ITEMS = 5000
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
})  # fmt: skip
_SILENT = frozenset({"script", "style", "template", "noscript", "svg"})
_LOOKS_LIKE_HTML = re.compile(r"(?i)<(?:!doctype|html|head|body)[\s>]")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Heading(Observation):
    """A heading: its level (1 to 6), its text, and the text below it up to the next heading of any level."""

    level: int
    text: str
    body: str


@dataclass(frozen=True, slots=True)
class WebDocument(Observation):
    """A document as it was published.

    Attributes:
        url: where it was asked for.
        final_url: where it was found after redirects.
        status: HTTP status; 0 when there was no answer.
        media_type: "text/html", ...
        title: title of the page.
        text: what a reader sees, a line per block; empty when not readable.
        headings: headings with what stands below them.
        steps: entries of numbered lists, and paragraphs that begin with a number.
        sha256: of the bytes as received, hex; empty when there was no answer.
        truncated: the document was longer than the limit.
        readable: the text could be read.
        note: why it could not, or could not be fetched.
    """

    url: str
    final_url: str = ""
    status: int = 0
    media_type: str = ""
    title: str = ""
    text: str = ""
    headings: tuple[Heading, ...] = ()
    steps: tuple[str, ...] = ()
    sha256: str = ""
    truncated: bool = False
    readable: bool = False
    note: str = ""

    @property
    def available(self) -> bool:
        """Whether the server gave the document."""
        return 200 <= self.status < 300

    def section(self, words: str) -> Heading | None:
        """The first heading that matches a regular expression, whatever its case."""
        wanted = re.compile(words, re.IGNORECASE)
        return next((heading for heading in self.headings if wanted.search(heading.text)), None)


def fetch_document(
    client: httpx.Client, url: str, *, deadline_s: float = bounds.DOCUMENT.whole_s
) -> WebDocument:
    """Fetch a document and read it.

    Args:
        client: as `http.bounded_client` gives it; it sets the hosts, the size and the redirects allowed.
        url: of the document.
        deadline_s: seconds for one request.

    Raises:
        HostNotAllowed: the document, or a redirect, lies on a host that may not be visited.
    """
    try:
        response = client.get(url, follow_redirects=True, extensions={"deadline": deadline_s})
    except HostNotAllowed:
        raise
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return WebDocument(url, note=f"not fetched: {printable(str(error), 200) or type(error).__name__}")
    content = response.content
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    seen = WebDocument(
        url,
        final_url=str(response.url),
        status=response.status_code,
        media_type=printable(media_type, 80),
        sha256=hashlib.sha256(content).hexdigest(),
        truncated=bool(response.extensions.get("truncated")),
    )
    if coding := response.extensions.get("unknown_coding"):
        return replace(
            seen, note=f"its content is not in the coding {printable(coding, 40)} or cannot be unpacked"
        )
    if content.startswith(b"%PDF-") or media_type == "application/pdf":
        return replace(seen, note="a PDF document, which is not read by program")
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return replace(seen, note="not a text document")
    text = _decode(response)
    if "html" in media_type or _looks_like_html(text[:2000]):
        title, plain, headings, steps = read_html(text)
        return replace(seen, title=title, text=plain, headings=headings, steps=steps, readable=True)
    return replace(seen, text=text[:_MAX_TEXT], steps=_numbered(text.splitlines()), readable=True)


def _looks_like_html(text: str) -> bool:
    """Whether nothing but comments stands before the beginning of a page."""
    text = text.lstrip()
    while text.startswith("<!--"):
        text = text.partition("-->")[2].lstrip()
    return _LOOKS_LIKE_HTML.match(text) is not None


def read_html(source: str) -> tuple[str, str, tuple[Heading, ...], tuple[str, ...]]:
    """Title, text, headings and numbered steps of an HTML page, however broken it is."""
    reader = _Reader()
    reader.read(source)
    lines = reader.lines
    marks = [(number, level) for number, level in reader.heading_lines if number < len(lines)]
    headings = []
    for position, (number, level) in enumerate(marks[:_MAX_ITEMS]):
        end = marks[position + 1][0] if position + 1 < len(marks) else len(lines)
        headings.append(Heading(level, lines[number], "\n".join(lines[number + 1 : end])))
    steps = tuple(reader.steps[:_MAX_ITEMS]) or _numbered(lines)
    return reader.title, "\n".join(lines), tuple(headings), steps


class _Reader(MarkupReader):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.heading_lines: list[tuple[int, int]] = []
        self.steps: list[str] = []
        self.title = ""
        self._words: list[str] = []
        self._silent = 0
        self._lists: list[str] = []
        self._level = 0
        self._in_title = False
        self._item: int | None = None
        self._size = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
            return
        if tag in _BLOCKS:
            self.end_block()
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag == "title":
            self._in_title = True
        elif tag in {"ol", "ul"} and len(self._lists) < 100:
            self._lists.append(tag)
        elif tag == "li":
            self._end_item()
            if self._lists and self._lists[-1] == "ol":
                self._item = len(self.lines)
        elif tag == "img":
            alternative = dict(attrs).get("alt")
            if alternative:
                self._words.append(alternative)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
            return
        if tag == "title" and self._in_title:
            self.title = self.title or _squeeze("".join(self._words))
            self._words = []
            self._in_title = False
            return
        if tag in _BLOCKS:
            self.end_block()
        if tag in {"li", "ol", "ul"}:
            self._end_item()
        if tag in {"ol", "ul"} and self._lists:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        if self._silent or self._size > _MAX_TEXT:
            return
        self._size += len(data)
        self._words.append(data)

    def read(self, text: str) -> None:
        super().read(text)
        self.end_block()
        self._end_item()

    def end_block(self) -> None:
        text = _squeeze("".join(self._words))
        self._words = []
        if text:
            if self._level:
                self.heading_lines.append((len(self.lines), self._level))
            self.lines.append(text)
        self._level = 0

    def _end_item(self) -> None:
        if self._item is not None:
            text = " ".join(self.lines[self._item :])
            if text:
                self.steps.append(text)
            self._item = None


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _numbered(lines: Sequence[str]) -> tuple[str, ...]:
    found = (re.match(r"\s*(?:step\s*)?\d{1,2}[.):]\s+(\S.*)", line, re.IGNORECASE) for line in lines)
    return tuple(match[1].strip() for match in found if match)[:_MAX_ITEMS]


def _decode(response: httpx.Response) -> str:
    """Text by the declared character set, in the header or the page, where it is one."""
    content = response.content
    meta = re.search(rb"(?i)<meta[^>]{1,300}charset=[\"']?([a-z0-9_-]{2,40})", content[:2048])
    said = charset_of(response.headers.get("content-type", ""))
    return decoded(content, said, meta[1].decode("ascii") if meta else "")
