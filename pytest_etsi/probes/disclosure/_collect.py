"""Every service of a device asked for what it tells without a login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.disclosure._discovery import DISCOVERY, from_discovery
from pytest_etsi.probes.disclosure._model import Collection, DisclosureObservation
from pytest_etsi.probes.disclosure._protocols import broker, certificate, streams, told_by
from pytest_etsi.probes.disclosure._walk import Walk
from pytest_etsi.probes.http.visits import MOST_REQUESTS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from pytest_etsi.probes.services import Service

__all__ = ["collect"]

_NOT_TEXT = {
    "mqtt",
    "rtsp",
    "http",
    "https",
    "mdns",
    "ssdp",
    "ws-discovery",
    "coap",
    "coap+tcp",
    "snmp",
    "smux",
}
"""Kinds of services whose first bytes are no text: what they tell is asked for in their own language."""
_DISCOVERED = {"mdns": DISCOVERY[5353], "ssdp": DISCOVERY[1900], "ws-discovery": DISCOVERY[3702]}


def collect(
    host: str,
    services: Iterable[Service],
    *,
    own: Iterable[str] = (),
    discovery: Iterable[int] = (),
    expected: Container[int] = (),
    timeout_s: float = bounds.DISCLOSURE.step_s,
    deadline_s: float = bounds.DISCLOSURE.whole_s,
    max_requests: int = MOST_REQUESTS["disclosures"],
) -> DisclosureObservation:
    """Ask every service of a host for what it tells without a login.

    Args:
        host: name or address; no other is touched.
        services: as `services.identify` gives them; those of other hosts are left out.
        own: further addresses of the device.
        discovery: UDP ports on which discovery is asked, of `DISCOVERY`.
        expected: UDP ports at which the documents say that something answers: there silence is a gap.
        timeout_s: seconds for one answer.
        deadline_s: seconds for one service.
        max_requests: HTTP requests to one service at most.
    """
    clock = Deadline(deadline_s)
    services = tuple(services)
    found = Collection((host, *own))
    for service in services:
        if service.host != host or service.kind == "closed":
            continue
        deadline = Deadline(deadline_s)
        found.protocol, found.port = service.protocol, service.port
        place = f"{service.protocol}/{service.port}"
        if service.banner and service.kind not in _NOT_TEXT:
            found.add("", "banner", "", service.banner)
        found.sources.append(f"{place} {service.kind}")
        if service.tls:
            certificate(found, host, service.port, deadline.within(timeout_s))
        if service.kind in {"http", "https"}:
            Walk(found, host, service, timeout_s, deadline, max_requests).run()
        elif service.kind in {"coap", "snmp"} and service.protocol == "udp":
            told_by(found, host, service, timeout_s)
        elif service.kind == "mqtt":
            broker(found, host, service)
        elif service.kind == "rtsp":
            streams(found, host, service, deadline.left(timeout_s))
        elif service.kind == "unknown":
            found.gaps.append(f"{place}: the service was not recognised, so that it could not be asked")
    asked = {port: DISCOVERY[port] for port in discovery}
    answering = [one for one in services if one.host == host and one.kind in _DISCOVERED]
    for service in answering:
        if service.protocol == "udp":
            asked.setdefault(service.port, _DISCOVERED[service.kind])
    for port, (kind, ask) in asked.items():
        known = port in expected or any(one.protocol == "udp" and one.port == port for one in answering)
        seen = ask(host, port=port, expected=known)
        found.sources.append(f"udp/{port} {kind}")
        found.gaps.extend(f"udp/{port}: {gap}" for gap in seen.gaps)
        for item in from_discovery(seen, own=found.own):
            found.items.setdefault((item.protocol, item.port, item.field, item.name, item.text), item)
    return DisclosureObservation(
        host, tuple(found.items.values()), tuple(found.sources), tuple(found.gaps), clock.elapsed
    )
