"""What a capture shows: flows and what was said in them, without any verdict.

Of flows and what was said a capture holds tens of thousands: they are named tuples, which are made several times faster
than frozen dataclasses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from pytest_etsi.probes.observation import Observation

if TYPE_CHECKING:
    from pytest_etsi.probes.tls.client_hello import ClientHello

__all__ = [
    "QUESTIONS",
    "CanaryHit",
    "CaptureObservation",
    "ConnectionAttempt",
    "DhcpMessage",
    "DnsQuestion",
    "Flow",
    "HttpRequest",
    "MqttConnect",
    "OtherRequest",
    "Protection",
    "Question",
    "SeenClientHello",
    "SeenServerHello",
]  # fmt: skip

Protection = Literal[
    "tls", "dtls", "quic", "ssh", "ipsec", "plain", "unknown-high-entropy", "unknown-low-entropy", "unknown", "empty"
]  # fmt: skip
"""unknown: too little was said to tell; empty: nothing was said; high entropy: encrypted or compressed."""

Question = Literal["contacts", "names", "hellos", "values"]
"""What a capture is asked: with whom hosts talk, which names they look up, what they offer and take in hellos, and
which known values travel in clear."""
QUESTIONS: tuple[Question, ...] = ("contacts", "names", "hellos", "values")


class Flow(NamedTuple):
    """What two ends exchanged by one connection or pair of ports.

    Attributes:
        transport: "tcp", "udp", "icmp", "icmp6", or "ip-" and the number of the protocol.
        client: address of the end that began, as far as the capture shows.
        client_port: 0 where the transport has no ports.
        server: address of the other end.
        server_port: as `client_port`.
        first_s: time of the first packet, in seconds since 1970.
        last_s: of the last one.
        packets: from the client, from the server.
        octets: bytes of IP datagrams from the client, from the server.
        protocol: "tls", "dns", "mqtt", ...; empty: not recognised.
        protection: what protects what is said.
        server_name: the host that the client asked for (TLS, QUIC, HTTP).
        begun: the beginning is in the capture; for TCP its handshake.
        gaps: bytes are missing in its middle, as far as it was looked into.
    """

    transport: str
    client: str
    client_port: int
    server: str
    server_port: int
    first_s: float
    last_s: float
    packets: tuple[int, int]
    octets: tuple[int, int]
    protocol: str
    protection: Protection
    server_name: str = ""
    begun: bool = True
    gaps: bool = False

    def __str__(self) -> str:
        name = f" ({self.server_name})" if self.server_name else ""
        said = self.protocol or self.protection
        return f"{self.client} → {self.transport}/{self.server}:{self.server_port}{name} {said}"


class SeenClientHello(NamedTuple):
    """A ClientHello; `carrier`: "tls", "dtls" or "quic"."""

    at_s: float
    client: str
    server: str
    server_port: int
    carrier: str
    hello: ClientHello


class SeenServerHello(NamedTuple):
    """What a server chose; `group` and `alpn` are empty where it does not say in clear."""

    at_s: float
    client: str
    server: str
    server_port: int
    carrier: str
    version: str
    suite: str
    group: str = ""
    alpn: str = ""


class ConnectionAttempt(NamedTuple):
    """An attempt to connect by TCP; repeated packets of one attempt are not counted again."""

    at_s: float
    client: str
    server: str
    server_port: int
    outcome: Literal["accepted", "refused", "silent"]


class DnsQuestion(NamedTuple):
    """A name that was asked for; `protocol`: "dns", "mdns" or "llmnr"."""

    at_s: float
    client: str
    server: str
    protocol: str
    name: str
    type: str


class HttpRequest(NamedTuple):
    """First request of a connection, in clear; the query and the values of headers are left out.

    Attributes:
        authorization: scheme of the header: "Basic", "Bearer", ...; empty: no such header.
    """

    at_s: float
    client: str
    server: str
    server_port: int
    method: str
    host: str
    path: str
    authorization: str = ""


class MqttConnect(NamedTuple):
    """A CONNECT of MQTT, in clear."""

    at_s: float
    client: str
    server: str
    server_port: int
    version: str
    client_id: str
    username: bool
    password: bool
    will: bool


class DhcpMessage(NamedTuple):
    """A message of DHCP; what it does not hold is empty."""

    at_s: float
    client: str
    type: str
    hostname: str = ""
    vendor_class: str = ""
    server: str = ""
    name_servers: tuple[str, ...] = ()


class OtherRequest(NamedTuple):
    """Another request in clear: CoAP (method and path), NTP (version and mode), STUN (method)."""

    at_s: float
    client: str
    server: str
    server_port: int
    protocol: str
    what: str


class CanaryHit(NamedTuple):
    """A known value that was found in clear; the value itself is not kept.

    Attributes:
        name: of the canary.
        coding: "plain", "base64", "url", "hex", "json" or "utf-16".
        packet: number of the packet in which it ends, counted from 1.
        offset: where it begins: bytes from the beginning of the file, or -1 where it crosses packets.
        source: address that sent it; empty: the packet that holds it could not be read so far.
        destination: address that it was sent to; empty as `source`.
        port: of the server.
    """

    name: str
    coding: str
    packet: int
    offset: int
    transport: str
    source: str
    destination: str
    port: int
    at_s: float


@dataclass(frozen=True, slots=True)
class CaptureObservation(Observation):
    """What a capture shows.

    Attributes:
        file: name of the file.
        packets: number of packets in it.
        first_s: time of the first packet, in seconds since 1970; 0: none has a time.
        last_s: of the last one.
        hosts: addresses of the device.
        complete: the capture was read whole and, as far as it says so, nothing is missing in it.
        missing: what is missing, one sentence each.
        unread: packets that were not read to their end, by reason; also those that carry no IP by their nature,
            which leave nothing open.
        names: address -> the names that led to it.
        canaries: names of the values that were searched.
        concerns: a sentence of `missing` -> the questions that it leaves open; one that is not here leaves all open.
    """

    file: str
    packets: int
    first_s: float
    last_s: float
    hosts: tuple[str, ...]
    complete: bool
    missing: tuple[str, ...]
    unread: dict[str, int]
    flows: tuple[Flow, ...]
    names: dict[str, tuple[str, ...]]
    client_hellos: tuple[SeenClientHello, ...] = ()
    server_hellos: tuple[SeenServerHello, ...] = ()
    attempts: tuple[ConnectionAttempt, ...] = ()
    dns: tuple[DnsQuestion, ...] = ()
    dhcp: tuple[DhcpMessage, ...] = ()
    http: tuple[HttpRequest, ...] = ()
    mqtt: tuple[MqttConnect, ...] = ()
    requests: tuple[OtherRequest, ...] = ()
    canaries: tuple[str, ...] = ()
    canary_hits: tuple[CanaryHit, ...] = field(default=())
    concerns: dict[str, tuple[Question, ...]] = field(default_factory=dict)

    @property
    def of_device(self) -> tuple[Flow, ...]:
        """The flows in which the device takes part."""
        return tuple(flow for flow in self.flows if flow.client in self.hosts or flow.server in self.hosts)

    @property
    def outgoing(self) -> tuple[Flow, ...]:
        """The flows that the device began."""
        return tuple(flow for flow in self.flows if flow.client in self.hosts)

    def missing_for(self, question: Question) -> tuple[str, ...]:
        """What is missing that could have answered a question, one sentence each."""
        return tuple(gap for gap in self.missing if question in self.concerns.get(gap, QUESTIONS))

    def called(self, address: str) -> tuple[str, ...]:
        """The names by which an address was reached."""
        return self.names.get(address, ())
