"""Captured traffic against the documents: who talks, with what protection, and how it comes back after an outage."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria._places import entries_at, why_open
from pytest_etsi.assessment.crypto import TlsSettings, compare_tls
from pytest_etsi.assessment.findings import Finding, Findings, place, unknown, violation
from pytest_etsi.assessment.reading.answers import referrers
from pytest_etsi.profile.places import normal_host

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_etsi.assessment.findings import Kind
    from pytest_etsi.dut import ResilienceObservation
    from pytest_etsi.probes.capture import CanaryHit, CaptureObservation, Flow, Question
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import ComMechEntry, ConnectingEntry

__all__ = [
    "INFRASTRUCTURE",
    "belongs",
    "client_cryptography",
    "in_captures",
    "incomplete",
    "plaintext",
    "reconnect",
    "resilience_seen",
    "undocumented_flows",
    "waits",
]

_LEAST_WAITS = 4
"""Waits without which nothing is said of them."""
_REFUTING_WAITS = 6
"""Waits after which small random differences would have shown."""
_ALIKE = 0.02
"""Part by which waits differ that are the same: what clocks, networks and recorders add."""
_UNGROWN = 0.15
"""Part by which waits differ that do not grow, whether or not they are random as well."""
_GROWN = 1.5
"""Factor by which the shortest of the later waits exceeds the shortest of the earlier ones, where waits grow."""
_STORM = 0.25
"""Part of the documented first wait below which a wait is none."""
_OF_THE_NETWORK = {"icmp", "icmp6", "ip-2", "ip-103"}
"""Transports by which a network keeps itself: errors, echoes, and who listens to a group."""
INFRASTRUCTURE = {"dns", "mdns", "llmnr", "dhcp", "ntp"}


def belongs(flow: Flow, entry: ComMechEntry, capture: CaptureObservation) -> bool:
    """Whether a flow is one of a mechanism: it goes to one of its peers, or comes to one of its endpoints.

    Args:
        flow: of the capture.
        entry: of 11-ComMech.
        capture: which tells by what names addresses were reached.
    """
    if flow.client in capture.hosts:
        called = {flow.server, flow.server_name, *capture.called(flow.server)}
        for peer in entry.facts.peers:
            host, _, port = peer.rpartition(":")
            if port == str(flow.server_port) and host.strip("[]").lower().rstrip(".") in called:
                return True
    return bool(_answering(flow, (entry,), capture)[0])


def _answering(
    flow: Flow, entries: Iterable[Entry], capture: CaptureObservation
) -> tuple[list[Entry], list[Entry]]:
    """The entries at whose places the device answers in a flow, and those of which that cannot be told."""
    if flow.server not in capture.hosts:
        return [], []
    own = {normal_host(name) for host in capture.hosts for name in (host, *capture.called(host))}
    return entries_at(entries, flow.transport, flow.server_port, own)


def undocumented_flows(capture: CaptureObservation, ixit: Ixit) -> Findings:
    """Flows of the device that no entry of 11-ComMech documents by its peers or endpoints.

    Names, time and addresses of the network are asked for by every device: such flows are notes.
    """
    found: dict[str, Finding] = {}
    table = ixit.com_mech
    for flow in capture.of_device:
        if flow.transport in _OF_THE_NETWORK or any(belongs(flow, entry, capture) for entry in table):
            continue
        begun = flow.client in capture.hosts
        name = next(iter(capture.called(flow.server)), "") or flow.server_name
        peer = f"{name or flow.server}, {flow.transport}/{flow.server_port}"
        what = f"{'calls' if begun else 'answers'} {peer} ({flow.protocol or flow.protection})"
        if not begun and (not flow.packets[1] or _turned_down(flow, capture)):
            continue  # asked by somebody, as a search for ports asks; and silent, or nothing that answers there
        _, perhaps = _answering(flow, table, capture)
        level: Kind = "violation"
        why = "which no entry of 11-ComMech documents"
        if flow.transport not in {"tcp", "udp"}:
            level = "unknown"
            why = "of which facts.peers and facts.endpoint cannot say whether it is documented"
        elif perhaps:
            level, why = "unknown", f"and {why_open(perhaps[0], flow.server_port)}"
        if flow.protocol in INFRASTRUCTURE:
            level = "note"
        found.setdefault(
            what,
            Finding(
                level,
                "channel",
                f"{capture.file}: the device {what}, {why}",
                expected="an entry of 11-ComMech with that peer or endpoint",
                found=str(flow),
            ),
        )
    return Findings((*found.values(), *incomplete(capture, "contacts")))


def _turned_down(flow: Flow, capture: CaptureObservation) -> bool:
    """Whether nothing but a refused connection was seen of a flow."""
    outcomes = {
        one.outcome
        for one in capture.attempts
        if (one.client, one.server, one.server_port) == (flow.client, flow.server, flow.server_port)
        and flow.first_s <= one.at_s <= flow.last_s
    }
    return flow.transport == "tcp" and flow.protection == "empty" and outcomes == {"refused"}


def client_cryptography(entry: ComMechEntry, capture: CaptureObservation) -> Findings:
    """What the device offered as a client of a mechanism and the documents do not state (5.5-1-2 a).

    Args:
        entry: of 11-ComMech.
        capture: of the device's traffic.

    Returns:
        Violations: versions or suites other than documented, and speech in clear to its peers. Unknown: the
        mechanism did not speak in the capture.
    """
    flows = [flow for flow in capture.outgoing if belongs(flow, entry, capture)]
    found: list[Finding] = []
    if entry.facts.tls is None:
        return Findings([unknown(entry, None, "no facts.tls to compare the capture with", aspect="channel")])
    documented = TlsSettings(entry.facts.tls.versions, entry.facts.tls.cipher_suites)
    ends = {(flow.server, flow.server_port) for flow in flows}
    hellos = [
        one
        for one in capture.client_hellos
        if one.client in capture.hosts and (one.server, one.server_port) in ends
    ]
    for seen in hellos:
        who = f"{capture.file}: towards {seen.server}:{seen.server_port} the device"
        for finding in compare_tls(documented, TlsSettings(seen.hello.versions, seen.hello.suites)):
            message = finding.message.replace(" is accepted but", " is offered but")
            found.append(
                Finding(
                    finding.kind,
                    "channel",
                    f"{who}: {message}",
                    expected=finding.expected,
                    found=finding.found,
                    place=place(entry),
                    evidence=capture.file,
                )
            )
    found += [
        violation(
            entry,
            None,
            f"{capture.file}: the device speaks in clear: {flow}",
            aspect="channel",
            expected="TLS",
            found=flow.protocol,
            evidence=capture.file,
        )
        for flow in flows
        # In the middle of a handshake there are certificates, which look like something in clear.
        if flow.protection == "plain"
        or (flow.protection == "unknown-low-entropy" and flow.begun and not flow.gaps)
    ]
    if not hellos:
        found.append(
            unknown(
                entry,
                None,
                f"{capture.file} does not show the beginning of a connection to its peers",
                aspect="channel",
                evidence=capture.file,
            )
        )
    return Findings((*dict.fromkeys(found), *incomplete(capture, "hellos")))


def plaintext(entry: Entry, captures: Iterable[CaptureObservation], ixit: Ixit) -> Findings:
    """Known values in clear that a mechanism carries, or that none is said to (5.5-6-2 a, 5.8-1-2 a, 5.8-2-2 a).

    Args:
        entry: of 11-ComMech.
        captures: of the device's traffic; none: nothing is found, and nothing is open.
        ixit: whose critical parameters and personal data say by which mechanisms they travel.

    Returns:
        Violations: the device sent or got one. Unknown: one was found, and it is not known by whom or by what it went.
    """
    carried = {f"{one.table}/{one.id}" for one in referrers(ixit, entry)}
    elsewhere = {
        f"{one.table}/{one.id}" for other in ixit.com_mech for one in referrers(ixit, other)
    } - carried
    found = [
        _in_clear(entry, capture, hit, carried=hit.name in carried)
        for capture in captures
        for hit in capture.canary_hits
        if hit.name not in elsewhere
    ]
    return Findings(dict.fromkeys(found))


def _in_clear(entry: Entry, capture: CaptureObservation, hit: CanaryHit, *, carried: bool) -> Finding:
    """What a known value in clear says: a violation, where the device sent or got it by what should protect it."""
    what = f"{capture.file}: the known value of {hit.name} travels in clear ({hit.coding})"
    where = f"packet {hit.packet}" if hit.packet else f"byte {hit.offset} of the file"
    if not hit.source:
        why = f"{what} in {where}, which could not be read so far as to tell who sent it"
        return unknown(entry, None, why, aspect="channel", evidence=capture.file)
    ends = f"from {hit.source} to {hit.destination}, {hit.transport} port {hit.port}, {where}"
    if not {hit.source, hit.destination} & set(capture.hosts):
        why = f"{what} {ends}; neither is an address of the device that the profile names"
        return unknown(entry, None, why, aspect="channel", evidence=capture.file)
    if not carried:
        why = f"{what} {ends}; no entry of 11-ComMech is said to carry it"
        return unknown(entry, None, why, aspect="channel", evidence=capture.file)
    return violation(
        entry,
        None,
        f"{what} {ends}",
        aspect="channel",
        expected="protected by encryption",
        found=hit.coding,
        evidence=capture.file,
    )


def in_captures(entry: ComMechEntry, captures: Iterable[CaptureObservation], ixit: Ixit) -> Findings:
    """What captures add to the other observations of a mechanism (5.5-1-2 a and its scopes): what they show.

    That a capture does not show the mechanism leaves nothing open that the other observations have settled; what is
    missing in it is noted.
    """
    seen = tuple(captures)
    found = [one for capture in seen for one in client_cryptography(entry, capture).violations]
    gaps = [
        Finding("note", "channel", f"not everything was found out by {one.message}", evidence=one.evidence)
        for capture in seen
        for one in dict.fromkeys((*incomplete(capture, "hellos"), *incomplete(capture, "values")))
    ]
    return Findings((*found, *plaintext(entry, seen, ixit), *gaps))


def waits(entry: ConnectingEntry, capture: CaptureObservation) -> dict[str, tuple[float, ...]]:
    """Seconds between the device's attempts to connect to each peer of a mechanism, in order."""
    ports = {int(port) for peer in entry.facts.peers if (port := peer.rpartition(":")[2]).isdecimal()}
    by_peer: dict[str, list[float]] = {}
    for one in capture.attempts:
        if one.client in capture.hosts and one.server_port in ports:
            by_peer.setdefault(f"{one.server}:{one.server_port}", []).append(one.at_s)
    return {
        peer: tuple(later - earlier for earlier, later in pairwise(times)) for peer, times in by_peer.items()
    }


