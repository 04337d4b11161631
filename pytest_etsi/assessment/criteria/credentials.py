"""A credential that the user changes: whether the change is made, and whether it takes effect (5.1-4-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, violation
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from pytest_etsi.dut.observe.credentials import CredentialChange
    from pytest_etsi.profile import Entry

__all__ = ["changed", "in_effect"]


def changed(entry: Entry, seen: CredentialChange) -> Findings:
    """Whether the device makes the change as documented (5.1-4-2 a).

    Args:
        entry: of 1-AuthMech.
        seen: the change.

    Returns:
        Violations: the change is refused, or reported without having been made. Unknown: it was not answered.
    """
    change = seen.change
    found: list[Finding] = []
    if change.outcome == "no-answer":
        found.append(
            Finding(
                "unknown",
                "behaviour",
                f"the request for the change was not answered: {change.status}",
                cause=Cause.BENCH,
                settle="find out whether the device crashed or lost its link",
            )
        )
    elif not change.accepted:
        found.append(
            violation(
                entry,
                None,
                f"the device did not make the change: {change}",
                aspect="behaviour",
                expected="the change, as documented",
                found=str(change),
            )
        )
    elif seen.without_effect:
        found.append(
            violation(
                entry,
                None,
                f"the device reports a change, but made none: {seen.effect}",
                aspect="behaviour",
                expected="a change",
                found=seen.effect,
            )
        )
    return Findings(found, seen.made)


def in_effect(entry: Entry, seen: CredentialChange) -> Findings:
    """Whether a change that the device has made counts from then on (5.1-4-2 b).

    Args:
        entry: of 1-AuthMech.
        seen: the change, and logins after it.
    """
    return Findings(
        (
            violation(
                entry, None, what, aspect="behaviour", expected="only the new credential opens the login"
            )
            for what in seen.violations
        ),
        seen.effect,
    )
