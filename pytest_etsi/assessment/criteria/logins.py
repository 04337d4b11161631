"""Logins: those that the documents list against those that the device offers and the manual speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.criteria._places import entries_at, names_unknown_protocol, why_open
from pytest_etsi.assessment.criteria.cryptography import claims_protection, says_plain
from pytest_etsi.assessment.findings import Finding, Findings, located
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.dut import ServiceSearch
    from pytest_etsi.dut.observe.unasked import UnaskedLogin
    from pytest_etsi.probes.services import Challenge, Service
    from pytest_etsi.profile import Entry
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["in_clear", "manual_mentions", "plain_variants", "unasked", "undocumented"]

_CHALLENGES_OF = {
    "https-form": {"form", "bearer", "api"},
    "http-json": {"form", "bearer", "api"},
    "http-steps": {"form", "bearer", "api"},
    "http-basic": {"basic"},
    "http-digest": {"digest"},
    "ssh": {"ssh"},
    "telnet": {"login-prompt"},
    "mqtt": {"mqtt"},
    "rtsp": {"rtsp-basic", "rtsp-digest"},
}
"""Driver of an entry -> challenges that it accounts for; an entry without a driver accounts for all on its port."""


_TOKEN_AS_PASSWORD = frozenset({"mqtt", "basic", "digest", "rtsp-basic", "rtsp-digest"})
"""Challenges whose protocols carry a user name and a secret, be it a password or a token."""


def undocumented(
    search: ServiceSearch,
    entries: Iterable[AuthMechEntry],
    *,
    passwords_only: bool = False,
    between_machines: bool = False,
    services: Iterable[Entry[Any, Any]] = (),
) -> Findings:
    """Services that ask for credentials and that no entry of 1-AuthMech accounts for.

    A copy of a documented login without TLS on another port is not another mechanism: it is for `plain_variants`.

    Args:
        search: what was found on the device.
        entries: 1-AuthMech.
        passwords_only: leave out challenges that are known to ask for something else.
        between_machines: only logins of machines refute; where people may log in as well, it is for a person.
        services: entries of other tables: what the search does not recognise is documented where one names the port
            with its protocol, and is for a person elsewhere.
    """
    listed, documented = tuple(entries), [one for one in services if names_unknown_protocol(one)]
    known = _known_web_challenges(search, listed)
    found: list[Finding] = list(_missing_logins(search, listed))
    for service in search.services:
        where = f"{service.protocol}/{service.port} on {service.host}"
        here, perhaps = _entries_at(service, search, listed)
        for challenge in service.challenges:
            if passwords_only and challenge.secret == "key":  # noqa: S105 - a kind of secret, not one
                continue
            if _accounted_for(challenge, here) or _is_plain_copy(service, challenge, known):
                continue
            if _accounted_for(challenge, perhaps):
                why = why_open(perhaps[0], service.port)
                found.append(
                    Finding(
                        "unknown",
                        "completeness",
                        f"{where} offers a login ({challenge.kind} {challenge.detail}), and {why}",
                    )
                )
                continue
            login = (
                f"{where} offers a login that 1-AuthMech does not list: {challenge.kind} {challenge.detail}"
            )
            if between_machines and challenge.kind.partition("-")[0] not in _OF_MACHINES:
                message = f"{login.rstrip()}; whether machines use it cannot be told"
                found.append(Finding("unknown", "completeness", message, cause=Cause.JUDGEMENT))
                continue
            expected = "an entry of 1-AuthMech"
            found.append(Finding("violation", "completeness", login.rstrip(), expected=expected))
        found.extend(_further_realms(service, here, where))
        found.extend(_further_forms(service, here, where))
        # A person may say what a service is that was examined, but not stand in for a search that did not run.
        unrecognised = not service.challenges and not here and _may_be_a_login(service)
        if unrecognised and not service.identified:
            unrecognised = not entries_at(documented, service.protocol, service.port, search.hosts)[0]
        if unrecognised and service.complete:
            seen = "; ".join(text for text in (service.banner, service.note) if text) or "silent"
            found.append(
                Finding(
                    "unknown",
                    "recognition",
                    f"{where}: whether this {service.kind if service.identified else 'service'} is a login cannot be "
                    f"told ({seen})",
                    cause=Cause.JUDGEMENT,
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


def _entries_at(
    service: Service, search: ServiceSearch, entries: Iterable[AuthMechEntry]
) -> tuple[list[AuthMechEntry], list[AuthMechEntry]]:
    return entries_at(entries, service.protocol, service.port, search.hosts)


_OF_MACHINES = frozenset({"mqtt", "snmp", "ftp", "modbus", "coap"})
"""Protocols by which machines log in, and people mostly do not."""

_LOGIN_KINDS = frozenset({"telnet", "ftp", "mqtt", "rtsp", "vnc", "ssh"})
"""Services that mostly ask for credentials, and sometimes only where nobody has looked."""


def _may_be_a_login(service: Service) -> bool:
    return not service.identified or service.kind in _LOGIN_KINDS


def _missing_logins(search: ServiceSearch, entries: Iterable[AuthMechEntry]) -> Iterable[Finding]:
    """Where something is documented and nothing answers: then the search may not have met the device as documented."""
    told: set[int] = set()
    answering = {(service.protocol, service.port) for service in search.services}
    for entry in entries:
        if entry.facts.interface == "local" or "initialized" not in entry.facts.states:
            continue
        for place in {str(one): one for one in entry.places() if one.transport != "udp"}.values():
            if not answering & {("tcp", place.port), (place.transport or "udp", place.port)}:
                told.add(place.port)
                yield Finding(
                    "unknown",
                    "completeness",
                    f"{entry} is documented at {place}, where nothing was found to answer: the search "
                    "did not meet the device as it is documented, or was blocked",
                )
    for port in search.missing:
        if port not in told:
            yield Finding(
                "unknown",
                "completeness",
                f"a service is documented at tcp/{port}, where nothing was found to answer: whether it asks for "
                "credentials was not seen",
                cause=Cause.BENCH,
            )


def _further_realms(service: Service, entries: list[AuthMechEntry], where: str) -> Iterable[Finding]:
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
                "recognition",
                f"{where} has {len(realms)} realms ({', '.join(sorted(realms))}), and 1-AuthMech lists "
                f"{len(accounting)} login by HTTP {kind.capitalize()} there",
            )


def _further_forms(service: Service, entries: list[AuthMechEntry], where: str) -> Iterable[Finding]:
    """More forms that ask for a password than entries on a port: where one is sent to tells which login is meant."""
    accounting = [entry for entry in entries if "form" in _CHALLENGES_OF.get(entry.access.driver or "", ())]
    forms = {
        _place(challenge)
        for challenge in service.challenges
        if challenge.kind == "form" and _SENT.match(challenge.detail)
    }
    if accounting and len(forms) > len(accounting):
        yield Finding(
            "unknown",
            "recognition",
            f"{where} has {len(forms)} forms that ask for a password ({'; '.join(sorted(forms))}), and 1-AuthMech "
            f"lists {len(accounting)} login by a form there",
        )


_SENT = re.compile(r"[A-Z]+ ")
"""How the detail of a form begins that says where it is sent to."""


def unasked(found: Iterable[UnaskedLogin]) -> Findings:
    """Logins by HTTP Basic that nothing asks for and 1-AuthMech does not list; unknown: they were not seen."""
    return Findings(_unasked(one) for one in found)


def _unasked(one: UnaskedLogin) -> Finding:
    if one.opens:
        return Finding(
            "violation",
            "completeness",
            f"{one.url} opens to the password of {one.entry} by HTTP Basic, which 1-AuthMech does not list: "
            f"{one.answers}",
            expected="an entry of 1-AuthMech",
        )
    where = one.url or "the device"
    return Finding(
        "unknown",
        "completeness",
        f"whether {where} opens to the password of {one.entry} by HTTP Basic could not be seen: {one.answers}",
        cause=Cause.ACCESS if one.settle else None,
        settle=one.settle,
    )


def in_clear(search: ServiceSearch, entry: AuthMechEntry) -> str:
    """Where a login that is documented without any protection of its channel was seen without one, in one phrase.

    Nothing is offered there beyond what is documented; whether that is adequate is judged from the documents.

    Returns:
        What was seen; empty: the documents claim a protection, or the search did not see each place of the login
        without TLS. Pages that were not read may hold further logins, and protect no channel.
    """
    facts = entry.facts
    if facts.tls is not None or facts.ssh is not None or facts.cryptography:
        return ""
    if not says_plain(entry) or claims_protection(entry):
        return ""
    seen = [service for service in search.services if _entries_at(service, search, (entry,))[0]]
    if not seen or any(service.tls or not service.identified for service in seen):
        return ""
    if not all(service.complete or service.unread for service in seen):
        return ""
    answering = {(service.protocol, service.port) for service in seen}
    if any((place.transport or "tcp", place.port) not in answering for place in entry.places()):
        return ""
    return "; ".join(f"{service.kind} without TLS on {service.protocol}/{service.port}" for service in seen)


def plain_variants(search: ServiceSearch, entry: AuthMechEntry) -> Findings:
    """Services without TLS that offer the very login which `entry` documents over TLS.

    A login page or realm shows by itself that it is the same one. An MQTT broker does not: one without TLS on another
    port may take the same credentials or not, which is ``unknown``.
    """
    known = _known_web_challenges(search, (entry,))
    over_tls = entry.facts.tls is not None
    found: list[Finding] = []
    for service in search.services:
        where = f"{service.protocol}/{service.port} on {service.host}"
        documented = bool(_entries_at(service, search, (entry,))[0])
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
    return Findings(located(found, entry))


_PLAIN_KINDS = frozenset({"http", "mqtt"})
"""Services that speak without TLS and could be the documented login all the same."""


def _accounted_for(challenge: Challenge, entries: list[AuthMechEntry]) -> bool:
    for entry in entries:
        covered = _CHALLENGES_OF.get(entry.access.driver or "")
        named = covered is not None and bool({challenge.kind, challenge.kind.partition("-")[0]} & covered)
        if covered is not None and not named:
            continue
        factors: set[str] = set(entry.facts.factors) or ({"key"} if entry.access.key is not None else set())
        # A mechanism documented to take keys does not account for a password. A token stands in its place where the
        # protocol has no other place for it, and beside other logins of a port only where the entry says by what it is.
        token = (
            "token" in factors
            and challenge.kind in _TOKEN_AS_PASSWORD
            and (named or challenge.kind == "mqtt")
        )
        if challenge.secret != "password" or not factors or {"password", "pin"} & factors or token:  # noqa: S105
            return True
    return False


def _known_web_challenges(
    search: ServiceSearch, entries: tuple[AuthMechEntry, ...]
) -> frozenset[tuple[str, str]]:
    return frozenset(
        (challenge.kind, _place(challenge))
        for service in search.services
        if service.tls
        for challenge in service.challenges
        if _accounted_for(challenge, _entries_at(service, search, entries)[0])
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


def manual_mentions(text: str, entries: Iterable[AuthMechEntry]) -> Findings:
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