def reconnect(entry: ConnectingEntry, observed: ResilienceObservation) -> Findings:
    """What refutes that a mechanism connects, ends and comes back as documented (5.9-3-2 a).

    Args:
        entry: of 11-ComMech, or of 28-LogIntf.
        observed: an outage of its peers, and connections to its endpoints.

    Returns:
        Violations: waits that can be foretold where random ones are claimed, that stay the same where growing ones are,
        or a storm of attempts. Unknown: what was not seen; an endpoint that takes no connection, or does not end it in
        good order; waits that nothing is documented to compare with, or that are too few.
    """
    found = [unknown(entry, None, gap, aspect="channel") for gap in observed.open]
    for ending in observed.endings:
        if not ending.opened:
            found.append(unknown(entry, None, f"{ending.endpoint}: {ending.detail}", aspect="channel"))
        elif not ending.closed:
            found.append(
                unknown(
                    entry,
                    None,
                    f"{ending.endpoint} does not end a connection in good order: {ending.detail}",
                    aspect="channel",
                )
            )
    if observed.outage is not None:
        found += incomplete(observed.outage, "contacts")
        found += _comes_back(entry, observed.outage)
    elif not observed.endings and not observed.open:
        found.append(
            unknown(
                entry,
                None,
                "neither facts.endpoint nor facts.peers says where it can be observed",
                aspect="channel",
            )
        )
    return Findings(dict.fromkeys(found))


