"""The bench around the device: supplies, links and whatever else is switched, and what a device stands of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import (
    Form,
    HandedTexts,
    Name,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveInt,
    Regex,
    Secret,
    Strict,
    Text,
    Url,
)
from pytest_etsi.profile.operations import HttpStep, ValueOf

__all__ = [
    "Command",
    "Equipment",
    "HttpEquipment",
    "LabgridEquipment",
    "ManualEquipment",
    "PowerAccess",
    "ShellEquipment",
    "ShellyEquipment",
    "TasmotaEquipment",
]


class _Equipment(Strict):
    settles_s: NonNegativeFloat = Field(
        default=60.0,
        description="Seconds within which what it says of itself follows what it was told; some are polled by the "
        "minute.",
    )
    timeout_s: NonNegativeFloat = Field(default=10.0, description="Seconds that one answer of it may take.")


class ShellyEquipment(_Equipment):
    """A relay or plug that speaks the HTTP interface of Shelly."""

    kind: Literal["shelly"]
    url: Url = Field(description="Its address, such as http://192.0.2.20; its host belongs to bench_hosts.")
    generation: PositiveInt = Field(default=2, description="1: /relay; 2 and later: /rpc.")
    channel: NonNegativeInt = Field(default=0, description="Which of its relays.")


class TasmotaEquipment(_Equipment):
    """A relay or plug that runs Tasmota."""

    kind: Literal["tasmota"]
    url: Url = Field(description="Its address, such as http://192.0.2.20; its host belongs to bench_hosts.")
    channel: PositiveInt = Field(default=1, description="Which of its relays, from 1.")
    username: Text = Field(default="admin", description="User of its web interface.")
    password: Secret | None = Field(default=None, repr=False, description="Password of its web interface.")


class HttpEquipment(_Equipment):
    """Any other equipment that is told by HTTP what to do."""

    kind: Literal["http"]
    actions: dict[Name, HttpStep] = Field(min_length=1, description="Action (on, off, press ...) -> request.")
    state: HttpStep | None = Field(default=None, description="Request that says whether it is on.")
    is_on: ValueOf | None = Field(default=None, description="Which part of the answer says it.")
    on_is: Regex = Field(default="(?i)on|true|1", description="What that part says when it is on.")
    off_is: Regex = Field(default="(?i)off|false|0", description="What that part says when it is off.")

    @model_validator(mode="after")
    def _state_is_read(self) -> HttpEquipment:
        if (self.state is None) != (self.is_on is None):
            raise PydanticCustomError("etsi_bench_state", "state and is_on go together", {})
        return self


class Command(Strict):
    """A program with its arguments."""

    program: Text = Field(description="Name or path of the program.")
    arguments: HandedTexts = Field(default=(), repr=False, description="Its arguments, one by one.")
    env: Form = Field(default_factory=dict, repr=False, description="Environment beside PATH, HOME and LANG.")


class ShellEquipment(_Equipment):
    """Equipment with a program of its own, such as a USB relay or a hub (uhubctl)."""

    kind: Literal["shell"]
    actions: dict[Name, Command] = Field(min_length=1, description="Action (on, off, press ...) -> program.")
    state: Command | None = Field(default=None, description="Program that says whether it is on.")
    is_on: ValueOf | None = Field(default=None, description="Which part of what it says tells it.")
    on_is: Regex = Field(default="(?i)on|true|1", description="What that part says when it is on.")
    off_is: Regex = Field(default="(?i)off|false|0", description="What that part says when it is off.")

    @model_validator(mode="after")
    def _state_is_read(self) -> ShellEquipment:
        if (self.state is None) != (self.is_on is None):
            raise PydanticCustomError("etsi_bench_state", "state and is_on go together", {})
        return self


class LabgridEquipment(_Equipment):
    """What switches the supply at the place of labgrid that ``access.labgrid`` names."""

    kind: Literal["labgrid"]
    name: Name | None = Field(
        default=None, description="Name of its resource or driver, where the place has several."
    )


class ManualEquipment(_Equipment):
    """A person's hand: what is to be done, action by action (``--etsi-attended``)."""

    kind: Literal["manual"]
    actions: dict[Name, Text] = Field(min_length=1, description="Action (on, off, press ...) -> instruction.")


def _kind(value: Any) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return str(kind) if kind is not None else None


Equipment = Annotated[
    Annotated[ShellyEquipment, Tag("shelly")]
    | Annotated[TasmotaEquipment, Tag("tasmota")]
    | Annotated[HttpEquipment, Tag("http")]
    | Annotated[ShellEquipment, Tag("shell")]
    | Annotated[LabgridEquipment, Tag("labgrid")]
    | Annotated[ManualEquipment, Tag("manual")],
    Discriminator(
        _kind,
        custom_error_type="etsi_operation_kind",
        custom_error_message="expected kind to be one of {options}",
        custom_error_context={"options": "shelly, tasmota, http, shell, labgrid, manual"},
    ),
]


class PowerAccess(Strict):
    """What the device stands of cuts of its power, and how long it takes to die and to start."""

    off_s: NonNegativeFloat = Field(
        default=5.0,
        description="Seconds without power, at least, counted from when the device was seen dead.",
    )
    dies_within_s: NonNegativeFloat = Field(
        default=60.0, description="Seconds within which the device is gone without power."
    )
    on_s: NonNegativeFloat = Field(
        default=15.0,
        description="Seconds with power, at least, before the next cut: several quick ones erase some devices.",
    )
    starts_within_s: NonNegativeFloat = Field(
        default=120.0, description="Seconds within which it answers, and is itself, when power is back."
    )
    most_cuts: PositiveInt = Field(default=30, description="Cuts of the power in one run, at most.")
    started: Regex | None = Field(
        default=None, description="What the serial console says at every start, and at no other time."
    )
