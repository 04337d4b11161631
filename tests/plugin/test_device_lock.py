"""One process at a time on one device: who waits says so, and for whom."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.plugin import lock
from pytest_etsi.plugin.lock import DeviceLock, lock_path
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "QUIETLY_S", 0.0)
    monkeypatch.setattr(lock, "WAIT_S", 0.01)


def test_who_waits_says_for_what_and_gives_up_with_a_cause(tmp_path: Path) -> None:
    said: list[str] = []
    first, second = (
        DeviceLock(tmp_path / "a.lock", "camera"),
        DeviceLock(tmp_path / "a.lock", "camera", said.append),
    )
    first.acquire()
    with pytest.raises(Inconclusive) as raised:
        second.acquire()

    assert len(said) == 1
    assert f"camera is in use by process {os.getpid()}" in said[0]
    assert str(tmp_path / "a.lock") in said[0]
    assert f"process {os.getpid()}" in raised.value.reason


def test_who_does_not_wait_says_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    first, second = (
        DeviceLock(tmp_path / "a.lock", "camera"),
        DeviceLock(tmp_path / "a.lock", "camera", said.append),
    )
    first.acquire()
    first.release()
    second.acquire()
    second.release()

    assert said == []
    assert [path.suffix for path in tmp_path.iterdir()] in ([], [".lock"])


def profile(**access: Any) -> Any:
    parts = {"network": None, "serial": None, "labgrid": None, **access}
    return SimpleNamespace(access=SimpleNamespace(**parts), path="p.yaml")


NETWORK = SimpleNamespace(hosts=("192.0.2.7",), ports="all")


def test_the_same_address_in_another_network_namespace_is_another_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = lock_path(profile(network=NETWORK))
    same = lock_path(profile(network=NETWORK))
    monkeypatch.setattr(lock, "_network_namespace", lambda: "net:[1]")

    assert here == same
    assert lock_path(profile(network=NETWORK)) != here


def test_a_serial_console_is_the_same_in_every_network_namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    serial = SimpleNamespace(url="/dev/ttyUSB0")
    here = lock_path(profile(serial=serial))
    monkeypatch.setattr(lock, "_network_namespace", lambda: "net:[1]")

    assert lock_path(profile(serial=serial)) == here
