"""HTML pages as passages: what is text, what surrounds it, tables row by row, numbered lists step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pytest_etsi import bounds
from pytest_etsi.probes.http.markup import MAX_MARKUP, MarkupReader
from pytest_etsi.probes.webdocs.model import Kind, PageForm, Passage, Spot
from pytest_etsi.probes.webdocs.regions import NONE_INSIDE, is_content, is_struck, kind_of
from pytest_etsi.probes.webdocs.tables import MOST_CELLS, Row, Table
from pytest_etsi.probes.webdocs.text import plain

__all__ = ["Page", "decoded_address", "numbered", "read_html"]

_MAX_TEXT = bounds.HTML.most
_MAX_PASSAGES = bounds.DOCUMENT_TEXT.items
_MAX_DEPTH = bounds.DOCUMENT_TEXT.depth
_MAX_FORMS = 100
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
})  # fmt: skip
_SILENT = frozenset({"script", "style", "template", "svg", "noscript"})
_CELLS = frozenset({"td", "th"})
_FOOTNOTE = re.compile(r"\s*[\[(]?(?:\d{1,2}|[*\u2020\u2021\u00a7]{1,3})[\])]?\s*")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_FILLED_IN = frozenset({"input", "select", "textarea"})
_NOT_FILLED_IN = frozenset({"hidden", "submit", "button", "image", "reset", "search"})
_LOOKED_BACK = 20
_IMPLIED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "option": (frozenset({"option"}), frozenset({"select"})),
    **dict.fromkeys(
        _BLOCKS - {"br", "td", "th", "tr", "li", "dt", "dd", "option"}, (frozenset({"p"}), _BLOCKS - {"p"})
    ),
}
"""By the element that begins: which of the open ones end with it, and beyond which none does."""
_PROTECTED = re.compile(r"\[email\s?protected\]", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*(?:step\s*)?\d{1,2}[.):]\s+(\S.*)", re.IGNORECASE)


@dataclass(slots=True)
class Page:
    """What stands in a page.

    Attributes:
        title: of the page.
        language: as the page says it, two letters; empty: it does not.
        passages: its text in order.
        forms: its forms.
        scripts: characters of scripts, and how many are loaded.
        noscript: what is said to who runs no scripts.
        cut: it has more text than is read.
    """

    title: str = ""
    language: str = ""
    passages: list[Passage] = field(default_factory=list)
    forms: list[PageForm] = field(default_factory=list)
    scripts: int = 0
    noscript: str = ""
    cut: bool = False


def read_html(source: str) -> Page:
    """A page, however broken it is, in time linear in its length."""
    reader = _Reader()
    reader.read(source)
    page = reader.page
    page.cut = page.cut or len(source) > MAX_MARKUP
    if not any(passage.own for passage in page.passages):
        # Where everything is said to surround the text, the names of classes have misled.
        page.passages = [
            replace(one, kind=Kind.MAIN)
            if one.kind in {Kind.HEADER, Kind.NAVIGATION} and not reader.named
            else one
            for one in page.passages
        ]
    if not any(passage.kind is Kind.LIST_STEP for passage in page.passages):
        page.passages = numbered(page.passages)
    return page


def numbered(passages: list[Passage]) -> list[Passage]:
    """Paragraphs that begin with a number are steps too."""
    return [
        replace(one, kind=Kind.LIST_STEP, text=match[1].strip())
        if one.kind is Kind.MAIN and (match := _NUMBERED.match(one.text))
        else one
        for one in passages
    ]


def decoded_address(protected: str) -> str:
    """The mail address that a protection script hides: each byte is combined with the first; empty: it is none.

    Source: the attribute ``data-cfemail`` as Cloudflare's script ``email-decode.js`` reads it.
    """
    try:
        key, *rest = bytes.fromhex(protected[:600])
        found = bytes(one ^ key for one in rest).decode()
    except (ValueError, UnicodeDecodeError):
        return ""
    return found if re.fullmatch(r"[^\s@]{1,64}@[^\s@]{1,255}", found) else ""


class _Region(NamedTuple):
    tag: str
    kind: Kind | None
    content: bool
    silent: bool


class _Reader(MarkupReader):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.named = False
        self._words: list[str] = []
        self._links: list[str] = []
        self._stack: list[_Region] = []
        self._over = 0
        self._size = 0
        self._line = 0
        self._anchor = ""
        self._chapter: list[tuple[int, str]] = []
        self._level = 0
        self._lists: list[str] = []
        self._step = 0
        self._row: Row | None = None
        self._kind_of_row = Kind.MAIN
        self._tables: list[Table] = []
        self._aside: list[tuple[Kind, str]] = []
        self._form: PageForm | None = None
        self._form_words: list[str] = []
        self._term = ""
        self._in_cell = False

    # What stands around -------------------------------------------------------------------------------------

    @property
    def _silent(self) -> bool:
        return bool(self._stack and self._stack[-1].silent)

    @property
    def _kind(self) -> Kind:
        return (self._stack[-1].kind if self._stack else None) or Kind.MAIN

    def _enter(self, tag: str, values: dict[str, str]) -> None:
        above = self._stack[-1] if self._stack else _Region("", None, content=False, silent=False)
        if len(self._stack) >= _MAX_DEPTH:
            self._over += 1
            return
        content = above.content or is_content(tag, values)
        found = kind_of(tag, values, inside_content=content)
        kind = found if above.kind in {None, Kind.HEADER} and found is not None else above.kind
        if is_content(tag, values) and above.kind in {Kind.HEADER, Kind.NAVIGATION}:
            kind = None
        if kind is not None and tag in {"nav", "header", "footer", "dialog"}:
            self.named = True
        self._stack.append(
            _Region(tag, kind, content, above.silent or tag in _SILENT or is_struck(tag, values))
        )

    def _end_implied(self, tag: str) -> None:
        """Leave the elements that end where this one begins, though no tag says so."""
        ends, within = _IMPLIED.get(tag, (frozenset(), frozenset()))
        for at in range(len(self._stack) - 1, max(-1, len(self._stack) - 1 - _LOOKED_BACK), -1):
            if self._stack[at].tag in within:
                return
            if self._stack[at].tag in ends:
                del self._stack[at:]
                return

    def _leave(self, tag: str) -> None:
        if self._over:
            self._over -= 1
            return
        for at in range(len(self._stack) - 1, -1, -1):
            if self._stack[at].tag == tag:
                del self._stack[at:]
                return

    @property
    def _hidden_within(self) -> bool:
        """Whether only a part of a block or of a row is hidden here."""
        if self._kind is not Kind.HIDDEN:
            return False
        for region in reversed(self._stack):
            if region.kind is not Kind.HIDDEN:
                return True
            if region.tag in _BLOCKS and (self._row is None or region.tag not in {*_CELLS, "tr"}):
                return False
        return True

    # What comes ---------------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.page.language = self.page.language or values.get("lang", "")[:2].lower()
        if tag == "script":
            self.page.scripts += 200 if values.get("src") else 0
        if tag in _BLOCKS and not self._silent:
            self._end_block(cell=self._in_cell and tag in {"td", "th", "tr", "tbody", "tfoot"})
            self._end_implied(tag)
        if tag not in NONE_INSIDE:
            self._enter(tag, values)
        if self._silent:
            return
        if (anchor := values.get("id") or (tag == "a" and values.get("name"))) and len(anchor) <= 200:
            self._end_block()
            self._anchor = anchor
        self._of_text(tag, values)
        self._of_forms(tag, values)

    def _of_text(self, tag: str, values: dict[str, str]) -> None:
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in {"ol", "ul"} and len(self._lists) < _MAX_DEPTH:
            self._lists.append(tag)
        elif tag == "li":
            self._end_step()
            self._step = len(self.page.passages) + 1 if self._lists and self._lists[-1] == "ol" else 0
        elif tag == "table" and len(self._tables) < _MAX_DEPTH:
            self._end_row()
            self._tables.append(Table())
        elif tag == "tr":
            self._end_row()
            self._kind_of_row = self._kind
            self._row = (
                Row(head=any(one.tag == "thead" for one in self._stack[-4:])) if self._tables else None
            )
        elif tag in _CELLS and self._row is not None:
            self._row.begin(tag, values)
            self._in_cell = True
        elif tag == "img" and (instead := plain(values.get("alt", ""))):
            self._instead_of_a_picture(instead)
        elif tag == "a" and (target := values.get("href", "").strip()):
            self._links.append(target[:2000])
        if protected := values.get("data-cfemail", "") or (
            values.get("href", "").partition("/email-protection#")[2] if tag == "a" else ""
        ):
            address = decoded_address(protected)
            if address and f"mailto:{address}" not in self._links:
                self._words.append(f" {address} ")
                self._links.append(f"mailto:{address}")

    def _instead_of_a_picture(self, words: str) -> None:
        """The words that stand for a picture are no text of the page where the picture is part of its content."""
        if self._kind is Kind.MAIN:
            self._aside.append((Kind.PICTURE, words))
        else:
            self._words.append(f" {words} ")

    def _of_forms(self, tag: str, values: dict[str, str]) -> None:
        if tag == "form" and len(self.page.forms) < _MAX_FORMS:
            self._end_form()
            self._form, self._form_words = PageForm(0, kind=self._kind), []
        elif tag in _FILLED_IN:
            kind = values.get("type", "text").lower() if tag == "input" else tag
            if kind in {"submit", "button"}:
                self._form_words.append(values.get("value", ""))
            if kind in _NOT_FILLED_IN:
                return
            self._form_words += [values.get("placeholder", ""), values.get("aria-label", "")]
            form = self._form or PageForm(0, kind=self._kind)
            form = replace(form, fields=form.fields + 1, password=form.password or kind == "password")
            if self._form is None and len(self.page.forms) < _MAX_FORMS:
                self.page.forms.append(form)
            else:
                self._form = form

    def handle_endtag(self, tag: str) -> None:
        was_silent = self._silent
        if tag == "title" and not self.page.title and not was_silent:
            self.page.title = plain("".join(self._words))
            self._words = []
        elif tag in _BLOCKS and not was_silent:
            self._end_block(cell=tag in {"td", "th"})
        if tag in {"li", "ol", "ul"} and not was_silent:
            self._end_step()
        if tag in {"ol", "ul"} and self._lists and not was_silent:
            self._lists.pop()
        if tag in {"tr", "table"} and not was_silent:
            self._end_row()
        if tag == "table" and self._tables and not was_silent:
            self._tables.pop()
        if tag == "form" and not was_silent:
            self._end_form()
        if tag not in NONE_INSIDE:
            self._leave(tag)

    def handle_data(self, data: str) -> None:
        if self._stack and self._stack[-1].silent:
            if self._stack[-1].tag == "script":
                self.page.scripts += len(data)
            elif any(region.tag == "noscript" for region in self._stack[-3:]):
                self.page.noscript = f"{self.page.noscript} {data}"[:2000]
            return
        if self._size > _MAX_TEXT:
            self.page.cut = True
            return
        self._size += len(data)
        if self._hidden_within:
            self._aside.append((Kind.HIDDEN, data))
            return
        if self._stack and self._stack[-1].tag == "sup" and _FOOTNOTE.fullmatch(data):
            data = "*"
        self._words.append(data)
        if self._form is not None:
            self._form_words.append(data)

    def read(self, text: str) -> None:
        super().read(text)
        self._end_block()
        self._end_term()
        self._end_step()
        self._end_row()
        self._end_form()

    # What ends ----------------------------------------------------------------------------------------------

    def _end_block(self, *, cell: bool = False) -> None:
        text = plain("".join(self._words))
        if "@" in text and "mailto:" in "".join(self._links):
            text = plain(_PROTECTED.sub("", text))
        links = tuple(dict.fromkeys(self._links))[:50]
        if self._row is not None:
            self._level = 0
            self._words = [f"{text} "] if text and not cell else []
            self._in_cell = self._in_cell and not cell
            if cell and len(self._row.cells) >= MOST_CELLS:
                self.page.cut = True
            elif cell:
                self._row.end(text)
                self._row.links.extend(links)
                self._links = []
            return
        self._words = []
        level, self._level = self._level, 0
        if not text:
            self._end_aside()
            return
        self._links = []
        within = [region.tag for region in self._stack[-3:]]
        if "dt" in within[-1:]:
            self._end_term()
            self._term = text
        elif self._term and "dd" in within:
            term, self._term = self._term, ""
            self._add(f"{term}: {text}", links, cells=((term, text),))
        else:
            self._end_term()
            self._add(text, links, level=level)
        self._end_aside()

    def _end_term(self) -> None:
        if self._term:
            term, self._term = self._term, ""
            self._add(term, ())

    def _add(
        self,
        text: str,
        links: tuple[str, ...],
        *,
        level: int = 0,
        cells: tuple[tuple[str, str], ...] = (),
        kind: Kind | None = None,
    ) -> None:
        if len(self.page.passages) >= _MAX_PASSAGES:
            self.page.cut = True
            return
        kind = kind or self._kind
        if level:
            while self._chapter and self._chapter[-1][0] >= level:
                self._chapter.pop()
        chapter = tuple(name for _, name in self._chapter)
        if kind is Kind.MAIN and level:
            kind = Kind.HEADING
        elif kind is Kind.MAIN and cells:
            kind = Kind.TABLE_ROW
        self._line += 1
        spot = Spot(self._line, anchor=self._anchor, heading=chapter[-1] if chapter else "")
        self.page.passages.append(Passage(text, spot, kind, chapter, cells, links))
        if kind is Kind.HEADING:
            self._chapter.append((level, text))

    def _end_aside(self) -> None:
        """What stood within a block, or a row, and is no part of its text."""
        aside, self._aside = self._aside, []
        chapter = tuple(name for _, name in self._chapter)
        for kind, words in aside:
            if (text := plain(words)) and len(self.page.passages) < _MAX_PASSAGES:
                spot = Spot(self._line, anchor=self._anchor, heading=chapter[-1] if chapter else "")
                self.page.passages.append(Passage(text, spot, kind, chapter))

    def _end_step(self) -> None:
        """All that stands in an entry of a numbered list is one step."""
        if not self._step:
            return
        at, self._step = self._step - 1, 0
        parts = self.page.passages[at:]
        beside = [one for one in parts if one.kind in {Kind.PICTURE, Kind.HIDDEN}]
        parts = [one for one in parts if one not in beside]
        if parts and all(one.kind is Kind.MAIN for one in parts):
            text = " ".join(one.text for one in parts)
            links = tuple(dict.fromkeys(link for one in parts for link in one.links))
            self.page.passages[at:] = [
                replace(parts[0], text=text, kind=Kind.LIST_STEP, links=links),
                *beside,
            ]

    def _end_row(self) -> None:
        row, open_, self._row, self._in_cell = self._row, self._in_cell, None, False
        if row is None:
            return
        rest = plain("".join(self._words))
        if rest or open_:  # the last cell of a row without end tags, be it hidden
            row.end(rest)
        self._words = []
        cells = self._tables[-1].row(row) if self._tables else ()
        if any(cell.text for cell in row.cells):
            parts = dict.fromkeys(f"{head}: {cell}" if head else cell for head, cell in cells if cell)
            heading = (row.heading or row.head) and len(cells) > 1
            text = (" | " if heading else "; ").join(parts)
            self._add(text, tuple(dict.fromkeys(row.links)), cells=cells, kind=self._kind_of_row)
        self._end_aside()

    def _end_form(self) -> None:
        if self._form is not None and self._form.fields and len(self.page.forms) < _MAX_FORMS:
            self.page.forms.append(replace(self._form, words=plain(" ".join(self._form_words))[:500]))
        self._form = None
