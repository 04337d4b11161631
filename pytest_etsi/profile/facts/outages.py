"""Facts and access of 23-ResMech: what happens without network or power (5.9); and ways to bring that about."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import NonNegativeFloat, OperationName, PositiveInt, Strict, Text
from pytest_etsi.profile.operations import Condition

__all__ = [
    "Effect",
    "InterruptedAccess",
    "Outage",
    "OutageAccess",
    "ResMechAccess",
    "ResMechFacts",
    "StartingAccess",
    "WritingAccess",
    "ways_of",
]


Outage = Literal["network", "power"]
Effect = Literal["local-function", "reconnects", "keeps-state", "delivers-events"]


class ResMechFacts(Strict):
    """Typed claims of an entry of 23-ResMech."""

    covers: tuple[Outage, ...] = ()
    effects: tuple[Effect, ...] = Field(
        default=(),
        description="All that the mechanism brings about: what works on site goes on working, the device connects "
        "again by itself, its state is kept, events that happen meanwhile are delivered later, once.",
    )
    recovers_within_s: NonNegativeFloat | None = Field(
        default=None, description="Seconds after the outage within which everything is as before."
    )


class OutageAccess(Strict):
    """One way to cause an outage, and what goes on working meanwhile."""

    cut: OperationName = Field(
        description="Operation that causes it, such as link-down; power-off stands for power-cycle too."
    )
    restore: OperationName | None = Field(
        default=None, description="Operation that ends it, such as link-up."
    )
    seen: tuple[Condition, ...] = Field(
        default=(),
        description="What shows at the device or its service that it is cut off, whatever the bench says.",
    )
    functions: tuple[OperationName, ...] = Field(
        default=(), description="Operations that succeed while it lasts: what works on site."
    )
    event: OperationName | None = Field(
        default=None, description="Operation that causes an event while it lasts."
    )


_MOST_MOMENTS = 20


class WritingAccess(Strict):
    """A setting that is written while the power is cut: afterwards it has the former value or the new one."""

    write: OperationName = Field(description="Operation that writes {marker} into the setting.")
    read: OperationName = Field(
        description="Operation whose value is the setting, or holds it beside what stays the same."
    )
    undo: OperationName = Field(description="Operation that gives the setting a usual value again.")
    cuts_after_s: tuple[NonNegativeFloat, ...] = Field(
        default=(),
        max_length=_MOST_MOMENTS,
        description="Moments of the cuts, in seconds since writing began; one more follows the device's answer.",
    )


class StartingAccess(Strict):
    """Cuts of the power while the device starts."""

    cuts_after_s: tuple[NonNegativeFloat, ...] = Field(
        min_length=1,
        max_length=_MOST_MOMENTS,
        description="Moments of the cuts, in seconds since power is on. Each is one short time with power, whatever "
        "access.power.on_s says; between them the device is on for that long.",
    )


class InterruptedAccess(Strict):
    """Cuts of the power at moments at which they do most harm."""

    writing: WritingAccess | None = None
    starting: StartingAccess | None = None


class ResMechAccess(Strict):
    """How a program causes the outage and sees the recovery."""

    outage: OperationName | None = Field(default=None, description="Operation that causes the outage.")
    restore: OperationName | None = Field(default=None, description="Operation that ends it.")
    outages: tuple[OutageAccess, ...] = Field(
        default=(), description="Several ways to cause it, in place of outage and restore."
    )
    prepare: OperationName | None = Field(
        default=None, description="Operation before it, such as agreeing to a report."
    )
    tidy: OperationName | None = Field(
        default=None, description="Operation that undoes prepare; run in every case."
    )
    functions: tuple[OperationName, ...] = Field(
        default=(), description="Operations that succeed before and after it, and need not meanwhile."
    )
    state: tuple[OperationName, ...] = Field(
        default=(),
        description="Operations whose values are the same after it: settings, accounts, version ...",
    )
    recovered: tuple[Condition, ...] = Field(
        default=(),
        description="What shows that the device has connected again, such as its state at the service.",
    )
    reports: OperationName | None = Field(
        default=None,
        description="Operation whose value at the service changes with each report of the device: a time, an uptime.",
    )
    events: OperationName | None = Field(
        default=None,
        description="Operation whose value are the events that were delivered: a number, or a JSON list.",
    )
    event_time: Text | None = Field(
        default=None,
        description="Key of an element of that list with the time of the event (ISO 8601, or seconds).",
    )
    cycles: PositiveInt = Field(default=1, description="How often the power is cut.")
    interrupted: InterruptedAccess = Field(
        default=InterruptedAccess(),
        description="Further cuts of the power, while a setting is written and while the device starts.",
    )


def ways_of(access: ResMechAccess) -> tuple[OutageAccess, ...]:
    """The ways to cause the outage of an entry."""
    if access.outages or access.outage is None:
        return access.outages
    return (OutageAccess(cut=access.outage, restore=access.restore),)
