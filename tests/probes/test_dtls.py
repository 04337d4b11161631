"""DTLS of libcoap's servers, compared with what OpenSSL negotiates with them one by one."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from work import FAR_TOO_LONG_S

from pytest_etsi.probes.tls import enumerate_dtls
from tests import daemons
from tests.probes import tls_stacks

HOST = "127.0.0.1"
KEY = "73656372657431"  # of "secret1"


@contextlib.contextmanager
def coap_server(directory, library, key):
    """The UDP port of a CoAP server over DTLS; `key` is "rsa", "ec" or "psk"."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    if key == "psk":
        options = ["-k", "secret1", "-h", "hint"]
    else:
        certificate, secret = daemons.self_signed(directory, key=key)
        options = ["-c", str(certificate), "-j", str(secret), "-n"]
    command = [daemons.program(f"coap-server-{library}"), "-A", HOST, "-p", str(port - 1), *options]
    end = time.monotonic() + 60
    with (directory / "coap.log").open("wb") as log:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        while not daemons.is_bound(HOST, port):
            assert server.poll() is None, (directory / "coap.log").read_text()
            assert time.monotonic() < end, (directory / "coap.log").read_text()
            time.sleep(0.02)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _negotiates(port, cipher, key):
    options = ["-cipher", f"{cipher}:@SECLEVEL=0", *(["-psk", KEY] if key == "psk" else [])]
    return tls_stacks.openssl_negotiates(port, "-dtls1_2", *options)


@pytest.mark.parametrize("key", ["rsa", "ec", "psk"])
def test_the_suites_equal_those_that_openssl_negotiates_one_by_one(tmp_path, key):
    kinds = {"psk": "PSK", "ec": "ECDSA", "rsa": "RSA"}
    names = [
        (short, name)
        for short, name, thirteen in tls_stacks.openssl_names()
        if not thirteen and kinds[key] in name and ("PSK" in name) is (key == "psk")
    ]
    with coap_server(tmp_path, "openssl", key) as port:
        seen = enumerate_dtls(HOST, port)
        with ThreadPoolExecutor(4) as pool:
            worked = pool.map(lambda one: _negotiates(port, one[0], key), names)
    expected = {name for (_, name), accepted in zip(names, worked, strict=True) if accepted}

    assert seen.complete, seen.errors
    assert seen.versions == ("DTLSv1.2",)
    assert set(seen.suites["DTLSv1.2"]) == expected
    assert len(expected) >= 10
    if key != "psk":
        assert seen.certificate is not None
        assert seen.certificate.key_type == key.upper()


def test_a_server_that_refuses_without_a_word_is_enumerated_to_its_end(tmp_path):
    with coap_server(tmp_path, "gnutls", "psk") as port:
        seen = enumerate_dtls(HOST, port)

    assert seen.complete, seen.errors
    suites = {"TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA", "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA"}
    # libcoap asks GnuTLS for "NORMAL:+ECDHE-PSK:+PSK" and the versions from DTLS 1.0 on.
    assert {version: set(names) for version, names in seen.suites.items()} == {
        "DTLSv1.0": suites,
        "DTLSv1.2": suites,
    }


def test_a_closed_port_is_not_complete():
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    seen = enumerate_dtls(HOST, port)

    assert not seen.complete
    assert "unreachable" in seen.errors[0]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"hello",
        b"\x16\xfe\xff",
        b"\x16\xfe\xff" + bytes(8) + b"\xff\xff\3",
        # a cookie again and again
        b"\x16\xfe\xff" + bytes(8) + b"\0\x10\3\0\0\4\0\0\0\0\0\0\0\0\4\xfe\xff\1a",
        # a ServerHello that says it is 90,000 bytes long, and a fragment that ends behind its message
        b"\x16\xfe\xfd" + bytes(8) + b"\0\x0e\2\1\x5f\x90\0\0\0\0\0\0\0\2ab",
        b"\x16\xfe\xfd" + bytes(8) + b"\0\x0e\2\0\0\4\0\0\0\0\3\0\0\2ab",
        b"\x15\xfe\xfd" + bytes(8) + b"\0\2\2\x28",
    ],
    ids=["empty", "text", "short", "lying", "cookies", "endless", "beyond", "alert"],
)
def test_no_answer_keeps_the_probe_or_makes_it_find_anything_out(answer):
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind((HOST, 0))
        server.settimeout(0.1)
        stop = threading.Event()

        def serve():
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    server.sendto(answer, server.recvfrom(65535)[1])

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            seen = enumerate_dtls(HOST, server.getsockname()[1], timeout_s=0.2, deadline_s=5)
        finally:
            stop.set()
            thread.join()

    assert seen.versions == ()
    assert seen.duration_s < FAR_TOO_LONG_S
    assert not seen.complete
