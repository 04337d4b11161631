"""Outages of power as they are made: how often, what ends them, what of the device is the same afterwards, and what is open."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from bench_world import device_of

from pytest_etsi.assessment.criteria import outages
from pytest_etsi.dut.core import Core
from pytest_etsi.dut.observe.outages import observe
from pytest_etsi.dut.observe.outages.model import Delivered, Interruption
from pytest_etsi.dut.observe.power import PowerCut
from pytest_etsi.dut.reach.operations import OtherwiseError
from pytest_etsi.verdict import Cause, Inconclusive

SOUND = PowerCut(0.5, (), 1.0, ("its uptime began anew",), ())
ANSWERED = PowerCut(0.5, (), 1.0, (), ("it answered while it should have been off",))
GONE = PowerCut(0.5, (), None, (), ())
PORTS_UNSEEN = "the ports of the device could not all be looked at before and after"


class World:
    """A device whose power is cut.

    Args:
        cuts: what each cut shows; the last one of them any further one.
        back: whether each recovery that is waited for comes; the last one of them any further one.
        ports: those that are open at each look; None: the search was not complete.
        light: whether each trial of the light works: "dark", "refused", "silent" or "" for works.
        bench: the operations that look at the device itself.
        values: what its setting is read as, each time.
        gap: what its way back does not show.
        uptimes: what it tells of the seconds for which it runs, each time.
    """

    def __init__(
        self, *, cuts=(SOUND,), back=(True,), ports=((80,),), light=("",), bench=("light",), values=("a",), gap="",
        uptimes=(None,),
    ):  # fmt: skip
        self.cuts, self.back, self.ports, self.bench, self.gap = (
            list(cuts),
            list(back),
            list(ports),
            bench,
            gap,
        )
        self.tries, self.values = list(light), list(values)
        self.uptimes = list(uptimes)
        self.made, self.waited, self.mended, self.told = 0, 0, 0, []

    def operations(self):
        return {"light": self._light, "other": lambda _: None, "read": self._read, "prepare": self._does("prepare"),
                "tidy": self._does("tidy")}  # fmt: skip

    def _does(self, name):
        return lambda _: self.told.append(name)

    def _light(self, _):
        how = _next(self.tries)
        if how == "silent":
            raise Inconclusive("nobody is at the login", cause=Cause.BENCH)
        if how:
            raise OtherwiseError("the light stays off")

    def _read(self, _):
        value = _next(self.values)
        if value is None:
            raise OtherwiseError("500 instead of 200")
        return value

    def cut(self, _dut):
        self.made += 1
        return _next(self.cuts)

    def scan(self, *_args, **_rate):
        ports = _next(self.ports)
        return SimpleNamespace(open=ports or (), complete=ports is not None)

    def recovery(self, *_):
        return SimpleNamespace(look=lambda: None, wait=self._wait, gap=self.gap)

    def _wait(self, _ended):
        self.waited += 1
        return 1.0 if _next(self.back) else None

    def mend(self, *_):
        self.mended += 1
        return True


def _next(values):
    return values.pop(0) if len(values) > 1 else values[0]


@pytest.fixture
def at(monkeypatch):
    """Puts a world in the place of the device and its bench."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    monkeypatch.setattr(Core, "require_identity", lambda _: None)

    def put(world, stranger=""):
        for name, does in (
            ("cut_power", world.cut),
            ("bring_back", world.mend),
            ("_recovery", world.recovery),
            ("stranger_of", lambda _: stranger),
            ("at_the_bench", lambda _, name: name in world.bench),
            ("uptime_of", lambda _: _next(world.uptimes)),
        ):
            monkeypatch.setattr(observe, name, does)
        monkeypatch.setattr("pytest_etsi.probes.ports.scan_tcp", world.scan)

    return put


@pytest.fixture
def judged(tmp_path, at):
    """What is observed of a world, and found by it."""

    def judge(world, *, network=True, ixit=(), others=(), stranger="", **access):
        at(world, stranger)
        entry = {
            "ID": "supply",
            "Description": "Settings are kept.",
            "facts": {"covers": ["power"], "effects": ["local-function"]},
            "access": {"outages": [{"cut": "power-off"}], "functions": ["light"]} | access,
        }
        dut = device_of(
            tmp_path,
            {} if network else {"network": None},
            ixit={"23-ResMech": [entry, *others]} | dict(ixit),
            operations=world.operations(),
        )
        observed = dut.outages("power")
        return observed, outages.whole(dut.profile.ixit, observed, "power")

    return judge


def kinds(found):
    return {one.kind for one in found}


def test_a_device_that_comes_back_as_it_was_leaves_nothing(judged):
    world = World()
    observed, found = judged(world, prepare="prepare", tidy="tidy")
    (way,) = observed.ways

    assert found == ()
    assert (way.took_place, way.event, way.restarted) == (True, None, None)
    assert [(one.phase, one.works) for one in way.functions] == [("before", True), ("after", True)]
    assert (world.made, world.waited, world.told) == (1, 1, ["prepare", "tidy"])


