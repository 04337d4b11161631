"""The catalogue of ``data/cryptography.json``, typed."""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi import clock
from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.findings import Finding, Kind
from pytest_etsi.profile import CATALOGUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "CATALOGUE",
    "Item",
    "Status",
    "algorithm",
    "checked",
    "counting",
    "counts",
    "findings_of",
    "key_of",
    "part",
    "reference",
    "this_year",
]

Status = Literal["recommended", "legacy", "deprecated", "broken"]
_MILDEST_FIRST: tuple[Status, ...] = ("recommended", "legacy", "deprecated", "broken")

CATALOGUE: Mapping[str, Any] = read_json("cryptography.json")
"""The reference data, each item with its status and references."""

_COUNTING: ContextVar[tuple[str, ...]] = ContextVar("etsi_catalogues", default=CATALOGUES)


@contextmanager
def counting(catalogues: Iterable[str]) -> Iterator[None]:
    """Let these catalogues count meanwhile, of `CATALOGUES`; otherwise all of them do."""
    token = _COUNTING.set(tuple(catalogues) or CATALOGUES)
    try:
        yield
    finally:
        _COUNTING.reset(token)


def counts(key: str) -> bool:
    """Whether a reference counts now: it is of one of the catalogues that do, or of none."""
    catalogue = CATALOGUE["references"][key].get("catalogue")
    return catalogue is None or catalogue in _COUNTING.get()


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the catalogue, as the catalogues that count have it.

    Attributes:
        name: its name in findings.
        status: recommended, legacy, deprecated or broken.
        source: the references in full, separated by semicolons.
        note: what the references differ in, or what the status depends on.
        until: last year in which one of the references accepts it; None: none stated.
        broken_property: the property that a practical attack takes away; empty unless broken.
        attack: the attack, in words.
        attack_source: its publication.
        checked: when and where somebody has compared it with a public copy of a reference; empty: nobody has.
    """

    name: str
    status: Status
    source: str
    note: str = ""
    until: int | None = None
    broken_property: str = ""
    attack: str = ""
    attack_source: str = ""
    checked: str = ""


def this_year() -> int:
    """The year, UTC, by which it is decided what a reference still accepts; by a clock that is not set: of the data."""
    return (clock.today() or clock.MADE).year


@cache
def reference(key: str) -> str:
    """Title, edition and date of a reference."""
    known = CATALOGUE["references"][key]
    return ", ".join(known[name] for name in ("title", "edition", "date") if known.get(name))


def _ended(entry: Mapping[str, Any]) -> bool:
    return entry.get("until") is not None and this_year() > entry["until"]


def _severity(entry: Mapping[str, Any]) -> int:
    severity = _MILDEST_FIRST.index(entry["status"])
    return max(severity, _MILDEST_FIRST.index("deprecated")) if _ended(entry) else severity


def _counted(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry as the mildest of the catalogues that count has it; as it stands where none has one of its own."""
    own, counted = entry.get("by", {}), _COUNTING.get()
    views = [own[one] for one in counted if one in own]
    if set(counted) >= set(CATALOGUES):
        views.insert(0, entry)
    return min(views, key=_severity, default=entry)


def checked(entry: Mapping[str, Any]) -> str:
    """When and where somebody has compared an entry with a public copy: itself, or one of its references."""
    if "checked" in entry:
        return entry["checked"] or ""
    named = (*entry.get("sources", ()), *([entry["broken"]["source"]] if "broken" in entry else []))
    return next((text for key in named if (text := CATALOGUE["references"][key]["checked"])), "")


def _item(name: str, entry: Mapping[str, Any]) -> Item:
    entry = _counted(entry)
    broken = entry.get("broken", {})
    return Item(
        name=name,
        status=entry["status"],
        source="; ".join(reference(key) for key in entry["sources"]),
        note=entry.get("note", ""),
        until=entry.get("until"),
        broken_property=broken.get("property", ""),
        attack=broken.get("attack", ""),
        attack_source=reference(broken["source"]) if broken else "",
        checked=checked(entry),
    )


def part(section: str, name: str, *, within: str | None = None) -> Item | None:
    """The entry `name` of a section of the catalogue (`within`: of its part); None when it is not there."""
    entries = CATALOGUE[section] if within is None else CATALOGUE[section][within]
    return _item(name, entries[name]) if name in entries else None


def key_of(name: str) -> str:
    """`name` in small letters and digits only: what spelling does not change."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@cache
def _by_key() -> Mapping[str, str]:
    return {key: name for name, entry in CATALOGUE["algorithms"].items() for key in entry["names"]}


def algorithm(name: str) -> Item | None:
    """The entry for an algorithm by any of its spellings; None when it is not in the catalogue."""
    found = _by_key().get(key_of(name))
    return None if found is None else _item(found, CATALOGUE["algorithms"][found])


def findings_of(item: Item, what: str = "", *, broken: bool = True) -> list[Finding]:
    """What an entry means for the two questions; `broken`: False where the attack does not bear on the use."""
    what = what or item.name
    note = f" ({item.note})" if item.note else ""
    if item.status == "recommended":
        return []
    if item.until is not None and this_year() > item.until:
        note = f" ({f'{item.note}; ' if item.note else ''}accepted until {item.until} at the latest)"
    elif item.status == "legacy":
        until = f", accepted until {item.until} at the latest" if item.until else ""
        message = f"{what} is legacy{until}{note}."
        return [Finding("note", "best-practice", message, found=what, source=item.source)]
    refutes: Kind = "violation" if item.checked else "unknown"
    doubt = "" if item.checked else "; nobody has compared this with its source, so that it is for a person"
    message = f"{what} is not best practice{note}{doubt}."
    findings = [
        Finding(
            refutes,
            "best-practice",
            message,
            expected="what a catalogue accepts for new products",
            found=what,
            source=item.source,
        )
    ]
    if item.status == "broken":
        message = f"{what} does not give {item.broken_property}: {item.attack}{doubt}."
        if broken and item.checked:
            findings.append(Finding("violation", "attack", message, found=what, source=item.attack_source))
        else:
            message = f"{message[:-1]}; whether a guarantee depends on it is for a person to judge."
            findings.append(Finding("unknown", "attack", message, found=what, source=item.attack_source))
    return findings
