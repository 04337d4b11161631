"""The plan: every unit with its entries, whether it applies and why, and what it needs; touches nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.concern import CONCERNED, Concern, concern_of
from pytest_etsi.assessment.drafted import drafts_read
from pytest_etsi.assessment.judgement import find, needs_judgement
from pytest_etsi.assessment.longest import longest_s
from pytest_etsi.assessment.planned import Plan, PlannedEvaluation, PlannedGroup
from pytest_etsi.assessment.reading.conditions import condition_holds
from pytest_etsi.assessment.rollup import ALWAYS_ASSESSED, Support, check_ics
from pytest_etsi.assessment.suite import UnitFunction, by_unit
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_etsi.profile import Entry, IxitTable, Profile
    from pytest_etsi.standard import Edition, Group, Unit
    from pytest_etsi.unit import State

__all__ = ["make_plan"]


def make_plan(
    profile: Profile,
    functions: Mapping[str, Sequence[UnitFunction]],
    *,
    allow: Iterable[str] = (),
    only: Iterable[str] = (),
) -> Plan:
    """Plan the assessment of a device.

    Args:
        profile: the device's documents.
        functions: the suite's functions by unit id, see `pytest_etsi.assessment.suite.load_units`.
        allow: permissions given beside those of the profile.
        only: ids of scenarios, groups, cases or units; empty: everything.

    Raises:
        pytest_etsi.standard.UnknownIdError: `only` names something that the edition does not have.
        SuiteError: two functions evaluate the same unit, or one names a unit that no edition has.
    """
    catalogue = edition(profile.edition)
    selection = tuple(dict.fromkeys(only))
    wanted = {unit.id for name in selection for unit in catalogue.select(name)}
    permissions = tuple(sorted({*profile.permissions, *allow}))
    planner = _Planner(profile, catalogue, by_unit(functions, catalogue.id), frozenset(permissions))
    groups: list[PlannedGroup] = []
    units: list[Unit] = []
    evaluations: list[PlannedEvaluation] = []
    for group in catalogue.groups:
        mine = [unit for case in group.cases for unit in case.units if not selection or unit.id in wanted]
        if not mine:
            continue
        planned = planner.group(group)
        groups.append(planned)
        units.extend(mine)
        for unit in mine:
            evaluations.extend(planner.unit(unit, planned))
    return Plan(
        profile=profile.name,
        edition=catalogue.id,
        groups=tuple(groups),
        units=tuple(units),
        evaluations=tuple(evaluations),
        selection=selection,
        permissions=permissions,
        out_of_scope=planner.out_of_scope,
    )


class _Planner:
    """Plans one group and one unit after the other."""

    def __init__(
        self,
        profile: Profile,
        catalogue: Edition,
        functions: Mapping[str, UnitFunction],
        permissions: frozenset[str],
    ) -> None:
        self.profile = profile
        self.catalogue = catalogue
        self.functions = functions
        self.permissions = permissions
        self.out_of_scope: dict[str, tuple[str, ...]] = {}

    def group(self, group: Group) -> PlannedGroup:
        provision = self.catalogue.provision(group.id)
        row = self.profile.ics.rows.get(group.id)
        support: Support | None = row.support if row else None
        conditions = tuple(condition_holds(self.profile, name) for name in provision.conditional)
        ics = check_ics(
            provision,
            support,
            row.detail if row else "",
            {state.id: (state.holds, state.reason) for state in conditions},
        )
        if unread := self.profile.ics.unread.get(group.id):
            ics = replace(ics, reason=str(unread), settle=unread.settle)
        if support is None and group.id in ALWAYS_ASSESSED:
            support = "Y"
        return PlannedGroup(group, provision, row, support, ics, conditions)

    def unit(self, unit: Unit, group: PlannedGroup) -> list[PlannedEvaluation]:
        function = self.functions.get(unit.id)
        if not group.assessed:
            return [self._unconcerned(unit, group, function, group.ics.reason)]
        repeated = unit.iterates is not None and (
            function is None or argument_name(unit.iterates) in function.fixtures
        )
        if unit.iterates is None or not repeated:
            return [self._evaluation(unit, None, group, function, True, "once for the device")]
        table = self.profile.ixit.tables[unit.iterates]
        # What is no entry cannot be evaluated as one: the unit as a whole stays open with it.
        whole = [self._unread_table(unit, group, function, table)] if table.unread else []
        if not len(table):
            reason = f"{table.id} has no entries"
            if whole:
                return whole
            if function is not None and function.mark.expects_entries:
                return [
                    self._evaluation(
                        unit, None, group, function, None, f"{reason}, although it should have some"
                    )
                ]
            return [self._unconcerned(unit, group, function, reason)]
        scoped = [(entry.id, self._concern(unit, function, entry)) for entry in table]
        # What a person has answered is on record with its reason, also where it takes an entry out.
        kept = [(entry, scope) for entry, scope in scoped if scope.applies is not False or scope.told_by]
        if not kept:
            why = f"no entry of {table.id} is {scoped[0][1].reason.removeprefix('not ')}"
            return whole or [self._unconcerned(unit, group, function, why)]
        if outside := tuple(entry for entry, scope in scoped if scope.applies is False):
            self.out_of_scope[unit.id] = outside
        planned = [
            self._unconcerned(unit, group, function, f"{scope.reason}; {scope.told_by}", entry)
            if scope.applies is False
            else self._evaluation(unit, entry, group, function, scope.applies, scope.reason, scope)
            for entry, scope in kept
        ]
        return [*planned, *whole]

    def _unread_table(
        self, unit: Unit, group: PlannedGroup, function: UnitFunction | None, table: IxitTable
    ) -> PlannedEvaluation:
        drafted = all(one.drafted for one in table.unread)
        reason = f"{table.id} may have further entries" if drafted else f"{table.id} cannot be read"
        concern = Concern(None, reason, unread=tuple(table.unread))
        return self._evaluation(unit, None, group, function, None, concern.reason, concern)

    def _concern(self, unit: Unit, function: UnitFunction | None, entry: Entry) -> Concern:
        scope = function.mark.scope if function else None
        if scope is not None:
            return concern_of(self.profile, scope, entry)
        if function is None and unit.scope is not None:
            return Concern(None, f"open whether concerned: {unit.scope}")
        return CONCERNED

    def _unconcerned(
        self,
        unit: Unit,
        group: PlannedGroup,
        function: UnitFunction | None,
        reason: str,
        entry: str | None = None,
    ) -> PlannedEvaluation:
        return PlannedEvaluation(
            unit, entry, group.group.id, False, reason, access=unit.automation, function=function
        )

    def _evaluation(
        self,
        unit: Unit,
        entry: str | None,
        group: PlannedGroup,
        function: UnitFunction | None,
        applies: bool | None,
        reason: str,
        concern: Concern = CONCERNED,
    ) -> PlannedEvaluation:
        settle, unclaimed = "", False
        if applies and group.support is None and not unit.functional:
            # Documents that nobody has begun to fill in contradict nothing; what a device is seen to do counts.
            applies, reason, settle, unclaimed = None, group.ics.reason, group.ics.settle, True
        by_hand = function.by_hand if function else ""
        judged = find(self.profile, unit, entry, by_hand=by_hand)
        optional = function is not None and not by_hand and not needs_judgement(unit)
        tried = function is not None and (not by_hand or bool(function.reserved))
        needs = function.mark.needs if function else ()
        state: State = function.mark.state if function and unit.functional else "any"
        return PlannedEvaluation(
            unit,
            entry,
            group.group.id,
            applies,
            reason,
            needs=needs,
            missing_permissions=tuple(need for need in needs if need not in self.permissions),
            state=state,
            access=unit.automation,
            missing_access=self._missing_access(unit, state) if tried else (),
            judgement="none" if optional and judged.status == "missing" else judged.status,
            judged=judged,
            open=concern.open,
            told_by=concern.told_by,
            function=function,
            at_most_s=longest_s(unit, self.profile, needs) if tried else None,
            unread=tuple(dict.fromkeys((*concern.unread, *drafts_read(self.profile, unit, entry)))),
            settle=settle,
            unclaimed=unclaimed,
        )

    def _missing_access(self, unit: Unit, state: State) -> tuple[str, ...]:
        access = self.profile.access
        lacking: list[str] = []
        if unit.automation in ("network", "capture") and access.network is None:
            lacking.append("access.network")
        if unit.automation == "documentation-fetch" and not (
            access.network and access.network.documents_hosts
        ):
            lacking.append("access.network.documents_hosts")
        if unit.automation == "serial" and access.serial is None:
            lacking.append("access.serial")
        if unit.automation == "cloud" and access.cloud is None:
            lacking.append("access.cloud")
        if state == "factory-default" and "factory-reset" not in access.operations:
            lacking.append("operation factory-reset")
        return tuple(lacking)
