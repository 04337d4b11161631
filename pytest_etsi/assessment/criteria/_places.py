"""Which entries account for what was found on a port, and which may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pytest_etsi.profile import Entry

_Placed = TypeVar("_Placed", bound="Entry[Any, Any]")

__all__ = ["entries_at", "names_unknown_protocol", "why_open"]

_CARRIERS = frozenset({"tcp", "udp", "ip", "ipv4", "ipv6"})
"""What carries a protocol, and says nothing of it."""
_RECOGNISED = frozenset(
    {
        *("http", "https", "grpc", "onvif", "upnp", "websocket", "ws", "wss", "rtsp", "rtsps", "tls"),
        *("ssh", "telnet", "vnc", "ftp", "ftps", "smtp", "pop3", "imap", "mysql"),
        *("mqtt", "mqtts", "coap", "coaps", "modbus", "adb", "smux"),
    }
)
"""What a search for services recognises: something else answers where one of these is documented and not recognised."""


def entries_at(
    entries: Iterable[_Placed], transport: str, port: int, hosts: Collection[str] = ()
) -> tuple[list[_Placed], list[_Placed]]:
    """The entries that say that they answer there, and those of which that cannot be told (`Place.answers`)."""
    certain: list[_Placed] = []
    perhaps: list[_Placed] = []
    for entry in entries:
        answers = [place.answers(transport, port, hosts) for place in entry.places()]
        if True in answers:
            certain.append(entry)
        elif None in answers:
            perhaps.append(entry)
    return certain, perhaps


def names_unknown_protocol(entry: Entry[Any, Any]) -> bool:
    """Whether ``facts.protocol`` says what is spoken, and that is nothing which a search would have recognised."""
    said = str(getattr(entry.facts, "protocol", None) or "").lower()
    words = set(re.findall(r"[a-z][a-z0-9]*", said))
    return bool(words - _CARRIERS) and not words & _RECOGNISED


def why_open(entry: Entry, port: int) -> str:
    """Why it cannot be told whether an entry answers at a port, for a reason."""
    here = [place for place in entry.places() if place.port == port]
    if any(place.transport is None for place in here):
        return f"{entry} names port {port} and does not say whether over TCP or UDP (facts.endpoint)"
    hosts = ", ".join(dict.fromkeys(place.host for place in here if place.host))
    return f"{entry} names port {port} of {hosts}, which is not known to be the device (access.network.hosts)"
