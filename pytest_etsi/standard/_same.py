"""Which test units of an edition are units of an earlier one: by rule, from what the catalogue says of both.

A unit keeps its meaning where it has the same place in its group and where nothing differs: what it does and how, over
which entries, from which fields, and what those fields can hold. A unit that runs others again is the same only where
those are. Anything else is a unit of its own, whatever its id.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_etsi.standard._model import Field, Group, Table, Unit

__all__ = ["with_origins"]


def with_origins(
    groups: Iterable[Group], earlier: Callable[[str], Group], answers_differ: Callable[[Unit], bool]
) -> tuple[Group, ...]:
    """The groups of an edition with the origin of each unit that is the same as one of the earlier edition.

    Args:
        groups: of the later edition.
        earlier: a group of the earlier edition by its id, told with the later one's names of tables and fields.
        answers_differ: whether a field that a unit reads can hold other answers than in the earlier edition.
    """
    groups = tuple(groups)
    same: dict[str, Unit] = {}
    for group in groups:
        if group.base is not None:
            before = {_place(unit, group.base): unit for unit in earlier(group.base).units}
            for unit in group.units:
                old = before.get(_place(unit, group.id))
                if old is not None and _means(unit) == _means(old) and not answers_differ(unit):
                    same[unit.id] = old
    _drop_what_runs_others_again(groups, same)
    return tuple(_told(group, same) for group in groups)


def answers_differ(unit: Unit, tables: Mapping[str, Table], earlier: Mapping[str, Table]) -> bool:
    """Whether a field that the unit reads can hold other answers than in the earlier edition, or was not in it.

    Args:
        unit: of the later edition.
        tables: of the later edition, by id.
        earlier: of the earlier edition, by the later one's ids and with its names.
    """
    for table, names in unit.reads.items():
        if table == "*":
            continue
        before = {field.name: _answers(field) for field in earlier[table].fields}
        if any(before.get(name) != _answers(tables[table].field(name)) for name in names):
            return True
    return False


def _place(unit: Unit, group: str) -> str:
    """Case and letter within the group: a group may have been renumbered."""
    return unit.id.removeprefix(group)


def _means(unit: Unit) -> tuple[object, ...]:
    """All that the catalogue says of a unit but its id."""
    what = (unit.mode, unit.functional, unit.does, unit.how, unit.automation, unit.combine, unit.applies)
    return *what, unit.iterates, unit.scope, dict(unit.reads)


def _answers(field: Field) -> tuple[object, ...]:
    """What a field can hold, and when."""
    form = (field.type, field.values, field.many, field.free_text)
    return *form, field.tables, field.second_part, field.applies_if


def _drop_what_runs_others_again(groups: tuple[Group, ...], same: dict[str, Unit]) -> None:
    units_of = {case.id: case.units for group in groups for case in group.cases}
    units = [unit for group in groups for unit in group.units]
    while others := [
        unit.id
        for unit in units
        if unit.id in same and any(one.id not in same for case in unit.applies for one in units_of[case])
    ]:
        for name in others:
            del same[name]


def _told(group: Group, same: Mapping[str, Unit]) -> Group:
    return replace(
        group,
        cases=tuple(
            replace(
                case,
                units=tuple(
                    replace(unit, origin=same[unit.id].origin) if unit.id in same else unit
                    for unit in case.units
                ),
            )
            for case in group.cases
        ),
    )
