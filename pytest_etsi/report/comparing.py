"""A comparison of two results as a text for a terminal, in Markdown, and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.report.comparison import KINDS
from pytest_etsi.report.markdown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.report.comparison import Alike, Comparison

__all__ = ["markdown", "page", "table"]

_ONLY_COUNTED = ("open", "added")
"""What a comparison counts and does not list, unless everything is asked for."""


def table(made: Comparison, *, every: bool = False) -> str:
    """Kind by kind: what was found, whole, and each evaluation of which it was."""
    return "\n".join(_table(made, every))


def _table(made: Comparison, every: bool) -> Iterator[str]:
    yield made.summary
    yield from (f"  {line}" for line in (*made.about, *made.remarks))
    for kind, meaning in KINDS.items():
        changes = made.of(kind)
        if not changes:
            continue
        yield ""
        yield f"{kind} ({len(changes)}): {meaning}"
        if kind in _ONLY_COUNTED and not every:
            yield "  --all lists them"
            continue
        for alike in made.alike(kind):
            yield f"  {alike.before} -> {alike.now}: {alike.reason}"
            yield from (f"    {line}" for line in _where(alike))


def _where(alike: Alike, *, places: bool = True) -> Iterator[str]:
    """The evaluations, those of a unit in a line; one with a place of its own in a line of its own."""
    units: dict[str, list[str]] = {}
    for one in alike.changes:
        alone = places and bool(one.place)
        line = f"{one.where}, {one.place}" if alone else one.unit
        units.setdefault(line, []).extend([one.entry] if one.entry and not alone else [])
    yield from (f"{line} {', '.join(entries)}".rstrip() for line, entries in units.items())


def markdown(made: Comparison, *, every: bool = False) -> str:
    """The same as tables, for a merge request."""
    return "\n".join(_markdown(made, every))


def _markdown(made: Comparison, every: bool) -> Iterator[str]:
    yield f"## {plain(made.summary)}"
    yield ""
    yield from (f"- {plain(line)}" for line in (*made.about, *made.remarks))
    for kind, meaning in KINDS.items():
        changes = made.of(kind)
        if not changes:
            continue
        yield f"\n### {kind} ({len(changes)}): {meaning}\n"
        if kind in _ONLY_COUNTED and not every:
            continue
        yield "| unit | before | now | reason |"
        yield "|---|---|---|---|"
        for alike in made.alike(kind):
            units = "; ".join(_where(alike, places=False))
            places = "; ".join(dict.fromkeys(one.place for one in alike.changes if one.place))
            reason = f"{alike.reason} Documents: {places}" if places else alike.reason
            cells = (units, alike.before, alike.now, reason)
            yield f"| {' | '.join(map(plain, cells))} |"


def page(made: Comparison, *, every: bool = False) -> str:
    """The same as a page that needs nothing beside it; what a device has said is text on it, and no script may run."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown(made, every=every))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Comparison of two assessments</title>\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<style>body { font: 1rem/1.5 sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1.5rem; "
        "color: #1b1f24; } "
        "table { border-collapse: collapse; } th, td { border: 1px solid #d0d7de; padding: .25rem .5rem; "
        "text-align: left; vertical-align: top; } "
        "td:last-child { overflow-wrap: anywhere; min-width: 60%; }</style></head>\n"
        f"<body>\n{body}</body></html>"
    )
