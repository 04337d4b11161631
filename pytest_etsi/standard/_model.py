"""The classes of the catalogue: frozen, typed, without behaviour beyond looking things up."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from pytest_etsi.text import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Case",
    "Condition",
    "Edition",
    "Field",
    "Group",
    "Origin",
    "Provision",
    "Table",
    "Unit",
    "UnknownIdError",
]

Kind = Literal["conceptual", "functional", "mixed"]
Mode = Literal["check", "assess", "perform"]
Automation = Literal[
    "document", "network", "serial", "cloud", "capture", "documentation-fetch", "bench", "assessor"
]
Combine = Literal["all", "any", "open"]
Basis = Literal["", "carried over", "published assessment", "inferred"]

_BASES: dict[Basis, str] = {
    "carried over": "carried over from the earlier edition",
    "published assessment": "as a published assessment quotes it",
    "inferred": "inferred from its units",
}

T = TypeVar("T")


class UnknownIdError(LookupError):
    """An id is not in the edition. The message names the nearest known ids.

    Attributes:
        near: the nearest known ids, best first; empty where nothing is like it.
    """

    def __init__(self, message: str, near: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.near = tuple(near)


class Origin(NamedTuple):
    """Where a unit first stood with the meaning it has: two units are the same where their origins are."""

    edition: str
    unit: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A test unit.

    Attributes:
        id: case and letter, "5.1-5-2/b".
        origin: the first edition that has it, and its id there; an id alone may mean another thing in another edition.
        iterates: id of the IXIT table over whose entries the unit is repeated; None: evaluated once.
        reads: IXIT table id -> names of the fields drawn on ("*" as table: all other tables).
        scope: which entries are concerned, in words; None: all of them.
        does: what the unit does, in our words.
        how: what a program can verify or refute, and what stays with a person.
        automation: the strongest means by which a program can decide or refute the unit.
        combine: "any": one entry that passes is enough; "open": whether it is, the public sources leave open.
        applies: ids of cases whose units this unit re-runs on its own scope.
    """

    id: str
    case: str
    letter: str
    origin: Origin
    mode: Mode
    functional: bool
    iterates: str | None
    reads: Mapping[str, tuple[str, ...]] = field(hash=False)
    scope: str | None
    does: str
    how: str
    automation: Automation
    combine: Combine = "all"
    applies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A test case: purpose, units and what a PASS needs (see `alternatives` where that can be read in two ways).

    Attributes:
        alternatives: sets of unit letters, one of which is enough for an entry by one public reading of the standard,
            while the other asks for all of them; empty: every unit has to hold.
        one_is_enough: that is no matter of reading: the provision itself asks for one of them only.
        basis: what the PASS condition is reconstructed from, where the published one is not known: "carried over" from
            the earlier edition with what changed, quoted by a "published assessment", or "inferred" from the units;
            empty: it is that of the edition, or of the earlier one whose case it is.
    """

    id: str
    group: str
    kind: Kind
    purpose: str
    units: tuple[Unit, ...]
    pass_when: tuple[str, ...]
    alternatives: tuple[tuple[str, ...], ...] = ()
    one_is_enough: bool = False
    basis: Basis = ""

    @property
    def reconstructed(self) -> str:
        """That the PASS condition is reconstructed, and from what, as a clause; empty: it is not."""
        return (
            f"the PASS condition of {self.id} is reconstructed ({_BASES[self.basis]})" if self.basis else ""
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A test group, one per provision and with its id.

    Attributes:
        scenario: id of the test scenario, "5.1".
        base: id of the group of the earlier edition that it comes from; None in edition 1.1.1 or without one.
        difference: what changed against the earlier edition, in our words; None where nothing did.
        doubts: what is not certain about the group as given here; empty for nearly all.
    """

    id: str
    scenario: str
    title: str
    note: str | None
    cases: tuple[Case, ...]
    base: str | None = None
    difference: str | None = None
    doubts: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units of all its cases, in order."""
        return tuple(unit for case in self.cases for unit in case.units)


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision of EN 303 645.

    Attributes:
        status: "M" mandatory, "R" recommendation.
        conditional: ids of the conditions (or features) that must all hold for it to apply; empty: always.
        printed: status as the ICS pro forma prints it, "M C (5)".
    """

    id: str
    title: str
    clause: str
    status: Literal["M", "R"]
    conditional: tuple[str, ...]
    printed: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A numbered condition or lettered feature of the ICS pro forma."""

    id: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an IXIT table.

    Attributes:
        type: "text", "yes/no", "enum", "reference" or "list".
        values: the values of an enum.
        tables: ids of the tables that a reference may point into.
        many: several values may be given.
        second_part: what follows the answer of a "yes/no".
        applies_if: when the field is to be filled; None: always.
    """

    name: str
    type: Literal["text", "yes/no", "enum", "reference", "list"]
    meaning: str
    example: str
    values: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    many: bool = False
    free_text: bool = False
    second_part: str | None = None
    applies_if: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An IXIT table.

    Attributes:
        id: "1-AuthMech".
        name: "AuthMech".
        single: one record instead of a list of entries.
        fields: in the pro forma's order; a list's first field is "ID".
    """

    id: str
    number: int
    name: str
    title: str
    single: bool
    one_entry_is: str | None
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of that name.

        Raises:
            UnknownIdError: there is none.
        """
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        names = [known.name for known in self.fields]
        raise UnknownIdError(
            f"table {self.id} has no field {name!r}; it has {', '.join(names)}", _near(name, names)
        )


