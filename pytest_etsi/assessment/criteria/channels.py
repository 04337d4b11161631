"""Channels in use against their documents (5.5-1-2 a, and on other scopes 5.5-6-2, 5.5-7-2, 5.8-1-2, 5.8-2-2)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria._places import names_unknown_protocol
from pytest_etsi.assessment.criteria._tls_settings import documented_groups, group_key
from pytest_etsi.assessment.criteria.cryptography import channel, describe
from pytest_etsi.assessment.crypto import TlsSettings, compare_tls, tls_version
from pytest_etsi.assessment.findings import Finding, Findings, place, unknown, violation
from pytest_etsi.assessment.reading.answers import shortened
from pytest_etsi.probes.tls import TlsObservation
from pytest_etsi.profile.facts import TlsFacts
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut import ChannelObservation
    from pytest_etsi.probes.tls.impostor import ImpostorObservation
    from pytest_etsi.profile.entries import ComMechEntry

__all__ = ["in_use", "seen"]

_REDIRECT = re.compile(r"HTTP/\S+\s+30[12378]\b")
_TURNED_AWAY = re.compile(r"HTTP/\S+\s+(?:30[12378]|400|426)\b")
"""Leads on, or refuses: servers of TLS answer so what comes in clear, also one that knows TLS by a name only."""


def in_use(entry: ComMechEntry, observed: ChannelObservation) -> Findings:
    """What the device accepts or offers and the documents do not state.

    Args:
        entry: of 11-ComMech.
        observed: what was seen of it.

    Returns:
        Violations: a version, suite or certificate other than documented; a peer that the device cannot know and talks
        to all the same; speech without TLS. Unknown: what could not be observed, or has nothing to be compared with.
    """
    facts = entry.facts
    found = [unknown(entry, None, gap, aspect="channel") for gap in observed.open]
    for accepted in observed.accepted:
        found.extend(channel(entry, accepted))
    for offered in observed.offered:
        found.extend(_as_client(entry, offered))
    if facts.tls is not None:
        found.extend(_plain_instead(entry, observed))
    if facts.tls is None and facts.ssh is None:
        found.extend(_without_tls(entry, observed))
    elif not observed.accepted and not observed.offered and not observed.open:
        found.append(
            unknown(
                entry,
                None,
                "neither facts.endpoint nor facts.peers says where it can be observed",
                aspect="channel",
            )
        )
    return Findings(dict.fromkeys(found))


def seen(observed: ChannelObservation) -> str:
    """What was looked at, in one phrase, for the record."""
    parts = [describe(one) for one in observed.accepted]
    parts += [
        f"as a client of {one.peer} in {len(one.contacts)} contacts: offers "
        f"{', '.join(dict.fromkeys(name for hello in one.hellos for name in hello.versions))}"
        for one in observed.offered
    ]
    parts += [
        f"{one.kind} without TLS on {one.protocol}/{one.port}" for one in observed.services if not one.tls
    ]
    return "; ".join(parts) or "nothing"


def _without_tls(entry: ComMechEntry, observed: ChannelObservation) -> Iterator[Finding]:
    """A mechanism that documents no cryptography of a kind that can be seen on the wire."""
    if entry.facts.guarantees or entry.facts.cryptography:
        yield unknown(
            entry,
            None,
            "its protection is not TLS or SSH as far as facts tell, which a program cannot compare",
            aspect="channel",
        )
    elif not observed.services and not observed.open:
        yield unknown(entry, None, "facts.endpoint does not say where it can be observed", aspect="channel")
    if entry.facts.redirect_only:
        yield from _leads_on(entry, observed)
    for one in observed.services:
        if not one.identified and not names_unknown_protocol(entry):
            open_ = unknown(
                entry,
                "facts.protocol",
                f"what is spoken on {one.protocol}/{one.port} was not recognised, and no protocol is named for it",
                aspect="channel",
            )
            settle = "name the protocol under facts.protocol, or let a person examine what is spoken there"
            yield replace(open_, cause=Cause.JUDGEMENT, settle=settle)


def _plain_instead(entry: ComMechEntry, observed: ChannelObservation) -> Iterator[Finding]:
    """Services that were spoken with in clear at an endpoint with documented TLS, of which no TLS was seen at all."""
    for one in observed.services:
        answer = one.banner.partition(";")[0]
        if one.tls or one.starttls or not one.identified or _TURNED_AWAY.match(answer):
            continue
        there = [
            seen for seen in observed.accepted if isinstance(seen, TlsObservation) and seen.port == one.port
        ]
        if there and not any(seen.versions for seen in there):
            where = f"{one.protocol}/{one.port}"
            yield violation(
                entry,
                "facts.tls",
                f"{where} speaks {one.kind} in clear and no TLS: {shortened(answer, 60)}",
                aspect="channel",
                expected="TLS",
                found=f"{one.kind} without TLS",
            )


def _leads_on(entry: ComMechEntry, observed: ChannelObservation) -> Iterator[Finding]:
    """Whether what is said to lead to another address, and to do nothing else, does that."""
    for one in observed.services:
        if one.kind not in ("http", "https"):
            continue
        where = f"{one.protocol}/{one.port}"
        answer = one.banner.partition(";")[0]
        if not _REDIRECT.match(answer):
            yield violation(
                entry,
                "facts.redirect_only",
                f"{where} answers by itself, and leads nowhere: {shortened(answer, 60)}",
                aspect="channel",
                expected="a redirect",
                found=shortened(answer, 60),
            )
        for challenge in one.challenges:
            yield violation(
                entry,
                "facts.redirect_only",
                f"{where} asks for credentials ({challenge.kind}: {shortened(challenge.detail, 60)})",
                aspect="channel",
                expected="a redirect",
                found=challenge.kind,
            )


def _as_client(entry: ComMechEntry, observed: ImpostorObservation) -> Iterator[Finding]:
    who = f"towards {observed.peer} the device"
    for contact in observed.plain:
        yield violation(
            entry,
            None,
            f"{who} speaks without TLS",
            aspect="channel",
            expected="TLS",
            found=shortened(contact.first, 80),
        )
    for contact in observed.deceived:
        yield violation(
            entry,
            None,
            f"{who} talks to a peer whose certificate is signed by an authority that nobody knows "
            f"({contact.received} bytes under {contact.version})",
            aspect="channel",
            expected="it breaks off",
        )
    tls = entry.facts.tls or TlsFacts()
    documented = {tls_version(name) for name in tls.versions}
    for version in dict.fromkeys(contact.version for contact in observed.contacts if contact.version):
        if documented and version not in documented:
            yield violation(
                entry,
                None,
                f"{who} goes along with {version} when its peer wants that",
                aspect="channel",
                expected=", ".join(tls.versions),
                found=version,
            )
    if not observed.contacts:
        yield unknown(
            entry, None, f"{who} did not connect within {observed.waited_s:.0f} s", aspect="channel"
        )
        return
    for hello in observed.hellos:
        if hello.compression:
            yield violation(
                entry, None, f"{who} offers TLS compression", aspect="channel", expected="no compression"
            )
        settings = TlsSettings(hello.versions, hello.suites)
        for finding in compare_tls(TlsSettings(tls.versions, tls.cipher_suites), settings):
            yield Finding(
                finding.kind,
                "channel",
                f"{who}: {finding.message}".replace(" is accepted but", " is offered but"),
                expected=finding.expected,
                found=finding.found,
                place=place(entry),
            )
    yield from _groups(who, entry, tls, observed)
    yield from _not_examined(who, entry, observed)


def _groups(who: str, entry: ComMechEntry, tls: TlsFacts, observed: ImpostorObservation) -> Iterator[Finding]:
    """Key exchange groups that are offered and not documented, where some are documented."""
    documented = documented_groups(tls)
    offered = dict.fromkeys(name for hello in observed.hellos for name in hello.groups)
    if documented:
        for name in offered:
            if group_key(name) not in documented:
                yield violation(
                    entry,
                    None,
                    f"{who} offers the group {name}, which is not documented",
                    aspect="channel",
                    expected="documented ones",
                    found=name,
                )


def _not_examined(who: str, entry: ComMechEntry, observed: ImpostorObservation) -> Iterator[Finding]:
    completed = [contact for contact in observed.shown_to if contact.completed and not contact.received]
    for contact in completed:
        yield unknown(
            entry,
            None,
            f"{who} ended the handshake under {contact.version} without an objection to the certificate and then said "
            "nothing; whether it took the peer for its own cannot be told",
            aspect="channel",
        )
    if not observed.shown_to and not observed.plain:
        yield unknown(
            entry,
            None,
            f"{who} was not shown a certificate: it did not begin with a whole ClientHello",
            aspect="channel",
        )
    if not observed.after_talking_down and not observed.plain:
        yield unknown(
            entry,
            None,
            f"{who} did not come back within {observed.waited_s:.0f} s after a peer had wanted an old version, so "
            "whether it then offers less was not seen",
            aspect="channel",
        )
