"""The device on the network: its addresses, clients bound to them, and what asks for credentials there."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    import paramiko

    from pytest_etsi.dut.device import Dut
    from pytest_etsi.probes.nmap import NmapObservation
    from pytest_etsi.probes.ports import PortScan
    from pytest_etsi.probes.services import Service
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation
    from pytest_etsi.probes.udp import UdpAnswer, UdpScan

__all__ = ["Network", "ServiceSearch"]

_SCAN_DEADLINE_S = 900.0
_IDENTIFY_TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True)
class ServiceSearch:
    """The result of looking for services on every address of the device.

    Attributes:
        services: one per open port.
        scans: one per address.
        because: why ports were left out of the search, as the profile says; empty: none were.
        udp_scans: what was asked over UDP, one per address.
        second: what nmap says of the open TCP ports, where it was asked.
    """

    services: tuple[Service, ...]
    scans: tuple[PortScan, ...]
    because: str = ""
    udp_scans: tuple[UdpScan, ...] = ()
    second: tuple[NmapObservation, ...] = ()

    @property
    def complete(self) -> bool:
        """Every port that can belong to the device was asked and answered or was asked again."""
        searched = all(scan.complete for scan in self.scans) and all(scan.complete for scan in self.udp_scans)
        return bool(self.scans) and searched and not self.silent

    @property
    def silent(self) -> tuple[str, ...]:
        """Addresses that gave no answer at all: a device that is switched off has no open port either."""
        return tuple(scan.host for scan in self.scans if not scan.answered)

    @property
    def asking(self) -> tuple[Service, ...]:
        """Services that ask for credentials."""
        return tuple(service for service in self.services if service.challenges)

    @property
    def unidentified(self) -> tuple[Service, ...]:
        """Services of which it could not be told whether they ask for credentials."""
        return tuple(
            service for service in self.services if service.kind == "unknown" and not service.challenges
        )

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where nmap, if it was asked, recognises another service."""
        from pytest_etsi.probes.nmap import disagreements

        return disagreements(self.services, self.second)

    def __str__(self) -> str:
        """What was searched, for the record."""
        ports = sum(scan.ports_scanned for scan in self.scans)
        hosts = ", ".join(scan.host for scan in self.scans)
        limit = f" (only these, because {self.because})" if self.because else ""
        asked = sum(scan.asked for scan in self.udp_scans)
        udp = f" and {asked} UDP ports" if asked else ""
        silent = f"; no answer at all from {', '.join(self.silent)}" if self.silent else ""
        return (
            f"{ports} TCP ports{udp} on {hosts}{limit}: {len(self.services)} open, "
            f"{len(self.asking)} asking for credentials{silent}{self._second_opinion()}"
        )

    def _second_opinion(self) -> str:
        if not self.second:
            return ""
        version = self.second[0].version or "not heard"
        differ = "; ".join(self.disagreements)
        failed = "; ".join(one.error for one in self.second if one.error)
        return f"; nmap {version}: {differ or failed or 'no disagreement'}"

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            "complete": self.complete,
            "because": self.because,
            "scans": [scan.to_json() for scan in self.scans],
            "services": [service.to_json() for service in self.services],
            "udp_scans": [scan.to_json() for scan in self.udp_scans],
            "nmap": [{"version": one.version, "error": one.error} for one in self.second],
            "disagreements": list(self.disagreements),
        }


