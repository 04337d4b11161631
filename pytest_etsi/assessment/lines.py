"""What each line of the record has to hold, looked at in one place: where a line is read.

What stands in ``record.jsonl`` becomes verdicts when a run is resumed. So a line that this tool would not have written
is no line, whoever wrote it and whether or not its hash fits.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MAX_DEPTH", "problem_of"]

MAX_DEPTH = 60
"""How deep values may be nested in a line; what observations come to is far below."""

Text: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
Time: TypeAlias = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
Digest: TypeAlias = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
File: TypeAlias = Annotated[str, StringConstraints(pattern=r"^evidence/[^\x00-\x1f]+$")]
VerdictName: TypeAlias = Literal["PASS", "FAIL", "INCONCLUSIVE", "NOT APPLICABLE"]
CauseName: TypeAlias = Literal["judgement", "information", "access", "permission", "bench", "error"]


class _Part(BaseModel):
    """Keys that are not named here may be there: a later version adds some."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)


class _Evidence(_Part):
    file: File
    sha256: Digest
    size: Annotated[int, Field(ge=0)]
    created: Time


class _Place(_Part):
    model_config = ConfigDict(strict=True, extra="forbid")

    source: str
    entry: str | None = None
    field: str | None = None


class _Finding(_Part):
    """What reports read of a finding; a project's own may hold anything beside it."""

    message: str
    place: _Place | None = None
    evidence: list[str] = []


class _External(_Part):
    document: str
    issuer: str
    scope: str
    valid_until: str | None


class _Judgement(_Part):
    status: Literal["valid", "failed", "open", "stale"]
    verdict: VerdictName
    assessor: str
    date: str
    basis: Literal["own-examination", "external-evidence"]
    rationale: str
    external: _External | None
    evidence: list[str]
    fingerprint: str
    reviewed_by: str = ""
    reviewed_on: str = ""


class _Start(_Part):
    record: Literal["start"]
    format: Literal[1]
    started: Time
    tool: dict[str, Any]
    edition: Text
    profile: dict[str, str]
    dut: dict[str, str]
    permissions: list[str]
    selection: list[str]
    plan: Text
    suite: Text
    evidence: list[_Evidence] = []


class _Identity(_Part):
    record: Literal["identity"]
    when: Literal["start", "end"]
    at: Time
    observed: dict[str, Any]
    evidence: list[_Evidence]

    @model_validator(mode="after")
    def _names(self) -> Self:
        if not isinstance(self.observed.get("observed", {}), dict):
            raise ValueError("observed.observed: expected an object")
        return self


class _Evaluation(_Part):
    record: Literal["evaluation"]
    unit: Text
    entry: Text | None
    node: Text | None
    device: Text
    source: Literal["suite", "project"]
    verdict: VerdictName
    cause: CauseName | None
    decided_by: Literal["program", "judgement", "documents"]
    reason: str
    settle: str
    judgement: _Judgement | None
    findings: list[_Finding]
    evidence: list[_Evidence]
    started: Time
    duration_s: Annotated[float, Field(ge=0)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.verdict == "INCONCLUSIVE") is not (self.cause is not None):
            raise ValueError("cause: expected one of INCONCLUSIVE, and null of every other verdict")
        return self


class _Resume(_Part):
    record: Literal["resume"]
    at: Time


class _Finish(_Part):
    record: Literal["finish"]
    finished: Time
    overall: VerdictName
    results: Digest


_LINE: TypeAdapter[Any] = TypeAdapter(
    Annotated[_Start | _Identity | _Evaluation | _Resume | _Finish, Field(discriminator="record")]
)


def problem_of(record: Mapping[str, Any]) -> str:
    """What is wrong with a line, and what was expected; empty: nothing."""
    if problem := _unusable(record):
        return problem
    try:
        _LINE.validate_python(record)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        # The first part of the place is the kind of line.
        place = ".".join(map(str, first["loc"][1:]))
        if first["type"] == "value_error":
            return first["msg"].removeprefix("Value error, ")
        if first["type"] == "missing":
            return f"{place}: expected, but it is not there"
        if first["type"] == "union_tag_invalid":
            return f"record: expected one of {first['ctx']['expected_tags']}, got {_short(record['record'])}"
        message = first["msg"].removeprefix("Input should be ").removeprefix("a valid ")
        return f"{place}: expected {message}, got {_short(first['input'])}"
    return ""


def _short(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _unusable(value: object) -> str:
    """What could not be written again, or would take too much to read; empty: nothing. Looked at level by level."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[object] = []
        for one in level:
            if isinstance(one, dict):
                below.extend(one)
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
            elif isinstance(one, str):
                if not one.isascii() and not _is_unicode(one):
                    return f"expected Unicode text, got {_short(one)}"
            elif isinstance(one, float) and not math.isfinite(one):
                return "expected numbers that are finite, got one that is too large"
        if not below:
            return ""
        level = below
    return f"expected values nested at most {MAX_DEPTH} deep, got more"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
