"""Facts and access of 20-SecBoot: how altered software is found (5.7)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import Name, NonNegativeFloat, Regex, Strict, Text
from pytest_etsi.profile.facts.protection import CryptographyFacts, Guarantee

__all__ = [
    "SecBootAccess",
    "SecBootFacts",
]


class SecBootFacts(Strict):
    """Typed claims of an entry of 20-SecBoot."""

    guarantees: tuple[Guarantee, ...] = ()
    cryptography: tuple[CryptographyFacts, ...] = ()
    alerts_on: tuple[Literal["device", "app", "mail", "service", "serial"], ...] = ()
    alert_hosts: tuple[Text, ...] = Field(
        default=(), description="The only hosts it talks to after detection."
    )


class SecBootAccess(Strict):
    """How a program alters the software and restores it."""

    alter: Name | None = Field(
        default=None, description="Operation that alters the software in a detectable way."
    )
    restore: Name | None = Field(default=None, description="Operation that undoes it; required with alter.")
    alerted: Name | None = Field(
        default=None,
        description="Operation that succeeds only while the alert is there, such as a question to a light sensor.",
    )
    alert_pattern: Regex | None = Field(
        default=None,
        description="What the serial console says when the device has found its software altered.",
    )
    watch_s: NonNegativeFloat = Field(
        default=600.0,
        description="Time to watch the device after the alert; the sound device must have spoken within it.",
    )

    @model_validator(mode="after")
    def _what_is_altered_can_be_restored(self) -> SecBootAccess:
        if self.alter and not self.restore:
            raise PydanticCustomError(
                "etsi_restore", "restore is missing: the operation that undoes alter", {}
            )
        return self
