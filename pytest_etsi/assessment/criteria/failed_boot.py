"""Communication beyond the local network after a device has found its software altered (5.7-2-2 b)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria._local import is_local
from pytest_etsi.assessment.criteria.capture import INFRASTRUCTURE, belongs, incomplete
from pytest_etsi.assessment.findings import Finding, Findings, unknown, violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_etsi.dut import FailedBootObservation
    from pytest_etsi.probes.capture import CaptureObservation
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import SecBootEntry

__all__ = ["in_captures", "seen", "watched"]

_ON_THE_DEVICE = {"device", "serial"}


def in_captures(entry: Entry, captures: Sequence[CaptureObservation], ixit: Ixit) -> Findings:
    """What captures show that somebody has recorded after a detection.

    Args:
        entry: of 20-SecBoot.
        captures: recorded after the detection.
        ixit: whose 11-ComMech tells the documented peers.

    Returns:
        Violations: a flow to a wider network that no mechanism documents. Unknown: an incomplete capture, and
        documented flows, of which a person has to say whether Notification Functionality declares them;
        answers to a wider network.
    """
    found: list[Finding] = []
    for capture in captures:
        found += incomplete(capture, "contacts")
        if not capture.packets:
            found.append(
                unknown(
                    entry,
                    None,
                    f"{capture.file} is empty, so that it does not show what was recorded",
                    aspect="channel",
                    evidence=capture.file,
                )
            )
        for flow in capture.outgoing:
            if is_local(flow.server):
                continue
            known = any(belongs(flow, one, capture) for one in ixit.com_mech)
            text = f"{capture.file}: after the detection the device talks to a wider network: {flow}"
            found.append(
                unknown(entry, None, text, aspect="channel")
                if known or flow.protocol in INFRASTRUCTURE
                else violation(
                    entry,
                    None,
                    text,
                    aspect="channel",
                    expected="Notification Functionality only",
                    found=str(flow),
                )
            )
        found += _answers(entry, capture, at_gateway=False)
    return Findings(dict.fromkeys(found))


def watched(entry: SecBootEntry, observed: FailedBootObservation) -> Findings:
    """What was seen when the suite itself brought the detection about.

    Args:
        entry: of 20-SecBoot.
        observed: the sound device, its alert, and what it sent from then on.

    Returns:
        Violations: contact with a host of a wider network that ``facts.alert_hosts`` does not name. Unknown: whatever
        keeps silence from being the device's own, and facts that do not say how the alert is given.
    """
    found = [unknown(entry, None, gap, aspect="channel") for gap in observed.open]
    after = observed.after
    if after is not None and observed.alert:
        found += _contacts(entry, after, at_gateway=observed.at_gateway)
        found += incomplete(after, "contacts")
    if observed.before is not None and not observed.before.outgoing:
        found.append(
            unknown(
                entry,
                None,
                f"the sound device said nothing within {entry.access.watch_s:g} s, so that its "
                "silence after the detection would tell nothing",
                aspect="channel",
            )
        )
    if after is None and not observed.open:
        found.append(unknown(entry, None, "the device was not watched after a failed boot", aspect="channel"))
    return Findings(dict.fromkeys(found))


def seen(observed: FailedBootObservation) -> str:
    """What was looked at, in one phrase, for the record."""
    if observed.after is None or observed.before is None:
        return "no failed boot was watched"
    return (
        f"{len(observed.before.outgoing)} flows of the sound device, {len(observed.after.outgoing)} after the alert "
        f"({observed.alert})"
    )


def _contacts(entry: SecBootEntry, after: CaptureObservation, *, at_gateway: bool) -> Iterator[Finding]:
    """Flows and attempts to connect, as far as the facts do not name the other side."""
    facts = entry.facts
    called: dict[tuple[str, int], str] = {}
    for flow in after.outgoing:
        if at_gateway or not is_local(flow.server):
            called.setdefault((flow.server, flow.server_port), flow.protocol)
    for attempt in after.attempts:
        if attempt.client in after.hosts and (at_gateway or not is_local(attempt.server)):
            called.setdefault((attempt.server, attempt.server_port), "tcp")
    yield from _answers(entry, after, at_gateway=at_gateway)
    if not called:
        return
    if not facts.alerts_on or (set(facts.alerts_on) - _ON_THE_DEVICE and not facts.alert_hosts):
        hosts = ", ".join(f"{host} port {port}" for host, port in called)
        yield unknown(
            entry,
            None,
            f"after the alert the device talks to {hosts}; facts.alerts_on and facts.alert_hosts do "
            "not say with whom it may",
            aspect="channel",
        )
        return
    for (host, port), protocol in called.items():
        names = {host, *after.called(host)}
        if names & set(facts.alert_hosts) or {f"{name}:{port}" for name in names} & set(facts.alert_hosts):
            continue
        text = f"after the alert the device talks to {host} port {port} ({protocol})"
        if facts.alert_hosts and protocol in INFRASTRUCTURE:
            yield unknown(entry, None, f"{text}, which may serve the alert", aspect="channel")
            continue
        yield violation(
            entry,
            None,
            text,
            aspect="channel",
            expected=", ".join(facts.alert_hosts) or "nothing beyond the local network",
            found=f"{host}:{port}",
        )


def _answers(entry: Entry, capture: CaptureObservation, *, at_gateway: bool) -> list[Finding]:
    """What the device sent to somebody who, as far as the capture shows, has begun: of that a person has to judge."""
    return [
        unknown(
            entry,
            None,
            f"{capture.file}: after the detection the device answers {flow.client} port {flow.client_port}: {flow}",
            aspect="channel",
        )
        for flow in capture.of_device
        if flow.client not in capture.hosts and flow.packets[1] and (at_gateway or not is_local(flow.client))
    ]
