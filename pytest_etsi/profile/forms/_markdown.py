"""Blocks of a Markdown file: CommonMark with tables. Marks of emphasis and code are left off, no word is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from pytest_etsi.profile.forms._blocks import Cell, Grid, Heading, Paper, Paragraph, Spot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

__all__ = ["MAX_MARKDOWN", "read_markdown"]

MAX_MARKDOWN = 4 * 1024 * 1024
"""Largest size of a file, in bytes."""

_SOFT = "\v"
"""Stands for the end of a line that ends nothing on paper."""
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RAISED = re.compile(r"<sup\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def read_markdown(text: str, shown: str) -> Paper:
    """The blocks of a text.

    Args:
        text: the file's.
        shown: the file's name in problems.

    Raises:
        TooMuch: there is more of it than is read.
    """
    return _Reader(text, shown).paper()


class _Reader:
    def __init__(self, text: str, shown: str) -> None:
        self.shown = shown
        self.read = Paper()
        lines = text.splitlines(keepends=True)
        self.skipped = _front_matter(lines)
        body = "".join(lines[self.skipped :])
        self.tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
        self.at = 0

    def paper(self) -> Paper:
        if self.skipped:
            self.read.told.append(
                Spot(self.shown, line=1).problem("settings before the text, which are not read")
            )
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            spot = self._spot(token)
            if token.type == "heading_open":
                self.read.blocks.append(Heading(int(token.tag[1:]), self._inline_of("heading_close"), spot))
            elif token.type == "table_open":
                self.read.blocks.append(self._table(spot))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                self._items(token)
            elif token.type == "paragraph_open":
                broken = self._inline_of("paragraph_close", soft=_SOFT)
                lines = tuple(line.strip() for line in re.split(rf"[\n{_SOFT}]", broken))
                self.read.blocks.append(Paragraph(broken.replace(_SOFT, " "), spot, lines))
            elif text := self._text_of(token):
                self.read.blocks.append(Paragraph(text, spot))
            else:
                self.at += 1
            if self.read.blocks:
                last = self.read.blocks[-1]
                self.read.count("" if isinstance(last, Grid) else last.text)
        return self.read

    def _spot(self, token: Token) -> Spot:
        return Spot(self.shown, line=(token.map[0] if token.map else 0) + 1 + self.skipped)

    def _inline_of(self, end: str, soft: str = " ") -> str:
        """The text up to a closing token, which is passed too."""
        texts = []
        while self.tokens[self.at].type != end:
            token = self.tokens[self.at]
            if token.type == "inline":
                texts.append(self._inline(token.children or (), self._spot(token), soft))
            self.at += 1
        self.at += 1
        return "\n".join(texts).strip()

    def _text_of(self, token: Token) -> str:
        """The text of a paragraph, a quotation, code, or HTML; "": the token begins none of them."""
        if token.type == "paragraph_open":
            return self._inline_of("paragraph_close")
        if token.type == "blockquote_open":
            return self._within("blockquote_close")
        if token.type in ("fence", "code_block"):
            self.at += 1
            return token.content.rstrip("\n")
        if token.type == "html_block":
            self.at += 1
            return _words_of(token.content).strip()
        return ""

    def _within(self, end: str, indent: str = "") -> str:
        """The text of all blocks up to a closing token of this level, which is passed too."""
        level = self.tokens[self.at].level
        self.at += 1
        texts = []
        while not (self.tokens[self.at].type == end and self.tokens[self.at].level == level):
            token = self.tokens[self.at]
            if token.type in ("bullet_list_open", "ordered_list_open"):
                texts += [f"{indent}{item}" for item, _ in self._list(token, indent)]
            elif token.type == "table_open":
                texts.append(self._table(self._spot(token)).text)
            elif token.type == "heading_open":
                texts.append(self._inline_of("heading_close"))
            elif text := self._text_of(token):
                texts.append(text)
            else:
                self.at += 1
        self.at += 1
        return "\n".join(texts)

    def _list(self, opening: Token, indent: str = "") -> Iterator[tuple[str, Spot]]:
        ordered = opening.type == "ordered_list_open"
        end, level = opening.type.replace("open", "close"), opening.level
        self.at += 1
        while not (self.tokens[self.at].type == end and self.tokens[self.at].level == level):
            item = self.tokens[self.at]
            spot = self._spot(item)
            mark = f"{item.info}{item.markup}" if ordered else "-"
            deeper = f"{indent}{' ' * (len(mark) + 1)}"
            text = self._within("list_item_close", deeper)
            yield f"{mark} {text}", spot
        self.at += 1

    def _items(self, opening: Token) -> None:
        self.read.blocks += [Paragraph(text, spot) for text, spot in self._list(opening)]

    def _table(self, spot: Spot) -> Grid:
        rows: list[tuple[Cell, ...]] = []
        cells: list[Cell] = []
        row = spot
        while self.tokens[self.at].type != "table_close":
            token = self.tokens[self.at]
            if token.type == "tr_open":
                cells, row = [], self._spot(token)
            elif token.type == "inline":
                cells.append(Cell(self._inline(token.children or (), row).strip(), row))
                self.read.count(cells[-1].text, 1)
            elif token.type == "tr_close":
                rows.append(tuple(cells))
            self.at += 1
        self.at += 1
        return Grid(tuple(rows), spot)

    def _inline(self, children: Sequence[Token], spot: Spot, soft: str = " ") -> str:
        parts: list[str] = []
        targets: list[tuple[int, str]] = []
        for one in children:
            if one.type in ("text", "code_inline", "text_special"):
                parts.append(one.content)
            elif one.type == "softbreak":
                parts.append(soft)
            elif one.type == "hardbreak":
                parts.append("\n")
            elif one.type == "link_open":
                targets.append((len(parts), str(one.attrs.get("href", ""))))
            elif one.type == "link_close":
                start, target = targets.pop()
                if target and target.removeprefix("mailto:") not in "".join(parts[start:]):
                    parts.append(f" ({target})")
            elif one.type == "image":
                parts.append(f"[picture: {one.content}]")
                self.read.told.append(spot.problem("a picture, which is not read"))
            elif one.type in ("s_open", "s_close"):
                parts.append("~~")
            elif one.type == "html_inline":
                parts.append(_words_of(one.content))
        return "".join(parts)


def _words_of(html: str) -> str:
    """What HTML within the text shows; a raised digit is a power."""
    return _TAG.sub("", _RAISED.sub("^", _BREAK.sub("\n", _COMMENT.sub("", html))))


def _front_matter(lines: list[str]) -> int:
    """How many lines at the beginning are settings for a program that publishes the text."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    ends = (number for number, line in enumerate(lines[1:50], start=2) if line.rstrip() in ("---", "..."))
    end = next(ends, 0)
    return end if any(":" in line for line in lines[1:end]) else 0
