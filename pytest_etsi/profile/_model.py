"""What the loaded documents look like to the rest: profile, ICS, IXIT, judgements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, overload

from typing_extensions import TypeVar

from pytest_etsi.profile._document import raw
from pytest_etsi.profile._yaml import Mapping as MappingNode
from pytest_etsi.profile._yaml import Sequence as SequenceNode
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.profile.places import places_of
from pytest_etsi.profile.unread import note
from pytest_etsi.text import near

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pytest_etsi.profile._document import Document
    from pytest_etsi.profile._errors import Source
    from pytest_etsi.profile._types import Strict
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.places import Place
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.verdict import Verdict

__all__ = ["AccessT", "Entry", "FactsT", "Ics", "IcsRow", "IxitTable", "Judgement"]

FactsT = TypeVar("FactsT", bound="Strict", covariant=True, default="Strict")
AccessT = TypeVar("AccessT", bound="Strict", covariant=True, default="Strict")

_PARTS = ("facts", "access")

Support = Literal["Y", "N", "N/A"]
Basis = Literal["own-examination", "external-evidence"]


@dataclass(frozen=True, slots=True)
class IcsRow:
    """What the manufacturer claims for one provision."""

    support: Support
    detail: str
    source: Source


@dataclass(frozen=True, slots=True)
class Ics:
    """The implementation conformance statement.

    Attributes:
        rows: provision id -> claim; a provision without a row has no claim.
        conditions: condition id -> the manufacturer's own statement whether it holds.
        source: where it begins.
        condition_sources: where each of these statements stands.
        unread: provision id, or "condition 3" -> what is there instead of a row that can be understood.
    """

    rows: dict[str, IcsRow] = field(repr=False)
    conditions: dict[str, bool]
    source: Source
    condition_sources: dict[str, Source] = field(default_factory=dict, repr=False)
    unread: dict[str, Unread] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Entry(Generic[FactsT, AccessT]):
    """One entry of an IXIT table.

    ``entry["Brute Force Prevention"]`` is "" where the field was left out; a name that the table does not
    have is a KeyError.

    Attributes:
        table: id of the table, "1-AuthMech".
        id: the entry's ID; "" for the record of a table with a single one.
        values: the fields that were written, as they are read: text, or the items of a list; an answer to a closed
            question begins with the field's own word. One that is not understood is left out, see `written`.
    """

    table: str
    id: str
    values: Mapping[str, str | tuple[str, ...]]
    _facts: FactsT
    _access: AccessT
    _references: Mapping[str, tuple[str, ...]] = field(repr=False)
    _written: Mapping[str, str] = field(repr=False)
    _unread: dict[str, Unread] = field(repr=False)
    _fields: tuple[str, ...] = field(repr=False)
    _document: Document = field(repr=False)
    _node: MappingNode = field(repr=False)
    _drafts: Mapping[str, Unread] = field(default_factory=dict, repr=False)

    @property
    def facts(self) -> FactsT:
        """Typed claims, by the table's model (`pytest_etsi.profile.facts`); none made: nothing is set."""
        self.read("facts")
        return self._facts

    @property
    def access(self) -> AccessT:
        """How a program exercises the entry, likewise."""
        self.read("access")
        return self._access

    @property
    def references(self) -> Mapping[str, tuple[str, ...]]:
        """Field -> IDs that it refers to, for the fields that refer to other tables; see `refers_to`."""
        return self._references

    def refers_to(self, field: str) -> tuple[str, ...]:
        """The IDs that a field names, also those of entries that there are not; none where it was left out."""
        self.read(field)
        return self._references.get(field, ())

    def written(self, name: str) -> str:
        """What stands in a field, word for word, understood or not; "" where it was left out."""
        return self._written.get(name, "")

    @property
    def unread(self) -> Mapping[str, Unread]:
        """What of the fields could not be understood, by field; of the entry as a whole under ""."""
        return self._unread

    @property
    def draft(self) -> Unread | None:
        """That the entry as a whole is drafted: nobody has checked yet that there is such a thing; None: it is not."""
        return self._drafts.get("")

    def read(self, *fields: str) -> None:
        """Note that fields are read that may not be relied on; without fields, all of the entry."""
        if self._unread:
            note(self._unread[name] for name in fields or self._unread if name in self._unread)
        if self._drafts:
            note(self._drafts[name] for name in ("", *(fields or self._fields)) if name in self._drafts)

    def leave_unread(self, unread: Unread) -> None:
        """Note whenever any part of the entry is read."""
        self._unread.update(dict.fromkeys((*self._fields, *_PARTS), unread))

    @property
    def raw(self) -> dict[str, Any]:
        """The entry as written: dicts, lists, text, numbers; placeholders not filled in."""
        written: dict[str, Any] = raw(self._node)
        return written

    @property
    def argument_name(self) -> str:
        """The name by which tests ask for an entry of this table, ``auth_mech``."""
        return argument_name(self.table)

    def places(self) -> tuple[Place, ...]:
        """Where the entry answers, by facts and access; see `places_of` for what counts where they are silent."""
        return places_of(self.facts, self.access)

    @property
    def mechanisms_field(self) -> str:
        """The field that names the communication mechanisms by which it travels; "" where the table has none."""
        return next((name for name in self._fields if name.endswith("Communication Mechanisms")), "")

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """IDs of the communication mechanisms by which it travels, whatever the edition calls the field."""
        return self.refers_to(self.mechanisms_field)

    def __getitem__(self, name: str) -> str:
        self.read(name)
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        if value is not None:
            return ", ".join(value)
        if name in self._fields:
            return ""
        raise KeyError(unknown(f"{self.table} has no field", name, self._fields))

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __hash__(self) -> int:
        return hash((self.table, self.id))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entry):
            return NotImplemented
        if self is other:
            return True
        return (self.table, self.id) == (other.table, other.id) and self.raw == other.raw

    def source(self, field: str | None = None) -> Source:
        """Where the entry begins, or where a field of it comes from.

        Args:
            field: a field's name, or a dotted path into facts or access: "facts.change.supported". One
                that was left out gives the nearest part that was written.
        """
        found = self._document.source(self._node)
        if field is None:
            return found
        node: Node | None = self._node
        for part in [field] if field in self._node.items else field.split("."):
            if isinstance(node, MappingNode) and part in node.items:
                place, node = node.place(part), node.items[part]
                found = self._document.source(node, place)
            elif isinstance(node, SequenceNode) and part.isdecimal() and int(part) < len(node.items):
                node = node.items[int(part)]
                found = self._document.source(node)
            else:
                break
        return found

    def __str__(self) -> str:
        return f"{self.table}/{self.id}" if self.id else self.table


