"""Malformed messages of other protocols than HTTP: real services bear them, fragile ones are found."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe.inputs import messages as messages_module
from pytest_etsi.probes.malformed import PROTOCOLS, messages
from pytest_etsi.standard import edition
from tests import daemons

HOST = "127.0.0.1"


@pytest.fixture
def found(device: LoginDevice, tmp_path, monkeypatch):
    """Makes the findings on a service that is sent malformed messages."""
    monkeypatch.setattr(messages_module, "_BACK_WITHIN_S", 0.3)

    def observe(protocol, port, **more):
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        entry = {"ID": "one", "access": {"messages": [{"protocol": protocol, "port": port, **more}]}}
        profile = profile_of(tmp_path, device, ixit=tables | {"29-InpVal": [entry]})
        entry = profile.ixit.table("29-InpVal")[0]
        observed = Dut(profile, permissions=("fuzz",)).inputs(entry)
        return observed, criteria.inputs.kept_out(entry, observed)

    return observe


def test_mosquitto_bears_malformed_mqtt(found, tmp_path):
    with daemons.mosquitto(tmp_path, anonymous=True) as broker:
        observed, findings = found("mqtt", broker.port)

    assert not findings, findings
    assert observed.tried >= 25


def test_libcoap_bears_malformed_coap(found, tmp_path):
    port = daemons.free_port()
    command = [daemons.program("coap-server-notls"), "-A", HOST, "-p", str(port), "-v", "0"]
    with daemons.running("coap", tmp_path, command, HOST, port):
        observed, findings = found("coap", port)

    assert not findings, findings
    assert observed.tried >= 25


class Fragile:
    """A service over TCP that ends at the first message of more than `most` bytes, and answers any other by `answer`."""

    def __init__(self, answer, most):
        self._listener = socket.create_server((HOST, 0))
        self._answer, self._most = answer, most
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection:
                    connection.settimeout(0.2)
                    data = b""
                    with contextlib.suppress(OSError):
                        while len(data) <= self._most and (more := connection.recv(65536)):
                            data += more
                            if data[:1] in b"O\x10":
                                connection.sendall(self._answer)
                                break
                    if len(data) > self._most:
                        self._listener.close()
                        return

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.mark.parametrize(
    ("protocol", "answer", "most", "words"),
    [
        ("mqtt", b"\x20\x02\0\0", 800, "an identifier of 1024 bytes"),
        ("rtsp", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", 2000, "a thousand headers"),
        ("raw", b"hello", 200, "256 times A"),
    ],
)
def test_a_fragile_service_is_found_with_the_shortest_message(found, protocol, answer, most, words):
    with Fragile(answer, most) as service:
        observed, findings = found(protocol, service.port)

    assert [finding.kind for finding in findings] == ["violation"]
    assert words in str(findings)
    assert "does not answer any more" in str(findings)
    assert "bytes: " in observed.harms[0].request


@contextlib.contextmanager
def fragile_datagrams(answer, most):
    """A service over UDP that ends at the first message of more than `most` bytes; gives its port."""
    ended = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HOST, 0))
        server.settimeout(0.1)

        def serve():
            while not ended.is_set():
                with contextlib.suppress(TimeoutError, ConnectionRefusedError):
                    data, sender = server.recvfrom(65_535)
                    if len(data) > most:
                        return
                    server.sendto(answer(data), sender)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join(5)


@pytest.mark.parametrize(
    ("protocol", "answer", "words"),
    [
        ("mdns", lambda data: data[:2] + b"\x84\0" + data[4:], "a name of 300 labels"),
        ("ssdp", lambda _: b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n", "a thousand headers"),
    ],
)
def test_a_fragile_service_over_udp_is_found_and_a_sound_one_is_not(found, protocol, answer, words):
    with fragile_datagrams(answer, 400) as port:
        _, findings = found(protocol, port)
    with fragile_datagrams(answer, 65_535) as port:
        observed, none = found(protocol, port)

    assert [finding.kind for finding in findings] == ["violation"]
    assert words in str(findings)
    assert not none, none
    assert observed.tried >= 30


def test_a_service_that_does_not_answer_at_first_shows_nothing(found):
    _, findings = found("mqtt", daemons.free_port())

    assert not findings.violations
    assert "does not answer a proper message" in str(findings.unknowns)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_messages_are_bounded_and_the_same_for_the_same_seed(protocol):
    once, again, other = (list(messages(protocol, seed)) for seed in (7, 7, 8))

    assert once == again != other
    assert len(once) <= 60
    assert max(len(data) for _, data in once) <= 70_000
    assert len({what for what, _ in once}) == len(once)
