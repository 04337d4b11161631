"""The virtual camera's line to its message broker, both ends against Mosquitto and its clients."""

from __future__ import annotations

import asyncio
import re
import ssl
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import daemons
import pytest
from virtual_process import until

from pytest_etsi.virtual import mqtt
from pytest_etsi.virtual.device import line as device_line
from pytest_etsi.virtual.device.identity import Factory

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtual_process import Process


def _log(camera: Process, word: str = "line:") -> list[str]:
    return [line for line in camera.bench("GET", "/log").json()["lines"] if word in line]


def _line(camera: Process) -> str:
    """What the service has heard last on the line."""
    return str(camera.bench("GET", "/status").json()["line"])


def _publish(camera: Process, *options: str, token: str) -> int:
    values = camera.values
    command = [
        daemons.program("mosquitto_pub"),
        "-h",
        values["host"],
        "-p",
        values["push"],
        "--cafile",
        values["ca"],
    ]
    command += ["-i", "test", "-u", values["serial"], "-P", token, *options]
    return subprocess.run(command, capture_output=True, timeout=15, check=False).returncode


def _token(camera: Process) -> str:
    return Factory(Path(camera.values["state"], "seed").read_text().strip()).secret("device", 32)


def test_the_service_lets_in_its_camera_and_nobody_else(camera: Process) -> None:
    topic = f"devices/{camera.values['serial']}/state"

    assert _publish(camera, "-t", topic, "-m", "online", token=_token(camera)) == 0
    assert _publish(camera, "-t", topic, "-m", "online", token="another") == 5


def test_the_camera_talks_to_mosquitto_and_takes_the_one_order(
    start: Callable[..., Process], tmp_path: Path
) -> None:
    camera = start("--initialized")
    values, state = camera.values, Path(camera.values["state"])
    serial = values["serial"]
    settings = (f"certfile {state / 'cloud.pem'}", f"keyfile {state / 'cloud.pem'}", "log_type all")
    users = {serial: _token(camera), "lab": "lab-word"}
    with daemons.mosquitto(tmp_path, users=users, settings=settings, host=values["host"]) as broker:
        common = f"-h {broker.host} -p {broker.port} --cafile {values['ca']} -u lab -P lab-word".split()
        wanted = ["-t", "devices/+/state", "-C", "1", "-W", "60", "-v"]
        listen = [daemons.program("mosquitto_sub"), *common, *wanted]
        with subprocess.Popen(listen, stdout=subprocess.PIPE, text=True) as listening:
            # The camera says it once, and the broker keeps it for nobody who comes later.
            assert until(15, lambda: "Sending SUBACK" in broker.log), broker.log
            uplink = {"host": broker.host, "port": str(broker.port), "service": values["push"]}
            camera.bench("PUT", "/uplink", uplink)
            told, _ = listening.communicate(timeout=90)
        assert told == f"devices/{serial}/state online\n"
        send = [daemons.program("mosquitto_pub"), *common, "-t", f"devices/{serial}/orders", "-m"]
        subprocess.run([*send, "reboot"], check=True, timeout=60)
        assert until(5, lambda: any("an order that is none" in line for line in _log(camera)))
        subprocess.run([*send, "look"], check=True, timeout=60)
        subprocess.run(
            [*send, "reboot"], check=True, timeout=60
        )  # orders come in the order in which they were sent
        assert until(5, lambda: len(_log(camera, "an order that is none")) > 1)
        assert len(_log(camera, "an order that is none")) == 2
    assert until(5, lambda: any("next attempt" in line for line in _log(camera)))


def test_an_update_that_is_staged_reaches_the_camera_at_once(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    owner = camera.owner()
    assert until(5, lambda: _line(camera) == "online")

    camera.bench("PUT", "/offer", {"version": "1.4.3", "risks": "some", "interruption_s": 60})

    assert until(1.5, lambda: "1.4.3" in owner.get("/api/updates").text)


def test_the_line_is_closed_when_the_owner_wants_no_reports(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    assert until(5, lambda: _line(camera) == "online")
    camera.owner().put("/api/settings", json={"reports": False})

    assert until(5, lambda: _line(camera) == "offline")


def test_no_line_is_opened_while_the_owner_wants_no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []

    async def open_connection(*place: object, **_: object) -> None:
        opened.append(place)
        raise OSError

    class Owner:
        """Wants none, and counts how often that is looked up."""

        asked = 0

        def settings(self) -> dict[str, bool]:
            self.asked += 1
            return {"reports": False}

    async def look_twenty_times() -> None:
        running = asyncio.create_task(one.run())
        while owner.asked < 20:
            await asyncio.sleep(0)
        running.cancel()

    monkeypatch.setattr(device_line, "_GLANCE_S", 0.0)
    monkeypatch.setattr(asyncio, "open_connection", open_connection)
    owner: Any = Owner()
    who, tls = mqtt.Connect("EC2", "EC2", "token"), ssl.create_default_context()
    one = device_line.Line(
        owner, ("127.0.0.1", 1), tls, who, local="127.0.0.1", look=opened.clear, note=print
    )
    asyncio.run(look_twenty_times())

    assert opened == []


def test_a_service_with_another_certificate_hears_nothing(
    start: Callable[..., Process], tmp_path: Path
) -> None:
    values = (camera := start("--initialized")).values
    users = {values["serial"]: _token(camera)}
    with daemons.mosquitto(tmp_path, users=users, tls=True, host=values["host"]) as broker:
        camera.bench(
            "PUT", "/uplink", {"host": broker.host, "port": str(broker.port), "service": values["push"]}
        )

        assert until(8, lambda: any("SSLCertVerificationError" in line for line in _log(camera)))


@pytest.mark.parametrize(("flaw", "constant"), [("push-constant-retry", True), ("constant-retry", False)])
def test_the_waits_of_the_line_have_a_flaw_of_their_own(
    start: Callable[..., Process], flaw: str, constant: bool
) -> None:
    camera = start("--initialized", "--flaw", flaw)
    camera.bench("PUT", "/uplink", {"cut": True})

    def waits() -> list[float]:
        found = [re.search(r"next attempt in (\S+) s", line) for line in _log(camera)]
        return [float(one[1]) for one in found if one]

    assert until(15, lambda: len(waits()) >= 3)
    assert (waits()[-2:] == [1.0, 1.0]) is constant


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\4MQTT",
        b"\0\4MQTT\5\xc2\0\x14\0\0",
        b"\0\4MQTT\4\2\0\x14\0\1x",
        b"\0\4MQTT\4\xc2\0\x14\0\xffx",
        b"\0\4MQTT\4\xc2\0\x14\0\1\xff",
    ],
)
def test_a_malformed_connect_is_told(body: bytes) -> None:
    with pytest.raises(mqtt.MqttError):
        mqtt.connected(body)


def test_a_connect_is_read_as_it_was_written() -> None:
    who = mqtt.Connect("id", "näme", "wörd")

    packet = mqtt.connect(who, keep_alive_s=20, will=("a/b", b"gone"))

    assert mqtt.connected(packet[2:]) == who


def test_lengths_of_more_than_127_bytes_take_more_bytes() -> None:
    assert mqtt.packet(mqtt.PUBLISH, bytes(321))[:3] == b"\x30\xc1\x02"
