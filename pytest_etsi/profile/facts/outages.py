"""Facts and access of 23-ResMech: what happens without network or power (5.9)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import Name, Strict

__all__ = [
    "Outage",
    "ResMechAccess",
    "ResMechFacts",
]


Outage = Literal["network", "power"]


class ResMechFacts(Strict):
    """Typed claims of an entry of 23-ResMech."""

    covers: tuple[Outage, ...] = ()


class ResMechAccess(Strict):
    """How a program causes the outage and sees the recovery."""

    outage: Name | None = Field(default=None, description="Operation that causes the outage.")
    restore: Name | None = Field(default=None, description="Operation that ends it.")
