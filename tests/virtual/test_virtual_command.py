"""The virtual camera as a process: starting, stopping, being killed, and several side by side."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from virtual_process import STOP_S, Process, command, run, until

from pytest_etsi.virtual.__main__ import main
from pytest_etsi.virtual.flaws import FLAWS

if TYPE_CHECKING:
    from collections.abc import Callable


def _values(state: Path, *options: str) -> dict[str, str]:
    done = run("values", "--state", str(state), *options)
    assert done.returncode == 0, done.stderr
    values: dict[str, str] = json.loads(done.stdout)
    return values


def test_values_are_the_same_every_time(tmp_path: Path) -> None:
    assert _values(tmp_path) == _values(tmp_path)


def test_values_are_texts(tmp_path: Path) -> None:
    assert {type(value) for value in _values(tmp_path).values()} == {str}


def test_the_files_that_values_name_exist_before_the_start(tmp_path: Path) -> None:
    values = _values(tmp_path)

    assert all(Path(values[name]).is_file() for name in ("ca", "factory_csv"))


def test_the_camera_agrees_with_the_values_computed_before(
    tmp_path: Path, start: Callable[..., Process]
) -> None:
    values = _values(tmp_path / "camera", "--flaw", "mac-derived-password")
    camera = start("--flaw", "mac-derived-password")

    assert camera.values == values


def test_values_asked_for_while_the_camera_runs_are_the_camera_s(start: Callable[..., Process]) -> None:
    camera = start()

    assert _values(camera.state) == camera.values


def test_values_take_the_address_and_ports_they_are_given(tmp_path: Path) -> None:
    values = _values(tmp_path, "--host", "127.0.0.1", "--ports", "31000")

    assert (values["https_url"], values["block"]) == ("https://127.0.0.1:31004", "31000-31031")


def test_the_stream_password_among_the_values_follows_the_flaw(tmp_path: Path) -> None:
    assert _values(tmp_path, "--flaw", "universal-default-password")["stream_password"] == "admin12345"


def test_the_camera_listens_on_the_address_and_ports_it_is_given(
    tmp_path: Path, start: Callable[..., Process]
) -> None:
    values = _values(tmp_path / "camera")
    camera = start("--host", values["host"], "--ports", values["ports"])

    assert camera.client().get("/api/info").json() == {"product": "camera"}


def test_a_new_device_is_delivered_in_factory_default(start: Callable[..., Process]) -> None:
    assert start().client().get("/api/setup").json() == {"state": "factory-default"}


def test_asked_to_the_bench_delivers_it_initialized(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    camera.logged_in("viewer", camera.values["viewer_password"])

    assert camera.owner().get("/api/setup").json() == {"state": "initialized"}


def test_a_device_that_has_been_started_is_not_initialized_again(start: Callable[..., Process]) -> None:
    camera = start()
    camera.stop()
    camera.start("--initialized")

    assert camera.client().get("/api/setup").json() == {"state": "factory-default"}


def test_it_stops_when_its_standard_input_ends(start: Callable[..., Process]) -> None:
    assert start().stop() == (0, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_on_a_signal(start: Callable[..., Process], number: signal.Signals) -> None:
    camera = start()
    assert camera.popen
    camera.popen.send_signal(number)

    assert camera.popen.wait(STOP_S) == 0


def test_it_stops_without_waiting_for_open_connections(start: Callable[..., Process]) -> None:
    camera = start("--flaw", "undocumented-login")
    with (
        camera.client() as client,
        socket.create_connection((camera.values["host"], int(camera.values["https"]))),
        socket.create_connection((camera.values["host"], int(camera.values["telnet"]))),
    ):
        client.get("/api/info")

        assert camera.stop() == (0, "")


def test_it_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    arguments = command("camera", "--state", str(tmp_path))
    script = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen({arguments!r}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()

    assert until(3, lambda: _is_gone(child))


def _is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False
    return state == "Z"


def test_it_goes_on_without_a_standard_input(tmp_path: Path) -> None:
    arguments = command("camera", "--state", str(tmp_path))
    with subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.terminate()


def test_it_leaves_nothing_but_its_state(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    camera.login(camera.client(), "wrong")
    camera.stop()

    assert {item.name for item in camera.state.iterdir()} == {
        "ca-key.pem", "ca.pem", "cloud.pem", "device.pem", "elsewhere.pem", "factory.csv", "firmware.bin", "lock", "packages",
        "place.json", "seed", "state.json",
    }  # fmt: skip


def test_its_secrets_are_readable_by_its_user_only(start: Callable[..., Process]) -> None:
    camera = start()
    readable = {
        item.name for item in camera.state.iterdir() if item.is_file() and item.stat().st_mode & 0o077
    }

    assert readable <= {"ca.pem", "lock"}


def test_password_and_lock_survive_a_kill(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--first-lock", "600")
    owner = camera.owner()
    old, new = camera.values["owner_password"], "a new one after noon"
    assert owner.post("/api/password", json={"old": old, "new": new}).status_code == 200
    viewer = camera.values["viewer_username"]
    for _ in range(5):
        camera.login(camera.client(), "wrong", viewer)
    camera.kill()
    camera.start()

    assert camera.login(camera.client(), new).status_code == 200
    assert camera.login(camera.client(), old).status_code == 401
    assert camera.login(camera.client(), camera.values["viewer_password"], viewer).status_code == 423


def test_a_kill_in_the_middle_of_writing_leaves_a_device_that_starts(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    for delay in (0.02, 0.05, 0.08):
        owner = camera.owner()
        assert camera.popen
        threading.Timer(delay, camera.popen.kill).start()
        with pytest.raises(httpx.TransportError):
            _change_settings_on_and_on(owner)
        camera.kill()
        camera.start()

    assert camera.owner().get("/api/settings").json()["name"].startswith("Camera ")


def _change_settings_on_and_on(owner: httpx.Client) -> None:
    for number in range(100_000):
        owner.put("/api/settings", json={"name": f"Camera {number}"})


def test_a_port_in_use_is_named_and_gives_status_3(tmp_path: Path) -> None:
    values = _values(tmp_path)
    with socket.socket() as other:
        other.bind((values["host"], int(values["https"])))
        other.listen()
        done = run("camera", "--state", str(tmp_path), "--host", values["host"], "--ports", values["ports"])

    assert done.returncode == 3
    assert f"{values['host']}:{values['https']}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_place_left_open_is_picked_anew_when_the_last_one_is_taken(tmp_path: Path) -> None:
    before = _values(tmp_path)
    with socket.socket() as other:
        other.bind((before["host"], int(before["https"])))
        other.listen()

        assert _values(tmp_path)["https_url"] != before["https_url"]


def test_a_state_directory_in_use_gives_status_4(start: Callable[..., Process]) -> None:
    camera = start()
    done = run("camera", "--state", str(camera.state))

    assert (done.returncode, "another virtual camera" in done.stderr) == (4, True)


def test_an_unknown_flaw_gives_status_2_and_the_known_ones(tmp_path: Path) -> None:
    done = run("camera", "--state", str(tmp_path), "--flaw", "no-lokout")

    assert (done.returncode, "no-lockout" in done.stderr) == (2, True)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "4000", "soon"])
def test_a_first_lock_is_a_number_of_seconds(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["camera", "--state", str(tmp_path), "--first-lock", text])

    assert (ended.value.code, "--first-lock" in capsys.readouterr().err) == (2, True)


def test_two_cameras_run_side_by_side_and_are_different_devices(start: Callable[..., Process]) -> None:
    one, two = start("--initialized", name="one"), start("--initialized", name="two")
    tokens = [camera.owner().get("/api/device").json()["serial"] for camera in (one, two)]

    assert tokens == [one.values["serial"], two.values["serial"]]
    assert one.values["host"] != two.values["host"] or one.values["ports"] != two.values["ports"]
    assert one.login(one.client(), two.values["owner_password"]).status_code == 401


def test_moved_to_another_address_it_gets_a_certificate_for_that(start: Callable[..., Process]) -> None:
    camera = start()
    camera.stop()
    camera.options = ("--host", "127.0.0.1")
    camera.start()

    assert camera.client().get("/api/info").status_code == 200


def test_flaws_are_listed_for_people() -> None:
    listed = run("flaws").stdout

    assert all(flaw.label in listed and flaw.what in listed for flaw in FLAWS)


def test_flaws_are_listed_for_programs() -> None:
    assert json.loads(run("flaws", "--json").stdout) == [
        {"name": flaw.label, "what": flaw.what, "fails": list(flaw.fails)} for flaw in FLAWS
    ]


def test_flaws_are_listed_with_the_units_of_the_later_edition() -> None:
    listed = {
        one["name"]: one["fails"] for one in json.loads(run("flaws", "--json", "--edition=2.1.1").stdout)
    }

    assert listed == {flaw.label: list(flaw.fails_later) for flaw in FLAWS}
    assert listed["spare-refuses-setup"] == ["5.3-15B-2/a"]
    assert "nothing that edition 2.1.1 asks" in run("flaws", "--edition=2.1.1").stdout


def test_it_imports_nothing_of_the_tester() -> None:
    script = (
        "import sys, pytest_etsi.virtual.__main__, pytest_etsi.virtual.camera\n"
        "allowed = ('_version', 'unit', 'verdict', 'virtual')\n"
        "print([m for m in sys.modules if m.startswith('pytest_etsi.') and m.split('.')[1] not in allowed])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=True
    )

    assert done.stdout.strip() == "[]"
