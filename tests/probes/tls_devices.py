"""TLS servers in memory, each with one peculiarity; time is counted and not waited for."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.probes.tls import VERSIONS
from pytest_etsi.probes.tls._enumerate import Enumeration
from pytest_etsi.probes.tls._model import HelloAnswer, TlsObservation

if TYPE_CHECKING:
    from pytest_etsi.probes.tls._hello import HelloOffer

ECDHE, RSA_AES, RSA_3DES, RSA_RC4, AES_13 = 0xC02F, 0x002F, 0x000A, 0x0005, 0x1301
TLS10, TLS12, TLS13 = VERSIONS["TLSv1.0"], VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]

ALERT_40, ALERT_70, ALERT_80 = (HelloAnswer("alert", alert=number) for number in (40, 70, 80))
CLOSED, RESET, SILENT = HelloAnswer("closed"), HelloAnswer("reset"), HelloAnswer("silent")
REFUSED = HelloAnswer("refused", detail="connection refused")
BAD_REQUEST = HelloAnswer("garbage", first_bytes=b"HTTP/1.1 400 Bad Request", detail="not a TLS record")


class Clock:
    """A deadline in a time that passes when somebody waits."""

    def __init__(self, seconds: float, now: list[float] | None = None) -> None:
        self.seconds = seconds
        self.now = [0.0] if now is None else now
        self._start = self.now[0]

    @property
    def elapsed(self) -> float:
        return self.now[0] - self._start

    @property
    def expired(self) -> bool:
        return self.elapsed >= self.seconds

    def left(self, at_most: float | None = None) -> float:
        left = max(0.0, self.seconds - self.elapsed)
        return left if at_most is None else min(left, at_most)

    def within(self, seconds: float) -> Clock:
        return Clock(self.left(seconds), self.now)

    def sleep(self, seconds: float) -> None:
        self.now[0] += seconds


class Server:
    """Takes suites by version, and otherwise refuses by alerts as OpenSSL does.

    Args:
        takes: accepted suites by version.
    """

    host, port = "192.0.2.7", 443

    def __init__(self, takes: dict[int, tuple[int, ...]]) -> None:
        self.takes = takes
        self.asked: list[HelloOffer] = []

    def ask(self, offer: HelloOffer, deadline: Clock, *, flight: bool) -> HelloAnswer:
        assert flight is (offer.version < TLS13)
        self.asked.append(offer)
        return self.answer(offer, deadline)

    def answer(self, offer: HelloOffer, deadline: Clock) -> HelloAnswer:
        """The answer to one hello."""
        if offer.version == TLS13:
            versions = [number for number in self.takes if number in (TLS13, *offer.older)]
        else:
            versions = [number for number in self.takes if number <= offer.version]
        if not versions:
            return ALERT_70
        version = max(versions)
        chosen = next((suite for suite in offer.suites if suite in self.takes[version]), None)
        if chosen is None:
            return ALERT_40
        group = next(iter(offer.all_groups), 0) if version == TLS13 else 0
        return HelloAnswer("hello", version=version, suite=chosen, group=group)


class BusyFor(Server):
    """Answers some of its connections otherwise, whatever they ask."""

    def __init__(self, takes, busy, otherwise) -> None:
        super().__init__(takes)
        self.busy, self.otherwise = busy, otherwise

    def answer(self, offer, deadline):
        if len(self.asked) in self.busy:
            return self.otherwise
        return super().answer(offer, deadline)


class EveryNth(Server):
    """Answers every n-th hello by something of its own, whatever it asks.

    Args:
        every: n.
        first: which one is the first, from 0.
        otherwise: that answer.
    """

    def __init__(self, takes, every, first, otherwise) -> None:
        super().__init__(takes)
        self.every, self.first, self.otherwise = every, first, otherwise

    def answer(self, offer, deadline):
        if len(self.asked) % self.every == self.first:
            return self.otherwise
        return super().answer(offer, deadline)


class RefusesBy(Server):
    """Answers what it does not take by something of its own."""

    def __init__(self, takes, refusal) -> None:
        super().__init__(takes)
        self.refusal = refusal

    def answer(self, offer, deadline):
        answer = super().answer(offer, deadline)
        return answer if answer.kind == "hello" else self.refusal


class ChoosesAnything(Server):
    """Chooses a suite that was not offered where it should refuse."""

    def answer(self, offer, deadline):
        answer = super().answer(offer, deadline)
        if answer.kind == "hello" or offer.version not in self.takes:
            return answer
        return HelloAnswer("hello", version=offer.version, suite=self.takes[offer.version][0])


class WantsShares(Server):
    """Refuses a hello of TLS 1.3 that brings no key share for a group it knows."""

    def __init__(self, takes, alert=40, groups=(0x001D,)) -> None:
        super().__init__(takes)
        self.alert, self.groups = alert, groups

    def answer(self, offer, deadline):
        if offer.version == TLS13 and not (offer.shares and set(self.groups) & set(offer.all_groups)):
            return HelloAnswer("alert", alert=self.alert)
        answer = super().answer(offer, deadline)
        return replace(answer, group=self.groups[0]) if answer.version == TLS13 else answer


class ByName(Server):
    """Takes more under other names than under those that it is asked for by."""

    def __init__(self, takes, names) -> None:
        super().__init__(takes)
        self.names = names

    def answer(self, offer, deadline):
        return Server(self.names.get(offer.server_name, self.takes)).answer(offer, deadline)


class StumblesOver(Server):
    """Closes, or does what is said, on hellos of some lengths."""

    def __init__(self, takes, lengths, otherwise=CLOSED) -> None:
        super().__init__(takes)
        self.lengths, self.otherwise = lengths, otherwise

    def answer(self, offer, deadline):
        if len(offer.record()) - 5 in self.lengths:
            return self.otherwise
        return super().answer(offer, deadline)


class RefusesWhere(Server):
    """Answers the hellos of one kind, and no others, by something of its own."""

    def __init__(self, takes, kind, refusal) -> None:
        super().__init__(takes)
        self.kind, self.refusal = kind, refusal

    def answer(self, offer, deadline):
        return self.refusal if self.kind(offer) else super().answer(offer, deadline)


class Prefers(Server):
    """Chooses what it likes best itself, in the order of what it takes."""

    def answer(self, offer, deadline):
        answer = super().answer(offer, deadline)
        if answer.kind != "hello":
            return answer
        return replace(
            answer, suite=next(suite for suite in self.takes[answer.version] if suite in offer.suites)
        )


class ReadsPart(Server):
    """Reads no more than the beginning of a list of suites.

    Args:
        most: suites that it reads.
    """

    def __init__(self, takes, most) -> None:
        super().__init__(takes)
        self.most = most

    def answer(self, offer, deadline):
        return super().answer(replace(offer, suites=offer.suites[: self.most]), deadline)


class HasPrimes(Server):
    """Has a prime of its own for each suite.

    Args:
        primes: their sizes in bits, by suite.
    """

    def __init__(self, primes) -> None:
        super().__init__({TLS12: tuple(primes)})
        self.primes = primes

    def answer(self, offer, deadline):
        answer = super().answer(offer, deadline)
        if answer.kind != "hello":
            return answer
        return replace(answer, dh_prime=b"\x80" + bytes(self.primes[answer.suite] // 8 - 1))


class Microcontroller(Server):
    """Needs time for a key exchange; refuses connections while it is busy, and a while longer.

    Args:
        takes: accepted suites by version.
        takes_s: seconds for a first flight.
        busy_s: seconds after a connection in which no other is taken.
        busy: what is seen of it meanwhile.
    """

    def __init__(self, takes, takes_s=4.5, busy_s=0.3, busy=REFUSED) -> None:
        super().__init__(takes)
        self.takes_s, self.busy_s, self.busy = takes_s, busy_s, busy
        self.free_at = 0.2  # somebody else was here just now

    def answer(self, offer, deadline):
        now = deadline.now
        if now[0] < self.free_at:
            return self.busy
        answer = super().answer(offer, deadline)
        needs = self.takes_s if answer.kind == "hello" else 0.01
        in_time = needs <= deadline.left()
        now[0] += min(needs, deadline.left())
        self.free_at = now[0] + self.busy_s
        return answer if in_time else SILENT


def enumerated(
    server: Server, *, name: str = "", timeout_s: float = 3.0, deadline_s: float = 180.0
) -> TlsObservation:
    """What is found of a server, all versions of TLS asked for."""
    clock = Clock(deadline_s)
    return Enumeration(server, name, timeout_s, clock, VERSIONS, sleep=clock.sleep).run()


def stretches(first: int, length: int) -> set[int]:
    """Numbers of connections, counted from one."""
    return set(itertools.islice(itertools.count(first), length))