def _comes_back(entry: ConnectingEntry, capture: CaptureObservation) -> Iterator[Finding]:
    facts = entry.facts
    if facts.retry_first_s is None and facts.retry_jitter is None:
        yield unknown(
            entry,
            None,
            "neither facts.retry_first_s nor retry_jitter tells what to compare retries with",
            aspect="channel",
        )
        return
    seen = waits(entry, capture)
    if not any(len(told) >= _LEAST_WAITS for told in seen.values()):
        count = sum(map(len, seen.values())) + len(seen)
        yield unknown(
            entry,
            None,
            f"{capture.file} shows {count} attempts to connect after the outage, too few to compare waits",
            aspect="channel",
            evidence=capture.file,
        )
    for peer, told in seen.items():
        if len(told) < _LEAST_WAITS:
            continue
        listed = ", ".join(f"{wait:.2f}" for wait in told[:20])
        who = f"after the loss of {peer} the device waited {listed} s between its attempts"
        first, regular = facts.retry_first_s, _regular(told)
        most = facts.retry_max_s or 0.0
        grows = bool(first and most >= 4 * first)
        if not first and not facts.retry_jitter:
            yield unknown(
                entry,
                None,
                f"{who}; the facts state neither a first wait nor random ones to hold them against",
                aspect="channel",
                evidence=capture.file,
            )
        elif first and sum(wait < first * _STORM for wait in told) * 2 > len(told):
            yield violation(
                entry,
                None,
                f"{who}: a storm",
                aspect="channel",
                expected=f"first wait {first:g} s",
                found=listed,
            )
        elif grows and _stays(told, most):
            yield violation(
                entry,
                None,
                f"{who}: they do not grow as documented",
                aspect="channel",
                expected=f"from {first:g} s up to {most:g} s",
                found=listed,
            )
        elif grows and not _grown(told):
            yield unknown(
                entry,
                None,
                f"{who}: more are needed to tell whether they grow from {first:g} s up to {most:g} s",
                aspect="channel",
            )
        elif facts.retry_jitter and regular and len(told) >= _REFUTING_WAITS:
            yield violation(
                entry,
                None,
                f"{who}: {regular}, while random waits are documented",
                aspect="channel",
                expected="random waits",
                found=listed,
            )
        elif facts.retry_jitter and regular:
            yield unknown(
                entry,
                None,
                f"{who}: {regular}; more are needed to tell whether they are random",
                aspect="channel",
            )


