"""TLS enumeration against real servers, compared with what OpenSSL itself manages to negotiate."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import warnings
from datetime import UTC, datetime

import pytest

from pytest_etsi.probes._net import lenient_context, new_lenient_context
from pytest_etsi.probes.tls import certificate_facts, enumerate_tls, hello, trusted_by
from pytest_etsi.probes.tls._answer import parse
from pytest_etsi.probes.tls.suites import cipher_suite, cipher_suites, suite_name
from tests import daemons
from tests.probes import tls_stacks

HOST = "127.0.0.1"


def test_the_suites_of_nginx_equal_those_that_openssl_negotiates_one_by_one(tmp_path):
    with daemons.nginx(tmp_path, tls=True, key="both", ciphers="HIGH:!aNULL:!PSK:!SRP") as server:
        seen = enumerate_tls(HOST, server.port)
        expected = tls_stacks.openssl_suites(server.port, ("TLSv1.2", "TLSv1.3"))

    assert seen.complete, seen.errors
    assert {version: set(names) for version, names in seen.suites.items()} == expected
    assert len(expected["TLSv1.2"]) > 20


def test_obsolete_versions_and_weak_suites_are_seen_that_python_itself_would_not_offer(tmp_path):
    with daemons.nginx(
        tmp_path, tls=True, key="rsa", protocols="TLSv1 TLSv1.1", ciphers="AES128-SHA:NULL-SHA:@SECLEVEL=0"
    ) as server:
        seen = enumerate_tls(HOST, server.port)

    assert seen.versions == ("TLSv1.0", "TLSv1.1")
    assert set(seen.suites["TLSv1.0"]) == {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_NULL_SHA"}


def test_a_server_of_tls_1_3_alone_is_enumerated_and_its_certificate_read(tmp_path):
    with daemons.nginx(tmp_path, tls=True, protocols="TLSv1.3") as server:
        seen = enumerate_tls(HOST, server.port)

    assert seen.versions == ("TLSv1.3",)
    assert set(seen.suites["TLSv1.3"]) == {
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_GCM_SHA256",
    }
    assert seen.certificate is not None
    assert seen.certificate.key_type == "EC"


def test_the_facts_of_the_certificate_are_those_of_the_server(tmp_path):
    with daemons.nginx(tmp_path, tls=True, key="rsa") as server:
        certificate = enumerate_tls(HOST, server.port).certificate

    assert certificate is not None
    assert (certificate.key_type, certificate.key_bits, certificate.signature_hash) == ("RSA", 2048, "sha256")
    assert certificate.self_signed
    assert set(certificate.names) == {HOST, "device.test"}
    assert certificate.not_before < datetime.now(UTC) < certificate.not_after


def test_both_certificates_of_a_server_with_two_keys_are_found(tmp_path):
    with daemons.nginx(tmp_path, tls=True, key="both") as server:
        seen = enumerate_tls(HOST, server.port)

    assert {certificate.key_type for certificate in seen.certificates} == {"EC", "RSA"}


def test_a_request_for_a_client_certificate_is_noticed(tmp_path):
    certificate, _ = daemons.self_signed(tmp_path / "authority")
    asks = f"ssl_verify_client on; ssl_client_certificate {certificate};"
    with daemons.nginx(tmp_path, tls=True, server=asks) as server:
        seen = enumerate_tls(HOST, server.port)

    assert seen.client_certificate


def test_no_more_than_ninety_connections_are_made_for_sixty_suites(tmp_path):
    weak = "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"
    with daemons.nginx(
        tmp_path, tls=True, key="rsa", protocols=weak, ciphers="ALL:!aNULL:!eNULL:@SECLEVEL=0"
    ) as server:
        seen = enumerate_tls(HOST, server.port)

    found = sum(len(names) for names in seen.suites.values())
    assert found > 40
    assert seen.connections <= 90


def test_a_server_without_tls_is_not_complete_and_says_what_it_sent(tmp_path):
    with daemons.nginx(tmp_path) as server:
        seen = enumerate_tls(HOST, server.port)

    assert not seen.versions
    assert not seen.complete
    assert "not TLS: HTTP/1.1 400" in seen.errors[0]


def test_a_closed_port_is_not_complete():
    seen = enumerate_tls(HOST, daemons.free_port())

    assert not seen.complete
    assert "refused" in seen.errors[0]
    assert seen.connections <= 3


def test_a_single_hello_names_what_the_server_chooses(tmp_path):
    with daemons.nginx(tmp_path, tls=True) as server:
        answer = hello(HOST, server.port, version="TLSv1.2", suites=(0xC02B,))
        refused = hello(HOST, server.port, version="TLSv1.2", suites=(0x0005,))

    assert (answer.kind, answer.suite, answer.version) == ("hello", 0xC02B, 0x0303)
    assert refused.kind == "alert"


def test_python_own_server_is_enumerated_too(tmp_path):
    certificate, key = daemons.self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")
    with _server(context) as port:
        seen = enumerate_tls(HOST, port)

    assert seen.suites["TLSv1.2"] == ("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_connection_resumes_nothing_of_one_by_the_same_context(tmp_path, version):
    certificate, key = daemons.self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.maximum_version = version
    resumed = []
    with _server(context) as port:
        for _ in range(3):
            with (
                socket.create_connection((HOST, port)) as plain,
                lenient_context().wrap_socket(plain) as connection,
            ):
                resumed.append(connection.session_reused)
                with contextlib.suppress(OSError):
                    connection.recv(1)  # tickets of TLS 1.3 come behind the handshake

    assert resumed == [False, False, False]
    assert context.session_stats()["hits"] == 0


def test_whom_a_client_trusts_leaves_the_context_of_all_others_alone(tmp_path):
    certificate, key = daemons.self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _server(context) as port:
        trust = trusted_by(certificate, HOST, port)

    assert trust.trusted is True
    assert lenient_context().verify_mode is ssl.CERT_NONE
    assert lenient_context().get_ca_certs() == []


def test_protocols_that_are_settled_may_be_set_again_and_others_count(tmp_path):
    certificate, key = daemons.self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2", "http/1.1"])
    ours = new_lenient_context(alpn=("http/1.1",))
    chosen = []
    with _server(context) as port:
        for protocols in (["http/1.1"], ["h2"], ["h2", "http/1.1"]):
            ours.set_alpn_protocols(protocols)
            with socket.create_connection((HOST, port)) as plain, ours.wrap_socket(plain) as connection:
                chosen.append(connection.selected_alpn_protocol())

    assert chosen == ["http/1.1", "h2", "h2"]


@contextlib.contextmanager
def _server(context):
    listener = socket.create_server((HOST, 0))
    listener.settimeout(0.1)
    stop = threading.Event()

    def serve():
        while not stop.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                connection.settimeout(1)
                with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True):
                    pass
                connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        listener.close()


def test_every_prefix_of_a_flight_is_read_without_an_error(tmp_path):
    with daemons.nginx(tmp_path, tls=True, protocols="TLSv1.2") as server:
        answer = hello(HOST, server.port, flight=True)
    body = b"\x03\x03" + b"\1" * 32 + b"\0\xc0\x2b\0"
    flight = b"\2" + len(body).to_bytes(3, "big") + body
    chain = answer.certificates[0]
    listed = len(chain).to_bytes(3, "big") + chain
    message = len(listed).to_bytes(3, "big") + listed
    flight += b"\x0b" + len(message).to_bytes(3, "big") + message + b"\x0e\0\0\0"
    # One message may be spread over several records.
    records = b"".join(
        b"\x16\x03\x03" + len(piece).to_bytes(2, "big") + piece
        for piece in (flight[start : start + 100] for start in range(0, len(flight), 100))
    )

    for end in range(len(records)):
        assert parse(records[:end], flight=True) is None
    whole = parse(records, flight=True)
    assert whole is not None
    assert (whole.kind, whole.suite, whole.certificates) == ("hello", 0xC02B, (chain,))


@pytest.mark.parametrize(
    "der", [b"", b"\x30\x03\x02\x01\x01", b"\xff" * 500, b"\x30\x82\xff\xff" + b"\0" * 64]
)
def test_a_malformed_certificate_is_a_value_error(der):
    with warnings.catch_warnings(), pytest.raises(ValueError):
        certificate_facts(der)


def test_the_table_agrees_with_openssl_on_every_suite_it_knows():
    ours = {suite.name for suite in cipher_suites().values()}

    assert {registered for _, registered, _ in tls_stacks.openssl_names()} <= ours


@pytest.mark.parametrize(
    ("name", "key_exchange", "authentication", "cipher", "mac"),
    [
        ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE", "RSA", "AES_128_GCM", "AEAD"),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "RSA", "RSA", "3DES_EDE_CBC", "SHA"),
        ("TLS_DH_anon_WITH_AES_256_CBC_SHA256", "DH", "anon", "AES_256_CBC", "SHA256"),
        ("TLS_DHE_PSK_WITH_AES_128_CCM", "DHE", "PSK", "AES_128_CCM", "AEAD"),
        ("TLS_PSK_DHE_WITH_AES_128_CCM_8", "DHE", "PSK", "AES_128_CCM_8", "AEAD"),
        ("TLS_RSA_PSK_WITH_NULL_SHA", "RSA", "PSK", "NULL", "SHA"),
        ("TLS_RSA_EXPORT_WITH_RC4_40_MD5", "RSA_EXPORT", "RSA", "RC4_40", "MD5"),
        ("TLS_CHACHA20_POLY1305_SHA256", "", "", "CHACHA20_POLY1305", "AEAD"),
        ("TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "ECDHE", "ECDSA", "AES_128_CCM_8", "AEAD"),
        ("TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA", "SRP", "RSA", "AES_128_CBC", "SHA"),
        (
            "OLD_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "ECDHE",
            "RSA",
            "CHACHA20_POLY1305",
            "AEAD",
        ),
    ],
)
def test_a_name_says_what_a_suite_does(name, key_exchange, authentication, cipher, mac):
    suite = cipher_suite(name)

    assert suite is not None
    assert (suite.key_exchange, suite.authentication, suite.cipher, suite.mac) == (
        key_exchange,
        authentication,
        cipher,
        mac,
    )


def test_an_unknown_suite_keeps_its_number():
    assert suite_name(0xABCD) == "0xABCD"
