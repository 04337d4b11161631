"""Power that is cut while a setting is written and while the device starts: what is told apart, and what shows nothing."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from bench_world import device_of
from test_dut_power import lamp_of

from pytest_etsi.assessment.criteria import outages
from pytest_etsi.dut.observe.outages import interrupted
from pytest_etsi.dut.observe.outages.interrupted import interrupt
from pytest_etsi.dut.observe.outages.model import OutageObservation
from pytest_etsi.dut.observe.power import PowerCut, cut_power
from pytest_etsi.dut.reach.operations import OperationFailedError, OtherwiseError
from pytest_etsi.verdict import Cause, Inconclusive

WRITING = {"write": "write", "read": "read", "undo": "undo", "cuts_after_s": [0.0]}
STARTING = {"cuts_after_s": [0.3]}
SOUND = PowerCut(0.5, (), 1.0, ("its uptime began anew",), ())


class World:
    """A device with one setting.

    Args:
        keeps: what a cut makes of the setting: former value, new value -> the value afterwards.
        confirms: it answers before the cut.
        dies: at which cuts while it starts it does not come back, until it is started as usual.
    """

    def __init__(self, *, keeps=lambda _, new: new, confirms=True, dies=(), refuses=False, lit=False):
        self.keeps, self.confirms, self.dies, self.refuses, self.lit = keeps, confirms, dies, refuses, lit
        self.setting, self.writing, self.well, self.gap = "usual", None, True, ""
        self.written, self.cuts, self.starts, self.undone = 0, 0, 0, False

    def operations(self):
        return {"write": self._write, "read": self._read, "undo": self._undo, "light": self._light}

    def _write(self, _dut, marker):
        self.written += 1
        if self.refuses and self.written > 1:
            raise OtherwiseError("507 out of memory")
        if self.written == 1:  # the one without a cut
            self.setting = marker
            return
        self.writing = marker
        if not self.confirms:
            raise OperationFailedError("the connection was broken off")

    def _read(self, _dut):
        if self.setting is None:
            raise OtherwiseError("500 instead of 200")
        return f'{{"name": "{self.setting}", "zone": "UTC"}}'

    def _undo(self, _dut):
        self.undone, self.setting = True, "usual"

    def _light(self, _dut):
        if not self.well and not self.lit:
            raise OperationFailedError("no light")

    def cut(self, _dut, *, meanwhile=None, again_after_s=None):
        self.cuts += 1
        if meanwhile is not None:
            meanwhile()
            if self.writing is not None:
                self.setting, self.writing = self.keeps(self.setting, self.writing), None
        if again_after_s is not None:
            self.starts += 1
            self.well = self.starts not in self.dies
        return SOUND if self.well else PowerCut(0.5, (), None, (), ())

    def mend(self, _dut, _reason, back):
        self.well = True
        return back()

    def recovery(self):
        return SimpleNamespace(look=lambda: None, wait=lambda _: 1.0 if self.well else None, gap=self.gap)


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """What is found of a world: the interruptions, and the findings."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)

    def judge(world, *, most_cuts=30, description="Settings are kept.", **wanted):
        for name, does in (("cut_power", world.cut), ("bring_back", world.mend)):
            monkeypatch.setattr(interrupted, name, does)
        monkeypatch.setattr(interrupted, "stranger_of", lambda _: "")
        monkeypatch.setattr(interrupted, "at_the_bench", lambda *_: True)
        entry = {
            "ID": "supply",
            "Description": description,
            "facts": {"covers": ["power"], "effects": ["local-function"]},
            "access": {"outages": [{"cut": "power-off"}], "functions": ["light"], "interrupted": wanted},
        }
        dut = device_of(
            tmp_path,
            {"power": {"most_cuts": most_cuts}},
            ixit={"23-ResMech": [entry]},
            operations=world.operations(),
        )
        (entry,) = dut.profile.ixit.res_mech
        seen, gaps = interrupt(dut, entry, world.recovery)
        observed = OutageObservation(
            (), (), tuple(("supply", one) for one in seen), tuple(("supply", gap) for gap in gaps)
        )
        found = outages.mechanisms(dut.profile.ixit, observed, "power")
        return observed, [one for one in found if one.kind in ("violation", "unknown")]

    return judge


@pytest.mark.parametrize(("keeps", "value"), [(lambda _, new: new, "new"), (lambda old, _: old, "old")])
def test_the_former_value_and_the_new_one_are_both_right(judged, keeps, value):
    world = World(keeps=keeps)
    observed, found = judged(world, writing=WRITING)

    assert found == []
    assert [one.found for one in observed.interrupted("supply")] == [value, value]
    assert outages.examined(observed) == f"2 cuts while writing (2 x the {value} value)"
    assert (world.cuts, world.undone) == (2, True)


@pytest.mark.parametrize(
    ("keeps", "words"),
    [
        (lambda _, new: new[:6], "in a setting after a cut of the power 0 s after writing began"),
        (lambda *_: "usual", "in a setting after"),
        (lambda *_: "", "in a setting after"),
        (lambda *_: None, "does not give a setting any more after"),
    ],
)
def test_a_third_value_and_none_are_wrong(judged, keeps, words):
    world = World(keeps=keeps)
    _, found = judged(world, writing=WRITING)

    assert [one.kind for one in found] == ["violation"]
    assert words in found[0].message
    assert (world.cuts, world.undone) == (1, True)


def test_a_setting_that_nobody_confirmed_to_write_shows_nothing(judged):
    _, found = judged(World(keeps=lambda old, _: old, confirms=False), writing=WRITING)

    assert [one.kind for one in found] == ["unknown"]
    assert "never confirmed" in found[0].message


