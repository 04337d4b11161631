"""Servers that turn hostile after their algorithm lists: every probe ends in its time, and nothing is made up."""

from __future__ import annotations

import os
import struct
import time

import pytest
from work import FAR_TOO_LONG_S

from pytest_etsi.probes.ssh import attempt, enumerate_ssh, ssh_auth_methods
from tests.probes.scripted_ssh import GEX_256, HOST, lists_of, packet, scripted, text

TIME_S = 2.0
GEX_1, GROUP_1 = "diffie-hellman-group-exchange-sha1", "diffie-hellman-group1-sha1"
KEY = text(b"ssh-rsa") + text(b"\1\0\1") + text(b"\0" + b"\xff" * 256)


def after_request(*packets):
    def further(connection):
        connection.recv(65536)
        for one in packets:
            connection.sendall(one)
        connection.recv(65536)
        connection.recv(65536)

    return further


def group(prime, generator=b"\2"):
    return packet(bytes([31]) + text(prime) + text(generator))


def drip(connection):
    for number in range(1200):
        connection.sendall(bytes([number % 7]))
        time.sleep(0.05)


def flood(data):
    def further(connection):
        end = time.monotonic() + 2 * FAR_TOO_LONG_S
        while time.monotonic() < end:
            connection.sendall(data)

    return further


def silent(connection):
    while connection.recv(65536):
        pass


BEHAVIOURS = {
    "says nothing more": silent,
    "closes": lambda connection: connection.recv(65536),
    "closes without having read": lambda connection: None,
    "drips": drip,
    "floods with packets to be ignored": flood(packet(b"\2" + text(b"x" * 4096)) * 16),
    "floods with noise": flood(os.urandom(65536)),
    "sends a second list": after_request(lists_of(("a", "b", "c", "c", "d", "d", "none", "none"))),
    "disconnects with terminal escapes": after_request(
        packet(b"\1" + struct.pack("!I", 11) + text(b"\x1b[2J\x1b]0;owned\x07") + text(b""))
    ),
    "gives an empty group": after_request(group(b"", b"")),
    "gives a negative prime": after_request(group(b"\xff" * 256)),
    "gives a prime of zero": after_request(group(b"\0")),
    "gives a generator of one": after_request(group(b"\0" + b"\xff" * 256, b"\1")),
    "gives a prime of 200,000 bytes": after_request(group(b"\x7f" * 200_000)),
    "lies about the length of the prime": after_request(
        packet(bytes([31]) + b"\xff\xff\xff\xff" + b"\2" * 64)
    ),
    "shows an empty key": after_request(group(b"\0" + b"\xff" * 256), packet(bytes([33]) + text(b"") * 3)),
    "shows a cut key": after_request(
        group(b"\0" + b"\xff" * 256), packet(bytes([33]) + text(KEY[:40]) + text(b"") * 2)
    ),
    "shows a key of another kind": after_request(
        group(b"\0" + b"\xff" * 256), packet(bytes([33]) + text(text(b"\x1b[31mkey")) + text(b"") * 2)
    ),
    "sends a packet of 4 GB": after_request(b"\xff\xff\xff\xff\4" + b"\0" * 100),
    "sends an empty packet": after_request(b"\0\0\0\0\0\0"),
    "sends a packet that is all padding": after_request(struct.pack("!IB", 16, 255) + bytes(15)),
}
PROBES = {
    "lists": lambda port: enumerate_ssh(HOST, port, timeout_s=TIME_S),
    "methods": lambda port: ssh_auth_methods(HOST, port, "root", timeout_s=TIME_S),
    "login": lambda port: attempt(HOST, port, "root", "x", timeout_s=TIME_S),
}


def server(methods, further):
    lists = (methods, "ssh-rsa,rsa-sha2-256", *["aes128-ctr"] * 2, *["hmac-sha1"] * 2, "none", "none")
    return scripted(b"SSH-2.0-hostile\r\n" + lists_of(lists), further)


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize(
    "methods", [GEX_256, GEX_1, GROUP_1], ids=["group exchange", "old exchange", "old group"]
)
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_probe_ends_in_time_and_claims_nothing(behaviour, methods, probe):
    """Paramiko takes part in the first, the other two are for asyncssh."""
    with server(methods, BEHAVIOURS[behaviour]) as port:
        started = time.monotonic()
        seen = PROBES[probe](port)
        took = time.monotonic() - started

    assert took < FAR_TOO_LONG_S
    assert "\x1b" not in str(seen.to_json())
    if probe == "lists":
        assert seen.complete
        assert seen.kex == (methods,)
        assert seen.gaps
        assert all(bits in (2048, 1_600_000 - 1) for bits in seen.dh_bits.values())
        assert seen.shown_key_bits is None
    elif probe == "methods":
        assert not seen.known
        assert seen.error
    else:
        assert not seen.processed
        assert seen.detail
