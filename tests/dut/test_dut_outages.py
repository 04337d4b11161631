"""Outages on a small scripted device: what is caused, what is looked at, and what is put back whatever happens."""

from __future__ import annotations

import json
import time

import pytest
from bench_world import device_of, server

from pytest_etsi.dut.observe.outages.events import Events
from pytest_etsi.dut.observe.outages.recovery import Recovery
from pytest_etsi.verdict import Cause, Inconclusive


class World:
    """A device with a link, and its service.

    Attributes:
        link: it is plugged in.
        online: what its service says.
        lag: the service goes on saying that it is online.
        told: what it has told its service, with the times.
        kept: what it has not told yet.
        does: every thing that was done, in order.
    """

    def __init__(self, *, lag=False, loses=False, twice=False, restamps=False, breaks=""):
        self.link, self.lag, self.loses, self.twice, self.restamps = True, lag, loses, twice, restamps
        self.breaks = breaks
        self.told, self.kept, self.does, self.reports = [], [], [], 0

    def operations(self):
        return {
            "cut": lambda _: self._do("cut", link=False),
            "restore": lambda _: self._do("restore", link=True),
            "alarm": lambda _: self._alarm(),
            "alarms": lambda _: json.dumps(self.told),
            "online": lambda _: str(self.link or self.lag),
            "light": self._light,
            "report": self._report,
        }

    def _do(self, name, *, link):
        self.does.append(name)
        if self.breaks == name:
            raise OSError("the switch hangs")
        self.link = link
        if link:
            told = [{"at": time.time() if self.restamps else at} for at in self.kept]
            self.told += [] if self.loses else told * (2 if self.twice else 1)
            self.kept = []

    def _alarm(self):
        self.kept.append(time.time())

    def _light(self, _):
        self.does.append("light")
        if self.breaks == "light" and not self.link:
            raise OSError("no light")

    def _report(self, _):
        self.reports += self.link
        return str(self.reports)


ONLINE = {"value_of": "online", "matches": "True", "within_s": 0.2}
OFFLINE = {"value_of": "online", "matches": "False", "within_s": 0.2}
ACCESS = {
    "outages": [
        {"cut": "cut", "restore": "restore", "seen": [OFFLINE], "functions": ["light"], "event": "alarm"}
    ],
    "recovered": [ONLINE],
    "reports": "report",
    "events": "alarms",
    "event_time": "at",
}


