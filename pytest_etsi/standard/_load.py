"""Reads an edition from the JSON files in `data/` and freezes it.

Each edition has three files: `groups.json`, `provisions.json` and `tables.json`. An edition with a `base`
gives only the groups that differ; one marked `same_as` is that of the base edition with names replaced.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_etsi.standard._model import (
    Case,
    Condition,
    Edition,
    Field,
    Group,
    Origin,
    Provision,
    Table,
    Unit,
    UnknownIdError,
)
from pytest_etsi.standard._same import answers_differ, with_origins
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EDITIONS", "edition"]

EDITIONS: tuple[str, ...] = ("1.1.1", "2.1.1")
"""The editions there are, oldest first."""

_DATA = Path(__file__).with_name("data")


@functools.cache
def edition(edition_id: str) -> Edition:
    """The edition of that id; read once and then kept.

    Raises:
        UnknownIdError: it is none of `EDITIONS`.
    """
    if edition_id not in EDITIONS:
        raise UnknownIdError(f"unknown edition {edition_id!r}; there are {listed(EDITIONS)}", EDITIONS)
    groups = _read(edition_id, "groups")
    provisions = _read(edition_id, "provisions")
    tables = tuple(_table(raw) for raw in _read(edition_id, "tables")["tables"])
    base = _Base(edition(groups["base"]), **groups["renames"]) if "base" in groups else None
    own = tuple(_group(raw, base, edition_id) for raw in groups["groups"])
    return Edition(
        id=edition_id,
        test_specification=groups["specification"],
        standard=provisions["standard"],
        scenarios=MappingProxyType(groups["scenarios"]),
        groups=base.origins(own, tables) if base else own,
        provisions=tuple(_provision(raw) for raw in provisions["provisions"]),
        conditions=tuple(Condition(key, meaning) for key, meaning in provisions["conditions"].items()),
        tables=tables,
        renamed_tables=MappingProxyType(base.tables if base else {}),
        renamed_fields=MappingProxyType(
            {table: MappingProxyType(names) for table, names in base.fields.items()} if base else {}
        ),
        added_fields=MappingProxyType(dict(base.added(tables)) if base else {}),
        remarks=tuple(groups.get("remarks", ())),
    )


def _read(edition_id: str, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_DATA / edition_id / f"{name}.json").read_bytes())
    return content


class _Base:
    """The edition from which another one is derived, told with the other's names of tables and fields."""

    def __init__(self, base: Edition, tables: dict[str, str], fields: dict[str, dict[str, str]]) -> None:
        self._edition = base
        self.tables = tables
        self.fields = fields
        self._words = tables | {old: new for renamed in fields.values() for old, new in renamed.items()}
        self._pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, self._words))})\b")

    def group(self, group_id: str) -> Group:
        group = self._edition.group(group_id)
        return replace(
            group,
            title=self._prose(group.title),
            note=group.note and self._prose(group.note),
            cases=tuple(self._case(case) for case in group.cases),
        )

    def origins(self, groups: tuple[Group, ...], tables: tuple[Table, ...]) -> tuple[Group, ...]:
        """The other edition's groups, with the origin of each unit that this edition has already."""
        later = {table.id: table for table in tables}
        earlier = {self.tables.get(table.id, table.id): self._table(table) for table in self._edition.tables}
        return with_origins(groups, self.group, lambda unit: answers_differ(unit, later, earlier))

    def added(self, tables: tuple[Table, ...]) -> Iterator[tuple[str, frozenset[str]]]:
        """The fields of each table of the other edition that this one does not have."""
        had = {self.tables.get(one.id, one.id): self._table(one).fields for one in self._edition.tables}
        for table in tables:
            before = {field.name for field in had.get(table.id, ())}
            yield table.id, frozenset(field.name for field in table.fields if field.name not in before)

    def _table(self, table: Table) -> Table:
        renamed = self.fields.get(table.id, {})
        return replace(
            table,
            fields=tuple(
                replace(
                    field,
                    name=renamed.get(field.name, field.name),
                    tables=tuple(self.tables.get(name, name) for name in field.tables),
                )
                for field in table.fields
            ),
        )

    def _case(self, case: Case) -> Case:
        return replace(
            case,
            purpose=self._prose(case.purpose),
            units=tuple(self._unit(unit) for unit in case.units),
            pass_when=tuple(map(self._prose, case.pass_when)),
        )

    def _unit(self, unit: Unit) -> Unit:
        return replace(
            unit,
            iterates=unit.iterates and self.tables.get(unit.iterates, unit.iterates),
            reads=MappingProxyType(dict(self._read(table, names) for table, names in unit.reads.items())),
            scope=unit.scope and self._prose(unit.scope),
            does=self._prose(unit.does),
            how=self._prose(unit.how),
        )

    def _read(self, table: str, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        renamed = self.fields.get(table, {})
        return self.tables.get(table, table), tuple(renamed.get(name, name) for name in names)

    def _prose(self, text: str) -> str:
        return self._pattern.sub(lambda match: self._words[match[0]], text)


def _group(raw: dict[str, Any], base: _Base | None, edition_id: str) -> Group:
    if base and "same_as" in raw:
        difference, doubts = raw.get("difference"), tuple(raw.get("doubts", ()))
        return replace(base.group(raw["same_as"]), base=raw["same_as"], difference=difference, doubts=doubts)
    return Group(
        id=raw["group"],
        scenario=raw["scenario"],
        title=raw["title"],
        note=raw.get("note"),
        cases=tuple(_case(case, raw["group"], edition_id) for case in raw["cases"]),
        base=raw.get("base"),
        difference=raw.get("difference"),
        doubts=tuple(raw.get("doubts", ())),
    )


def _case(raw: dict[str, Any], group_id: str, edition_id: str) -> Case:
    return Case(
        id=raw["case"],
        group=group_id,
        kind=raw["kind"],
        purpose=raw["purpose"],
        units=tuple(_unit(unit, raw["case"], edition_id) for unit in raw["units"]),
        pass_when=tuple(raw["pass_when"]),
        alternatives=tuple(tuple(letters) for letters in raw.get("alternatives", ())),
        one_is_enough=raw.get("one_is_enough", False),
        basis=raw.get("basis", ""),
    )


def _unit(raw: dict[str, Any], case_id: str, edition_id: str) -> Unit:
    unit_id = f"{case_id}/{raw['unit']}"
    return Unit(
        id=unit_id,
        case=case_id,
        letter=raw["unit"],
        origin=Origin(edition_id, unit_id),
        mode=raw["mode"],
        functional=raw["functional"],
        iterates=raw["iterates"],
        reads=MappingProxyType({table: tuple(fields) for table, fields in raw["reads"].items()}),
        scope=raw.get("scope"),
        does=raw["does"],
        how=raw["how"],
        automation=raw["automation"],
        combine=raw.get("combine", "all"),
        applies=tuple(raw.get("applies", ())),
    )


def _provision(raw: dict[str, Any]) -> Provision:
    return Provision(
        id=raw["provision"],
        title=raw["title"],
        clause=raw["clause"],
        status=raw["status"],
        conditional=tuple(raw["conditional"]),
        printed=raw["printed"],
        note=raw.get("note"),
    )


def _table(raw: dict[str, Any]) -> Table:
    return Table(
        id=f"{raw['number']}-{raw['name']}",
        number=raw["number"],
        name=raw["name"],
        title=raw["title"],
        single=raw["single"],
        one_entry_is=raw.get("one_entry_is"),
        fields=tuple(_field(field) for field in raw["fields"]),
    )


def _field(raw: dict[str, Any]) -> Field:
    return Field(
        name=raw["name"],
        type=raw["type"],
        meaning=raw["meaning"],
        example=raw["example"],
        values=tuple(raw.get("values", ())),
        tables=tuple(raw.get("tables", ())),
        many=raw.get("many", False),
        free_text=raw.get("free_text", False),
        second_part=raw.get("second_part"),
        applies_if=raw.get("applies_if"),
    )
