"""Discovery: what a device announces by mDNS/DNS-SD, SSDP/UPnP and WS-Discovery, asked of its own address.

Every question goes by unicast to the device's address and port, and only answers from there count. An address in an
answer that is another's is noted and never asked.
"""

from __future__ import annotations

import os
import re
import socket
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from pytest_etsi.probes._net import Deadline, url_host, why
from pytest_etsi.probes._xml import XmlError, elements
from pytest_etsi.probes.discovery import _dns
from pytest_etsi.probes.http.client import bounded_client
from pytest_etsi.probes.observation import Observation, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "MdnsObservation", "SsdpAnswer", "SsdpObservation", "WsAnswer", "WsDiscoveryObservation", "mdns", "ssdp",
    "ws_discovery",
]  # fmt: skip

_MAX_ANSWERS = 60
_MAX_DATAGRAM = 65536
_MAX_SERVICES = 40
_ENUMERATION = "_services._dns-sd._udp.local"
_PROBE = (
    '<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header>'
    "<w:MessageID>uuid:{id}</w:MessageID><w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>"
    "<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>"
    "<e:Body><d:Probe/></e:Body></e:Envelope>"
)


@dataclass(frozen=True, slots=True)
class MdnsObservation(Observation):
    """What a device tells by mDNS (RFC 6762) and DNS-SD (RFC 6763).

    Attributes:
        host: as asked for.
        port: UDP port.
        answered: an mDNS answer came.
        services: kinds of service: "_http._tcp.local".
        records: (name, type, text) of every record: PTR, SRV, TXT, A, AAAA, HINFO.
        error: why nothing could be asked.
    """

    host: str
    port: int
    answered: bool = False
    services: tuple[str, ...] = ()
    records: tuple[tuple[str, str, str], ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class SsdpAnswer(Observation):
    """One answer to M-SEARCH: its type, name, software and where it is described."""

    target: str
    name: str
    server: str
    location: str


@dataclass(frozen=True, slots=True)
class SsdpObservation(Observation):
    """What a device tells by SSDP and in its UPnP descriptions.

    Attributes:
        host: as asked for.
        port: UDP port.
        answers: each once.
        described: (element, text) of the descriptions: friendlyName, modelNumber, serialNumber ...
        elsewhere: locations at other hosts, which were not fetched.
        error: why something could not be read.
    """

    host: str
    port: int
    answers: tuple[SsdpAnswer, ...] = ()
    described: tuple[tuple[str, str], ...] = ()
    elsewhere: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class WsAnswer(Observation):
    """One match: the types, scopes and addresses that the device names."""

    types: tuple[str, ...]
    scopes: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WsDiscoveryObservation(Observation):
    """What a device tells by WS-Discovery."""

    host: str
    port: int
    answers: tuple[WsAnswer, ...] = ()
    error: str = ""


def _ask(host: str, port: int, request: bytes, timeout_s: float) -> Iterator[bytes]:
    """Send one datagram and give what the device answers from any of its ports until the time is up.

    Raises:
        OSError: the name does not resolve, or nothing can be sent.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.sendto(request, address)
        deadline = Deadline(timeout_s)
        for _ in range(_MAX_ANSWERS):
            client.settimeout(max(0.001, deadline.left()))
            try:
                answer, sender = client.recvfrom(_MAX_DATAGRAM)
            except TimeoutError:
                return
            if sender[0] == address[0]:
                yield answer
            if deadline.expired:
                return


def mdns(host: str, *, port: int = 5353, timeout_s: float = 1.0) -> MdnsObservation:
    """Ask for all kinds of service, then for each its instances, and for each of them its details.

    Args:
        host: name or address of the device.
        port: UDP port.
        timeout_s: seconds to wait for the answers to one question.
    """
    records: dict[tuple[str, str, str], None] = {}
    answered = False
    asked: set[tuple[str, str]] = set()
    waiting = [(_ENUMERATION, "PTR")]
    try:
        while waiting and len(asked) < _MAX_SERVICES:
            question = waiting.pop(0)
            if question in asked:
                continue
            asked.add(question)
            identifier = int.from_bytes(os.urandom(2), "big")
            for data in _ask(host, port, _dns.query(*question, identifier=identifier), timeout_s):
                found = _dns.parse(data)
                if found is None or found.identifier not in {0, identifier} or not found.response:
                    continue
                answered = True
                for record in found.records:
                    records.setdefault(record, None)
                    name, kind, text = record
                    if kind == "PTR" and name == _ENUMERATION:
                        waiting.append((text, "PTR"))
                    elif kind == "PTR":
                        waiting.extend([(text, "TXT"), (text, "SRV")])
                break  # one datagram answers a question asked by unicast
            if not answered:
                break
    except OSError as error:
        return MdnsObservation(host, port, error=why(error))
    services = tuple(
        dict.fromkeys(text for name, kind, text in records if name == _ENUMERATION and kind == "PTR")
    )
    return MdnsObservation(host, port, answered, services, tuple(records)[:400])


def ssdp(host: str, *, port: int = 1900, timeout_s: float = 1.0, describe: bool = True) -> SsdpObservation:
    """Search for everything (UPnP Device Architecture 1.1, 1.3.2), and fetch the descriptions at this host.

    Args:
        host: name or address of the device.
        port: UDP port.
        timeout_s: seconds to wait for answers.
        describe: fetch the descriptions.
    """
    request = (
        f'M-SEARCH * HTTP/1.1\r\nHOST: {url_host(host)}:{port}\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n'
    ).encode()
    answers: dict[SsdpAnswer, None] = {}
    try:
        for data in _ask(host, port, request, timeout_s):
            answer = parse_ssdp(data)
            if answer is not None:
                answers.setdefault(answer, None)
    except OSError as error:
        return SsdpObservation(host, port, error=why(error))
    locations = tuple(dict.fromkeys(one.location for one in answers if one.location))
    own = [one for one in locations if _is_at(one, host)]
    elsewhere = tuple(one for one in locations if one not in own)
    described: dict[tuple[str, str], None] = {}
    problems = []
    for location in own[:5] if describe else ():
        try:
            for element in _described(location, host, timeout_s):
                described.setdefault(element, None)
        except (httpx.HTTPError, httpx.InvalidURL, XmlError, ValueError) as error:
            problems.append(f"{printable(location, 120)}: {printable(str(error), 120)}")
    return SsdpObservation(host, port, tuple(answers), tuple(described)[:400], elsewhere, "; ".join(problems))


def parse_ssdp(data: bytes) -> SsdpAnswer | None:
    """One answer to M-SEARCH; None: it is none."""
    head = data.split(b"\r\n\r\n")[0].split(b"\r\n")
    if not re.match(rb"HTTP/1\.[01] 200\b", head[0]):
        return None
    headers: dict[bytes, str] = {}
    for line in head[1:60]:
        name, colon, value = line.partition(b":")
        if colon:
            headers.setdefault(name.strip().lower(), printable(value.strip(), 300))
    if b"st" not in headers and b"usn" not in headers:
        return None
    return SsdpAnswer(
        headers.get(b"st", ""),
        headers.get(b"usn", ""),
        headers.get(b"server", ""),
        headers.get(b"location", ""),
    )


def _is_at(location: str, host: str) -> bool:
    try:
        parts = urlsplit(location)
        return parts.scheme in {"http", "https"} and parts.hostname == host.strip("[]").lower()
    except ValueError:
        return False


def _described(location: str, host: str, timeout_s: float) -> Iterator[tuple[str, str]]:
    with bounded_client([host], timeout_s=max(1.0, timeout_s), deadline_s=5.0, max_body=256 * 1024) as client:
        response = client.get(location)
    for name, text in elements(response.content):
        yield name, printable(text, 300)


def ws_discovery(host: str, *, port: int = 3702, timeout_s: float = 1.0) -> WsDiscoveryObservation:
    """Send a Probe for everything (WS-Discovery 1.0, 5.2).

    Args:
        host: name or address of the device.
        port: UDP port.
        timeout_s: seconds to wait for answers.
    """
    identifier = str(uuid.uuid4())
    found: dict[WsAnswer, None] = {}
    try:
        for data in _ask(host, port, _PROBE.format(id=identifier).encode(), timeout_s):
            # Relates to our question: whatever else arrives is no answer.
            if identifier.encode() not in data or b"ProbeMatch" not in data:
                continue
            try:
                parts = list(elements(data))
            except XmlError:
                continue
            named = {
                wanted: tuple(
                    word for name, text in parts if name == wanted for word in printable(text, 2000).split()
                )
                for wanted in ("Types", "Scopes", "XAddrs")
            }
            found.setdefault(WsAnswer(named["Types"], named["Scopes"], named["XAddrs"]), None)
    except OSError as error:
        return WsDiscoveryObservation(host, port, error=why(error))
    return WsDiscoveryObservation(host, port, tuple(found))
