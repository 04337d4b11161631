"""Facts and access of 13-SoftServ: services, and who may use them (5.5-4, 5.5-5, 5.6-5)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import AuthMechName, Endpoints, FilePath, NonNegativeFloat, Strict, Text, Url
from pytest_etsi.profile.facts.common import DeviceState, Request

__all__ = [
    "OpenApiAccess",
    "ShellAccess",
    "SoftServAccess",
    "SoftServFacts",
    "StreamAccess",
    "TopicAccess",
]


class SoftServFacts(Strict):
    """Typed claims of an entry of 13-SoftServ."""

    endpoint: Endpoints = Field(default=(), description="Where it answers: 554/tcp, or a list of such.")
    network: bool | None = Field(
        default=None, description="Whether a network interface exposes it in the initialized state."
    )
    states: tuple[DeviceState, ...] = ()
    protocol: Text | None = None
    configures: bool | None = Field(
        default=None, description="Whether security-relevant settings can be changed through it."
    )


class TopicAccess(Strict):
    """A topic of the device's MQTT broker that only those may read or write who hold the right."""

    topic: Text = Field(description="Topic, or for reading a filter.")
    do: Literal["read", "write"] = Field(description="What the right is for.")
    login: AuthMechName = Field(description="ID of the 1-AuthMech entry (driver mqtt) that holds the right.")
    payload: Text = Field(
        default="etsi-{random}",
        description="Harmless content to publish; {random} becomes a new value each time, by which it is recognised.",
    )
    not_by_second: bool = Field(
        default=False, description="Whether the second account of login must not either."
    )
    wait_s: NonNegativeFloat = Field(default=2.0, description="Time in which a message arrives.")

    @model_validator(mode="after")
    def _a_written_message_is_recognised(self) -> TopicAccess:
        if self.do == "write" and "{random}" not in self.payload:
            raise PydanticCustomError(
                "etsi_payload", "payload has no {random}, by which one message is told from another", {}
            )
        return self


class OpenApiAccess(Strict):
    """An OpenAPI document of the service: its GET operations that need a login are tried like access.requests."""

    file: FilePath = Field(description="The document, JSON or YAML.")
    url: Url = Field(description="Where the API is on the device; the document's servers are not asked.")
    login: AuthMechName = Field(description="ID of the 1-AuthMech entry in whose session they are made.")
    generate: bool = Field(
        default=False,
        description="Whether operations that change something, and have no request of their own, are tried without a "
        "login, with values made from the document (needs the extra openapi and the permission change-credentials).",
    )


class StreamAccess(Strict):
    """A stream of the device's RTSP server that only those may get who hold the right."""

    path: Text = Field(description="Path of the stream: /live.")
    login: AuthMechName = Field(description="ID of the 1-AuthMech entry (driver rtsp) that holds the right.")
    not_by_second: bool = Field(
        default=False, description="Whether the second account of login must not either."
    )


class ShellAccess(Strict):
    """What lies behind a login of SSH or telnet, which only those may reach who hold the right."""

    login: AuthMechName = Field(
        description="ID of the 1-AuthMech entry (driver ssh or telnet) that holds the right."
    )
    not_by_second: bool = Field(
        default=False, description="Whether the second account of login must not either."
    )


class SoftServAccess(Strict):
    """Requests that need authentication and those that change a security-relevant setting."""

    requests: tuple[Request, ...] = Field(
        default=(), description="Requests that are refused without authentication."
    )
    changes: tuple[Request, ...] = Field(
        default=(), description="Requests that change a security-relevant setting."
    )
    refused: tuple[Request, ...] = Field(
        default=(),
        description="Requests that the second account of their login may not make; expect: what a success would be. "
        "[]: it may do whatever the first one may.",
    )
    never: tuple[Request, ...] = Field(
        default=(),
        description="Requests that nobody may make once the device is initialized; expect: what a success would be.",
    )
    openapi: OpenApiAccess | None = Field(default=None, description="An OpenAPI document of the service.")
    streams: tuple[StreamAccess, ...] = Field(
        default=(), description="Streams of RTSP that are refused without authentication."
    )
    topics: tuple[TopicAccess, ...] = Field(
        default=(), description="Topics of MQTT that are refused without authentication."
    )
    shells: tuple[ShellAccess, ...] = Field(
        default=(), description="Logins of SSH or telnet that let nobody in without the right."
    )
    paths: tuple[Text, ...] = Field(default=(), description="Further paths or topics of the service.")
