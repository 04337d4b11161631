"""Cutting the power: the device decides whether it was off and has started anew, whatever the relay says."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from bench_world import device_of, server

from pytest_etsi.assessment.criteria import outages
from pytest_etsi.dut.observe import power
from pytest_etsi.dut.observe.power import cut_power, session_of
from pytest_etsi.verdict import Cause, Inconclusive


class Lamp:
    """A device with a supply: who it is, how long it runs; and a bench that may lie.

    Attributes:
        on: its supply.
        started: when it started, by `time.monotonic`.
        cut: "really", "never" (a hub that cuts the data lines only), "late" (the supply switches after it has answered),
            "short" (too short for its capacitors: it is gone from the network, and did not start anew), "back" (a port
            that comes on again by itself), "twitches" (a relay that feeds it for a moment while it should be off).
        button: it stays off when its supply returns, until somebody presses it.
        stranger: another device answers at its address once the power was cut.
        dead: it does not come back.
    """

    def __init__(self, *, cut="really", stranger=False, dead=False, button=False):
        self.button = button
        self.on, self.started, self.cut, self.stranger, self.dead = (
            True,
            time.monotonic() - 500,
            cut,
            stranger,
            dead,
        )
        self.serial = "S1"
        self.told = []
        self._server = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def _answer(self):
        return {"serial": self.serial, "uptime_s": time.monotonic() - self.started}

    def up(self):
        lamp = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                data = json.dumps(lamp._answer()).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    def down(self):
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def off(self, _dut):
        self.told.append("off")
        if self.cut == "late":
            threading.Timer(0.3, self.down).start()
        elif self.cut != "never":
            self.down()
        if self.cut in ("back", "twitches"):
            threading.Timer(0.7, self.up).start()
        if self.cut == "twitches":
            threading.Timer(1.0, self.down).start()

    def give(self, _dut):
        self.told.append("on")
        if self.cut not in ("never", "short"):
            self.started = time.monotonic()
        if self.stranger:
            self.serial = "S2"
        if not self.dead and not self.button and self._server is None:
            self.up()

    def press(self, _dut):
        self.told.append("pressed")
        if self._server is None:
            self.started = time.monotonic()
            self.up()


@contextmanager
def lamp_of(tmp_path, *, power=None, operations=(), ixit=None, pressed=False, **kind):
    lamp = Lamp(**kind)
    lamp.up()
    base = f"http://127.0.0.1:{lamp.port}/"
    access = {
        "network": {
            "hosts": ["127.0.0.1"],
            "ports": str(lamp.port),
            "ports_because": "the address is shared",
        },
        "identity": {"url": base, "fields": {"serial": "serial"}},
        "power": {"off_s": 1.2, "dies_within_s": 1.0, "on_s": 0, "starts_within_s": 1.0} | (power or {}),
        "operations": {
            "read-uptime": {"kind": "http", "method": "GET", "url": base, "value": {"json": "uptime_s"}}
        },
    }
    own = {"power-off": lamp.off, "power-on": lamp.give}
    if pressed:
        own = {"power-off": lamp.off, "supply-on": lamp.give, "press-button": lamp.press}
        access["operations"]["power-on"] = {"kind": "sequence", "run": ["supply-on", "press-button"]}
    dut = device_of(tmp_path, access, ixit=ixit, operations=own | dict(operations))
    try:
        yield lamp, dut
    finally:
        lamp.down()


def test_power_that_is_cut_is_seen_at_the_device(tmp_path):
    with lamp_of(tmp_path) as (lamp, dut):
        seen = cut_power(dut)

    assert seen.gaps == ()
    assert seen.dead_after_s is not None
    assert seen.proofs == ("its uptime began anew",)
    assert lamp.told == ["off", "on"]


def test_a_supply_that_switches_after_it_has_answered_is_waited_for(tmp_path):
    with lamp_of(tmp_path, cut="late", power={"dies_within_s": 10}) as (_, dut):
        assert cut_power(dut).gaps == ()


@pytest.mark.parametrize(
    ("cut", "gap"),
    [
        ("never", "went on answering for 1 s after its power was switched off: power was not cut"),
        ("back", "answered while its power was off"),
        ("twitches", "answered while its power was off"),
        ("short", "nothing shows that it started anew: its uptime did not begin anew"),
    ],
)
def test_power_that_was_not_cut_shows_nothing(tmp_path, monkeypatch, cut, gap):
    monkeypatch.setattr("pytest_etsi.dut.observe.power._PROOF_WITHIN_S", 0.3)
    with lamp_of(tmp_path, cut=cut) as (lamp, dut):
        seen = cut_power(dut)

    assert gap in " ".join(seen.gaps)
    assert lamp.told[-1] == "on"


def test_a_device_that_does_not_come_back_is_told(tmp_path):
    with lamp_of(tmp_path, dead=True) as (_, dut):
        seen = cut_power(dut)

    assert (seen.back_after_s, seen.proofs) == (None, ())
    assert seen.dead_after_s is not None


def test_a_stranger_at_the_old_address_is_not_the_device(tmp_path):
    with lamp_of(tmp_path, stranger=True) as (_, dut):
        assert cut_power(dut).back_after_s is None
        with pytest.raises(Inconclusive, match="does not look like the device") as raised:
            cut_power(dut)

    assert raised.value.cause == Cause.BENCH


def test_a_bench_that_fails_to_switch_off_is_told_to_switch_on_all_the_same(tmp_path):
    def broken(_dut):
        raise OSError("the relay is gone")

    with (
        lamp_of(tmp_path, operations={"power-off": broken}) as (lamp, dut),
        pytest.raises(Inconclusive, match="the relay is gone") as raised,
    ):
        cut_power(dut)

    assert raised.value.cause == Cause.BENCH
    assert lamp.told == ["on"]


@pytest.mark.parametrize("kind", [{"stranger": True}, {"dead": True}, {"cut": "never"}])
def test_an_outage_with_a_stranger_silence_or_a_lying_relay_is_open(tmp_path, monkeypatch, kind):
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    entry = {
        "ID": "supply",
        "facts": {"covers": ["power"], "effects": ["reconnects"], "recovers_within_s": 0.1},
        "access": {"outages": [{"cut": "power-off"}], "recovered": [{"identity": True}]},
    }
    with lamp_of(tmp_path, ixit={"23-ResMech": [entry]}, **kind) as (_, dut):
        found = outages.whole(dut.profile.ixit, dut.outages("power"), "power")

    assert {finding.kind for finding in found} == {"unknown"}


def test_a_device_that_waits_for_its_button_is_given_its_power_in_two_steps(tmp_path, monkeypatch):
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    with lamp_of(tmp_path, button=True, pressed=True) as (lamp, dut):
        seen = cut_power(dut)

    assert (seen.gaps, seen.proofs) == ((), ("its uptime began anew",))
    assert lamp.told == ["off", "on", "pressed"]


def test_without_permission_nothing_is_switched(tmp_path):
    with lamp_of(tmp_path) as (lamp, dut):
        dut.permissions = frozenset()
        with pytest.raises(Inconclusive) as raised:
            cut_power(dut)

    assert (raised.value.cause, lamp.told) == (Cause.PERMISSION, [])


def test_a_device_that_was_lost_leaves_what_follows_open_until_it_is_back(tmp_path):
    dut = device_of(tmp_path, {})
    back = []
    dut.is_lost("it fell off the bench", "pick it up", back=lambda: bool(back))
    with pytest.raises(Inconclusive, match="it fell off the bench") as raised:
        dut.require_whole()
    back.append(1)
    dut.require_whole()

    assert (raised.value.cause, raised.value.settle) == (Cause.BENCH, "pick it up")


@pytest.mark.parametrize("driver", ["http-basic", "http-digest"])
def test_a_login_that_goes_with_every_request_is_no_session_that_could_end(tmp_path, driver):
    login = {
        "ID": "web",
        "facts": {"subject": "user", "interface": "network", "factors": ["password"]},
        "access": {"driver": driver, "username": "owner", "password": "not-a-usual-one"},
    }
    with server(lambda *_: (200, {"serial": "S1"})) as url:
        login["access"]["url"] = url
        identity = {"url": url, "fields": {"serial": "serial"}, "session_of": "web"}
        dut = device_of(tmp_path, {"identity": identity}, ixit={"1-AuthMech": [login]})

        assert dut.login("web").still_authorized() is True
        assert session_of(dut) is None


@pytest.mark.parametrize("told", ["nan", "-5", "inf", "-inf", "12 days", "", "\x1b[2J7"])
def test_an_uptime_that_is_no_time_is_none(tmp_path, monkeypatch, told):
    """As of a device that counts from a clock which was set back: less than before is no new start then."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    dut = device_of(tmp_path, {}, operations={"read-uptime": lambda _: told})

    assert power.uptime_of(dut) is None


