"""The catalogue of ``data/cryptography.json``, typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi import clock
from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CATALOGUE",
    "Item",
    "Status",
    "algorithm",
    "findings_of",
    "key_of",
    "part",
    "reference",
    "this_year",
]

Status = Literal["recommended", "legacy", "deprecated", "broken"]

CATALOGUE: Mapping[str, Any] = read_json("cryptography.json")
"""The reference data, each item with its status and references."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the catalogue.

    Attributes:
        name: its name in findings.
        status: recommended, legacy, deprecated or broken.
        source: the references in full, separated by semicolons.
        note: what the references differ in, or what the status depends on.
        until: last year in which one of the references accepts it; None: none stated.
        broken_property: the property that a practical attack takes away; empty unless broken.
        attack: the attack, in words.
        attack_source: its publication.
    """

    name: str
    status: Status
    source: str
    note: str = ""
    until: int | None = None
    broken_property: str = ""
    attack: str = ""
    attack_source: str = ""


def this_year() -> int:
    """The year, UTC, by which it is decided what a reference still accepts.

    Raises:
        Inconclusive: the clock cannot be right.
    """
    return clock.now().year


def reference(key: str) -> str:
    """Title, edition and date of a reference."""
    return str(CATALOGUE["references"][key])


def _item(name: str, entry: Mapping[str, Any]) -> Item:
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
    )


def part(section: str, name: str, *, within: str | None = None) -> Item | None:
    """The entry `name` of a section of the catalogue (`within`: of its part); None when it is not there."""
    entries = CATALOGUE[section] if within is None else CATALOGUE[section][within]
    return _item(name, entries[name]) if name in entries else None


def key_of(name: str) -> str:
    """`name` in small letters and digits only: what spelling does not change."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@cache
def _by_key() -> Mapping[str, Item]:
    return {
        key: _item(name, entry) for name, entry in CATALOGUE["algorithms"].items() for key in entry["names"]
    }


def algorithm(name: str) -> Item | None:
    """The entry for an algorithm by any of its spellings; None when it is not in the catalogue."""
    return _by_key().get(key_of(name))


def findings_of(item: Item, what: str = "", *, broken: bool = True) -> list[Finding]:
    """What an entry means for the two questions; `broken`: False where the attack does not bear on the use."""
    what = what or item.name
    note = f" ({item.note})" if item.note else ""
    if item.status == "recommended":
        return []
    ended = item.until is not None and this_year() > item.until
    if ended:
        note = f" ({f'{item.note}; ' if item.note else ''}accepted until {item.until} at the latest)"
    elif item.status == "legacy":
        until = f", accepted until {item.until} at the latest" if item.until else ""
        message = f"{what} is legacy{until}{note}."
        return [Finding("note", "best-practice", message, found=what, source=item.source)]
    message = f"{what} is not best practice{note}."
    findings = [
        Finding(
            "violation",
            "best-practice",
            message,
            expected="what a catalogue accepts for new products",
            found=what,
            source=item.source,
        )
    ]
    if item.status == "broken":
        message = f"{what} does not give {item.broken_property}: {item.attack}."
        if broken:
            findings.append(Finding("violation", "attack", message, found=what, source=item.attack_source))
        else:
            message = f"{message[:-1]}; whether a guarantee depends on it is for a person to judge."
            findings.append(Finding("unknown", "attack", message, found=what, source=item.attack_source))
    return findings
