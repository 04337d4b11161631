"""Shows what does not fit in an ICS to people: a line each, missing rows together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.text import abridged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_etsi.assessment.ics.plausibility import IcsFinding
    from pytest_etsi.assessment.plan import Plan

__all__ = ["HEADING", "concerning", "lines"]

HEADING = "What does not fit in the ICS"
_SHOWN_ROWS = 8


def concerning(plan: Plan, findings: Sequence[IcsFinding]) -> tuple[IcsFinding, ...]:
    """The findings on the provisions of a plan and on their conditions; all, where nothing was left out of it."""
    if not plan.selection:
        return tuple(findings)
    known = {group.group.id for group in plan.groups}
    known |= {state.id for group in plan.groups for state in group.conditions}
    return tuple(one for one in findings if one.about.rpartition(" ")[2] in known)


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
