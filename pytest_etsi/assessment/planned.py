"""What is planned: the evaluations, their groups, and the plan of them, which says of each what it needs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.assessment.judgement import JudgementState, needs_judgement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.assessment.reading.conditions import ConditionState
    from pytest_etsi.assessment.rollup import IcsCheck, Support
    from pytest_etsi.assessment.suite import UnitFunction
    from pytest_etsi.profile import IcsRow
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.standard import Group, Provision, Unit
    from pytest_etsi.unit import State

__all__ = ["JudgementNeed", "Plan", "PlannedEvaluation", "PlannedGroup", "ics_to_json"]

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
