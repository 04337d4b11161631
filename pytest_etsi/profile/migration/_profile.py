"""The profile's own document in the next edition: as it was but for the edition and the names of its documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.profile._yaml import Mapping
from pytest_etsi.profile.migration._documents import told_from
from pytest_etsi.profile.migration._text import Part, mapping_of, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Mapping as AnyMapping
    from pathlib import Path

    from pytest_etsi.profile._document import Document
    from pytest_etsi.profile.migration._documents import Cut
    from pytest_etsi.profile.migration._text import Line, Source

__all__ = ["profile_lines"]

_ALONE = ("format", "name", "edition", "virtual", "ics", "ixit", "judgements", "secrets", "permissions")


def profile_lines(
    cut: Cut,
    documents: Sequence[Document],
    folder: Path,
    replaced: AnyMapping[str, str],
    added: AnyMapping[str, Part],
) -> Iterator[Line]:
    """The lines of the new document.

    Args:
        cut: the old one.
        documents: all old documents, which name files.
        folder: where the new one is going to stand.
        replaced: keys with another value: the edition, and the names of the documents.
        added: what is added to keys that hold mappings.
    """
    assert isinstance(cut.root, Mapping)  # noqa: S101 - the profile was read
    known: set[str] = set()
    for part, end in cut.source.rows(cut.root):
        known.add(part.key)
        yield from ((line, None) for line in part.comments)
        if part.key in replaced:
            if part.text is not None and len(part.text) == 1 and (remark := _remark(part.text[0])):
                yield remark, None
            made = Part(part.key, scalar(replaced[part.key]))
            # An edition without quotation marks reads like a number with two points.
            yield (f'edition: "{replaced["edition"]}"' if part.key == "edition" else made.lines()[0]), None
            continue
        told = told_from(part, documents, cut.folder, folder)
        if part.key in added:
            told = _with(told, cut.source, end, added[part.key])
        yield from ((line, None) for line in told.lines(open_up=part.key not in _ALONE))
    for key, value in replaced.items():
        if key not in known:
            yield Part(key, scalar(value)).lines()[0], None
    yield from ((line, None) for line in cut.source.tail())


def _with(part: Part, source: Source, end: int, added: Part) -> Part:
    """A mapping with what is added to it, key by key; what it holds stays as it is written."""
    if not isinstance(part.node, Mapping) or not isinstance(added.node, Mapping):
        return Part(part.key, added.node, added.text, part.comments)
    further = {key: Part(key, node) for key, node in added.node.items.items()}
    children: list[Part] = []
    for child, last in source.rows(part.node, end):
        more = further.pop(child.key, None)
        children.append(child if more is None else _with(child, source, last, more))
    children += further.values()
    text = [f"{part.lines()[0].partition(':')[0]}:"]
    for child in children:
        text += [f"  {line}".rstrip() for line in (*child.comments, *child.lines(open_up=True))]
    return Part(part.key, mapping_of({one.key: one.node for one in children}), text, part.comments)


def _remark(line: str) -> str:
    """A remark behind a value, on a line of its own."""
    before, sign, after = line.partition(" #")
    return f"# {after.strip()}" if sign and before.count('"') % 2 == 0 and before.count("'") % 2 == 0 else ""
