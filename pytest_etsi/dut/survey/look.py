"""Looking at a device for a survey: by what observers see anyway, each in its turn, within a time for all together.

Nothing here speaks to the device by itself, no password is sent, and nothing is done that needs a permission.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.dut.device import Dut
    from pytest_etsi.dut.reach.services import ServiceSearch
    from pytest_etsi.evidence import EvidenceScope
    from pytest_etsi.probes.capture import CaptureObservation
    from pytest_etsi.probes.disclosure import DisclosureObservation
    from pytest_etsi.probes.services import Service
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation

__all__ = ["Kept", "Seen", "look"]

_Shown = TypeVar("_Shown")

ASKING_S = 600.0
"""Seconds after which no further endpoint is asked for its settings: a device can have any number of slow ones."""

Where = tuple[str, str, int]
"""Host, "tcp" or "udp", and port."""


@dataclass
class Seen:
    """What was seen of a device.

    Attributes:
        search: services and the logins that they ask for.
        tls: settings of TLS and DTLS, by endpoint, and
        ssh: of SSH.
        disclosed: what was told without a login, by host.
        captures: what captured traffic shows.
        gaps: what was not, or not completely, seen, one sentence each.
        questions: how many questions the device was asked, as far as they are counted.
    """

    search: ServiceSearch
    tls: dict[Where, TlsObservation] = field(default_factory=dict)
    ssh: dict[Where, SshObservation] = field(default_factory=dict)
    disclosed: tuple[DisclosureObservation, ...] = ()
    captures: tuple[CaptureObservation, ...] = ()
    gaps: list[str] = field(default_factory=list)
    questions: int = 0


class Kept:
    """Keeps what is observed as evidence, each observation once, and tells in which file it is."""

    def __init__(self, scope: EvidenceScope) -> None:
        self.scope = scope
        self._files: dict[tuple[str, str], str] = {}

    def add(self, name: str, content: Any) -> object:
        """Keep an observation; one that is kept already is not kept again."""
        told = json.dumps(content, sort_keys=True, default=str)
        key = (name, hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest())
        if key not in self._files:
            self._files[key] = self.scope.add(name, content).file
        return self._files[key]

    def file(self, name: str) -> str:
        """The file of the last observation of that name; empty: there is none."""
        return next((file for (kept, _), file in reversed(self._files.items()) if kept == name), "")


def look(
    dut: Dut,
    *,
    progress: Callable[[str], None],
    asking_s: float = ASKING_S,
    clock: Callable[[], float] = time.monotonic,
) -> Seen:
    """Look at the services of a device, at how they are protected, and at what they tell without a login.

    Args:
        dut: the device, by a profile that names its addresses, its ports and its captures.
        progress: told in a few words what takes long.
        asking_s: seconds after which no further endpoint is asked for its settings.
        clock: seconds.

    Raises:
        Inconclusive: the profile names no address; or a capture cannot be read (``bench``).
    """
    captures = dut.captures()
    seen = Seen(dut.network.services_so_far(), captures=captures)
    if not seen.search.complete:
        seen.gaps.append(f"the search for services is not complete: {seen.search}")
    elif seen.search.because:
        seen.gaps.append(f"only some ports were asked: {seen.search.because}")
    seen.gaps += [_unfinished(one) for one in seen.search.services if not one.complete]
    seen.gaps += [f"{_at(one)}: its pages were not all read" for one in seen.search.services if one.unread]
    ends = clock() + asking_s
    for service, ask in _endpoints(dut, seen):
        if clock() > ends:
            seen.gaps.append(
                f"{_at(service)}: its settings were not asked, for the time of the survey was up"
            )
            continue
        progress(f"{service.kind} at {_at(service)}: which settings it takes")
        _tried(seen, _at(service), ask)
    progress("what is told without a login")
    seen.disclosed = _tried(seen, "what is told without a login", dut.disclosures) or ()
    seen.gaps += [gap for one in seen.disclosed for gap in one.gaps]
    for capture in captures:
        seen.gaps += [f"{capture.file}: {gap}" for gap in capture.missing]
    progress("")
    seen.questions = (
        sum(scan.ports_scanned for scan in seen.search.scans)
        + sum(scan.asked for scan in seen.search.udp_scans)
        + seen.search.questions
        + sum(one.connections for one in seen.tls.values())
        + sum(one.connections for one in seen.ssh.values())
    )
    return seen


def _endpoints(dut: Dut, seen: Seen) -> Iterator[tuple[Service, Callable[[], None]]]:
    """Each endpoint whose settings can be asked, and how."""
    for service in seen.search.services:
        where = (service.host, service.protocol, service.port)
        if service.kind == "ssh" and not service.tls:
            yield service, lambda one=service, at=where: _ssh(dut, seen, one, at)  # type: ignore[misc]
        elif service.protocol == "udp" and "dtls" in service.kind:
            yield service, lambda one=service, at=where: _dtls(dut, seen, one, at)  # type: ignore[misc]
        elif service.protocol == "tcp" and (service.tls or service.starttls):
            yield service, lambda one=service, at=where: _tls(dut, seen, one, at)  # type: ignore[misc]


def _tls(dut: Dut, seen: Seen, service: Service, where: Where) -> None:
    found = seen.tls[where] = dut.network.tls(service.host, service.port, service=service)
    _settled(seen, service, found)


def _dtls(dut: Dut, seen: Seen, service: Service, where: Where) -> None:
    found = seen.tls[where] = dut.network.dtls(service.host, service.port)
    _settled(seen, service, found)


def _settled(seen: Seen, service: Service, found: TlsObservation) -> None:
    if not found.complete:
        why = "; ".join(found.errors) or "its time was up"
        seen.gaps.append(f"{_at(service)}: not every setting of TLS could be asked: {why}")


def _ssh(dut: Dut, seen: Seen, service: Service, where: Where) -> None:
    found = seen.ssh[where] = dut.network.ssh_settings(service.host, service.port)
    if not found.complete:
        seen.gaps.append(f"{_at(service)}: its settings of SSH could not be read: {found.error}")
    seen.gaps += [f"{_at(service)}: {gap}" for gap in found.gaps]


def _tried(seen: Seen, what: str, ask: Callable[[], _Shown]) -> _Shown | None:
    try:
        return ask()
    except Inconclusive as error:
        seen.gaps.append(f"{what}: {error.reason}")
    except OSError as error:
        seen.gaps.append(f"{what}: {error.strerror or error}")
    return None


def _unfinished(service: Service) -> str:
    return f"{_at(service)} could not be examined to the end: {service.note or 'its time was up'}"


def _at(service: Service) -> str:
    return f"{service.protocol}/{service.port} of {service.host}"
