"""Altered software between starts of the genuine one; whatever happens, the device is brought back or said to be lost."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from bench_world import device_of, server

from pytest_etsi.dut.observe import altered_boot
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_etsi.dut import Dut


class World:
    """A device with secure boot, or without; on a bench that does what it says, or not."""

    def __init__(
        self, *, verifies: bool = True, alerts: bool = True, writes: bool = True, back: bool = True
    ) -> None:
        self.verifies, self.alerts, self.writes, self.back = verifies, alerts, writes, back
        self.software = "released"
        self.running, self.started = True, time.monotonic() - 100
        self.done: list[str] = []

    def answer(self, _method: str, path: str, _body: bytes) -> tuple[int, Any]:
        return (200, {"serial": "S1"}) if self.running else (503, {})

    def operations(self) -> dict[str, Any]:
        def start(software: str) -> None:
            self.software = software if self.writes or software == "released" else "released"
            self.started = time.monotonic() - 100 * (self.software == "released")
            self.running = self.software == "released" or not self.verifies
            self.done.append(software)

        def genuine(_dut: Any) -> None:
            start("released")
            if not self.back and "altered" in self.done:
                self.running = False

        def alerted(_dut: Any) -> None:
            if self.running or not self.alerts:
                raise RuntimeError("no red light")

        def sound(_dut: Any) -> None:
            if not self.running:
                raise RuntimeError("no green light")

        return {
            "boot-altered-image": lambda _dut: start("altered"),
            "boot-genuine-image": genuine,
            "written": lambda _dut: self.software,
            "alerted": alerted,
            "sound": sound,
            "read-uptime": lambda _dut: str(time.monotonic() - self.started),
        }


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(altered_boot, "_LEAST_S", 0.2)


@contextmanager
def device(
    tmp_path: Path, world: World, permissions: tuple[str, ...] = ("update",), **access: Any
) -> Iterator[Dut]:
    given = {"alerted": "alerted", "sound": "sound", "written": "written", "alert_within_s": 0.3, **access}
    # The names that a hook adds have to be known to the documents too.
    declared = {
        name: {"kind": "python", "call": "tests:none"}
        for name in ("alerted", "sound", "written")
        if given.get(name)
    }
    with server(world.answer) as url:
        yield device_of(
            tmp_path,
            {
                "identity": {"url": f"{url}/id", "fields": {"serial": "serial"}},
                "network": {
                    "hosts": ["127.0.0.1"],
                    "ports": url.rpartition(":")[2],
                    "ports_because": "a test",
                },
                "power": {"starts_within_s": 1},
                "operations": declared,
            },
            ixit={
                "20-SecBoot": [{"ID": "Boot", "access": given}],
                "15-Intf": [{"ID": "Web", "facts": {"endpoint": f"{url.rpartition(':')[2]}/tcp"}}],
            },
            operations=world.operations(),
            permissions=permissions,
        )


def seen_of(dut: Dut) -> altered_boot.AlteredBoot:
    return dut.altered_boot(dut.profile.ixit.sec_boot[0])


def test_software_that_is_not_started_is_seen_between_genuine_starts(tmp_path: Path) -> None:
    world = World()
    with device(tmp_path, world) as dut:
        seen = seen_of(dut)

    (start,) = seen.starts
    assert (start.written, start.started, start.alert_after_s is not None) == (True, False, True)
    assert (seen.back, seen.sensor, seen.alert_before, seen.gaps) == (True, True, False, ())
    assert world.done == ["released", "altered", "released"]


def test_software_that_is_started_is_seen_to_have_started_anew(tmp_path: Path) -> None:
    with device(tmp_path, World(verifies=False)) as dut:
        (start,) = seen_of(dut).starts

    assert (start.written, start.started, start.anew) == (True, True, ("its uptime began anew",))


def test_a_bench_that_writes_nothing_is_seen_by_what_lies_there(tmp_path: Path) -> None:
    with device(tmp_path, World(writes=False)) as dut:
        (start,) = seen_of(dut).starts

    assert (start.written, start.started) == (False, True)


def test_an_alert_that_does_not_come_is_waited_for(tmp_path: Path) -> None:
    with device(tmp_path, World(alerts=False)) as dut:
        (start,) = seen_of(dut).starts

    assert start.alert_after_s is None
    assert start.waited_s >= 0.3


def test_a_device_that_does_not_come_back_is_lost(tmp_path: Path) -> None:
    with device(tmp_path, World(back=False)) as dut:
        seen = seen_of(dut)

        assert not seen.back
        with pytest.raises(Inconclusive):
            dut.require_whole()


def test_nothing_is_altered_without_permission_or_description(tmp_path: Path) -> None:
    world = World()
    with device(tmp_path, world, permissions=()) as dut:
        assert "permission" in seen_of(dut).gaps[0]
    assert world.done == []


def test_nothing_is_altered_where_the_genuine_software_does_not_start_by_the_same_way(tmp_path: Path) -> None:
    world = World(back=False)
    world.done.append("altered")
    with device(tmp_path, world) as dut:
        seen = seen_of(dut)

    assert seen.starts == ()
    assert seen.gaps
    assert world.done == ["altered", "released"]
