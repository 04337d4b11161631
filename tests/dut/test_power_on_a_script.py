"""Cuts of the power on a scripted device, with a clock of its own: what shows a cut and a start, and what does not."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest

from pytest_etsi.dut.observe import power
from pytest_etsi.verdict import Cause, Inconclusive

APART = ("power-off", "power-on")
BOOTS_S = 1.0
UPTIME_GAP = "nothing shows that it started anew: its uptime did not begin anew"


class Lamp:
    """A device at a relay, and the core that observers get.

    Args:
        cuts: what each cut does: "really"; "never"; "short" (it is gone, and did not start anew); "leaks" (it answers for a
            moment while it is off).
        comes: it comes back as "itself", another "stranger", or "not" at all.
        silent: it answers nothing on the network.
        ran_s: seconds for which it has run.
        has: operations that the profile has.
        console: what the console tells of a start: True, False, or None without a console.
        session: whether the session from before is known afterwards; None: it has none.
    """

    def __init__(
        self, *, cuts=("really",), comes="itself", silent=False, ran_s=500.0, has=(*APART, "read-uptime"), console=None,
        session=None,
    ):  # fmt: skip
        self.now = 1000.0
        self.cuts_do, self.comes, self.silent, self.console, self.session = (
            list(cuts),
            comes,
            silent,
            console,
            session,
        )
        self.has, self.on, self.started, self.off_at = has, True, self.now - ran_s, None
        self.how, self.told, self.kept, self.heard, self.closed = "", [], [], [], False
        self.hushed = 0
        self.permissions = ("outage",)
        self.operations = self
        self.life = SimpleNamespace(answering=self.answering, watch=self.watch)
        self.line = SimpleNamespace(hush=self._hush, says=self._says)
        self.recorder = SimpleNamespace(observed=lambda _, seen: self.kept.append(seen))
        self.cuts = SimpleNamespace(asked_at=None, soon=lambda: self.told.append("soon"))
        self.profile = SimpleNamespace(
            access=SimpleNamespace(
                power=SimpleNamespace(dies_within_s=5.0, off_s=3.0, starts_within_s=20.0, started="booting"),
                serial=None if console is None else object(),
                identity=SimpleNamespace(session_of=None if session is None else "web"),
                operations={"read-uptime": SimpleNamespace(kind="http")},
            )
        )

    # As a clock

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += max(0.0, seconds)

    def wait_until(self, holds, within_s):
        until = self.now + within_s
        while not holds():
            if self.now >= until:
                return False
            self.now += 0.5
        return True

    # As the core

    def __contains__(self, name):
        return name in self.has

    def run(self, name):
        if name not in self.has:
            raise Inconclusive(f"there is no {name}", cause=Cause.ACCESS)
        self.told.append(name)
        if name in ("power-off", "power-cycle"):
            self.how = self.cuts_do.pop(0) if len(self.cuts_do) > 1 else self.cuts_do[0]
            self.off_at, self.on = self.now, self.how == "never"
        if name in ("power-on", "power-cycle"):
            if self.how in ("really", "leaks"):
                self.started, self.session = self.now, None if self.session is None else False
            self.on = True

    def attempt(self, _):
        return SimpleNamespace(value=str(self.now - self.started) if self._is_up() else None)

    def _is_up(self):
        there = self.comes != "not" or self.off_at is None or self.how == "never"
        return there and (
            (self.on and self.now >= self.started + BOOTS_S)
            or (self.how == "leaks" and not self.on and self.now - self.off_at >= 1.0)
        )

    def answering(self):
        return ("web",) if self._is_up() and not self.silent else ()

    @contextlib.contextmanager
    def watch(self):
        seen = SimpleNamespace(seen={})
        yield seen
        if self.how == "leaks":
            seen.seen["web"] = 2.0

    def observed_identity(self):
        up = self._is_up()
        stranger = self.comes == "stranger" and self.off_at is not None
        return {"verified": None if not up else not stranger}

    def require_identity(self):
        self.told.append("who")

    def progress(self, _):
        pass

    def login(self, _):
        return SimpleNamespace(still_authorized=lambda: self.session, close=self._close)

    def _close(self):
        self.closed = True

    def _hush(self):
        self.hushed += 1

    def _says(self, pattern, _within_s):
        self.heard.append(pattern)
        return bool(self.console)


@pytest.fixture
def cut(monkeypatch):
    def cut(lamp, **how):
        monkeypatch.setattr(power, "time", lamp)
        monkeypatch.setattr(power, "wait_until", lamp.wait_until)
        return power.cut_power(lamp, **how)

    return cut


def test_power_that_is_cut_is_seen_to_die_and_to_start_anew(cut):
    lamp = Lamp()
    seen = cut(lamp)

    assert (seen.gaps, seen.answered, seen.proofs) == ((), (), ("its uptime began anew",))
    assert (seen.dead_after_s, seen.back_after_s) == (0.5, BOOTS_S)
    assert lamp.told == ["who", "power-off", "power-on"]
    assert lamp.kept == [seen]


SHOWS_NOTHING = {
    "a relay that only says so": ({"cuts": ("never",)}, "went on answering for 5 s after its power was switched off"),
    "a moment of power while it is off": ({"cuts": ("leaks",)}, "it answered while its power was off: web after 2 s"),
    "a network that is gone": ({"cuts": ("short",)}, UPTIME_GAP),
    "a device that never answered": ({"silent": True}, "nothing of it answered before"),
    "a start that nothing tells": ({"has": APART}, "no read-uptime gives an uptime"),
    "a session that is still known": (
        {"has": APART, "session": True, "cuts": ("short",)}, "the session from before is still known",
    ),
    "a console that tells nothing": ({"has": APART, "console": False}, "the console did not tell of a start"),
    "a session that ends while the uptime goes on": ({"session": True, "cuts": ("short",)}, "its uptime did not begin anew"),
    "a switch in one that comes to nothing": (
        {"has": ("power-cycle", "read-uptime"), "comes": "not"}, "it did not answer as itself within 20 s",
    ),
    "a switch in one that did not switch": ({"has": ("power-cycle", "read-uptime"), "cuts": ("never",)}, UPTIME_GAP),
}  # fmt: skip


@pytest.mark.parametrize(("how", "gap"), SHOWS_NOTHING.values(), ids=SHOWS_NOTHING)
def test_no_cut_is_shown_by(cut, how, gap):
    lamp = Lamp(**how)
    seen = cut(lamp)

    assert gap in " / ".join(seen.gaps)
    assert lamp.told[-1] in ("power-on", "power-cycle")


PROVES = {
    "its session": (
        {"has": APART, "session": True},
        "the session from before is no longer known, and a new login is",
    ),
    "its console": ({"has": APART, "console": True}, "the console says 'booting'"),
    "its uptime, with one switch": ({"has": ("power-cycle", "read-uptime")}, "its uptime began anew"),
    "its uptime, though it had just started": ({"ran_s": 1.5}, "its uptime began anew"),
}


@pytest.mark.parametrize(("how", "proof"), PROVES.values(), ids=PROVES)
def test_a_start_is_proved_by(cut, how, proof):
    lamp = Lamp(**how)
    seen = cut(lamp)

    assert (seen.gaps, seen.proofs) == ((), (proof,))
    assert lamp.closed is ("session" in how)


@pytest.mark.parametrize("comes", ["not", "stranger"])
def test_a_device_that_was_seen_to_die_and_does_not_come_back_has_lost_its_power(cut, comes):
    seen = cut(Lamp(comes=comes))

    assert (seen.dead_after_s, seen.back_after_s, seen.proofs, seen.gaps) == (0.5, None, (), ())


# What is done besides ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("has", [APART, ("power-cycle",)])
def test_what_the_cut_is_to_hit_begins_just_before_it(cut, has):
    lamp = Lamp(has=(*has, "read-uptime"))
    cut(lamp, meanwhile=lambda: lamp.told.append("write"))

    assert lamp.told[:3] == ["who", "write", has[0]]


def test_a_second_cut_is_made_while_it_starts_and_shown_by_a_start_of_its_own(cut):
    lamp = Lamp()
    seen = cut(lamp, again_after_s=0.3)

    assert seen.gaps == ()
    assert lamp.told == ["who", "power-off", "power-on", "soon", "power-off", "power-on"]


SECOND = {
    "did not switch": ({"cuts": ("really", "never")}, 2.0, "after its power was cut again"),
    "leaks": ({"cuts": ("really", "leaks")}, 0.3, "it answered while its power was off again: web"),
    "comes too soon for any uptime": (
        {"has": ("power-cycle", "read-uptime")},
        3.9,
        "follow each other so soon",
    ),
    "comes late enough for one": ({"has": ("power-cycle", "read-uptime")}, 4.0, ""),
    "comes soon, and the console tells": ({"has": ("power-cycle", "read-uptime"), "console": True}, 0.3, ""),
}


@pytest.mark.parametrize(("how", "after_s", "gap"), SECOND.values(), ids=SECOND)
def test_a_second_cut_that(cut, how, after_s, gap):
    lamp = Lamp(**how)
    seen = cut(lamp, again_after_s=after_s)

    assert bool(seen.gaps) is bool(gap)
    assert gap in " / ".join(seen.gaps)
    assert lamp.hushed == (2 if "console" in how else 0)


def test_a_first_cut_that_did_not_show_is_followed_by_no_second_one(cut):
    lamp = Lamp(cuts=("never",))
    cut(lamp, again_after_s=0.3)

    assert lamp.told == ["who", "power-off", "power-on"]


@pytest.mark.parametrize("has", [("power-off",), ("power-on",), ()])
def test_what_could_not_be_given_back_is_not_taken_away(cut, has):
    lamp = Lamp(has=has)
    with pytest.raises(Inconclusive) as raised:
        cut(lamp)

    assert (raised.value.cause, lamp.told) == (Cause.ACCESS, [])
    assert power.can_cycle(lamp) is False


def test_without_permission_nothing_is_switched(cut):
    lamp = Lamp()
    lamp.permissions = ()
    with pytest.raises(Inconclusive) as raised:
        cut(lamp)

    assert (raised.value.cause, lamp.told) == (Cause.PERMISSION, [])


@pytest.mark.parametrize(
    ("how", "comes", "said"),
    [
        ({}, True, ""),
        ({"cuts": ("short",)}, True, UPTIME_GAP),
        ({"cuts": ("short",)}, False, ""),  # whoever waits for it is told that it did not come
    ],
)
@pytest.mark.parametrize("has", [APART, ("power-cycle",)])
def test_a_start_whatever_software_runs_is_told_by_the_same(monkeypatch, how, comes, said, has):
    lamp = Lamp(has=(*has, "read-uptime"), **how)
    monkeypatch.setattr(power, "time", lamp)
    monkeypatch.setattr(power, "wait_until", lamp.wait_until)

    def waits():
        lamp.sleep(2.0)
        return comes

    told = power.start_anew(lamp, waits)

    assert power.can_cycle(lamp)
    assert (bool(told), told.startswith(said)) == (bool(said), True)
    assert lamp.told == list(has)
