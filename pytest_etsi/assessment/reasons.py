"""Why a group or a case has its verdict, in one line, and what would settle it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_etsi.assessment.planned import PlannedGroup
    from pytest_etsi.assessment.rollup import Readings
    from pytest_etsi.standard import Case, Unit

__all__ = ["of_group", "of_open_unit", "of_readings"]

PARTLY_SELECTED = "not all of its test units were selected"
"""Reason of a group that is open for nothing else."""


def of_group(
    group: PlannedGroup, verdict: Verdict, cases: Sequence[Mapping[str, Any]]
) -> tuple[str, str | None, str]:
    """One line on what made the verdict: the first evaluation of that verdict, or the ICS."""
    if verdict is group.ics.verdict and verdict is not Verdict.PASS:
        return group.ics.reason, str(group.ics.cause) if group.ics.cause else None, group.ics.settle
    if verdict is Verdict.PASS:
        return "", None, ""
    for case in cases:
        if case["verdict"] != verdict:
            continue
        if case.get("reason"):
            return f"{case['case']}: {case['reason']}", case["cause"], case["settle"]
        for unit in case["units"]:
            if found := _first(unit, verdict):
                where = f"{case['case']}/{unit['unit']}"
                where += f" {found['entry']}" if found["entry"] else ""
                return f"{where}: {found['reason']}", found["cause"], found["settle"]
    if verdict is Verdict.INCONCLUSIVE:
        return PARTLY_SELECTED, str(Cause.ERROR), "Select the whole group."
    return "", None, ""


def _first(unit: Mapping[str, Any], verdict: Verdict) -> Mapping[str, Any] | None:
    """The first evaluation that gave a unit this verdict; None: it has another."""
    if unit["verdict"] != verdict:
        return None
    return next((one for one in unit["evaluations"] if one["verdict"] == verdict), None)


def of_readings(case: Case, read: Readings, units: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Why a case is open whose verdict depends on how the standard is read."""
    every = listed(letter for letters in case.alternatives for letter in letters)
    either = " or ".join(listed(letters) for letters in case.alternatives)
    reason = (
        f"the readings of TS 103 701 differ: by its verdict paragraph units {every} have to hold ({read.each}), by a "
        f"note of the group {either} is enough for each mechanism ({read.one})"
    )
    return _open(reason, units)


def of_open_unit(unit: Unit, read: Readings, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Why a case is open because of a unit of which it is not known whether one entry that passes is enough."""
    reason = (
        f"unit {unit.letter} depends on how TS 103 701 is read, whose PASS condition is not public: every entry of "
        f"{unit.iterates} has to hold ({read.each}), or one is enough ({read.one})"
    )
    return _open(reason, [shown])


def _open(reason: str, units: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    open_ = next(filter(None, (_first(unit, Verdict.INCONCLUSIVE) for unit in units)), None)
    if open_ is not None:
        return {"reason": reason, "cause": open_["cause"], "settle": open_["settle"]}
    settle = "Let the device meet both readings, or let the scheme that is assessed for say which one counts."
    return {"reason": reason, "cause": str(Cause.JUDGEMENT), "settle": settle}
