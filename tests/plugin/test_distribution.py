"""Under pytest-xdist, and beside other runs: one device is used by one process at a time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from plugin_project import LEFT_OPEN
from work import FAR_TOO_LONG_S

from pytest_etsi.plugin.lock import DeviceLock
from pytest_etsi.plugin.xdist import scope_of

if TYPE_CHECKING:
    from pathlib import Path

    from plugin_project import Project

MANY = """
    import os, pathlib

    @unit("5.1-3-2", "a")
    def test_a(auth_mech): pathlib.Path(f"{os.getpid()}.ran").touch()

    @unit("5.1-4-2", "a")
    def test_b(auth_mech): pathlib.Path(f"{os.getpid()}.ran").touch()

    @unit("5.1-4-2", "b")
    def test_c(auth_mech): pathlib.Path(f"{os.getpid()}.ran").touch()

    @unit("5.1-5-2", "b")
    def test_d(auth_mech): pathlib.Path(f"{os.getpid()}.ran").touch()
"""


@pytest.mark.parametrize(
    "arguments", [("-n2",), ("-n2", "--dist=loadfile"), ("-n2", "--dist=worksteal"), ("-n0",)]
)
def test_one_device_is_one_process(project: Project, arguments: tuple[str, ...]) -> None:
    project.profile()
    project.suite(test_many=MANY)
    result = project.run(*arguments)

    assert result.parseoutcomes() == {"passed": 4}
    assert len(list(project.path.glob("*.ran"))) == 1
    assert len(project.evaluations()) == 4


def test_several_devices_run_side_by_side(project: Project) -> None:
    """Each waits for the other, so that neither ends unless both run at the same time."""
    project.profile()
    project.profile("lamp")
    project.suite(
        test_many="""
        import pathlib, time

        @unit("5.1-3-2", "a")
        def test_a(auth_mech, etsi_profile):
            other = {"camera": "lamp", "lamp": "camera"}[etsi_profile.name]
            pathlib.Path(f"{etsi_profile.name}.here").touch()
            deadline = time.monotonic() + 20
            while not pathlib.Path(f"{other}.here").exists():
                assert time.monotonic() < deadline, "the other device is waiting"
                time.sleep(0.01)
    """
    )
    result = project.run("--etsi-profile=lamp.yaml", "-n2")

    assert result.parseoutcomes() == {"passed": 2}
    assert result.ret == LEFT_OPEN


def test_the_projects_tests_wait_for_the_device(project: Project) -> None:
    project.profile()
    project.suite(
        test_many='import time\n\n@unit("5.1-3-2", "a")\ndef test_a(auth_mech, etsi_dut):\n    pass'
    )
    body = """
        import os, time

        def use(number):
            handle = os.open("in-use", os.O_CREAT | os.O_EXCL)
            time.sleep(0.1)
            os.close(handle)
            os.unlink("in-use")

        def test_one(etsi_dut): use(1)
        def test_two(etsi_dut): use(2)
        def test_three(etsi_network): use(3)
        def test_four(etsi_dut): use(4)
    """
    project.pytester.makepyfile(test_own=body)
    result = project.run("-n2")

    assert result.parseoutcomes() == {"passed": 5}


def test_a_crashed_worker_leaves_the_unit_open_and_the_rest_is_run(project: Project) -> None:
    project.profile()
    source = MANY.replace(
        'test_b(auth_mech): pathlib.Path(f"{os.getpid()}.ran").touch()', "test_b(auth_mech): os._exit(3)"
    )
    project.suite(test_many=source)
    result = project.run("-n2")

    found = {unit: (item["verdict"], item["cause"]) for (unit, _), item in project.evaluations().items()}
    assert found == {
        "5.1-3-2/a": ("PASS", None),
        "5.1-4-2/a": ("INCONCLUSIVE", "error"),
        "5.1-4-2/b": ("PASS", None),
        "5.1-5-2/b": ("PASS", None),
    }
    assert result.ret == 10


def test_distributed_and_not_give_the_same_results(project: Project) -> None:
    project.profile()
    project.suite(test_many=MANY)

    def comparable() -> object:
        return [
            {key: value for key, value in item.items() if key not in ("started", "duration_s")}
            for item in project.evaluations().values()
        ]

    project.run()
    serial = comparable()
    project.run("-n2")
    assert comparable() == serial


@pytest.mark.parametrize(
    ("node", "mode", "scope"),
    [
        ("etsi/camera/tso/test_a.py::test_x[a]", "load", "etsi/camera"),
        ("etsi/lamp/tso/test_a.py::test_x", "loadfile", "etsi/lamp"),
        ("tests/test_a.py::T::test_x[a::b]", "load", "tests/test_a.py::T::test_x[a::b]"),
        ("tests/test_a.py::T::test_x", "loadfile", "tests/test_a.py"),
        ("tests/test_a.py::T::test_x", "loadscope", "tests/test_a.py::T"),
        ("tests/test_a.py::test_x[a@b]", "loadgroup", "tests/test_a.py::test_x[a@b]"),
        ("tests/test_a.py::test_x[a]@slow", "loadgroup", "slow"),
        ("tests/test_a.py::test_x@slow", "loadgroup", "slow"),
    ],
)
def test_other_tests_go_as_the_user_asked(node: str, mode: str, scope: str) -> None:
    assert scope_of(node, mode) == scope


def test_a_device_that_is_never_free_leaves_the_unit_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_etsi.plugin.lock.WAIT_S", 0.1)
    lock = DeviceLock(tmp_path / "device.lock", "camera")
    began = time.monotonic()

    with (
        FileLock(tmp_path / "device.lock"),
        pytest.raises(Exception, match="another process has been using camera"),
    ):
        lock.acquire()

    assert time.monotonic() - began < FAR_TOO_LONG_S
    lock.acquire()
    assert lock.held
    lock.release()
