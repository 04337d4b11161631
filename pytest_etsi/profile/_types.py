"""The building blocks of the typed models: the frozen base and the small value types of the documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from pytest_etsi.profile._handed import Body, Form, HandedTexts, HandedUrl, Headers, Json, Line, Secret
from pytest_etsi.profile._interpolate import Nominal, OfVirtual
from pytest_etsi.profile.unread import Unread, listening, note

__all__ = [
    "AuthMechName",
    "Body",
    "Endpoint",
    "Endpoints",
    "FileOrFolder",
    "FilePath",
    "Form",
    "HandedTexts",
    "Headers",
    "HttpMethod",
    "Json",
    "Line",
    "Name",
    "NonNegativeFloat",
    "NonNegativeInt",
    "OperationName",
    "Port",
    "PositiveInt",
    "Refers",
    "Regex",
    "Secret",
    "StatusCode",
    "Strict",
    "Text",
    "Url",
    "is_file",
]


class Strict(BaseModel):
    """A mapping of a document: immutable, and every key has to be known."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, hide_input_in_errors=True)

    @property
    def _notes(self) -> dict[str, tuple[tuple[Unread, ...], Any]]:
        """What is noted of fields: name -> what, and the value that stands for it.

        It lies where pydantic keeps what belongs to a model beside its fields, and copies and compares it. An attribute
        that is declared to it would be made for each of thousands of models, of which hardly one has any notes.
        """
        return self.__pydantic_private__ or {}

    def says(self, name: str) -> bool:
        """Whether a key was written; `[]` and 0 are statements too."""
        if name in self._notes:
            note(self._notes[name][0])
        return name in self.model_fields_set

    def leave_unread(self, name: str, unread: Unread) -> None:
        """Let a field stand as if it were left out, and note whenever it is read."""
        self._note(name, unread, type(self).model_fields[name].get_default(call_default_factory=True))

    def leave_drafted(self, name: str, draft: Unread) -> None:
        """Note whenever a field is read, whose value stands."""
        with listening(lambda _: None):
            self._note(name, draft, getattr(self, name))

    def _note(self, name: str, unread: Unread, value: Any) -> None:
        before = self._notes.get(name, ((), None))[0]
        self.__pydantic_private__ = {**self._notes, name: ((*before, unread), value)}
        # Without a value of its own the field is looked up below, and others cost nothing.
        self.__dict__.pop(name, None)

    if not TYPE_CHECKING:  # a wrong name is an error of the type checker

        def __getattr__(self, name: str) -> Any:
            noted = object.__getattribute__(self, "__pydantic_private__") or {}
            if name in noted:
                unread, value = noted[name]
                note(unread)
                return value
            return super().__getattr__(name)


def _expect(what: str) -> dict[str, Any]:
    return {"x-expected": what}


def _regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise PydanticCustomError("etsi_regex", "no regular expression: {why}", {"why": str(error)}) from None
    except (OverflowError, RecursionError):
        raise PydanticCustomError("etsi_regex", "too large a regular expression") from None
    return text


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", text):
        raise PydanticCustomError(
            "etsi_url", 'expected a URL such as https://192.0.2.7/login, got "{got}"', {"got": text}
        )
    return text


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; a name that none can have is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _file(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return value
    if not value or "\x00" in value:
        raise PydanticCustomError("etsi_file", "expected a file name, got nothing")
    path = Path(info.context["base"], value) if info.context else Path(value)
    needed = info.context and not (info.context.get("not_there_yet") or isinstance(value, Nominal))
    if needed and not is_file(path):
        raise PydanticCustomError("etsi_file", 'no such file: "{got}"', {"got": value})
    return _noted(path, value, info)


def _noted(path: Path, value: str, info: ValidationInfo) -> Path:
    if info.context and not isinstance(value, OfVirtual):
        info.context["files"][path] = value
    return path


Text = Annotated[str, Field(json_schema_extra=_expect("text"))]
Name = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$",
        json_schema_extra=_expect('a name of letters, digits, "-", "_" and "."'),
    ),
]


