"""Facts and access of 25-DelFunc: how users delete their data (5.11)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import Name, NonNegativeFloat, Regex, Strict, Text
from pytest_etsi.profile.facts.common import Request

__all__ = [
    "DelFuncAccess",
    "DelFuncFacts",
]


class DelFuncFacts(Strict):
    """Typed claims of an entry of 25-DelFunc."""

    target: tuple[Literal["device", "service"], ...] = ()
    covers: tuple[Literal["personal-data", "settings", "credentials", "keys"], ...] = ()
    confirms_by: tuple[Literal["device", "app", "mail", "page", "api"], ...] = ()
    deadline_h: NonNegativeFloat | None = Field(
        default=None, description="Longest time until the data are gone, in hours."
    )
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
    confirmed: Request | None = Field(
        default=None, description="A request whose answer confirms the deletion."
    )
    confirmation_pattern: Regex | None = None
