"""At which ports the documents say that the device answers, which a search asks first and has to meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_etsi.profile.places import normal_host
from pytest_etsi.profile.unread import drafts_will_do

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile import Entry, Profile

__all__ = ["DocumentedPorts", "documented_ports"]


class DocumentedPorts(NamedTuple):
    """Ports that entries of the IXIT name.

    Attributes:
        tcp: over TCP, or over what the documents do not say.
        udp: over UDP, or over what the documents do not say.
        expected: those over TCP at which something answers in the initialized state, by an entry that is not said to be
            off, local, or for another state.
        expected_udp: those over UDP.
    """

    tcp: tuple[int, ...]
    udp: tuple[int, ...]
    expected: tuple[int, ...]
    expected_udp: tuple[int, ...]


def documented_ports(profile: Profile) -> DocumentedPorts:
    """The ports that the entries of all tables name for the device itself."""
    access = profile.access.network
    own = {normal_host(host) for host in access.hosts} if access is not None else set()
    tcp: list[int] = []
    udp: list[int] = []
    expected: dict[str | None, list[int]] = {"tcp": [], "udp": [], None: []}
    with drafts_will_do():  # a search asks them beside all others, and has to meet what it is told
        places = [(place, _is_on(entry)) for entry in _entries(profile) for place in entry.places()]
    for place, on in places:
        if place.host and normal_host(place.host) not in own:
            continue
        if place.transport != "udp":
            tcp.append(place.port)
        if place.transport != "tcp":
            udp.append(place.port)
        if on:
            expected[place.transport].append(place.port)
    found = (tcp, udp, expected["tcp"], expected["udp"])
    return DocumentedPorts(*(tuple(dict.fromkeys(ports)) for ports in found))


def _entries(profile: Profile) -> Iterator[Entry[Any, Any]]:
    ixit = profile.ixit
    yield from (*ixit.auth_mech, *ixit.com_mech, *ixit.soft_serv, *ixit.intf, *ixit.ext_api)


def _is_on(entry: Entry[Any, Any]) -> bool:
    """Whether nothing in the documents speaks against its answering in the initialized state."""
    facts = entry.facts
    states = getattr(facts, "states", ())
    off = (
        getattr(facts, "enabled", None) is False
        or getattr(facts, "network", None) is False
        or getattr(facts, "default", None) in ("disabled", "permanently-disabled")
        or getattr(facts, "interface", None) == "local"
        or getattr(facts, "direction", None) == "outgoing"
        or (states and "initialized" not in states)
    )
    return not off and not ("Status" in entry and "disabled" in entry["Status"].lower())
