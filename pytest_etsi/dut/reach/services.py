"""Looking for every service of the device: which ports are open, and what answers there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.dut.reach.examining import examine, survived
from pytest_etsi.probes.ports import MOST_SERVICES
from pytest_etsi.profile.places import normal_host

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_etsi.probes.http.rendering import Renderer
    from pytest_etsi.probes.ports import PortScan
    from pytest_etsi.probes.services import Service
    from pytest_etsi.probes.services.nmap import NmapObservation
    from pytest_etsi.probes.udp.search import UdpAnswer, UdpScan

__all__ = ["ServiceSearch", "search_services"]

_SCAN_DEADLINE_S = bounds.ALL_PORTS.whole_s
"""For one address: every port asked four times at the slowest pace that a scan takes by itself takes no longer."""


@dataclass(frozen=True, slots=True)
class ServiceSearch:
    """The result of looking for services on every address of the device.

    Attributes:
        services: one per open port.
        scans: one per address.
        because: why ports were left out of the search, as the profile says; empty: none were.
        udp_scans: what was asked over UDP, one per address.
        second: what nmap says of the open TCP ports, where it was asked.
        gaps: what the examination of the services could not find out, a sentence each.
        expected: TCP ports at which the documents say that something answers in this state of the device.
        expected_udp: UDP ports.
    """

    services: tuple[Service, ...]
    scans: tuple[PortScan, ...]
    because: str = ""
    udp_scans: tuple[UdpScan, ...] = ()
    second: tuple[NmapObservation, ...] = ()
    gaps: tuple[str, ...] = ()
    expected: tuple[int, ...] = ()
    expected_udp: tuple[int, ...] = ()

    @property
    def hosts(self) -> frozenset[str]:
        """The names and addresses of the device that were searched, by `normal_host`."""
        return frozenset(normal_host(one) for scan in self.scans for one in (scan.host, scan.address) if one)

    @property
    def complete(self) -> bool:
        """Every port that can belong to the device was asked, and the device answered to the end as it had before."""
        searched = all(scan.complete for scan in self.scans) and all(scan.complete for scan in self.udp_scans)
        return (
            bool(self.scans)
            and searched
            and not any((self.silent, self.everything_accepts, self.gaps, self.nothing_expected_answers))
        )

    @property
    def questions(self) -> int:
        """How many questions the services were asked, beside the pages of web servers."""
        return sum(len(service.questions) for service in self.services)

    @property
    def missing(self) -> tuple[int, ...]:
        """TCP ports at which the documents say that something answers, and nothing was found to."""
        found = {port for scan in self.scans for port in (*scan.open, *scan.reset, *scan.unsettled)}
        return tuple(port for port in self.expected if port not in found)

    @property
    def missing_udp(self) -> tuple[int, ...]:
        """UDP ports at which the documents say that something answers, and nothing did."""
        found = {answer.port for scan in self.udp_scans for answer in scan.answers}
        return tuple(port for port in self.expected_udp if port not in found)

    @property
    def deaf_over_udp(self) -> bool:
        """Whether the documents name UDP services, and not a word came back over UDP: silence then shows nothing."""
        heard = any(scan.answers or scan.closed for scan in self.udp_scans)
        return bool(self.expected_udp) and bool(self.udp_scans) and not heard

    @property
    def nothing_expected_answers(self) -> bool:
        """Whether the documents name TCP services, and none of them is there: the device does not run as documented."""
        return bool(self.expected) and self.missing == self.expected

    @property
    def silent(self) -> tuple[str, ...]:
        """Addresses that gave no answer at all: a device that is switched off has no open port either."""
        return tuple(scan.host for scan in self.scans if not scan.answered)

    @property
    def everything_accepts(self) -> tuple[str, ...]:
        """Addresses that accept on more ports than a device has services: what accepts there is not the services."""
        return tuple(scan.host for scan in self.scans if scan.accepts_all or len(scan.open) > MOST_SERVICES)

    @property
    def asking(self) -> tuple[Service, ...]:
        """Services that ask for credentials."""
        return tuple(service for service in self.services if service.challenges)

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where nmap, if it was asked, recognises another service."""
        from pytest_etsi.probes.services.nmap import disagreements

        return disagreements(self.services, self.second)

    def __str__(self) -> str:
        """What was searched, and what kept it from being complete, for the record."""
        ports = sum(scan.ports_scanned for scan in self.scans)
        hosts = ", ".join(scan.host for scan in self.scans)
        limit = f" (only these, because {self.because})" if self.because else ""
        asked = sum(scan.asked for scan in self.udp_scans)
        udp = f" and {asked} UDP ports" if asked else ""
        return (
            f"{ports} TCP ports{udp} on {hosts}{limit}: {len(self.services)} open, "
            f"{len(self.asking)} asking for credentials, {self.questions} questions"
            f"{self._shortcomings()}{self._second_opinion()}"
        )

    def _shortcomings(self) -> str:
        silent = f"; no answer at all from {', '.join(self.silent)}" if self.silent else ""
        failed = [f"; {scan.host}: {scan.error}" for scan in self.scans if scan.error]
        failed += [f"; {scan.host}: {scan.error}" for scan in self.udp_scans if scan.error]
        trapped = [
            f"; {host} accepts on more than {MOST_SERVICES} ports, as a trap or a proxy does"
            for host in self.everything_accepts
        ]
        absent = ""
        if self.nothing_expected_answers:
            ports = ", ".join(map(str, self.expected[:8]))
            absent = f"; none of the TCP services that the documents name (port {ports}) answers"
        return "".join([silent, absent, *failed, *trapped, *(f"; {gap}" for gap in self.gaps)])

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
            "gaps": list(self.gaps),
            "expected": list(self.expected),
            "expected_udp": list(self.expected_udp),
        }


