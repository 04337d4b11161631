"""Where an entry of the IXIT answers: host, port, transport, protocol and path, and what counts where it is silent."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

    from pytest_etsi.profile._types import Endpoint

__all__ = ["Place", "Transport", "Usual", "normal_host", "place_of_url", "places_of", "usual"]

Transport = Literal["tcp", "udp"]


class Usual(NamedTuple):
    """Where a protocol is usually met."""

    port: int
    transport: Transport


_USUAL = {
    "http": Usual(80, "tcp"),
    "https": Usual(443, "tcp"),
    "ws": Usual(80, "tcp"),
    "wss": Usual(443, "tcp"),
    "ssh": Usual(22, "tcp"),
    "sftp": Usual(22, "tcp"),
    "telnet": Usual(23, "tcp"),
    "ftp": Usual(21, "tcp"),
    "ftps": Usual(990, "tcp"),
    "mqtt": Usual(1883, "tcp"),
    "mqtts": Usual(8883, "tcp"),
    "rtsp": Usual(554, "tcp"),
    "rtsps": Usual(322, "tcp"),
    "modbus": Usual(502, "tcp"),
    "coap": Usual(5683, "udp"),
    "coaps": Usual(5684, "udp"),
    "mdns": Usual(5353, "udp"),
    "ntp": Usual(123, "udp"),
    "quic": Usual(443, "udp"),
    "snmp": Usual(161, "udp"),
    "ssdp": Usual(1900, "udp"),
    "tftp": Usual(69, "udp"),
}
"""Protocol -> its port and transport in the registry of service names (IANA, RFC 6335), where it has one of each."""
_TRANSPORTS: dict[str, Transport] = {"tcp": "tcp", "udp": "udp", "dtls": "udp"}
"""Words that name a transport by themselves."""
_PROTOCOL_OF = {
    "https-form": "http",
    "http-json": "http",
    "http-steps": "http",
    "http-basic": "http",
    "http-digest": "http",
    "ssh": "ssh",
    "telnet": "telnet",
    "mqtt": "mqtt",
    "rtsp": "rtsp",
}
"""Driver of a login -> what it speaks; a project's own driver may speak anything."""
_HAVE_AN_ADDRESS = frozenset({"http"})
"""Protocols whose driver is given a URL, and is nowhere without one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A port at which the documents say that something answers.

    Attributes:
        port: 1 to 65535.
        transport: "tcp" or "udp"; None: the documents do not say, and what they say does not decide it.
        host: as written; None: the device, at whichever of its addresses.
        protocol: what is spoken there, as far as it is said: "https", "ssh", "mqtt" ...; "" where it is not.
        path: of a URL; "" without one.
    """

    port: int
    transport: Transport | None
    host: str | None = None
    protocol: str = ""
    path: str = ""

    @property
    def where(self) -> tuple[Transport | None, int]:
        """Transport and port, by which services are told apart."""
        return self.transport, self.port

    def answers(self, transport: str, port: int, hosts: Collection[str] = ()) -> bool | None:
        """Whether it is here that something was found to answer.

        Args:
            transport: "tcp" or "udp".
            port: where it was found.
            hosts: the names and addresses of the device, by `normal_host`; empty: not compared.

        Returns:
            None where that cannot be told, because the documents do not say the transport, or name a host that is not
            known to be the device: then what was found is neither accounted for nor undocumented.
        """
        if port != self.port or self.transport not in (None, transport):
            return False
        if self.transport is None or (self.host and hosts and normal_host(self.host) not in hosts):
            return None
        return True

    def __str__(self) -> str:
        """``tcp/443``; ``port 443`` where the transport is not said."""
        return f"{self.transport}/{self.port}" if self.transport else f"port {self.port}"


def normal_host(host: str) -> str:
    """A host name or address in the one way of writing it that can be compared."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return host.lower()


def usual(protocol: str, *, secure: bool = False) -> Usual | None:
    """Port and transport of a protocol or URL scheme, in small letters; None: it has no usual ones.

    Args:
        protocol: "https", "mqtt", "coap" ...
        secure: it is spoken within TLS, which has a port of its own for many protocols.
    """
    within = _USUAL.get(protocol + "s") if secure else None
    return within or _USUAL.get(protocol)


def place_of_url(url: str) -> Place:
    """Where a URL leads.

    Raises:
        ValueError: its scheme has no usual port, and it names none; or its port is no number.
    """
    parts = urlsplit(url)
    known = usual(parts.scheme)
    port = parts.port or (known.port if known else None)
    if port is None:
        raise ValueError(f"{url} names no port, and {parts.scheme!r} has no usual one")
    return Place(port, known.transport if known else None, parts.hostname, parts.scheme, parts.path or "/")


def places_of(facts: object, access: object) -> tuple[Place, ...]:
    """Where the facts and the access part of an entry say that the device answers, best known first.

    - ``access.url`` says all; ``access.port`` a port, with ``access.host``; ``facts.endpoint`` ports and transports of
      the device, unless it names a host.
    - The transport of ``access.port`` is that of an endpoint with the same number; else that of the driver; else that
      of ``facts.ssh`` or ``facts.protocol``. Where all these are silent, or speak of both, it is None.
    - A login of SSH, telnet, MQTT or RTSP that names no port at all is met at the usual one of its protocol, which
      ``facts.tls`` moves to that of the protocol within TLS. A protocol in facts without a port places nothing.
    - What a mechanism merely calls (``facts.direction: outgoing``) is not a place of the device, but for its endpoints.
    """
    endpoints: tuple[Endpoint, ...] = getattr(facts, "endpoint", ())
    host = getattr(access, "host", None)
    protocol = _login_protocol(facts, access)
    known = usual(protocol, secure=getattr(facts, "tls", None) is not None)
    called = getattr(facts, "direction", None) == "outgoing"
    found: list[Place] = []
    if (port := getattr(access, "port", None)) and not called:
        spoken = known.transport if known else _spoken_over(facts)
        said: list[Transport | None] = [one.protocol for one in endpoints if one.port == port]
        found += [Place(port, transport, host, protocol) for transport in said or [spoken]]
    # The usual port first, where a program has to choose one of several.
    for one in sorted(endpoints, key=lambda one: known is None or one.port != known.port):
        found.append(Place(one.port, one.protocol, one.host, protocol))
    by_address = not known or protocol in _HAVE_AN_ADDRESS
    if known and not by_address and not found:
        found.append(Place(known.port, known.transport, host, protocol))
    steps = getattr(access, "steps", ())
    if (url := getattr(access, "url", None) or (steps[-1].url if steps else None)) and not called:
        found.insert(0 if by_address else len(found), place_of_url(url))
    return tuple(dict.fromkeys(found))


def _login_protocol(facts: object, access: object) -> str:
    """What a login speaks; "" where that is not said, and for what is no login."""
    if not hasattr(access, "driver"):
        return ""
    return _PROTOCOL_OF.get(access.driver or "", "ssh" if getattr(facts, "ssh", None) is not None else "")


def _spoken_over(facts: object) -> Transport | None:
    """The transport that facts decide; None: they are silent, or speak of both."""
    if getattr(facts, "ssh", None) is not None:
        return "tcp"
    said = str(getattr(facts, "protocol", None) or "").lower().replace("http/3", "quic")
    words = set(re.findall(r"[a-z][a-z0-9]*", said))
    # What is said goes before what is usual: CoAP over TCP.
    named = {_TRANSPORTS[word] for word in words & _TRANSPORTS.keys()}
    named = named or {_USUAL[word].transport for word in words & _USUAL.keys()}
    return named.pop() if len(named) == 1 else None
