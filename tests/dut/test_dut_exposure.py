"""What responds at the bench, and when radios are on the air."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from bench_world import device_of, server

from pytest_etsi.dut.observe.exposure import observe_radio, radios_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_etsi.dut import Dut


class World:
    """A device whose radio may be on, and a receiver that hears it."""

    def __init__(self, *networks: str, status: int = 200, at_start: tuple[str, ...] = ()) -> None:
        self.networks, self.status, self.at_start = networks, status, at_start
        self.cycles = 0
        self.asked = 0

    def answer(self, _method: str, path: str, _body: bytes) -> tuple[int, Any]:
        if path == "/id":
            self.asked += 1
            return 200, {"serial": "S1"}
        starting = self.cycles and not self.asked
        return self.status, {"networks": [*self.networks, *(self.at_start if starting else ())]}

    def cycle(self, _dut: Any) -> None:
        self.cycles += 1
        self.asked = 0


@contextmanager
def device(tmp_path: Path, world: World, **access: Any) -> Iterator[Dut]:
    with server(world.answer) as url:
        radio = {
            "ID": "Radio",
            "facts": {"type": ["air"], "enabled": False},
            "access": {"scan": {"url": f"{url}/radio"}, "seen": "lamp-[0-9]+"},
        }
        yield device_of(
            tmp_path,
            {
                "identity": {"url": f"{url}/id", "fields": {"serial": "serial"}},
                "bench_hosts": [url.removeprefix("http://")],
                "beacon": "laboratory",
                "power": {"starts_within_s": 1},
                **access,
            },
            ixit={"15-Intf": [radio]},
            operations={"power-cycle": world.cycle},
        )


def phases(dut: Dut, by_default: tuple[str, bool | None] | None = None) -> Any:
    return observe_radio(dut, dut.profile.ixit.intf[0], by_default)


def test_a_silent_radio_is_listened_for_beside_a_beacon_and_through_a_start(tmp_path: Path) -> None:
    world = World("laboratory")
    with device(tmp_path, world) as dut:
        seen = phases(dut, ("lamp-1", True))

    assert [(one.when, one.on, one.expected) for one in seen.phases] == [
        ("in the initialized state, idle", False, False),
        ("while it starts", False, False),
        ("after its start", False, False),
        ("in factory default", True, True),
    ]
    assert (seen.beacon, seen.gaps, world.cycles) == (True, (), 1)


def test_a_radio_that_is_on_at_the_start_only_is_heard(tmp_path: Path) -> None:
    with device(tmp_path, World("laboratory", at_start=("lamp-1",))) as dut:
        seen = phases(dut)

    assert [one.when for one in seen.phases if one.on] == ["while it starts"]


@pytest.mark.parametrize(("heard", "beacon"), [(("laboratory",), True), ((), False)])
def test_a_receiver_that_hears_no_beacon_is_told(
    tmp_path: Path, heard: tuple[str, ...], beacon: bool
) -> None:
    with device(tmp_path, World(*heard)) as dut:
        assert phases(dut).beacon is beacon


def test_a_receiver_that_fails_is_a_gap(tmp_path: Path) -> None:
    with device(tmp_path, World(status=500)) as dut:
        seen = phases(dut)

        assert radios_now(dut) == {}
    assert "did not answer" in seen.gaps[0]
    assert seen.phases == ()


def test_what_responds_at_the_bench_is_a_line_each(tmp_path: Path) -> None:
    list_it = {"kind": "shell", "program": "printf", "arguments": ["ethernet: up\\n\\nusb: a\\033disk\\n"]}
    operations = {"list": {**list_it, "value": {"pattern": "(?s).+"}}}
    with device(tmp_path, World(), attached="list", operations=operations) as dut:
        assert dut.attached().lines == ("ethernet: up", "usb: a\\x1bdisk")


@pytest.mark.parametrize("program", ["false", "true"])
def test_a_bench_that_tells_of_nothing_is_a_gap(tmp_path: Path, program: str) -> None:
    operations = {"list": {"kind": "shell", "program": program}}
    with device(tmp_path, World(), attached="list", operations=operations) as dut:
        assert dut.attached().gap
    with device(tmp_path, World()) as dut:
        assert "access.attached" in dut.attached().gap


@pytest.mark.parametrize(
    ("heard", "beacon", "answering", "gaps"),
    [
        (("laboratory",), "laboratory", (), ()),
        (("another",), "laboratory", (), ("did not hear",)),
        (("laboratory",), None, (), ("was not shown to hear",)),
        (("lamp-7",), None, ("radio: lamp-7",), ()),
    ],
)
def test_a_radio_is_off_where_the_receiver_would_have_heard_it(
    tmp_path: Path,
    heard: tuple[str, ...],
    beacon: str | None,
    answering: tuple[str, ...],
    gaps: tuple[str, ...],
) -> None:
    with device(tmp_path, World(*heard), beacon=beacon) as dut:
        seen = dut.interface(dut.profile.ixit.intf[0])

    assert seen.answering == answering
    assert len(seen.gaps) == len(gaps)
    assert all(words in gap for words, gap in zip(gaps, seen.gaps, strict=True))
