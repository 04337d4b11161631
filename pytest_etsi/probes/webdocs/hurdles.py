"""What keeps a reader from a text: told from what the last page shows, and not from its status alone.

What is said of a hurdle is certain enough to refute only where the page shows it and its text is not there: a bar over
a readable text is none, nor a line that asks for scripts above it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_etsi.probes.webdocs.model import Hurdle, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.probes.webdocs.html import Page
    from pytest_etsi.probes.webdocs.model import Origin, Passage

__all__ = ["hurdle_of_page", "hurdle_of_status"]

_LITTLE = 25
"""Words of its own text with which a page says nothing."""
_NOTHING = 8
"""Words that a frame may have left beside a dialogue: the name of the maker, a title."""
_SHORT = 60
_MUCH = 120
_START = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-zA-Z]{2})?/?)?(?:index\.\w{2,5}|home/?)?")
_ASKS_FOR_CREDENTIALS = frozenset({401, 402, 407, 511})


@cache
def _words(name: str) -> re.Pattern[str]:
    with (Path(__file__).parent / "data" / "hurdles.json").open(encoding="utf-8") as file:
        written = json.load(file)
    return re.compile("|".join(f"(?:{one})" for one in written[name]), re.IGNORECASE)


def hurdle_of_status(origin: Origin) -> tuple[Hurdle, str]:
    """What the way to a document already shows, and by what."""
    if origin.circle:
        return Hurdle.GONE, f"its redirects lead nowhere: {' > '.join(hop.url for hop in origin.hops[:6])}"
    if origin.refused_host:
        return Hurdle.UNREACHED, f"it leads to {origin.refused_host}, which the documents do not name"
    if origin.status == 0:
        return Hurdle.UNREACHED, origin.certificate.problem or origin.error
    if origin.status in _ASKS_FOR_CREDENTIALS:
        return Hurdle.LOGIN, f"HTTP {origin.status}"
    if origin.status in (404, 410):
        return Hurdle.GONE, f"HTTP {origin.status}"
    if not 200 <= origin.status < 300:
        return Hurdle.REFUSED, f"HTTP {origin.status}"
    return Hurdle.NONE, ""


def hurdle_of_page(page: Page, origin: Origin) -> tuple[Hurdle, str]:
    """What a page that was given shows instead of a text, and by what."""
    own = [one for one in page.passages if one.own]
    words = _count(own)
    asking = [form for form in page.forms if form.kind is Kind.MAIN]
    head = " ".join([page.title, *(one.text for one in own[:3])])[:600]
    if any(form.password for form in asking) and (
        words < _LITTLE or (words < _MUCH and _words("sign_in").search(head))
    ):
        return Hurdle.LOGIN, "a field for a password where the text should be"
    if wall := _wall(page, words):
        return wall
    if words < _MUCH and (match := _words("missing").search(head)):
        return Hurdle.ANOTHER, f"it says {match[0]!r}"
    if asking and words < _SHORT and (found := _words("to_read").search(_form_text(page, own))):
        return Hurdle.FORM, f"a form with {sum(form.fields for form in asking)} fields, {found[0]!r}"
    wants_scripts = _words("script").search(page.noscript)
    if (words < _NOTHING and page.scripts) or (words < _LITTLE and wants_scripts):
        return Hurdle.SCRIPT, f"{words} words of text, and scripts"
    asked, found_at = urlsplit(origin.url), urlsplit(origin.final_url)
    if _START.fullmatch(found_at.path) and not found_at.query and not _START.fullmatch(asked.path):
        return Hurdle.ANOTHER, f"{origin.url} leads to the start page {origin.final_url}"
    return Hurdle.NONE, ""


def _wall(page: Page, own_words: int) -> tuple[Hurdle, str] | None:
    dialogue = [one for one in page.passages if one.kind is Kind.DIALOGUE]
    said = " ".join(one.text for one in dialogue)[:4000]
    if (
        not dialogue
        or own_words >= _SHORT
        or _count(dialogue) < own_words
        or not _words("agree").search(said)
    ):
        return None
    match = _words("wall").search(said)
    if match and own_words < _NOTHING:
        return Hurdle.CONSENT, f"the page is a dialogue: {match[0][:80]!r}"
    if match or own_words < _NOTHING:
        return Hurdle.SCRIPT, "a dialogue that asks for an agreement, and hardly any text below it"
    return None


def _form_text(page: Page, own: list[Passage]) -> str:
    return " ".join([*(one.text for one in own), *(form.words for form in page.forms)])[:4000]


def _count(passages: Iterable[Passage]) -> int:
    return sum(len(one.text.split()) for one in passages)
