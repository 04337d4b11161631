"""Services and pages of the virtual camera that belong to flaws."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx
import pytest

from pytest_etsi.virtual.bench.bench import BEACON

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtual_process import Process


def _stray(camera: Process) -> tuple[str, int]:
    return camera.values["host"], int(camera.values["ports"]) + 17


def _udp(camera: Process, message: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(1)
        client.connect(_stray(camera))
        client.send(message)
        try:
            return client.recv(1000)
        except (TimeoutError, ConnectionRefusedError):
            return b""


def _is_open(camera: Process) -> bool:
    with socket.socket() as client:
        return client.connect_ex(_stray(camera)) == 0


def test_a_camera_without_flaws_has_no_strays(camera: Process) -> None:
    assert not _is_open(camera)
    assert _udp(camera, b"M-SEARCH * HTTP/1.1\r\n\r\n") == b""
    assert camera.client().get("/upgrade").status_code == 404
    assert camera.bench("GET", "/radio").json() == {"networks": [BEACON]}


@pytest.mark.parametrize("state", ["initialized", "factory-default"])
@pytest.mark.parametrize(("flaw", "always"), [("debug-port", True), ("setup-port", False)])
def test_the_page_for_developers_answers_in_its_states(
    start: Callable[..., Process], flaw: str, always: bool, state: str
) -> None:
    options = ("--initialized",) if state == "initialized" else ()
    camera = start("--flaw", flaw, *options)

    assert _is_open(camera) is (always or state == "factory-default")
    if _is_open(camera):
        host, port = _stray(camera)
        assert "heap" in httpx.get(f"http://{host}:{port}/", trust_env=False).text


def test_the_udp_services_of_flaws_answer_their_own_language(start: Callable[..., Process]) -> None:
    searched = start("--initialized", "--flaw", "udp-discovery", name="a")
    loader = start("--initialized", "--flaw", "tftp-server", name="b")

    assert _udp(searched, b"M-SEARCH * HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
    assert _udp(searched, b"\0\x01file\0octet\0") == b""
    assert _udp(loader, b"\0\x01file\0octet\0").startswith(b"\0\x05")


def test_the_upgrade_page_takes_a_file(start: Callable[..., Process]) -> None:
    page = start("--initialized", "--flaw", "upgrade-page").client().get("/upgrade")

    assert page.status_code == 200
    assert 'type="file"' in page.text


def test_the_set_up_network_is_on_the_air_in_factory_default_only(start: Callable[..., Process]) -> None:
    good = start(name="a")
    bad = start("--initialized", "--flaw", "radio-stays-on", name="b")

    assert good.bench("GET", "/radio").json() == {"networks": [BEACON, good.values["ssid"]]}
    assert bad.bench("GET", "/radio").json() == {"networks": [BEACON, bad.values["ssid"]]}
    bad.bench("POST", "/power", {"on": False})
    assert bad.bench("GET", "/radio").json() == {"networks": [BEACON]}


def test_flaw_ftp_login_asks_for_a_password_and_lets_nobody_in(start: Callable[..., Process]) -> None:
    with socket.create_connection(_stray(start("--flaw", "ftp-login")), 5) as client:
        client.sendall(b"USER root\r\nPASS root\r\nLIST\r\nQUIT\r\n")
        said = client.makefile("rb").read()

    assert [line[:3] for line in said.splitlines()] == [b"220", b"331", b"530", b"502", b"221"]