@dataclass(frozen=True, eq=False)
class Edition:
    """A version of TS 103 701 with the EN 303 645 it tests.

    Attributes:
        id: "1.1.1" or "2.1.1".
        scenarios: scenario id -> title, in order.
        renamed_tables: table id of the base edition -> id here ("11-ComMech" -> "11-SecComMech").
        renamed_fields: table id of the base edition -> name of a field there -> its name here.
        added_fields: table id -> names of the fields that the base edition did not have.
        remarks: what has to be known about the edition as given here.
    """

    id: str
    test_specification: str
    standard: str
    scenarios: Mapping[str, str]
    groups: tuple[Group, ...]
    provisions: tuple[Provision, ...]
    conditions: tuple[Condition, ...]
    tables: tuple[Table, ...]
    renamed_tables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    renamed_fields: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    added_fields: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    remarks: tuple[str, ...] = ()

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Every test case, in order."""
        return tuple(case for group in self.groups for case in group.cases)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every test unit, in order."""
        return tuple(unit for case in self.cases for unit in case.units)

    def group(self, group_id: str) -> Group:
        """The test group of that id, "5.1-5".

        Raises:
            UnknownIdError: the edition has none.
        """
        return self._look_up("test group", group_id, self._groups)

    def case(self, case_id: str) -> Case:
        """The test case of that id, "5.1-5-2".

        Raises:
            UnknownIdError: the edition has none.
        """
        return self._look_up("test case", case_id, self._cases)

    def has_unit(self, unit_id: str) -> bool:
        """Whether there is a test unit of that id; takes no time for a message with those that are like it."""
        return unit_id in self._units

    def unit(self, unit_id: str) -> Unit:
        """The test unit of that id, "5.1-5-2/b".

        Raises:
            UnknownIdError: the edition has none.
        """
        return self._look_up("test unit", unit_id, self._units)

    def provision(self, provision_id: str) -> Provision:
        """The provision of that id, "5.1-5"; it has the id of its test group.

        Raises:
            UnknownIdError: the edition has none.
        """
        return self._look_up("provision", provision_id, self._provisions)

    def condition(self, condition_id: str) -> Condition:
        """The condition or feature of that id, "5" or "aa".

        Raises:
            UnknownIdError: the edition has none.
        """
        return self._look_up("condition", condition_id, self._conditions)

    def table(self, id_or_name: str) -> Table:
        """The IXIT table of that id or name, "1-AuthMech" or "AuthMech".

        Raises:
            UnknownIdError: the edition has none.
        """
        return self._look_up("IXIT table", id_or_name, self._tables)

    def select(self, text: str) -> tuple[Unit, ...]:
        """The units of a scenario "5.1", group "5.1-5", case "5.1-5-2" or unit "5.1-5-2/b", in order.

        Raises:
            UnknownIdError: the edition has nothing of that id.
        """
        return self._look_up("scenario, group, case or unit", text, self._selections)

    @cached_property
    def _groups(self) -> dict[str, Group]:
        return {group.id: group for group in self.groups}

    @cached_property
    def _cases(self) -> dict[str, Case]:
        return {case.id: case for case in self.cases}

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _provisions(self) -> dict[str, Provision]:
        return {provision.id: provision for provision in self.provisions}

    @cached_property
    def _conditions(self) -> dict[str, Condition]:
        return {condition.id: condition for condition in self.conditions}

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {table.id: table for table in self.tables} | {table.name: table for table in self.tables}

    @cached_property
    def _selections(self) -> dict[str, tuple[Unit, ...]]:
        found: dict[str, tuple[Unit, ...]] = dict.fromkeys(self.scenarios, ())
        for group in self.groups:
            found[group.id] = group.units
            found[group.scenario] += group.units
        found.update((case.id, case.units) for case in self.cases)
        found.update((unit.id, (unit,)) for unit in self.units)
        return found

    def _look_up(self, kind: str, wanted: str, known: Mapping[str, T]) -> T:
        try:
            return known[wanted]
        except KeyError:
            pass
        message = f"edition {self.id} has no {kind} {wanted!r}"
        if successors := [group.id for group in self.groups if group.base == wanted and group.id in known]:
            raise UnknownIdError(f"{message}; its place is taken by {', '.join(successors)}", successors)
        if wanted in self.renamed_tables and (renamed := self.renamed_tables[wanted]) in known:
            raise UnknownIdError(f"{message}; its place is taken by {renamed}", [renamed])
        # An object reached under its id and its name is named once, by its id.
        near = list(dict.fromkeys(getattr(known[key], "id", key) for key in _near(wanted, known)))
        raise UnknownIdError(f"{message}; the nearest: {', '.join(near)}" if near else message, near)


def _near(wanted: str, known: Iterable[str]) -> list[str]:
    """At most three known ids that look like the wanted one.

    First come those that differ in case and separators only, then those that begin alike.
    """
    known = list(known)
    same = [key for key in known if _plain(key) == _plain(wanted)]
    alike = near(wanted, known, most=max(len(known), 1), cutoff=0.6, fold=False)
    alike.sort(key=lambda key: _beginning(key, wanted), reverse=True)
    return list(dict.fromkeys(same + alike))[:3]


def _beginning(one: str, other: str) -> int:
    """How many characters they have in common before they differ."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
