"""Answers to a hello that servers put together in ways of their own."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from dataclasses import replace

import pytest

from pytest_etsi.probes.tls import enumerate_tls, hello
from pytest_etsi.probes.tls._answer import CUT, MAX_FLIGHT, parse
from pytest_etsi.probes.tls._hello import HelloOffer
from tests.probes.scripted_tls import Script

HOST = "127.0.0.1"
SUITE = 0xC02F
WARNING, FATAL = b"\1\x70", b"\2\x28"  # unrecognized_name, handshake_failure


def record(kind, content, length=None):
    return struct.pack("!BHH", kind, 0x0303, len(content) if length is None else length) + content


def message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


SERVER_HELLO = message(2, b"\x03\x03" + bytes(32) + b"\0" + struct.pack("!HB", SUITE, 0))


def certificates(size):
    one = b"\x30" * (size - 6)
    listed = len(one).to_bytes(3, "big") + one
    return message(11, len(listed).to_bytes(3, "big") + listed)


def in_records(messages):
    pieces = (messages[start : start + 16000] for start in range(0, len(messages), 16000))
    return b"".join(record(22, piece) for piece in pieces)


REFUSALS = {
    "alone": record(21, FATAL),
    "after a warning in one record": record(21, WARNING + FATAL),
    "after a warning in a record of its own": record(21, WARNING) + record(21, FATAL),
    "in two records": record(21, FATAL[:1]) + record(21, FATAL[1:]),
    "in two records, with an empty one between": record(21, FATAL[:1])
    + record(21, b"")
    + record(21, FATAL[1:]),
    "with a warning, a byte a record": b"".join(record(21, bytes([byte])) for byte in WARNING + FATAL),
    "as a warning": record(21, b"\1\x28"),
}


@pytest.mark.parametrize("data", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize("flight", [True, False])
def test_alert_is_read_however_it_is_packed(data, flight):
    answer = parse(data, flight=flight)

    assert answer is not None
    assert (answer.kind, answer.alert) == ("alert", 40)


@pytest.mark.parametrize("data", [REFUSALS[name] for name in REFUSALS if "record" in name])
def test_no_part_of_an_alert_is_taken_for_the_whole(data):
    for end in range(len(data)):
        assert parse(data[:end], flight=True) is None


def test_warning_before_the_choice_is_none_of_a_refusal():
    answer = parse(record(21, WARNING) + record(22, SERVER_HELLO), flight=False)

    assert answer is not None
    assert (answer.kind, answer.suite) == ("hello", SUITE)


def test_warnings_without_end_are_no_answer():
    answer = parse(record(21, WARNING) * 40, flight=True)

    assert answer is not None
    assert (answer.kind, answer.detail) == ("garbage", "alerts without end")


def test_alert_within_a_handshake_message_is_a_refusal():
    answer = parse(record(22, SERVER_HELLO[:20]) + record(21, FATAL), flight=True)

    assert answer is not None
    assert (answer.kind, answer.alert) == ("alert", 40)


@pytest.mark.parametrize("size", [97 * 1024, 200 * 1024])
def test_long_certificates_are_read_with_what_follows(size):
    answer = parse(
        in_records(SERVER_HELLO + certificates(size) + message(13, b"") + message(14, b"")), flight=True
    )

    assert answer is not None
    assert (answer.kind, answer.suite, answer.client_certificate, answer.detail) == ("hello", SUITE, True, "")
    assert len(answer.certificates[0]) == size - 6


def test_certificates_that_are_too_long_leave_the_choice_known():
    flight = in_records(SERVER_HELLO + certificates(MAX_FLIGHT + 100))
    answer = parse(flight[:40_000], flight=True)

    assert answer is not None
    assert (answer.kind, answer.suite, answer.certificates) == ("hello", SUITE, ())
    assert "was not read" in answer.detail


@contextlib.contextmanager
def saying(*, refusal=b"", flight=b""):
    """A server of one suite of TLS 1.2 that answers as given and leaves the connection open; gives the port."""

    class Says(Script):
        def answer(self, data):
            given = super().answer(data)
            if given[:1] == b"\x15" and refusal:
                return refusal
            return flight if given[:1] == b"\x16" and flight else given

    script = Says({0x0303: (SUITE,)})
    held = []
    listener = socket.create_server((HOST, 0))
    listener.settimeout(0.1)
    stop = threading.Event()

    def serve():
        while not stop.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                held.append(connection)
                connection.settimeout(2)
                data = answer = b""
                while not answer and (more := connection.recv(65536)):
                    data += more
                    answer = script.answer(data)
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        for connection in held:
            connection.close()
        listener.close()


@pytest.mark.parametrize("name", ["after a warning in one record", "in two records"])
def test_server_that_refuses_so_and_keeps_the_connection_is_enumerated_to_its_end(name):
    with saying(refusal=REFUSALS[name]) as port:
        seen = enumerate_tls(HOST, port)

    assert seen.complete, seen.errors
    assert seen.suites == {"TLSv1.2": ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",)}


def test_server_that_refuses_by_an_answer_of_http_is_found():
    with saying(refusal=b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n") as port:
        seen = enumerate_tls(HOST, port)

    assert seen.complete, seen.errors
    assert seen.versions == ("TLSv1.2",)


def test_server_with_certificates_that_are_too_long_is_found_and_stays_open():
    with saying(flight=in_records(SERVER_HELLO + certificates(MAX_FLIGHT + 100))) as port:
        seen = enumerate_tls(HOST, port)

    assert seen.versions == ("TLSv1.2",)
    assert not seen.complete
    assert "TLSv1.2: a handshake message of 262,244 bytes was not read" in seen.errors


def test_certificate_that_is_none_is_told():
    flight = SERVER_HELLO + certificates(100) + message(14, b"")
    with saying(flight=in_records(flight)) as port:
        seen = enumerate_tls(HOST, port)

    assert seen.complete, seen.errors
    assert seen.certificate is None
    assert "the certificate is malformed" in str(seen.errors)


def test_server_whose_flight_stops_after_its_choice_is_found_and_stays_open():
    with saying(flight=in_records(SERVER_HELLO)) as port:
        answer = hello(HOST, port, suites=(SUITE,), flight=True, timeout_s=0.3)
        seen = enumerate_tls(HOST, port, timeout_s=0.03)

    assert (answer.kind, answer.suite, answer.detail) == ("hello", SUITE, CUT)
    assert seen.versions == ("TLSv1.2",)
    assert not seen.complete
    assert f"TLSv1.2: {CUT}" in seen.errors


@pytest.mark.parametrize("version", [0x0301, 0x0303, 0x0304])
def test_padded_hello_is_longer_than_the_lengths_that_servers_stumble_over(version):
    suites = (0x1301,) if version == 0x0304 else (SUITE,)
    plain, padded = HelloOffer(version, suites), HelloOffer(version, suites, padded=True)

    assert len(plain.record()) - 5 < 512
    assert len(padded.record()) - 5 == 516  # with its header; the hello itself has 512
    assert struct.unpack("!H", padded.record()[3:5]) == (len(padded.record()) - 5,)


def test_hello_that_is_long_already_is_padded_by_nothing():
    long = HelloOffer(0x0303, tuple(range(300)))

    assert len(replace(long, padded=True).record()) == len(long.record()) + 4


def test_hello_of_ssl_3_has_no_extensions_to_pad_it_with():
    old = HelloOffer(0x0300, (0x0005,))

    assert len(replace(old, padded=True).record()) == len(old.record())


@pytest.mark.parametrize("shares", [True, False])
def test_hello_with_key_shares_is_understood_by_openssl(tmp_path, shares):
    from tests import daemons

    with daemons.nginx(tmp_path, tls=True, server="ssl_ecdh_curve P-384;") as server:
        offer = HelloOffer(0x0304, (0x1301,), shares=shares, padded=True)
        with socket.create_connection((HOST, server.port), 5) as connection:
            connection.sendall(offer.record())
            answer = parse(connection.recv(65536), flight=False)

    assert answer is not None
    assert (answer.kind, answer.version, answer.group) == ("hello", 0x0304, 0x0018)
    retry = bytes.fromhex(
        "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
    )  # RFC 8446, 4.1.3
    assert (answer.random == retry) is not shares
