"""Outages of network and power, and orderly connections (scenario 5.9)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.reading.answers import affirmed, first, lacks, note, violation
from pytest_etsi.assessment.reading.words import says_nothing
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile import Ixit, IxitTable
    from pytest_etsi.profile.entries import ConnectingEntry, ResMechEntry
    from pytest_etsi.profile.facts import ResMechAccess, ResMechFacts

__all__ = ["covered", "delivers", "orderly_connection", "outages", "stable_network", "whole"]

_OUTAGES = {"network": "network connectivity", "power": "power outage"}


@remembered(16)
def _of_kind(table: IxitTable[ResMechFacts, ResMechAccess], kind: str) -> tuple[ResMechEntry, ...]:
    """The mechanisms against an outage: "network" or "power"."""
    return tuple(
        entry for entry in table if _OUTAGES[kind] in entry["Type"].lower() or kind in entry.facts.covers
    )


def covered(ixit: Ixit, kind: str, expected: str) -> Findings:
    """Whether some mechanism is there against an outage, and what of it needs a look (5.9-2-1 b, c).

    Args:
        ixit: the IXIT.
        kind: "network" or "power".
        expected: what the mechanisms have to bring about.
    """
    table = ixit.res_mech
    entries = _of_kind(table, kind)
    if not entries:
        message = f"no entry of {table.id} has the Type {_OUTAGES[kind]}"
        where = Place(str(table.source))
        return Findings((Finding("violation", "answer", message, expected=expected, place=where),))
    found: list[Finding] = []
    if all(says_nothing(entry["Description"]) for entry in entries):
        for entry in entries:
            found.extend(lacks(entry, "Description", expected=expected))
    look_at = _NEEDS_THE_SERVICE if kind == "network" else _NEEDS_THE_USER
    found.extend(
        note(entry, "Description", f"may not keep the device as it was: {said!r}")
        for entry in entries
        if (said := affirmed(entry["Description"], look_at))
    )
    if kind == "power" and not any(_RECONNECTS.search(entry["Description"]) for entry in entries):
        found.append(note(entries[0], "Description", "says nothing of the connection when power returns"))
    return Findings(first(found))


_NEEDS_THE_SERVICE = re.compile(
    r"\b(?:requires?|needs?|depends? on) (?:the |a |an )?(?:cloud|internet|server|service|account)",
    re.IGNORECASE,
)
_NEEDS_THE_USER = re.compile(
    r"\b(?:pair(?:ed)? again|re-?pair\w*|set up again|configur\w+ again|re-?configur\w+|(?:kept|stored|held) in ram"
    r"|volatile)\b",
    re.IGNORECASE,
)
_RECONNECTS = re.compile(
    r"\b(?:re-?connect\w*|connect\w*|report\w*|rejoin\w*|joins?|online|link|network)\b", re.IGNORECASE
)


def outages(ixit: Ixit) -> Findings:
    """What refutes that the mechanisms together shield from loss of network and of power (5.9-1-1 a)."""
    table = ixit.res_mech
    if not len(table):
        return Findings(
            (
                Finding(
                    "violation",
                    "answer",
                    f"{table.id} has no entries",
                    expected="mechanisms against both outages",
                    place=Place(str(table.source)),
                ),
            )
        )
    found = [
        Finding(
            "violation",
            "answer",
            f"no entry of {table.id} has the Type {_OUTAGES[kind]}",
            expected="mechanisms against both outages",
            place=Place(str(table.source)),
        )
        for kind in _OUTAGES
        if not _of_kind(table, kind)
    ]
    if all(says_nothing(entry["Security Guarantees"]) for entry in table):
        for entry in table:
            found.extend(lacks(entry, "Security Guarantees", expected="what is preserved"))
    return Findings(first(found))


_RAM_ONLY = re.compile(
    r"\b(?:only|solely) in (?:the )?(?:ram|volatile|working memory)|\bRAM[- ]only\b", re.IGNORECASE
)
_KEPT = re.compile(r"\b(?:no loss|nothing is lost|kept|keeps?|preserved|survives?|retained)\b", re.IGNORECASE)


def delivers(entry: ResMechEntry) -> Findings:
    """What refutes that a mechanism can deliver what it guarantees (5.9-1-1 b)."""
    found = list(
        lacks(entry, "Description", "Security Guarantees", expected="what is done, and what that preserves")
    )
    found.extend(_type_and_facts(entry))
    power = _OUTAGES["power"] in entry["Type"].lower() or "power" in entry.facts.covers
    if power and _RAM_ONLY.search(entry["Description"]) and _KEPT.search(entry["Security Guarantees"]):
        found.append(
            note(entry, "Description", "keeps something in RAM only, while the guarantees speak of keeping")
        )
    return Findings(found)


def whole(ixit: Ixit) -> Findings:
    """What refutes that the mechanisms stand up to both units of 5.9-1-1 (5.9-2-1 a)."""
    return Findings(
        (*outages(ixit), *first(finding for entry in ixit.res_mech for finding in delivers(entry)))
    )


def _type_and_facts(entry: ResMechEntry) -> Iterator[Finding]:
    """Outages that the facts claim and the Type does not."""
    typed = {kind for kind, words in _OUTAGES.items() if words in entry["Type"].lower()}
    if typed:
        for kind in sorted(set(entry.facts.covers) - typed):
            yield violation(
                entry,
                "facts.covers",
                f"claims the {kind} outage, which Type does not name",
                expected=f"Type with {_OUTAGES[kind]}",
                found=entry["Type"],
            )


_IMMEDIATE = re.compile(
    r"\b(?:immediately|at once|without (?:any )?(?:delay|wait\w*)|right away|continuous(?:ly)?|permanent(?:ly)?)\b"
    r"[^.;]{0,40}\b(?:retr(?:y|ies)|re-?connect\w*|tries|try)\b"
    r"|\b(?:retr(?:y|ies)|re-?connects?|tries again)\b[^.;]{0,30}\b(?:immediately|at once|without (?:any )?delay)\b",
    re.IGNORECASE,
)
_SPREAD = re.compile(
    r"\b(?:random\w*|jitter\w*|back-?off|backing off|exponential\w*|grow\w*|doubl\w+|increas\w+|longer|spread\w*"
    r"|stagger\w*|list of servers|server list|load balanc\w+|different servers?)\b",
    re.IGNORECASE,
)


def orderly_connection(entry: ConnectingEntry) -> Findings:
    """What refutes that a mechanism, or a logical interface, connects in an orderly way (5.9-3-1 a)."""
    field = "Resilience Measures"
    found = list(lacks(entry, field, expected="how connections begin and end"))
    if not found and not re.search(
        r"\b[A-Z][A-Z0-9]{1,}|\bstandard|\bRFC|\bBluetooth|\bZigbee|\bWi-?Fi", entry[field]
    ):
        found.append(
            note(entry, field, "names no standard or protocol for the beginning and end of a connection")
        )
    return Findings(found)


def stable_network(entry: ConnectingEntry) -> Findings:
    """What refutes that a mechanism, or a logical interface, helps to keep the network stable (5.9-3-1 b)."""
    field = "Resilience Measures"
    text = entry[field]
    found = list(lacks(entry, field, expected="how the network is kept stable"))
    facts = entry.facts
    spread = bool(_SPREAD.search(text)) or bool(facts.retry_jitter)
    outgoing = facts.direction != "incoming"
    if outgoing and facts.retry_jitter is False and facts.retry_first_s is not None:
        grows = facts.retry_max_s is not None and facts.retry_max_s > facts.retry_first_s
        if not grows:
            found.append(
                violation(
                    entry,
                    "facts.retry_jitter",
                    f"tries again after a fixed {facts.retry_first_s:g} s: all devices come back at the same moment",
                    expected="a random or growing wait",
                    found=f"{facts.retry_first_s:g} s, neither random nor growing",
                )
            )
    elif not spread and (said := affirmed(text, _IMMEDIATE)):
        found.append(
            violation(entry, field, f"tries again at once: {said!r}", expected="a random or growing wait")
        )
    elif not found and not spread and outgoing:
        found.append(
            note(entry, field, "speaks neither of random nor of growing waits nor of several servers")
        )
    return Findings(found)
