"""The camera's own answer to the question whether it is set up securely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

__all__ = ["Point", "points"]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is looked at.

    Attributes:
        what: its name.
        good: whether it is as it should be; None: only the owner can tell.
        text: what was found and, if need be, what to do.
    """

    what: str
    good: bool | None
    text: str


def points(
    settings: Mapping[str, Any], viewers: Iterable[str], *, connector_open: bool, today: datetime.date
) -> tuple[Point, ...]:
    """Everything that is looked at, in the order of the page.

    Args:
        settings: of the camera.
        viewers: their user names.
        connector_open: whether the service connector is open.
        today: in UTC.
    """
    names = ", ".join(viewers)
    return (
        _updates(settings, today),
        _point("Update notices", settings["update_notifications"], "Switched on.", "Switched off"),
        _point("Service connector", not connector_open, "Closed.", "Open"),
        Point("Viewers", None, f"May look at the picture: {names}. Do you know them all?")
        if names
        else Point("Viewers", good=True, text="Nobody but you may look at the picture."),
        Point("Diagnostics", True, "Sent, as you have chosen." if settings["diagnostics"] else "Not sent."),
    )


def _updates(settings: Mapping[str, Any], today: datetime.date) -> Point:
    what, postponed = "Automatic updates", settings["postpone_updates_until"]
    if settings["automatic_updates"] and postponed > today.isoformat():
        return _point(what, good=False, if_good="", if_bad=f"Postponed until {postponed}")
    return _point(what, settings["automatic_updates"], "Switched on.", "Switched off")


def _point(what: str, good: bool, if_good: str, if_bad: str) -> Point:
    return Point(what, good, if_good if good else f'{if_bad}. See to it on the page "Account".')
