"""A search of ports says "nothing else" only where ports that had answered still answer as before."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.ports import MOST_SERVICES, PortScan, _scan, _usual, scan_tcp
from pytest_etsi.probes.ports._engine import Asking
from pytest_etsi.probes.ports._pace import Pace
from pytest_etsi.probes.witness import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.probes.ports._engine import Heard

HOST = "127.81.4.7"
PORTS = range(10_000, 13_000)


class Ports:
    """Listens, and closes every port for good, or for a time, as soon as the port `trap` is connected to.

    Attributes:
        connections: how many were accepted.
        closed: set when the trap was met.
    """

    def __init__(self, *ports: int, trap: int | None = None) -> None:
        self.ports, self.trap = ports, trap
        self.connections = 0
        self.closed = threading.Event()
        self._listeners: dict[int, tuple[int, socket.socket]] = {}
        self._poll = select.poll()
        self._lock = threading.Lock()
        self._end, self._ended = socket.socketpair()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Ports:
        self.listen()
        self._poll.register(self._ended, select.POLLIN)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.close()
        self._thread.join()
        self.close()
        self._ended.close()

    def listen(self) -> None:
        """Accept, again as well."""
        with self._lock:
            here = {port for port, _ in self._listeners.values()}
            for port in {*self.ports, *([self.trap] if self.trap else [])} - here:
                one = socket.socket()
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind((HOST, port))
                one.listen(64)
                self._listeners[one.fileno()] = (port, one)
                self._poll.register(one, select.POLLIN)

    def close(self) -> None:
        with self._lock:
            for descriptor, (_, one) in self._listeners.items():
                self._poll.unregister(descriptor)
                one.close()
            self._listeners.clear()

    def _run(self) -> None:
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._ended.fileno():
                    return
                if descriptor not in self._listeners:
                    continue
                port, one = self._listeners[descriptor]
                one.accept()[0].close()
                self.connections += 1
                if port == self.trap and not self.closed.is_set():
                    self.close()
                    self.closed.set()


@contextlib.contextmanager
def listening(*ports: int, trap: int | None = None) -> Iterator[Ports]:
    with Ports(*ports, trap=trap) as device:
        yield device


def test_device_that_refuses_every_port_after_some_questions_has_not_shown_its_ports() -> None:
    with listening(10_022, 12_424, trap=10_303) as device:
        watch = Watch(Deadline(60), pauses_s=(0.01,))

        scan = scan_tcp(HOST, PORTS, known=(10_022,), technique="connect", watch=watch)

        assert device.closed.is_set()
    assert not scan.complete
    assert "tcp/10022 is no longer answered as before" in scan.error
    assert 10_022 in scan.unsettled


def test_device_that_was_away_for_a_while_is_asked_again_and_nothing_is_missed() -> None:
    with listening(10_022, 12_424, trap=10_403) as device:
        # It comes back while it is waited for.
        watch = Watch(Deadline(60), sleep=lambda _: device.listen())

        scan = scan_tcp(HOST, PORTS, known=(10_022,), technique="connect", watch=watch)

        assert device.closed.is_set()
    assert scan.open == (10_022, 10_403, 12_424)
    assert scan.complete
    assert scan.closed_count == len(PORTS) - 3


def test_port_before_the_first_open_one_is_asked_again_once_there_is_a_witness() -> None:
    """Nothing is open when the first ports are asked: a program that is still starting."""
    ports = range(10_000, 22_000)
    with contextlib.ExitStack() as stack:
        began: list[int] = []

        def progress(done: int, total: int) -> None:
            if not began and done > 4096:
                began.append(done)
                stack.enter_context(listening(11_003, 21_903))

        scan = scan_tcp(HOST, ports, technique="connect", progress=progress, rate=20_000)

    assert scan.open == (11_003, 21_903)
    assert scan.complete
    assert scan.closed_count == len(ports) - 2


def test_device_that_accepts_everything_is_told_by_a_sample() -> None:
    ports = range(20_000, 20_000 + MOST_SERVICES + 64)
    with listening(*ports) as device:
        scan = scan_tcp(HOST, range(19_000, 20_600), technique="connect")

        # Each port once, and a few a second time.
        assert device.connections <= len(ports) + 24
    assert not scan.complete
    assert len(scan.open) == len(ports)
    assert scan.accepts_all
    assert "not asked further" in scan.error


class Simulated:
    """A device that a technique asks without a network: `answer` gives the answer to each question."""

    method, capacity, shortage = "simulated", 1000, ""

    def __init__(self, answer: Callable[[Simulated, int], str]) -> None:
        self.asked: list[int] = []
        self.answer = answer

    def ask(self, ports: list[int], heard: Heard) -> list[int]:
        for port in ports:
            self.asked.append(port)
            getattr(heard, self.answer(self, port)).append(port)
        return []

    def hear(self, seconds: float, heard: Heard) -> None:
        pass

    def give_up(self, port: int) -> None:
        pass

    def close(self) -> None:
        pass


def scanned(monkeypatch: pytest.MonkeyPatch, device: Simulated, **options: Any) -> PortScan:
    """Only the technique is simulated; the second look at what accepted finds nothing at this address."""
    monkeypatch.setattr(_scan, "_technique", lambda *_: device)
    return scan_tcp(HOST, range(1, 2001), **options)


def test_ports_that_are_known_are_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Simulated(lambda _, port: "closed")

    scan = scanned(monkeypatch, device, known=(1705,))

    assert device.asked[0] == 1705
    assert scan.closed_count == 2000
    assert scan.complete


def test_device_that_from_some_question_on_accepts_what_it_refused_is_not_asked_further(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device = Simulated(lambda seen, _: "open" if len(seen.asked) > 400 else "closed")

    scan = scanned(monkeypatch, device)

    assert scan.accepts_all
    assert not scan.complete
    assert len(device.asked) < 600


def test_one_port_that_refused_and_accepts_later_makes_no_trap(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Simulated(lambda seen, port: "open" if port == 80 and len(seen.asked) > 400 else "closed")

    scan = scanned(monkeypatch, device)

    assert scan.complete
    assert not scan.accepts_all


@pytest.mark.parametrize(
    ("opened", "documented"),
    [({22}, True), ({1999}, True), ({22, 80, 443, 1999}, True), ({1880}, False), ({1935, 1999}, False)],
    ids=["low", "high", "several", "usual", "a usual one and another"],
)
def test_witnesses_cost_a_tenth_of_the_questions_at_most(
    monkeypatch: pytest.MonkeyPatch, opened: set[int], documented: bool
) -> None:
    device = Simulated(lambda _, port: "open" if port in opened else "closed")

    scan = scanned(monkeypatch, device, known=tuple(opened) if documented else ())

    assert scan.closed_count == 2000 - len(opened)
    assert 2000 < len(device.asked) <= 2200


def test_what_was_refused_before_the_first_open_port_is_asked_once_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing else shows that it would have accepted at that time, so that this is what it costs."""
    device = Simulated(lambda _, port: "open" if port == 1990 else "closed")

    scan = scanned(monkeypatch, device)

    assert scan.unsettled == (1990,)
    assert {port for port in range(1, 1990) if device.asked.count(port) < 2} == set()
    assert len(device.asked) <= 1.1 * (2000 + 1990)


@pytest.mark.parametrize("port", [1000, 5790, 9998, 31_000, 65_500])
def test_a_port_whose_number_people_choose_is_found_early_enough_for_that_to_cost_a_tenth(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    device = Simulated(lambda _, asked: "open" if asked == port else "closed")
    monkeypatch.setattr(_scan, "_technique", lambda *_: device)

    scan = scan_tcp(HOST)

    assert port not in _usual.USUAL
    assert scan.closed_count == 65_534
    assert len(device.asked) <= 1.1 * 65_535


def test_answer_of_a_known_port_is_asked_for_three_times() -> None:
    device = Simulated(lambda seen, _: "open" if len(seen.asked) == 3 else "pending")
    asking = Asking(device, Pace(None), timeout_s=0.01, deadline=Deadline(5))

    assert asking.answer_of(22) == "open"
    assert device.asked == [22, 22, 22]
