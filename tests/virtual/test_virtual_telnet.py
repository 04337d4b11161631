"""The login that nobody documented, and what else is sent to the ports of the virtual camera."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

import pytest
from virtual_process import Process, until

from pytest_etsi.virtual.device.telnet import PASSWORD, USERNAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _is_open(camera: Process, port: str) -> bool:
    try:
        socket.create_connection((camera.values["host"], int(camera.values[port])), 2).close()
    except OSError:
        return False
    return True


class Telnet:
    """As much of a telnet client as a test needs."""

    def __init__(self, camera: Process) -> None:
        self.socket = socket.create_connection((camera.values["host"], int(camera.values["telnet"])), 5)

    def until(self, end: bytes) -> bytes:
        """What comes in up to `end`, or up to the end of the connection."""
        received = b""
        while not received.endswith(end):
            more = self.socket.recv(4096)
            if not more:
                break
            received += more
        return received

    def send(self, text: bytes) -> None:
        """Type something."""
        self.socket.sendall(text)


@pytest.fixture
def telnet(start: Callable[..., Process]) -> Iterator[Telnet]:
    """A connection to a camera with the flaw."""
    client = Telnet(start("--initialized", "--flaw", "undocumented-login"))
    yield client
    client.socket.close()


def test_without_the_flaw_the_port_is_closed(camera: Process) -> None:
    assert not _is_open(camera, "telnet")


def test_flaw_undocumented_login_asks_like_telnet_does(telnet: Telnet) -> None:
    greeting = telnet.until(b"login: ")
    telnet.send(b"\xff\xfc\x01root\r\0")

    assert greeting.startswith(b"\xff\xfd\x01")
    assert telnet.until(b": ").endswith(b"Password: ")


def test_flaw_undocumented_login_is_a_root_shell(telnet: Telnet) -> None:
    telnet.until(b"login: ")
    telnet.send(USERNAME.encode() + b"\r\n")
    telnet.until(b"Password: ")
    telnet.send(PASSWORD.encode() + b"\r\n")
    telnet.until(b"# ")
    telnet.send(b"whoami\r\n")

    assert b"root" in telnet.until(b"# ")


def test_flaw_undocumented_login_closes_after_three_wrong_passwords(telnet: Telnet) -> None:
    for _ in range(3):
        telnet.until(b"login: ")
        telnet.send(b"root\r\n")
        telnet.until(b"Password: ")
        telnet.send(b"wrong\r\n")

    assert telnet.until(b"never").endswith(b"Login incorrect\r\n")


RUBBISH = {
    "binary": bytes(range(256)) * 100,
    "zeros": b"\0" * 999,
    "long-line": b"x" * 100_000,
    "lines": b"\r\n" * 50_000,
    "telnet": b"\xff\xfa" + b"x" * 100_000 + b"\xff" * 999,
    "http": b"GET / HTTP/9.9\r\n\r\nGET /\r\n\r\n\r\n",
    "endless-header": b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000,
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200,
    "tls-alert": b"\x15\x03\x01\x00\x02\x02\x28",
}


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A camera on which all ports are open; in the end it must have complained of its clients only."""
    camera = Process(
        tmp_path_factory.mktemp("exposed"), ("--initialized", "--flaw", "undocumented-login")
    ).start()
    yield camera
    lines = camera.bench("GET", "/log").json()["lines"]
    assert [line for line in lines if "virtual/" in line or "never retrieved" in line] == []
    assert camera.stop() == (0, "")


@pytest.mark.parametrize("port", ["http", "https", "telnet", "site", "cloud", "control"])
@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_on_a_port_hurts_nothing(exposed: Process, port: str, rubbish: bytes) -> None:
    with socket.create_connection((exposed.values["host"], int(exposed.values[port])), 5) as connection:
        connection.settimeout(0.05)
        # The camera may hang up in the middle, and it may go on waiting for the rest.
        with contextlib.suppress(OSError):
            connection.sendall(rubbish)
        with contextlib.suppress(OSError):
            connection.recv(100_000)

    assert _is_open(exposed, port)
    assert exposed.client().get("/api/info").status_code == 200


def test_who_reads_no_answers_is_cut_off(exposed: Process) -> None:
    with socket.create_connection((exposed.values["host"], int(exposed.values["telnet"])), 5) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"{USERNAME}\r\n{PASSWORD}\r\n".encode())

        assert until(10, lambda: _is_cut_off(connection))


def _is_cut_off(connection: socket.socket) -> bool:
    try:
        connection.sendall(b"help\r\n" * 10_000)
    except OSError:
        return True
    return False