def _alike(values: Sequence[float], part: float) -> bool:
    return max(values) - min(values) <= part * max(values)


def _stays(told: Sequence[float], most: float) -> bool:
    """Whether waits stay the same, below the longest that is documented.

    A wait that a busy device or recorder lengthened hides nothing: up to a quarter of them, the longest, do not count.
    """
    usual = sorted(told)[: len(told) - len(told) // 4]
    return usual[-1] * 2 <= most and _alike(usual, _UNGROWN)


def _grown(told: Sequence[float]) -> bool:
    """Whether the later waits are seen to be longer; the shortest are compared, since what delays one only adds."""
    half = len(told) // 2
    return min(told[half:]) >= _GROWN * min(told[:half])


def _regular(told: Sequence[float]) -> str:
    """How waits can be foretold; empty: they cannot."""
    if _alike(told, _ALIKE):
        return "always the same"
    factors = [later / earlier for earlier, later in pairwise(told) if earlier > 0]
    if factors and min(factors) > 1.1 and _alike(factors, _ALIKE):
        return f"each {factors[0]:.2f} times the one before"
    return ""


def resilience_seen(entry: ConnectingEntry, observed: ResilienceObservation) -> str:
    """What was looked at, in one phrase, for the record."""
    parts = [f"{len(observed.endings)} connections begun and ended in good order"] if observed.endings else []
    if observed.outage is not None:
        parts += [
            f"without {peer} waits of {', '.join(f'{wait:.1f}' for wait in told[:20])} s"
            for peer, told in waits(entry, observed.outage).items()
        ]
    return "; ".join(parts) or "nothing"


def incomplete(capture: CaptureObservation, question: Question) -> list[Finding]:
    """What is missing in a capture that could have answered a question."""
    return [
        Finding("unknown", "channel", f"{capture.file}: {gap}", evidence=capture.file)
        for gap in capture.missing_for(question)
    ]