def search_services(
    addresses: Mapping[str, tuple[str, ...]],
    ports: tuple[int, ...],
    *,
    rate: float | None,
    because: str,
    usernames: tuple[str, ...],
    nmap: bool,
    progress: Callable[[str], None],
    known: tuple[int, ...] = (),
    known_udp: tuple[int, ...] = (),
    expected: tuple[int, ...] = (),
    expected_udp: tuple[int, ...] = (),
    render: Renderer | None = None,
) -> ServiceSearch:
    """Scan every address and recognise what answers.

    Args:
        addresses: the device's hosts with the addresses of each; the first one is scanned under the host's own name.
        ports: those that can belong to the device.
        rate: questions per second at most; None: the usual rate.
        because: why ports are left out; empty: none are.
        usernames: whom services may be asked about.
        nmap: ask nmap for a second opinion.
        progress: told what is going on.
        known: TCP ports at which the documents say that something answers, which are asked first, and
        known_udp: UDP ports, which are asked beside the usual ones.
        expected: those of `known` at which something has to answer in this state of the device.
        expected_udp: those of `known_udp`.
        render: draws pages whose scripts show no login; None: that is not wished.
    """
    from pytest_etsi.probes.ports import ALL_PORTS, scan_tcp
    from pytest_etsi.probes.udp.search import scan_udp

    targets = tuple(
        dict.fromkeys(target for host, found in addresses.items() for target in (host, *found[1:]))
    )

    def scanning(host: str) -> Callable[[int, int], None]:
        return lambda done, total: progress(f"{host}: {done:,} of {total:,} TCP ports asked")

    scans = tuple(
        scan_tcp(host, ports, known=known, rate=rate, deadline_s=_SCAN_DEADLINE_S, progress=scanning(host))
        for host in targets
    )
    services: list[Service] = []
    gaps: list[str] = []
    told = tuple(scan for scan in scans if not scan.accepts_all and len(scan.open) <= MOST_SERVICES)
    for scan in told:
        found, missed = examine(scan, known, usernames=usernames, progress=progress, render=render)
        services += found
        gaps += missed
    own = None if len(ports) == len(ALL_PORTS) else ports
    progress("asking UDP ports")
    udp = tuple(scan_udp(host, own, rate=rate, known=known_udp) for host in targets)
    services += [_udp_service(scan, answer) for scan in udp for answer in scan.answers]
    second: tuple[NmapObservation, ...] = ()
    if nmap:
        from pytest_etsi.probes.services.nmap import second_opinion

        progress("asking nmap")
        second = tuple(second_opinion(scan.host, scan.open) for scan in told if scan.open)
    if not gaps:
        gaps += [gap for scan in told for gap in survived(scan, "UDP ports were asked")]
    progress("")
    return ServiceSearch(tuple(services), scans, because, udp, second, tuple(gaps), expected, expected_udp)


def _udp_service(scan: UdpScan, answer: UdpAnswer) -> Service:
    """What answers on a UDP port, as a service."""
    from pytest_etsi.probes.services import Service, identify_snmp

    if answer.fits and answer.name.startswith("snmp"):
        return identify_snmp(scan.host, answer.port)
    note = f"answers {answer.received} bytes to {answer.sent}"
    kind = answer.name if answer.fits else "unknown"
    return Service(scan.host, answer.port, "udp", kind=kind, banner=answer.text, note=note)
