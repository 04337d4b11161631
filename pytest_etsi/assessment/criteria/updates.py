"""Update mechanisms: their design and its cryptography (5.3-1, 5.3-2, 5.3-7, 5.3-9 and 5.3-10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment.criteria import cryptography
from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import (
    affirmed,
    lacks,
    not_guaranteed,
    note,
    place,
    unknown,
    violation,
)
from pytest_etsi.assessment.reading.lexicon import words
from pytest_etsi.assessment.reading.sentences import denies, sentences, shortened
from pytest_etsi.profile.unread import remembered
from pytest_etsi.profile.words import plain
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
        SoftCompEntry,
        UpdMechEntry,
    )

__all__ = [
    "guarantees",
    "immutable",
    "means",
    "mechanisms",
    "no_update",
    "referenced",
    "resists_misuse",
    "takes_older",
    "trust",
    "verification",
    "verified_by_the_device",
]

_MINIMUM = ("authenticity", "integrity")
_CHECKSUM_ONLY = re.compile(
    r"\b(?:only|just|solely|merely) (?:by |with )?(?:a |the )?(?:crc(?:-?\d+)?|checksum|hash(?: value)?|md5(?: sum)?)\b"
    r"|\b(?:crc(?:-?\d+)?|checksum|md5(?: sum)?) only\b",
    re.IGNORECASE,
)
_AND_NO_SIGNATURE = re.compile(
    r"[,;]?\s*(?:and |but )?(?:there is |it has |with )?no signature(?=\s*(?:[.;]|$))", re.IGNORECASE
)
"""The end of a statement that its "no" does not put in doubt."""
_UNSIGNED = re.compile(
    r"^(?:the |update |software |firmware )*(?:packages?|updates?|images?|firmware|files?) (?:is|are) "
    r"(?:neither signed|unsigned|not (?:signed|verified|authenticated|checked))\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:verif\w+|signature|check\w*) (?:is |are )?(?:done |made |carried out |performed )?(?:only )?after "
    r"(?:the )?(?:installation|install|activation|first start)\b",
    re.IGNORECASE,
)
_COST = re.compile(
    r"\b(?:(?:too |high )?(?:expensive|costs?|costly|budget|effort)|time to market|schedule|no resources)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"\b(?:no|not|never|nothing|if|unless|besides|security)\b", re.IGNORECASE)
_FLEET_KEY = re.compile(
    r"\b(?:same|shared|common|one) (?:symmetric |secret |aes )?(?:key|secret) (?:for|in|on|by) all\b",
    re.IGNORECASE,
)


def no_update(entry: SoftCompEntry, ixit: Ixit) -> Findings:
    """What refutes the reason why a component of 6-SoftComp has no update mechanism (5.3-1-1 a)."""
    field = "Update Mechanism"
    found: list[Finding] = []
    if not claims.explains_no_update(entry):
        found.append(
            violation(
                entry,
                field,
                "no mechanism is named, and no reason why",
                expected="why updates are impracticable, or left out for security",
                found=entry[field],
            )
        )
    elif (said := affirmed(claims.why_no_update(entry), _COST, _NO)) and entry.facts.no_update_reason not in (
        "immutable",
        "constrained",
    ):
        found.append(
            violation(
                entry, field, f"gives cost as the reason: {said!r}", expected="practicability or security"
            )
        )
    return Findings((*found, *_updated_all_the_same(entry, ixit)))


def immutable(entry: SoftCompEntry, ixit: Ixit) -> Findings:
    """What refutes that a component without updates is immutable for a security reason (5.3-1-1 a, edition 2.1.1)."""
    field = "Update Mechanism"
    expected = "that it is immutable, for a security reason"
    found: list[Finding] = []
    reason = entry.facts.no_update_reason
    if not claims.explains_no_update(entry):
        message = "no mechanism is named, and no reason why"
        found.append(violation(entry, field, message, expected=expected, found=entry[field]))
    elif reason is not None and reason != "immutable":
        message = f"has no updates for another reason than security: {reason}"
        found.append(violation(entry, "facts.no_update_reason", message, expected=expected, found=reason))
    elif reason is None and (said := affirmed(claims.why_no_update(entry), _COST, _NO)):
        found.append(violation(entry, field, f"gives cost as the reason: {said!r}", expected=expected))
    return Findings((*found, *_updated_all_the_same(entry, ixit)))


def _updated_all_the_same(entry: SoftCompEntry, ixit: Ixit) -> Iterator[Finding]:
    for mechanism in _naming(ixit).get(entry.id, ()):
        yield violation(
            entry,
            "Update Mechanism",
            f"has no mechanism, while {place(mechanism, 'Description')} names {entry.id}",
            expected="one statement in both tables",
        )


@remembered(16)
def _naming(ixit: Ixit) -> dict[str, tuple[Entry, ...]]:
    """Components that the description of an update mechanism names by their ID."""
    known = {entry.id for entry in ixit.soft_comp}
    found: dict[str, list[Entry]] = {}
    for mechanism in ixit.upd_mech:
        for word in set(re.findall(r"\w[\w.+-]*\w", mechanism["Description"])) & known:
            found.setdefault(word, []).append(mechanism)
    return {name: tuple(entries) for name, entries in found.items()}


@remembered(16)
def _misuse_of(ixit: Ixit) -> dict[str, tuple[Finding, ...]]:
    return {mechanism.id: tuple(resists_misuse(mechanism)) for mechanism in ixit.upd_mech}


def mechanisms(entry: Entry, ixit: Ixit) -> tuple[UpdMechEntry, ...]:
    """The entries of 7-UpdMech that a component refers to; IDs that are none are noted when the documents are read."""
    found = (ixit.upd_mech.get(name) for name in entry.refers_to("Update Mechanism"))
    return tuple(mechanism for mechanism in found if mechanism is not None)


def referenced(entry: Entry, ixit: Ixit) -> Findings:
    """What refutes that the mechanisms of a component resist misuse; one that does not is enough (5.3-1-1 b)."""
    return Findings(finding for one in mechanisms(entry, ixit) for finding in _misuse_of(ixit)[one.id])


def resists_misuse(entry: UpdMechEntry) -> Findings:
    """What refutes that the design of an update mechanism keeps an attacker from misusing it (5.3-2-1 a)."""
    found = [
        *lacks(
            entry,
            "Description",
            "Security Guarantees",
            "Cryptographic Details",
            expected="how misuse is prevented",
        ),
        *_floor(entry),
        *_unprotected(entry),
        *cryptography.documented(entry).besides_notes,
    ]
    if said := affirmed(entry["Cryptographic Details"], _FLEET_KEY):
        found.append(note(entry, "Cryptographic Details", f"one key for all devices? {said!r}"))
    found.extend(_going_back(entry))
    return Findings(found)


_OLDER = words(
    r"(?:older|old|earlier|previous|former|any|lower) (?:\w+ ){0,2}(?:packages?|versions?|images?|firmwares?"
    r"|releases?|updates?"
    r"|software)|downgrad\w*|roll(?:ed|ing)?[- ]?back\w*",
    r"(?:altere|fruhere|alte|vorherige)[nrs]? (?:\w+ ){0,2}(?:pakete?\w*|version\w*|firmware\w*|images?|abbilder)",
    r"(?:paquets?|versions?|images?|firmwares?) (?:\w+ ){0,1}(?:ancien\w*|anterieur\w*|precedent\w*)|anciennes? \w+",
    r"(?:paquetes|versiones|imagenes|firmware) (?:\w+ ){0,1}(?:antigu\w+|anterior\w*)",
    r"(?:pacchetti|versioni|immagini|firmware) (?:\w+ ){0,1}(?:vecchi\w*|precedent\w*)",
    r"(?:oudere|oude|eerdere|vorige) (?:\w+ ){0,1}(?:pakketten|versies|images|firmware)",
    r"(?:starsz\w+|wczesniejsz\w+|poprzedni\w+) (?:\w+ ){0,1}(?:pakiet\w*|wersj\w*|obraz\w*)",
    r"(?:pacotes|versoes|imagens|firmware) (?:\w+ ){0,1}(?:antig\w+|anterior\w*)",
    r"(?:starsi|starsich|drivejsi\w*|predchozi\w*) (?:\w+ ){0,1}(?:balick\w*|verz\w*|obraz\w*)",
    r"(?:aldre|tidigare|gamla) (?:\w+ ){0,1}(?:paket|versioner|avbildningar|programvara)",
    unspaced=r"旧版本|舊版本|降级|降級|ダウングレード|旧バージョン|ロールバック",
)
_TAKEN = words(
    r"accept\w*|allow\w*|possible|install\w*|permitt\w*|work|supported|can be|taken|ok",
    r"akzeptier\w*|angenommen|erlaubt|moglich|installier\w*|zugelassen",
    r"accept\w*|permis\w*|possible|install\w*|autoris\w*|acept\w*|permit\w*|posible|instal\w*|accettat\w*|consentit\w*",
    r"geaccepteerd|toegestaan|mogelijk|geinstalleerd|akceptowan\w*|dozwolon\w*|mozliw\w*|aceit\w*|possivel"
    r"|prijat\w*|prijima\w*"
    r"|povolen\w*|mozn\w*|godkann\w*|tillat\w*|accepteras|mojlig\w*",
    unspaced=r"接受|可以|允许|允許|受け入れ|可能",
)


_OLDER_ONLY = re.compile(rf"(?!any\b)(?:{_OLDER.pattern})")
"""Where a text is about when and how one updates, "any update" means no older one."""
_ON_PACKAGES = dict.fromkeys(
    ("Description", "Security Guarantees", "Cryptographic Details"), _OLDER
) | dict.fromkeys(("Initiation and Interaction", "Configuration", "Update Checking"), _OLDER_ONLY)
"""Fields in which packages are spoken of, and the words there for older ones."""


def takes_older(entry: UpdMechEntry) -> tuple[str, str] | None:
    """Where the documents seem to say that older packages are taken: field and sentence; None: nowhere."""
    taken = _taken(_on_older(entry))
    return taken[0] if taken else None


def _on_older(entry: UpdMechEntry) -> list[tuple[str, str]]:
    """What is said of older packages: field and sentence."""
    return [
        (field, sentence)
        for field, older in _ON_PACKAGES.items()
        for sentence in sentences(entry[field])
        if older.search(plain(sentence))
    ]


def _taken(said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(field, one) for field, one in said if _TAKEN.search(plain(one)) and not denies(one)]


def _going_back(entry: UpdMechEntry) -> Iterator[Finding]:
    """Whether older packages are taken, in whichever field it is said; or that nothing is said of it."""
    said = _on_older(entry)
    for field, sentence in _taken(said):
        message = f"are older packages, with known weaknesses, still taken? {shortened(sentence)!r}"
        yield unknown(
            entry, field, message, expected="packages no older than what is installed", found=sentence
        )
    named = said or re.search(
        r"\b(?:versions?|anti-?roll)", f"{entry['Description']} {entry['Security Guarantees']}", re.IGNORECASE
    )
    if not named and "rollback-protection" not in entry.facts.guarantees:
        yield note(entry, "Security Guarantees", "says nothing of going back to an older version")


def _floor(
    entry: AuthMechEntry | ComMechEntry | SecBootEntry | SecParamEntry | UpdMechEntry,
) -> Iterator[Finding]:
    return not_guaranteed(entry, *_MINIMUM)


def _unprotected(entry: UpdMechEntry) -> Iterator[Finding]:
    """Statements and facts that show a package to be taken without a check of its origin."""
    field = "Cryptographic Details"
    facts = entry.facts
    uses = {used.use for used in facts.cryptography}
    if uses and not uses & {"signature", "mac"} and facts.tls is None:
        yield violation(
            entry,
            "facts.cryptography",
            "names neither a signature, nor a MAC, nor an authenticated channel",
            expected="a means of authenticity",
            found=", ".join(sorted(uses)),
        )
    if said := affirmed(_AND_NO_SIGNATURE.sub("", entry[field]), _CHECKSUM_ONLY):
        yield violation(
            entry, field, f"a checksum protects against nobody: {said!r}", expected="a signature or a MAC"
        )
    for name in ("Description", field):
        if said := affirmed(entry[name], _UNSIGNED, _REFUSED):
            yield violation(
                entry, name, f"takes packages without a check: {said!r}", expected="a signature or a MAC"
            )
    if facts.verified_before_install is False:
        yield violation(
            entry, "facts.verified_before_install", "verifies after the installation", expected="before it"
        )
    elif said := affirmed(f"{entry['Description']}\n\n{entry['Security Guarantees']}", _AFTER):
        yield violation(
            entry, "Description", f"verifies after the installation: {said!r}", expected="before it"
        )


_REFUSED = re.compile(
    r"\b(?:reject\w*|refus\w*|abort\w*|discard\w*|drop\w*|never|if|unless|would|prevent\w*|block\w*|fail\w*"
    r"|ignor\w*|delet\w*"
    r"|until|cannot)\b",
    re.IGNORECASE,
)


def guarantees(entry: AuthMechEntry | ComMechEntry | SecBootEntry | SecParamEntry | UpdMechEntry) -> Findings:
    """What refutes that the guarantees suit secure updates (5.3-7-1 a)."""
    return Findings(
        (*lacks(entry, "Security Guarantees", expected="authenticity and integrity"), *_floor(entry))
    )


def means(entry: UpdMechEntry) -> Findings:
    """What refutes that a mechanism can deliver its guarantees (5.3-7-1 b)."""
    found = [*lacks(entry, "Description", expected="how an update is carried out"), *_unprotected(entry)]
    for what, who in entry.facts.verified_by.items():
        if who != "device":
            found.append(
                violation(
                    entry,
                    f"facts.verified_by.{what}",
                    f"the {who} verifies {what}: whoever talks to the device directly goes round it",
                    expected="verification by the device",
                    found=who,
                )
            )
    return Findings(found)


def verification(entry: UpdMechEntry, ixit: Ixit, *what: Literal["authenticity", "integrity"]) -> Findings:
    """What refutes that authenticity, integrity, or both, of updates are suitably verified (5.3-9-1 a, b; 5.3-10-1 a).

    Args:
        entry: of 7-UpdMech.
        ixit: the IXIT.
        what: one of both, or both.
    """
    expected = f"how {listed(what)} {'is' if len(what) == 1 else 'are'} verified"
    found = list(lacks(entry, "Security Guarantees", "Cryptographic Details", expected=expected))
    found.extend(finding for finding in _floor(entry) if finding.message.startswith(what))
    found.extend(_unprotected(entry))
    if "authenticity" in what:
        found.extend(_no_key(entry, ixit))
    return Findings(found)


@remembered(16)
def _has_update_key(ixit: Ixit) -> bool | None:
    """Whether 10-SecParam has a key for checking updates; None: its facts do not tell."""
    table = ixit.sec_param
    if any("update-check" in entry.facts.purpose for entry in table):
        return True
    if any(
        re.search(r"\b(?:update|firmware|signature|signing)", entry["Description"], re.IGNORECASE)
        for entry in table
    ):
        return None
    return False if len(table) and all(entry.facts.purpose for entry in table) else None


def _no_key(entry: UpdMechEntry, ixit: Ixit) -> Iterator[Finding]:
    signed = any(used.use in ("signature", "mac") for used in entry.facts.cryptography)
    if signed and _has_update_key(ixit) is False:
        yield violation(
            entry,
            "facts.cryptography",
            f"claims a signature, while {ixit.sec_param.id} ({ixit.sec_param.source}) has no key to check it",
            expected="an entry with the purpose update-check",
        )


def trust(entry: UpdMechEntry, ixit: Ixit) -> Findings:
    """What refutes that the verification rests on a valid trust relationship (5.3-10-1 b)."""
    facts = entry.facts
    found = [
        *lacks(entry, "Description", "Security Guarantees", expected="what the verification rests on"),
        *_unprotected(entry),
    ]
    found.extend(_no_key(entry, ixit))
    if facts.interaction == "automatic" and facts.initiated_by == "user":
        found.append(
            violation(
                entry,
                "facts.initiated_by",
                "the user starts it, while facts.interaction says that no user takes part",
                expected="one statement in both facts",
                found="user",
            )
        )
    return Findings(found)


def verified_by_the_device(entry: UpdMechEntry, what: Literal["authenticity", "integrity"]) -> Findings:
    """Whether the device itself verifies authenticity, or integrity (5.3-9-1 c, d)."""
    who = entry.facts.verified_by.get(what)
    field = "Security Guarantees"
    missing = list(lacks(entry, field, expected=f"who verifies {what}"))
    if missing:
        return Findings(missing)
    if who is None:
        return Findings(
            (unknown(entry, field, f"facts.verified_by does not say who verifies {what}", expected="device"),)
        )
    if who != "device":
        where = f"facts.verified_by.{what}"
        return Findings(
            (violation(entry, where, f"the {who} verifies {what}", expected="device", found=who),)
        )
    return Findings()
