"""Facts and access of 27-UserIntf, 28-ExtAPI and 29-InpVal: where data come in, and how they are checked (5.13)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import (
    Json,
    Name,
    NonNegativeInt,
    OperationName,
    Port,
    PositiveInt,
    Strict,
    Text,
    Url,
)
from pytest_etsi.profile.facts.common import (
    AnyInterfaceFacts,
    ConnectingFacts,
    DescribedFacts,
    PlaceAccess,
    Request,
)

__all__ = [
    "ExtApiAccess",
    "ExtApiFacts",
    "InpValAccess",
    "InpValFacts",
    "InputAccess",
    "MessageAccess",
    "UserIntfAccess",
    "UserIntfFacts",
]


class UserIntfFacts(DescribedFacts):
    """Typed claims of an entry of 27-UserIntf."""

    rests_on: tuple[Name, ...] = Field(
        default=(), description="IDs in 15 or 28 of the interfaces by which its input reaches the device."
    )


class UserIntfAccess(Strict):
    """Where a program can enter data."""

    url: Url | None = None
    requests: tuple[Request, ...] = ()


class ExtApiFacts(AnyInterfaceFacts, ConnectingFacts):
    """Typed claims of an entry of 28-ExtAPI (28-LogIntf)."""

    protocol: Text | None = None
    remote: bool | None = None
    network: bool | None = Field(
        default=None, description="Whether it can be reached over a network interface."
    )
    paths: tuple[Text, ...] = Field(default=(), description="Paths or topics.")


class ExtApiAccess(PlaceAccess):
    """Requests that the interface takes."""

    requests: tuple[Request, ...] = ()


class InputAccess(Strict):
    """One input of the device over HTTP, and what the documents say of the values that it takes."""

    request: Request = Field(description="The request; {input} in its address, headers or body is the input.")
    type: Literal["text", "integer", "number", "boolean", "any"] = Field(
        default="text", description="What a value is; any: nothing is said of it."
    )
    valid: Json = Field(default="", description="A value that is taken; sent first, and again at the end.")
    invalid: tuple[Text, ...] = Field(default=(), description="Texts that the documents exclude.")
    min_length: NonNegativeInt | None = Field(default=None, description="Fewest characters.")
    max_length: PositiveInt | None = Field(default=None, description="Most characters.")
    minimum: float | None = Field(default=None, description="Least number.")
    maximum: float | None = Field(default=None, description="Greatest number.")
    read: Request | None = Field(
        default=None, description="A request whose answer shows the value that is stored."
    )
    pages: tuple[Url, ...] = Field(default=(), description="Pages on which the value is shown.")


class MessageAccess(Strict):
    """A service that does not speak HTTP, and takes messages whose form the method checks."""

    protocol: Literal["mqtt", "coap", "rtsp", "mdns", "ssdp", "raw"] = Field(
        description="What it speaks: MQTT, CoAP, RTSP, multicast DNS, SSDP, or anything else over TCP (raw)."
    )
    port: Port
    host: Text | None = Field(default=None, description="One of access.network.hosts; the first by default.")
    tls: bool = Field(default=False, description="Whether it speaks within TLS.")


class InpValAccess(Strict):
    """How a program feeds the inputs whose values the method checks."""

    inputs: tuple[InputAccess, ...] = Field(default=(), description="Inputs over HTTP.")
    messages: tuple[MessageAccess, ...] = Field(
        default=(), description="Services that are sent malformed messages of their protocol."
    )
    operations: tuple[OperationName, ...] = Field(
        default=(),
        description="Operations of the bench that feed something unexpected, such as a short press of a button.",
    )
    console: tuple[OperationName, ...] = Field(
        default=(),
        description="Operations after which the serial console takes lines; odd ones are sent then.",
    )


class InpValFacts(Strict):
    """Typed claims of an entry of 29-InpVal."""

    sources: tuple[Name, ...] = Field(
        default=(), description="IDs in 27-UserIntf, 28 or 11 whose input it validates."
    )
    where: tuple[Literal["device", "app", "browser", "service"], ...] = ()
    rejects: tuple[Literal["type", "length", "range", "encoding", "markup"], ...] = ()
