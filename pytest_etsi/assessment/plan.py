"""The plan: every unit with its entries, whether it applies and why, and what it needs; touches nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.assessment.concern import CONCERNED, Concern, concern_of
from pytest_etsi.assessment.drafted import drafts_read
from pytest_etsi.assessment.judgement import JudgementState, find, needs_judgement
from pytest_etsi.assessment.longest import longest_s
from pytest_etsi.assessment.reading.conditions import ConditionState, condition_holds
from pytest_etsi.assessment.rollup import ALWAYS_ASSESSED, IcsCheck, Support, check_ics
from pytest_etsi.assessment.suite import UnitFunction, by_unit
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_etsi.profile import Entry, IcsRow, IxitTable, Profile
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.standard import Edition, Group, Provision, Unit
    from pytest_etsi.unit import State

__all__ = ["JudgementNeed", "Plan", "PlannedEvaluation", "PlannedGroup", "make_plan"]

JudgementNeed = Literal["none", "valid", "failed", "open", "stale", "missing"]


@dataclass(frozen=True, slots=True)
class PlannedEvaluation:
    """One evaluation: one unit, for one entry of its IXIT table or once.

    Attributes:
        group: id of the test group.
        entry: ID of the IXIT entry; None: the unit is not repeated, or nothing is in its scope.
        applies: False: nothing is concerned, `reason` says why. None: the documents do not tell.
        needs: what the unit does to the device, see `pytest_etsi.unit.NEEDS`.
        missing_permissions: those of `needs` that neither the profile nor the command line permits.
        state: the state in which the device has to be.
        access: what a program needs to decide the unit: the catalogue's `automation`.
        missing_access: what the profile lacks for it, in words; empty: nothing.
        judgement: none: no judgement is needed, and none is recorded; otherwise the state of the recorded
            one.
        unread: what leaves it open because it could not be understood: whether it applies rests on it; and what it
            rests on that is only drafted.
        settle: what would settle whether it applies, where the documents do not tell; empty: nothing of its own.
        unclaimed: whether it applies is open only because the ICS has no row for its provision.
        judged: the recorded judgement with the question and its fingerprint; None where nothing is concerned.
        open: names of the questions about the entry that have to be answered to tell whether it is concerned, see
            `pytest_etsi.profile.entry_questions`; empty: it is told, or no answer tells.
        told_by: where a person's answers tell it, who answered what and why; empty: the documents do.
        at_most_s: seconds that it takes at most; None: there is no such limit.
        function: the test function that evaluates it, or asks for a judgement; None: only a judgement can, or a
            project's own test.
    """

    unit: Unit
    entry: str | None
    group: str
    applies: bool | None
    reason: str
    needs: tuple[str, ...] = ()
    missing_permissions: tuple[str, ...] = ()
    state: State = "any"
    access: str = "document"
    missing_access: tuple[str, ...] = ()
    judgement: JudgementNeed = "none"
    judged: JudgementState | None = None
    open: tuple[str, ...] = ()
    told_by: str = ""
    function: UnitFunction | None = field(default=None, compare=False)
    at_most_s: float | None = None
    unread: tuple[Unread, ...] = ()
    settle: str = ""
    unclaimed: bool = False

    @property
    def partly(self) -> bool:
        """Whether it runs without the missing permissions, too, as far as it gets."""
        return self.function is not None and self.function.mark.partly

    @property
    def automated(self) -> bool:
        """Whether a program takes part in it: decides, or refutes what it can before a person judges."""
        return self.function is not None and not self.function.by_hand

    @property
    def drafted(self) -> bool:
        """Whether it is known to rest on a draft, so that it cannot pass before a person has checked that."""
        return any(one.drafted for one in self.unread)

    @property
    def fingerprint(self) -> str:
        """What a judgement of it has to carry; empty where nothing is concerned."""
        return self.judged.fingerprint if self.judged else ""

    @property
    def key(self) -> tuple[str, str | None]:
        """Unit id and entry, unique within a plan."""
        return self.unit.id, self.entry

    def to_json(self) -> dict[str, Any]:
        """The evaluation in the plan's JSON form."""
        judgement: dict[str, Any] = {"state": self.judgement}
        if self.judged is not None:
            judgement |= {
                "required": needs_judgement(self.unit) or not self.automated,
                "question": self.judged.question,
                "fingerprint": self.judged.fingerprint,
            }
        return {
            "unit": self.unit.id,
            "entry": self.entry,
            "applies": self.applies,
            "reason": self.reason,
            "automated": self.automated,
            "by_hand": self.function.by_hand if self.function else "",
            "functional": self.unit.functional,
            "mode": self.unit.mode,
            "state": self.state,
            "access": self.access,
            "missing_access": list(self.missing_access),
            "needs": list(self.needs),
            "missing_permissions": list(self.missing_permissions),
            "at_most_s": self.at_most_s,
            "judgement": judgement,
            **({"drafted": [one.place for one in self.unread if one.drafted]} if self.drafted else {}),
        }


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """A test group and what the ICS says of its provision.

    Attributes:
        row: the ICS row; None: there is none.
        support: the row's answer; "Y" for the group about the ICS itself, which has no row.
        conditions: what is known about the provision's conditions.
    """

    group: Group
    provision: Provision
    row: IcsRow | None
    support: Support | None
    ics: IcsCheck
    conditions: tuple[ConditionState, ...]

    @property
    def assessed(self) -> bool:
        """Whether its units are evaluated."""
        return self.ics.assessed

    @property
    def reason(self) -> str:
        """Why they are, or are not."""
        return self.ics.reason

    def to_json(self) -> dict[str, Any]:
        """The group in the plan's JSON form."""
        return {
            "group": self.group.id,
            "title": self.group.title,
            "status": self.provision.status,
            "condition": list(self.provision.conditional),
            "support": self.support,
            "assessed": self.assessed,
            "ics": ics_to_json(self),
        }


