"""Facts and access of 25-DelFunc: how users delete their data (5.11)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import Name, NonNegativeFloat, OperationName, Regex, Strict, Text
from pytest_etsi.profile.operations import Condition

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
    within_s: NonNegativeFloat | None = Field(
        default=None,
        description="Seconds after which all data are gone, as documented; nothing said: at once.",
    )


class DelFuncAccess(Strict):
    """How a program leaves recognisable data, starts the deletion, and looks for what is left."""

    operation: OperationName | None = Field(
        default=None,
        description="Operation that starts it as the documents describe; nothing said: erase-user-data.",
    )
    create: tuple[OperationName, ...] = Field(
        default=(),
        description="Operations that put {marker} where users put their data; nothing said: create-user-data.",
    )
    reads: tuple[OperationName, ...] = Field(
        default=(),
        description="Operations whose values show the data, one for each way in; nothing said: read-user-data, or "
        "read-service-data where services are the target.",
    )
    seen_within_s: NonNegativeFloat = Field(
        default=30.0, description="Seconds within which new data show on every way."
    )
    not_by: tuple[OperationName, ...] = Field(
        default=(), description="Operations that must not start it, such as a shorter press of its button."
    )
    not_by_others: tuple[OperationName, ...] = Field(
        default=(),
        description="Operations by which another user without elevated rights tries to delete the data; they must not "
        "succeed in it. []: the device has one user only.",
    )
    tells: Regex | None = Field(
        default=None,
        description="What the value of the operation says when it tells the user that the data are gone.",
    )
    confirmed: tuple[Condition, ...] = Field(
        default=(), description="What else tells the user so: a light, a page; not so before."
    )
    fail: OperationName | None = Field(
        default=None, description="Operation that keeps the deletion from succeeding, such as cut-uplink."
    )
    mend: OperationName | None = Field(
        default=None, description="Operation that undoes fail; run in every case."
    )
    again: OperationName | None = Field(
        default=None,
        description="Operation that brings the device back into use before it is looked at for the last time; nothing "
        "said: initialize, where the device is the target.",
    )
    uses: tuple[OperationName, ...] = Field(
        default=(), description="Operations by which erased data could come back: a report, a restart."
    )
    keeps: tuple[OperationName, ...] = Field(
        default=(), description="Operations whose values stay the same: data of somebody else."
    )
    tidy: OperationName | None = Field(
        default=None, description="Operation that takes {marker} away by hand; run in every case."
    )
