"""TLS of the web interface of the virtual camera, with and without its flaws."""

from __future__ import annotations

import socket
import ssl
import warnings
from typing import TYPE_CHECKING

import pytest
from virtual_process import Process

from pytest_etsi.virtual.values import TLS12_SUITES, TLS13_SUITES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def obsolete(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A camera that takes old versions of TLS."""
    camera = Process(tmp_path_factory.mktemp("obsolete"), ("--initialized", "--flaw", "obsolete-tls")).start()
    yield camera
    camera.stop()


def _context(maximum: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> ssl.SSLContext:
    """A client that takes everything that this computer's OpenSSL can do, up to a version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = maximum
    return context


def _handshake(camera: Process, context: ssl.SSLContext, port: str = "https") -> tuple[str | None, str]:
    address = camera.values["host"], int(camera.values[port])
    with socket.create_connection(address, 5) as raw, context.wrap_socket(raw) as tls:
        cipher = tls.cipher()
        assert cipher
        return tls.version(), cipher[0]


@pytest.mark.parametrize("port", ["https", "cloud"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_obsolete_tls_is_refused(camera: Process, port: str, version: ssl.TLSVersion) -> None:
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        _handshake(camera, _context(version), port)


@pytest.mark.parametrize(
    "suite", ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-CCM"]
)
def test_other_suites_than_the_documented_are_refused(camera: Process, suite: str) -> None:
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        _handshake(camera, _context(ssl.TLSVersion.TLSv1_2, f"{suite}:@SECLEVEL=0"))


@pytest.mark.parametrize("suite", TLS12_SUITES)
def test_every_documented_suite_of_tls_1_2_is_taken(camera: Process, suite: str) -> None:
    name = suite.removeprefix("TLS_").removesuffix("_SHA256" if "CHACHA20" in suite else "")
    openssl = name.replace("_WITH_", "-").replace("AES_", "AES").replace("_", "-")

    assert _handshake(camera, _context(ssl.TLSVersion.TLSv1_2, openssl)) == ("TLSv1.2", openssl)


def test_tls_1_3_is_taken_with_a_documented_suite(camera: Process) -> None:
    version, suite = _handshake(camera, _context(ssl.TLSVersion.TLSv1_3))

    assert (version, suite in TLS13_SUITES) == ("TLSv1.3", True)


def test_the_certificate_withstands_the_strictest_check(camera: Process) -> None:
    context = camera.tls()
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    address = camera.values["host"], int(camera.values["https"])
    with (
        socket.create_connection(address, 5) as raw,
        context.wrap_socket(raw, server_hostname=camera.values["host"]) as tls,
    ):
        subject = tls.getpeercert()

    assert subject
    assert ("IP Address", camera.values["host"]) in subject["subjectAltName"]


@pytest.mark.parametrize(
    ("version", "name"), [(ssl.TLSVersion.TLSv1, "TLSv1"), (ssl.TLSVersion.TLSv1_1, "TLSv1.1")]
)
def test_flaw_obsolete_tls_takes_old_versions(obsolete: Process, version: ssl.TLSVersion, name: str) -> None:
    assert _handshake(obsolete, _context(version))[0] == name


def test_flaw_obsolete_tls_takes_suites_in_cbc_mode(obsolete: Process) -> None:
    context = _context(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0")

    assert _handshake(obsolete, context) == ("TLSv1.2", "ECDHE-ECDSA-AES256-SHA")


def test_flaw_tls_cbc_suites_takes_them_with_tls_12_only(start: Callable[..., Process]) -> None:
    weak = start("--initialized", "--flaw", "tls-cbc-suites")
    suite = "ECDHE-ECDSA-AES128-SHA"

    assert _handshake(weak, _context(ssl.TLSVersion.TLSv1_2, suite)) == ("TLSv1.2", suite)
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        _handshake(weak, _context(ssl.TLSVersion.TLSv1_1))


def test_flaw_obsolete_tls_still_takes_what_is_documented(obsolete: Process) -> None:
    assert obsolete.owner().get("/api/device").status_code == 200
