"""How sensitive security parameters are generated, and what for (5.4-4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria import cryptography
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import NEGATED, affirmed, lacks, note, unknown, violation
from pytest_etsi.assessment.reading.words import says_nothing

if TYPE_CHECKING:
    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile.entries import SecParamEntry

__all__ = ["declared_purpose", "unguessable"]

_BESIDES = re.compile(
    r"\b(?:and|plus|with|together|random\w*|secret\w*|master|keyed|(?:an?|the) (?:\w+ )?key|salt\w*|hsm|hkdf"
    r"|hmac\w*)\b",
    re.IGNORECASE,
)
"""Words of what a derivation may take in beside something public."""
_WEAK_SOURCE = re.compile(
    r"\b(?:derived|computed|calculated|made|generated) (?:\w+ ){0,3}?(?:from|out of) (?:the )?(?:mac(?: address)?"
    r"|serial(?: number)?|model|imei|time|date)\b"
    r"|\bseeded (?:\w+ )?(?:with|by|from) (?:the )?(?:current |system )?(?:time|uptime|clock|date|mac|serial)\b"
    r"|\bsame (?:value|key|password|secret) (?:in|on|for) (?:all|every|each)\b|\b(?:all|every) devices? (?:share"
    r"|has|have) the same\b"
    r"|\bper batch\b",
    re.IGNORECASE,
)
_PURPOSES = {
    "update-check": re.compile(r"\b(?:update|firmware|verif)", re.IGNORECASE),
    "service-communication": re.compile(r"\b(?:service|cloud|communicat|server)", re.IGNORECASE),
}


def declared_purpose(entry: SecParamEntry) -> Findings:
    """Whether a parameter for update checks or service communication is recorded as such (5.4-4-1 a)."""
    field = "Generation Mechanism"
    missing = list(lacks(entry, field, expected="how it is generated, and what for"))
    if missing:
        return Findings(missing)
    for purpose in entry.facts.purpose:
        if purpose in _PURPOSES and not affirmed(entry[field], _PURPOSES[purpose], NEGATED):
            return Findings((unknown(entry, field, f"look whether it is recorded for {purpose}"),))
    if entry.facts.purpose:
        return Findings()
    return Findings((unknown(entry, field, "facts.purpose does not say what the parameter is for"),))


def _guessable(entry: SecParamEntry, field: str, said: str) -> Finding:
    """A sentence that makes a value of something public; doubtful where it names a secret, or another time, besides."""
    beside = " ".join(_WEAK_SOURCE.split(said)[1:])
    if _BESIDES.search(beside) or not affirmed(said, _WEAK_SOURCE):
        return unknown(entry, field, f"is it more than something public? {said!r}", expected="a random value")
    message = f"can be found for whole classes of devices: {said!r}"
    return violation(entry, field, message, expected="a random value", found=said)


def unguessable(entry: SecParamEntry) -> Findings:
    """What refutes that the generation makes a parameter unique and hard to attack over whole classes (5.4-4-1 b)."""
    field = "Generation Mechanism"
    found = list(lacks(entry, field, expected="how the value is created"))
    facts = entry.facts
    if facts.unique_per_device is False and (
        set(facts.purpose) & {"update-check", "service-communication"} or not facts.purpose
    ):
        found.append(
            violation(
                entry,
                "facts.unique_per_device",
                "is the same on several devices",
                expected="a value for each device",
                found="false",
            )
        )
    if facts.provisioning == "compiled-in":
        found.append(
            violation(
                entry, "facts.provisioning", "is the same in all devices", expected="a value for each device"
            )
        )
    if not found and (said := affirmed(entry[field], _WEAK_SOURCE, NEGATED)):
        found.append(_guessable(entry, field, said))
    found.extend(cryptography.documented(entry).besides_notes)
    if (
        says_nothing(entry[field]) is False
        and not facts.generation
        and not re.search(
            r"\b(?:random|t?rng|\w*drbg|deriv|keys?\b|generat|hsm|chosen)", entry[field], re.IGNORECASE
        )
    ):
        found.append(note(entry, field, "names no generator or derivation that a program recognises"))
    return Findings(found)
