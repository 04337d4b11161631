"""How a login over HTTP is said in the profile: requests in order, and what is taken from their answers."""

from __future__ import annotations

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import Body, Form, Headers, HttpMethod, Name, Regex, Strict, Text, Url

__all__ = ["LoginStep", "Taken"]


class Taken(Strict):
    """Where a value stands in an answer; exactly one place."""

    json_path: Text | None = Field(
        default=None,
        alias="json",
        description="Keys, and numbers of list elements from 0, joined by dots: data.session.token.",
    )
    field: Text | None = Field(default=None, description="Name of a form field in the page: its value.")
    header: Text | None = Field(default=None, description="Name of a header.")
    cookie: Text | None = Field(default=None, description="Name of a cookie that has been set.")
    pattern: Regex | None = Field(
        default=None, description="Regular expression found in the body; its first group, or all of it."
    )

    @model_validator(mode="after")
    def _one_place(self) -> Taken:
        places = (self.json_path, self.field, self.header, self.cookie, self.pattern)
        if sum(place is not None for place in places) != 1:
            raise PydanticCustomError(
                "etsi_taken", "expected exactly one of json, field, header, cookie and pattern", {}
            )
        return self


class LoginStep(Strict):
    """One request of a login; ``{username}``, ``{password}`` and the names that were taken stand for their values."""

    method: HttpMethod = "GET"
    url: Url
    json_body: Body = Field(default=None, alias="json", description="JSON body.")
    form: Form | None = Field(default=None, description="Form body.")
    headers: Headers = Field(default_factory=dict)
    take: dict[Name, Taken] = Field(
        default_factory=dict, description="What is taken from the answer, by the name that stands for it."
    )
