"""How a mechanism begins and ends exchanges and connections, on small services."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from types import SimpleNamespace

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe import outage
from pytest_etsi.standard import edition

HOST = "127.0.0.1"


@contextlib.contextmanager
def serving(server, serve, ended):
    """A server in a thread of its own, until it is told to end; gives its port."""
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        ended.set()
        thread.join(5)


@contextlib.contextmanager
def service(answers: int, size: int, *, every_s: float = 0.0):
    """Answers each CoAP question with so many datagrams of so many bytes, one every so often; gives its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HOST, 0))
        server.settimeout(0.1)
        ended = threading.Event()

        def serve():
            while not ended.is_set():
                with contextlib.suppress(TimeoutError, ConnectionRefusedError):
                    data, sender = server.recvfrom(65_535)
                    for _ in range(answers if data[:2] == b"\x44\x01" else 0):
                        server.sendto(
                            b"\x64\x45" + data[2:8] + b"\xff" + b"</light>".ljust(size, b" "), sender
                        )
                        if every_s and ended.wait(every_s):
                            return

        with serving(server, serve, ended) as port:
            yield port


@pytest.fixture
def found(device: LoginDevice, tmp_path):
    """Makes the observation and the findings on a port."""

    def observe(port, transport="udp", **facts):
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        entry = {"ID": "one", "facts": {"direction": "incoming", "endpoint": f"{port}/{transport}"} | facts}
        (entry,) = (
            profile := profile_of(tmp_path, device, ixit=tables | {"11-ComMech": [entry]})
        ).ixit.table("11-ComMech")
        observed = Dut(profile).resilience(entry)
        return observed, criteria.capture.reconnect(entry, observed)

    return observe


def test_an_exchange_that_ends_with_its_answer_is_orderly(found):
    with service(1, 40) as port:
        observed, findings = found(port)

    (ending,) = observed.endings
    assert (ending.endpoint, ending.opened, ending.closed) == (f"{HOST}:{port}/udp", True, True)
    assert not findings


def test_a_service_that_answers_a_question_with_a_flood_is_not(found):
    with service(400, 1000) as port:
        observed, findings = found(port)

    assert not observed.endings[0].closed
    assert "does not end a connection in good order" in str(findings.unknowns)


def test_a_service_that_goes_on_answering_has_not_ended_however_slowly_it_does(found):
    with service(1000, 40, every_s=0.1) as port:
        observed, findings = found(port)

    assert not observed.endings[0].closed
    assert "and more was coming" in str(findings.unknowns)


def test_a_service_that_answers_no_known_question_leaves_it_open(found):
    with service(0, 1) as port:
        observed, findings = found(port)

    assert observed.endings == ()
    assert "answers no question that is known" in str(findings.unknowns)


# over TCP


@contextlib.contextmanager
def listener(ends):
    """Takes connections, and ends each as it is told; gives its port."""
    with socket.create_server((HOST, 0)) as server:
        server.settimeout(0.1)
        ended = threading.Event()

        def serve():
            while not ended.is_set():
                with contextlib.suppress(OSError):
                    connection, _ = server.accept()
                    with connection:
                        ends(connection, ended)

        with serving(server, serve, ended) as port:
            yield port


def _resets(connection, _):
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _floods(connection, ended):
    while not ended.is_set():
        connection.sendall(b"x" * 4096)


def _drips(connection, ended):
    while not ended.wait(0.01):
        connection.sendall(b"x")


ENDS = {
    "in good order": (lambda connection, _: connection.recv(1), {}, True, True, ""),
    "with a last word": (lambda connection, _: connection.sendall(b"bye"), {}, True, True, ""),
    "never": (lambda _, ended: ended.wait(5), {}, True, False, "still open after 0.1 s"),
    "broken off": (_resets, {}, True, False, "broken off"),
    "with a flood": (_floods, {}, True, False, "goes on sending"),
    "with a drip": (_drips, {}, True, False, "goes on sending"),
    "without the documented TLS": (lambda connection, _: connection.recv(1), {"tls": {"versions": ["TLSv1.2"]}}, False, False, "no TLS"),
}  # fmt: skip


@pytest.mark.parametrize(("ends", "facts", "opened", "closed", "detail"), ENDS.values(), ids=ENDS)
def test_how_a_connection_ends(found, monkeypatch, ends, facts, opened, closed, detail):
    monkeypatch.setattr("pytest_etsi.dut.observe.resilience._TIMEOUT_S", 0.1)
    with listener(ends) as port:
        observed, findings = found(port, "tcp", **facts)

    assert {(one.opened, one.closed) for one in observed.endings} == {(opened, closed)}
    assert detail in str(findings.unknowns)
    assert bool(findings.unknowns) is not closed


def test_a_connection_that_nobody_accepts_leaves_it_open(found):
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    observed, findings = found(port, "tcp")

    assert {(one.opened, one.closed) for one in observed.endings} == {(False, False)}
    assert "not accepted" in str(findings.unknowns)


def test_why_it_was_not_cut_off_is_told(found):
    observed, findings = found(0, peers=["cloud.example:443"], endpoint=None, direction="outgoing")

    assert observed.outage is None
    assert [one.message for one in findings.unknowns] == list(observed.open) != []


@pytest.mark.parametrize(
    ("tried", "enough"),
    [((443, 443, 8883, 8883), True), ((443, 443, 8883), False), ((443, 8883, 8883), False)],
)
def test_an_outage_is_watched_until_mechanisms_and_interfaces_have_tried_as_often_as_is_wanted(
    monkeypatch, tried, enough
):
    def calls(*peers):
        return SimpleNamespace(facts=SimpleNamespace(peers=peers))

    waited = []
    recording = SimpleNamespace(
        wait=waited.append,
        look=lambda: SimpleNamespace(attempts=[SimpleNamespace(server_port=port) for port in tried]),
        end=lambda: "seen",
    )
    access = SimpleNamespace(watch_s=0.05, watch_attempts=2)
    ixit = SimpleNamespace(
        com_mech=(calls("a.example:443"), calls(), calls("nobody-says-at-which-port")),
        ext_api=(calls("b.example:8883"), calls()),
    )
    dut = SimpleNamespace(
        uplink=SimpleNamespace(access=access, cut_off=contextlib.nullcontext),
        profile=SimpleNamespace(ixit=ixit),
        recorder=SimpleNamespace(once=lambda _, does: does()),
    )
    monkeypatch.setattr(outage, "live_capture", lambda *_: contextlib.nullcontext(recording))

    assert outage.observe_outage(dut) == "seen"
    assert (len(waited) == 1) is enough