def test_power_is_cut_as_often_as_the_documents_say_and_each_recovery_waited_for(judged):
    world = World()
    _, found = judged(world, cycles=3)

    assert (found, world.made, world.waited) == ((), 3, 3)


def test_a_cut_of_the_power_brings_a_start_and_no_event(judged):
    world = World(uptimes=(500.0, 1.0, 2.0, 3.0))
    observed, found = judged(world, outages=[{"cut": "power-off", "event": "other"}], events="read")

    assert found == ()
    assert (observed.ways[0].restarted, observed.ways[0].event) == (None, None)


NOT_BACK = {
    "not after the second cut": ({"cuts": (SOUND, GONE)}, 2, 1),
    "not as it was after the first": ({"back": (False,)}, 1, 1),
}


@pytest.mark.parametrize(("how", "made", "waited"), NOT_BACK.values(), ids=NOT_BACK)
@pytest.mark.parametrize(
    ("light", "bench", "kind"),
    [
        (("",), ("light",), "violation"),  # it lives, and is not as it was
        (("",), (), "unknown"),  # what works is no sign of the device itself
        (("", "dark", "dark"), ("light",), "unknown"),
    ],
)
def test_a_device_that_does_not_come_back_is_cut_no_more(judged, how, made, waited, light, bench, kind):
    world = World(light=light, bench=bench, **how)
    observed, found = judged(world, cycles=3)

    assert kind in kinds(found)
    assert ("does not come back by itself" in str(found)) is (kind == "violation")
    assert (world.made, world.waited, world.mended) == (made, waited, 1)
    assert observed.ways[0].took_place


def test_one_function_that_works_at_the_bench_shows_that_it_lives(judged):
    world = World(back=(False,), light=("", "dark"), bench=("light", "other"))
    _, found = judged(world, functions=["light", "other"])

    assert "does not come back by itself" in str(found.violations)


@pytest.mark.parametrize(
    "cuts",
    [(ANSWERED,), (ANSWERED, SOUND), (PowerCut(None, ("its port",), None, (), ANSWERED.gaps),)],
    ids=["and comes back", "and a second one would go well", "and does not come back"],
)
def test_a_cut_that_did_not_show_is_told_and_not_followed_by_another(judged, cuts):
    world = World(cuts=cuts)
    observed, found = judged(world, cycles=2)
    way = observed.ways[0]

    assert (way.took_place, way.gaps, world.made) == (False, ANSWERED.gaps, 1)
    assert [one.message for one in found.unknowns] == [f"power-off: {ANSWERED.gaps[0]}"]
    assert not found.violations


@pytest.mark.parametrize(
    ("ports", "changes", "words"),
    [
        (((80,), (80, 8080)), ("+8080",), "TCP port 8080 is open after power-off"),
        (((80, 443), (443,)), ("-80",), "TCP port 80 is closed after power-off"),
        ((None, (80,)), (), PORTS_UNSEEN),
        (((80,), None), (), PORTS_UNSEEN),
    ],
)
def test_the_ports_before_and_after_are_compared_where_all_were_looked_at(judged, ports, changes, words):
    observed, found = judged(World(ports=ports))

    assert observed.ways[0].ports == changes
    assert words in str(found)
    assert kinds(found) == {"violation" if changes else "unknown"}


WEB = {"11-ComMech": [{"ID": "web", "facts": {"direction": "incoming", "endpoint": "443/tcp"}}]}


@pytest.mark.parametrize(("ixit", "open_"), [({}, ()), (WEB, (PORTS_UNSEEN,))])
def test_without_network_access_only_a_device_that_documents_no_port_has_none(judged, ixit, open_):
    """Ports that nobody can look at are the same before and after by no means."""
    observed, found = judged(World(), network=False, ixit=ixit)

    assert observed.ways[0].gaps == open_
    assert kinds(found) == ({"unknown"} if open_ else set())


def test_what_else_cuts_it_off_is_no_cut_of_the_power(judged):
    world = World()
    observed, found = judged(world, outages=[{"cut": "other"}])

    assert "other is neither power-off nor power-cycle" in str(found.unknowns)
    assert (world.made, observed.ways[0].took_place) == (0, False)


def test_no_way_to_cause_an_outage_leaves_it_open(judged):
    observed, found = judged(World(), outages=[])

    assert observed.open == ("supply does not say under access.outages how the outage is caused",)
    assert kinds(found) == {"unknown"}


@pytest.mark.parametrize("values", [(None, "a"), ("a", None)])
def test_a_state_that_gave_no_value_is_open(judged, values):
    _, found = judged(World(values=values), state=["read"])

    assert "read gave no value" in str(found.unknowns)


def test_another_state_refutes(judged):
    _, found = judged(World(values=("a", "b")), state=["read"])

    assert "read gave 'a' before and 'b' after" in str(found.violations)


def test_what_the_way_back_does_not_show_is_open(judged):
    _, found = judged(World(gap="that it connected again does not show"))

    assert "that it connected again does not show" in str(found.unknowns)


