"""What a law or a label asks of which provision: data, a row with its source, the day it was seen, and how sure it is.

A row whose source is weak is left out when it is read, and the view says so. A scheme of one's own is a file of the
same form (docs/reports.md).
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, PrivateAttr, StringConstraints, ValidationError, model_validator

from pytest_etsi.standard import UnknownIdError, edition
from pytest_etsi.text import did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["SCHEMES", "Criterion", "Demand", "Fact", "Scheme", "SchemeError", "Source", "Statement", "scheme"]

SCHEMES: tuple[str, ...] = ("psti", "mandatory", "cls", "finland")
"""The schemes that come with this tool."""

_MOST_BYTES = 1_000_000
"""Largest file of one's own that is read."""

Text: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
Day: TypeAlias = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")]
Confidence: TypeAlias = Literal["high", "medium", "low"]


class SchemeError(ValueError):
    """There is no such scheme, or its file is none; says which place of it is wrong, and what was expected."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Source(_Part):
    """Where something is from.

    Attributes:
        seen: the day on which it was read there.
    """

    what: Text
    seen: Day


class _Row(_Part):
    """Something that has a source, and is the surer the better it is."""

    source: Text
    confidence: Confidence


class Criterion(_Part):
    """What a scheme asks more precisely than the provision; no verdict is about it."""

    provision: Text
    says: Text


class Demand(_Row):
    """Something that a scheme asks.

    Attributes:
        provisions: all of which have to hold, where they apply; in the numbering of the scheme's edition.
        select: what names them instead, of whatever edition.
        instead: what would do in their place.
        beside: what it asks beyond them, and nothing here looks at.
        criteria: what it asks more precisely than they do.
    """

    asks: Text
    provisions: list[Text] = []
    select: Literal["mandatory"] | None = None
    instead: str = ""
    beside: list[Text] = []
    criteria: list[Criterion] = []
    remark: str = ""


class Fact(_Row):
    """Something else that one has to know of a scheme."""

    about: Text
    says: Text


class Statement(_Row):
    """What a scheme wants a manufacturer to state.

    Attributes:
        lines: what it has to say beyond any declaration, to be filled in by hand.
    """

    title: Text
    basis: Text
    lines: list[Text]


class Scheme(_Part):
    """A law, a label or a part of a standard.

    Attributes:
        edition: of TS 103 701, whose numbering the provisions are in.
        standard: the one that it names, with version and date.
        any_edition: it is about whatever edition is tested.
        since: in force since that day.
        cumulative: each demand is met only with those before it, as levels are.
    """

    id: Text
    name: Text
    kind: Text
    edition: Text
    standard: Text
    any_edition: bool = False
    since: Day | None = None
    cumulative: bool = False
    sources: dict[str, Source]
    demands: list[Demand]
    facts: list[Fact] = []
    statement: Statement | None = None
    _left_out: tuple[str, ...] = PrivateAttr(default=())

    @property
    def left_out(self) -> tuple[str, ...]:
        """What the rows were about that are not there because their source is weak."""
        return self._left_out

    @model_validator(mode="after")
    def _fits(self) -> Self:
        try:
            known = {provision.id for provision in edition(self.edition).provisions}
        except UnknownIdError as error:
            raise ValueError(f"edition: {error}") from None
        statement = [self.statement] if self.statement else []
        for row in (*self.demands, *self.facts, *statement):
            if row.source not in self.sources:
                raise ValueError(f"sources: expected {row.source!r} among them, which a row names")
        for demand in self.demands:
            for number in (*demand.provisions, *(one.provision for one in demand.criteria)):
                if number not in known:
                    raise ValueError(f"edition {self.edition} has no provision {number!r}")
        return self

    def reliable(self) -> Scheme:
        """The scheme without the rows whose source is weak."""
        weak = self.statement is not None and self.statement.confidence == "low"
        made = self.model_copy(
            update={
                "demands": _reliable(self.demands),
                "facts": _reliable(self.facts),
                "statement": None if weak else self.statement,
            }
        )
        made._left_out = (  # noqa: SLF001 - of its own copy
            *(one.asks for one in self.demands if one not in made.demands),
            *(one.about for one in self.facts if one not in made.facts),
            *([self.statement.title] if self.statement and weak else ()),
        )
        return made


def _reliable(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.confidence != "low"]


def scheme(name: str) -> Scheme:
    """The scheme of that name, or in the file of that path (JSON or YAML), with the rows that are reliable.

    Raises:
        SchemeError: there is none, or the file is none.
    """
    if name in SCHEMES:
        return _shipped(name)
    path = Path(name).expanduser()
    if path.suffix not in (".json", ".yaml", ".yml"):
        hint = did_you_mean(name, SCHEMES)
        raise SchemeError(
            f"{name!r} is no view; there are {listed(SCHEMES)}, and files of one's own (.yaml, .json)"
            + (f"; {hint}" if hint else "")
        )
    return _read(path).reliable()


@cache
def _shipped(name: str) -> Scheme:
    text = files("pytest_etsi.report.schemes").joinpath(f"{name}.json").read_text(encoding="utf-8")
    return Scheme.model_validate(json.loads(text)).reliable()


def _read(path: Path) -> Scheme:
    import yaml

    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise SchemeError(f"{path}: it cannot be read: {error.strerror or error}") from None
    if len(content) > _MOST_BYTES:
        raise SchemeError(f"{path}: expected at most {_MOST_BYTES:,} bytes")
    try:
        # An alias could make a small file large, and a scheme needs none.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(content, Loader=_LOADER)):
            raise SchemeError(f"{path}: expected no aliases (*name)")
        document = yaml.load(content, Loader=_LOADER)  # noqa: S506 - a loader without types of its own
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, SchemeError):
            raise
        raise SchemeError(f"{path}: neither YAML nor JSON: {' '.join(str(error).split())}") from None
    try:
        return Scheme.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        message = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        raise SchemeError(f"{path}: {f'{place}: ' if place else ''}{message}") from None


def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """As JSON has it: no value is a date."""

    Loader.yaml_implicit_resolvers = {
        first: [one for one in known if one[0] != "tag:yaml.org,2002:timestamp"]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader


_LOADER: Any = _loader()
