"""What FAILs, by cause: what was seen, what the documents say where, what fails from it, and the evidence."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.mending import guide, mending
from pytest_etsi.assessment.origins import with_origins
from pytest_etsi.report.summary import evaluations
from pytest_etsi.report.told import documented, evidence_files, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Failure", "Refuted", "Seen", "counted", "failures", "headline", "listed_units"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One violation: what was seen, and beside it what was expected and found."""

    message: str
    expected: str = ""
    found: str = ""

    @property
    def beside(self) -> str:
        """``expected TLSv1.2, found TLSv1.0``; empty where the message says it all."""
        parts = (("expected", self.expected), ("found", self.found))
        return ", ".join(f"{word} {text}" for word, text in parts if text)


@dataclass(frozen=True, slots=True)
class Refuted:
    """An evaluation that fails."""

    unit: str
    entry: str | None
    places: tuple[str, ...]
    evidence: tuple[str, ...]

    @property
    def where(self) -> str:
        """Unit and entry."""
        return where(self.unit, self.entry)


@dataclass(frozen=True, slots=True)
class Failure:
    """A cause.

    Attributes:
        id: ``F1``, as in results.json.
        seen: every different violation.
        provisions: those that fail from it.
        refuted: the evaluations that fail from it; none where it is an answer in the ICS.
        mended: how, in sentences.
    """

    id: str
    seen: tuple[Seen, ...]
    provisions: tuple[str, ...]
    refuted: tuple[Refuted, ...]
    mended: tuple[str, ...] = ()

    @property
    def guides(self) -> tuple[str, ...]:
        """The topics on which ETSI TR 103 621 is worth reading beside it, each once."""
        return tuple(dict.fromkeys(topic for topic in map(guide, self.provisions) if topic))

    @property
    def units(self) -> tuple[str, ...]:
        """The units that fail from it, each once."""
        return tuple(dict.fromkeys(one.unit for one in self.refuted))

    @property
    def places(self) -> tuple[str, ...]:
        """Where the documents say what was expected, each once."""
        return tuple(dict.fromkeys(place for one in self.refuted for place in one.places))

    @property
    def evidence(self) -> tuple[str, ...]:
        """The files that show it, each once."""
        return tuple(dict.fromkeys(file for one in self.refuted for file in one.evidence))


def failures(results: Mapping[str, Any]) -> list[Failure]:
    """The causes, those that refute most first; also of results that were written without them."""
    if "origins" in results:
        origins, groups = results["origins"], results.get("groups", ())
    else:
        groups = copy.deepcopy([_complete(group) for group in results.get("groups", ())])
        origins = with_origins(groups)
    # The suite and a project's own test may both fail for one entry.
    found: dict[tuple[str, str | None], list[Mapping[str, Any]]] = {}
    for group in groups:
        for unit, one in evaluations(group):
            if one["verdict"] == "FAIL":
                found.setdefault((unit, one.get("entry")), []).append(one)
    return [_failure(origin, found) for origin in origins]


def _complete(group: Mapping[str, Any]) -> dict[str, Any]:
    return {"ics": {"verdict": "PASS", "reason": ""}, **group}


def _failure(
    origin: Mapping[str, Any], failed: Mapping[tuple[str, str | None], list[Mapping[str, Any]]]
) -> Failure:
    seen: dict[Seen, None] = {}
    violations: list[Mapping[str, Any]] = []
    refuted = []
    for about in origin["evaluations"]:
        unit, entry = about["unit"], about["entry"]
        here = failed[unit, entry]
        mine = [
            one for found in here for one in found.get("findings", ()) if one.get("origin") == origin["id"]
        ]
        violations += mine
        seen |= {_seen(one): None for one in mine} or {Seen(origin["summary"]): None}
        places = dict.fromkeys(filter(None, map(documented, mine)))
        files = dict.fromkeys(file for one in mine for file in evidence_files(one))
        files = files or dict.fromkeys(item["file"] for found in here for item in found.get("evidence", ()))
        refuted.append(Refuted(unit, entry, tuple(places), tuple(files)))
    return Failure(
        origin["id"],
        tuple(seen) or (Seen(origin["summary"]),),
        tuple(origin["provisions"]),
        tuple(refuted),
        mending(origin["provisions"], violations),
    )


def _seen(finding: Mapping[str, Any]) -> Seen:
    message, expected, found = (" ".join(str(finding.get(key, "")).split()) for key in _SAID)
    # What the message quotes already is not said again.
    return Seen(message, expected, "" if found in message else found)


_SAID = ("message", "expected", "found")


def headline(found: Sequence[Failure]) -> str:
    """``FAIL: 10 evaluations of 5 provisions fail from 1 cause``; empty: nothing fails."""
    if not found:
        return ""
    refuted = {(one.unit, one.entry) for failure in found for one in failure.refuted}
    provisions = {provision for failure in found for provision in failure.provisions}
    many = "fail" if len(refuted) != 1 else "fails"
    return (
        f"FAIL: {counted(len(refuted), 'evaluation')} of {counted(len(provisions), 'provision')} {many} from "
        f"{counted(len(found), 'cause')}"
    )


def counted(number: int, word: str) -> str:
    """``1 cause``, ``2 causes``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def listed_units(refuted: Iterable[Refuted]) -> str:
    """Every evaluation, unit by unit: ``5.1-3-2/a AuthMech-web, AuthMech-stream; 5.6-1-2/b``."""
    units: dict[str, list[str]] = {}
    for one in refuted:
        units.setdefault(one.unit, []).extend([one.entry] if one.entry else [])
    return "; ".join(_unit(unit, entries) for unit, entries in units.items())


def _unit(unit: str, entries: Sequence[str]) -> str:
    return f"{unit} {', '.join(entries)}" if entries else unit
