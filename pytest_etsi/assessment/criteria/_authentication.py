"""Logins: what is documented against what is there, their cryptography, and guessing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_etsi.assessment import crypto
from pytest_etsi.assessment.criteria._findings import Findings
from pytest_etsi.assessment.criteria._passwords import rule_of
from pytest_etsi.assessment.findings import Finding
from pytest_etsi.assessment.guessing import (
    Attempt,
    Declared,
    compare_with_declared,
    interpret,
    judge_declared,
)
from pytest_etsi.assessment.guessing import user_chosen_entropy_bits as user_bits
from pytest_etsi.assessment.passwords import entropy_bits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.dut import ServiceSearch
    from pytest_etsi.dut.guessing import GuessingLog
    from pytest_etsi.probes.document import WebDocument
    from pytest_etsi.probes.services import Challenge, Service
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation
    from pytest_etsi.profile import Entry

__all__ = [
    "brute_force_prevention",
    "change_is_documented",
    "channel",
    "cryptography",
    "describe",
    "documented_logins",
    "guarantees",
    "guessing",
    "manual_mentions",
    "plain_variants",
    "undocumented_logins",
]

_CHALLENGES_OF = {
    "https-form": {"form", "bearer", "api"},
    "http-json": {"form", "bearer", "api"},
    "http-basic": {"basic"},
    "http-digest": {"digest"},
    "ssh": {"ssh"},
    "telnet": {"login-prompt"},
    "mqtt": {"mqtt"},
}
"""Driver of an entry -> challenges that it accounts for; an entry without a driver accounts for all on its port."""


# ------------------------------------------------------------------------------------------------ completeness


def documented_logins(entries: Iterable[Entry]) -> dict[tuple[str, int], list[Entry]]:
    """Protocol ("tcp", "udp") and port at which the documents place a login -> the entries that do so."""
    ports: dict[tuple[str, int], list[Entry]] = {}
    for entry in entries:
        found: set[tuple[str, int]] = {
            (endpoint.protocol, endpoint.port) for endpoint in entry.facts.endpoint
        }
        if entry.access.port:
            found.add(("tcp", entry.access.port))
        if entry.access.url:
            parts = urlsplit(entry.access.url)
            found.add(("tcp", parts.port or (443 if parts.scheme == "https" else 80)))
        for place in found:
            ports.setdefault(place, []).append(entry)
    return ports


def undocumented_logins(
    search: ServiceSearch, entries: Iterable[Entry], *, passwords_only: bool = False
) -> Findings:
    """Services that ask for credentials and that no entry of 1-AuthMech accounts for.

    A copy of a documented login without TLS on another port is not another mechanism: it is for `plain_variants`.

    Args:
        search: what was found on the device.
        entries: 1-AuthMech.
        passwords_only: leave out challenges that are known to ask for something else.
    """
    listed = tuple(entries)
    ports = documented_logins(listed)
    known = _known_web_challenges(search, ports)
    found: list[Finding] = list(_missing_logins(search, listed))
    for service in search.services:
        place = (service.protocol, service.port)
        where = f"{service.protocol}/{service.port} on {service.host}"
        here = ports.get(place, [])
        for challenge in service.challenges:
            if passwords_only and challenge.secret == "key":  # noqa: S105 - a kind of secret, not one
                continue
            if _accounted_for(challenge, here) or _is_plain_copy(service, challenge, known):
                continue
            found.append(
                Finding(
                    "violation",
                    "completeness",
                    f"{where} offers a login that 1-AuthMech does not list: "
                    f"{challenge.kind} {challenge.detail}".rstrip(),
                    expected="an entry of 1-AuthMech",
                )
            )
        found.extend(_further_realms(service, here, where))
        if not service.challenges and place not in ports and _may_be_a_login(service):
            seen = "; ".join(text for text in (service.banner, service.note) if text) or "silent"
            found.append(
                Finding(
                    "unknown",
                    "completeness",
                    f"{where}: whether this {service.kind if service.identified else 'service'} is a login cannot be "
                    f"told ({seen})",
                )
            )
        elif not service.complete:
            found.append(
                Finding(
                    "unknown",
                    "completeness",
                    f"{where} could not be examined to the end"
                    + (f": {service.note}" if service.note else ""),
                )
            )
    return Findings(found)


_LOGIN_KINDS = frozenset({"telnet", "ftp", "mqtt", "rtsp", "vnc", "ssh"})
"""Services that mostly ask for credentials, and sometimes only where nobody has looked."""


def _may_be_a_login(service: Service) -> bool:
    return not service.identified or service.kind in _LOGIN_KINDS


def _missing_logins(search: ServiceSearch, entries: Iterable[Entry]) -> Iterable[Finding]:
    """Documented logins at which nothing answers: then the search may not have met the device that is documented."""
    answering = {(service.protocol, service.port) for service in search.services}
    for entry in entries:
        if entry.facts.interface == "local" or "initialized" not in entry.facts.states:
            continue
        for protocol, port in sorted(documented_logins([entry])):
            if protocol == "tcp" and (protocol, port) not in answering:
                yield Finding(
                    "unknown",
                    "completeness",
                    f"{entry} is documented at {protocol}/{port}, where nothing was found to answer: the search "
                    "did not meet the device as it is documented, or was blocked",
                )


def _further_realms(service: Service, entries: list[Entry], where: str) -> Iterable[Finding]:
    """More protection spaces (RFC 9110, 11.5) than entries on a port; the realm says which login is meant."""
    for kind in ("basic", "digest"):
        accounting = [entry for entry in entries if entry.access.driver == f"http-{kind}"]
        realms = {
            challenge.detail.partition("realm=")[2]
            for challenge in service.challenges
            if challenge.kind == kind and _accounted_for(challenge, entries)
        }
        if accounting and len(realms) > len(accounting):
            yield Finding(
                "unknown",
                "completeness",
                f"{where} has {len(realms)} realms ({', '.join(sorted(realms))}), and 1-AuthMech lists "
                f"{len(accounting)} login by HTTP {kind.capitalize()} there",
            )


def plain_variants(search: ServiceSearch, entry: Entry) -> Findings:
    """Services without TLS that offer the very login which `entry` documents over TLS.

    A login page or realm shows by itself that it is the same one. An MQTT broker does not: one without TLS on another
    port may take the same credentials or not, which is ``unknown``.
    """
    ports = documented_logins([entry])
    known = _known_web_challenges(search, ports)
    over_tls = entry.facts.tls is not None
    found: list[Finding] = []
    for service in search.services:
        where = f"{service.protocol}/{service.port} on {service.host}"
        documented = (service.protocol, service.port) in ports
        if over_tls and not service.complete and (documented or not service.tls):
            found.append(
                Finding(
                    "unknown",
                    "channel",
                    f"{where} could not be examined to the end ({service.note or 'its time was up'}), so the login and "
                    "a copy of it without TLS cannot be compared",
                )
            )
        for challenge in service.challenges:
            asked = f"({challenge.kind} {challenge.detail})"
            documented_here = over_tls and documented and service.kind in _PLAIN_KINDS
            if _is_plain_copy(service, challenge, known) or (
                documented_here and not service.tls and _accounted_for(challenge, [entry])
            ):
                found.append(
                    Finding(
                        "violation",
                        "channel",
                        f"{where} takes the same login without TLS {asked}",
                        expected="no login outside TLS",
                    )
                )
            elif (
                over_tls
                and entry.access.driver == "mqtt"
                and service.kind == "mqtt"
                and not service.tls
                and not documented
            ):
                found.append(
                    Finding(
                        "unknown",
                        "channel",
                        f"{where} asks for credentials without TLS {asked}; whether it takes those of this login "
                        "cannot be told from outside",
                    )
                )
    return Findings(found)


_PLAIN_KINDS = frozenset({"http", "mqtt"})
"""Services that speak without TLS and could be the documented login all the same."""


def _accounted_for(challenge: Challenge, entries: list[Entry]) -> bool:
    for entry in entries:
        factors = entry.facts.factors
        if challenge.secret == "password" and factors and not {"password", "pin"} & set(factors):  # noqa: S105
            continue  # a mechanism documented to take keys does not account for a password
        covered = _CHALLENGES_OF.get(entry.access.driver or "")
        if covered is None or challenge.kind in covered or challenge.kind.partition("-")[0] in covered:
            return True
    return False


def _known_web_challenges(
    search: ServiceSearch, ports: dict[tuple[str, int], list[Entry]]
) -> frozenset[tuple[str, str]]:
    return frozenset(
        (challenge.kind, _place(challenge))
        for service in search.services
        if service.tls and (service.protocol, service.port) in ports
        for challenge in service.challenges
        if _accounted_for(challenge, ports[service.protocol, service.port])
    )


def _is_plain_copy(service: Service, challenge: Challenge, known: frozenset[tuple[str, str]]) -> bool:
    return service.kind == "http" and not service.tls and (challenge.kind, _place(challenge)) in known


def _place(challenge: Challenge) -> str:
    """The path or realm of a challenge, without scheme, host and port."""
    return re.sub(r"https?://[^/\s]+", "", challenge.detail)


_OTHER_LOGINS = {
    "telnet": r"\btelnet\b",
    "ssh": r"\bssh\b|\bsecure shell\b",
    "ftp": r"\bs?ftp\b",
    "mqtt": r"\bmqtt\b",
    "rtsp": r"\brtsp\b|\bonvif\b",
    "snmp": r"\bsnmp\b",
    "serial console": r"\bserial (?:console|port|login)\b|\buart\b",
    "service login": r"\b(?:service|maintenance|engineer(?:ing)?|installer|support|technician)[ -]"
    r"(?:password|account|login|menu|mode|code|pin)\b",
    "default password": r"\b(?:default|factory|master|standard|super|backdoor)[ -]?(?:user[ -]?)?"
    r"(?:password|passcode|pin|credentials?|login)\b",
    "PIN": r"\bpin(?:[ -]?code)?\b(?!s? (?:of|on) the (?:plug|connector))",
    "pairing": r"\bpairing (?:code|key|password)\b|\bbluetooth pairing\b",
    "API key": r"\bapi[ -](?:key|token)\b",
}
"""Words in a manual that point at a way to authenticate."""
_MANY_NAMES = frozenset({"service login", "default password"})
"""Of these an entry accounts only for the very words that it is mentioned by: each may mean another login."""


def manual_mentions(text: str, entries: Iterable[Entry]) -> Findings:
    """Ways to authenticate that a user manual speaks of and no entry of 1-AuthMech accounts for.

    A program cannot tell "the camera has no Telnet" from an instruction to use it, so every finding is ``unknown``: a
    person has to read the passage.
    """
    accounted = " ".join(
        " ".join((entry.access.driver or "", entry.id, *entry.facts.mentions, *entry.facts.factors)).lower()
        for entry in entries
    )
    found = []
    for name, pattern in _OTHER_LOGINS.items():
        if name not in _MANY_NAMES and re.search(pattern, accounted, re.IGNORECASE):
            continue
        spoken_of = set()
        for match in re.finditer(pattern, text, re.IGNORECASE):
            words = " ".join(match.group().lower().split())
            if words in accounted or words in spoken_of:
                continue
            spoken_of.add(words)
            passage = " ".join(text[max(0, match.start() - 60) : match.end() + 60].split())
            found.append(
                Finding(
                    "unknown",
                    "completeness",
                    f'the manual speaks of a {name}, which 1-AuthMech does not list: "... {passage} ..."',
                )
            )
    return Findings(found)


# ------------------------------------------------------------------------------------------------ cryptography

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


def guarantees(entry: Entry) -> Findings:
    """Whether the claimed guarantees can be those of a user authentication, and fit the described channel.

    Aspects: ``suitability`` (integrity and authenticity are the least), ``means`` (a guarantee that the described
    channel cannot give).
    """
    found: list[Finding] = []
    field = "Security Guarantees"
    prose = entry[field].strip()
    claimed = set(entry.facts.guarantees)
    where = f"{entry.source(field)}: {entry}"
    if not prose and not claimed:
        found.append(
            Finding(
                "violation",
                "suitability",
                f"{where}: no security guarantee is stated",
                expected="integrity and authenticity",
            )
        )
    elif claimed:
        found.extend(
            Finding(
                "violation",
                "suitability",
                f"{where}: {missing} is not among the claimed guarantees",
                expected="integrity and authenticity",
                found=", ".join(sorted(claimed)),
            )
            for missing in sorted({"authenticity", "integrity"} - claimed)
        )
    plain = _says_plain(entry)
    if plain and (
        claimed & {"confidentiality", "integrity"}
        or re.search(r"confidential|integrity", prose, re.IGNORECASE)
    ):
        found.append(
            Finding(
                "violation",
                "means",
                f"{where}: confidentiality or integrity is claimed, but the entry describes a channel that cannot give "
                f"it: {plain}",
            )
        )
    return Findings(found)


def _says_plain(entry: Entry) -> str:
    """What makes the described channel an unprotected one, in words; empty: nothing certain."""
    if entry.facts.tls is None and entry.facts.ssh is None:
        url = entry.access.url or ""
        if url.startswith("http://"):
            return f"access.url is {url}"
        if entry.access.driver == "telnet":
            return "the driver is telnet"
    for sentence in re.split(r"(?<=[.;])\s+|\n", entry["Description"]):
        match = _PLAIN_CHANNEL.search(sentence)
        if match and not _NEGATION.search(sentence) and not _PROTECTED.search(sentence):
            return f'"{sentence.strip()}"'
    return ""


def cryptography(entry: Entry) -> Findings:
    """What public references say of the documented cryptography, in facts and in prose.

    Aspects: ``best-practice`` (5.1-3-1 c) and ``attack`` (5.1-3-1 d), as `pytest_etsi.assessment.crypto` gives them.
    """
    facts = entry.facts
    found: list[Finding] = []
    if facts.tls is not None:
        found.extend(crypto.assess_tls(facts.tls.versions, facts.tls.cipher_suites))
    if facts.ssh is not None:
        found.extend(crypto.assess_ssh(_ssh_settings(facts.ssh)))
    for used in facts.cryptography:
        found.extend(
            crypto.assess_algorithm(
                used.algorithm, used.key_bits, used.mode, used.use, parameters=used.parameters
            )
        )
    found.extend(crypto.assess_prose(entry["Cryptographic Details"]))
    return Findings(found)


def channel(entry: Entry, observed: TlsObservation | SshObservation) -> Findings:
    """What the device accepts on the wire and the documents do not state (5.1-3-2 a)."""
    from pytest_etsi.probes.tls import TlsObservation

    facts = entry.facts
    if isinstance(observed, TlsObservation):
        if facts.tls is None:
            return _nothing_to_compare("tls")
        documented = crypto.TlsSettings(tuple(facts.tls.versions), tuple(facts.tls.cipher_suites))
        suites = tuple(dict.fromkeys(suite for suites in observed.suites.values() for suite in suites))
        found = list(crypto.compare_tls(documented, crypto.TlsSettings(tuple(observed.versions), suites)))
        found.extend(_certificate(entry, observed))
        if not observed.complete:
            found.append(
                Finding("unknown", "channel", f"not everything was answered: {'; '.join(observed.errors)}")
            )
        return Findings(found)
    if facts.ssh is None:
        return _nothing_to_compare("ssh")
    settings = crypto.SshSettings(
        kex=observed.kex,
        host_keys=observed.host_keys,
        ciphers=tuple(dict.fromkeys((*observed.ciphers_c2s, *observed.ciphers_s2c))),
        macs=tuple(dict.fromkeys((*observed.macs_c2s, *observed.macs_s2c))),
    )
    found = list(crypto.compare_ssh(_ssh_settings(facts.ssh), settings))
    if not observed.complete:
        found.append(Finding("unknown", "channel", f"the SSH settings could not be read: {observed.error}"))
    return Findings(found)


def describe(observed: TlsObservation | SshObservation) -> str:
    """An observed channel in one phrase, for the record."""
    from pytest_etsi.probes.tls import TlsObservation

    if isinstance(observed, TlsObservation):
        suites = {suite for suites in observed.suites.values() for suite in suites}
        versions = ", ".join(observed.versions) or "no TLS"
        return f"{versions} with {len(suites)} cipher suites on {observed.host} port {observed.port}"
    return (
        f"SSH on {observed.host} port {observed.port} with {len(observed.kex)} key exchanges, "
        f"{len(observed.ciphers_s2c)} ciphers, {len(observed.macs_s2c)} MACs"
    )


def _nothing_to_compare(kind: str) -> Findings:
    return Findings(
        (
            Finding(
                "unknown", "channel", f"the entry has no facts.{kind} to compare with what the device accepts"
            ),
        )
    )


def _ssh_settings(facts: object) -> crypto.SshSettings:
    return crypto.SshSettings(
        *(tuple(getattr(facts, name)) for name in ("kex", "host_keys", "ciphers", "macs"))
    )


def _certificate(entry: Entry, observed: TlsObservation) -> Iterable[Finding]:
    certificate = observed.certificate
    tls = entry.facts.tls
    if certificate is None:
        if tls.min_rsa_bits or tls.certificate:
            yield Finding("unknown", "channel", "the certificate could not be read, so it cannot be compared")
        return
    if tls.min_rsa_bits and certificate.key_type == "RSA" and certificate.key_bits < tls.min_rsa_bits:
        yield Finding(
            "violation",
            "channel",
            f"the certificate has an RSA key of {certificate.key_bits} bits",
            expected=f"at least {tls.min_rsa_bits} bits",
        )
    if tls.certificate == "ca" and certificate.self_signed:
        yield Finding("violation", "channel", "the certificate is self-signed", expected="one signed by a CA")


# ------------------------------------------------------------------------------------------------ changing


_CHANGE = re.compile(r"chang\w*|replac\w*|reset\w*|renew\w*|new")
_WORDS_APART = 4
_FEW_WORDS = 40
_ENGLISH = frozenset({"the", "and", "of", "to", "your", "you", "with", "for", "can"})


def change_is_documented(entry: Entry, document: WebDocument) -> Findings:
    """What refutes that a published document tells the user how to change the value of an entry (5.1-4-1 a)."""
    mentions = tuple(entry.facts.mentions)
    where = document.url
    if document.status in (404, 410):
        return Findings(
            (
                Finding(
                    "violation",
                    "guidance",
                    f"{where} is not there (HTTP {document.status})",
                    expected="the published guidance",
                ),
            )
        )
    if not document.available:
        return Findings((Finding("unknown", "guidance", f"{where} answered HTTP {document.status}"),))
    if not document.readable or document.truncated:
        return Findings((Finding("unknown", "guidance", f"a program cannot read {where}: {document.note}"),))
    if not mentions:
        return Findings(
            (
                Finding(
                    "unknown",
                    "guidance",
                    f"{entry} does not say by which words the guidance refers to it (facts.mentions)",
                ),
            )
        )
    words = re.findall(r"\w+", document.text.lower())
    if len(words) < _FEW_WORDS:
        reason = f"{where} has hardly any text that a program can read; it may be built by a script"
        return Findings((Finding("unknown", "guidance", reason),))
    if sum(word in _ENGLISH for word in words) * 20 < len(words):
        reason = f"{where} does not seem to be in English, in which alone a program can look for guidance"
        return Findings((Finding("unknown", "guidance", reason),))
    if any(_stands_near_a_change(mention, words) for mention in mentions):
        return Findings()
    return Findings(
        (
            Finding(
                "violation",
                "guidance",
                f"{where} does not say how to change the value of {entry}: no passage speaks of changing "
                f"{' or '.join(repr(mention) for mention in mentions)}",
                expected="steps to change it",
            ),
        )
    )


def _stands_near_a_change(mention: str, words: list[str]) -> bool:
    """Whether a word of changing stands within a few words of a mention."""
    sought = re.findall(r"\w+", mention.lower())
    if not sought:
        return False
    for start in range(len(words) - len(sought) + 1):
        if words[start : start + len(sought)] == sought:
            end = start + len(sought)
            around = (*words[max(0, start - _WORDS_APART - 1) : start], *words[end : end + _WORDS_APART + 1])
            if any(_CHANGE.fullmatch(word) for word in around):
                return True
    return False


# ------------------------------------------------------------------------------------------------ guessing


def brute_force_prevention(entry: Entry) -> Findings:
    """Whether the declared prevention leaves guessing over the network practicable (5.1-5-1 a)."""
    bits, chosen = _secret_bits(entry)
    found = judge_declared(
        entry["Brute Force Prevention"], _declared(entry), entropy_bits=bits, user_chosen=chosen
    )
    return Findings(found)


def guessing(entry: Entry, log: GuessingLog) -> Findings:
    """What a guessing attack showed against the declared prevention (5.1-5-2 b)."""
    declared = _declared(entry)
    trace = interpret(
        [
            Attempt(
                t_s=logged.t_s,
                outcome=logged.attempt.outcome,
                latency_s=logged.attempt.latency_s,
                connection_id=str(logged.connection),
                source=logged.source or "usual",
                account=logged.account,
                status=logged.attempt.status,
                credential=logged.credential,
                phase=logged.phase,
            )
            for logged in log.attempts
        ],
        scope=declared.scope if declared is not None else "account",
    )
    unseen = (
        Finding("unknown", "behaviour", f"this could not be observed: {what}")
        for what in log.unseen
        if declared is not None
    )
    return Findings((*compare_with_declared(trace, declared), *unseen))


def _declared(entry: Entry) -> Declared | None:
    facts = entry.facts.brute_force
    if facts is None:
        return None
    return Declared(
        max_attempts=facts.max_attempts,
        lockout_s=facts.lockout_s,
        growth=facts.growth,
        max_lockout_s=facts.max_lockout_s,
        delay_s=facts.delay_s or 0.0,
        scope=facts.scope,
        entropy_only=facts.entropy_only,
    )


def _secret_bits(entry: Entry) -> tuple[float | None, bool]:
    """Size of the secret in bits, and whether that is an estimate for a value that a user chooses."""
    facts = entry.facts.password
    if facts is None:
        return None, False
    if facts.origin == "user-defined":
        if facts.min_length is None:
            return None, True
        return user_bits(facts.min_length, bool(facts.rejects_common)), True
    rule = rule_of(entry)
    return (None if rule is None else entropy_bits(rule)), False
