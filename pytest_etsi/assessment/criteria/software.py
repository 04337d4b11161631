"""Minimal code, least privilege, hardware control of memory, and secure boot (5.6-6 to 5.6-8, 5.7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria import cryptography
from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.reading.answers import affirmed, lacks, not_guaranteed, note, violation
from pytest_etsi.assessment.reading.words import none_first, says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile import Entry, IxitTable
    from pytest_etsi.profile.entries import (
        AuthMechEntry,
        ComMechEntry,
        SecBootEntry,
        SecParamEntry,
        UpdMechEntry,
    )

__all__ = [
    "alert",
    "alert_functions",
    "boot_guarantees",
    "boot_means",
    "in_hardware",
    "minimized",
    "privileges",
    "restricts",
]


def _something(table: IxitTable, expected: str) -> Iterator[Finding]:
    if not len(table):
        yield Finding(
            "violation",
            "answer",
            f"{table.id} has no entries",
            expected=expected,
            place=Place(str(table.source)),
        )
    elif all(says_nothing(entry["Description"]) for entry in table):
        for entry in table:
            yield from lacks(entry, "Description", expected=expected)


def minimized(table: IxitTable) -> Findings:
    """What refutes that the techniques cut the code down to what is needed (5.6-6-1 a)."""
    return Findings(_something(table, "a technique that reduces code"))


_PRINCIPLES = {
    "need to know": r"need[- ]to[- ]know|read|access|files?|data",
    "minimal privilege": r"privilege|root|rights?|capabilit|user|permission|sandbox|seccomp",
    "separation of duty": r"separat|isolat|own (?:user|process|account)|different (?:user|process)|split|contain",
}


def privileges(table: IxitTable) -> Findings:
    """What refutes that the mechanisms support need to know, minimal privilege and separation of duty (5.6-7-1 a)."""
    found = list(_something(table, "mechanisms that limit what software may do"))
    text = " ".join(entry["Description"] for entry in table)
    if not found:
        found.extend(
            note(table[0], "Description", f"no word of {principle} in any entry that a program recognises")
            for principle, words in _PRINCIPLES.items()
            if not re.search(rf"\b(?:{words})", text, re.IGNORECASE)
        )
    return Findings(found)


_SOFTWARE = re.compile(
    r"(?:(?:linux |posix |unix )?(?:file permissions?|file system permissions?|aslr"
    r"|address space layout randomi[sz]ation|selinux"
    r"|apparmor|containers?|docker|chroot|user accounts?|seccomp)(?: filters?| profiles?)?[\s,.;]*(?:and |or )?)+",
    re.IGNORECASE,
)
_NO_MEMORY_CONTROL = re.compile(
    r"(?:(?:an? |the )?(?:hardware )?(?:true )?(?:random number generator|trng|rng|crypto(?:graphic)? accelerator"
    r"|watchdog"
    r"|tamper switch|real[- ]time clock|rtc|secure element for keys)[\s,.;]*(?:and |or )?)+",
    re.IGNORECASE,
)


def in_hardware(entry: Entry) -> Findings:
    """What refutes that a mechanism of 18-AccCtrl lives in the hardware (5.6-8-1 a)."""
    found = list(lacks(entry, "Description", expected="a hardware mechanism"))
    if not found and _SOFTWARE.fullmatch(entry["Description"].strip()):
        found.append(
            violation(
                entry,
                "Description",
                "is software",
                expected="a hardware mechanism",
                found=entry["Description"],
            )
        )
    return Findings(found)


def restricts(entry: Entry) -> Findings:
    """What refutes that a mechanism can restrict access to memory (5.6-8-1 b)."""
    found = list(lacks(entry, "Description", expected="what memory it protects from whom"))
    if not found and _NO_MEMORY_CONTROL.fullmatch(entry["Description"].strip()):
        found.append(
            violation(
                entry,
                "Description",
                "controls no access to memory",
                expected="a control of memory",
                found=entry["Description"],
            )
        )
    return Findings(found)


_CHECKSUM = re.compile(
    r"\b(?:only|just|solely|merely) (?:by |with )?(?:a |the )?(?:crc(?:-?\d+)?|checksum|hash)\b"
    r"|\b(?:crc(?:-?\d+)?|checksum) only\b",
    re.IGNORECASE,
)
_REWRITABLE_ANCHOR = re.compile(
    r"\b(?:key|hash|anchor|root of trust) (?:is |are )?(?:stored |kept |held )?in (?:the )?(?:rewritable|ordinary"
    r"|external|plain|normal) "
    r"(?:flash|memory|eeprom)\b",
    re.IGNORECASE,
)


def boot_guarantees(
    entry: AuthMechEntry | ComMechEntry | SecBootEntry | SecParamEntry | UpdMechEntry,
) -> Findings:
    """What refutes that integrity and authenticity of the software are guaranteed (5.7-1-1 a)."""
    found = list(lacks(entry, "Security Guarantees", expected="integrity and authenticity"))
    found.extend(not_guaranteed(entry, "authenticity", "integrity"))
    return Findings(found)


def boot_means(entry: SecBootEntry) -> Findings:
    """What refutes that a secure boot mechanism can deliver its guarantees (5.7-1-1 b)."""
    found = list(
        lacks(
            entry,
            "Description",
            "Detection Mechanisms",
            expected="the chain of verification, and how a change is noticed",
        )
    )
    uses = {used.use for used in entry.facts.cryptography}
    if uses and not uses & {"signature", "mac"}:
        found.append(
            violation(
                entry,
                "facts.cryptography",
                "names neither a signature nor a MAC, so that authenticity rests on nothing",
                expected="a signature or a MAC",
                found=", ".join(sorted(uses)),
            )
        )
    for field, pattern in (("Detection Mechanisms", _CHECKSUM), ("Description", _REWRITABLE_ANCHOR)):
        if said := affirmed(entry[field], pattern):
            found.append(
                violation(
                    entry, field, f"can be forged: {said!r}", expected="what an attacker cannot replace"
                )
            )
    found.extend(cryptography.documented(entry).besides_notes)
    return Findings(found)


_LOCAL = ("device", "serial")
_NO_FUNCTION = re.compile(r"\W*(?:none|no (?:function\w*|network\b.*)|nothing)\b", re.IGNORECASE)


def alert(entry: SecBootEntry) -> Findings:
    """What refutes that user or administrator learns of a change (5.7-2-1 a)."""
    found = list(lacks(entry, "User Notification", expected="how the alert is given, and what it says"))
    functions = entry["Notification Functionality"]
    over_network = [where for where in entry.facts.alerts_on if where not in _LOCAL]
    if (
        over_network
        and len(over_network) == len(entry.facts.alerts_on)
        and (none_first(functions) or _NO_FUNCTION.match(functions))
    ):
        found.append(
            violation(
                entry,
                "Notification Functionality",
                f"leaves no network function, while the alert goes to {', '.join(over_network)} "
                f"({entry.source('facts.alerts_on')})",
                expected="the function that carries the alert",
                found=entry["Notification Functionality"],
            )
        )
    if not found and re.fullmatch(
        r"\W*(?:the )?(?:device )?(?:reboots?|restarts?|boot loop|does not start)\W*",
        entry["User Notification"],
        re.IGNORECASE,
    ):
        found.append(note(entry, "User Notification", "looks like an ordinary fault"))
    return Findings(found)


def alert_functions(entry: SecBootEntry) -> Findings:
    """What refutes that each functionality kept for the alert is needed for it (5.7-2-1 b)."""
    found = list(
        lacks(
            entry,
            "Notification Functionality",
            expected="which functions stay up for the alert; or that none does",
            or_none=True,
        )
    )
    local = entry.facts.alerts_on and all(where in _LOCAL for where in entry.facts.alerts_on)
    if local and entry.facts.alert_hosts:
        found.append(
            violation(
                entry,
                "facts.alert_hosts",
                f"keeps a way to {', '.join(entry.facts.alert_hosts)}, while the alert is given on the device alone",
                expected="no network function",
                found=", ".join(entry.facts.alert_hosts),
            )
        )
    return Findings(found)
