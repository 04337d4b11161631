"""A bench on another machine: a place of labgrid, and what of it is wanted."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import FilePath, NonNegativeFloat, Strict, Text

__all__ = ["LABGRID", "LabgridAccess"]

LABGRID = "labgrid://"
"""What the URL of a console begins with that labgrid offers; the name of its resource may follow."""


def _address(text: str) -> str:
    if not re.fullmatch(r"(?:\[[0-9A-Fa-f:.%\w-]+\]|[\w.-]+)(?::[0-9]{1,5})?", text, re.ASCII):
        raise PydanticCustomError(
            "etsi_labgrid_coordinator", 'expected host or host:port, got "{got}"', {"got": text}
        )
    return text


def _place(text: str) -> str:
    if not re.fullmatch(r"[^\s/*?+-][^\s/*?]*", text):
        raise PydanticCustomError(
            "etsi_labgrid_place", 'expected the whole name of a place, got "{got}"', {"got": text}
        )
    return text


class LabgridAccess(Strict):
    """A place of labgrid, by its coordinator or by an environment file."""

    coordinator: Annotated[Text, AfterValidator(_address)] | None = Field(
        default=None, description="Address of the coordinator, such as 192.0.2.30:20408."
    )
    place: Annotated[Text, AfterValidator(_place)] | None = Field(
        default=None, description="Name of the place; none: the RemotePlace of the environment file."
    )
    environment: FilePath | None = Field(
        default=None, description="labgrid's environment file, one target of which has a RemotePlace."
    )
    acquire: bool = Field(
        default=True,
        description="Whether a place that this user does not hold is acquired when it is first needed, and released "
        "at the end of the run.",
    )
    client: Text = Field(
        default="labgrid-client",
        description="labgrid's client: that of the extra labgrid, or the path of one in an environment of its own.",
    )
    timeout_s: NonNegativeFloat = Field(default=30.0, description="Seconds that one command may take.")

    @model_validator(mode="after")
    def _place_is_told(self) -> LabgridAccess:
        if self.environment is None and (self.coordinator is None or self.place is None):
            raise PydanticCustomError("etsi_labgrid", "coordinator and place are needed, or environment", {})
        return self
