"""The checks of set-up and upkeep on a small scripted device: what each says, and that the weakness is undone."""

from __future__ import annotations

import pytest
from bench_world import device_of, server

from pytest_etsi.verdict import Cause


class World:
    """A device with one setting, and a check of it.

    Args:
        stays: it cannot be made weak.
        stuck: it stays weak.
    """

    def __init__(self, *, stays=False, stuck=False):
        self.weak, self.stays, self.stuck = False, stays, stuck
        self.does = []

    def operations(self):
        return {
            "weaken": lambda _: self._set(weak=not self.stays),
            "strengthen": lambda _: self._set(weak=self.stuck),
            "read": lambda _: f"weak={self.weak}",
            "look": lambda _: "see to 1" if self.weak else "secure",
        }

    def _set(self, *, weak):
        self.weak = weak
        self.does.append("weak" if weak else "strong")


CHECK = {"check": "look", "weaken": "weaken", "strengthen": "strengthen", "read": "read", "passes": "^secure"}


@pytest.fixture
def device(tmp_path, monkeypatch):
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    with server(lambda *_: (200, {"serial": "S1"})) as url:
        yield lambda world, **access: device_of(
            tmp_path,
            {"identity": {"url": url, "fields": {"serial": "serial"}}},
            ixit={"2-UserInfo": {"access": access}},
            operations=world.operations(),
            edition_id="2.1.1",
        )


@pytest.mark.parametrize("which", ["setup", "maintenance"])
def test_each_check_is_tried_on_both_configurations_once(device, which):
    world = World()
    dut = device(world, **{f"{which}_check": CHECK})
    look = getattr(dut, f"{which}_check")
    seen = look()

    assert (seen.good, seen.weak, seen.weakened, seen.restored, seen.gaps) == (
        "secure",
        "see to 1",
        True,
        True,
        (),
    )
    assert look() == seen
    assert world.does == ["weak", "strong"]


def test_one_check_is_not_taken_for_the_other(device):
    dut = device(World(), setup_check=CHECK)

    assert dut.setup_check().gaps == ()
    assert (dut.maintenance_check().good, dut.maintenance_check().cause) == (None, Cause.ACCESS)
    assert "maintenance_check" in dut.maintenance_check().settle


@pytest.mark.parametrize(
    ("world", "weakened", "restored"), [(World(stays=True), False, True), (World(stuck=True), True, False)]
)
def test_a_configuration_that_does_not_change_is_told(device, world, weakened, restored):
    seen = device(world, maintenance_check=CHECK).maintenance_check()

    assert (seen.weakened, seen.restored) == (weakened, restored)