@dataclass(frozen=True, slots=True)
class Refers:
    """Marks a name as one of something that has to exist: an ``operation`` of the profile, or an entry of a table."""

    to: str


OperationName = Annotated[Name, Refers("operation")]
AuthMechName = Annotated[Name, Refers("1-AuthMech")]
PositiveInt = Annotated[int, Field(gt=0)]
NonNegativeInt = Annotated[int, Field(ge=0)]
NonNegativeFloat = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Port = Annotated[int, Field(ge=1, le=65535, json_schema_extra=_expect("a port from 1 to 65535"))]
StatusCode = Annotated[
    int, Field(ge=100, le=599, json_schema_extra=_expect("an HTTP status from 100 to 599"))
]
HttpMethod = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
Regex = Annotated[str, AfterValidator(_regex), Field(json_schema_extra=_expect("a regular expression"))]
Url = Annotated[
    str,
    AfterValidator(_url),
    AfterValidator(HandedUrl),
    Field(json_schema_extra=_expect("an http or https URL")),
]


def _file_or_folder(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str) and value and "\x00" not in value and info.context:
        path = Path(info.context["base"], value)
        if is_folder(path):
            return _noted(path, value, info)
    return _file(value, info)


FilePath = Annotated[Path, BeforeValidator(_file), Field(json_schema_extra=_expect("a file name"))]
"""A file that exists; relative to the document that names it."""
FileOrFolder = Annotated[
    Path, BeforeValidator(_file_or_folder), Field(json_schema_extra=_expect("the name of a file or folder"))
]

_ENDPOINT = re.compile(
    r"(?:(?P<host>\[[0-9A-Fa-f:.%\w]+\]|[^\s:/\[\]]+):)?(?P<port>[0-9]{1,5})/(?P<protocol>tcp|udp)"
)


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """A port of the device, ``443/tcp``; with a host only where it is not the device's own address.

    Attributes:
        host: address or name; None: any address of the device.
        port: 1 to 65535.
        protocol: "tcp" or "udp".
    """

    host: str | None
    port: int
    protocol: Literal["tcp", "udp"]

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """The endpoint written as ``443/tcp``, ``192.0.2.7:443/tcp`` or ``[2001:db8::7]:443/tcp``.

        Raises:
            ValueError: it is written otherwise.
        """
        match = _ENDPOINT.fullmatch(text.strip())
        if match is None or not 1 <= int(match["port"]) <= 65535:
            raise ValueError(f'expected an endpoint such as 443/tcp, got "{text}"')
        host = match["host"]
        protocol: Literal["tcp", "udp"] = "tcp" if match["protocol"] == "tcp" else "udp"
        return cls(host.strip("[]") if host else None, int(match["port"]), protocol)

    def __str__(self) -> str:
        host = f"[{self.host}]" if self.host and ":" in self.host else self.host
        return f"{host}:{self.port}/{self.protocol}" if host else f"{self.port}/{self.protocol}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def validate(value: object) -> Endpoint:
            if isinstance(value, cls):
                return value
            try:
                return cls.parse(str(value) if isinstance(value, str | int) else "")
            except ValueError:
                shown = str(value) if isinstance(value, str | int) else "a list or mapping"
                raise PydanticCustomError(
                    "etsi_endpoint", 'expected an endpoint such as 443/tcp, got "{got}"', {"got": shown}
                ) from None

        return core_schema.no_info_plain_validator_function(
            validate, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": r"^(.+:)?[0-9]{1,5}/(tcp|udp)$",
            "x-expected": "an endpoint such as 443/tcp",
        }


def _one_or_more(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Endpoints = Annotated[
    tuple[Endpoint, ...], BeforeValidator(_one_or_more, json_schema_input_type=list[Endpoint] | Endpoint)
]
"""An endpoint or a list of endpoints."""
