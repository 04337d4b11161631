"""What the forms of report read of results.json, looked at once: altered or foreign results are told from good ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["first_problem"]

VerdictName: TypeAlias = Literal["PASS", "FAIL", "INCONCLUSIVE", "NOT APPLICABLE"]


class _Finding(TypedDict):
    message: str
    place: NotRequired[dict[str, str]]
    evidence: NotRequired[list[str]]


class _Item(TypedDict):
    file: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0)]


class _Judgement(TypedDict):
    verdict: VerdictName
    assessor: str
    date: str
    rationale: str
    reviewed_by: NotRequired[str]
    reviewed_on: NotRequired[str]


class _Evaluation(TypedDict):
    entry: str | None
    verdict: VerdictName
    cause: str | None
    decided_by: str
    reason: str
    settle: str
    judgement: _Judgement | None
    findings: list[_Finding]
    evidence: list[_Item]


class _Unit(TypedDict):
    unit: str
    verdict: VerdictName
    evaluations: list[_Evaluation]


class _Case(TypedDict):
    case: str
    kind: str
    verdict: VerdictName
    units: list[_Unit]


class _Ics(TypedDict):
    verdict: VerdictName
    reason: str
    detail: str


class _Group(TypedDict):
    group: str
    title: str
    status: str
    support: str | None
    condition: list[str]
    ics: _Ics
    verdict: VerdictName
    reason: str
    cases: list[_Case]


class _Named(TypedDict):
    unit: str
    entry: str | None


class _Origin(TypedDict):
    id: str
    summary: str
    provisions: list[str]
    evaluations: list[_Named]


class _Results(TypedDict):
    overall: VerdictName
    groups: list[_Group]
    origins: NotRequired[list[_Origin]]
    dut: dict[str, str]


_RESULTS: TypeAdapter[Any] = TypeAdapter(_Results)


def first_problem(results: Mapping[str, Any]) -> str:
    """What is wrong with results, with its place and what was expected; empty: nothing that a form reads."""
    try:
        _RESULTS.validate_python(results, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        if first["type"] == "missing":
            return f"{place}: expected, but it is not there"
        message = first["msg"].removeprefix("Input should be ").removeprefix("a valid ")
        got = ascii(first["input"])
        return f"{place}: expected {message}, got {got if len(got) <= 60 else f'{got[:57]}...'}"
    return ""
