"""What a device tells by mDNS and DNS-SD (RFC 6762, RFC 6763), asked of its own address until nothing new comes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import partial

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, why
from pytest_etsi.probes.discovery import _dns
from pytest_etsi.probes.discovery._datagrams import ask
from pytest_etsi.probes.observation import Observation, printable
from pytest_etsi.probes.witness import Watch

__all__ = ["MdnsObservation", "mdns"]

_ENUMERATION = "_services._dns-sd._udp.local"
_USUAL = (
    "_http",
    "_https",
    "_hap",
    "_googlecast",
    "_workstation",
    "_device-info",
    "_ipp",
    "_ssh",
    "_mqtt",
    "_rtsp",
)
_MAX_QUESTIONS = 120
_MAX_RECORDS = 400
_DEADLINE_S = bounds.MDNS.whole_s
_QUIET_S = 0.4
"""Seconds: answers that several may give are delayed by up to 120 ms (RFC 6762, 6), and small devices take longer."""
_KIND = re.compile(r"(?:^|.*\.)(_[^.]+\._(?:tcp|udp)\.(?:[^.]+\.?)+)$", re.IGNORECASE)

_Question = tuple[str, str]


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
        gaps: what could not be asked or read, a sentence each.
    """

    host: str
    port: int
    answered: bool = False
    services: tuple[str, ...] = ()
    records: tuple[tuple[str, str, str], ...] = ()
    error: str = ""
    gaps: tuple[str, ...] = ()


def mdns(
    host: str,
    *,
    port: int = 5353,
    timeout_s: float = bounds.MDNS.step_s,
    expected: bool = False,
    whole: bool = True,
) -> MdnsObservation:
    """Ask for all kinds of service and for usual ones, then for instances and details of every name that is told.

    Args:
        host: name or address of the device.
        port: UDP port.
        timeout_s: seconds to wait for the answers to the questions of one round.
        expected: something is known to answer there, so that silence is a gap.
        whole: go on until nothing new comes; otherwise only whether it answers.
    """
    search = _Search(host, port, timeout_s)
    try:
        search.run(whole=whole, expected=expected)
    except OSError as error:
        search.error = why(error)
        search.gaps.append(f"mDNS could not be asked: {search.error}")
    services = tuple(
        dict.fromkeys(
            text for name, kind, text in search.records if kind == "PTR" and name.casefold() == _ENUMERATION
        )
    )
    return MdnsObservation(
        host,
        port,
        search.answered,
        services,
        tuple(search.records),
        search.error,
        tuple(dict.fromkeys(search.gaps)),
    )


@dataclass(slots=True)
class _Search:
    host: str
    port: int
    timeout_s: float
    answered: bool = False
    error: str = ""
    records: dict[tuple[str, str, str], None] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    asked: dict[_Question, int] = field(default_factory=dict)
    settled: set[_Question] = field(default_factory=set)

    def run(self, *, whole: bool, expected: bool) -> None:
        watch = Watch(Deadline(_DEADLINE_S), pauses_s=(0.1, 0.3, 1.0))
        first = [(_ENUMERATION, "PTR"), *((f"{kind}._tcp.local", "PTR") for kind in _USUAL)]
        watch.part("the question for all kinds of service", partial(self._ask, first, whole=whole))
        if not whole:
            return
        if not self.answered:
            self._ask(first)
        if not self.answered:
            if expected:
                self.gaps.append("mDNS is documented or was seen there, and no question was answered")
            return
        deadline = Deadline(_DEADLINE_S)
        for repeated in (False, True):
            if repeated:
                watch.end(nothing_answered="mDNS announces, and answered none of the questions")
            if known := next((one for one in self.asked if one in self.settled), None):
                watch.add(f"the mDNS question for {known[0]}", partial(self._still, known))
            while batch := self._open():
                if deadline.expired or len(self.asked) > _MAX_QUESTIONS:
                    self.gaps.append(f"names were left that were not asked for, such as {batch[0][0]}")
                    break
                watch.part(f"the questions for {batch[0][0]} and others", partial(self._ask, batch))
        self.gaps.extend(watch.gaps)

    def _open(self) -> list[_Question]:
        """What has to be asked of the names that are known; what was not answered is asked a second time."""
        wanted: dict[_Question, None] = {}
        for name, kind, text in self.records:
            for told in (name, text) if kind == "PTR" else (name,):
                wanted.update(dict.fromkeys(_questions(told)))
        have = {(name.casefold(), kind) for name, kind, _ in self.records}
        return [
            one
            for one in wanted
            if one not in self.settled
            and self.asked.get(one, 0) < 2
            and not (one[1] != "PTR" and (one[0].casefold(), one[1]) in have)
        ]

    def _still(self, question: _Question) -> bool:
        """Whether a question that was answered is answered again."""
        self.settled.discard(question)
        self._ask([question], whole=False)
        still = question in self.settled
        self.settled.add(question)
        return still

    def _ask(self, questions: list[_Question], *, whole: bool = True) -> None:
        """Ask a round of questions; not `whole`: the first answer to one of them is enough."""
        first = int.from_bytes(os.urandom(2), "big")
        # Zero is what announcements carry.
        asked = {(first + number) % 0xFFFF + 1: one for number, one in enumerate(questions)}
        requests = [_dns.query(*one, identifier=identifier) for identifier, one in asked.items()]

        def answers(data: bytes) -> bool:
            found = _dns.parse(data)
            return found is not None and found.response and found.identifier in asked

        for one in questions:
            self.asked[one] = self.asked.get(one, 0) + 1
        heard = ask(
            self.host,
            self.port,
            requests,
            timeout_s=self.timeout_s,
            quiet_s=min(_QUIET_S, self.timeout_s),
            enough=None if whole else answers,
        )
        if heard.more:
            self.gaps.append("more answers came than are read")
        for data in heard.answers:
            if data not in requests:
                self._take(data, asked)

    def _take(self, data: bytes, asked: dict[int, _Question]) -> None:
        found = _dns.parse(data)
        if found is None:
            self.gaps.append(
                f"an answer of {len(data)} bytes could not be read as DNS: {printable(data, 40)}"
            )
            return
        if not found.response:
            if found.records:
                self.gaps.append("a message with records that is not marked as an answer was not read")
            return
        self.answered = True
        if found.cut:
            self.gaps.append("an answer says or shows that it was cut")
        for name, number in found.unread:
            self.gaps.append(f"the record of type {number} of {name or 'the root'} could not be read")
        if found.identifier in asked and found.records:
            self.settled.add(asked[found.identifier])
        for record in found.records:
            if len(self.records) < _MAX_RECORDS or record in self.records:
                self.records.setdefault(record, None)
            else:
                self.gaps.append(f"more than {_MAX_RECORDS} records came")
        owners = {(name.casefold(), kind) for name, kind, _ in found.records}
        self.settled.update(one for one in asked.values() if (one[0].casefold(), one[1]) in owners)


def _questions(name: str) -> list[_Question]:
    """What a name of DNS-SD is asked for: a kind of service for its instances, an instance for its details as well."""
    match = _KIND.match(name)
    if match is None or name.casefold() == _ENUMERATION:
        return []
    kind = match[1]
    own = [(kind, "PTR")]
    if name.casefold() == kind.casefold():
        return own
    if "._sub." in f".{name.casefold()}":
        return [(name, "PTR"), *own]
    return [(name, "TXT"), (name, "SRV"), *own]
