"""From one edition to the next: what became of each provision, condition and test unit.

The rows are data (`data/crosswalk.json`), one for each pair of provisions; a test checks them against both catalogues.
Which tables list what a table of the other edition lists is data, too.
What a unit became is told by rule where the catalogue says that it is the same (`Unit.origin`), by place within its
group otherwise, and by a row where it moved.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pytest_etsi.standard._load import EDITIONS, edition
from pytest_etsi.standard._model import UnknownIdError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.standard._model import Edition

__all__ = ["ConditionRow", "Crosswalk", "ProvisionRow", "UnitRow", "crosswalk", "tables_instead"]

_DATA = Path(__file__).with_name("data") / "crosswalk.json"

Kind = Literal["same", "renumbered", "split", "new", "gone"]


@dataclass(frozen=True, slots=True)
class ProvisionRow:
    """What became of a provision.

    Attributes:
        old: its id in the earlier edition; None: it is new.
        new: its id in the later one; None: it is gone.
        kind: same: it kept its id; renumbered; split: one of several that take its place; new; gone.
        note: what changed, in our words; empty: nothing but perhaps the number.
        confirm: what was claimed for the old one has to be thought over: another thing is asked, or of something else.
        confidence: in the row as a whole.
    """

    old: str | None
    new: str | None
    kind: Kind
    note: str
    confirm: bool
    confidence: Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """What became of a condition of the ICS.

    Attributes:
        kind: same: it says the same; wider: what held before still holds, and what did not may; split: it says a part
            of the old one; other: it says something else that the old one makes likely; new; gone.
    """

    old: str | None
    new: str | None
    kind: Literal["same", "wider", "split", "other", "new", "gone"]
    note: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What became of a unit.

    Attributes:
        same: it asks the same, of the same, by the same fields.
    """

    old: str
    new: str
    same: bool


@dataclass(frozen=True, eq=False)
class Crosswalk:
    """What became of an edition in the next one.

    Attributes:
        old: the earlier edition.
        new: the later one.
        units: every pair; a unit of which nothing came, or that came of nothing, is in none.
    """

    old: Edition
    new: Edition
    provisions: tuple[ProvisionRow, ...]
    conditions: tuple[ConditionRow, ...]
    units: tuple[UnitRow, ...]

    def became(self, unit: str) -> tuple[UnitRow, ...]:
        """What a unit of the earlier edition became."""
        return self._became.get(unit, ())

    def came_from(self, unit: str) -> tuple[UnitRow, ...]:
        """What a unit of the later edition was."""
        return self._came_from.get(unit, ())

    def of(self, provision: str) -> tuple[ProvisionRow, ...]:
        """The rows of a provision of either edition.

        Raises:
            UnknownIdError: neither edition has it.
        """
        found = tuple(row for row in self.provisions if provision in (row.old, row.new))
        if not found:
            self.new.provision(provision)  # says what is near
        return found

    @functools.cached_property
    def _became(self) -> Mapping[str, tuple[UnitRow, ...]]:
        found: dict[str, tuple[UnitRow, ...]] = {}
        for row in self.units:
            found[row.old] = (*found.get(row.old, ()), row)
        return found

    @functools.cached_property
    def _came_from(self) -> Mapping[str, tuple[UnitRow, ...]]:
        found: dict[str, tuple[UnitRow, ...]] = {}
        for row in self.units:
            found[row.new] = (*found.get(row.new, ()), row)
        return found


@functools.cache
def crosswalk(old: str, new: str) -> Crosswalk:
    """The way from one edition to another.

    Raises:
        UnknownIdError: there is no such edition, or no way from the one to the other.
    """
    raw = json.loads(_DATA.read_bytes())
    earlier, later = edition(old), edition(new)
    if (raw["old"], raw["new"]) != (old, new):
        ways = f"there is one from {raw['old']} to {raw['new']}"
        raise UnknownIdError(f"there is no way from edition {old} to {new}; {ways}", EDITIONS)
    provisions = tuple(ProvisionRow(**row) for row in raw["provisions"])
    return Crosswalk(
        old=earlier,
        new=later,
        provisions=provisions,
        conditions=tuple(ConditionRow(**row) for row in raw["conditions"]),
        units=tuple(_units(earlier, later, provisions, raw["units"])),
    )


@functools.cache
def tables_instead(edition_id: str, table_id: str) -> tuple[str, ...]:
    """The tables of the other edition that together list all that a table of this one lists.

    Ports and radios of 15-Intf are in 15-PhyIntf, its logical interfaces in 28-LogIntf: where both of these are empty,
    so is 15-Intf. Mechanisms of 11-ComMech that secure nothing are in no table but 28-LogIntf.

    Args:
        edition_id: "1.1.1" or "2.1.1".
        table_id: of that edition.

    Returns:
        Their ids; none: the table has the same id in both editions.
    """
    raw = json.loads(_DATA.read_bytes())["tables"]
    return tuple(raw.get(edition_id, {}).get(table_id, ()))


def _units(
    earlier: Edition,
    later: Edition,
    provisions: tuple[ProvisionRow, ...],
    moved: Mapping[str, list[str]],
) -> list[UnitRow]:
    known = {unit.id: unit for unit in later.units}
    by_origin = {unit.origin: unit.id for unit in later.units}
    successors: dict[str, list[str]] = {}
    for row in provisions:
        if row.old and row.new:
            successors.setdefault(row.old, []).append(row.new)
    found: list[UnitRow] = []
    for group in earlier.groups:
        for unit in group.units:
            if unit.origin in by_origin:
                found.append(UnitRow(unit.id, by_origin[unit.origin], same=True))
            elif unit.id in moved:
                found += [UnitRow(unit.id, one, same=False) for one in moved[unit.id]]
            else:
                place = unit.id.removeprefix(group.id)
                there = (f"{one}{place}" for one in successors.get(group.id, ()))
                found += [UnitRow(unit.id, one, same=False) for one in there if one in known]
    return found
