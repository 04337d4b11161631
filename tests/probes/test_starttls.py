"""Switching to TLS, as servers of four protocols do it; TLS itself is Python's."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading

import pytest

from pytest_etsi.probes.tls import enumerate_tls
from tests import daemons

HOST = "127.0.0.1"
# Per protocol: the greeting, and the answer to each command in turn; the last one switches.
SERVERS = {
    "smtp": (
        b"220-camera.test ESMTP\r\n220 be patient\r\n",
        [
            (b"EHLO ", b"250-camera.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"),
            (b"STARTTLS", b"220 go ahead\r\n"),
        ],
    ),
    "ftp": (b"220-hello\r\n 220 is not the end\r\n220 ready\r\n", [(b"AUTH TLS", b"234 go ahead\r\n")]),
    "imap": (b"* OK IMAP4rev1 ready\r\n", [(b"a1 STARTTLS", b"* NOTE wait\r\na1 OK begin\r\n")]),
    "pop3": (b"+OK ready\r\n", [(b"STLS", b"+OK begin\r\n")]),
}


@contextlib.contextmanager
def serving(protocol, context, *, refuse=b""):
    listener = socket.create_server((HOST, 0))
    listener.settimeout(0.1)
    stop = threading.Event()
    greeting, commands = SERVERS[protocol]

    def talk(connection):
        connection.sendall(greeting)
        for command, answer in commands:
            line = b""
            while not line.endswith(b"\r\n"):
                if not (more := connection.recv(1)):
                    return
                line += more
            assert line.startswith(command)
            connection.sendall(refuse if refuse and (command, answer) == commands[-1] else answer)
        with context.wrap_socket(connection, server_side=True):
            pass

    def serve():
        while not stop.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                connection.settimeout(2)
                with connection, contextlib.suppress(OSError, AssertionError):
                    talk(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        listener.close()


@pytest.fixture
def context(tmp_path):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*daemons.self_signed(tmp_path))
    made.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")
    return made


@pytest.mark.parametrize("protocol", SERVERS)
def test_a_service_that_switches_is_enumerated(protocol, context):
    with serving(protocol, context) as port:
        seen = enumerate_tls(HOST, port, starttls=protocol)

    assert seen.complete, seen.errors
    assert seen.starttls == protocol
    assert seen.suites["TLSv1.2"] == ("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",)
    assert "TLSv1.3" in seen.versions
    assert seen.certificate is not None


@pytest.mark.parametrize(
    ("protocol", "refusal"),
    [
        ("smtp", b"454 not now\r\n"),
        ("ftp", b"502 unknown command\r\n"),
        ("imap", b"a1 BAD what\r\n"),
        ("pop3", b"-ERR what\r\n"),
    ],
)
def test_a_service_that_refuses_to_switch_is_not_complete(protocol, refusal, context):
    with serving(protocol, context, refuse=refusal) as port:
        seen = enumerate_tls(HOST, port, starttls=protocol)

    assert not seen.complete
    assert refusal.strip().decode() in seen.errors[0]
    assert seen.connections == 2


def test_another_protocol_than_expected_is_not_complete(context):
    with serving("pop3", context) as port:
        seen = enumerate_tls(HOST, port, starttls="imap", timeout_s=0.3)

    assert not seen.complete
    assert "+OK ready" in seen.errors[0]