@pytest.mark.parametrize(
    ("before", "after", "shows"),
    [
        pytest.param(500.0, 8.0, True, id="it had run for long"),
        pytest.param(7.3, 7.5, True, id="it had started just before"),
        pytest.param(7.3, 15.3, False, id="its clock only stood still"),
        pytest.param(1.0, 9.0, False, id="its clock only stood still, and had hardly begun"),
        pytest.param(7.3, 27.3, False, id="it went on"),
    ],
)
def test_an_uptime_shows_a_start_also_soon_after_another_one(tmp_path, monkeypatch, before, after, shows):
    now, told = 1000.0, before
    monkeypatch.setattr(power, "uptime_of", lambda _: told)
    monkeypatch.setattr(power, "_PROOF_WITHIN_S", 0.0)
    monkeypatch.setattr(power, "time", SimpleNamespace(monotonic=lambda: now))
    witness = power.Witness(device_of(tmp_path, {}))
    now, told = now + 20.0, after  # eight of them since the power is back

    assert bool(witness.proofs(now - 8.0)) is shows


@pytest.mark.parametrize(
    ("after", "shows"),
    [
        pytest.param([7.3, 7.3, 7.3], False, id="what it was told before"),
        pytest.param([7.3, 7.3, 0.4], True, id="a start"),
        pytest.param([7.3, 7.3, 9.1], True, id="a start of a while ago"),
        pytest.param([7.3, 7.3, 40.0], False, id="a report that came late"),
    ],
)
def test_a_service_shows_a_start_by_what_it_is_told_after_it(tmp_path, monkeypatch, after, shows):
    now, told = 1000.0, [7.3, *after]

    def later(seconds):
        nonlocal now
        now += seconds

    monkeypatch.setattr(power, "uptime_of", lambda _: told.pop(0) if len(told) > 1 else told[0])
    monkeypatch.setattr(power, "wait_until", lambda holds, within_s: any(holds() for _ in range(4)))
    monkeypatch.setattr(power, "time", SimpleNamespace(monotonic=lambda: now, sleep=later))
    monkeypatch.setattr(power.Witness, "_is_relayed", True)
    witness = power.Witness(device_of(tmp_path, {}))
    later(20.0)

    assert bool(witness.proofs(now - 8.0)) is shows


