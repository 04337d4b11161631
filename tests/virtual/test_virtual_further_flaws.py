"""Flaws of the virtual camera that show under one condition only: a name, a source, a moment, a path, a message."""

from __future__ import annotations

import datetime
import socket
import ssl
import struct
import warnings
from typing import TYPE_CHECKING

import httpx
import pytest
from cryptography import x509
from virtual_process import Process, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME = "examplecam.local"
KINDS = b"\x09_services\x07_dns-sd\x04_udp\x05local\0"
FLAWS = (
    "obsolete-tls-for-a-name",
    "recorder-certificate-ended",
    "lockout-per-source",
    "token-ends",
    "login-in-spanish",
    "second-login-form",
    "second-realm",
    "form-password-by-basic",
    "tcp-beside-udp",
    "upgrade-behind-redirect",
    "check-never-content",
    "consent-not-shown",
)


@pytest.fixture(scope="module")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A camera with all of `FLAWS`, which do not get in each other's way."""
    options = ("--initialized", "--first-lock", "600", *(word for flaw in FLAWS for word in ("--flaw", flaw)))
    process = Process(tmp_path_factory.mktemp("weak"), options).start()
    yield process
    assert process.stop() == (0, "")


def _version(camera: Process, name: str | None, suites: str = "ALL:@SECLEVEL=0", *, old: bool) -> str | None:
    """The version of TLS that the HTTPS port agrees on; None: it refuses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(suites)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.TLSv1 if old else ssl.TLSVersion.TLSv1_2
    address = camera.values["host"], int(camera.values["https"])
    try:
        with (
            socket.create_connection(address, 5) as raw,
            context.wrap_socket(raw, server_hostname=name) as tls,
        ):
            return tls.version()
    except (ssl.SSLError, ConnectionResetError):
        return None


def _certificate(camera: Process, port: str) -> x509.Certificate:
    address = camera.values["host"], int(camera.values[port])
    return x509.load_pem_x509_certificate(ssl.get_server_certificate(address).encode())


def _connected(camera: Process, port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((camera.values["host"], port)) == 0


def _from(camera: Process, source: str) -> httpx.Client:
    transport = httpx.HTTPTransport(verify=camera.tls(), local_address=source)
    client = httpx.Client(base_url=camera.values["https_url"], transport=transport, timeout=10)
    camera.clients.append(client)
    return client


@pytest.mark.parametrize(("name", "version"), [(NAME, "TLSv1"), (None, None), ("other.example", None)])
def test_old_tls_is_for_the_second_name_only(weak: Process, name: str | None, version: str | None) -> None:
    assert _version(weak, name, old=True) == version
    assert _version(weak, name, old=False) == "TLSv1.2"


def test_weak_suites_of_the_old_versions_are_for_the_second_name_too(weak: Process) -> None:
    suite = "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"

    assert _version(weak, NAME, suite, old=False) == "TLSv1.2"
    assert _version(weak, None, suite, old=False) is None


def test_a_camera_without_the_flaw_takes_no_old_tls_for_any_name(camera: Process) -> None:
    assert _version(camera, NAME, old=True) is None


def test_the_certificate_of_the_port_for_recorders_alone_has_ended(weak: Process) -> None:
    now = datetime.datetime.now(datetime.UTC)

    assert (
        _certificate(weak, "rtsps").not_valid_after_utc
        < now
        < _certificate(weak, "https").not_valid_after_utc
    )


def test_a_certificate_begins_next_year(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "certificate-not-yet-valid")
    now = datetime.datetime.now(datetime.UTC)

    assert _certificate(camera, "https").not_valid_before_utc > now + datetime.timedelta(days=300)
    assert _certificate(camera, "rtsps").not_valid_before_utc < now


def test_a_lock_is_for_one_address(weak: Process) -> None:
    here, there = (_from(weak, source) for source in ("127.0.0.21", "127.0.0.22"))
    answers = [weak.login(here, "wrong") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [423]
    assert weak.login(there).status_code == 200
    assert weak.login(here).status_code == 423


def test_a_lock_refuses_wrong_passwords_only(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--first-lock", "600", "--flaw", "lockout-lets-the-right-in")
    client = camera.client()

    assert [camera.login(client, "wrong").status_code for _ in range(6)] == [401] * 5 + [423]
    assert camera.login(client).status_code == 200


@pytest.mark.parametrize(("place", "status"), [(20, 200), (0, 401), (42, 401)])
def test_the_middle_of_a_token_is_not_compared(weak: Process, place: int, status: int) -> None:
    client = weak.owner()
    kind, token = client.headers["Authorization"].split()
    other = "A" if token[place] != "A" else "B"
    client.headers["Authorization"] = f"{kind} {token[:place]}{other}{token[place + 1 :]}"

    assert client.get("/api/device").status_code == status


def test_the_undocumented_login_asks_in_spanish(weak: Process) -> None:
    address = weak.values["host"], int(weak.values["ports"]) + 23
    with socket.create_connection(address, 5) as line, line.makefile("rwb", buffering=0) as stream:
        seen = b""
        for word, answer in ((b"usuario: ", b"root\r\n"), ("contraseña: ".encode("latin-1"), b"no\r\n")):
            while not seen.endswith(word):
                seen += stream.read(1)
            stream.write(answer)
        while not seen.endswith(b"Acceso denegado"):
            seen += stream.read(1)


def test_pages_that_no_document_mentions(weak: Process, camera: Process) -> None:
    with httpx.Client(base_url=weak.values["http_url"], trust_env=False) as plain:
        form, refused = plain.get("/admin"), plain.post("/admin", data={"technician": "x", "code": "y"})
    realm = weak.client().get("/config")
    page = weak.client().get("/update", follow_redirects=True)

    assert 'type="password"' in form.text
    assert refused.status_code == 401
    assert realm.headers["WWW-Authenticate"].startswith('Digest realm="maintenance", nonce="')
    assert (page.url.path, 'type="file"' in page.text) == ("/maintenance/image", True)
    assert {camera.client().get(path).status_code for path in ("/admin", "/config", "/update")} == {404}


def test_the_web_interface_opens_to_its_password_by_basic(weak: Process, camera: Process) -> None:
    def opens(to: Process, password: str) -> bool:
        return to.client().get("/api/device", auth=("owner", password)).status_code == 200

    assert opens(weak, weak.values["owner_password"])
    assert not opens(weak, "not the password")
    assert not opens(camera, camera.values["owner_password"])


def test_a_page_answers_by_tcp_on_the_number_of_multicast_dns(weak: Process, camera: Process) -> None:
    port = int(weak.values["mdns"])

    assert "heap" in httpx.get(f"http://{weak.values['host']}:{port}/", trust_env=False).text
    assert not _connected(camera, int(camera.values["mdns"]))


def test_messages_that_end_a_service_until_power_is_switched(start: Callable[..., Process]) -> None:
    flaws = ("--flaw", "crash-on-cut-question", "--flaw", "crash-on-negative-length")
    camera = start("--initialized", *flaws)
    host, recorder = camera.values["host"], int(camera.values["rtsps"])
    names = host, int(camera.values["mdns"])

    def answers() -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(1)
            client.connect(names)
            try:
                client.send(struct.pack(">6H", 7, 0, 1, 0, 0, 0) + KINDS + b"\0\x0c\0\1")
                return bool(client.recv(2000))
            except (TimeoutError, ConnectionRefusedError):
                return False

    assert answers()
    assert _connected(camera, recorder)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(struct.pack(">6H", 7, 0, 1, 0, 0, 0) + KINDS[:-3], names)
    context = camera.tls()
    with (
        socket.create_connection((host, recorder)) as raw,
        context.wrap_socket(raw, server_hostname=host) as line,
    ):
        line.sendall(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: -1\r\n\r\n")
        assert line.recv(100) == b""

    assert until(5, lambda: not answers() and not _connected(camera, recorder))
    camera.bench("POST", "/power-cycle")
    assert answers()
    assert _connected(camera, recorder)


@pytest.mark.parametrize(("flawed", "content", "shown"), [(True, False, False), (False, True, True)])
def test_the_check_and_the_settings_tell_how_it_is(
    weak: Process, camera: Process, flawed: bool, content: bool, shown: bool
) -> None:
    client = (weak if flawed else camera).owner()
    page = client.get("/check").text
    client.put("/api/settings", json={"diagnostics": True})
    told = client.get("/api/settings").json()["diagnostics"]
    client.put("/api/settings", json={"diagnostics": False})

    assert ("is set up securely" in page) is content
    assert told is shown
