"""What a device tells to searches: by mDNS, SSDP with its descriptions, and WS-Discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes.disclosure._model import Collection
from pytest_etsi.probes.discovery.search import MdnsObservation, SsdpObservation, mdns, ssdp, ws_discovery
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_etsi.probes.disclosure._model import Disclosed
    from pytest_etsi.probes.discovery.search import WsDiscoveryObservation

__all__ = ["DISCOVERY", "from_discovery"]

DISCOVERY: dict[
    int, tuple[str, Callable[..., MdnsObservation | SsdpObservation | WsDiscoveryObservation]]
] = {
    5353: ("mDNS", mdns),
    1900: ("SSDP", ssdp),
    3702: ("WS-Discovery", ws_discovery),
}
"""UDP port -> the kind of discovery that is asked there. Multicast reaches these ports alone."""


def from_discovery(
    seen: MdnsObservation | SsdpObservation | WsDiscoveryObservation, *, own: Iterable[str]
) -> tuple[Disclosed, ...]:
    """What the answers to one question of discovery tell."""
    found = Collection(tuple(own), protocol="udp", port=seen.port)
    if isinstance(seen, MdnsObservation):
        _names(found, seen)
    elif isinstance(seen, SsdpObservation):
        for answer in seen.answers:
            found.add("", "upnp", "Server", answer.server)
            found.add("", "upnp", "ST", answer.target)
            # The name is the device's, as in its description, and behind it once more what was searched for.
            found.add("", "upnp", "UDN", answer.name.partition("::")[0])
            found.add("", "upnp", "Location", answer.location)
            for name, text in answer.headers:
                found.add("", "upnp", name, text)
        for name, text in seen.described:
            found.add("", "upnp", name, text)
    else:
        for match in seen.answers:
            for name, words in (
                ("Types", match.types),
                ("Scopes", match.scopes),
                ("XAddrs", match.addresses),
            ):
                for word in words:
                    found.add("", "ws-discovery", name, word)
    return tuple(found.items.values())


def _names(found: Collection, seen: MdnsObservation) -> None:
    """What the records of mDNS tell: their texts, and the names that only their owners carry."""
    pointed_at = {text.casefold() for _, kind, text in seen.records if kind in {"PTR", "CNAME"}}
    for name, kind, text in seen.records:
        # A TXT record is a key with its value already.
        found.add(printable(name, 120), "mdns", "" if kind == "TXT" else kind, text)
        if kind in {"SRV", "TXT"} and name.casefold() not in pointed_at:
            found.add("", "mdns", "PTR", name)
        elif kind in {"A", "AAAA", "HINFO"}:
            found.add("", "mdns", "host", name)
