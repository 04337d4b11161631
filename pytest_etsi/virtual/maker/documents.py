"""How a published document of the manufacturer is made up, and how it looks as a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from pytest_etsi.virtual.device.identity import MANUFACTURER

__all__ = ["Chapter", "document", "page"]

_LINK = re.compile(r"(?<![\w/.])/(?:support|security|privacy|manual)\b")
"""A path of the site, which leads there."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of a document.

    Attributes:
        anchor: its fragment in the address.
        title: its heading.
        body: paragraphs; one that starts with ``1.`` is a numbered list of steps.
        about_changing: left out by the flaw `CHANGE_UNDOCUMENTED`.
    """

    anchor: str
    title: str
    body: str
    about_changing: bool = False


def document(title: str, chapters: tuple[Chapter, ...]) -> str:
    """A document as HTML."""
    contents = "".join(f'<li><a href="#{item.anchor}">{escape(item.title)}</a></li>' for item in chapters)
    sections = "".join(
        f'<section id="{item.anchor}"><h2>{escape(item.title)}</h2>{_blocks(item.body)}</section>'
        for item in chapters
    )
    return page(title, f"<nav><ul>{contents}</ul></nav>{sections}")


def page(title: str, body: str) -> str:
    """A page of the manufacturer's site; `body` is HTML."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - {MANUFACTURER}</title>"
    )
    header = f'<header><a href="/">{MANUFACTURER}</a></header>'
    main = f"<main><h1>{escape(title)}</h1>{body}</main>"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{header}{main}</body></html>'


def _blocks(text: str) -> str:
    return "".join(_block(block) for block in text.strip().split("\n\n"))


def _block(text: str) -> str:
    if not text.startswith("1. "):
        linked = _LINK.sub(r'<a href="\g<0>">\g<0></a>', escape(text))
        return f"<p>{linked}</p>"
    steps = re.split(r"^\d+\. ", text, flags=re.MULTILINE)[1:]
    return "<ol>" + "".join(f"<li>{escape(' '.join(step.split()))}</li>" for step in steps) + "</ol>"
