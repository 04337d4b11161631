"""A place of labgrid, with supply and console: a coordinator and an exporter on the loopback, a relay and a raw console."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from bench_world import device_of, server

from pytest_etsi.verdict import Cause, Inconclusive
from tests.daemons import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut import Dut

TOOLS = Path(os.environ.get("ETSI_LABGRID", "")).absolute()
"""Where labgrid's programs are: those of the extra labgrid, in an environment that has nothing else to do."""
CLIENT = shutil.which("labgrid-client", path=str(TOOLS) if os.environ.get("ETSI_LABGRID") else None)
PLACE = "lamp"

pytestmark = pytest.mark.skipif(
    CLIENT is None, reason="labgrid-client is not there; ETSI_LABGRID names a directory with it"
)


@dataclass
class Relay:
    """A switchable plug with labgrid's REST interface.

    Attributes:
        status: what it answers with.
        hangs_s: seconds until it answers.
    """

    value: bytes = b"1"
    status: int = 200
    hangs_s: float = 0.0

    def answer(self, method: str, _path: str, body: bytes) -> tuple[int, Any]:
        works = self.status == 200 and not self.hangs_s
        time.sleep(self.hangs_s)
        if method == "PUT" and works:
            self.value = body
        return self.status, self.value


@dataclass
class Laboratory:
    """What stands elsewhere: the relay, and the programs of labgrid that reach it."""

    address: str
    relay: Relay
    exporter: subprocess.Popen[bytes]
    coordinator: subprocess.Popen[bytes]

    def client(self, *arguments: str, by: str | None = None) -> str:
        """What labgrid's client says, to this user or another one."""
        command = [str(CLIENT), "-x", self.address, "-p", PLACE, *arguments]
        env = os.environ | ({"LG_USERNAME": by} if by else {})
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, env=env).stdout


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """A place whose supply the exporter offers, acquired."""
    directory, relay = tmp_path_factory.mktemp("labgrid"), Relay()
    address = f"127.0.0.1:{free_port()}"
    with server(relay.answer) as url, socket.create_server(("127.0.0.1", 0)) as console:
        exports = {
            "NetworkPowerPort": {"model": "rest", "host": f"{url}/relay/{{index}}/value", "index": 0},
            "NetworkSerialPort": {"host": "127.0.0.1", "port": console.getsockname()[1], "protocol": "raw"},
            "NetworkService": {"address": "127.0.0.1", "username": "root"},
        }
        (directory / "exports.yaml").write_text(yaml.safe_dump({PLACE: exports}))
        threading.Thread(target=_greet, args=(console,), daemon=True).start()
        tool = Path(str(CLIENT)).with_name
        programs = [
            _started(directory, [str(tool("labgrid-coordinator")), "-l", address], "listening"),
            _started(
                directory,
                [
                    str(tool("labgrid-exporter")),
                    "-c",
                    address,
                    "-n",
                    "far",
                    "--hostname",
                    "127.0.0.1",
                    "exports.yaml",
                ],
                "ready",
            ),
        ]
        made = Laboratory(address, relay, exporter=programs[1], coordinator=programs[0])
        made.client("create")
        made.client("add-match", f"far/{PLACE}/*")
        made.client("acquire")
        yield made
        for program in reversed(programs):
            program.terminate()
            program.wait(30)


def _greet(listener: socket.socket) -> None:
    """A console that says who it is to whoever connects, and then listens."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"lamp login: ")
                while connection.recv(4096):
                    pass


def _started(directory: Path, command: list[str], says: str) -> subprocess.Popen[bytes]:
    log = directory / f"{Path(command[0]).name}.log"
    with log.open("wb") as output:
        program = subprocess.Popen(
            command, cwd=directory, stdout=output, stderr=output, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
    until = time.monotonic() + 60
    while says not in log.read_text().lower():
        assert program.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)
    return program


def _device(directory: Path, address: str, **labgrid: Any) -> Dut:
    """The device at the place, by `access.labgrid`."""
    operations = {
        f"power-{action}": {"kind": "bench", "driver": "far-supply", "action": action}
        for action in ("on", "off")
    }
    access = {
        "labgrid": {"coordinator": address, "place": PLACE, "client": str(CLIENT)} | labgrid,
        "bench": {"far-supply": {"kind": "labgrid"}},
        "serial": {"url": "labgrid://"},
        "operations": operations,
    }
    return device_of(directory, access)


def _refused(dut: Dut, relay: Relay) -> str:
    """Why the supply cannot be switched off, which is the bench's fault; it stays on."""
    with pytest.raises(Inconclusive) as raised:
        dut.operations.run("power-off")
    assert raised.value.cause is Cause.BENCH
    assert relay.value == b"1"
    return str(raised.value)


