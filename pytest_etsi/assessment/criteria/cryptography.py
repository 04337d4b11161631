"""Cryptography of a login: its guarantees and algorithms as documented, and its channel as observed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment import crypto
from pytest_etsi.assessment.criteria._ssh_settings import documented_ssh, ssh_in_use
from pytest_etsi.assessment.criteria._tls_settings import documented_settings, settings_in_use
from pytest_etsi.assessment.findings import Finding, Findings, located, place, unknown
from pytest_etsi.assessment.reading.layers import beneath
from pytest_etsi.assessment.reading.sentences import sentences
from pytest_etsi.profile.facts.parameters import SecParamFacts

if TYPE_CHECKING:
    from pytest_etsi.assessment.reading.uses import Subject
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import AuthMechEntry, ComMechEntry

__all__ = ["channel", "claims_protection", "describe", "documented", "guarantees", "says_plain"]

_PLAIN_CHANNEL = re.compile(
    r"(?<![\w-])(?:plain(?:[ -]?text)?[ -]http|http(?!s)[ -]basic(?! auth\w* (?:over|within|inside|via) (?:https|tls))"
    r"|over http(?!s)\b|via http(?!s)\b|telnet\b|unencrypted\b|in (?:the )?clear(?:text)?\b"
    r"|certificate (?:check|validation|verification)s? (?:is |are )?(?:disabled|off|skipped))",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not|never|neither|nor|without|instead of|refus\w+|reject\w+|redirect\w*|disabl\w+|block\w*|closed"
    r"|prevent\w*|cannot|can't|isn't|doesn't|protects? against)\b",
    re.IGNORECASE,
)
_PROTECTED = re.compile(r"\b(?:tls|ssl|https|ssh|dtls|ipsec|vpn|wpa\d?|encrypted)\b", re.IGNORECASE)


def guarantees(entry: AuthMechEntry, ixit: Ixit) -> Findings:
    """Whether the claimed guarantees can be those of a user authentication, and fit the described channel.

    Aspects: ``suitability`` (integrity and authenticity are the least), ``means`` (a guarantee that the described
    channel cannot give).
    """
    found: list[Finding] = []
    field = "Security Guarantees"
    lower = beneath(entry, ixit)
    prose = entry[field].strip()
    claimed = set(entry.facts.guarantees)
    where = place(entry, field)
    if not prose and not claimed:
        found.append(
            Finding(
                "violation",
                "suitability",
                "no security guarantee is stated",
                expected="integrity and authenticity",
                place=where,
            )
        )
    elif claimed:
        # Who logs in is for the login to show; that nobody changes it on its way may be given by what carries it.
        for missing in sorted(
            {"authenticity", "integrity"} - claimed - (lower.guarantees - {"authenticity"})
        ):
            open_ = missing == "integrity" and lower.untold
            message = f"{missing} is not among the claimed guarantees"
            found.append(
                Finding(
                    "unknown" if open_ else "violation",
                    "suitability",
                    f"{message}: does {lower.untold[0]} give it, inside which it is?" if open_ else message,
                    expected="integrity and authenticity",
                    found=", ".join(sorted(claimed)),
                    place=where,
                )
            )
    plain = "" if lower.guarantees & {"confidentiality", "integrity"} else says_plain(entry)
    if plain and lower.untold:
        message = f"describes a channel in clear ({plain}): is it inside {lower.untold[0]}, and is that one protected?"
        found.append(Finding("unknown", "means", message, place=where))
    elif plain and (
        claimed & {"confidentiality", "integrity"}
        or re.search(r"confidential|integrity", prose, re.IGNORECASE)
    ):
        found.append(
            Finding(
                "violation",
                "means",
                f"confidentiality or integrity is claimed, but the entry describes a channel that cannot give "
                f"it: {plain}",
                place=where,
            )
        )
    return Findings(found)


def says_plain(entry: AuthMechEntry) -> str:
    """What makes the described channel an unprotected one, in words; empty: nothing certain."""
    if entry.facts.tls is None and entry.facts.ssh is None:
        url = entry.access.url or ""
        if url.startswith("http://"):
            return f"access.url is {url}"
        if entry.access.driver == "telnet":
            return "the driver is telnet"
    details = entry["Cryptographic Details"]
    for text in (entry["Description"], "" if _says_protected(details) else details):
        for sentence in sentences(text):
            match = _PLAIN_CHANNEL.search(sentence)
            if match and not _NEGATION.search(sentence) and not _PROTECTED.search(sentence):
                return f'"{sentence.strip()}"'
    return ""


def _says_protected(text: str) -> bool:
    return any(
        _PROTECTED.search(part) and not _NEGATION.search(part) for part in re.split(r"(?<=[.;,])\s+|\n", text)
    )


def claims_protection(entry: AuthMechEntry) -> bool:
    """Whether the prose speaks of a protected channel, or the claims name what only such a one gives."""
    prose = " ".join(
        entry[field] for field in ("Description", "Security Guarantees", "Cryptographic Details")
    )
    return _says_protected(prose) or "confidentiality" in entry.facts.guarantees


_SUBJECTS: dict[str, Subject] = {
    "auth_mech": "login",
    "upd_mech": "update",
    "com_mech": "channel",
    "sec_boot": "boot",
}
"""Tables whose entries are about one thing; a parameter may be anything."""
_PROSE = ("Cryptographic Details", "Detection Mechanisms", "Generation Mechanism")


def documented(entry: Entry) -> Findings:
    """What public references say of the documented cryptography, in facts and in prose.

    For the tables 1-AuthMech, 7-UpdMech, 10-SecParam, 11-ComMech and 20-SecBoot. Aspects: ``best-practice`` and
    ``attack``, as `pytest_etsi.assessment.crypto` gives them.
    """
    facts = entry.facts
    found: list[Finding] = []
    tls, ssh = getattr(facts, "tls", None), getattr(facts, "ssh", None)
    if tls is not None:
        found.extend(located(crypto.assess_tls(tls.versions, tls.cipher_suites), entry, "facts.tls"))
        found.extend(located(documented_settings(tls), entry, "facts.tls"))
    if ssh is not None:
        found.extend(located(crypto.assess_ssh(_ssh_settings(ssh)), entry, "facts.ssh"))
        found.extend(located(documented_ssh(ssh), entry, "facts.ssh"))
    uses = [("facts.cryptography", used) for used in getattr(facts, "cryptography", ())]
    if isinstance(facts, SecParamFacts) and facts.generation is not None:
        uses.append(("facts.generation", facts.generation))
    if isinstance(facts, SecParamFacts) and facts.hashing is not None:
        uses.append(("facts.hashing", facts.hashing))
    for field, used in uses:
        assessed = crypto.assess_algorithm(
            used.algorithm, used.key_bits, used.mode, used.use, parameters=used.parameters
        )
        found.extend(located(assessed, entry, field))
    subject = _SUBJECTS.get(entry.argument_name, "")
    for prose in ("Description", *_PROSE) if subject else _PROSE:
        if prose in entry:
            found.extend(located(crypto.assess_prose(entry[prose], subject), entry, prose))
    return Findings(found)


def channel(entry: AuthMechEntry | ComMechEntry, observed: TlsObservation | SshObservation) -> Findings:
    """What the device accepts on the wire and the documents do not state (5.1-3-2 a)."""
    from pytest_etsi.probes.tls import TlsObservation

    facts = entry.facts
    if isinstance(observed, TlsObservation):
        if facts.tls is None:
            return _nothing_to_compare(entry, "tls")
        documented = crypto.TlsSettings(tuple(facts.tls.versions), tuple(facts.tls.cipher_suites))
        suites = tuple(dict.fromkeys(suite for suites in observed.suites.values() for suite in suites))
        found = list(crypto.compare_tls(documented, crypto.TlsSettings(tuple(observed.versions), suites)))
        found.extend(settings_in_use(facts.tls, observed))
        if not observed.complete:
            found.append(
                Finding("unknown", "channel", f"not everything was answered: {'; '.join(observed.errors)}")
            )
        return Findings(located(found, entry, "facts.tls"))
    if facts.ssh is None:
        return _nothing_to_compare(entry, "ssh")
    settings = crypto.SshSettings(
        kex=observed.kex,
        host_keys=observed.host_keys,
        ciphers=observed.ciphers,
        macs=observed.macs,
    )
    found = list(ssh_in_use(facts.ssh, observed))
    if observed.complete:
        found.extend(crypto.compare_ssh(_ssh_settings(facts.ssh), settings))
    else:
        found.append(Finding("unknown", "channel", f"the SSH settings could not be read: {observed.error}"))
    return Findings(located(found, entry, "facts.ssh"))


def describe(observed: TlsObservation | SshObservation) -> str:
    """An observed channel in one phrase, for the record."""
    from pytest_etsi.probes.tls import TlsObservation

    if isinstance(observed, TlsObservation):
        suites = {suite for suites in observed.suites.values() for suite in suites}
        versions = ", ".join(observed.versions) or "no TLS"
        return f"{versions} with {len(suites)} cipher suites on {observed.host} port {observed.port}"
    old = " (protocol 1 too)" if "1" in observed.protocols else ""
    return (
        f"SSH on {observed.host} port {observed.port}{old} with {len(observed.kex)} key exchanges, "
        f"{len(observed.ciphers_s2c)} ciphers, {len(observed.macs_s2c)} MACs"
    )


def _nothing_to_compare(entry: Entry, kind: str) -> Findings:
    message = f"the entry has no facts.{kind} to compare with what the device accepts"
    return Findings((unknown(entry, None, message, aspect="channel"),))


def _ssh_settings(facts: object) -> crypto.SshSettings:
    return crypto.SshSettings(
        *(tuple(getattr(facts, name)) for name in ("kex", "host_keys", "ciphers", "macs"))
    )
