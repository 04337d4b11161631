"""What manuals say of sensors (5.8-3-1 a b) and of user interfaces (5.13-1-2 b)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import look, vocabulary
from pytest_etsi.assessment.coverage.denial import PERHAPS, Stance, stance_of
from pytest_etsi.assessment.coverage.sought import SENSORS, familiar, sought_sensor, spoken_of
from pytest_etsi.assessment.criteria._coverage import (
    for_a_person,
    not_covered,
    of_the_product,
    one_language,
    plainly,
    sections,
    shown,
)
from pytest_etsi.assessment.criteria._readability import readability
from pytest_etsi.assessment.findings import Finding, Findings, Place, violation
from pytest_etsi.probes.observation import printable
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.assessment.coverage import Hit, Part, Sought, Text
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import ExtSensEntry

__all__ = ["interfaces", "is_on_sensors", "networks", "sensors"]

_WHAT = "the documentation of sensors"
_FIELD = "Documentation of Sensors"


def is_on_sensors(ixit: Ixit, text: Text, product: Sequence[str]) -> Findings:
    """What refutes that the text at the place that the IXIT names is one on sensors at all (5.8-3-1 a).

    Args:
        ixit: the documents.
        text: what was published.
        product: names of the maker and the model; a text with none of them may be one on something else.
    """
    user_info = ixit.user_info
    lacking = (
        *sections(user_info, _FIELD, text, _WHAT),
        *of_the_product(user_info, _FIELD, text, _WHAT, product),
    )
    for part in text.parts:
        if part.language and _speaks_of_sensors(part):
            return Findings(lacking, f"it speaks of sensors: {part.quoted}")
    if not text.whole:
        return Findings((for_a_person(user_info, _FIELD, f"no sensor was found in {_WHAT}, and {text.why}"),))
    message = f"{_WHAT} names no sensor at all; looked for the usual names of {len(SENSORS)} kinds of sensors"
    return Findings((violation(user_info, _FIELD, message, aspect="guidance", expected="text on sensors"),))


def _speaks_of_sensors(part: Part) -> bool:
    return vocabulary.pattern("umbrellas", "sensor", part.language).search(part.short) is not None or any(
        vocabulary.pattern("things", one, part.language).search(part.short) for one in SENSORS
    )


def sensors(ixit: Ixit, text: Text, product: Sequence[str] = ()) -> Findings:
    """Which entries of 22-ExtSens the documentation leaves out, and how easily it is read (5.8-3-1 b).

    Args:
        ixit: the documents.
        text: what was published.
        product: names of the maker and the model.
    """
    entries = list(ixit.ext_sens)
    found: list[Finding] = []
    wanted = [sought_sensor(one.id, one["Description"], one.facts.mentions) for one in entries]
    for entry, sought in zip(entries, familiar(wanted, text), strict=True):
        found += _told(entry, sought, text, (*product, *entry.facts.mentions))
    found += readability(text, ixit.user_info, _FIELD)
    return Findings(found, f"{len(entries)} sensors were looked for in {len(text.parts)} passages")


def _told(entry: ExtSensEntry, sought: Sought, text: Text, names: Sequence[str]) -> Findings:
    """Whether plain sentences tell that the device has a sensor, and nothing may say otherwise."""

    def examine(text: Text) -> tuple[Findings, tuple[Hit, ...]]:
        coverage = look(sought, text)
        found = [
            *not_covered(entry, "Description", coverage, _WHAT),
            *one_language(entry, "Description", coverage, text, _WHAT),
        ]
        if coverage.named:
            found.append(shown(entry, "Description", coverage))
        return Findings(found), coverage.named

    return plainly(entry, "Description", _WHAT, text, examine, "sensing", names, sought)


# User interfaces --------------------------------------------------------------------------------------------

_FIRM = frozenset({"app", "voice", "ssh", "telnet", "keypad", "display", "fingerprint", "remote"})
"""Interfaces that a manual which tells people to use them shows to be there; a button may be one on a screen, a plug
one for the supply, a browser one for the maker's site."""
_OF_PHONES = frozenset({"keypad", "display", "voice", "fingerprint"})
"""Interfaces that phones and computers have as well."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def interfaces(ixit: Ixit, text: Text) -> Findings:
    """User interfaces that the manual names and 27-UserIntf lacks (5.13-1-2 b)."""
    table = ixit.user_intf
    documented: set[str] = set()
    perhaps: set[str] = set()
    for entry in table:
        words = f"{entry['Description']} {' '.join(entry.facts.mentions)}"
        documented.update(spoken_of("interfaces", words, as_=frozenset({Stance.STATED})))
        perhaps.update(spoken_of("interfaces", words))
    elsewhere = {
        concept
        for other in (ixit.ext_api, ixit.intf)
        for entry in other
        for concept in vocabulary.concepts_in("interfaces", entry["Description"], ("en",))
    }
    found: list[Finding] = []
    for concept in vocabulary.concepts("interfaces"):
        if concept in documented:
            continue
        uses = list(_uses(concept, text))
        firm = next((part for part, is_firm in uses if is_firm), None)
        where = Place(str(table.source), table.id)
        if firm and concept in _FIRM and concept not in elsewhere | perhaps:
            message = f"the manual tells users to use an interface ({concept}) that no entry describes"
            made = violation(
                None,
                None,
                message,
                aspect="completeness",
                expected="an entry of 27-UserIntf",
                found=firm.quoted,
            )
            found.append(replace(made, place=where))
        elif uses:
            message = f"the manual speaks of an interface ({concept}) that no entry of 27-UserIntf describes"
            found.append(
                Finding(
                    "unknown", "completeness", message, found=printable((firm or uses[0][0]).quoted, 400), place=where,
                    cause=Cause.JUDGEMENT, settle="read whether users enter something there",
                )
            )  # fmt: skip
    if not text.whole:
        found.append(
            for_a_person(ixit.user_info, None, f"the manual was not searched as a whole: {text.why}")
        )
    searched = f"{len(vocabulary.concepts('interfaces'))} kinds of interfaces in {len(text.parts)} passages"
    return Findings(
        found,
        f"looked for {searched}; {len(table)} entries describe {', '.join(sorted(documented)) or 'none'}",
    )


def _uses(concept: str, text: Text) -> Iterator[tuple[Part, bool]]:
    """The passages that name an interface, and whether they tell people to use that of the device."""
    for part in text.parts:
        if not part.language:
            continue
        pattern = vocabulary.pattern("interfaces", concept, part.language)
        for sentence in _SENTENCE.split(part.short):
            match = pattern.search(sentence)
            if match is None:
                continue
            if stance_of(sentence, match.start(), match.end(), part.language) not in PERHAPS:
                continue
            foreign = any(
                vocabulary.says(manner, sentence, part.language)
                for manner in ("other-devices", "foreign-names")
            ) or (concept in _OF_PHONES and vocabulary.says("phones", sentence, part.language))
            if foreign and concept not in _FIRM:
                continue
            yield part, vocabulary.says("use", sentence, part.language) and not foreign


# Networks ---------------------------------------------------------------------------------------------------

_NETWORKS = {
    "Wi-Fi": r"wi-?fi|wlan|802\.11\w*",
    "Bluetooth": r"bluetooth|ble",
    "Zigbee": r"zigbee",
    "Thread": r"thread (?:network|border router|mesh)s?|matter over thread",
    "Z-Wave": r"z-?wave",
    "DECT": r"dect(?: ule)?",
    "NFC": r"nfc",
    "LoRa": r"lora(?:wan)?",
    "a mobile network": r"lte(?:-m)?|gsm|umts|nb-iot|[45]g|sim cards?|esim",
    "Ethernet": r"ethernet|rj-?45|lan (?:cable|port|socket)s?|network cables?",
    "powerline": r"powerline|homeplug",
}
"""Networks, by names that are the same in all languages, and some words of English beside them."""


def networks(ixit: Ixit, text: Text) -> Findings:
    """Networks that the manual names, for the person who compares them with 15-PhyIntf (5.13-1B-2 b).

    That one is named refutes nothing: it may be the network of another device.
    """
    table = ixit.intf
    described = " ".join(f"{entry['Description']} {entry.id}" for entry in table)
    found: list[Finding] = []
    where = Place(str(table.source), table.id)
    named = 0
    for name, words in _NETWORKS.items():
        pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)
        part = next((one for one in text.parts if pattern.search(one.short)), None)
        if part is None:
            continue
        named += 1
        told = "an entry names it" if pattern.search(described) else f"no entry of {table.id} names it"
        message = f"the manual speaks of {name}, and {told}: {printable(part.quoted, 300)}"
        found.append(Finding("note", "completeness", message, place=where))
    if not text.whole:
        found.append(
            for_a_person(ixit.user_info, None, f"the manual was not searched as a whole: {text.why}")
        )
    return Findings(
        found, f"{named} of {len(_NETWORKS)} kinds of networks named in {len(text.parts)} passages"
    )