@pytest.fixture
def free(laboratory: Laboratory) -> Iterator[Laboratory]:
    """The laboratory, while nobody holds the place."""
    laboratory.client("release")
    yield laboratory
    laboratory.client("acquire")


def test_the_programs_of_labgrid_do_as_equipment_of_the_kind_shell(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    def power(*words: str) -> dict[str, Any]:
        arguments = ["-x", laboratory.address, "-p", PLACE, "power", *words]
        return {"program": str(CLIENT), "arguments": arguments}

    supply = {
        "kind": "shell",
        "timeout_s": 30,
        "actions": {"on": power("on"), "off": power("off")},
        "state": power("get"),
        "is_on": {"pattern": "is (on|off)$"},
    }
    power_off = {"kind": "bench", "driver": "far-supply", "action": "off"}
    dut = device_of(tmp_path, {"bench": {"far-supply": supply}, "operations": {"power-off": power_off}})
    dut.operations.run("power-off")
    off, laboratory.relay.value = laboratory.relay.value, b"1"

    assert off == b"0"


def test_a_place_is_acquired_switched_heard_and_released(free: Laboratory, tmp_path: Path) -> None:
    dut = _device(tmp_path, free.address)
    dut.operations.run("power-off")
    off, held = free.relay.value, PLACE in free.client("who")
    dut.operations.run("power-on")
    said = dut.console.expect("login: $", 10).text
    dut.close()

    assert (off, free.relay.value, held, said[-7:]) == (b"0", b"1", True, "login: ")
    assert PLACE not in free.client("who")


def test_a_place_by_an_environment_file_that_this_user_holds_stays_held(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    environment = {
        "targets": {"main": {"resources": {"RemotePlace": {"name": PLACE}}}},
        "options": {"coordinator_address": laboratory.address},
    }
    (tmp_path / "bench.yaml").write_text(yaml.safe_dump(environment))
    dut = _device(tmp_path, laboratory.address, environment="bench.yaml", coordinator=None, place=None)
    dut.operations.run("power-off")
    off, laboratory.relay.value = laboratory.relay.value, b"1"
    dut.close()

    assert off == b"0"
    assert PLACE in laboratory.client("who")


def test_a_place_that_nobody_holds_is_the_bench_s_fault(free: Laboratory, tmp_path: Path) -> None:
    assert "is not acquired" in _refused(_device(tmp_path, free.address, acquire=False), free.relay)


def test_a_place_that_somebody_else_holds_is_the_bench_s_fault(free: Laboratory, tmp_path: Path) -> None:
    free.client("acquire", by="jo")
    try:
        dut = _device(tmp_path, free.address)
        why = _refused(dut, free.relay)
        dut.close()
    finally:
        free.client("release", by="jo")

    assert re.search(r"already acquired by \S+/jo", why)


def test_a_place_that_somebody_takes_away_in_the_middle_is_the_bench_s_fault(
    free: Laboratory, tmp_path: Path
) -> None:
    dut = _device(tmp_path, free.address)
    dut.operations.place.console("")
    free.client("release", "--kick", by="jo")
    free.client("acquire", by="jo")
    try:
        why = _refused(dut, free.relay)
        dut.close()
    finally:
        free.client("release", by="jo")

    assert re.search(r"acquired by jo\b", why)


@pytest.mark.parametrize(
    ("status", "hangs_s", "why"), [(500, 0.0, "500"), (200, 6.0, "did not end within 3 s")]
)
def test_a_supply_that_fails_or_hangs_is_the_bench_s_fault(
    laboratory: Laboratory, tmp_path: Path, status: int, hangs_s: float, why: str
) -> None:
    dut = _device(tmp_path, laboratory.address, acquire=False, timeout_s=3 if hangs_s else 30)
    laboratory.relay.status, laboratory.relay.hangs_s = status, hangs_s
    try:
        assert why in _refused(dut, laboratory.relay)
    finally:
        laboratory.relay.status, laboratory.relay.hangs_s = 200, 0.0


def test_a_coordinator_that_is_away_is_the_bench_s_fault(laboratory: Laboratory, tmp_path: Path) -> None:
    assert "oordinator" in _refused(_device(tmp_path, f"127.0.0.1:{free_port()}"), laboratory.relay)


def test_an_exporter_and_a_coordinator_that_go_while_the_place_is_held_are_the_bench_s_fault(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    """The last one: they do not come back."""
    dut = _device(tmp_path, laboratory.address, acquire=False)
    dut.operations.place.console("")
    laboratory.exporter.kill()
    laboratory.exporter.wait(30)
    _refused(dut, laboratory.relay)
    laboratory.coordinator.kill()
    laboratory.coordinator.wait(30)

    assert "oordinator" in _refused(dut, laboratory.relay)
