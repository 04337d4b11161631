"""Consent on a small scripted device: each answer, what is recorded then, and what a restart makes of it."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import ClassVar

import pytest
from bench_world import device_of, server

from pytest_etsi.verdict import Cause


class World:
    """A device that counts, and its service.

    Args:
        preset: consent is given on a new device.
        stubborn: it goes on recording when consent is withdrawn.
        breaks: an operation that fails.
    """

    NAMES: ClassVar = (
        "factory-reset",
        "initialize",
        "agree",
        "refuse",
        "withdraw",
        "switch",
        "restart",
        "report",
    )

    def __init__(self, *, preset=False, stubborn=False, breaks=""):
        self.preset, self.stubborn, self.breaks = preset, stubborn, breaks
        self.given, self.ever, self.count, self.record, self.reports = preset, False, 0, None, 0
        self.does = []

    def operations(self):
        doing = {name: lambda _, name=name, **given: self._do(name) for name in self.NAMES}
        return {
            **doing,
            "is-given": lambda _: json.dumps(self.given),
            "recorded": lambda _: json.dumps(self.record),
            "reports": lambda _: str(self.reports),
        }

    def _do(self, name):
        self.does.append(name)
        if name == self.breaks:
            raise OSError("not possible")
        if name == "factory-reset":
            self.given, self.count, self.record = self.preset, 0, None
        elif name in ("agree", "refuse", "withdraw"):
            self.given = name == "agree"
            self.ever = self.ever or self.given
        elif name == "switch":
            self.count += 1
        elif name == "report":
            self.reports += 1
            sends = self.given or (self.stubborn and self.ever)
            self.record = self.count if sends else None


ACCESS = {
    "read": "is-given", "give": "agree", "refuse": "refuse", "withdraw": "withdraw", "use": ["switch"],
    "record": "recorded", "nothing": "null", "report": "report", "reports": "reports", "restart": "restart",
}  # fmt: skip


@pytest.fixture
def observed(tmp_path, monkeypatch):
    """Tries consent in a world; names of operations are those that the project adds."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)

    def observe(world, *, permissions=("erase", "outage"), **changes):
        entry = {"ID": "data", "facts": {"consent": True}, "access": {"consent": ACCESS | changes}}
        with server(lambda *_: (200, {"serial": "S1"})) as url:
            dut = device_of(
                tmp_path,
                {"identity": {"url": url, "fields": {"serial": "serial"}}},
                ixit={
                    "21-PersData": [entry],
                    "11-ComMech": [{"ID": "push", "facts": {"peers": ["192.0.2.7:443"]}}],
                },
                operations=world.operations(),
                permissions=permissions,
            )
            return dut.consent(next(iter(dut.profile.ixit.pers_data)))

    return observe


def test_every_answer_is_given_on_a_fresh_device_and_looked_at(observed):
    world = World()
    seen = observed(world)

    assert seen.gaps == ()
    assert [one.when for one in seen.stages] == ["fresh", "refused", "given", "withdrawn", "restarted"]
    assert [one.given for one in seen.stages] == [False, False, True, False, False]
    assert [one.recorded for one in seen.stages] == [False, False, True, False, False]
    assert all(one.reported for one in seen.stages)
    assert world.does[:2] == ["factory-reset", "initialize"]


def test_what_is_recorded_after_a_withdrawal_is_seen_to_be_new(observed):
    withdrawn = observed(World(stubborn=True)).at("withdrawn")

    assert (withdrawn.given, withdrawn.recorded, withdrawn.renewed) == (False, True, True)


def test_a_preset_answer_is_seen_and_none_is_left_in_the_end(observed):
    world = World(preset=True)

    assert observed(world).at("fresh").given
    assert not world.given


def test_consent_that_cannot_be_given_ends_it(observed):
    seen = observed(World(breaks="agree"))

    assert [one.when for one in seen.stages] == ["fresh", "refused", "given"]
    assert (seen.stages[-1].done, seen.stages[-1].detail) == (False, "OSError: not possible")


def test_a_broken_use_leaves_it_open_and_no_consent_behind(observed):
    world = World(breaks="switch")
    seen = observed(world)

    assert seen.stages == ()
    assert "switch" in seen.gaps[0]


def test_without_the_permission_nothing_is_done(observed):
    world = World()
    seen = observed(world, permissions=())

    assert (world.does, seen.cause) == ([], Cause.PERMISSION)


