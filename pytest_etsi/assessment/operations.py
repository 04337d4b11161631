"""Operations of fixed names: what each is for, and how many more units a missing one would let a program decide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_json
from pytest_etsi.profile.facts.outages import ways_of

if TYPE_CHECKING:
    from pytest_etsi.assessment.planned import Plan
    from pytest_etsi.profile import Profile

_DELETING = ("1-2/a", "1-2/b", "1-2/c", "2-2/a", "2-2/b", "2-2/c", "3-1/a", "3-1/c", "4-1/a", "4-1/b")
"""Cases and units of 5.11 that try deletion functions."""

__all__ = ["MissingOperation", "NamedOperation", "missing_operations", "named_operations"]


@dataclass(frozen=True, slots=True)
class NamedOperation:
    """An operation that the suite knows by its name.

    Attributes:
        what: what it does.
        needs: the permission that it takes; empty: none.
        after: what has to show at the device afterwards.
        units: ids of the units that are for it.
        instead: operations that, all together, do the same.
    """

    name: str
    what: str
    needs: str
    after: str
    units: tuple[str, ...]
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingOperation:
    """An operation that a profile lacks.

    Attributes:
        alone: units that a program decides once this operation is there.
        with_others: units that need further operations beside it.
    """

    operation: NamedOperation
    alone: tuple[str, ...]
    with_others: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Builtins only."""
        return {
            "operation": self.operation.name,
            "alone": list(self.alone),
            "with_others": list(self.with_others),
        }


@cache
def named_operations() -> tuple[NamedOperation, ...]:
    """All of them, in the order of the documentation."""
    return tuple(
        NamedOperation(
            one["name"],
            one["what"],
            one["needs"],
            one["after"],
            tuple(one["units"]),
            tuple(one.get("instead", ())),
        )
        for one in read_json("operations.json")["operations"]
    )


def missing_operations(profile: Profile, plan: Plan) -> tuple[MissingOperation, ...]:
    """What the profile lacks for units that a program decides and that concern the device, most useful first.

    Args:
        profile: the documents.
        plan: says which units concern the device, and which a program takes part in.
    """
    there = set(profile.access.operations)
    lacking = {one.name: one for one in named_operations() if not _is_there(one, there)}
    # Of two ways to the same end the first one counts.
    lacking = {
        name: one
        for name, one in lacking.items()
        if len(one.instead) < 2 or not lacking.keys() & set(one.instead)
    }
    concerned = {one.unit.id for one in plan.evaluations if one.applies is not False and one.automated}
    needed = {
        unit: [name for name, one in lacking.items() if unit in one.units]
        for unit in concerned - _told_otherwise(profile)
    }
    found = [
        MissingOperation(
            one,
            tuple(sorted(unit for unit, names in needed.items() if names == [one.name])),
            tuple(sorted(unit for unit, names in needed.items() if one.name in names and len(names) > 1)),
        )
        for one in lacking.values()
    ]
    useful = [one for one in found if one.alone or one.with_others]
    return tuple(sorted(useful, key=lambda one: (-len(one.alone), -len(one.with_others), one.operation.name)))


def _is_there(one: NamedOperation, there: set[str]) -> bool:
    return one.name in there or (bool(one.instead) and there.issuperset(one.instead))


def _told_otherwise(profile: Profile) -> set[str]:
    """Units for which an entry of the IXIT names operations of its own."""
    told: set[str] = set()
    if any("network" in one.facts.covers and ways_of(one.access) for one in profile.ixit.res_mech):
        told |= {"5.9-1-2/a", "5.9-2-2/a"}
    if any(one.access.alter for one in profile.ixit.sec_boot):
        told |= {"5.7-1-2/a", "5.7-2-2/a"}
    if profile.ixit.repl_sup.access.functions:
        told |= {"5.3-15-2/a", "5.3-15-2/c"}
    if any(one.access.automatic is not None for one in profile.ixit.upd_mech):
        told |= {"5.3-6-2/a", "5.3-6-2/b"}
    if any(entry.access.operation for entry in profile.ixit.del_func):
        told |= {f"5.11-{unit}" for unit in _DELETING}
    if any(entry.access.consent is not None for entry in profile.ixit.pers_data):
        told |= {"6-2-2/a", "6-3-2/a"}
    return told
