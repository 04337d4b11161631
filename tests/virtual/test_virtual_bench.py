"""The bench of the virtual camera: power, network cable, button, light and log."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

import httpx
import pytest
from virtual_process import Process, until

if TYPE_CHECKING:
    from collections.abc import Callable


def _is_open(camera: Process, port: str) -> bool:
    try:
        socket.create_connection((camera.values["host"], int(camera.values[port])), 2).close()
    except OSError:
        return False
    return True


def _open_ports(camera: Process) -> set[int]:
    first, last = (int(port) for port in camera.values["block"].split("-"))
    found = set()
    for port in range(first, last + 1):
        with socket.socket() as probe:
            probe.settimeout(2)
            if probe.connect_ex((camera.values["host"], port)) == 0:
                found.add(port)
    return found


@pytest.mark.parametrize("headers", [{}, {"X-Control-Token": "x"}, {"X-Control-Token": "\xe9"}])
def test_the_bench_obeys_nobody_without_its_token(camera: Process, headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = httpx.get(camera.values["control_url"] + "/status", headers=encoded, trust_env=False)

    assert answer.status_code == 403


def test_the_status_says_what_the_bench_sees(camera: Process) -> None:
    assert until(5, lambda: camera.bench("GET", "/status").json()["line"] == "online")
    assert camera.bench("GET", "/status").json() == {
        "state": "initialized",
        "power": True,
        "network": True,
        "line": "online",
        "boot_count": 1,
        "decisions": 0,
        "flaws": [],
    }


def test_only_documented_ports_of_the_device_are_open(camera: Process) -> None:
    assert _open_ports(camera) == {int(camera.values[name]) for name in ("http", "https", "rtsps")}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/power", None),
        ("/power", {}),
        ("/power", {"on": 1}),
        ("/power", {"on": "true"}),
        ("/power", {"on": []}),
        ("/network", {"up": None}),
        ("/button", {"name": "self-destruct"}),
    ],
)
def test_the_bench_refuses_what_it_does_not_understand(
    camera: Process, path: str, body: dict[str, object] | None
) -> None:
    answer = camera.bench("POST", path, body)

    assert (answer.status_code, "expected" in answer.json()["error"]) == (400, True)


def test_without_power_the_device_is_gone_and_the_rest_is_there(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "undocumented-login")
    status = camera.bench("POST", "/power", {"on": False}).json()
    off = {port: _is_open(camera, port) for port in ("http", "https", "telnet", "site", "cloud", "control")}
    camera.bench("POST", "/power", {"on": True})
    on = {port: _is_open(camera, port) for port in off}

    assert (status["power"], status["state"], status["boot_count"]) == (False, None, None)
    assert off == {
        "http": False,
        "https": False,
        "telnet": False,
        "site": True,
        "cloud": True,
        "control": True,
    }
    assert all(on.values())


def test_switching_off_what_is_off_does_nothing(start: Callable[..., Process]) -> None:
    camera = start()
    answers = [
        camera.bench("POST", "/power", {"on": on}).json()["power"] for on in (False, False, True, True)
    ]

    assert answers == [False, False, True, True]
    assert camera.bench("GET", "/status").json()["boot_count"] == 2


def test_a_power_cycle_ends_sessions_and_keeps_settings_and_locks(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--first-lock", "600")
    owner = camera.owner()
    owner.put("/api/settings", json={"name": "Hall"})
    for _ in range(5):
        camera.login(camera.client(), "wrong", "viewer")
    status = camera.bench("POST", "/power-cycle").json()

    assert status["boot_count"] == 2
    assert owner.get("/api/device").status_code == 401
    assert camera.owner().get("/api/settings").json()["name"] == "Hall"
    assert camera.login(camera.client(), camera.values["viewer_password"], "viewer").status_code == 423


def test_a_power_cycle_breaks_connections_in_use(start: Callable[..., Process]) -> None:
    camera = start()
    address = camera.values["host"], int(camera.values["http"])
    with socket.create_connection(address, 5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        camera.bench("POST", "/power-cycle")
        try:
            received = connection.recv(1)
        except ConnectionResetError:
            received = b""

    assert received == b""


def test_many_power_cycles_leave_a_working_camera(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    for _ in range(10):
        assert camera.bench("POST", "/power-cycle").status_code == 200

    assert camera.owner().get("/api/device").status_code == 200


def test_an_unplugged_camera_is_out_of_reach_but_goes_on_running(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    owner = camera.owner()
    camera.bench("POST", "/network", {"up": False})
    unplugged = _open_ports(camera)
    status = camera.bench("POST", "/network", {"up": True}).json()

    assert (unplugged, status["boot_count"]) == (set(), 1)
    assert owner.get("/api/device").status_code == 200


def test_an_unplugged_camera_stays_unplugged_over_a_power_cycle(start: Callable[..., Process]) -> None:
    camera = start()
    camera.bench("POST", "/network", {"up": False})
    camera.bench("POST", "/power-cycle")
    unplugged = _open_ports(camera)
    camera.bench("POST", "/network", {"up": True})

    assert (unplugged, len(_open_ports(camera))) == (set(), 3)


def test_the_button_makes_the_camera_forget(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    owner = camera.owner()
    owner.post(
        "/api/stream-password", json={"old": camera.values["stream_password"], "new": "quite another one"}
    )
    for _ in range(5):
        camera.login(camera.client(), "wrong")
    status = camera.bench("POST", "/button", {"name": "reset"}).json()
    client = camera.client()
    before = camera.login(client).status_code
    client.post("/api/setup", json={"password": "quite another one"})

    assert (status["state"], before) == ("factory-default", 403)
    assert camera.login(client).status_code == 401
    assert camera.login(client, "quite another one").status_code == 200
    assert client.get("/stream", auth=("stream", camera.values["stream_password"])).status_code == 200


def test_the_button_does_nothing_without_power(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    camera.bench("POST", "/power", {"on": False})
    answer = camera.bench("POST", "/button", {"name": "reset"})
    camera.bench("POST", "/power", {"on": True})

    assert answer.status_code == 409
    assert camera.bench("GET", "/status").json()["state"] == "initialized"


def test_the_log_tells_events_with_times_and_no_passwords(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    camera.login(camera.client(), "not the one")
    camera.client().get("/stream", auth=("stream", "not the one"))
    camera.owner().post(
        "/api/password", json={"old": camera.values["owner_password"], "new": "quite another one"}
    )
    camera.bench("POST", "/power-cycle")
    lines = camera.bench("GET", "/log").json()["lines"]
    text = "\n".join(lines)

    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", line) for line in lines)
    assert all(part in text for part in ("boot 1", "401", "password of owner changed", "power off", "boot 2"))
    assert not [
        word for word in ("not the one", "quite another one", camera.values["owner_password"]) if word in text
    ]


@pytest.mark.parametrize("flaw", [None, "talks-after-failed-boot"])
def test_a_camera_with_altered_software_blinks_and_starts_nothing(
    start: Callable[..., Process], flaw: str | None
) -> None:
    camera = start("--initialized", *(("--flaw", flaw) if flaw else ()))
    sound = camera.bench("GET", "/light/green").status_code
    camera.bench("PUT", "/software", {"altered": True})
    camera.bench("POST", "/power-cycle")
    light = camera.bench("GET", "/light/green").json()
    ports = _open_ports(camera)
    camera.bench("PUT", "/software", {"altered": False})
    camera.bench("POST", "/power-cycle")

    assert (sound, light) == (204, {"light": "red-blinking"})
    assert ports == set()
    assert _open_ports(camera) == {int(camera.values[name]) for name in ("http", "https", "rtsps")}
    assert camera.bench("GET", "/light/green").status_code == 204
