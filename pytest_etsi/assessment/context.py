"""What an assessor needs around an entry: its whole text and facts, and where the documents speak of it elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_etsi.assessment._text import sentence
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pytest_etsi.profile import Entry, Judgement, Profile

__all__ = ["Context", "IxitAnswer", "Passage", "answers_of"]

_AROUND = 60
"""Characters of an excerpt on either side of the name that it is about."""
_WORD = re.compile(r"[^\s,;:()\[\]{}\"'`<>|/]+")


@dataclass(frozen=True, slots=True)
class IxitAnswer:
    """One answer of the IXIT that a question is about.

    Attributes:
        where: file and line.
        name: "7-UpdMech/UpdMech-Network: Description".
        text: what stands there; "": nothing.
    """

    where: str
    name: str
    text: str

    @property
    def field(self) -> str:
        """The name of the field alone."""
        return self.name.rpartition(": ")[2]


@dataclass(frozen=True, slots=True)
class Passage:
    """A place of the documents that names an entry.

    Attributes:
        entry: where it stands.
        field: in which of its fields.
        text: the words around the name.
    """

    entry: Entry
    field: str
    text: str


def answers_of(entry: Entry, fields: Iterable[str] | None = None) -> Iterator[IxitAnswer]:
    """The answers of an entry, in the order of `fields`; None: all that were written, in that of the pro forma."""
    wanted = [name for name in entry if entry.values.get(name)] if fields is None else fields
    for field in wanted:
        if field in entry and field != "ID":
            source = entry.source(field)
            text = "\n".join(sentence(line) for line in entry[field].splitlines())
            yield IxitAnswer(f"{source.file}:{source.line}", f"{entry}: {field}", text)


class Context:
    """The documents of a device as an assessor looks around in them."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def facts(self, entry: Entry) -> Mapping[str, str]:
        """The facts of an entry as they are written, by their names: "tls" -> "versions TLSv1.2, TLSv1.3"."""
        facts = entry.raw.get("facts")
        return {name: _fact(value) for name, value in facts.items()} if isinstance(facts, dict) else {}

    def related(self, entry: Entry) -> tuple[Entry, ...]:
        """The entries that one refers to, by a reference or in its words, and then those that refer to it."""
        named = [*(name for names in entry.references.values() for name in names), *self._names_in(entry)]
        to = [self._entries[name] for name in named if name in self._entries]
        by = [*self._referring.get(entry.id, ()), *(passage.entry for passage in self.passages(entry))]
        return tuple(one for one in dict.fromkeys((*to, *by)) if one is not entry)

    def passages(self, entry: Entry) -> tuple[Passage, ...]:
        """The places in other entries whose words name this one."""
        return tuple(one for one in self._passages.get(entry.id, ()) if one.entry is not entry)

    def ics(self, group: str) -> str:
        """What the ICS says of a provision: "Y: the measures taken"; empty: it has no row."""
        row = self.profile.ics.rows.get(group)
        if row is None:
            return ""
        detail = " ".join(sentence(line) for line in row.detail.splitlines())
        return f"{row.support}: {detail}" if detail else str(row.support)

    @property
    def ids(self) -> Collection[str]:
        """The IDs of all entries."""
        return self._entries.keys()

    def judged(self, entry: Entry) -> tuple[Judgement, ...]:
        """What is recorded on an entry, whatever the unit."""
        catalogue = edition(self.profile.edition)
        return tuple(
            one
            for one in self.profile.judgements
            if one.entry == entry.id and catalogue.unit(one.unit).iterates == entry.table
        )

    @cached_property
    def _entries(self) -> Mapping[str, Entry]:
        return {entry.id: entry for table in self.profile.ixit for entry in table if entry.id}

    @cached_property
    def _referring(self) -> Mapping[str, Sequence[Entry]]:
        found: dict[str, list[Entry]] = {}
        for table in self.profile.ixit:
            for entry in table:
                for name in {name for names in entry.references.values() for name in names}:
                    found.setdefault(name, []).append(entry)
        return found

    @cached_property
    def _passages(self) -> Mapping[str, Sequence[Passage]]:
        found: dict[str, list[Passage]] = {}
        for table in self.profile.ixit:
            for entry in table:
                for field, value in entry.values.items():
                    if field == "ID" or field in entry.references or not isinstance(value, str):
                        continue
                    for name, place in self._names(value):
                        found.setdefault(name, []).append(Passage(entry, field, _excerpt(value, place)))
        return found

    def _names(self, text: str) -> Iterator[tuple[str, int]]:
        """The IDs in a text, each where it stands first."""
        seen: set[str] = set()
        for match in _WORD.finditer(text):
            name = match[0] if match[0] in self._entries else match[0].rstrip(".!?")
            if name in self._entries and name not in seen:
                seen.add(name)
                yield name, match.start()

    def _names_in(self, entry: Entry) -> Iterator[str]:
        for value in entry.values.values():
            if isinstance(value, str):
                yield from (name for name, _ in self._names(value))


def _fact(value: object) -> str:
    """A fact as a person reads it: no brackets and quotes, but bars between the items that have parts."""
    if isinstance(value, dict):
        parts = (f"{name} {_fact(one)}" for name, one in value.items())
        return ", ".join(parts)
    if isinstance(value, list):
        of_parts = any(isinstance(one, dict) for one in value)
        return (" | " if of_parts else ", ").join(map(_fact, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return sentence(str(value)) if value is not None else "-"


def _excerpt(text: str, place: int) -> str:
    """The words around a place, with dots where something is left out."""
    line = " ".join(
        sentence(part) for part in text[max(0, place - _AROUND) : place + 2 * _AROUND].splitlines()
    )
    before = "... " if place > _AROUND else ""
    after = " ..." if place + 2 * _AROUND < len(text) else ""
    words = line.split(" ")
    words = words[1:] if before and len(words) > 2 else words
    return f"{before}{' '.join(words[:-1] if after and len(words) > 2 else words)}{after}"
