"""What surrounds the virtual camera: bench, web site, cloud service, UART, and the login nobody documented."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import time
from typing import TYPE_CHECKING

import httpx
import pytest
import serial
from virtual_process import Process, until

from pytest_etsi.virtual.camera import Camera
from pytest_etsi.virtual.device.identity import Factory
from pytest_etsi.virtual.device.telnet import PASSWORD, USERNAME
from pytest_etsi.virtual.place import pick
from pytest_etsi.virtual.values import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


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


# Bench ------------------------------------------------------------------------------------------------------


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


# Site -------------------------------------------------------------------------------------------------------


def _page(camera: Process, name: str) -> str:
    answer = httpx.get(camera.values[name], trust_env=False)
    assert answer.status_code == 200
    return answer.text


def _chapters(manual: str) -> dict[str, str]:
    return dict(re.findall(r'<section id="([^"]+)">(.*?)</section>', manual, re.DOTALL))


def test_the_site_leads_to_all_documents(camera: Process) -> None:
    links = re.findall(r'href="(/[a-z]+)"', _page(camera, "site_url"))

    assert sorted(links) == ["/manual", "/privacy", "/security", "/support"]
    assert {httpx.get(camera.values["site_url"] + path, trust_env=False).status_code for path in links} == {
        200
    }


@pytest.mark.parametrize(
    ("chapter", "least"),
    [
        ("first-start", 4),
        ("change-web-password", 4),
        ("change-stream-password", 4),
        ("factory-reset", 4),
        ("setup-check", 4),
        ("updates", 4),
        ("diagnostics", 3),
        ("erase-service-data", 3),
    ],
)
def test_the_manual_explains_in_numbered_steps(camera: Process, chapter: str, least: int) -> None:
    steps = re.findall(r"<li>(.*?)</li>", _chapters(_page(camera, "manual_url"))[chapter])

    assert len(steps) >= least
    assert all(re.search(r"[.\"]$", step.replace("&quot;", '"')) for step in steps)


def test_the_policy_says_whom_to_write_to_and_when_to_expect_what(camera: Process) -> None:
    policy = _page(camera, "policy_url")

    assert all(part in policy for part in ("security@example.com", "3 working days", "90 days"))


def test_the_support_page_says_until_when(camera: Process) -> None:
    assert re.search(r"security updates until \d+ \w+ \d{4}", _page(camera, "support_url"))


def test_the_privacy_page_names_the_data(camera: Process) -> None:
    assert "serial number" in _page(camera, "privacy_url")


def test_the_site_has_a_security_txt(camera: Process) -> None:
    answer = httpx.get(camera.values["site_url"] + "/.well-known/security.txt", trust_env=False)

    assert (answer.headers["Content-Type"].split(";")[0], "Contact:" in answer.text) == ("text/plain", True)


def test_flaw_change_undocumented_leaves_the_chapters_out(start: Callable[..., Process]) -> None:
    camera, sound = start("--flaw", "change-undocumented"), start(name="sound")
    manual = _page(camera, "manual_url")

    assert set(_chapters(_page(sound, "manual_url"))) - set(_chapters(manual)) == {
        "change-web-password",
        "change-stream-password",
    }
    assert not re.search("chang|save web password|new stream password", manual, re.IGNORECASE)


# Cloud ------------------------------------------------------------------------------------------------------


def test_the_cloud_is_well(camera: Process) -> None:
    assert camera.client("cloud_url").get("/v1/health").json() == {"status": "ok"}


def test_the_camera_checks_in_with_the_cloud(camera: Process) -> None:
    client = camera.client("cloud_url", headers={"Authorization": f"Bearer {camera.values['cloud_token']}"})
    path = f"/v1/devices/{camera.values['serial']}"

    assert until(5, lambda: client.get(path).json()["online"])
    seen = client.get(path).json()
    assert (seen["serial"], seen["software"]) == (camera.values["serial"], camera.values["software"])
    assert abs(seen["last_seen"] - time.time()) < 5


def test_a_camera_without_power_calls_nobody(tmp_path: Path) -> None:
    factory, place = Factory("seed"), pick()
    prepare(tmp_path, factory, place)

    async def switched_off() -> list[bool]:
        camera = Camera(tmp_path, factory, place)
        await camera.start()
        calling = [*camera._calling]
        await camera.power(on=False)
        ended = [task.done() for task in calling]
        await camera.stop()
        return ended

    assert asyncio.run(switched_off()) == [True, True]  # the reporter and the line


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp4"}])
def test_the_cloud_answers_nobody_without_a_token(camera: Process, headers: dict[str, str]) -> None:
    client = camera.client("cloud_url", headers=headers)
    answers = [client.get(f"/v1/devices/{camera.values['serial']}"), client.post("/v1/checkin", json={})]

    assert {answer.status_code for answer in answers} == {401}


def test_a_customer_cannot_check_in_for_a_camera_nor_see_another(camera: Process) -> None:
    client = camera.client("cloud_url", headers={"Authorization": f"Bearer {camera.values['cloud_token']}"})

    assert client.post("/v1/checkin", json={}).status_code == 401
    assert client.get("/v1/devices/EC2-1").status_code == 404


# UART -------------------------------------------------------------------------------------------------------


@pytest.fixture
def console() -> Iterator[Callable[[Process], serial.Serial]]:
    """Opens the UART of a camera as a bench does."""
    ports: list[serial.Serial] = []

    def console(camera: Process) -> serial.Serial:
        ports.append(serial.Serial(camera.values["console"], 115200, timeout=0.3))
        return ports[-1]

    yield console
    for port in ports:
        port.close()


def test_the_uart_is_silent(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start()
    port = console(camera)
    port.write(b"\r\n\r\nroot\r\n")
    camera.bench("POST", "/power-cycle")
    port.write(b"\x03help\r\n")

    assert port.read(100) == b""


def test_flooding_the_silent_uart_does_not_stop_the_camera(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start()
    port = console(camera)
    port.write_timeout = 5
    for _ in range(50):
        port.write(b"x" * 4096)

    assert camera.client().get("/api/info").status_code == 200


def test_flaw_uart_shell_prints_the_boot_log_and_obeys(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-shell")
    port = console(camera)
    camera.bench("POST", "/power-cycle")
    log = port.read_until(b"activate this console.\r\n")
    port.write(b"\r\n")
    prompt = port.read_until(b"# ")
    port.write(b"ix\x7fd\r\n")
    answer = port.read_until(b"# ")

    assert b"U-Boot" in log
    assert (prompt, answer) == (b"/ # ", b"\r\nuid=0(root) gid=0(root)\r\n/ # ")


def test_flaw_uart_boot_loader_is_stopped_by_its_key_within_its_time_only(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-boot-loader")
    port = console(camera)
    camera.bench("POST", "/power-cycle")
    port.timeout = 1.0
    early = port.read(10)  # while it counts
    port.write(b"\r\n\x03\r\n")
    late = port.read(10)
    camera.bench("POST", "/power-cycle")
    port.write(b"\r \x03")
    stopped = port.read_until(b"=> ")
    port.write(b"version\r")

    assert early == late == b""
    assert stopped == b"\r\n=> "
    assert b"U-Boot 2023.04" in port.read_until(b"=> ")


def test_flaw_uart_after_key_says_nothing_until_the_second_line(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-after-key")
    port = console(camera)
    camera.bench("POST", "/power-cycle")
    port.write(b"\r")
    first = port.read(10)
    port.write(b"id\r")

    assert first == b""
    assert b"uid=0(root)" in port.read_until(b"# ")


def test_flaw_uart_login_asks_for_a_name_when_a_line_is_typed(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-login")
    port = console(camera)
    port.write(b"\r\n")

    assert port.read_until(b"login: ") == b"\r\ncamera login: "


def test_flaw_uart_logs_password_tells_it_at_every_start_and_takes_nothing(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-logs-password")
    port = console(camera)
    camera.bench("POST", "/power-cycle")
    told = port.read_until(b"\r\n")
    port.write(b"help\r\n")

    assert camera.values["owner_password"].encode() in told
    assert port.read(10) == b""


def test_flaw_uart_shell_is_dead_without_power(
    start: Callable[..., Process], console: Callable[[Process], serial.Serial]
) -> None:
    camera = start("--flaw", "uart-shell")
    port = console(camera)
    camera.bench("POST", "/power", {"on": False})
    port.reset_input_buffer()
    port.write(b"\r\n")

    assert port.read(10) == b""


def test_nobody_reading_the_uart_does_not_stop_a_talking_camera(start: Callable[..., Process]) -> None:
    camera = start("--flaw", "uart-shell")
    for _ in range(30):
        assert camera.bench("POST", "/power-cycle").status_code == 200

    assert camera.client().get("/api/info").status_code == 200


def test_the_uart_is_gone_with_the_camera(start: Callable[..., Process]) -> None:
    camera = start()
    camera.stop()

    assert not os.path.lexists(camera.values["console"])


# Undocumented login -----------------------------------------------------------------------------------------


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


# Rubbish ----------------------------------------------------------------------------------------------------

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
