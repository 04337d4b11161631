"""The TCP port scan, on real sockets of the loopback interface."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque

import pytest
from work import FAR_TOO_LONG_S

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.ports import ALL_PORTS, LAN_RATE, _connect, addresses_of, scan_tcp
from pytest_etsi.probes.ports._connect import met_itself
from pytest_etsi.probes.ports._engine import Asking
from pytest_etsi.probes.ports._pace import BURST, Pace, usual_rate
from pytest_etsi.probes.witness import Watch
from tests.daemons import program

HOST = "127.81.3.7"


def may_send_raw():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP).close()
    except OSError:
        return False
    return True


needs_raw = pytest.mark.skipif(not may_send_raw(), reason="raw packets may not be sent by this user")
techniques = pytest.mark.parametrize(
    ("technique", "method"),
    [pytest.param("auto", "tcp-syn", marks=needs_raw), ("connect", "tcp-connect")],
    ids=["syn", "connect"],
)


@contextlib.contextmanager
def listening(host, *ports):
    with contextlib.ExitStack() as stack:
        found = []
        for port in ports or (0,):
            listener = stack.enter_context(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(16)
            found.append(listener.getsockname()[1])
        yield found


def only_here(found):
    """The ports without those on which another program of this machine listens at every address, as any scan finds."""
    return set(found) - set(scan_tcp("127.81.3.8", found).open if found else ())


@techniques
def test_all_ports_are_scanned_and_exactly_the_listening_ones_are_open(technique, method):
    ports = (1, 2222, 8080, 32769, 40001, 50000, 60998, 65535)
    with listening(HOST, *ports):
        scan = scan_tcp(HOST, technique=technique)

    assert scan.method == method
    assert only_here(scan.open) == set(ports)
    assert scan.ports_scanned == 65535
    assert scan.complete
    assert scan.closed_count == 65535 - len(scan.open)


@pytest.mark.parametrize("shared", [True, False])
def test_a_second_thread_changes_nothing_in_what_is_found(monkeypatch, shared):
    monkeypatch.setattr(_connect, "_CLEARLY", 1e9 if shared else 0.0)
    with listening(HOST, 1, 8080, 65535):
        scan = scan_tcp(HOST, technique="connect")

    assert only_here(scan.open) == {1, 8080, 65535}
    assert scan.closed_count == 65535 - len(scan.open)
    assert scan.complete


@techniques
def test_ports_among_the_client_ports_of_this_machine_are_not_open_by_meeting_themselves(technique, method):
    client_ports = range(32768, 61000)

    found = only_here(scan_tcp(HOST, client_ports, concurrency=2000, technique=technique).open)

    real = {port for port in found if _connects(HOST, port)}
    assert found == real


def _connects(host, port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0 and probe.getsockname() != probe.getpeername()


def test_a_connection_that_met_itself_is_told_from_one_to_a_listener():
    with socket.socket() as meeting:
        meeting.bind((HOST, 0))
        meeting.connect(meeting.getsockname())
        assert met_itself(meeting)
    with listening(HOST) as (port,), socket.create_connection((HOST, port)) as connection:
        assert not met_itself(connection)


@techniques
def test_an_ipv6_host_is_scanned(technique, method):
    with listening("::1") as (port,):
        scan = scan_tcp("::1", range(port - 2, port + 1), technique=technique)

    assert port in scan.open
    assert scan.address == "::1"


@techniques
def test_a_port_that_accepts_and_resets_is_told_from_an_open_one(technique, method):
    with listening(HOST) as (port,):
        pass
    listener = socket.socket()
    listener.bind((HOST, port))
    listener.listen()
    listener.settimeout(5)

    def turn_away():
        # A raw packet is answered without a connection that would be accepted.
        for _ in range(2 if technique == "connect" else 1):
            connection, _ = listener.accept()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

    thread = threading.Thread(target=turn_away)
    thread.start()
    scan = scan_tcp(HOST, [port], technique=technique)
    thread.join()
    listener.close()

    assert (scan.open, scan.reset) == ((), (port,))
    assert scan.answered


@techniques
def test_a_silent_port_is_filtered_and_asked_again(technique, method):
    listener = socket.socket()
    listener.bind((HOST, 0))
    listener.listen(0)
    port = listener.getsockname()[1]
    # A full queue makes the kernel drop what comes: the port is silent, as behind a firewall.
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex((HOST, port))
    scan = scan_tcp(HOST, [port], timeout_s=0.2, technique=technique)
    for each in (*fillers, listener):
        each.close()

    assert scan.filtered_count == 1
    assert scan.complete
    assert not scan.answered
    assert scan.duration_s >= 0.4


def test_the_deadline_cuts_a_scan_short_and_it_says_so():
    scan = scan_tcp(HOST, ALL_PORTS, deadline_s=0.1, rate=LAN_RATE)

    assert not scan.complete
    assert "deadline" in scan.error
    assert scan.duration_s < FAR_TOO_LONG_S


@techniques
def test_the_rate_is_kept(technique, method):
    scan = scan_tcp(HOST, range(20000, 20050), rate=200, technique=technique)

    assert scan.complete
    assert scan.duration_s >= 0.2


def test_a_name_that_does_not_resolve_is_an_observation():
    scan = scan_tcp("no-such-name.invalid", [80])

    assert not scan.complete
    assert "resolve" in scan.error


def test_progress_is_reported_and_never_exceeds_the_total():
    seen = []

    scan_tcp(HOST, range(1, 20001), progress=lambda done, total: seen.append((done, total)))

    assert seen
    assert all(done <= total == 20000 for done, total in seen)


def test_the_observation_becomes_builtins():
    with listening(HOST) as (port,):
        seen = scan_tcp(HOST, [port]).to_json()

    assert seen["open"] == [port]
    assert seen["method"] in {"tcp-syn", "tcp-connect"}
    assert json.loads(json.dumps(seen)) == seen


@pytest.mark.parametrize("concurrency", [1, 10_000_000])
def test_any_concurrency_works(concurrency):
    with listening(HOST) as (port,):
        scan = scan_tcp(HOST, range(port - 20, port + 1), concurrency=concurrency)

    assert port in scan.open
    assert scan.complete


def test_a_port_that_accepted_once_and_then_gives_no_answer_is_not_settled():
    """The queue of a listener that never accepts is filled between the first look and the second."""
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.bind((HOST, 0))
        listener.listen(0)
        port = listener.getsockname()[1]

        def fill(done, total):
            for _ in range(4):
                filler = stack.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex((HOST, port))

        watch = Watch(Deadline(60), pauses_s=(0.01, 0.01))
        scan = scan_tcp(HOST, [port], timeout_s=0.2, technique="connect", progress=fill, watch=watch)

    assert (scan.open, scan.unsettled, scan.complete) == ((), (port,), False)
    assert str(port) in scan.error
    assert scan.answered


class SimulatedDevice:
    """A device that a technique asks without a network: each port has its answers in the order of the questions."""

    method = "simulated"
    capacity = 1000
    shortage = ""

    def __init__(self, answers):
        self.answers = {port: deque(given) for port, given in answers.items()}
        self.asked = []

    def ask(self, ports, heard):
        for port in ports:
            self.asked.append(port)
            given = self.answers[port]
            answer = given.popleft() if given else "silent"
            getattr(heard, "pending" if answer == "silent" else answer).append(port)
        return []

    def hear(self, seconds, heard):
        time.sleep(min(seconds, 0.01))

    def give_up(self, port):
        pass

    def close(self):
        pass


def test_a_port_is_asked_twice_before_it_counts_as_silent():
    device = SimulatedDevice({1: ["closed"], 2: [], 3: ["silent", "open"]})

    asking = Asking(device, Pace(None), timeout_s=0.05, deadline=Deadline(5))
    asking.ask([1, 2, 3], to_the_end=True)

    assert (asking.open, asking.closed, asking.silent) == ([3], [1], [2])
    assert sorted(device.asked)[:2] == [1, 2]


def test_once_answers_get_lost_silent_ports_are_asked_four_times_and_the_pace_is_halved():
    lossy = {port: ["silent", "closed"] for port in range(1, 9)}
    device = SimulatedDevice({**lossy, 9: ["silent", "silent", "silent", "open"]})
    pace = Pace(LAN_RATE)

    asking = Asking(device, pace, timeout_s=0.05, deadline=Deadline(5))
    asking.ask(range(1, 10), to_the_end=True)

    assert asking.open == [9]
    assert asking.silent == []
    assert pace.losses == 9
    assert pace.lowest is not None
    assert pace.lowest <= LAN_RATE / 2


def test_the_pace_grants_no_more_than_a_burst_after_a_pause_and_recovers_slowly():
    pace = Pace(1000.0)
    now = time.monotonic()

    assert pace.due(now + 60, 1000) == BURST
    assert pace.due(now + 60, 1000) == 0
    assert pace.due(now + 60.0051, 1000) == 5
    pace.lost(now + 61, 1.0)
    pace.lost(now + 61.5, 1.0)  # of the same burst of losses
    assert pace.rate == 500
    for second in range(2, 20):
        pace.lost(now + 61 + 2 * second, 1.0)
    assert pace.rate == 50  # no lower by itself
    pace.answered(2000)
    assert pace.rate == pytest.approx(55)
    assert pace.lowest == 50


def test_only_this_machine_is_asked_without_a_limit():
    assert usual_rate("127.0.0.1") is None
    assert usual_rate("::1") is None
    assert usual_rate("192.0.2.7") == LAN_RATE
    assert usual_rate("fe80::1%eth0") == LAN_RATE


def test_a_name_has_its_addresses_of_both_families():
    assert {*addresses_of("localhost")} <= {"127.0.0.1", "::1"}
    assert addresses_of("::1") == ("::1",)


def test_without_the_right_to_send_raw_packets_the_scan_connects():
    """The right is taken away for good from the process that scans, whoever runs this test."""
    code = (
        "import json\n"
        "from pytest_etsi.probes.ports import scan_tcp\n"
        f"print(json.dumps(scan_tcp({HOST!r}, range(1, 2000)).to_json()))"
    )
    command = [sys.executable, "-c", code]
    if os.geteuid() == 0:
        command = [program("setpriv"), "--bounding-set=-net_raw", "--inh-caps=-net_raw", *command]
    with listening(HOST, 1234):
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    scan = json.loads(done.stdout)
    assert scan["method"] == "tcp-connect"
    assert 1234 in scan["open"]
    assert scan["complete"]
