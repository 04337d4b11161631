"""How a communication mechanism protects what it carries, seen from both of its ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.observe._places import addresses_of
from pytest_etsi.dut.reach.uplink import peer_of
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.services import Service
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation
    from pytest_etsi.probes.tls.impostor import ImpostorObservation
    from pytest_etsi.profile.entries import ComMechEntry

__all__ = ["ChannelObservation", "observe_channel"]


@dataclass(frozen=True, slots=True)
class ChannelObservation:
    """What was seen of one entry of 11-ComMech.

    Attributes:
        accepted: what the device takes as a server, by endpoint.
        services: the services at these endpoints, as the search for services knows them.
        offered: what the device offers and takes as a client, by peer.
        open: what could not be observed, one sentence each.
    """

    accepted: tuple[TlsObservation | SshObservation, ...] = ()
    services: tuple[Service, ...] = ()
    offered: tuple[ImpostorObservation, ...] = ()
    open: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only; the parts are evidence of their own."""
        return {
            "accepted": [one.to_json() for one in self.accepted],
            "services": [one.to_json() for one in self.services],
            "offered": [one.to_json() for one in self.offered],
            "open": list(self.open),
        }


def observe_channel(dut: Core, entry: ComMechEntry) -> ChannelObservation:
    """Look at every endpoint at which the device answers, and stand in for every peer that it calls.

    Args:
        dut: the device.
        entry: of 11-ComMech.
    """
    gaps: list[str] = []
    accepted: list[TlsObservation | SshObservation] = []
    services: list[Service] = []
    for protocol, host, port in addresses_of(dut.network, entry, gaps):
        try:
            if protocol == "udp" and entry.facts.tls is not None:
                accepted.append(dut.network.dtls(host, port))
                continue
            found = [
                one for one in dut.network.services().services if (one.protocol, one.port) == (protocol, port)
            ]
            if protocol == "udp" and (entry.facts.guarantees or entry.facts.cryptography):
                gaps.append(f"how udp/{port} protects what it carries is not examined by program")
                continue
            services.extend(found)
            if entry.facts.ssh is not None:
                accepted.append(dut.network.ssh_settings(host, port))
            elif entry.facts.tls is not None:
                service = next(iter(found), None)
                accepted.append(dut.network.tls(host, port, service=service))
            elif not found:
                gaps.append(f"nothing was found to answer on {protocol}/{port}")
        except Inconclusive as error:
            gaps.append(f"{protocol}/{port}: {error.reason}")
    if entry.facts.direction in ("outgoing", "both") and not entry.facts.peers:
        gaps.append(
            "facts.peers does not say whom the device calls, so that its side as a client was not seen"
        )
    if entry.facts.direction in ("incoming", "both") and not entry.places():
        gaps.append(
            "facts.endpoint does not say where the device answers, so that its side as a server was not seen"
        )
    offered: list[ImpostorObservation] = []
    for peer in entry.facts.peers if entry.facts.tls is not None else ():
        try:
            peer_of(peer)
            offered.append(dut.uplink.impostor(peer, trigger=entry.access.trigger))
        except Inconclusive as error:
            gaps.append(f"as a client of {peer}: {error.reason}")
    return ChannelObservation(tuple(accepted), tuple(services), tuple(offered), tuple(gaps))
