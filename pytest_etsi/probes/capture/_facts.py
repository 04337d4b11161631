"""Everything that is found in a capture, bounded."""

from __future__ import annotations

import socket
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from pytest_etsi.probes.discovery import _dns

if TYPE_CHECKING:
    from pytest_etsi.probes.capture._account import Account
    from pytest_etsi.probes.capture._model import (
        CanaryHit,
        DhcpMessage,
        DnsQuestion,
        HttpRequest,
        MqttConnect,
        OtherRequest,
        SeenClientHello,
        SeenServerHello,
    )
    from pytest_etsi.probes.needles import Needles

__all__ = ["Facts", "address", "dns_message"]

_MOST_FACTS = 20_000

_Fact = TypeVar("_Fact")


@lru_cache(maxsize=65_536)
def address(packed: bytes) -> str:
    """An address as text."""
    if len(packed) == 4:
        return socket.inet_ntop(socket.AF_INET, packed)
    return socket.inet_ntop(socket.AF_INET6, packed) if len(packed) == 16 else ""


@lru_cache(maxsize=4096)
def dns_message(after_identifier: bytes) -> _dns.Message | None:
    """A message of DNS; a device asks for few names, and each time in the same words."""
    return _dns.parse(b"\0\0" + after_identifier)


class Facts:
    """Everything that is found in a capture, bounded.

    Args:
        needles: known values.
        account: of what is not understood.

    Attributes:
        full: something was left out.
        packet: number of the packet that is read, counted from 1.
    """

    def __init__(self, needles: Needles, account: Account) -> None:
        self.needles = needles
        self.account = account
        self.client_hellos: list[SeenClientHello] = []
        self.server_hellos: list[SeenServerHello] = []
        self.dns: list[DnsQuestion] = []
        self.dhcp: list[DhcpMessage] = []
        self.http: list[HttpRequest] = []
        self.mqtt: list[MqttConnect] = []
        self.requests: list[OtherRequest] = []
        self.hits: list[CanaryHit] = []
        self.names: dict[str, dict[str, None]] = {}
        self.full = False
        self.packet = 0

    def keep(self, where: list[_Fact], fact: _Fact) -> None:
        """Add to one of the lists, unless it is full."""
        if len(where) < _MOST_FACTS:
            where.append(fact)
        else:
            self.full = True

    def named(self, packed: str, name: str) -> None:
        """Remember that a name led to an address."""
        if not name or name in self.names.get(packed, ()):
            return
        if packed in self.names or len(self.names) < _MOST_FACTS:
            self.names.setdefault(packed, {})[name.rstrip(".").lower()] = None
        else:
            self.full = True
