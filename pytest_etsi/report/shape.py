"""What the forms of report read of results.json, looked at once: altered or foreign results are told from good ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from pytest_etsi.report.summary import evaluations

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


class _External(TypedDict):
    document: str
    issuer: str
    scope: str


class _Judgement(TypedDict):
    verdict: VerdictName
    assessor: str
    date: str
    rationale: str
    external: NotRequired[_External | None]
    evidence: NotRequired[list[str]]
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
    origins: NotRequired[list[str]]


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


class _Tool(TypedDict):
    version: str
    libraries: dict[str, str]


class _Profile(TypedDict):
    name: str
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _IcsFinding(TypedDict):
    about: str
    rule: str
    level: Literal["error", "warning"]
    message: str
    expected: str


class _NotRun(_Named):
    why: str


class _Stands(TypedDict):
    lines: Annotated[int, Field(ge=1)]
    hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Damaged(TypedDict):
    file: str
    problem: str
    unit: str | None
    entry: str | None


class _Document(TypedDict):
    document: str
    file: str
    sha256: str
    size: int


class _Part(TypedDict):
    hash: str
    lines: int
    started: str
    finished: str
    selection: list[str]
    permissions: list[str]


class _Taken(TypedDict):
    hash: str
    verdict: VerdictName
    taken: bool


class _Settled(_Named):
    found: list[_Taken]


class _Merged(TypedDict):
    parts: list[_Part]
    settled: list[_Settled]


class _Laboratory(TypedDict):
    tested_by: NotRequired[list[str]]
    four_eyes: NotRequired[bool]


class _Results(TypedDict):
    tool: _Tool
    profile: _Profile
    dut: dict[str, str]
    laboratory: NotRequired[_Laboratory | None]
    permissions: list[str]
    selection: list[str] | None
    partial: bool
    overall: VerdictName
    counts: dict[VerdictName, int]
    ics_findings: NotRequired[list[_IcsFinding]]
    not_run: NotRequired[list[_NotRun]]
    integrity: NotRequired[list[_Damaged]]
    record: NotRequired[_Stands | None]
    documents: NotRequired[list[_Document]]
    merged: NotRequired[_Merged]
    groups: list[_Group]
    origins: NotRequired[list[_Origin]]


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
    return _of_item(results) or _of_laboratory(results) or _unknown_origin(results)


def _of_item(results: Mapping[str, Any]) -> str:
    """What is not said of the item tested; empty: nothing."""
    lacking = [key for key in ("manufacturer", "model", "hardware", "software") if key not in results["dut"]]
    return f"dut.{lacking[0]}: expected, but it is not there" if lacking else ""


def _of_laboratory(results: Mapping[str, Any]) -> str:
    """The first that the laboratory says and that is no text, apart from what is known to be none; empty: nothing."""
    for key, value in (results.get("laboratory") or {}).items():
        if key not in _Laboratory.__annotations__ and not isinstance(value, str):
            return f"laboratory.{key}: expected a text"
    return ""


def _unknown_origin(results: Mapping[str, Any]) -> str:
    """The first evaluation that is said to fail from something, and is not there or does not fail; empty: none."""
    origins = results.get("origins", ())
    if not origins:
        return ""
    failed = {
        (unit, one["entry"])
        for group in results["groups"]
        for unit, one in evaluations(group)
        if one["verdict"] == "FAIL"
    }
    for at, origin in enumerate(origins):
        for number, one in enumerate(origin["evaluations"]):
            if (one["unit"], one["entry"]) not in failed:
                got = ascii(" ".join(filter(None, (one["unit"], one["entry"]))))
                return f"origins.{at}.evaluations.{number}: expected an evaluation that is FAIL, got {got}"
    return ""
