"""Facts and access of 26-UserDec: what users decide (5.12)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import Strict, Text

__all__ = [
    "UserDecAccess",
    "UserDecFacts",
]


class UserDecFacts(Strict):
    """Typed claims of an entry of 26-UserDec."""

    security_relevant: bool | None = None
    topic: Literal["password", "network", "updates", "remote-access", "data-sharing", "other"] | None = None
    options: tuple[Text, ...] = ()
    default: Text | None = None
    recommended: Text | None = None
    mentions: tuple[Text, ...] = Field(default=(), description="Words by which the guidance refers to it.")


class UserDecAccess(Strict):
    """How a program meets the decision."""
