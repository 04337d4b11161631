"""The TCP port scan, on real sockets of the loopback interface."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading

import pytest

from pytest_etsi.probes.ports import ALL_PORTS, _Scanner, _Sweep, scan_tcp

HOST = "127.81.3.7"


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


def elsewhere():
    """Ports on which another program of this machine listens at every address, so that any scan finds them."""
    return set(scan_tcp("127.81.3.8", ALL_PORTS).open)


def test_all_ports_are_scanned_and_exactly_the_listening_ones_are_open():
    ports = (1, 2222, 8080, 32769, 40001, 50000, 60998, 65535)
    others = elsewhere()
    with listening(HOST, *ports):
        scan = scan_tcp(HOST)

    assert set(scan.open) - others == set(ports)
    assert scan.ports_scanned == 65535
    assert scan.complete
    assert scan.closed_count == 65535 - len(scan.open)


def test_ports_among_the_client_ports_of_this_machine_are_not_open_by_meeting_themselves():
    client_ports = range(32768, 61000)
    others = elsewhere()

    found = set(scan_tcp(HOST, client_ports, concurrency=2000).open) - others

    real = {port for port in found if _connects(HOST, port)}
    assert found == real


def _connects(host, port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0 and probe.getsockname() != probe.getpeername()


def test_a_connection_that_met_itself_counts_as_closed():
    found = _Sweep()
    with socket.socket() as meeting:
        meeting.bind((HOST, 0))
        meeting.connect(meeting.getsockname())
        accepted = _Scanner._connected(meeting, meeting.getsockname()[1], select.POLLOUT, found)

    assert not accepted
    assert found.closed == 1


def test_an_ipv6_host_is_scanned():
    with listening("::1") as (port,):
        scan = scan_tcp("::1", range(port - 2, port + 1))

    assert port in scan.open
    assert scan.address == "::1"


def test_a_port_that_accepts_and_resets_is_told_from_an_open_one():
    with listening(HOST) as (port,):
        pass
    listener = socket.socket()
    listener.bind((HOST, port))
    listener.listen()
    listener.settimeout(5)

    def turn_away():
        for _ in range(2):
            connection, _ = listener.accept()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

    thread = threading.Thread(target=turn_away)
    thread.start()
    scan = scan_tcp(HOST, [port])
    thread.join()
    listener.close()

    assert (scan.open, scan.reset) == ((), (port,))
    assert scan.answered


def test_a_silent_port_is_filtered_and_asked_again():
    listener = socket.socket()
    listener.bind((HOST, 0))
    listener.listen(0)
    port = listener.getsockname()[1]
    # A full queue makes the kernel drop what comes: the port is silent, as behind a firewall.
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex((HOST, port))
    scan = scan_tcp(HOST, [port], timeout_s=0.2)
    for each in (*fillers, listener):
        each.close()

    assert scan.filtered_count == 1
    assert scan.complete
    assert not scan.answered
    assert scan.duration_s >= 0.4


def test_the_deadline_cuts_a_scan_short_and_it_says_so():
    scan = scan_tcp(HOST, ALL_PORTS, deadline_s=0.1)

    assert not scan.complete
    assert "deadline" in scan.error
    assert scan.duration_s < 1


def test_the_rate_is_kept():
    scan = scan_tcp(HOST, range(20000, 20050), rate=200)

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
    assert seen["method"] == "tcp-connect"


@pytest.mark.parametrize("concurrency", [1, 10_000_000])
def test_any_concurrency_works(concurrency):
    with listening(HOST) as (port,):
        scan = scan_tcp(HOST, range(port - 20, port + 1), concurrency=concurrency)

    assert port in scan.open
    assert scan.complete
