"""Values that are the same from the factory on: hard-coded identities and values in source code (5.4-2, 5.4-3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria import images
from pytest_etsi.assessment.criteria._at_rest import protects_nothing
from pytest_etsi.assessment.findings import Findings, together
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import NEGATED, affirmed, lacks, place, unknown, violation
from pytest_etsi.profile.unread import remembered
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from pytest_etsi.dut.observe.images import ImagesSeen
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import SecParamEntry

__all__ = [
    "declared",
    "declared_identity",
    "denied",
    "in_image",
    "kept_out_of_use",
    "keys_in_doubt",
    "tamper_protection",
    "tamper_resistance",
]

_COMPILED_IN = re.compile(
    r"\b(?:compiled in(?:to)?|hard-?coded(?! (?:unique |device )*identit)|constant in (?:the )?(?:code|firmware|image)"
    r"|embedded in (?:the )?(?:code|source"
    r"|firmware|binary|image)|part of the (?:source|firmware image|binary))\b",
    re.IGNORECASE,
)
_IS_IDENTITY = re.compile(r"\b(?:identity|identities|identifier)\b", re.IGNORECASE)
_REWRITABLE = re.compile(
    r"(?:stored |kept |written )?(?:as )?(?:a |an )?(?:plain )?(?:file|text file|ordinary flash|plain flash|eeprom)"
    r"(?: in (?:the )?(?:flash|file system))?[\s.;]*|file permissions(?: only)?[\s.;]*",
    re.IGNORECASE,
)


def declared_identity(entry: SecParamEntry) -> Findings:
    """Whether a parameter that is used as a hard-coded identity is declared as one (5.4-2-1 a)."""
    said = entry.facts.hard_coded_identity
    if said is False and "identity" in entry.facts.purpose:
        return Findings(
            (
                violation(
                    entry,
                    "facts.hard_coded_identity",
                    "is stated to be none, while facts.purpose says that it serves as an identity",
                    expected="true",
                    found="false",
                ),
            )
        )
    missing = list(lacks(entry, "Description", expected="what the parameter is for"))
    if missing:
        return Findings(missing)
    if said:
        if not affirmed(entry["Description"], _IS_IDENTITY, NEGATED):
            return Findings(
                (unknown(entry, "Description", "look whether it says that this is a hard-coded identity"),)
            )
        return Findings()
    return Findings(
        (unknown(entry, "Description", "facts.hard_coded_identity does not say whether it is an identity"),)
    )


def tamper_resistance(entry: SecParamEntry) -> Findings:
    """What refutes that the guarantees resist tampering by physical, electrical and software means (5.4-2-1 b)."""
    found = list(lacks(entry, "Security Guarantees", expected="resistance to tampering"))
    facts = entry.facts
    if facts.says("guarantees") and "tamper-resistance" not in facts.guarantees:
        found.append(
            violation(
                entry,
                "facts.guarantees",
                "tamper-resistance is not among the guarantees of a hard-coded identity",
                expected="tamper-resistance",
                found=", ".join(facts.guarantees) or "none",
            )
        )
    missing = {"physical", "electrical", "software"} - set(facts.tamper_means)
    if facts.tamper_means and missing:
        found.append(
            violation(
                entry,
                "facts.tamper_means",
                f"{listed(sorted(missing))} means are left out",
                expected="physical, electrical and software",
                found=", ".join(facts.tamper_means),
            )
        )
    return Findings(found)


@remembered(16)
def _open_debug(ixit: Ixit) -> tuple[Entry, ...]:
    return tuple(entry for entry in ixit.intf if entry.facts.debug and entry.facts.enabled)


def tamper_protection(entry: Entry, ixit: Ixit) -> Findings:
    """What refutes that the protection scheme delivers the resistance to tampering (5.4-2-1 c)."""
    field = "Protection Scheme"
    found = list(lacks(entry, field, expected="what resists tampering"))
    if not found and (_REWRITABLE.fullmatch(entry[field].strip()) or protects_nothing(entry[field])):
        found.append(
            violation(
                entry,
                field,
                "can be rewritten by software",
                expected="fuses, a secure element or the like",
                found=entry[field],
            )
        )
    if re.search(
        r"\b(?:debug|jtag|swd)\b[^.]*\b(?:locked|disabled|closed|cut off|blocked)\b",
        entry[field],
        re.IGNORECASE,
    ):
        found.extend(
            violation(
                entry,
                field,
                f"rests on closed debug interfaces, while {place(one)} is enabled",
                expected="one statement in both tables",
            )
            for one in _open_debug(ixit)
        )
    return Findings(found)


def declared(entry: SecParamEntry) -> Findings:
    """Whether a critical parameter that is provisioned in source code says so in its description (5.4-3-1 a)."""
    said = entry.facts.hard_coded_in_source
    if entry.facts.provisioning == "compiled-in" and said is not True:
        return Findings(
            (
                violation(
                    entry,
                    "facts.provisioning",
                    "is compiled in, while facts.hard_coded_in_source does not say so",
                    expected="hard_coded_in_source: true, and a description that says it",
                    found=str(said),
                ),
            )
        )
    if said:
        if not affirmed(entry["Description"], _COMPILED_IN, NEGATED):
            return Findings(
                (
                    violation(
                        entry,
                        "Description",
                        "does not say that the value is hard-coded",
                        expected="that it says so",
                    ),
                )
            )
        return Findings()
    missing = list(lacks(entry, "Provisioning Mechanism", expected="how the value gets into the device"))
    if missing:
        return Findings(missing)
    spoken = affirmed(f"{entry['Description']}\n\n{entry['Provisioning Mechanism']}", _COMPILED_IN, NEGATED)
    if said is False and not spoken:
        return Findings()
    return Findings(
        (
            unknown(
                entry,
                "Provisioning Mechanism",
                f"is it hard-coded? {spoken!r}"
                if spoken
                else "facts.hard_coded_in_source does not say whether it is hard-coded",
            ),
        )
    )


def denied(entry: SecParamEntry) -> bool:
    """Whether the documents say of a parameter that it is not hard-coded in source code."""
    return claims.hard_coded_in_source(entry) is False


def in_image(entry: SecParamEntry, ixit: Ixit, seen: ImagesSeen) -> Findings:
    """What of a parameter lies in the software as it is delivered (5.4-3-2 a).

    What belongs to no entry is told with the first critical one, once.

    Args:
        entry: of 10-SecParam.
        ixit: all tables.
        seen: the search of the images.
    """
    others = images.unaccounted(ixit, seen) if _tells_the_rest(entry, ixit) else Findings()
    return together(images.of_entry(entry, seen), others)


def keys_in_doubt(entry: SecParamEntry, ixit: Ixit, seen: ImagesSeen) -> Findings:
    """What `in_image` leaves open of private keys, also where the documents say that nothing is hard-coded."""
    return images.keys_in_doubt(ixit, seen) if _tells_the_rest(entry, ixit) else Findings()


def _tells_the_rest(entry: SecParamEntry, ixit: Ixit) -> bool:
    """Whether it is the first critical parameter, with which is told, once, what belongs to no entry."""
    first = next((one for one in ixit.sec_param if claims.critical(one) is not False), None)
    return first is not None and first.id == entry.id


def kept_out_of_use(entry: SecParamEntry, ixit: Ixit) -> Findings:
    """What refutes that a hard-coded critical value is kept out of use in operation (5.4-3-1 b)."""
    field = "Provisioning Mechanism"
    found = list(lacks(entry, field, expected="how the value is replaced before operation"))
    carried = entry.mechanisms
    if carried and (mechanism := ixit.com_mech.get(carried[0])) is not None:
        found.append(
            violation(
                entry,
                field,
                f"a hard-coded value is used by {', '.join(carried)} ({mechanism.source()})",
                expected="no use in operation",
            )
        )
    if (
        entry.facts.purpose
        and set(entry.facts.purpose) - {"other"}
        and entry.facts.provisioning == "compiled-in"
    ):
        found.append(
            violation(
                entry,
                "facts.purpose",
                f"a hard-coded value serves {', '.join(entry.facts.purpose)}",
                expected="no use in operation",
            )
        )
    return Findings(found)
