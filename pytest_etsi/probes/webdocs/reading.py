"""From bytes to a document: which form they are in, and what stands in them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.probes.charset import charset_of, decoded
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.webdocs.html import Page, read_html
from pytest_etsi.probes.webdocs.hurdles import hurdle_of_page, hurdle_of_status
from pytest_etsi.probes.webdocs.language import language_of
from pytest_etsi.probes.webdocs.model import Hurdle, Origin, WebDocument
from pytest_etsi.probes.webdocs.pdf import read_pdf
from pytest_etsi.probes.webdocs.plain_text import read_markdown, read_text
from pytest_etsi.probes.webdocs.security_txt import MOST_LINES, is_security_txt, read_security_txt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.probes.webdocs.model import Passage

__all__ = ["read_document", "typed_text"]

_LOOKS_LIKE_HTML = re.compile(r"(?i)<(?:!doctype|html|head|body)[\s>]")
_META = re.compile(rb"(?i)<meta[^>]{1,300}charset=[\"']?([a-z0-9_-]{2,40})")


def read_document(origin: Origin, content: bytes, *, truncated: bool = False) -> WebDocument:
    """The document that these bytes are.

    Args:
        origin: how they were obtained; its headers tell the form, where they are right.
        content: the bytes.
        truncated: there were more.
    """
    said = dict(origin.headers).get("content-type", "")
    media_type = printable(said.partition(";")[0].strip().lower(), 80)
    hurdle, shown_by = hurdle_of_status(origin)
    seen = WebDocument(origin, media_type=media_type, truncated=truncated, hurdle=hurdle, shown_by=shown_by)
    if content.startswith(b"%PDF-") or (media_type == "application/pdf" and b"%PDF-" in content[:1024]):
        return _of_pdf(seen, content)
    if _is_binary(content):
        return _unreadable(seen, "not a text document")
    meta = _META.search(content[:2048])
    text = decoded(content, charset_of(said), meta[1].decode("ascii") if meta else "")
    if is_security_txt(origin.final_url, text):
        fields, passages = read_security_txt(text)
        return replace(
            seen,
            passages=passages,
            truncated=truncated or text.count("\n") > MOST_LINES,
            media_type=media_type or "text/plain",
            security_txt=fields,
            readable=True,
        )
    if "html" in media_type or _looks_like_html(text[:4000]):
        return _of_page(seen, read_html(text))
    page = read_markdown(text) if _is_markdown(origin.final_url, media_type) else read_text(text)
    return _of_page(seen, page)


def typed_text(where: str, text: str, *, sha256: str = "", size: int = 0, fetched: str = "") -> WebDocument:
    """What somebody has read on the device, its packaging or a card, and typed; `sha256` of the photo beside it."""
    origin = Origin(where, status=200, sha256=sha256, size=size, fetched=fetched)
    page = read_text(text)
    return WebDocument(origin, tuple(page.passages), language=_language(page.passages, ""), readable=True)


def _of_page(seen: WebDocument, page: Page) -> WebDocument:
    hurdle, shown_by = seen.hurdle, seen.shown_by
    if hurdle is Hurdle.NONE:
        hurdle, shown_by = hurdle_of_page(page, seen.origin)
    return replace(
        seen,
        passages=tuple(page.passages),
        truncated=seen.truncated or page.cut,
        title=page.title,
        language=_language(page.passages, page.language),
        hurdle=hurdle,
        shown_by=shown_by,
        forms=tuple(page.forms),
        readable=True,
    )


def _of_pdf(seen: WebDocument, content: bytes) -> WebDocument:
    if seen.truncated:
        return _unreadable(seen, "a PDF that is longer than what is read")
    read = read_pdf(content)
    found = replace(
        seen,
        passages=read.passages,
        title=read.title,
        pages=read.pages,
        language=_language(read.passages, ""),
        media_type="application/pdf",
        truncated=read.cut,
    )
    return _unreadable(found, read.problem) if read.problem else replace(found, readable=True)


def _unreadable(seen: WebDocument, why: str) -> WebDocument:
    if seen.hurdle is not Hurdle.NONE:
        return replace(seen, note=why)
    return replace(seen, hurdle=Hurdle.UNREADABLE, shown_by=why, note=why)


def _language(passages: Iterable[Passage], said: str) -> str:
    """As the words of its own text tell it; where they do not, as it is said."""
    text = " ".join(one.text for one in passages if one.own)
    return language_of(text) or said


def _is_markdown(url: str, media_type: str) -> bool:
    name = url.partition("?")[0].partition("#")[0].lower()
    return media_type in {"text/markdown", "text/x-markdown"} or name.endswith((".md", ".markdown"))


def _is_binary(content: bytes) -> bool:
    return b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff"))


def _looks_like_html(text: str) -> bool:
    """Whether nothing but comments stands before the beginning of a page."""
    text = text.lstrip("\ufeff \t\r\n")
    while text.startswith("<!--"):
        text = text.partition("-->")[2].lstrip()
    return _LOOKS_LIKE_HTML.match(text) is not None
