"""What the models of several tables have in common."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import (
    AuthMechName,
    Body,
    Form,
    Headers,
    HttpMethod,
    StatusCode,
    Strict,
    Text,
    Url,
)

__all__ = [
    "DescribedFacts",
    "DeviceState",
    "NoAccess",
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
