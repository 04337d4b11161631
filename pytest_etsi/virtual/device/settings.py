"""The settings of the camera: what there is, what it starts with, and what may be put in."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.device.careless import waved_through, worked_out
from pytest_etsi.virtual.flaws import UpdateFlaw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["DEFAULT_SETTINGS", "LONGEST_DELAY", "changed", "defaults"]

DEFAULT_SETTINGS: Mapping[str, Any] = {
    "name": "Camera",
    "timezone": "UTC",
    "motion_detection": True,
    "status_led": True,
    "automatic_updates": True,
    "update_notifications": True,
    "postpone_updates_until": "",
    "diagnostics": False,
    "reports": True,
}
"""Of a camera in factory default; ``postpone_updates_until`` is a date, or empty: not postponed."""

_ABOUT_UPDATES = frozenset({"automatic_updates", "postpone_updates_until"})

LONGEST_DELAY = datetime.timedelta(days=30)
"""For which updates can be postponed."""


def defaults(flaws: frozenset[Flaw]) -> dict[str, Any]:
    """The settings of a camera in factory default, but for flaws."""
    return {
        **DEFAULT_SETTINGS,
        "automatic_updates": UpdateFlaw.NO_UPDATES_AFTER_SETUP not in flaws,
        "update_notifications": UpdateFlaw.NO_NOTICES_AFTER_SETUP not in flaws,
    }


def changed(
    current: Mapping[str, Any],
    changes: Mapping[str, Any],
    today: datetime.date,
    flaws: frozenset[Flaw] = frozenset(),
) -> dict[str, Any]:
    """All settings after `changes`.

    Raises:
        errors.RejectedError: the camera does not take one of them; says which.
    """
    for name, value in changes.items():
        if name not in DEFAULT_SETTINGS:
            raise errors.RejectedError(f"no setting is called {name[:40]!r}")
        expected = _expected(name, value, today)
        if expected and not waved_through(DEFAULT_SETTINGS[name], value, flaws):
            raise errors.RejectedError(f"{name}: expected {expected}")
    new = {**current, **{name: worked_out(name, value, flaws) for name, value in changes.items()}}
    if UpdateFlaw.UPDATE_SETTINGS_REFUSED in flaws:
        new |= {name: current[name] for name in _ABOUT_UPDATES}
    if new["diagnostics"] and not new["reports"]:
        if changes.get("diagnostics"):
            raise errors.RejectedError("diagnostics: they go with the reports, which are switched off")
        new["diagnostics"] = False
    return new


def _expected(name: str, value: Any, today: datetime.date) -> str:
    """What would be right; empty: the value is."""
    kind = type(DEFAULT_SETTINGS[name])
    if name == "postpone_updates_until":
        last, date = today + LONGEST_DELAY, _date(value)
        fits = value == "" or (date is not None and today <= date <= last)
        return "" if fits else f"a date from {today} to {last}, or an empty text"
    if type(value) is kind and (kind is bool or 1 <= len(value) <= 64):
        return ""
    return "true or false" if kind is bool else "a text of 1 to 64 characters"


def _date(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
