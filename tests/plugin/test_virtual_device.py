"""The virtual device as the plugin starts, uses and stops it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from plugin_project import LEFT_OPEN
from work import FAR_TOO_LONG_S

from pytest_etsi.plugin import virtual_process

if TYPE_CHECKING:
    from plugin_project import Project


@pytest.fixture(autouse=True)
def devices() -> None:
    """Virtual devices are started as for users here."""


VIRTUAL: dict[str, Any] = {
    "virtual": "camera",
    "dut": {
        "manufacturer": "Example",
        "model": "Cam",
        "hardware": "B",
        "software": "1.4.2",
        "serial": "${virtual:serial}",
    },
    "access": {
        "network": {
            "hosts": ["${virtual:host}"],
            "ports": "${virtual:block}",
            "ports_because": "the address belongs to the computer",
            "ca": "${virtual:ca}",
        },
    },
    "ixit": {
        "1-AuthMech": [
            {
                "ID": "AuthMech-web",
                "access": {
                    "driver": "http-json",
                    "url": "${virtual:https_url}/api/login",
                    "username": "owner",
                    "password": "${virtual:owner_password}",
                },
            }
        ]
    },
}
SUITE = """
    import pathlib
    from pytest_etsi import reveal

    @unit("5.1-3-2", "a")
    def test_answers(auth_mech, etsi_network):
        with etsi_network.http() as client:
            assert client.get(auth_mech.access.url.replace("/api/login", "/")).status_code == 200

    @unit("5.1-4-2", "a")
    def test_knows_its_owner(auth_mech, etsi_network, etsi_profile):
        pathlib.Path("serial").write_text(etsi_profile.dut.serial)
        with etsi_network.http() as client:
            login = {"username": auth_mech.access.username, "password": reveal(auth_mech.access.password)}
            assert client.post(auth_mech.access.url, json=login).status_code == 200
"""


@pytest.fixture
def own_temporary_directory(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the processes of this test can be told from those of others."""
    directory = project.pytester.mkdir("tmp")
    monkeypatch.setenv("TMPDIR", str(directory))


def virtual_processes(project: Project) -> set[int]:
    """The virtual devices that a run in the project has started."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"pytest_etsi.virtual" in line and any(bytes(project.path) in part for part in line):
                found.add(int(entry.name))
    return found


@pytest.mark.usefixtures("own_temporary_directory")
@pytest.mark.parametrize("arguments", [("-p", "no:xdist"), ("-n2",)], ids=["serial", "distributed"])
def test_the_device_runs_while_it_is_assessed_and_no_longer(
    project: Project, arguments: tuple[str, ...]
) -> None:
    project.profile(**VIRTUAL)
    project.suite(test_all=SUITE)
    result = project.run(*arguments, fresh=True)

    assert result.parseoutcomes() == {"passed": 2}
    assert result.ret == LEFT_OPEN
    assert not virtual_processes(project)
    assert not list((project.path / "tmp").glob("etsi-*"))
    result.stdout.fnmatch_lines(["etsi: DUT Example Cam, hardware B, software 1.4.2; virtual camera"])
    assert "owner_password" not in str(project.results())


def test_a_resumed_run_finds_the_same_device(project: Project) -> None:
    project.profile(**VIRTUAL)
    project.suite(test_all=SUITE)
    project.run("-k", "test_knows_its_owner")
    serial = (project.path / "serial").read_text()
    result = project.run("--etsi-resume")

    assert result.ret == LEFT_OPEN
    assert result.parseoutcomes() == {"passed": 1, "deselected": 1}
    assert project.results()["dut"]["serial"] == serial


@pytest.mark.parametrize("arguments", [("--collect-only",), ("--etsi-plan",), ("--markers",)])
def test_asking_starts_nothing(
    project: Project, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.profile(**VIRTUAL)
    project.suite(test_all=SUITE)
    monkeypatch.setattr(virtual_process, "VirtualDevice", None)

    assert project.run(*arguments).ret == 0


def test_flaws_are_seeded(project: Project) -> None:
    project.profile(**VIRTUAL)
    project.suite(
        test_all="""
        @unit("5.1-3-2", "a")
        def test_redirects(auth_mech, etsi_network, etsi_profile):
            with etsi_network.http() as client:
                host = etsi_profile.access.network.hosts[0]
                port = int(etsi_profile.access.network.ports.partition("-")[0]) + 8
                assert client.get(f"http://{host}:{port}/").is_redirect, "plain HTTP serves the login"
    """
    )

    assert project.run().ret == LEFT_OPEN
    result = project.run("--etsi-flaw=plain-http-login", "--etsi-flaw=no-lockout")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["etsi: DUT * virtual camera with plain-http-login, no-lockout"])


def test_an_unknown_flaw_names_its_neighbours(project: Project) -> None:
    project.profile(**VIRTUAL)
    project.suite(test_all=SUITE)
    result = project.run("--etsi-flaw=no-lock-out")

    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["ERROR: --etsi-flaw: unknown flaw 'no-lock-out'; did you mean \"no-lockout\"*"]
    )


def test_a_missing_extra_is_answered_with_its_install_line(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.profile(**VIRTUAL)
    project.suite(test_all=SUITE)
    monkeypatch.setattr("importlib.util.find_spec", lambda name, package=None: None)
    with pytest.raises(pytest.UsageError, match=r"pip install 'pytest-etsi\[virtual\]'"):
        virtual_process.VirtualDevice("camera", [], seed="")


def test_a_device_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import sys; print('no port is free', file=sys.stderr); sys.exit(3)"
    monkeypatch.setattr(virtual_process, "_COMMAND", (sys.executable, "-c", program))
    device = virtual_process.VirtualDevice("camera", [], seed="")
    with pytest.raises(pytest.UsageError, match="the virtual camera ended with status 3: no port is free"):
        device.start()
    device.stop()


def test_a_device_that_is_never_ready_is_given_up_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    monkeypatch.setattr(virtual_process, "_COMMAND", (sys.executable, "-c", program))
    monkeypatch.setattr(virtual_process, "READY_WITHIN_S", 0.5)
    monkeypatch.setattr(virtual_process, "STOP_WITHIN_S", 0.2)
    device = virtual_process.VirtualDevice("camera", [], seed="")
    began = time.monotonic()
    with pytest.raises(pytest.UsageError, match="was not ready within"):
        device.start()

    assert time.monotonic() - began < FAR_TOO_LONG_S


@pytest.mark.usefixtures("own_temporary_directory")
def test_a_killed_run_leaves_no_device_behind(project: Project) -> None:
    project.profile(**VIRTUAL)
    project.suite(
        test_all='import pathlib, time\n\n@unit("5.1-3-2", "a")\ndef test_x(auth_mech):\n'
        '    pathlib.Path("started").touch()\n    time.sleep(300)'
    )
    command = [sys.executable, "-m", "pytest", "-p", "etsi_redirect", "--etsi-profile=camera.yaml"]
    with subprocess.Popen(command, cwd=project.path, stdout=subprocess.DEVNULL) as run:
        deadline = time.monotonic() + 120
        while not (project.path / "started").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert virtual_processes(project)
        run.kill()
    while virtual_processes(project):
        assert time.monotonic() < deadline
        time.sleep(0.05)
