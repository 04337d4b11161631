"""Facts and access of 20-SecBoot: how altered software is found (5.7)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import NonNegativeFloat, OperationName, Regex, Strict, Text
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

    alter: OperationName | None = Field(
        default=None,
        description="Operation that starts the device with altered software, in every set from which it could start.",
    )
    restore: OperationName | None = Field(
        default=None, description="Operation that undoes it; required with alter."
    )
    alerted: OperationName | None = Field(
        default=None,
        description="Operation that succeeds only while the alert is there, such as a question to a light sensor.",
    )
    alert_pattern: Regex | None = Field(
        default=None,
        description="What the serial console says when the device has found its software altered.",
    )
    alterations: tuple[OperationName, ...] = Field(
        default=(),
        description="Further operations that alter it, each in a way of its own and undone by restore: signed by "
        "another key, another verified part.",
    )
    written: OperationName | None = Field(
        default=None,
        description="Operation that gives what lies where the device starts from, such as its hash: by it a write is "
        "seen that has not happened.",
    )
    sound: OperationName | None = Field(
        default=None,
        description="Operation that succeeds only while the same sensor shows that all is well: by it silence is told "
        "from a sensor that is broken.",
    )
    alert_within_s: NonNegativeFloat = Field(
        default=120.0, description="Seconds from the start of altered software to the alert."
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