def test_a_start_is_told_from_one_just_before_by_an_uptime_that_is_long_enough(tmp_path, monkeypatch):
    now, told = 1000.0, [0.3, 0.3, 4.2]

    def later(seconds):
        nonlocal now
        now += seconds

    monkeypatch.setattr(power, "uptime_of", lambda _: told.pop(0) if len(told) > 1 else told[0])
    monkeypatch.setattr(power, "time", SimpleNamespace(monotonic=lambda: now, sleep=later))
    witness = power.Witness(device_of(tmp_path, {}))
    witness.ready()

    assert (told, round(now, 3)) == ([4.2], 1007.4)


@pytest.mark.parametrize(
    ("before", "after", "shows"),
    [
        pytest.param(500.0, 13.0, True, id="it started at once"),
        pytest.param(500.0, 20.0, False, id="longer than it can have run"),
        pytest.param(5.0, 13.0, False, id="its clock may only have stood still"),
    ],
)
def test_a_start_counts_from_when_power_was_asked_for_however_late_the_bench_says_so(
    tmp_path, monkeypatch, before, after, shows
):
    now, told = 1000.0, before
    monkeypatch.setattr(power, "uptime_of", lambda _: told)
    monkeypatch.setattr(power, "_PROOF_WITHIN_S", 0.0)
    monkeypatch.setattr(power, "time", SimpleNamespace(monotonic=lambda: now))
    witness = power.Witness(device_of(tmp_path, {}))
    now, told = (
        now + 40.0,
        after,
    )  # eight of them since the relay, which took six for it, has said that it is on

    assert bool(witness.proofs(now - 8.0, took_s=6.0)) is shows


def test_a_relay_that_switches_at_once_and_says_so_late_has_switched_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(power, "_TELLING_S", 0.2)
    monkeypatch.setattr(power, "_PROOF_WITHIN_S", 0.5)

    with lamp_of(tmp_path) as (lamp, dut):
        give = lamp.give

        def slowly(dut):
            give(dut)
            time.sleep(1.0)

        dut.operations._own = dut.operations._own | {"power-on": slowly}
        seen = cut_power(dut)

    assert seen.gaps == ()


# Starting it anew, whatever it makes of it ------------------------------------------------------------------


@pytest.mark.parametrize("kind", [{}, {"cut": "late"}])
def test_a_pair_of_operations_starts_it_anew_as_one_does(tmp_path, kind):
    with lamp_of(tmp_path, power={"off_s": 0.4, "dies_within_s": 5}, **kind) as (lamp, dut):
        began = lamp.started
        power.cycle_power(dut)

        assert (lamp.told, lamp.started > began) == (["off", "on"], True)
        assert power.can_cycle(dut)


def test_power_that_can_be_cut_and_not_given_back_is_never_cut(tmp_path):
    dut = device_of(tmp_path, {}, operations={"power-off": lambda _: pytest.fail("it was cut")})

    assert not power.can_cycle(dut)
    with pytest.raises(Inconclusive, match="power-cycle"):
        power.cycle_power(dut)


def test_power_that_nothing_gives_back_is_not_taken_away(tmp_path):
    with lamp_of(tmp_path) as (lamp, dut):
        del dut.operations._own["power-on"]
        with pytest.raises(Inconclusive, match="no operation 'power-on'") as raised:
            cut_power(dut)

    assert (raised.value.cause, lamp.told) == (Cause.ACCESS, [])
