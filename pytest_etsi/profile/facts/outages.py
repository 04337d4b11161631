"""Facts and access of 23-ResMech: what happens without network or power (5.9)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import Name, NonNegativeFloat, Strict
from pytest_etsi.profile.facts.common import Request

__all__ = [
    "Outage",
    "ResMechAccess",
    "ResMechFacts",
]


Outage = Literal["network", "power"]


class ResMechFacts(Strict):
    """Typed claims of an entry of 23-ResMech."""

    covers: tuple[Outage, ...] = ()
    recovery_s: NonNegativeFloat | None = Field(
        default=None, description="Longest time to recover, in seconds."
    )
    keeps: tuple[Literal["settings", "accounts", "recordings", "clock", "local-functions"], ...] = ()


class ResMechAccess(Strict):
    """How a program causes the outage and sees the recovery."""

    outage: Name | None = Field(default=None, description="Operation that causes the outage.")
    restore: Name | None = Field(default=None, description="Operation that ends it.")
    healthy: Request | None = Field(
        default=None, description="A request that succeeds when the function is back."
    )