def test_a_refusal_to_write_shows_nothing(judged):
    _, found = judged(World(refuses=True), writing=WRITING)

    assert {one.kind for one in found} == {"unknown"}
    assert "was refused: " in found[0].message


def test_what_cannot_be_written_without_a_cut_is_not_cut(judged):
    world = World()
    world._read = lambda _: "always the same"
    _, found = judged(world, writing=WRITING)

    assert (world.cuts, [one.kind for one in found]) == (0, ["unknown"])
    assert "does not show what was written" in found[0].message


def test_more_cuts_than_the_device_may_have_are_not_begun(judged):
    world = World()
    _, found = judged(world, most_cuts=3, writing=WRITING, starting=STARTING)

    assert (world.cuts, world.written, [one.kind for one in found]) == (0, 0, ["unknown"])
    assert (
        "4 more cuts in the midst of something are wanted, and access.power.most_cuts leaves 3"
        in found[0].message
    )


def test_as_many_cuts_as_the_device_may_have_are_made(judged):
    world = World()
    _, found = judged(world, most_cuts=4, writing=WRITING, starting=STARTING)

    assert (found, world.cuts) == ([], 3)


@pytest.mark.parametrize("of", ["cut", "write"])
def test_a_bench_that_cannot_go_on_leaves_it_open(judged, of):
    def refused(*_, **__):
        raise Inconclusive("the switch hangs", cause=Cause.BENCH)

    world = World()
    setattr(world, {"cut": "cut", "write": "_write"}[of], refused)
    observed, found = judged(world, writing=WRITING)

    assert (observed.interruptions, {one.kind for one in found}) == ((), {"unknown"})
    assert ("no setting could be written: " if of == "write" else "") + "the switch hangs" in str(found)


def test_a_cut_that_did_not_show_says_nothing_of_a_setting(judged):
    world = World(keeps=lambda *_: "a third one")
    cut = world.cut

    def answered(*given, **how):
        cut(*given, **how)
        return replace(SOUND, gaps=("it answered while it should have been off",))

    world.cut = answered
    observed, found = judged(world, writing=WRITING)

    assert {one.kind for one in found} == {"unknown"}
    assert "it answered while it should have been off" in str(found)
    assert [one.found for one in observed.interrupted("supply")] == [None]


def test_what_the_way_back_does_not_show_is_open(judged):
    world = World()
    world.gap = "that it connected again does not show"
    _, found = judged(world, starting=STARTING)

    assert [one.kind for one in found] == ["unknown"]
    assert world.gap in found[0].message


def test_a_refusal_to_write_is_told_beside_a_setting_that_cannot_be_read(judged):
    world = World(refuses=True)
    read = world._read

    def silent(dut):
        if world.cuts:
            raise OperationFailedError("nobody answers")
        return read(dut)

    world._read = silent
    _, found = judged(world, writing=WRITING)

    assert "was refused: " in str(found)
    assert "the setting could not be read after the cut" in str(found)


@pytest.mark.parametrize(
    ("world", "kinds", "cuts"),
    [
        pytest.param(World(), [], 1, id="it comes back"),
        pytest.param(
            World(dies=(1, 2)), ["violation"], 2, id="twice it does not, and a usual start mends it"
        ),
        pytest.param(World(dies=(1,), lit=True), ["violation"], 1, id="it lives, and does not work"),
        pytest.param(World(dies=(1,)), ["unknown"], 2, id="once it does not"),
    ],
)
def test_a_cut_while_it_starts(judged, world, kinds, cuts):
    _, found = judged(world, starting=STARTING)

    assert ([one.kind for one in found], world.cuts) == (kinds, cuts)


def test_one_that_stays_dead_is_open(judged):
    world = World(dies=(1,))
    world.mend = lambda *_: False
    observed, found = judged(world, starting={"cuts_after_s": [0.3, 0.6]})

    assert [one.kind for one in found] == ["unknown"]
    assert "whether it failed or the bench cannot be told" in found[0].message
    assert len(observed.interruptions) == 1


@pytest.mark.parametrize(
    ("description", "fields"),
    [
        ("After a cut at any moment the old or the new state is there.", {"writing", "starting"}),
        ("Nothing is lost if power fails while settings are being saved.", {"writing"}),
        ("A loss of power during the start does no harm.", {"starting"}),
        ("Settings are written whenever they change. When power returns it starts with those stored.", set()),
        ("At any moment the owner may save settings. Power cuts are recovered from.", set()),
    ],
)
def test_what_is_promised_and_not_tried_is_open(judged, description, fields):
    _, found = judged(World(), description=description)

    assert {one.kind for one in found} <= {"unknown"}
    assert {
        name for name in ("writing", "starting") for one in found if f"interrupted.{name}" in str(one)
    } == fields


# The second of two cuts, at a device that is there ----------------------------------------------------------


@pytest.mark.parametrize("second", [True, False])
def test_the_second_cut_is_proved_by_a_start_of_its_own(tmp_path, monkeypatch, second):
    for name, value in (("_TELLING_S", 0.1), ("_APART_S", 0.8), ("_PROOF_WITHIN_S", 0.3)):
        monkeypatch.setattr(f"pytest_etsi.dut.observe.power.{name}", value)
    with lamp_of(tmp_path, power={"off_s": 0.3, "on_s": 50}) as (lamp, dut):
        give = lamp.give

        def given(of):
            give(of)
            if not second:
                lamp.cut = "never"  # what follows is a relay that only says so

        dut.operations._own["power-on"] = given
        seen = cut_power(dut, again_after_s=0.1)

    assert (seen.gaps == ()) is second
    assert lamp.told == ["off", "on", "off", "on"]
    assert dut.operations.cuts.made == 2