@pytest.fixture
def observed(tmp_path, monkeypatch):
    """Observes the outages of a world; names of operations are those that the project adds."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    monkeypatch.setattr("pytest_etsi.dut.observe.outages.events._TWICE_S", 0.2)

    def observe(world, access=None, **permissions):
        entry = {
            "ID": "net",
            "facts": {"covers": ["network"], "recovers_within_s": 0.1},
            "access": access or ACCESS,
        }
        with server(lambda *_: (200, {"serial": "S1"})) as url:
            dut = device_of(
                tmp_path,
                {
                    "identity": {"url": url, "fields": {"serial": "serial"}},
                    "power": {"starts_within_s": 0.1},
                },
                ixit={"23-ResMech": [entry]},
                operations=world.operations(),
                **permissions,
            )
            return dut.outages("network")

    return observe


def test_an_outage_is_caused_seen_used_and_ended(observed):
    world = World()
    (way,) = observed(world).ways

    assert way.gaps == ()
    assert world.does == ["light", "cut", "light", "restore", "light"]
    assert (way.took_place, way.event.arrived, way.recovered_s is not None) == (True, 1, True)


@pytest.mark.parametrize(("how", "arrived"), [({"loses": True}, 0), ({"twice": True}, 2)])
def test_events_are_counted(observed, how, arrived):
    (way,) = observed(World(**how)).ways

    assert way.event.arrived == arrived


def test_an_outage_that_does_not_show_is_none(observed):
    (way,) = observed(World(lag=True)).ways

    assert not way.took_place
    assert way.gaps == ("that cut has cut the device off did not show",)
    assert way.tried("during") == ()


def test_what_shows_the_outage_must_not_be_so_without_it(observed):
    access = ACCESS | {
        "outages": [{"cut": "cut", "restore": "restore", "seen": [ONLINE], "functions": ["light"]}]
    }
    (way,) = observed(World(), access).ways

    assert not way.took_place


def test_an_outage_nobody_says_how_to_see_is_none(observed):
    access = ACCESS | {"outages": [{"cut": "cut", "restore": "restore", "functions": ["light"]}]}
    (way,) = observed(World(), access).ways

    assert not way.took_place
    assert "what shows it (outages.seen) is not told" in way.gaps[0]


def test_a_function_that_stops_meanwhile_is_told(observed):
    (way,) = observed(World(breaks="light")).ways

    assert [(one.phase, one.works) for one in way.functions] == [
        ("before", True), ("during", False), ("after", True),
    ]  # fmt: skip


def test_a_bench_that_fails_to_cut_is_told_to_restore_all_the_same(observed):
    world = World(breaks="cut")
    (way,) = observed(world).ways

    assert "the switch hangs" in way.gaps[0]
    assert world.does[-1] == "restore"


def test_without_permission_nothing_is_cut(observed):
    world = World()
    with pytest.raises(Inconclusive) as raised:
        observed(world, permissions=())

    assert (raised.value.cause, world.does) == (Cause.PERMISSION, [])


# what is told late


class Service:
    """What a service says: online for ever, and a report that changes or not."""

    def __init__(self, *, reports):
        self._reports, self._count = reports, 0

    def operations(self):
        return {"online": lambda _: "True", "report": self._report}

    def _report(self, _):
        self._count += self._reports
        return str(self._count)


@pytest.mark.parametrize(("reports", "came"), [(True, True), (False, False)])
def test_a_state_that_a_service_goes_on_telling_is_no_way_back(tmp_path, monkeypatch, reports, came):
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    with server(lambda *_: (200, {"serial": "S1"})) as url:
        entry = {"ID": "net", "access": {"recovered": [ONLINE], "reports": "report"}}
        access = {"identity": {"url": url, "fields": {"serial": "serial"}}}
        operations = Service(reports=reports).operations()
        dut = device_of(tmp_path, access, ixit={"23-ResMech": [entry]}, operations=operations)
        recovery = Recovery(dut, dut.profile.ixit.res_mech[0].access, 0.2)

        assert (recovery.wait(time.monotonic()) is not None) is came


@pytest.mark.parametrize(("reconnects", "gap"), [(True, "does not show"), (False, "")])
def test_without_anything_new_the_way_back_of_a_device_that_connects_is_open(
    tmp_path, monkeypatch, reconnects, gap
):
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    with server(lambda *_: (200, {"serial": "S1"})) as url:
        access = {"identity": {"url": url, "fields": {"serial": "serial"}}}
        entry = {"ID": "net", "access": {"recovered": [ONLINE]}}
        operations = Service(reports=True).operations()
        dut = device_of(tmp_path, access, ixit={"23-ResMech": [entry]}, operations=operations)
        recovery = Recovery(dut, dut.profile.ixit.res_mech[0].access, 0.2, reconnects=reconnects)

        assert recovery.wait(time.monotonic()) is not None
        assert gap in recovery.gap
        assert bool(recovery.gap) is reconnects


@pytest.mark.parametrize(
    ("times", "timely"),
    [
        (lambda at: [{"at": at}], 1),
        (lambda at: [{"at": at + 60}], 0),
        (lambda at: [{"at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(at))}], 1),
        (lambda at: [{"at": at * 1000}], 1),
        (lambda _: [{"at": "soon"}], 0),
    ],
)
def test_the_time_of_an_event_is_its_own(tmp_path, monkeypatch, times, timely):
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    monkeypatch.setattr("pytest_etsi.dut.observe.outages.events._TWICE_S", 0.0)
    caused = time.time() - 30
    told = []
    operations = {"alarms": lambda _: json.dumps(told), "alarm": lambda _: None}
    entry = {"ID": "net", "access": {"events": "alarms", "event_time": "at"}}
    dut = device_of(tmp_path, {}, ixit={"23-ResMech": [entry]}, operations=operations)
    events = Events(dut, dut.profile.ixit.res_mech[0].access, "alarm")
    events.prepare()
    events.cause()
    events._began = events._caused_at = caused
    told += times(caused)

    assert events.after(0.0).times == timely
