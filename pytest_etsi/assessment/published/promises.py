"""What sentences of a policy give: times, each with what it is for, and ways to reach the maker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pytest_etsi.assessment.published.times import spans
from pytest_etsi.probes.webdocs import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.assessment.published.said import Said, Vocabulary
    from pytest_etsi.assessment.published.times import Span
    from pytest_etsi.probes.webdocs import Passage

__all__ = ["Promise", "channels_in", "promises_of"]

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,100}(?:\.[\w-]{1,60})+")
_PHONE = re.compile(r"(?<![\w.])\+\d{1,3}[\d ()/.-]{6,20}\d")
_FORM_LINK = re.compile(
    r"(?i)form|report|contact|kontakt|meld|signal|informe|segnal|zglos|ilmoit|rapport|bount|psirt|disclos"
)
_LINK = re.compile(r"https?://[^\s<>]{4,200}?(?=[.,;:)]*(?:\s|$))")
_POST = re.compile(
    r"\b\d{1,4}[A-Za-z]? [A-Z\u00c0-\u00de][\w'-]+[^.;]{2,60}?\b(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\d{5})\b"
    r"|[A-Z\u00c0-\u00de][\w'.-]+ \d{1,4}[a-z]?, (?:[A-Z]{1,2}-)?\d{2,5}[ -]?\d{0,3}(?: [A-Z]{2})? [A-Z\u00c0-\u00de]"
)
"""Number, street, town and code, in either order."""
_PARTS = re.compile(r"[,;:]\s+|\s-\s")
_ABOUT = ("receipt", "answer", "update", "fix", "triage", "embargo")


class Promise(NamedTuple):
    """A time that a sentence gives, and what it is for.

    Attributes:
        about: a concept of the vocabulary; "mixed": of several it cannot be said which.
        span: the time.
        said: the sentence.
    """

    about: str
    span: Span
    said: Said


def promises_of(said: Iterable[Said], words: Vocabulary) -> Iterator[Promise]:
    """The times of sentences that are about the maker and who reports, each with what it is for."""
    for one in said:
        if words["others"].search(one.plain) or words["asks"].search(one.plain):
            continue
        found = _concepts(one.plain, words)
        for span in spans(one.plain):
            if about := _bound(one, span, found, words):
                yield Promise(about, span, one)


def _concepts(text: str, words: Vocabulary) -> list[tuple[str, int, int]]:
    """What a sentence speaks of, and where; an answer that is a receipt, or an update, is told as that."""
    found = [(about, match.start(), match.end()) for about in _ABOUT for match in words[about].finditer(text)]
    firm = [one for one in found if one[0] in {"receipt", "update"}]
    return [one for one in found if one in firm or not any(_meet(one[1:], each[1:]) for each in firm)]


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches of a text have a character in common."""
    return bool(range(max(one[0], other[0]), min(one[1], other[1])))


def _bound(said: Said, span: Span, found: list[tuple[str, int, int]], words: Vocabulary) -> str:
    """What the time belongs to: the nearest thing that its own part of the sentence speaks of."""
    if not found:
        return ""
    if said.passage.kind is Kind.TABLE_ROW:
        if span.recurs and any(about == "update" for about, _, _ in found):
            return "update"
        names = {about for about, _, _ in found if about != "triage"}
        return names.pop() if len(names) == 1 else "mixed"
    parts = (match.start() for sign in (_PARTS, words["and"]) for match in sign.finditer(said.plain))
    ends = sorted((0, *parts, len(said.plain)))
    begin = max(end for end in ends if end <= span.start)
    end = min(end for end in ends if end >= span.end)
    inside = [one for one in found if _meet(one[1:], (begin, end))]
    pool = inside or found
    if span.recurs and any(about == "update" for about, _, _ in pool):
        return "update"  # what comes again and again is news, whatever it is told until
    if not inside and len({about for about, _, _ in found}) > 1:
        return "mixed"
    about = min(pool, key=lambda one: max(one[1] - span.end, span.start - one[2], 0))[0]
    return "update" if about == "answer" and span.recurs else about


def channels_in(text: str, passage: Passage) -> tuple[str, ...]:
    """Ways to reach the maker in a passage: addresses, also by post, telephone numbers, links to forms."""
    found = [match[0] for match in _MAIL.finditer(text)] + [match[0] for match in _PHONE.finditer(text)]
    found += [match[0] for match in _POST.finditer(text)]
    links = (*passage.links, *(match[0] for match in _LINK.finditer(text)))
    for link in (one for one in links if not one.startswith("#")):
        scheme = link.partition(":")[0].lower()
        if scheme in {"mailto", "tel"} or (_FORM_LINK.search(link) and "/cdn-cgi/" not in link):
            found.append(link)
    return tuple(dict.fromkeys(found))
