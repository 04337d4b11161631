"""Decisions that the user is asked for at set-up and upkeep (5.12-1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import lacks, note, unknown, violation
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry, IxitTable
    from pytest_etsi.profile.entries import UserDecEntry

__all__ = ["default", "needed"]

_SELF_DETECTED = re.compile(r"\b(?:time ?zone|channel|country|language|date and time)\b", re.IGNORECASE)
_NO_CHOICE = (
    "on",
    "enabled",
    "enable",
    "yes",
    "allow",
    "allowed",
    "accept",
    "accepted",
    "all",
    "share",
    "shared",
    "opt-in",
)
_OFF = ("off", "disabled", "disable", "no", "never", "manual", "manually")
_POOR: Mapping[str, tuple[tuple[str, ...], str]] = {
    "updates": (_OFF, "automatic updates on"),
    "remote-access": (_NO_CHOICE, "remote access off until the user wants it"),
    "data-sharing": (_NO_CHOICE, "sharing of optional data off until the user agrees"),
    "network": (("open", "wep", "unencrypted", "no encryption"), "a protected network"),
    "password": (
        ("none", "empty", "admin", "password", "1234", "12345678", "no password", "blank"),
        "no shared or empty password",
    ),
}
"""Topic -> defaults that are at odds with best practice, and what would be in line with it."""

_MARKED = re.compile(r"\(?\bdefault\b\)?|\bpreselected\b|\bpre-set\b", re.IGNORECASE)
_WEAK_ANYWHERE = re.compile(
    r"^\W*(?:wep|open (?:wi-?fi|network|wlan)|no encryption|telnet (?:on|enabled)|upnp (?:on|enabled)"
    r"|password (?:admin|1234\w*|password)|no password)\b",
    re.IGNORECASE,
)


@remembered(16)
def _alike(table: IxitTable) -> Mapping[str, tuple[str, ...]]:
    """Decisions with the same description: text -> IDs."""
    found: dict[str, list[str]] = {}
    for entry in table:
        found.setdefault(" ".join(entry["Description"].lower().split()), []).append(entry.id)
    return {text: tuple(ids) for text, ids in found.items() if text and len(ids) > 1}


def _options(entry: Entry) -> tuple[str, ...]:
    entry.read("Options")
    value = entry.values.get("Options", "")
    parts = value if isinstance(value, tuple) else tuple(re.split(r"\s*[;\n]\s*|\s*,\s+(?![^(]*\))", value))
    return tuple(part.strip() for part in parts if part.strip())


def needed(entry: Entry, table: IxitTable) -> Findings:
    """What refutes that a decision is needed in its environment (5.12-1-1 a)."""
    found = list(lacks(entry, "Description", "Options", expected="what is decided, and between what"))
    if same := _alike(table).get(" ".join(entry["Description"].lower().split())):
        found.append(
            violation(
                entry,
                "Description",
                f"is word for word that of {', '.join(name for name in same if name != entry.id)}",
                expected="each decision once",
            )
        )
    if len(_options(entry)) == 1:
        found.append(note(entry, "Options", "has a single option: is there anything to decide?"))
    if match := _SELF_DETECTED.search(entry["Description"]):
        found.append(note(entry, "Description", f"the device might find out {match[0]!r} by itself"))
    return Findings(found)


def default(entry: UserDecEntry) -> Findings:
    """What refutes that the default of a decision is in line with security best practice (5.12-1-1 b)."""
    return Findings((*lacks(entry, "Options", expected="the choices with the default"), *_default(entry)))


def _default(entry: UserDecEntry) -> Iterator[Finding]:
    facts = entry.facts
    options = _options(entry)
    marked = next((option for option in options if _MARKED.search(option)), "")
    chosen = (facts.default or _MARKED.sub("", marked)).strip(" .,;:()").lower()
    poor, better = _POOR.get(facts.topic or "", ((), ""))
    if chosen and (chosen in poor or any(chosen.startswith(f"{word} ") for word in poor)):
        field = "facts.default" if facts.default else "Options"
        yield violation(entry, field, f"the default is {chosen!r}", expected=better, found=chosen)
    elif marked and _WEAK_ANYWHERE.match(marked):
        yield violation(
            entry, "Options", f"the default is {marked!r}", expected="a secure default", found=marked
        )
    if facts.default and facts.options and facts.default not in facts.options:
        yield violation(
            entry,
            "facts.default",
            f"{facts.default!r} is none of the options",
            expected=", ".join(facts.options),
            found=facts.default,
        )
    if options and not chosen and len(options) > 1:
        yield unknown(entry, "Options", "states no default")
    if facts.recommended and facts.default and facts.recommended != facts.default:
        yield note(
            entry,
            "facts.recommended",
            f"recommends {facts.recommended!r}, while the default is {facts.default!r}",
        )
