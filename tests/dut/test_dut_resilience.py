"""How a mechanism over UDP begins and ends an exchange, on small services."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.standard import edition

HOST = "127.0.0.1"


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

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join(5)


@pytest.fixture
def found(device: LoginDevice, tmp_path):
    """Makes the observation and the findings on a port."""

    def observe(port):
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        entry = {"ID": "one", "facts": {"direction": "incoming", "endpoint": f"{port}/udp"}}
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
