"""Sensitive security parameters: type, guarantees, protection, provisioning and generation (scenario 5.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment import crypto
from pytest_etsi.assessment.criteria import cryptography
from pytest_etsi.assessment.criteria._at_rest import readable
from pytest_etsi.assessment.findings import Findings, located
from pytest_etsi.assessment.reading.answers import (
    affirmed,
    first,
    lacks,
    not_guaranteed,
    note,
    place,
    unknown,
    violation,
)
from pytest_etsi.assessment.reading.words import says_nothing
from pytest_etsi.profile.unread import remembered
from pytest_etsi.text import listed

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

__all__ = [
    "complete",
    "declared_hard_coded",
    "declared_identity",
    "declared_purpose",
    "generation",
    "kept_out_of_use",
    "minimum",
    "protection",
    "tamper_protection",
    "tamper_resistance",
    "type_fits",
]

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
_NO_PROTECTION = re.compile(
    r"(?:none|no protection|not protected|unprotected|plain ?text|stored in (?:the )?clear(?:text)?"
    r"|base ?64(?: encod\w+)?"
    r"|obfuscat\w+)[\s.;]*",
    re.IGNORECASE,
)
_COMPILED_IN = re.compile(
    r"\b(?:compiled in(?:to)?|hard-?coded(?! (?:unique |device )*identit)|constant in (?:the )?(?:code|firmware|image)"
    r"|embedded in (?:the )?(?:code|source"
    r"|firmware|binary|image)|part of the (?:source|firmware image|binary))\b",
    re.IGNORECASE,
)
_IS_IDENTITY = re.compile(r"\b(?:identity|identities|identifier)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:no|not|none|neither|nor|never|without)\b|n't\b", re.IGNORECASE)
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
    if not found and _NO_PROTECTION.fullmatch(entry[field].strip()):
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


@remembered(16)
def _open_debug(ixit: Ixit) -> tuple[Entry, ...]:
    return tuple(entry for entry in ixit.intf if entry.facts.debug and entry.facts.enabled)


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
        if not affirmed(entry["Description"], _IS_IDENTITY, _NEGATION):
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


_REWRITABLE = re.compile(
    r"(?:stored |kept |written )?(?:as )?(?:a |an )?(?:plain )?(?:file|text file|ordinary flash|plain flash|eeprom)"
    r"(?: in (?:the )?(?:flash|file system))?[\s.;]*|file permissions(?: only)?[\s.;]*",
    re.IGNORECASE,
)


def tamper_protection(entry: Entry, ixit: Ixit) -> Findings:
    """What refutes that the protection scheme delivers the resistance to tampering (5.4-2-1 c)."""
    field = "Protection Scheme"
    found = list(lacks(entry, field, expected="what resists tampering"))
    if not found and (
        _REWRITABLE.fullmatch(entry[field].strip()) or _NO_PROTECTION.fullmatch(entry[field].strip())
    ):
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


def declared_hard_coded(entry: SecParamEntry) -> Findings:
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
        if not affirmed(entry["Description"], _COMPILED_IN, _NEGATION):
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
    spoken = affirmed(f"{entry['Description']}\n\n{entry['Provisioning Mechanism']}", _COMPILED_IN, _NEGATION)
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
        if purpose in _PURPOSES and not affirmed(entry[field], _PURPOSES[purpose], _NEGATION):
            return Findings((unknown(entry, field, f"look whether it is recorded for {purpose}"),))
    if entry.facts.purpose:
        return Findings()
    return Findings((unknown(entry, field, "facts.purpose does not say what the parameter is for"),))


def _guessable(entry: SecParamEntry, field: str, said: str) -> Finding:
    """A sentence that makes a value of something public; doubtful where it names a secret, or another time, besides."""
    public = _WEAK_SOURCE.search(said)
    beside = _WEAK_SOURCE.sub(" ", said[public.start() :] if public else said)
    if _BESIDES.search(beside) or not affirmed(said, _WEAK_SOURCE):
        return unknown(entry, field, f"is it more than something public? {said!r}", expected="a random value")
    message = f"can be found for whole classes of devices: {said!r}"
    return violation(entry, field, message, expected="a random value", found=said)


def generation(entry: SecParamEntry) -> Findings:
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
    if not found and (said := affirmed(entry[field], _WEAK_SOURCE, _NEGATION)):
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