def test_a_restart_needs_a_permission_of_its_own(observed):
    assert observed(World(), permissions=("erase",)).at("restarted") is None


def flow(at, server="192.0.2.9", port=443, name="", begun=True, last=9e9, protection="tls"):
    return SimpleNamespace(
        protection=protection,
        first_s=at,
        last_s=last,
        server=server,
        server_port=port,
        server_name=name,
        begun=begun,
        gaps=False,
    )


class Recording:
    flows: ClassVar = []
    led = False

    def look(self):
        names = {"192.0.2.9": ("usage.example",)} if self.led else {}
        return SimpleNamespace(
            outgoing=self.flows, missing_for=lambda _: "", called=lambda one: names.get(one, ())
        )

    end = look


class Entered:
    def __enter__(self):
        return Recording()

    def __exit__(self, *_):
        pass


def test_connections_are_counted_since_the_answer(observed, monkeypatch):
    monkeypatch.setattr("pytest_etsi.dut.observe.consent.observe.live_capture", lambda *_: Entered())
    Recording.flows = [flow(0.0), flow(9e9), flow(9e9, port=80), flow(9e9, server="192.0.2.8")]

    assert {one.flows for one in observed(World(), flow="192.0.2.9:443").stages} == {1}

    Recording.flows = [flow(9e9), flow(9e9, name="Usage.example"), flow(9e9, port=80, name="usage.example")]
    by_name = observed(World(), flow="usage.example:443")
    assert ({one.flows for one in by_name.stages}, by_name.gaps) == ({1}, ())

    Recording.flows = [flow(9e9, name="usage.example"), flow(9e9, begun=False)]
    (gap,) = observed(World(), flow="usage.example:443").gaps
    assert gap == "the capture lacks what 1 connections to port 443 ask for"

    # Older than the recording, and over at once; one that goes on is none of these.
    at = 1000.2
    monkeypatch.setattr(
        "pytest_etsi.dut.observe.consent.observe.time", SimpleNamespace(time=lambda: at - 0.2)
    )
    Recording.flows = [flow(at, begun=False, last=at + 0.1)]
    assert observed(World(), flow="usage.example:443").gaps == ()
    Recording.flows = [flow(at, begun=False, last=at + 60.0)]
    assert observed(World(), flow="usage.example:443").gaps == (gap,)


@pytest.mark.parametrize(
    ("name", "server", "led", "others"),
    [
        ("", "192.0.2.9", False, (("no name", 1),)),
        ("", "192.0.2.9", True, (("no name", 1),)),
        ("other.example", "192.0.2.9", False, (("other.example", 1),)),
        ("", "192.0.2.8", False, (("no name", 1),)),
        ("other.example", "192.0.2.8", False, ()),
        ("API.example", "192.0.2.9", False, ()),
        ("", "192.0.2.7", False, ()),
    ],
)
def test_what_goes_to_the_same_place_without_its_name_is_told(
    observed, monkeypatch, name, server, led, others
):
    """Its name shows with consent only; before it, something goes to the same address under another name or none."""
    monkeypatch.setattr("pytest_etsi.dut.observe.consent.observe.live_capture", lambda *_: Entered())
    monkeypatch.setattr(Recording, "led", led)
    monkeypatch.setattr(Recording, "flows", [])
    world = World()
    do = world._do

    def doing(what):
        do(what)
        if what == "report":
            told = (
                flow(time.time(), name="usage.example")
                if world.given
                else flow(time.time(), server, name=name)
            )
            Recording.flows = [*Recording.flows, told]

    monkeypatch.setattr(world, "_do", doing)
    seen = observed(world, flow="usage.example:443", flow_others=["api.example"])

    assert [one.others for one in seen.stages if one.when != "given"] == [others] * 4
    assert [one.flows for one in seen.stages] == [0, 0, 1, 0, 0]


def test_the_record_of_a_consent_is_looked_at_after_each_answer(observed):
    seen = observed(World(), stored="is-given", stored_shows=["true", "version 2"])

    assert [one.stored for one in seen.stages] == [
        (("true", one.when == "given"), ("version 2", False)) for one in seen.stages
    ]
    assert len(seen.stages) == 5


def test_a_record_that_cannot_be_read_is_none(observed):
    assert [one.stored for one in observed(World()).stages] == [None] * 5
    broken = observed(World(breaks="switch"), stored="switch", stored_shows=["true"], use=[])
    assert [one.stored for one in broken.stages] == [None] * 5
