"""Which UDP ports of a host answer, asked in the languages that IoT devices speak.

A port that keeps silent may be closed, filtered, or wait for another language: only an answer, and the refusal of the
host, say something. Every usual port is asked in its own language; where a profile says that few ports belong to the
device, each of these is asked in all.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, why
from pytest_etsi.probes.observation import Observation, printable
from pytest_etsi.probes.udp.payloads import PAYLOADS, Payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["FEW_PORTS", "UdpAnswer", "UdpScan", "scan_udp"]

FEW_PORTS = 256
"""Up to so many ports, each is asked in all languages."""

DEFAULT_RATE = 400.0
"""Datagrams per second at most. A microcontroller with a few packet buffers (lwIP has 16 by default) empties them at
this rate; hosts limit their refusals to about one in a second anyway, so that more speed would show nothing more."""

_TRIES_OF_A_WITNESS = 3
_MAX_ANSWERS = 8
_MAX_BYTES = bounds.UDP_PORTS.most
_MAX_FLOOD = 2000


@dataclass(frozen=True, slots=True)
class UdpAnswer(Observation):
    """What a port answered.

    Attributes:
        port: that was asked.
        name: protocol of the question that was answered first; of several that could be, one whose answer has the form
            that the protocol gives it.
        fits: the answer has that form; otherwise something unknown answers to anything.
        text: what came back, printable.
        sent: bytes that were sent to the port until then.
        received: bytes that came back.
    """

    port: int
    name: str
    fits: bool
    text: str
    sent: int
    received: int


@dataclass(frozen=True, slots=True)
class UdpScan(Observation):
    """What a search for UDP services saw.

    Attributes:
        host: as asked for.
        asked: ports that were asked.
        answers: one per port that answered.
        closed: ports that the host said are closed.
        silent: ports that said nothing: closed, filtered, or waiting for another language.
        complete: every port was asked.
        duration_s: seconds from start to end.
        error: why it is not complete.
        quiet: whether the answers came to an end; None: nobody waited for that, or nothing answered.
    """

    host: str
    asked: int
    answers: tuple[UdpAnswer, ...]
    closed: int
    silent: tuple[int, ...]
    complete: bool
    duration_s: float
    error: str = ""
    quiet: bool | None = None


class _Port:
    """One port while it is asked."""

    __slots__ = ("answers", "closed", "payloads", "received", "sent", "socket")

    def __init__(self, connection: socket.socket, payloads: tuple[Payload, ...]) -> None:
        self.socket = connection
        self.payloads = payloads
        self.sent = 0
        self.received = 0
        self.answers: list[bytes] = []
        self.closed = False

    def again(self) -> _Port:
        """The same port, of which nothing is known yet."""
        return _Port(self.socket, self.payloads)


def scan_udp(
    host: str,
    ports: Iterable[int] | None = None,
    *,
    wait_s: float = bounds.UDP_PORTS.step_s,
    tries: int = 2,
    rate: float | None = None,
    deadline_s: float = bounds.UDP_PORTS.whole_s,
    quiet_s: float = 0.0,
    known: Iterable[int] = (),
) -> UdpScan:
    """Ask UDP ports for services.

    In the end the ports that answered are asked again: where none of them does any more, silence of the others shows
    nothing.

    Args:
        host: name or address, IPv4 or IPv6.
        ports: the ports that can belong to the device; None: all of them, of which the usual ones are asked.
        wait_s: seconds to wait for answers after the last question of a round.
        tries: rounds; later ones ask only what has kept silent.
        rate: datagrams per second at most; None or 0: `DEFAULT_RATE`.
        deadline_s: seconds after which the search ends with what it has.
        quiet_s: seconds without a datagram after which answers have come to their end; five times as long is waited
            for that; 0: not at all.
        known: ports at which something is expected to answer: asked in all languages, where they belong to the device.
    """
    deadline = Deadline(deadline_s)
    questions = _questions(None if ports is None else frozenset(ports), frozenset(known))
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 9, type=socket.SOCK_DGRAM)[0]
        asked = _open(family, address, questions)
    except OSError as error:
        return UdpScan(
            host, len(questions), (), 0, (), complete=False, duration_s=deadline.elapsed, error=why(error)
        )
    gap_s = 1.0 / (rate or DEFAULT_RATE)
    try:
        complete = all(_round(asked, gap_s, wait_s, deadline) for _ in range(tries))
        answered = any(one.answers for one in asked.values())
        quiet = _until_quiet(asked, quiet_s, deadline) if quiet_s and answered else None
        gone = complete and answered and not _still_answer(asked, gap_s, wait_s, deadline)
    finally:
        for one in asked.values():
            one.socket.close()
    answers = tuple(_answer(port, one) for port, one in asked.items() if one.answers)
    silent = tuple(port for port, one in asked.items() if not one.answers and not one.closed)
    return UdpScan(
        host=host,
        asked=len(asked),
        answers=answers,
        closed=sum(one.closed and not one.answers for one in asked.values()),
        silent=silent,
        complete=complete and not gone,
        duration_s=deadline.elapsed,
        error=_why_incomplete(answers, deadline_s, complete=complete, gone=gone),
        quiet=quiet,
    )


def _why_incomplete(answers: tuple[UdpAnswer, ...], deadline_s: float, *, complete: bool, gone: bool) -> str:
    if not complete:
        return f"the deadline of {deadline_s:g} s passed"
    named = ", ".join(f"udp/{one.port}" for one in answers)
    return f"what had answered does not any more: {named}" if gone else ""


def _still_answer(asked: Mapping[int, _Port], gap_s: float, wait_s: float, deadline: Deadline) -> bool:
    """Whether one of the ports that answered does so again; asked up to three times, for a datagram may get lost."""
    for _ in range(_TRIES_OF_A_WITNESS):
        again = {port: one.again() for port, one in asked.items() if one.answers}
        _round(again, gap_s, wait_s, deadline)
        if any(one.answers for one in again.values()):
            return True
    return False


def _questions(ports: frozenset[int] | None, known: frozenset[int]) -> dict[int, tuple[Payload, ...]]:
    if ports is not None and len(ports) <= FEW_PORTS:
        return dict.fromkeys(sorted(ports), PAYLOADS)
    usual = sorted({port for payload in PAYLOADS for port in payload.ports})
    return {
        port: PAYLOADS if port in known else tuple(payload for payload in PAYLOADS if port in payload.ports)
        for port in sorted(known.union(usual))
        if ports is None or port in ports
    }


def _open(
    family: int, address: tuple[object, ...], questions: Mapping[int, tuple[Payload, ...]]
) -> dict[int, _Port]:
    opened: dict[int, _Port] = {}
    try:
        for port, payloads in questions.items():
            connection = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
            opened[port] = _Port(connection, payloads)
            connection.connect((address[0], port, *address[2:]))
            while connection.getsockname() == connection.getpeername():
                # It would hear itself: let the system choose another port.
                connection.close()
                connection = opened[port].socket = socket.socket(
                    family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK
                )
                connection.bind(("", 0))
                connection.connect((address[0], port, *address[2:]))
    except OSError:
        for one in opened.values():
            one.socket.close()
        raise
    return opened


def _round(asked: Mapping[int, _Port], gap_s: float, wait_s: float, deadline: Deadline) -> bool:
    """Ask every port that has said nothing yet; False: the time was up before."""
    selector = selectors.DefaultSelector()
    for one in asked.values():
        if not one.closed:
            selector.register(one.socket, selectors.EVENT_READ, one)
    heard = 0
    try:
        due = time.monotonic()
        for one in asked.values():
            for payload in one.payloads:
                if one.answers or one.closed:
                    break
                if deadline.expired:
                    return False
                _send(one, payload.data)
                due = max(due, time.monotonic() - gap_s) + gap_s
                while (left := min(due - time.monotonic(), deadline.left())) > 0:
                    heard += _listen(selector, left)
                if heard > _MAX_FLOOD:
                    return True
        end = time.monotonic() + wait_s
        while (left := min(end - time.monotonic(), deadline.left())) > 0 and heard <= _MAX_FLOOD:
            if all(one.answers or one.closed for one in asked.values()):
                break
            heard += _listen(selector, left)
        return not deadline.expired
    finally:
        selector.close()


def _until_quiet(asked: Mapping[int, _Port], quiet_s: float, deadline: Deadline) -> bool:
    """Listen until nothing has come for some time; False: it went on for five times as long, or as a flood."""
    longest = Deadline(deadline.left(5 * quiet_s))
    selector = selectors.DefaultSelector()
    for one in asked.values():
        selector.register(one.socket, selectors.EVENT_READ, one)
    heard = 0
    try:
        end = time.monotonic() + quiet_s
        while (left := end - time.monotonic()) > 0:
            more = _listen(selector, longest.left(left))
            heard += more
            if heard > _MAX_FLOOD or longest.expired:
                return False
            if more:
                end = time.monotonic() + quiet_s
        return True
    finally:
        selector.close()


def _send(one: _Port, data: bytes) -> None:
    try:
        one.sent += one.socket.send(data)
    except ConnectionRefusedError:
        one.closed = not one.answers
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.ENOBUFS, errno.EMSGSIZE}:
            one.closed = one.closed or error.errno in {errno.EHOSTUNREACH, errno.ENETUNREACH}


def _listen(selector: selectors.BaseSelector, seconds: float) -> int:
    """Take what comes within some time; gives the number of datagrams."""
    heard = 0
    for key, _ in selector.select(seconds):
        one: _Port = key.data
        try:
            data = one.socket.recv(65_535)
        except ConnectionRefusedError:
            one.closed = not one.answers
            continue
        except OSError:
            continue
        heard += 1
        one.received += len(data)
        if len(one.answers) < _MAX_ANSWERS:
            one.answers.append(data[:_MAX_BYTES])
    return heard


def _answer(port: int, one: _Port) -> UdpAnswer:
    text = printable(one.answers[0], 200)
    # What only repeats the question is an echo, whatever it looks like.
    if any(data == payload.data for payload in one.payloads for data in one.answers):
        return UdpAnswer(port, "echo", False, text, one.sent, one.received)
    for payload in one.payloads:
        for data in one.answers:
            if payload.fits(data):
                return UdpAnswer(port, payload.name, True, printable(data, 200), one.sent, one.received)
    usual = next((payload.name for payload in one.payloads if port in payload.ports), "")
    return UdpAnswer(port, usual or "unknown", bool(usual), text, one.sent, one.received)
