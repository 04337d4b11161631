"""What a device tells by SSDP and in its UPnP descriptions (UPnP Device Architecture 1.1), asked of its own address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, url_host, why
from pytest_etsi.probes._xml import XmlError, told
from pytest_etsi.probes.discovery._datagrams import ask
from pytest_etsi.probes.http.client import bounded_client
from pytest_etsi.probes.observation import Observation, printable
from pytest_etsi.probes.witness import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["SsdpAnswer", "SsdpObservation", "parse_ssdp", "ssdp"]

_GROUP = "239.255.255.250:1900"
_TARGETS = (
    "upnp:rootdevice", "ssdp:all", "urn:schemas-upnp-org:device:Basic:1",
    "urn:schemas-upnp-org:device:MediaRenderer:1", "urn:schemas-upnp-org:device:MediaServer:1",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1", "urn:dial-multiscreen-org:service:dial:1",
)  # fmt: skip
"""All of a device, its root, and kinds that some answer to alone."""
_ROUNDS = 4
_MOST_WITNESSES = 4
_MAX_TARGETS = 30
_MAX_DESCRIPTIONS = 10
_MAX_DESCRIBED = 400
_MAX_DESCRIPTION = bounds.SSDP.most
_DEADLINE_S = bounds.SSDP.whole_s
_OF_THE_PROTOCOL = frozenset(
    b"st nt usn server location cache-control date ext host man mx nts content-length bootid.upnp.org "
    b"configid.upnp.org nextbootid.upnp.org searchport.upnp.org opt".split()
)
"""Headers that are read by themselves, or say how the protocol is spoken."""


_ONCE = frozenset({b"st", b"nt", b"usn", b"location"})
"""Headers of which the first counts; others that come again go on with what they said."""


@dataclass(frozen=True, slots=True)
class SsdpAnswer(Observation):
    """One answer to a search, or an announcement.

    Attributes:
        target: what it is an answer for: ``upnp:rootdevice``.
        name: of the device and the target, by which it differs from all others.
        server: its software.
        location: where it is described.
        headers: name and value of further ones.
    """

    target: str
    name: str
    server: str
    location: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SsdpObservation(Observation):
    """What a device tells by SSDP and in its UPnP descriptions.

    Attributes:
        host: as asked for.
        port: UDP port.
        answers: each once.
        described: (element, text) of the descriptions: friendlyName, modelNumber, serialNumber ...
        elsewhere: locations at other hosts, which were not fetched.
        error: why nothing could be asked.
        gaps: what could not be asked or read, a sentence each.
    """

    host: str
    port: int
    answers: tuple[SsdpAnswer, ...] = ()
    described: tuple[tuple[str, str], ...] = ()
    elsewhere: tuple[str, ...] = ()
    error: str = ""
    gaps: tuple[str, ...] = ()


def ssdp(
    host: str,
    *,
    port: int = 1900,
    timeout_s: float = bounds.SSDP.step_s,
    own: Iterable[str] = (),
    expected: bool = False,
    whole: bool = True,
) -> SsdpObservation:
    """Search for everything, for the root and for kinds until nothing new comes, and fetch the descriptions.

    Args:
        host: name or address of the device.
        port: UDP port.
        timeout_s: seconds to wait for answers; a device may take the one second that a search grants it.
        own: further addresses of the device, at which descriptions are fetched too.
        expected: something is known to answer there, so that silence is a gap.
        whole: go on until nothing new comes, and fetch; otherwise only whether it answers.
    """
    search = _Search(host, port, timeout_s)
    try:
        search.run(whole=whole, expected=expected)
    except OSError as error:
        search.gaps.append(f"SSDP could not be asked: {why(error)}")
        return SsdpObservation(host, port, error=why(error), gaps=tuple(search.gaps))
    hosts = (host, *own)
    own_places = [one for one in search.locations if _is_at(one, hosts)]
    elsewhere = tuple(one for one in search.locations if one not in own_places)
    described: dict[tuple[str, str], None] = {}
    if whole:
        search.gaps += [f"the description {one} is at another host, and was not read" for one in elsewhere]
        search.gaps += [f"the description {one} was not read" for one in own_places[_MAX_DESCRIPTIONS:]]
        for location in own_places[:_MAX_DESCRIPTIONS]:
            try:
                for element in _described(location, hosts, timeout_s):
                    described.setdefault(element, None)
            except (httpx.HTTPError, httpx.InvalidURL, XmlError, ValueError) as error:
                search.gaps.append(
                    f"the description {printable(location, 120)} could not be read: {printable(str(error), 120)}"
                )
        if len(described) > _MAX_DESCRIBED:
            search.gaps.append(f"the descriptions have more than {_MAX_DESCRIBED} different items")
    return SsdpObservation(
        host,
        port,
        tuple(search.answers),
        tuple(described)[:_MAX_DESCRIBED],
        elsewhere,
        gaps=tuple(dict.fromkeys(search.gaps)),
    )


@dataclass(slots=True)
class _Search:
    host: str
    port: int
    timeout_s: float
    answers: dict[SsdpAnswer, None] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)

    @property
    def locations(self) -> tuple[str, ...]:
        """Where the device says that it is described."""
        return tuple(
            dict.fromkeys(
                place
                for one in self.answers
                for place in (
                    one.location,
                    *(value for name, value in one.headers if name.lower().startswith("securelocation")),
                )
                if place
            )
        )

    def run(self, *, whole: bool, expected: bool) -> None:
        watch = Watch(Deadline(_DEADLINE_S), pauses_s=(0.1, 0.3, 1.0))
        place = f"{url_host(self.host)}:{self.port}"
        watch.part("the first searches", partial(self._ask, _TARGETS, place, whole=whole))
        if not whole:
            return
        if not self.answers:
            # Some hear only what is addressed to the group, wherever it was sent.
            self._ask(_TARGETS, _GROUP)
        if not self.answers:
            if expected:
                self.gaps.append("SSDP is documented or was seen there, and no search was answered")
            return
        answering = tuple(dict.fromkeys(one.target for one in self.answers if one.target))[:_MOST_WITNESSES]
        if known := next((one for one in answering if self._still(one)), ""):
            watch.add(f"the search for {known}", partial(self._still, known))
        asked: set[str] = set()
        for _ in range(_ROUNDS):
            targets = tuple(one for one in self._targets() if one not in asked)[:_MAX_TARGETS]
            if not targets:
                break
            asked.update(targets)
            watch.part(f"the searches for {targets[0]} and others", partial(self._ask, targets, _GROUP))
        if len(self._targets()) > _MAX_TARGETS:
            self.gaps.append(
                f"the device has more than {_MAX_TARGETS} targets; the rest was not searched for"
            )
        watch.end(nothing_answered="SSDP announces, and answered no search twice")
        self.gaps.extend(watch.gaps)

    def _targets(self) -> tuple[str, ...]:
        """What the device is known by so far, and what every device is asked for."""
        own = (word for one in self.answers for word in (one.target, one.name.partition("::")[2]))
        return tuple(dict.fromkeys((*_TARGETS[:2], *(word for word in own if word))))

    def _still(self, target: str) -> bool:
        found = self._heard([target], f"{url_host(self.host)}:{self.port}", whole=False)
        return bool(found) or bool(self._heard([target], _GROUP, whole=False))

    def _ask(self, targets: Iterable[str], place: str, *, whole: bool = True) -> None:
        for answer in self._heard(targets, place, whole=whole):
            self.answers.setdefault(answer, None)

    def _heard(self, targets: Iterable[str], place: str, *, whole: bool) -> list[SsdpAnswer]:
        requests = [
            f'M-SEARCH * HTTP/1.1\r\nHOST: {place}\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: {one}\r\n\r\n'.encode()
            for one in targets
        ]
        heard = ask(
            self.host,
            self.port,
            requests,
            timeout_s=self.timeout_s,
            enough=None if whole else lambda data: parse_ssdp(data) is not None,
        )
        if heard.more:
            self.gaps.append("more answers came than are read")
        found = []
        for data in heard.answers:
            answer = parse_ssdp(data)
            if answer is not None:
                found.append(answer)
            elif (
                not data.lstrip().upper().startswith(b"M-SEARCH")
            ):  # an echo, or a search of the device's own
                self.gaps.append(
                    f"an answer of {len(data)} bytes could not be read as SSDP: {printable(data, 60)}"
                )
        return found


def parse_ssdp(data: bytes) -> SsdpAnswer | None:
    """One answer to M-SEARCH, or an announcement, with whatever ends its lines; None: it is neither."""
    first, *lines = (
        data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip().partition(b"\n\n")[0].split(b"\n")
    )
    if not re.match(rb"(?i)HTTP/1\.[01][ \t]+200\b|NOTIFY[ \t]", first):
        return None
    headers: dict[bytes, tuple[str, str]] = {}
    name = b""
    for line in lines[:100]:
        before, colon, value = line.partition(b":")
        # A line that begins with a space goes on with the one before it (RFC 2616, 2.2).
        folded = bool(name) and line[:1] in {b" ", b"\t"}
        if folded:
            value = line
        elif colon:
            name = before.strip().lower()
        else:
            continue
        told = printable(value.strip(), 300)
        if name not in headers:
            headers[name] = (printable(before.strip(), 60), told)
        elif folded or name not in _ONCE:
            joint = " " if folded else ", "
            headers[name] = (headers[name][0], printable(f"{headers[name][1]}{joint}{told}", 300))

    def value_of(name: bytes) -> str:
        return headers.get(name, ("", ""))[1]

    target = value_of(b"st") or value_of(b"nt")
    if not (target or value_of(b"usn") or value_of(b"location")):
        return None
    further = tuple(
        named
        for name, named in headers.items()
        if name not in _OF_THE_PROTOCOL and not re.fullmatch(rb"\d\d-nls", name)
    )
    return SsdpAnswer(target, value_of(b"usn"), value_of(b"server"), value_of(b"location"), further)


def _is_at(location: str, hosts: Iterable[str]) -> bool:
    try:
        parts = urlsplit(location)
        return parts.scheme in {"http", "https"} and parts.hostname in {
            host.strip("[]").lower() for host in hosts
        }
    except ValueError:
        return False


def _described(location: str, hosts: Iterable[str], timeout_s: float) -> Iterator[tuple[str, str]]:
    with bounded_client(
        hosts, timeout_s=max(1.0, timeout_s), deadline_s=5.0, max_body=_MAX_DESCRIPTION
    ) as client:
        response = client.get(location)
    if server := response.headers.get("server"):
        yield "Server", printable(server, 300)
    if response.status_code != 200:
        raise ValueError(f"HTTP {response.status_code}")
    if response.extensions.get("truncated"):
        raise ValueError(f"longer than {_MAX_DESCRIPTION} bytes, or cut")
    for _, name, text in told(response.content):
        yield name, printable(text, 300)
