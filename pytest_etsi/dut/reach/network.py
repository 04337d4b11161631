"""The device on the network: its addresses, clients bound to them, and what asks for credentials there."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from pytest_etsi import bounds
from pytest_etsi.dut.reach.documented import documented_ports
from pytest_etsi.dut.reach.services import ServiceSearch, search_services
from pytest_etsi.profile.places import normal_host, place_of_url
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import paramiko

    from pytest_etsi.dut.reach.recording import Recorder
    from pytest_etsi.probes.http.client import BoundedClient
    from pytest_etsi.probes.services import Service
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation
    from pytest_etsi.profile import Profile
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["Network", "ServiceSearch"]

_Shown = TypeVar("_Shown", "TlsObservation", "SshObservation")

_CONNECT_TIMEOUT_S = bounds.CONNECTION.step_s
_ENUMERATION_S = 180.0
_KEY_EXCHANGES = 60
"""A microcontroller takes a second or two for each key exchange, and is asked for some forty, and for some twice."""


class Network:
    """Reaches the device over the network, and only the hosts that the profile names.

    Args:
        profile: the validated documents.
        recorder: keeps what is observed.
        nmap: let nmap give a second opinion on services.
        progress: told in a few words what takes long; with nothing when it is done.
    """

    def __init__(
        self,
        profile: Profile,
        recorder: Recorder,
        *,
        nmap: bool = False,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._profile = profile
        self._recorder = recorder
        self._nmap = nmap
        self._progress = progress
        self._access = profile.access.network
        self._tls: dict[tuple[str, str, int], TlsObservation] = {}

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
        """`name` if it is one of the device's hosts or their addresses, or the first of the hosts.

        Raises:
            Inconclusive: `name` is not a host of the device.
        """
        hosts = self.hosts
        if name is None:
            return hosts[0]
        if normal_host(name) not in map(normal_host, hosts) and name not in self._all_addresses:
            inconclusive(
                f"{name} is not an address of the device",
                cause=Cause.INFORMATION,
                settle=f"use one of access.network.hosts ({', '.join(hosts)}) or add it there",
            )
        return name

    def addresses(self, host: str) -> tuple[str, ...]:
        """What a host of the device resolves to, IPv4 and IPv6; only itself if it does not resolve.

        Addresses that the profile names as hosts of their own are left to these.
        """
        from pytest_etsi.probes.ports import addresses_of

        try:
            first, *others = addresses_of(host)
        except OSError:
            return (host,)
        named = set(map(normal_host, self.hosts))
        return (first, *(other for other in others if normal_host(other) not in named))

    @cached_property
    def _all_addresses(self) -> frozenset[str]:
        return frozenset(address for host in self.hosts for address in self.addresses(host))

    @property
    def rate(self) -> float | None:
        """Most ports asked per second; None: the default."""
        return (self._access.rate if self._access is not None else 0.0) or None

    @property
    def ports(self) -> tuple[int, ...]:
        """The TCP ports that can belong to the device."""
        self.hosts  # noqa: B018 - raises where there is no network access
        ranges = self._access.port_ranges() if self._access is not None else ()
        return tuple(port for low, high in ranges for port in range(low, high + 1))

    def http(self, *, source_address: str | None = None, verify: bool = False) -> BoundedClient:
        """An HTTP client that refuses every host but the device's own; close it after use.

        Args:
            source_address: local address to connect from.
            verify: check the certificate, against ``access.network.ca`` where given; devices mostly sign their own.
        """
        return self._client(self.hosts, source_address=source_address, verify=verify)

    def documents(self) -> BoundedClient:
        """An HTTP client for the manufacturer's published documents, bound to ``documents_hosts``.

        It checks certificates, against ``access.network.ca`` where given, and refuses names that lead to private
        addresses which are not named there themselves.

        Raises:
            Inconclusive: the profile names no such host (``access``).
        """
        allowed = tuple(self._access.documents_hosts) if self._access is not None else ()
        if not allowed:
            inconclusive(
                "the profile allows no host from which published documents may be fetched",
                cause=Cause.ACCESS,
                settle="name the manufacturer's web hosts under access.network.documents_hosts",
            )
        return self._client(allowed, verify=True, public_only=True)

    def bench_http(self) -> BoundedClient:
        """An HTTP client for operations: bound to the device and to ``access.bench_hosts``."""
        own = self._access.hosts if self._access is not None else ()
        return self._client((*own, *self._profile.access.bench_hosts), verify=False)

    def ssh(self, *, port: int = 22, host: str | None = None) -> paramiko.Transport:
        """An SSH transport to the device, negotiated but not authenticated; close it after use."""
        import paramiko

        connection = socket.create_connection((self.host(host), port), timeout=_CONNECT_TIMEOUT_S)
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
        documented = documented_ports(self._profile)
        return self._search_now(documented.expected, documented.expected_udp)

    def _search_now(
        self, expected: tuple[int, ...] = (), expected_udp: tuple[int, ...] = ()
    ) -> ServiceSearch:
        from pytest_etsi.probes.http.rendering import render

        given, documented, ports = self._access, documented_ports(self._profile), self.ports
        return search_services(
            {host: self.addresses(host) for host in self.hosts},
            ports,
            rate=(given.rate if given is not None else 0) or None,
            because=(given.ports_because if given is not None else None) or "",
            usernames=tuple(self._usernames()),
            nmap=self._nmap,
            progress=self._progress,
            known=documented.tcp,
            known_udp=documented.udp,
            expected=tuple(sorted(set(expected).intersection(ports))),
            expected_udp=tuple(sorted(set(expected_udp).intersection(ports))),
            render=render if given is not None and given.render else None,
        )

    def _usernames(self) -> Iterator[str]:
        """The users that the documents know, and the one that nearly every device has."""
        yield "root"
        for entry in self._profile.ixit.auth_mech:
            if entry.access.username:
                yield entry.access.username

    def services(self) -> ServiceSearch:
        """Every TCP service of the device, and the UDP services that answer.

        Searched once in a run, and kept as evidence of each unit that asks.

        Raises:
            Inconclusive: no network access (``access``), the search was cut short, an address of the device gave no
                answer on any port, none of the TCP services that the documents name is there, or the device did not
                answer to the end as it had before (``bench``).
        """
        self.hosts  # noqa: B018 - raises where there is no network access
        return self._complete(self._search, "services")

    def services_now(self, name: str) -> ServiceSearch:
        """As `services`, but searched anew, for a device that is in another state; kept as evidence under `name`."""
        self.hosts  # noqa: B018 - raises where there is no network access
        return self._complete(self._search_now(), name)

    def services_so_far(self) -> ServiceSearch:
        """As `services`, however far the search has come; what keeps it from being complete, it says itself.

        Raises:
            Inconclusive: no network access (``access``).
        """
        self.hosts  # noqa: B018 - raises where there is no network access
        return self._kept(self._search, "services")

    def _kept(self, search: ServiceSearch, name: str) -> ServiceSearch:
        self._recorder.observed(name, search)
        for opinion in search.second:
            self._recorder.observed("nmap", opinion)
        return search

    def _complete(self, search: ServiceSearch, name: str) -> ServiceSearch:
        self._kept(search, name)
        if not search.complete:
            inconclusive(
                f"the search for services is not complete: {search}",
                cause=Cause.BENCH,
                settle="let the scan finish: check that the device is on and linked, that its services run and survive "
                "being asked, name only addresses that reach it from here, or slow the scan down by "
                "access.network.rate",
            )
        return search

    def tls(self, host: str, port: int, *, service: Service | None = None) -> TlsObservation:
        """Protocol versions, cipher suites and other settings, and certificates of an endpoint of the device.

        Looked at once in a run, unless something stayed open, and kept as evidence of each unit that asks.

        Args:
            host: one of the device's.
            port: TCP port.
            service: what answers there, as far as it is known; one that switches to TLS is asked to.
        """
        from pytest_etsi.probes.tls import STARTTLS, enumerate_tls, trusted_by

        switches = service is not None and service.starttls and not service.tls
        protocol = next((name for name in STARTTLS if switches and service and service.kind == name), None)
        authorities = self._access.ca if self._access is not None else None

        def ask(target: str) -> TlsObservation:
            seen = enumerate_tls(
                target,
                port,
                starttls=protocol,
                timeout_s=max(3.0, self._answer_s),
                deadline_s=self._enumeration_s,
            )
            if authorities is None or not seen.certificates:
                return seen
            return replace(
                seen,
                trust=trusted_by(
                    authorities, target, port, starttls=protocol, timeout_s=max(10.0, self._answer_s)
                ),
            )

        return self._enumerated(("tls", self.host(host), port), ask)

    def dtls(self, host: str, port: int) -> TlsObservation:
        """As `tls`, of a UDP port."""
        from pytest_etsi.probes.tls import enumerate_dtls

        return self._enumerated(
            ("dtls", self.host(host), port),
            lambda target: enumerate_dtls(
                target, port, timeout_s=max(2.0, self._answer_s), deadline_s=self._enumeration_s
            ),
        )

    @property
    def _answer_s(self) -> float:
        """Seconds that a key exchange may take by the profile; 0: nothing is said."""
        return self._access.answer_s if self._access is not None else 0.0

    @property
    def _enumeration_s(self) -> float:
        return max(_ENUMERATION_S, _KEY_EXCHANGES * self._answer_s)

    def _enumerated(self, key: tuple[str, str, int], ask: Callable[[str], TlsObservation]) -> TlsObservation:
        kind, host, port = key
        observation = self._tls.get(key)
        if observation is None:
            observation = self._compared(ask(host), ask)
            if observation.complete:
                self._tls[key] = observation
        self._recorder.observed(f"{kind}-{port}", observation)
        return observation

    def _compared(self, observation: _Shown, ask: Callable[[str], _Shown]) -> _Shown:
        """Say which of the other devices that the profile names show the same key."""
        others = self._access.other_devices if self._access is not None and observation.keys else ()
        shared, unshown = [], []
        for other in others:
            keys = ask(other).keys
            if not keys:
                unshown.append(other)
            elif keys & observation.keys:
                shared.append(other)
        if not others:
            return observation
        return replace(observation, shared_with=tuple(shared), unshown_by=tuple(unshown))

    def ssh_settings(self, host: str, port: int) -> SshObservation:
        """Algorithms that an SSH endpoint of the device offers."""
        from pytest_etsi.probes.ssh import enumerate_ssh

        observation = self._compared(
            enumerate_ssh(self.host(host), port), lambda one: enumerate_ssh(one, port)
        )
        self._recorder.observed(f"ssh-{port}", observation)
        return observation

    def endpoint_of(self, url: str) -> tuple[str, int]:
        """Host and port of a URL of the device.

        Raises:
            Inconclusive: the host is not one of the device's.
        """
        place = place_of_url(url)
        return self.host(place.host), place.port

    def login_of(self, entry: AuthMechEntry) -> tuple[str, int]:
        """Host and TCP port at which a program logs in by an entry of 1-AuthMech: the first of its places.

        Raises:
            Inconclusive: it names none (``access``), or the host is not one of the device's.
        """
        # A transport that is not said is tried as TCP: no driver speaks anything else, and the answer tells.
        places = sorted(
            (one for one in entry.places() if one.transport != "udp"), key=lambda one: one.transport is None
        )
        if not places:
            inconclusive(
                f"{entry} does not say at which TCP port it answers",
                cause=Cause.ACCESS,
                settle="give access.url, access.port or facts.endpoint",
            )
        return self.host(places[0].host or entry.access.host), places[0].port

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
        self,
        allowed: tuple[str, ...],
        *,
        source_address: str | None = None,
        verify: bool = False,
        public_only: bool = False,
    ) -> BoundedClient:
        from pytest_etsi.probes.http.client import bounded_client

        ca = self._access.ca if self._access is not None else None
        return bounded_client(
            allowed,
            verify=(str(ca) if ca else True) if verify else False,
            source=source_address,
            public_only=public_only,
        )


def _can_bind(address: str) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
