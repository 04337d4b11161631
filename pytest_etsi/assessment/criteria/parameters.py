"""Sensitive security parameters: type, guarantees and protection, and whether all are listed (5.4-1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment import crypto
from pytest_etsi.assessment.criteria._at_rest import protects_nothing, readable
from pytest_etsi.assessment.findings import Findings, located
from pytest_etsi.assessment.reading.answers import (
    first,
    lacks,
    not_guaranteed,
    note,
    violation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import (
        AuthMechEntry,
        ComMechEntry,
        SecBootEntry,
        SecParamEntry,
        UpdMechEntry,
    )

__all__ = ["complete", "minimum", "protection", "type_fits"]

_NEEDED = {"critical": ("confidentiality", "integrity"), "public": ("integrity",)}
_SECRET = re.compile(
    r"^(?:the |a |an |this |device |user |unique |symmetric |shared )*(?:private key|secret key|secret|password"
    r"|passphrase"
    r"|pre-shared key|psk|token|credential|pin)\b(?! hash)",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"^(?:the |a |an |this |root |trusted )*(?:public key|certificates?|trust anchors?|ca list)\b",
    re.IGNORECASE,
)
_VERIFIES = re.compile(
    r"\b(?:publi\w+|öffentlich\w*|openbare|pubblica|pública|veřejn\w+|certificat\w*|zertifikat\w*|certyfikat\w*|certifikát\w*"
    r"|authorized_keys|trust anchors?|verif\w+|hash)\b|公開|公开|公钥|証明書|证书",
    re.IGNORECASE,
)
"""What proves who somebody is without being a secret: users log in with the private half of a public key."""


def _type(entry: Entry) -> str:
    text = entry["Type"].lower()
    return next((kind for kind in _NEEDED if kind in text), "")


def type_fits(entry: SecParamEntry) -> Findings:
    """What refutes that the type fits the description (5.4-1-1 a)."""
    found = list(
        lacks(entry, "Description", "Type", expected="what it is for, and whether it is public or critical")
    )
    kind, text = _type(entry), entry["Description"].strip()
    if kind == "public" and _SECRET.search(text):
        found.append(
            violation(
                entry,
                "Type",
                "is public, while the description begins with a secret",
                expected="critical",
                found="public",
            )
        )
    elif kind == "public" and "confidentiality" in entry.facts.guarantees:
        found.append(note(entry, "Type", "is public, while confidentiality is guaranteed"))
    elif kind == "critical" and _PUBLIC.search(text):
        found.append(note(entry, "Type", "is critical, while the description begins with something public"))
    if kind == "public" and "user-authentication" in entry.facts.purpose and not _VERIFIES.search(text):
        found.append(
            violation(
                entry,
                "Type",
                "is public, while facts.purpose says that users authenticate with it",
                expected="critical",
                found="public",
            )
        )
    return Findings(found)


def minimum(entry: AuthMechEntry | ComMechEntry | SecBootEntry | SecParamEntry | UpdMechEntry) -> Findings:
    """What refutes that the guarantees reach the least that the type needs (5.4-1-1 b)."""
    kind = _type(entry)
    found = list(lacks(entry, "Security Guarantees", expected="what the protection gives"))
    found.extend(not_guaranteed(entry, *_NEEDED.get(kind, ()), of=f"a {kind} parameter"))
    return Findings(found)


def protection(entry: SecParamEntry, ixit: Ixit) -> Findings:
    """What refutes that the protection scheme delivers the guarantees (5.4-1-1 c)."""
    field = "Protection Scheme"
    found = list(lacks(entry, field, expected="how the parameter is protected"))
    if not found and protects_nothing(entry[field]):
        found.append(violation(entry, field, "protects nothing", expected="a protection", found=entry[field]))
    elif not found:
        found.extend(readable(entry))
    if entry.facts.at_rest == "clear" and "confidentiality" in entry.facts.guarantees:
        found.append(
            violation(
                entry,
                "facts.at_rest",
                "lies in clear, while confidentiality is guaranteed",
                expected="hashed or encrypted",
                found="clear",
            )
        )
    if (how := entry.facts.hashing) is not None:
        assessed = crypto.assess_algorithm(
            how.algorithm, how.key_bits, how.mode, how.use, parameters=how.parameters
        )
        found.extend(one for one in located(assessed, entry, "facts.hashing") if one.kind != "note")
        if entry.facts.at_rest not in (None, "hashed"):
            found.append(
                violation(
                    entry,
                    "facts.at_rest",
                    "is not hashed, while facts.hashing says how it is",
                    expected="hashed",
                    found=entry.facts.at_rest,
                )
            )
    found.extend(_denied_means(entry, ixit))
    return Findings(found)


def _denied_means(entry: Entry, ixit: Ixit) -> Iterator[Finding]:
    """A scheme that rests on what other tables deny."""
    if re.search(r"\bsecure boot\b|\bSecBoot-\w+", entry["Protection Scheme"], re.IGNORECASE) and not len(
        ixit.sec_boot
    ):
        yield violation(
            entry,
            "Protection Scheme",
            f"rests on secure boot, while {ixit.sec_boot.id} ({ixit.sec_boot.source}) has no entries",
            expected="an entry of 20-SecBoot",
        )


def complete(ixit: Ixit) -> Findings:
    """What hints at parameters that 10-SecParam lacks (5.4-1-1 d)."""
    table = ixit.sec_param
    purposes = {purpose for entry in table for purpose in entry.facts.purpose}
    typed = bool(len(table)) and all(entry.facts.purpose for entry in table)
    found: list[Finding] = []
    if not len(table) and (used := next(iter((*ixit.auth_mech, *ixit.com_mech)), None)):
        found.append(
            violation(
                used,
                None,
                f"{table.id} ({table.source}) lists no parameter at all",
                expected="its factors and keys",
            )
        )
    elif typed:
        hints = (
            (
                "update-check",
                [one for one in ixit.upd_mech if any(c.use == "signature" for c in one.facts.cryptography)],
            ),
            (
                "user-authentication",
                [
                    one
                    for one in ixit.auth_mech
                    if one.facts.subject == "user" and "password" in one.facts.factors
                ],
            ),
        )
        for purpose, hinting in hints:
            if hinting and purpose not in purposes:
                found.append(
                    violation(
                        hinting[0],
                        None,
                        f"hints at a parameter with the purpose {purpose}, which {table.id} ({table.source}) lacks",
                        expected="an entry for it",
                    )
                )
    return Findings(first(found))
