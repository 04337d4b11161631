"""Shows what does not fit in an ICS to people: a line each, missing rows together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.ics.sheet import IcsFinding
from pytest_etsi.text import abridged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_etsi.assessment.planned import Plan

__all__ = ["HEADING", "concerning", "lines", "of_results"]

HEADING = "What does not fit in the ICS"
_SHOWN_ROWS = 8


def concerning(plan: Plan, findings: Sequence[IcsFinding]) -> tuple[IcsFinding, ...]:
    """The findings on the provisions of a plan and on their conditions; all, where nothing was left out of it."""
    if not plan.selection:
        return tuple(findings)
    known = {group.group.id for group in plan.groups}
    known |= {state.id for group in plan.groups for state in group.conditions}
    return tuple(one for one in findings if one.about.rpartition(" ")[2] in known)


def of_results(results: Mapping[str, Any], limit: int = 0) -> list[str]:
    """What results say of the ICS, as `lines`; with a selection what concerns it; files as the profile names them."""
    found = [IcsFinding(**one) for one in results.get("ics_findings", ())]
    if results.get("partial"):
        groups = results.get("groups", ())
        known = {group["group"] for group in groups}
        known |= {one for group in groups for one in group.get("condition", ())}
        found = [one for one in found if one.about.rpartition(" ")[2] in known]
    return lines(found, limit)


def lines(findings: Sequence[IcsFinding], limit: int = 0) -> list[str]:
    """The findings, each with its level first; beyond `limit` only their number (0: all)."""
    missing = [one.about for one in findings if one.rule == "missing-row"]
    shown = [f"{one.level}: {one}" for one in findings if one.rule != "missing-row"]
    if missing:
        first = next(one for one in findings if one.rule == "missing-row")
        names = abridged(missing, _SHOWN_ROWS)
        where = first.message.rsplit(": ", 1)[0]
        shown.append(f"{first.level}: {where}: there is no row for {names}; expected {first.expected}")
    if limit and len(shown) > limit:
        return [*shown[:limit], f"and {len(shown) - limit} more"]
    return shown
