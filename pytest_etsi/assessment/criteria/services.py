"""Software services: their authentication, and whether they are needed (5.5-4, 5.5-5, 5.6-5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria import cryptography
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import (
    affirmed,
    first,
    lacks,
    note,
    referrers,
    repeated,
    violation,
)
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import AuthMechEntry, SoftServEntry

__all__ = ["authenticated", "authorises", "configuration_is_protected", "needed", "protects", "tells_apart"]

_NO_LOGIN = re.compile(
    r"\b(?:without (?:a |any )?(?:login|log-in|authentication|password)|unauthenticated|anonymous(?:ly)?)\b",
    re.IGNORECASE,
)
_ROLES = re.compile(
    r"\b(?:role\w*|right\w*|may|allow\w*|permi\w+|owner|admin\w*|viewer|guest|access|authori[sz]\w+|only"
    r"|restrict\w*|can)\b",
    re.IGNORECASE,
)


def authenticated(entry: Entry) -> Findings:
    """Whether a function that the network reaches refers to an authentication mechanism (5.5-4-1 a)."""
    if entry.refers_to("Authentication Mechanism"):
        return Findings()
    return Findings(
        (
            violation(
                entry,
                "Authentication Mechanism",
                "is reachable over the network and refers to no mechanism",
                expected="an entry of 1-AuthMech",
                found=entry["Authentication Mechanism"] or "nothing",
            ),
        )
    )


def tells_apart(entry: AuthMechEntry) -> Findings:
    """What refutes that a mechanism tells subjects apart and refuses invalid ones (5.5-4-1 b)."""
    found = list(
        lacks(entry, "Description", "Authentication Factor", expected="who authenticates, and by what")
    )
    password = entry.facts.password
    generation = password.generation if password is not None else None
    if generation is not None and generation.method == "constant":
        found.append(
            violation(
                entry,
                "facts.password.generation.method",
                "one value for all devices tells nobody apart",
                expected="a value of its own for each subject or device",
                found="constant",
            )
        )
    return Findings(found)


def protects(entry: AuthMechEntry) -> Findings:
    """What refutes that the means protecting a mechanism deliver its guarantees (5.5-4-1 c)."""
    found: list[Finding] = list(lacks(entry, "Security Guarantees", expected="what the protection gives"))
    facts = entry.facts
    if set(facts.guarantees) & {"confidentiality", "integrity"} and not (
        facts.tls or facts.ssh or facts.cryptography
    ):
        found.extend(lacks(entry, "Cryptographic Details", expected="the cryptography behind the guarantees"))
    found.extend(cryptography.documented(entry).about("attack", "best-practice").besides_notes)
    return Findings(found)


def authorises(entry: Entry) -> Findings:
    """What refutes that authorisation lets the right subjects in and keeps the others out (5.5-4-1 d)."""
    found = list(lacks(entry, "Description", expected="how authorisation follows from authentication"))
    if not found and not _ROLES.search(entry["Description"]):
        found.append(note(entry, "Description", "says nothing of rights or roles that a program recognises"))
    if match := _NO_LOGIN.search(entry["Description"]):
        found.append(note(entry, "Description", f"speaks of use {match[0]!r}"))
    return Findings(found)


@remembered(4096)
def _mechanism(entry: AuthMechEntry) -> Findings:
    return Findings((*tells_apart(entry), *protects(entry), *authorises(entry)))


def configuration_is_protected(entry: SoftServEntry, ixit: Ixit) -> Findings:
    """What refutes any unit of 5.5-4-1 on a function that changes security-relevant settings (5.5-5-1 a)."""
    found = list(lacks(entry, "Description", expected="what the function does"))
    found.extend(authenticated(entry))
    for name in entry.refers_to("Authentication Mechanism"):
        mechanism = ixit.auth_mech.get(name)
        if mechanism is not None:
            found.extend(_mechanism(mechanism))
    if entry.facts.configures is True and claims.yes_no(entry, "Allows Configuration") is False:
        found.append(
            violation(
                entry,
                "Allows Configuration",
                f"says no, while facts.configures says yes ({entry.source('facts.configures')})",
                expected="one statement",
                found=entry["Allows Configuration"],
            )
        )
    return Findings(first(found))


_DOUBTFUL = re.compile(
    r"\b(?:telnet|ftp|tftp|debug\w*|test(?:ing)? (?:service|interface|server)|development|legacy|adb|gdb)\b",
    re.IGNORECASE,
)
_CONVENIENCE = re.compile(
    r"(?:(?:it |this )?(?:is |was )?(?:enabled|on) by default|default(?: setting)?|historical reasons?|legacy"
    r"|always been (?:so|there)"
    r"|convenience|for (?:testing|debugging|development|tests))[\s.;]*",
    re.IGNORECASE,
)


def needed(entry: Entry, ixit: Ixit) -> Findings:
    """What refutes that a service enabled by default is needed (5.6-5-1 a)."""
    found = list(
        lacks(entry, "Description", "Justification", expected="its purpose, and why it has to be on")
    )
    if not found and _CONVENIENCE.fullmatch(entry["Justification"].strip()):
        found.append(
            violation(
                entry,
                "Justification",
                "names no need",
                expected="why the device needs it",
                found=entry["Justification"],
            )
        )
    if said := affirmed(entry["Description"], _DOUBTFUL):
        found.append(note(entry, "Description", f"is a service of this kind needed? {said!r}"))
    if same := repeated(ixit.soft_serv, "Justification").get(entry.id):
        found.append(note(entry, "Justification", f"is word for word the same in {', '.join(same[:5])}"))
    return Findings(found)


def referred_to(entry: Entry, ixit: Ixit) -> bool:
    """Whether an entry of 13-SoftServ refers to an authentication mechanism."""
    return any(one.argument_name == "soft_serv" for one in referrers(ixit, entry))
