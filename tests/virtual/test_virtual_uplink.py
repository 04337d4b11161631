"""The gateway of the virtual bench: what it records, cuts off and leads elsewhere."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from virtual_process import Process, until

from pytest_etsi.virtual.bench.packets import PCAP_HEADER
from tests.daemons import program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Recording:
    """A capture that runs in a thread of its own until it is closed."""

    def __init__(self, camera: Process) -> None:
        self._client = httpx.Client(
            headers={"X-Control-Token": camera.values["control_token"]}, timeout=30, trust_env=False
        )
        self.content = b""
        self._begun = threading.Event()
        self._wanted = True
        self._url = camera.values["control_url"] + "/capture"
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self._begun.wait(5)

    def _read(self) -> None:
        with contextlib.suppress(httpx.HTTPError), self._client.stream("GET", self._url) as answer:
            for chunk in answer.iter_raw():
                self.content += chunk
                self._begun.set()
                if not self._wanted:
                    return

    def close(self) -> bytes:
        """Everything that was recorded."""
        self._wanted = False
        self._client.close()
        return self.content


@pytest.fixture
def recording(camera: Process) -> Iterator[Recording]:
    made = Recording(camera)
    yield made
    made.close()


def _facts(capture: bytes, path: Path, *fields: str, only: str = "") -> list[list[str]]:
    path.write_bytes(capture)
    columns = [argument for field in fields for argument in ("-e", field)]
    output = subprocess.run(
        [program("tshark"), "-r", path, "-Y", only, "-T", "fields", *columns],
        check=True, capture_output=True, text=True, timeout=30,
    ).stdout  # fmt: skip
    return [line.split("\t") for line in output.splitlines()]


def test_a_capture_begins_as_a_capture_file_does(recording: Recording) -> None:
    assert recording.content.startswith(PCAP_HEADER)


def test_the_reports_of_the_camera_are_recorded(
    camera: Process, recording: Recording, tmp_path: Path
) -> None:
    # The line to the message broker may begin first: what is waited for is the report to the service.
    to_service = int(camera.values["cloud"]).to_bytes(2, "big")
    assert until(20, lambda: to_service in recording.content and len(recording.content) > 6000)
    capture = recording.close()
    host = camera.values["host"]

    hellos = _facts(
        capture, tmp_path / "a.pcap", "ip.src", "ip.dst", "tcp.dstport", "tls.handshake.type",
        only="tls.handshake.type == 1",
    )  # fmt: skip
    odd = _facts(
        capture, tmp_path / "a.pcap", "frame.number",
        only="_ws.malformed or ip.checksum_bad.expert or tcp.analysis.flags",
    )  # fmt: skip

    # The line to the message broker is opened once, and may stand already.
    services = {camera.values["cloud"], camera.values["push"]}
    assert camera.values["cloud"] in {port for _, _, port, _ in hellos} <= services
    assert {(*line[:2], line[3]) for line in hellos} == {(host, host, "1")}
    assert odd == []


def test_flaw_report_in_clear_shows_the_token_on_the_way(
    start: Callable[..., Process], camera: Process, recording: Recording
) -> None:
    bad = Recording(start("--initialized", "--flaw", "report-in-clear"))

    assert until(8, lambda: b"POST /v1/checkin" in bad.content and b"Authorization: Bearer " in bad.content)
    assert until(8, lambda: b"\x16\x03" in recording.content)
    assert b"Bearer" not in recording.close()
    bad.close()


def test_what_others_say_to_the_service_is_not_recorded(camera: Process, recording: Recording) -> None:
    camera.bench("PUT", "/uplink", {"cut": True})
    try:
        before = len(recording.content)
        answered = [camera.client("cloud_url").get("/v1/health").status_code for _ in range(3)]
    finally:
        camera.bench("DELETE", "/uplink")

    assert answered == [200] * 3
    # The camera itself may have tried in vain meanwhile: five short packets for each attempt.
    assert len(recording.content) - before < 3 * 1000


def test_the_camera_is_cut_off_and_comes_back(camera: Process, recording: Recording, tmp_path: Path) -> None:
    client = camera.client("cloud_url", headers={"Authorization": f"Bearer {camera.values['cloud_token']}"})

    def seen() -> float:
        return float(client.get(f"/v1/devices/{camera.values['serial']}").json()["last_seen"] or 0.0)

    assert camera.bench("PUT", "/uplink", {"cut": True}).json() == {"mode": "cut", "to": None}
    last = seen()
    try:
        assert until(10, lambda: len(_resets(recording.content)) >= 2)
        assert seen() == last
    finally:
        assert camera.bench("DELETE", "/uplink").json() == {"mode": "normal", "to": None}
    assert until(15, lambda: seen() > last)
    flags = _facts(recording.content, tmp_path / "c.pcap", "tcp.flags.str", only="tcp.flags.reset == 1")
    assert len(flags) >= 2


def _resets(capture: bytes) -> list[int]:
    """Offsets of the resets in a capture of IPv4 packets."""
    found, at = [], len(PCAP_HEADER)
    while at + 16 <= len(capture):
        length = int.from_bytes(capture[at + 8 : at + 12], "little")
        if capture[at + 16 + 33 : at + 16 + 34] and capture[at + 16 + 33] & 4:
            found.append(at)
        at += 16 + length
    return found


def test_the_camera_is_led_to_another_peer(camera: Process) -> None:
    with socket.create_server(("127.0.0.1", 0)) as peer:
        peer.settimeout(10)
        host, port = peer.getsockname()
        camera.bench("PUT", "/uplink", {"host": host, "port": port})
        try:
            connection, _ = peer.accept()
            with connection:
                connection.settimeout(5)
                first = connection.recv(3)
        finally:
            camera.bench("DELETE", "/uplink")

    assert first[:2] == b"\x16\x03"  # a TLS record of the handshake


@pytest.mark.parametrize(
    "body",
    [{}, {"cut": False}, {"host": "x"}, {"host": "x", "port": "y"}, {"host": "x", "port": 65536}, [], 3],
)
def test_the_gateway_refuses_what_it_does_not_understand(camera: Process, body: Any) -> None:
    assert camera.bench("PUT", "/uplink", body).status_code == 400
    assert camera.bench("GET", "/uplink").json() == {"mode": "normal", "to": None}


def test_a_capture_ends_with_its_reader(camera: Process) -> None:
    for _ in range(4):
        Recording(camera).close()

    assert camera.bench("GET", "/status").json()["power"] is True
