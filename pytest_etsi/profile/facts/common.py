"""What the models of several tables have in common."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import (
    AuthMechName,
    Body,
    Endpoints,
    Form,
    Headers,
    HttpMethod,
    NonNegativeFloat,
    Port,
    StatusCode,
    Strict,
    Text,
    Url,
)

__all__ = [
    "AnyInterfaceFacts",
    "ConnectingFacts",
    "DescribedFacts",
    "DeviceState",
    "NoAccess",
    "PlaceAccess",
    "Request",
]


DeviceState = Literal["factory-default", "initialized"]


class NoAccess(Strict):
    """Access of a table whose entries a program does not exercise."""


class DescribedFacts(Strict):
    """Facts of a table that people judge: only the words by which documents refer to the entry."""

    mentions: tuple[Text, ...] = Field(
        default=(), description="Words by which published documents refer to it."
    )


class AnyInterfaceFacts(Strict):
    """What physical and logical interfaces claim alike: 15-Intf (15-PhyIntf) and 28-ExtAPI (28-LogIntf)."""

    enabled: bool | None = None
    endpoint: Endpoints = Field(default=(), description="Where it answers: 443/tcp, or a list of such.")
    discloses: tuple[Text, ...] = Field(
        default=(), description="What it reveals without login, as found on the wire."
    )


class ConnectingFacts(Strict):
    """What everything that begins connections claims: 11-ComMech in edition 1.1.1, 28-LogIntf in 2.1.1."""

    direction: Literal["outgoing", "incoming", "both"] | None = None
    endpoint: Endpoints = Field(
        default=(), description="Where the device answers: 443/tcp, or a list of such."
    )
    peers: tuple[Text, ...] = Field(
        default=(), description="Hosts that the device connects to, with port: api.example:443."
    )
    retry_first_s: NonNegativeFloat | None = Field(
        default=None, description="First wait before a new attempt, in seconds."
    )
    retry_max_s: NonNegativeFloat | None = Field(
        default=None, description="Longest wait before a new attempt, in seconds."
    )
    retry_jitter: bool | None = Field(default=None, description="Whether the waits are randomized.")


class PlaceAccess(Strict):
    """Where a program meets it."""

    url: Url | None = None
    host: Text | None = None
    port: Port | None = None


class Request(Strict):
    """One HTTP request to the device or a service."""

    method: HttpMethod = "GET"
    url: Url
    json_body: Body = Field(default=None, alias="json", description="JSON body.")
    form: Form | None = Field(default=None, description="Form body.")
    headers: Headers = Field(default_factory=dict)
    expect: tuple[StatusCode, ...] = Field(default=(200, 204), description="HTTP status of a success.")
    login: AuthMechName | None = Field(
        default=None, description="ID of the 1-AuthMech entry in whose session it is sent."
    )