def test_another_device_in_its_place_is_told_and_not_tried(judged):
    world = World(back=(False,))
    observed, found = judged(world, stranger="another device answers in its place")

    assert "another device answers in its place" in str(found.unknowns)
    assert (observed.ways[0].tried("after"), observed.ways[0].alive) == ((), False)


@pytest.mark.parametrize(
    ("light", "kind", "words"),
    [
        (
            ("", "refused", ""),
            "violation",
            "the light stays off",
        ),  # an answer is one: it is not asked until it suits
        (("", "silent", ""), "", ""),
        (("", "silent", "silent"), "unknown", "nobody is at the login; nothing answered"),
    ],
)
def test_a_function_that_nothing_answers_is_tried_once_more(judged, light, kind, words):
    _, found = judged(World(light=light))

    assert kinds(found) == ({kind} if kind else set())
    assert words in str(found)


# in the midst of something

CUT = Interruption("starting", "0.3 s after power was on", recovered_s=1.0, alive=True)
STARTING = {"starting": {"cuts_after_s": [0.3]}}
OTHER = {
    "ID": "battery",
    "facts": {"covers": ["power"]},
    "access": {"outages": [{"cut": "power-off"}], "functions": ["other"], "interrupted": STARTING},
}


@pytest.mark.parametrize(
    ("cuts", "made"),
    [
        ((SOUND,), ["supply", "battery"]),
        ((ANSWERED, SOUND), ["battery"]),
        ((GONE, SOUND), ["battery"]),
    ],
    ids=["all go well", "one did not show", "one was not survived"],
)
def test_power_is_cut_in_the_midst_only_where_the_plain_cuts_of_the_mechanism_went_well(
    judged, monkeypatch, cuts, made
):
    monkeypatch.setattr(observe, "interrupt", lambda *_: ((CUT,), ("a second one was not made",)))
    observed, found = judged(World(cuts=cuts), interrupted=STARTING, others=[OTHER])
    missed = [of for of, why in observed.uninterrupted if "a plain cut did not go well" in why]

    assert [of for of, _ in observed.interruptions] == made
    assert missed == [one for one in ("supply", "battery") if one not in made]
    assert ("battery", "a second one was not made") in observed.uninterrupted
    assert "a second one was not made" in str(found.unknowns)


def test_of_two_plain_cuts_one_that_went_wrong_is_enough_to_make_none_in_the_midst(judged, monkeypatch):
    monkeypatch.setattr(observe, "interrupt", lambda *_: ((CUT,), ()))
    two = [{"cut": "power-off"}, {"cut": "power-cycle"}]
    observed, _ = judged(World(cuts=(SOUND, ANSWERED)), outages=two, interrupted=STARTING)

    assert observed.interruptions == ()


def test_why_no_cut_was_made_in_the_midst_is_told(judged, monkeypatch):
    def refused(*_):
        raise Inconclusive("the switch hangs", cause=Cause.BENCH)

    monkeypatch.setattr(observe, "interrupt", refused)
    observed, found = judged(World(), interrupted=STARTING)

    assert observed.uninterrupted == (("supply", "the switch hangs"),)
    assert "the switch hangs" in str(found.unknowns)


# of the network


@pytest.fixture
def off_the_network(at, tmp_path):
    """What is seen of a world that is cut off."""

    def cut(world, **way):
        states = ["True", "False"]
        operations = world.operations() | {"cut": lambda _: None, "online": lambda _: _next(states)}
        seen = [{"value_of": "online", "matches": "False", "within_s": 0.0}]
        access = {"outages": [{"cut": "cut", "seen": seen} | way], "events": "read"}
        entry = {"ID": "net", "facts": {"covers": ["network"]}, "access": access}
        at(world)
        dut = device_of(tmp_path, {}, ixit={"23-ResMech": [entry]}, operations=operations)
        (seen,) = dut.outages("network").ways
        return seen

    return cut


@pytest.mark.parametrize(
    ("uptimes", "restarted"),
    [((500.0, 1.0, 2.0), True), ((500.0, 501.0, 502.0), False), ((500.0, None), None), ((None,), None)],
)
def test_a_device_that_starts_anew_without_its_network_is_told(
    off_the_network, monkeypatch, uptimes, restarted
):
    monkeypatch.setattr(observe, "_UPTIME_WITHIN_S", 0.0)

    assert off_the_network(World(uptimes=uptimes)).restarted is restarted


@pytest.mark.parametrize("step", ["prepare", "cause"])
def test_an_event_that_could_not_be_told_or_caused_leaves_it_open(off_the_network, monkeypatch, step):
    steps = {name: lambda name=name: "no event" if name == step else "" for name in ("prepare", "cause")}
    events = SimpleNamespace(
        wanted=True, before_the_end=lambda: None, after=lambda _: Delivered(1, 1), **steps
    )
    monkeypatch.setattr(observe, "Events", lambda *_: events)
    seen = off_the_network(World(), event="other")

    assert (seen.took_place, seen.gaps) == (True, ("no event",))
