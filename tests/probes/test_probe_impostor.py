"""The impostor against real TLS clients: careful ones, careless ones, old ones, and such as speak no TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from work import FAR_TOO_LONG_S

from pytest_etsi.probes.tls.client_hello import NotAClientHelloError, read_client_hello
from pytest_etsi.probes.tls.impostor import Contact, Impostor, ImpostorObservation

if TYPE_CHECKING:
    from collections.abc import Callable


def _meet(client: Callable[[int], None], contacts: int = 1) -> list[Contact]:
    with Impostor("127.0.0.1") as impostor:
        caller = threading.Thread(target=client, args=(impostor.port,), daemon=True)
        caller.start()
        assert impostor.wait(contacts, 15)
        caller.join(5)
        return list(impostor.observation().contacts)


def _talk(
    port: int, context: ssl.SSLContext, name: str | None = "service.example", data: bytes = b"token"
) -> None:
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", port), 5) as plain,
        context.wrap_socket(plain, server_hostname=name) as tls,
    ):
        tls.sendall(data)
        tls.recv(1)


def _careless(**versions: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    for name, version in versions.items():
        setattr(context, name, version)
    return context


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_that_checks_certificates_says_nothing(newest: ssl.TLSVersion) -> None:
    context = ssl.create_default_context()
    context.maximum_version = newest

    (contact,) = _meet(lambda port: _talk(port, context))

    assert contact.hello is not None
    assert contact.hello.server_name == "service.example"
    assert contact.received == 0
    assert "unknown ca" in contact.objection


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_that_checks_nothing_is_deceived(newest: ssl.TLSVersion) -> None:
    (contact,) = _meet(lambda port: _talk(port, _careless(maximum_version=newest)))

    assert contact.completed
    assert contact.received == len(b"token")
    assert contact.version == newest.name.replace("_", ".")


def test_a_client_that_checks_the_name_only_is_deceived() -> None:
    """As one that compares the name and not the chain: the certificate is for the name that it asks for."""
    (contact,) = _meet(lambda port: _talk(port, _careless(), name="api.example"))

    assert contact.received
    assert contact.hello is not None
    assert contact.hello.server_name == "api.example"


def test_what_the_client_offers_is_seen() -> None:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    context.set_alpn_protocols(["mqtt"])

    (contact,) = _meet(lambda port: _talk(port, context))

    assert contact.hello is not None
    assert set(contact.hello.versions) == {"TLSv1.2", "TLSv1.3"}
    assert [suite for suite in contact.hello.suites if "ECDHE" in suite] == [
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    ]
    assert contact.hello.alpn == ("mqtt",)
    assert "x25519" in contact.hello.groups
    assert contact.hello.stated_versions
    assert not contact.hello.fallback
    assert not contact.hello.compression


def test_a_client_that_speaks_without_tls_is_seen() -> None:
    def client(port: int) -> None:
        with socket.create_connection(("127.0.0.1", port), 5) as plain:
            plain.sendall(b"GET /v1?token=1 HTTP/1.1\r\n\r\n")
            plain.recv(1)

    (contact,) = _meet(client)

    assert contact.hello is None
    assert contact.first.startswith("GET /v1")
    assert contact.received == len(b"GET /v1?token=1 HTTP/1.1\r\n\r\n")


def _three_times(*options: str) -> ImpostorObservation:
    """What is seen of `openssl s_client`, which comes three times, with one option each time."""
    with Impostor("127.0.0.1", "service.example:443") as impostor:
        for option in options:
            subprocess.run(
                ["openssl", "s_client", "-connect", f"127.0.0.1:{impostor.port}", *option.split(),
                 "-verify_return_error", "-cipher", "ALL:@SECLEVEL=0"],
                stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False,
            )  # fmt: skip
        assert impostor.wait(3, 15)
        return impostor.observation()


def test_a_client_that_lets_itself_be_talked_down_is_seen() -> None:
    """As one that tries an older version by itself when the newer one has failed."""
    seen = _three_times("-tls1_2", "-tls1_2", "-tls1_1")

    assert [contact.talked_down for contact in seen.contacts] == [False, True, False]
    assert [hello.versions for hello in seen.hellos] == [("TLSv1.2",), ("TLSv1.2",), ("TLSv1.1",)]
    assert [hello.versions for hello in seen.after_talking_down] == [("TLSv1.1",)]
    assert [contact.version for contact in seen.contacts] == ["TLSv1.2", "", "TLSv1.1"]
    assert not seen.deceived


def test_a_client_that_takes_what_the_server_likes_is_seen() -> None:
    """A hello of TLS 1.2 does not say whether older versions would do; the impostor finds out."""
    seen = _three_times(*["-no_tls1_3"] * 3)

    assert [contact.version for contact in seen.contacts] == ["TLSv1.2", "TLSv1.1", "TLSv1.2"]
    assert all("unknown ca" in contact.objection for contact in seen.contacts)


@pytest.mark.parametrize(
    "say",
    [b"", b"\x16", b"\x16\x03\x01\xff\xff", b"\x16\x03\x01\x00\x04\x01\xff\xff\xff", b"\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00"],
    ids=["nothing", "one byte", "a lying length", "a hello without end", "another message"],
)  # fmt: skip
def test_a_broken_beginning_is_no_offer(say: bytes) -> None:
    def client(port: int) -> None:
        with socket.create_connection(("127.0.0.1", port), 5) as plain:
            plain.sendall(say)
            plain.shutdown(socket.SHUT_WR)
            plain.recv(1)

    (contact,) = _meet(client)

    assert contact.hello is None
    assert not contact.received
    assert contact.objection


def test_a_client_that_never_ends_is_bounded() -> None:
    def client(port: int) -> None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as plain:
            while True:
                plain.sendall(b"\x16\x03\x01\x40\x00" + b"\x01" * 16_384)

    began = time.monotonic()
    (contact,) = _meet(client)

    assert contact.hello is None
    assert time.monotonic() - began < FAR_TOO_LONG_S


def test_the_impostor_ends_with_its_block() -> None:
    with Impostor("127.0.0.1") as impostor:
        port = impostor.port
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    message = b"\x01" + len(data).to_bytes(3, "big") + data
    with contextlib.suppress(NotAClientHelloError):
        read_client_hello(b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message)
    with contextlib.suppress(NotAClientHelloError):
        read_client_hello(data)
