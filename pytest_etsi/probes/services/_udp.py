"""Services over UDP, each by its own answer: SNMP, CoAP, SSDP, mDNS and WS-Discovery."""

from __future__ import annotations

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.coap import ask_core
from pytest_etsi.probes.discovery.search import mdns, ssdp, ws_discovery
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.services._model import Challenge, Service, product_of
from pytest_etsi.probes.snmp import probe_snmp

__all__ = ["identify_snmp", "identify_udp"]


def identify_snmp(host: str, port: int = 161, *, timeout_s: float = bounds.SNMP.step_s) -> Service:
    """Recognise an SNMP agent on a UDP port.

    The community "public" of version 2c is tried, because an agent that knows no other cannot be seen
    otherwise.
    """
    seen = probe_snmp(host, port, timeout_s=timeout_s)
    challenges: tuple[Challenge, ...] = ()
    notes = []
    if seen.v2c_public:
        challenges += (Challenge("snmp-community", 'version 2c answers to "public"', "password"),)
        notes.append('answers to the community "public"')
    if seen.v3:
        challenges += (Challenge("snmp-v3", f"engine {seen.engine_id}", "password"),)
    kind = "snmp" if seen.v2c_public or seen.v3 else "unknown" if seen.first_bytes else "closed"
    if kind == "closed" and not seen.closed:
        notes.append(
            seen.error or "no answer: closed, filtered, or an agent that ignores unknown communities"
        )
    banner = seen.description or printable(seen.first_bytes, 64)
    product, version = product_of(banner)
    return Service(
        host=host,
        port=port,
        protocol="udp",
        kind=kind,
        challenges=challenges,
        banner=banner,
        note="; ".join(notes),
        product=product,
        version=version,
        duration_s=seen.duration_s,
    )


def identify_udp(host: str, port: int, *, timeout_s: float = bounds.UDP_SERVICE.step_s) -> Service:
    """Recognise the service on a UDP port by what it answers; "closed" where nothing that is known answers.

    Args:
        host: name or address.
        port: UDP port.
        timeout_s: seconds to wait for each kind of answer.
    """
    clock = Deadline(10 * timeout_s)
    resources = ask_core(host, port, timeout_s=timeout_s)
    if resources is not None:
        return _service(host, port, "coap", resources, clock)
    found = ssdp(host, port=port, timeout_s=timeout_s, whole=False)
    if found.answers:
        return _service(
            host, port, "ssdp", next((one.server for one in found.answers if one.server), ""), clock
        )
    records = mdns(host, port=port, timeout_s=timeout_s, whole=False)
    if records.answered:
        return _service(host, port, "mdns", ", ".join(records.services), clock)
    matches = ws_discovery(host, port=port, timeout_s=timeout_s, whole=False)
    if matches.answers:
        return _service(host, port, "ws-discovery", " ".join(matches.answers[0].types), clock)
    return identify_snmp(host, port, timeout_s=timeout_s)


def _service(host: str, port: int, kind: str, banner: str, clock: Deadline) -> Service:
    shown = printable(banner, 200)
    product, version = product_of(shown)
    return Service(
        host, port, "udp", kind=kind, banner=shown, product=product, version=version, duration_s=clock.elapsed
    )
