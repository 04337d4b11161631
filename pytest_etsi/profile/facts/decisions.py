"""Facts and access of 26-UserDec: what users decide (5.12)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import AuthMechName, Name, Strict, Text, Url
from pytest_etsi.profile.operations import Condition

__all__ = [
    "ControlAccess",
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
    asked_during: Literal["initialization", "operation"] | None = Field(
        default=None, description="When the device asks: while it is set up, or later."
    )
    update_mechanisms: tuple[Name, ...] = Field(
        default=(),
        description="IDs in 7-UpdMech of the mechanisms whose automatic updates the user agrees to by it.",
    )


class ControlAccess(Strict):
    """By what an option is chosen on a page; neither field nor button: by doing nothing."""

    field: Text | None = Field(default=None, description="Name of the form's field.")
    value: str = Field(
        default="",
        description='What the field holds then: a value, "" for no tick or no text, "*" for a text of the user\'s own.',
    )
    button: Text | None = Field(default=None, description="What stands on the button.")


class UserDecAccess(Strict):
    """How a program meets the decision."""

    factory_default: bool = Field(
        default=False, description="Whether it is put in factory default, before the device is set up."
    )
    page: Url | None = Field(default=None, description="Page on which it is put.")
    login: AuthMechName | None = Field(
        default=None, description="ID of the 1-AuthMech entry in whose session the page is read."
    )
    controls: dict[Text, ControlAccess] = Field(
        default_factory=dict, description="Option of facts.options -> by what it is chosen on the page."
    )
    offered: dict[Text, Condition] = Field(
        default_factory=dict,
        description="In place of page: option of facts.options -> what holds while it is open to the user.",
    )
    unanswered: Condition | None = Field(
        default=None,
        description="With offered: what holds as long as nobody has answered, so that the default is in force.",
    )
