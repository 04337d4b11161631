"""What can be done to a device, its bench and its service: the typed forms of ``access.operations``.

All kinds share what an operation may take (time, repetitions where it is harmless), what has to hold at the device
before and after it, the value that it gives, and how to recover. `pytest_etsi.dut.reach.operations` carries them out.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._handed import HandedUrl
from pytest_etsi.profile._types import (
    AuthMechName,
    Body,
    Form,
    HandedTexts,
    Headers,
    HttpMethod,
    Line,
    Name,
    NonNegativeFloat,
    NonNegativeInt,
    OperationName,
    Regex,
    StatusCode,
    Strict,
    Text,
    Url,
)

__all__ = [
    "BenchOperation",
    "CloudOperation",
    "Condition",
    "ConsoleOperation",
    "ConsoleStep",
    "HttpOperation",
    "HttpStep",
    "ManualOperation",
    "MqttOperation",
    "Operation",
    "OperationBase",
    "PackageBody",
    "PythonOperation",
    "SequenceOperation",
    "ShellOperation",
    "SshOperation",
    "ValueOf",
    "service_path",
]


def _call(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*", text):
        raise PydanticCustomError("etsi_call", 'expected module:function, got "{got}"', {"got": text})
    return text


def _program(text: str) -> str:
    if not text or text.startswith("-") or "\x00" in text:
        raise PydanticCustomError("etsi_program", 'expected a program, got "{got}"', {"got": text})
    return text


def service_path(text: str) -> str:
    """A path at a service; what it is instead is not told, since its query may hold a secret.

    Raises:
        PydanticCustomError: it is none.
    """
    if re.fullmatch(r"/\S*", text) is None:
        raise PydanticCustomError("etsi_path", "expected a path, /v1/...", {})
    return text


class ValueOf(Strict):
    """Which part of what came back is the value that an operation gives."""

    json_path: Text | None = Field(
        default=None,
        alias="json",
        description="Keys in keys of the JSON that came back, and numbers of list elements from 0, joined by dots.",
    )
    pattern: Regex | None = Field(
        default=None,
        description="Regular expression over it, line by line; its first group, or all that fits, is the value.",
    )

    @model_validator(mode="after")
    def _something_is_picked(self) -> ValueOf:
        if self.json_path is None and self.pattern is None:
            raise PydanticCustomError("etsi_value", "expected json or pattern", {})
        return self


class Condition(Strict):
    """What has to hold, as it shows at the device; exactly one of its questions, asked again until it holds."""

    answers: bool | None = Field(
        default=None, description="The device answers on the network, or (false) does not."
    )
    identity: bool = Field(default=False, description="It is the device that the profile describes.")
    console: Regex | None = Field(default=None, description="What the serial console says.")
    succeeds: OperationName | None = Field(
        default=None, description="An operation that succeeds only while it is so, such as a light sensor."
    )
    value_of: OperationName | None = Field(
        default=None, description="An operation of which the value is looked at."
    )
    matches: Regex | None = Field(default=None, description="What the whole value has to fit.")
    within_s: NonNegativeFloat = Field(default=0.0, description="Seconds within which it has to hold.")

    @model_validator(mode="after")
    def _one_question(self) -> Condition:
        asked = (self.answers, self.identity or None, self.console, self.succeeds, self.value_of)
        if sum(one is not None for one in asked) != 1:
            raise PydanticCustomError(
                "etsi_condition", "expected one of answers, identity, console, succeeds and value_of", {}
            )
        if (self.value_of is None) != (self.matches is None):
            raise PydanticCustomError("etsi_condition_value", "value_of and matches go together", {})
        return self

    def __str__(self) -> str:
        if self.answers is not None:
            return f"the device {'answers' if self.answers else 'does not answer'} on the network"
        if self.identity:
            return "it is the device that the profile describes"
        if self.console is not None:
            return f"the serial console says {self.console!r}"
        if self.succeeds is not None:
            return f"the operation {self.succeeds!r} succeeds"
        return f"the value of {self.value_of!r} fits {self.matches!r}"


class OperationBase(Strict):
    """What operations of all kinds have in common."""

    recover: Text = Field(default="", description="How to recover if it goes wrong.")
    settle_s: NonNegativeFloat = Field(default=0.0, description="Seconds to wait afterwards.")
    timeout_s: NonNegativeFloat = Field(default=30.0, description="Seconds that it may take.")
    harmless: bool = Field(
        default=False, description="Whether doing it twice, or to a device in any state, does no harm."
    )
    retries: NonNegativeInt = Field(
        default=0, le=20, description="How often it is tried again when it failed; only where it is harmless."
    )
    cuts_power: bool = Field(
        default=False,
        description="Whether it cuts the device's power, and is counted (access.power) like power-off and power-cycle.",
    )
    before: tuple[Condition, ...] = Field(default=(), description="What has to hold before.")
    after: tuple[Condition, ...] = Field(default=(), description="What has to hold after it has settled.")
    value: ValueOf | None = Field(default=None, description="The value that it gives.")

    @property
    def parts(self) -> int:
        """How many times `timeout_s` it may take."""
        return 1

    @model_validator(mode="after")
    def _only_the_harmless_is_repeated(self) -> OperationBase:
        if self.retries and not self.harmless:
            raise PydanticCustomError("etsi_retries", "retries need harmless: true", {})
        return self


class PackageBody(Strict):
    """That the package of an update is sent: the file that ``{package}`` stands for elsewhere."""

    field: Text | None = Field(
        default=None, description="Field of the form in which it is sent; none: it is the body."
    )
    filename: Text = Field(default="update.bin", description="Name that it is sent under, in a form.")


class HttpStep(Strict):
    """One request of an operation."""

    method: HttpMethod = "POST"
    url: Url
    json_body: Body = Field(default=None, alias="json", description="JSON body.")
    form: Form | None = Field(default=None, description="Form body.")
    package: PackageBody | None = Field(default=None, description="Sends the package of an update.")
    headers: Headers = Field(default_factory=dict, repr=False)
    expect: tuple[StatusCode, ...] = Field(default=(200, 204), description="HTTP status of a success.")
    login: AuthMechName | None = Field(
        default=None, description="ID of the 1-AuthMech entry in whose session it is sent."
    )
    second: bool = Field(
        default=False, description="Whether it is sent in the session of the second account of that entry."
    )


class HttpOperation(OperationBase):
    """An operation by HTTP: one request, or several `steps`; the last one gives the value."""

    kind: Literal["http"]
    method: HttpMethod = "POST"
    url: Url | None = None
    json_body: Body = Field(default=None, alias="json", description="JSON body.")
    form: Form | None = Field(default=None, description="Form body.")
    package: PackageBody | None = Field(default=None, description="Sends the package of an update.")
    headers: Headers = Field(default_factory=dict, repr=False)
    expect: tuple[StatusCode, ...] = Field(default=(200, 204), description="HTTP status of a success.")
    login: AuthMechName | None = Field(
        default=None, description="ID of the 1-AuthMech entry in whose session it is sent."
    )
    second: bool = Field(
        default=False, description="Whether it is sent in the session of the second account of that entry."
    )
    steps: tuple[HttpStep, ...] = Field(
        default=(), description="Several requests, in order, in place of url."
    )

    @model_validator(mode="after")
    def _either_url_or_steps(self) -> HttpOperation:
        if (self.url is None) == (not self.steps):
            raise PydanticCustomError("etsi_url_or_steps", "expected either url or steps", {})
        return self

    @property
    def parts(self) -> int:
        """How many times `timeout_s` it may take."""
        return len(self.requests())

    def requests(self) -> tuple[HttpStep, ...]:
        """The requests of the operation, in order."""
        if self.steps:
            return self.steps
        assert self.url is not None  # noqa: S101 - the validator saw to it
        return (
            HttpStep(
                method=self.method,
                url=self.url,
                json=self.json_body,
                form=self.form,
                package=self.package,
                headers=self.headers,
                expect=self.expect,
                login=self.login,
                second=self.second,
            ),
        )


class CloudOperation(OperationBase):
    """A request to the associated service, with the address and the headers of ``access.cloud``."""

    kind: Literal["cloud"]
    method: HttpMethod = "GET"
    path: Annotated[
        str,
        AfterValidator(service_path),
        AfterValidator(HandedUrl),
        Field(json_schema_extra={"x-expected": "a path, /v1/..."}),
    ]
    json_body: Body = Field(default=None, alias="json", description="JSON body.")
    form: Form | None = Field(default=None, description="Form body.")
    package: PackageBody | None = Field(default=None, description="Sends the package of an update.")
    headers: Headers = Field(default_factory=dict, repr=False)
    expect: tuple[StatusCode, ...] = Field(default=(200, 204), description="HTTP status of a success.")


class SshOperation(OperationBase):
    """A command in a session of SSH."""

    kind: Literal["ssh"]
    login: AuthMechName = Field(description="ID of the 1-AuthMech entry in whose session it runs.")
    second: bool = Field(
        default=False, description="Whether it runs in the session of the second account of that entry."
    )
    command: Line = Field(repr=False, description="The command, as the device's shell takes it.")
    expect: tuple[NonNegativeInt, ...] = Field(default=(0,), description="Exit status of a success.")


class ConsoleStep(Strict):
    """A line sent to the console and what has to come back."""

    send: Line | None = Field(default=None, repr=False)
    expect: Regex | None = None
    timeout_s: NonNegativeFloat = 10.0


class ConsoleOperation(OperationBase):
    """An operation on the serial console; what the last expectation met gives the value."""

    kind: Literal["console"]
    steps: tuple[ConsoleStep, ...] = Field(min_length=1)


class MqttOperation(OperationBase):
    """A message to a broker, and the one that comes back."""

    kind: Literal["mqtt"]
    login: AuthMechName = Field(description="ID of the 1-AuthMech entry by which the broker lets in.")
    topic: Text | None = Field(default=None, description="Topic of the message that is published.")
    payload: Line | None = Field(default=None, repr=False, description="What it says; none: nothing.")
    listen: Text | None = Field(default=None, description="Topic on which a message has to come.")
    expect: Regex | None = Field(default=None, description="What it has to say.")

    @model_validator(mode="after")
    def _something_is_done(self) -> MqttOperation:
        if self.topic is None and self.listen is None:
            raise PydanticCustomError("etsi_mqtt", "expected topic or listen", {})
        return self


class BenchOperation(OperationBase):
    """What a piece of equipment of ``access.bench`` does, or what a project adds by the hook for operations."""

    kind: Literal["bench"]
    driver: Name = Field(description="Name of the equipment under access.bench.")
    action: Name = Field(description="What it is to do: on, off, cycle, state, or an action of its own.")
    options: dict[str, Body] = Field(
        default_factory=dict, description="What fills {name} in what the equipment is told."
    )


class ShellOperation(OperationBase):
    """A program of this machine, by its arguments; no shell reads them, and what it says is bounded."""

    kind: Literal["shell"]
    program: Annotated[str, AfterValidator(_program)] = Field(description="Name or path of the program.")
    arguments: HandedTexts = Field(default=(), repr=False, description="Its arguments, one by one.")
    env: Form = Field(default_factory=dict, repr=False, description="Environment beside PATH, HOME and LANG.")
    expect: tuple[NonNegativeInt, ...] = Field(default=(0,), description="Exit status of a success.")


class PythonOperation(OperationBase):
    """An operation by a function of the project; what it returns is what came back."""

    kind: Literal["python"]
    call: Annotated[str, AfterValidator(_call)] = Field(description="module:function")
    options: dict[str, Body] = Field(default_factory=dict, description="Keyword arguments.")


class ManualOperation(OperationBase):
    """What a person at the bench does (``--etsi-attended``), and says of it."""

    kind: Literal["manual"]
    instruction: Text = Field(description="What is to be done, in words for the person at the bench.")
    question: Text | None = Field(
        default=None, description="What the person is asked then; the answer is what came back."
    )
    wants: Literal["photo", "file"] | None = Field(
        default=None, description="What the person is asked to give; it is kept as evidence."
    )


class SequenceOperation(OperationBase):
    """Other operations, of any kind, one after the other; the last one gives the value."""

    kind: Literal["sequence"]
    run: tuple[OperationName, ...] = Field(min_length=1, description="Names of the operations.")


def _kind(value: Any) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return str(kind) if kind is not None else None


_KINDS = "http, ssh, console, mqtt, cloud, bench, shell, python, manual, sequence"

Operation = Annotated[
    Annotated[HttpOperation, Tag("http")]
    | Annotated[SshOperation, Tag("ssh")]
    | Annotated[ConsoleOperation, Tag("console")]
    | Annotated[MqttOperation, Tag("mqtt")]
    | Annotated[CloudOperation, Tag("cloud")]
    | Annotated[BenchOperation, Tag("bench")]
    | Annotated[ShellOperation, Tag("shell")]
    | Annotated[PythonOperation, Tag("python")]
    | Annotated[ManualOperation, Tag("manual")]
    | Annotated[SequenceOperation, Tag("sequence")],
    Discriminator(
        _kind,
        custom_error_type="etsi_operation_kind",
        custom_error_message="expected kind to be one of {options}",
        custom_error_context={"options": _KINDS},
    ),
]
