"""A supply that hangs on another machine, switched by labgrid: a coordinator and an exporter on the loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
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
"""Where labgrid's programs are; it is installed apart, since it brings its own build of pyserial."""
CLIENT = shutil.which("labgrid-client", path=str(TOOLS) if os.environ.get("ETSI_LABGRID") else None)
PLACE = "lamp"

pytestmark = pytest.mark.skipif(
    CLIENT is None, reason="labgrid-client is not there; ETSI_LABGRID names a directory with it"
)


@dataclass
class Relay:
    """A switchable plug with labgrid's REST interface."""

    value: bytes = b"1"

    def answer(self, method: str, _path: str, body: bytes) -> tuple[int, Any]:
        if method == "PUT":
            self.value = body
        return 200, self.value


@dataclass
class Laboratory:
    """What stands elsewhere: the relay, and the programs of labgrid that reach it."""

    address: str
    relay: Relay
    coordinator: subprocess.Popen[bytes]

    def client(self, *arguments: str) -> str:
        """What labgrid's client says."""
        command = [str(CLIENT), "-x", self.address, "-p", PLACE, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """A place whose supply the exporter offers, acquired."""
    directory, relay = tmp_path_factory.mktemp("labgrid"), Relay()
    address = f"127.0.0.1:{free_port()}"
    with server(relay.answer) as url:
        port = {"model": "rest", "host": f"{url}/relay/{{index}}/value", "index": 0}
        (directory / "exports.yaml").write_text(yaml.safe_dump({PLACE: {"NetworkPowerPort": port}}))
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
        made = Laboratory(address, relay, programs[0])
        made.client("create")
        made.client("add-match", f"far/{PLACE}/NetworkPowerPort")
        made.client("acquire")
        yield made
        for program in reversed(programs):
            program.terminate()
            program.wait(30)


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


def _device(directory: Path, address: str) -> Dut:
    def power(*words: str) -> dict[str, Any]:
        return {"program": str(CLIENT), "arguments": ["-x", address, "-p", PLACE, "power", *words]}

    supply = {
        "kind": "shell",
        "timeout_s": 30,
        "actions": {"on": power("on"), "off": power("off")},
        "state": power("get"),
        "is_on": {"pattern": "is (on|off)$"},
    }
    operations = {
        f"power-{action}": {"kind": "bench", "driver": "far-supply", "action": action}
        for action in ("on", "off")
    }
    return device_of(directory, {"bench": {"far-supply": supply}, "operations": operations})


def test_the_supply_of_a_place_is_switched_and_its_state_is_read_back(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    dut = _device(tmp_path, laboratory.address)

    dut.operations.run("power-off")
    off = laboratory.relay.value
    dut.operations.run("power-on")

    assert (off, laboratory.relay.value) == (b"0", b"1")


def test_a_place_that_nobody_holds_is_the_bench_s_fault(laboratory: Laboratory, tmp_path: Path) -> None:
    laboratory.client("release")
    try:
        with pytest.raises(Inconclusive, match="is not acquired") as raised:
            _device(tmp_path, laboratory.address).operations.run("power-off")
    finally:
        laboratory.client("acquire")

    assert raised.value.cause is Cause.BENCH
    assert laboratory.relay.value == b"1"


def test_a_coordinator_that_is_away_is_the_bench_s_fault(laboratory: Laboratory, tmp_path: Path) -> None:
    with pytest.raises(Inconclusive) as raised:
        _device(tmp_path, f"127.0.0.1:{free_port()}").operations.run("power-off")

    assert raised.value.cause is Cause.BENCH
    assert laboratory.relay.value == b"1"
