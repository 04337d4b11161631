"""Facts and access of 15-Intf (15-PhyIntf) and 19-SecDev: where the device can be attacked (5.6)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import OperationName, Regex, Strict, Text
from pytest_etsi.profile.facts.common import AnyInterfaceFacts, DescribedFacts, Request

__all__ = [
    "Exposure",
    "IntfAccess",
    "IntfFacts",
    "SecDevFacts",
]


Exposure = Literal["required", "intermittent", "not-required"]


class IntfFacts(AnyInterfaceFacts):
    """Typed claims of an entry of 15-Intf (15-PhyIntf)."""

    type: tuple[Literal["network", "logical", "physical", "air"], ...] = ()
    exposure: Exposure | None = None
    default: Literal["enabled", "disabled", "permanently-disabled"] | None = None
    debug: bool | None = None
    accessible: bool | None = Field(
        default=None, description="Whether it can be reached from outside the casing."
    )


class IntfAccess(Strict):
    """How a program reaches the interface."""

    serial: Text | None = Field(default=None, description="Any pyserial URL.")
    enable: OperationName | None = Field(default=None, description="Operation that enables it.")
    disable: OperationName | None = Field(default=None, description="Operation that disables it.")
    scan: Request | None = Field(
        default=None,
        description="A request to a receiver of the bench that tells which radios are on the air.",
    )
    seen: Regex | None = Field(
        default=None, description="Regular expression by which this one shows in the receiver's answer."
    )

    responds: Regex | None = Field(
        default=None, description="Regular expression by which it shows in a line of access.attached."
    )

    @model_validator(mode="after")
    def _scan_shows_something(self) -> IntfAccess:
        if (self.scan is None) != (self.seen is None):
            raise PydanticCustomError("etsi_scan", "scan and seen go together", {})
        return self


class SecDevFacts(DescribedFacts):
    """Typed claims of an entry of 19-SecDev."""

    topics: tuple[
        Literal[
            "training",
            "requirements",
            "coding",
            "tools",
            "testing",
            "review",
            "archival",
            "deployment",
            "third-party",
        ],
        ...,
    ] = Field(default=(), description="Topics of secure development that the process addresses.")