def ics_to_json(group: PlannedGroup) -> dict[str, Any]:
    """The ICS check of a group in JSON form."""
    return {
        "verdict": str(group.ics.verdict),
        "cause": str(group.ics.cause) if group.ics.cause else None,
        "reason": group.ics.reason,
        "settle": group.ics.settle,
        "detail": group.row.detail if group.row else "",
        "conditions": [
            {"id": state.id, "meaning": state.meaning, "holds": state.holds, "reason": state.reason}
            for state in group.conditions
        ],
    }


@dataclass(frozen=True)
class Plan:
    """Everything that will be evaluated, in the order of the catalogue.

    Attributes:
        units: the units that are selected.
        selection: the ids that were asked for; empty: all.
        permissions: what may be done to the device.
        out_of_scope: unit id -> entries of its table that it does not concern, where it concerns others.
    """

    profile: str
    edition: str
    groups: tuple[PlannedGroup, ...]
    units: tuple[Unit, ...]
    evaluations: tuple[PlannedEvaluation, ...]
    selection: tuple[str, ...]
    permissions: tuple[str, ...]
    out_of_scope: Mapping[str, tuple[str, ...]]

    @cached_property
    def fingerprint(self) -> str:
        """Hash over the whole plan."""
        text = json.dumps(self._content(), sort_keys=True, ensure_ascii=True)
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"

    @cached_property
    def _by_unit(self) -> dict[str, tuple[PlannedEvaluation, ...]]:
        found: dict[str, list[PlannedEvaluation]] = {unit.id: [] for unit in self.units}
        for evaluation in self.evaluations:
            found[evaluation.unit.id].append(evaluation)
        return {unit: tuple(evaluations) for unit, evaluations in found.items()}

    @cached_property
    def _by_key(self) -> dict[tuple[str, str | None], PlannedEvaluation]:
        return {evaluation.key: evaluation for evaluation in self.evaluations}

    def for_unit(self, unit: str) -> tuple[PlannedEvaluation, ...]:
        """The evaluations of a unit; none where it is not selected."""
        return self._by_unit.get(unit, ())

    def get(self, unit: str, entry: str | None = None) -> PlannedEvaluation | None:
        """The evaluation of a unit for an entry; None: not planned."""
        return self._by_key.get((unit, entry))

    def to_json(self) -> dict[str, Any]:
        """The plan as builtins; ``fingerprint`` in a judgement is what recording one takes."""
        return {"format": 1, "fingerprint": self.fingerprint, **self._content()}

    def _content(self) -> dict[str, Any]:
        return {
            "profile": self.profile,
            "edition": self.edition,
            "selection": list(self.selection),
            "permissions": list(self.permissions),
            "groups": [group.to_json() for group in self.groups],
            "evaluations": [evaluation.to_json() for evaluation in self.evaluations],
            "out_of_scope": {unit: list(entries) for unit, entries in self.out_of_scope.items()},
        }


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
            missing_access=self._missing_access(unit, state) if function and not by_hand else (),
            judgement="none" if optional and judged.status == "missing" else judged.status,
            judged=judged,
            open=concern.open,
            told_by=concern.told_by,
            function=function,
            at_most_s=longest_s(unit, self.profile, needs) if function and not by_hand else None,
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
