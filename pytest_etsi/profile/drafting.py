"""Entries that a program drafts from what it saw of a device, as YAML beside the skeleton of the documents.

Everything that a device said is bounded, one line, and quoted as YAML wants it: neither a value nor a remark can become
a key, a placeholder or a mark that is taken away.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_etsi.profile._emit import YamlWriter
from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.text import neutralised

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pytest_etsi.standard import Table

__all__ = ["Draft", "DraftEntry", "Placeholder", "entry_lines", "head_lines", "shortened"]

_WRITER = YamlWriter()
_MAX_TEXT = 300
_MAX_REMARK = 200
_MOST_REMARKS = 40
_UNSEEN = "nothing, a survey does not look for these"


class Placeholder(str):
    """A text that is filled in from outside, ``${secret:NAME}``: written as it is, while other texts are quoted."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """An entry of an IXIT table, as far as it was seen.

    Attributes:
        table: argument name of the table, "auth_mech": the same in both editions.
        id: its ID.
        evidence: file in which the device shows that there is such an entry.
        fields: fields of the pro forma; one that the edition does not have is left out.
        facts: typed claims, by the table's model.
        access: how a program exercises it.
        seen_in: further evidence, by field or fact ("facts.tls"); the rest is marked with `evidence`.
    """

    table: str
    id: str
    evidence: str
    fields: AnyMapping[str, str] = field(default_factory=dict)
    facts: AnyMapping[str, Any] = field(default_factory=dict)
    access: AnyMapping[str, Any] = field(default_factory=dict)
    seen_in: AnyMapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was drafted of a device.

    Attributes:
        date: of the day, ISO 8601.
        about: what was looked at, one sentence.
        entries: in the order in which they are written.
        searched: argument names of the tables that hold what was seen -> the evidence of the search.
        open: what was not, or not completely, searched, one sentence each, by argument name of the table; under "" what
            concerns every table that was searched.
        captures: files of captured traffic, for the profile's `access.captures`.
    """

    date: str
    about: str
    entries: tuple[DraftEntry, ...]
    searched: AnyMapping[str, str]
    open: AnyMapping[str, tuple[str, ...]] = field(default_factory=dict)
    captures: tuple[Path, ...] = ()

    def of(self, table: Table) -> tuple[DraftEntry, ...]:
        """The entries of a table."""
        return tuple(one for one in self.entries if one.table == argument_name(table.id))

    def remarks(self, table: Table) -> tuple[str, ...]:
        """What stays open of a table."""
        name = argument_name(table.id)
        if name not in self.searched:
            return ()
        return tuple(dict.fromkeys((*self.open.get("", ()), *self.open.get(name, ()))))


def head_lines(draft: Draft, table: Table) -> Iterator[str]:
    """What stands before the entries of a table: how it was drafted, what stayed open, and the mark on the table."""
    evidence = draft.searched.get(argument_name(table.id))
    if evidence is None:
        yield "# The survey does not look for these: write the entries, then take the mark on the table away."
    else:
        yield f"# Drafted on {draft.date} from what was seen of the device: {_remark(draft.about)}"
        yield "# Drafts can be refuted and confirm nothing. Check and correct each entry, and take its marks away; when"
        yield "# no further entry is missing, take the mark on the table away too."
    if remarks := draft.remarks(table):
        yield "# Open: this was not, or not completely, searched, so that there may be more than what stands here:"
        yield from (f"#   - {_remark(one)}" for one in remarks[:_MOST_REMARKS])
        if more := len(remarks) - _MOST_REMARKS:
            yield from [f"#   - and {more} more"] if more > 0 else []
    yield from _WRITER.pair(MARK, _node({table.id: evidence or _UNSEEN}), open_up=True)
    yield ""


def entry_lines(draft: Draft, table: Table) -> Iterator[str]:
    """The table with its entries, each with its marks."""
    entries = draft.of(table)
    if not entries:
        yield f'"{table.id}": []'
        return
    yield f'"{table.id}":'
    for number, entry in enumerate(entries):
        lines = _entry(entry, table)
        yield from [""] * bool(number)
        yield f"  - {next(lines).lstrip(' ')}"
        yield from lines


def _entry(entry: DraftEntry, table: Table) -> Iterator[str]:
    known = {field.name for field in table.fields}
    fields = {name: text for name, text in entry.fields.items() if name in known and text}
    marked = [*fields, *(f"facts.{name}" for name in entry.facts), *(["access"] if entry.access else [])]
    marks = {"ID": entry.evidence} | {name: entry.seen_in.get(name, entry.evidence) for name in marked}
    parts = {
        "ID": entry.id,
        MARK: marks,
        **fields,
        **({"facts": entry.facts} if entry.facts else {}),
        **({"access": entry.access} if entry.access else {}),
    }
    for name, value in parts.items():
        open_up = name in (MARK, "facts", "access")
        yield from _WRITER.pair(_WRITER.text(name), _node(value), "    ", open_up=open_up)


def shortened(text: object, most: int = _MAX_TEXT) -> str:
    """What a device said, on one line, neutral to terminals, and not longer than so many characters."""
    line = neutralised(" ".join(str(text).split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _remark(text: str) -> str:
    return shortened(text, _MAX_REMARK)


def _node(value: Any) -> Node:
    if isinstance(value, AnyMapping):
        made = Mapping(0, 0)
        for key, item in value.items():
            made.keys[key], made.items[key] = (0, 0), _node(item)
        return made
    if isinstance(value, list | tuple | frozenset | set):
        several = Sequence(0, 0)
        several.items.extend(map(_node, _in_order(value)))
        return several
    if isinstance(value, bool):
        return Scalar(0, 0, "true" if value else "false", plain=True)
    if isinstance(value, int | float):
        return Scalar(0, 0, str(value), plain=True)
    text = value if isinstance(value, Placeholder) else shortened(value, 2000).replace("${", "$${")
    return Scalar(0, 0, str(text), plain=False)


def _in_order(values: Iterable[Any]) -> Iterable[Any]:
    return sorted(values) if isinstance(values, frozenset | set) else values