class Network:
    """Reaches the device over the network, and only the hosts that the profile names."""

    def __init__(self, dut: Dut) -> None:
        self._dut = dut
        self._access = dut.profile.access.network

    @property
    def hosts(self) -> tuple[str, ...]:
        """Addresses or names of the device, as the profile gives them.

        Raises:
            Inconclusive: the profile gives no network access.
        """
        if self._access is None or not self._access.hosts:
            inconclusive(
                "the profile gives no network access to the device",
                cause=Cause.ACCESS,
                settle="name the device's addresses under access.network.hosts",
            )
        return tuple(self._access.hosts)

    def host(self, name: str | None = None) -> str:
        """`name` if it is one of the device's hosts, or the first of them.

        Raises:
            Inconclusive: `name` is not a host of the device.
        """
        hosts = self.hosts
        if name is None:
            return hosts[0]
        if _normal(name) not in map(_normal, hosts):
            inconclusive(
                f"{name} is not an address of the device",
                cause=Cause.INFORMATION,
                settle=f"use one of access.network.hosts ({', '.join(hosts)}) or add it there",
            )
        return name

    @property
    def ports(self) -> tuple[int, ...]:
        """The TCP ports that can belong to the device."""
        self.hosts  # noqa: B018 - raises where there is no network access
        ranges = self._access.port_ranges() if self._access is not None else ()
        return tuple(port for low, high in ranges for port in range(low, high + 1))

    def http(self, *, source_address: str | None = None, verify: bool = False) -> httpx.Client:
        """An HTTP client that refuses every host but the device's own; close it after use.

        Args:
            source_address: local address to connect from.
            verify: check the certificate, against ``access.network.ca`` where given; devices mostly sign their own.
        """
        return self._client(self.hosts, source_address=source_address, verify=verify)

    def documents(self) -> httpx.Client:
        """An HTTP client for the manufacturer's published documents, bound to ``documents_hosts``."""
        allowed = tuple(self._access.documents_hosts) if self._access is not None else ()
        if not allowed:
            inconclusive(
                "the profile allows no host from which published documents may be fetched",
                cause=Cause.ACCESS,
                settle="name the manufacturer's web hosts under access.network.documents_hosts",
            )
        return self._client(allowed, verify=True)

    def bench_http(self) -> httpx.Client:
        """An HTTP client for operations: bound to the device and to ``access.bench_hosts``."""
        own = self._access.hosts if self._access is not None else ()
        return self._client((*own, *self._dut.profile.access.bench_hosts), verify=False)

    def ssh(self, *, port: int = 22, host: str | None = None) -> paramiko.Transport:
        """An SSH transport to the device, negotiated but not authenticated; close it after use."""
        import paramiko

        connection = socket.create_connection((self.host(host), port), timeout=_IDENTIFY_TIMEOUT_S)
        transport = None
        try:
            transport = paramiko.Transport(connection)
            transport.start_client(timeout=10.0)
        except BaseException:
            (transport or connection).close()
            raise
        return transport

    @cached_property
    def _search(self) -> ServiceSearch:
        return self._search_now()

    def _search_now(self) -> ServiceSearch:
        from pytest_etsi.probes.ports import ALL_PORTS, scan_tcp
        from pytest_etsi.probes.services import identify
        from pytest_etsi.probes.udp import scan_udp

        rate = (self._access.rate if self._access is not None else 0) or None
        scans = tuple(
            scan_tcp(host, self.ports, rate=rate, deadline_s=_SCAN_DEADLINE_S) for host in self.hosts
        )
        users = tuple(self._usernames())
        services = tuple(
            identify(scan.host, port, timeout_s=_IDENTIFY_TIMEOUT_S, usernames=users)
            for scan in scans
            for port in scan.open
        )
        own = None if len(self.ports) == len(ALL_PORTS) else self.ports
        udp = tuple(scan_udp(host, own, rate=rate) for host in self.hosts)
        answering = tuple(_udp_service(scan, answer) for scan in udp for answer in scan.answers)
        because = self._access.ports_because if self._access is not None else None
        return ServiceSearch((*services, *answering), scans, because or "", udp, self._second_opinions(scans))

    def _second_opinions(self, scans: tuple[PortScan, ...]) -> tuple[NmapObservation, ...]:
        if not self._dut.nmap:
            return ()
        from pytest_etsi.probes.nmap import second_opinion

        return tuple(second_opinion(scan.host, scan.open) for scan in scans if scan.open)

    def _usernames(self) -> Iterator[str]:
        """The users that the documents know, and the one that nearly every device has."""
        yield "root"
        for entry in self._dut.profile.ixit.table("1-AuthMech"):
            if entry.access.username:
                yield entry.access.username

    def services(self) -> ServiceSearch:
        """Every TCP service of the device, and the UDP services that answer.

        Searched once in a run, and kept as evidence of each unit that asks.

        Raises:
            Inconclusive: no network access (``access``), the search was cut short, or an address of the device gave no
                answer on any port (``bench``).
        """
        self.hosts  # noqa: B018 - raises where there is no network access
        return self._complete(self._search, "services")

    def services_now(self, name: str) -> ServiceSearch:
        """As `services`, but searched anew, for a device that is in another state; kept as evidence under `name`."""
        self.hosts  # noqa: B018 - raises where there is no network access
        return self._complete(self._search_now(), name)

    def _complete(self, search: ServiceSearch, name: str) -> ServiceSearch:
        self._dut.recorder.observed(name, search)
        for opinion in search.second:
            self._dut.recorder.observed("nmap", opinion)
        if not search.complete:
            inconclusive(
                f"the search for services is not complete: {search}",
                cause=Cause.BENCH,
                settle="let the scan finish: check that the device is on and linked, or slow the scan down by "
                "access.network.rate",
            )
        return search

    def tls(self, host: str, port: int) -> TlsObservation:
        """Protocol versions, cipher suites and certificate of an endpoint of the device."""
        from pytest_etsi.probes.tls import enumerate_tls

        observation = enumerate_tls(self.host(host), port)
        self._dut.recorder.observed(f"tls-{port}", observation)
        return observation

    def ssh_settings(self, host: str, port: int) -> SshObservation:
        """Algorithms that an SSH endpoint of the device offers."""
        from pytest_etsi.probes.ssh import enumerate_ssh

        observation = enumerate_ssh(self.host(host), port)
        self._dut.recorder.observed(f"ssh-{port}", observation)
        return observation

    def endpoint_of(self, url: str) -> tuple[str, int]:
        """Host and port of a URL of the device.

        Raises:
            Inconclusive: the host is not one of the device's.
        """
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return self.host(parts.hostname), port

    def other_source(self) -> str | None:
        """Another local address to connect from; None: the machine has none towards the device."""
        declared = tuple(self._access.source_addresses) if self._access is not None else ()
        if declared:
            return declared[0]
        try:
            address = ipaddress.ip_address(self.hosts[0])
        except ValueError:
            return None
        # Every address of 127.0.0.0/8 is local on Linux; elsewhere only the first is.
        if address.version == 4 and address.is_loopback and _can_bind("127.77.7.7"):
            return "127.77.7.7"
        return None

    def _client(
        self, allowed: tuple[str, ...], *, source_address: str | None = None, verify: bool = False
    ) -> httpx.Client:
        from pytest_etsi.probes.http import bounded_client

        ca = self._access.ca if self._access is not None else None
        return bounded_client(
            allowed, verify=(str(ca) if ca else True) if verify else False, source=source_address
        )


def _udp_service(scan: UdpScan, answer: UdpAnswer) -> Service:
    """What answers on a UDP port, as a service."""
    from pytest_etsi.probes.services import Service, identify_snmp

    if answer.fits and answer.name.startswith("snmp"):
        return identify_snmp(scan.host, answer.port)
    note = f"answers {answer.received} bytes to {answer.sent}"
    kind = answer.name if answer.fits else "unknown"
    return Service(scan.host, answer.port, "udp", kind=kind, banner=answer.text, note=note)


def _normal(host: str) -> str:
    """A host name or address in the one way of writing it that can be compared."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return host.lower()


def _can_bind(address: str) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
