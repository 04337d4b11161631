"""Facts and access of 25-DelFunc: how users delete their data (5.11)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import Name, Strict, Text

__all__ = [
    "DelFuncAccess",
    "DelFuncFacts",
]


class DelFuncFacts(Strict):
    """Typed claims of an entry of 25-DelFunc."""

    target: tuple[Literal["device", "service"], ...] = ()
    covers: tuple[Literal["personal-data", "settings", "credentials", "keys"], ...] = ()
    mentions: tuple[Text, ...] = Field(default=(), description="Words by which the instructions refer to it.")
    personal_data: tuple[Name, ...] = Field(
        default=(), description="IDs in 21-PersData of the data that it deletes from services."
    )
    interaction: Literal["simple", "expert"] | None = Field(
        default=None,
        description="simple: a layperson can do it; expert: it takes special tools or knowledge.",
    )


class DelFuncAccess(Strict):
    """How a program starts the deletion."""

    operation: Name | None = None