@dataclass(frozen=True, slots=True, eq=False)
class IxitTable(Sequence[Entry[FactsT, AccessT]], Generic[FactsT, AccessT]):
    """An IXIT table: its entries, in the order written; of a table with a single record, that record.

    Attributes:
        id: "1-AuthMech".
        name: "AuthMech".
        single: one record instead of a list of entries.
        source: where the table begins.
        unread: what of it as a whole could not be understood: that it is missing, or what is no entry; or that nobody
            has checked yet whether it has further entries, because it is drafted.
    """

    id: str
    name: str
    single: bool
    source: Source
    unread: list[Unread] = field(default_factory=list, repr=False)
    _entries: list[Entry[FactsT, AccessT]] = field(default_factory=list, repr=False)
    _by_id: dict[str, Entry[FactsT, AccessT]] = field(default_factory=dict, repr=False)

    @property
    def argument_name(self) -> str:
        """The name by which tests ask for an entry of this table, ``auth_mech``."""
        return argument_name(self.id)

    @property
    def entries(self) -> tuple[Entry[FactsT, AccessT], ...]:
        """The entries."""
        note(self.unread)
        return tuple(self._entries)

    @overload
    def __getitem__(self, index: int) -> Entry[FactsT, AccessT]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry[FactsT, AccessT]]: ...
    def __getitem__(self, index: int | slice) -> Entry[FactsT, AccessT] | Sequence[Entry[FactsT, AccessT]]:
        return self.entries[index]

    def __iter__(self) -> Iterator[Entry[FactsT, AccessT]]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, id: str) -> Entry[FactsT, AccessT] | None:  # noqa: A002 - the pro forma's word
        """The entry with that ID; None: there is none."""
        found = self._by_id.get(id)
        if found is None:
            note(self.unread)  # it may be what could not be understood
        return found

    def places(self) -> frozenset[Place]:
        """Every place at which one of the entries answers."""
        return frozenset(place for entry in self.entries for place in entry.places())

    @property
    def drafts(self) -> tuple[Unread, ...]:
        """That it, and which of its entries, are drafted as a whole."""
        whole = (one for one in self.unread if one.drafted)
        return (*whole, *(entry.draft for entry in self._entries if entry.draft is not None))

    def add(self, entry: Entry[Any, Any]) -> None:
        """Take a further entry; for the loader."""
        self._entries.append(entry)
        self._by_id.setdefault(entry.id, entry)

    def leave_unread(self, unread: Unread) -> None:
        """Note whenever the table is read; for the loader."""
        self.unread.append(unread)


@dataclass(frozen=True, slots=True)
class External:
    """Evidence of someone else.

    Attributes:
        document: what it is, with its number.
        issuer: who issued it.
        scope: what it covers.
        valid_until: last day of its validity; None: not stated.
    """

    document: str
    issuer: str
    scope: str
    valid_until: datetime.date | None = None

    def __str__(self) -> str:
        end = f", valid until {self.valid_until}" if self.valid_until else ""
        return f"{self.document} of {self.issuer}{end}, on {self.scope}"


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """A competent person's recorded answer to a question about an entry; the rest is as of `Judgement`.

    Attributes:
        question: "15-Intf/accessible", see `pytest_etsi.profile.entry_questions`.
        entry: ID of the IXIT entry.
        answer: one of the answers of the question.
    """

    question: str
    entry: str
    answer: str
    assessor: str
    date: datetime.date
    rationale: str
    basis: Basis
    evidence: tuple[Path, ...]
    fingerprint: str
    source: Source
    external: External | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        """What it answers: there is one answer to each."""
        return self.question, self.entry


@dataclass(frozen=True, slots=True)
class Judgement:
    """A competent person's recorded answer to a unit.

    Attributes:
        unit: "5.1-5-1/a".
        entry: ID of the IXIT entry that was judged; None: the unit is not repeated over entries.
        verdict: PASS, FAIL, INCONCLUSIVE or NOT APPLICABLE.
        basis: own examination, or evidence of someone else.
        evidence: files, resolved against the document that names them.
        fingerprint: of what was judged, "sha256:..."; "": not bound yet, which makes it stale.
        external: the evidence of someone else that it rests on; None: own examination.
        reviewed_by: the second person who agrees; empty: nobody has reviewed it.
    """

    unit: str
    entry: str | None
    verdict: Verdict
    assessor: str
    date: datetime.date
    rationale: str
    basis: Basis
    evidence: tuple[Path, ...]
    fingerprint: str
    source: Source
    external: External | None = None
    reviewed_by: str = ""
    reviewed_on: datetime.date | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        """What it answers: there is one judgement on each."""
        return self.unit, self.entry


def unknown(message: str, name: str, known: Iterable[str]) -> str:
    alike = near(name, known)
    return f"{message} {name!r}" + (f"; there is {alike[0]!r}" if alike else "")
