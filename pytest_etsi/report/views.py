"""Where a device stands in the eyes of a law or a label: what the results say of the provisions that it names.

A view decides nothing anew and certifies nothing. What a scheme asks beyond the provisions is named as not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.report.summary import in_short
from pytest_etsi.standard import UnknownIdError, edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    from pytest_etsi.report.schemes import Demand, Fact, Scheme, Statement
    from pytest_etsi.standard import Edition

    Json: TypeAlias = "Mapping[str, Any]"

__all__ = [
    "MET", "NOTHING", "NOT_MET", "OPEN", "OUTSIDE", "PLAIN", "Looked", "Standing", "View", "limited_to", "view",
]  # fmt: skip

MET, NOT_MET, OPEN = "shown", "not met", "open"
OUTSIDE = "not looked at"
"""Of a demand that names no provision: nothing here is about it."""
NOTHING = "does not apply"
_ORDER = (NOT_MET, OPEN, MET, NOTHING)
PLAIN = (
    "This is a view of the results and certifies nothing: it says what they say of the provisions that the scheme "
    "names. What the scheme asks beyond them was not looked at. Whether it is met, its own authority or the "
    "manufacturer decides."
)


@dataclass(frozen=True, slots=True)
class Looked:
    """A provision in the eyes of a scheme.

    Attributes:
        verdict: of its test group; empty: the results do not have it.
        why: what lies behind that, in short; empty: nothing has to be said.
    """

    id: str
    title: str
    verdict: str
    standing: str
    why: str = ""

    @property
    def shown(self) -> str:
        """``5.1-1 FAIL (F2)``, ``5.3-1 not supported``."""
        return " ".join(filter(None, (self.id, self.verdict, f"({self.why})" if self.why else "")))


@dataclass(frozen=True, slots=True)
class Standing:
    """A demand, and where the device stands with it."""

    demand: Demand
    standing: str
    provisions: tuple[Looked, ...]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What lies behind it, each with what it is: the provisions, and what was not looked at."""
        demand = self.demand
        by = {name: [one.shown for one in self.provisions if one.standing == name] for name in _ORDER}
        known = [(name, ", ".join(shown)) for name, shown in by.items() if shown]
        said = [("in their place", demand.instead), ("remark", demand.remark)]
        more = [(OUTSIDE, one) for one in demand.beside]
        more += [(OUTSIDE, f"{one.provision}: {one.says}") for one in demand.criteria]
        return [*known, *(one for one in said if one[1]), *more]


@dataclass(frozen=True, slots=True)
class View:
    """A scheme, and where the device stands with everything that it asks.

    Attributes:
        remarks: what has to be known about how its provisions were found in the results.
    """

    scheme: Scheme
    standing: str
    demands: tuple[Standing, ...]
    remarks: tuple[str, ...]

    @property
    def headline(self) -> str:
        """``psti: open (UK, ...)``; where everything that was looked at is shown, also how much was not."""
        points = f"{self.outside} point{'' if self.outside == 1 else 's'}"
        left = f", {points} not looked at" if self.standing == MET and self.outside else ""
        return f"{self.scheme.id}: {self.standing}{left} ({self.scheme.name})"

    @property
    def outside(self) -> int:
        """How much of what it asks no provision can show."""
        return sum(label == OUTSIDE for demand in self.demands for label, _ in demand.lines)

    def from_where(self, row: Demand | Fact | Statement) -> str:
        """Source of a row, the day it was seen, and how sure it is."""
        source = self.scheme.sources[row.source]
        return f"{source.what}, seen on {source.seen}, confidence {row.confidence}"

    @property
    def provisions(self) -> list[str]:
        """Every provision that it names, in the numbering of the results, each once."""
        return list(dict.fromkeys(one.id for demand in self.demands for one in demand.provisions))


def view(scheme: Scheme, results: Json) -> View:
    """How the results stand in the eyes of the scheme; of either edition."""
    known = edition(results["edition"])
    groups = {str(group["group"]): group for group in results["groups"]}
    demands: list[Standing] = []
    before = NOTHING
    for demand in scheme.demands:
        looked = tuple(_looked(one, known, groups) for one in _named(demand, scheme, known))
        standing = _worst([one.standing for one in looked]) if looked else OUTSIDE
        if scheme.cumulative and looked:
            before = standing = _worst([before, standing])
        demands.append(Standing(demand, standing, looked))
    overall = _worst([one.standing for one in demands if one.standing != OUTSIDE])
    return View(scheme, overall, tuple(demands), tuple(_remarks(scheme, results, known)))


def _worst(standings: Sequence[str]) -> str:
    return next((one for one in _ORDER if one in standings), OUTSIDE)


def _named(demand: Demand, scheme: Scheme, known: Edition) -> Iterator[str]:
    """The provisions of a demand in the numbering of the results; one that is not there keeps its own."""
    if demand.select == "mandatory":
        yield from (provision.id for provision in known.provisions if provision.status == "M")
    for number in demand.provisions:
        yield from _counterparts(number, scheme, known) or (number,)


def _counterparts(number: str, scheme: Scheme, known: Edition) -> list[str]:
    """What a provision has become, one or several; of a later edition's provision, what it came from."""
    if scheme.edition == known.id:
        return [number]
    if scheme.edition < known.id:
        return [group.id for group in known.groups if group.base == number]
    base = edition(scheme.edition).group(number).base
    return [base] if base else []


def _looked(number: str, known: Edition, groups: dict[str, Json]) -> Looked:
    try:
        title = known.group(number).title
    except UnknownIdError:
        return Looked(number, "", "", OPEN, f"{known.standard} has no counterpart of it")
    group = groups.get(number)
    if group is None:
        return Looked(number, title, "", OPEN, "not in these results")
    verdict = str(group["verdict"])
    if verdict == "NOT APPLICABLE":
        # A recommendation that is not followed releases nothing of a scheme that asks for it.
        released = group.get("support") == "N"
        return Looked(number, title, verdict, *((NOT_MET, "not supported") if released else (NOTHING, "")))
    standing = {"PASS": MET, "FAIL": NOT_MET}.get(verdict, OPEN)
    return Looked(number, title, verdict, standing, in_short(group))


def _remarks(scheme: Scheme, results: Json, known: Edition) -> Iterator[str]:
    if scheme.left_out:
        yield f"Left out, since its source is weak (confidence low): {'; '.join(scheme.left_out)}."
    if not scheme.any_edition and scheme.edition != known.id:
        yield (
            f"It names {scheme.standard}; these results are by {known.standard}, where some provisions are split or "
            "apply under other conditions."
        )
    if results.get("partial"):
        yield f"Only {', '.join(results.get('selection') or ())} looked at; the rest is open."
    if results.get("integrity"):
        yield "Not everything is as it was written: see the results."


def limited_to(results: Json, provisions: Iterable[str]) -> dict[str, Any]:
    """The results without the other provisions; causes keep their names."""
    wanted = set(provisions)
    origins = [
        {
            **origin,
            "provisions": [one for one in origin["provisions"] if one in wanted],
            "evaluations": [one for one in origin["evaluations"] if one["unit"].rpartition("-")[0] in wanted],
        }
        for origin in results.get("origins", ())
    ]
    limited = {**results, "groups": [group for group in results["groups"] if group["group"] in wanted]}
    return limited | (
        {"origins": [origin for origin in origins if origin["provisions"]]} if "origins" in results else {}
    )
