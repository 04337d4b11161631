"""Discovery: what a device announces by mDNS/DNS-SD, SSDP/UPnP and WS-Discovery, asked of its own address.

Every question goes by unicast to the device's address and port, and only answers from there count. An address in an
answer that is another's is noted and never asked.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from pytest_etsi import bounds
from pytest_etsi.probes._net import why
from pytest_etsi.probes._xml import XmlError, elements
from pytest_etsi.probes.discovery._datagrams import ask
from pytest_etsi.probes.discovery._mdns import MdnsObservation, mdns
from pytest_etsi.probes.discovery._ssdp import SsdpAnswer, SsdpObservation, parse_ssdp, ssdp
from pytest_etsi.probes.observation import Observation, printable

__all__ = [
    "MdnsObservation", "SsdpAnswer", "SsdpObservation", "WsAnswer", "WsDiscoveryObservation", "mdns", "parse_ssdp",
    "ssdp", "ws_discovery",
]  # fmt: skip

_PROBE = (
    '<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header>'
    "<w:MessageID>uuid:{id}</w:MessageID><w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>"
    "<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>"
    "<e:Body><d:Probe/></e:Body></e:Envelope>"
)


@dataclass(frozen=True, slots=True)
class WsAnswer(Observation):
    """One match: the types, scopes and addresses that the device names."""

    types: tuple[str, ...]
    scopes: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WsDiscoveryObservation(Observation):
    """What a device tells by WS-Discovery.

    Attributes:
        host: as asked for.
        port: UDP port.
        answers: each once.
        error: why nothing could be asked.
        gaps: what could not be asked or read, a sentence each.
    """

    host: str
    port: int
    answers: tuple[WsAnswer, ...] = ()
    error: str = ""
    gaps: tuple[str, ...] = ()


def ws_discovery(
    host: str,
    *,
    port: int = 3702,
    timeout_s: float = bounds.WS_DISCOVERY.step_s,
    expected: bool = False,
    whole: bool = True,
) -> WsDiscoveryObservation:
    """Send a Probe for everything (WS-Discovery 1.0, 5.2), twice: a datagram may be lost.

    Args:
        host: name or address of the device.
        port: UDP port.
        timeout_s: seconds to wait for answers.
        expected: something is known to answer there, so that silence is a gap.
        whole: ask again until nothing new comes; otherwise only whether it answers.
    """
    found: dict[WsAnswer, None] = {}
    gaps: list[str] = []
    try:
        for turn in range(4 if whole else 1):
            before = len(found)
            answered = _matches(host, port, timeout_s, found, gaps)
            if before and not answered:
                gaps.append("a Probe was answered once, and not again")
            if turn and before == len(found):
                break
    except OSError as error:
        gaps.append(f"WS-Discovery could not be asked: {why(error)}")
        return WsDiscoveryObservation(host, port, error=why(error), gaps=tuple(gaps))
    if expected and not found:
        gaps.append("WS-Discovery is documented or was seen there, and no Probe was answered")
    return WsDiscoveryObservation(host, port, tuple(found), gaps=tuple(dict.fromkeys(gaps)))


def _matches(host: str, port: int, timeout_s: float, found: dict[WsAnswer, None], gaps: list[str]) -> bool:
    """Ask once, and keep the matches; gives whether there was one."""
    identifier = str(uuid.uuid4())
    request = _PROBE.format(id=identifier).encode()
    answered = False
    for data in ask(host, port, [request], timeout_s=timeout_s).answers:
        # Relates to our question: whatever else arrives is no answer.
        if data == request or identifier.encode() not in data or b"ProbeMatch" not in data:
            continue
        answered = True
        try:
            parts = list(elements(data))
        except XmlError as error:
            gaps.append(f"a match of {len(data)} bytes could not be read: {printable(str(error), 120)}")
            continue
        named = {
            wanted: tuple(
                word for name, text in parts if name == wanted for word in printable(text, 2000).split()
            )
            for wanted in ("Types", "Scopes", "XAddrs")
        }
        found.setdefault(WsAnswer(named["Types"], named["Scopes"], named["XAddrs"]), None)
    return answered
