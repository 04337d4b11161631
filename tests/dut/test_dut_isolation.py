"""The product isolated, and other hardware in its place: what is brought about, looked at and put back (5.3-15-2)."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest
from bench_world import device_of

from pytest_etsi.assessment.criteria import outages
from pytest_etsi.dut.core import Core
from pytest_etsi.dut.observe import isolation, replacement
from pytest_etsi.dut.reach.operations import OtherwiseError
from pytest_etsi.verdict import Cause, Inconclusive

OFFLINE = {"value_of": "online", "matches": "False", "within_s": 0.0}
ONLINE = {"value_of": "online", "matches": "True", "within_s": 0.0}
GIVEN = {
    "functions": ["light"],
    "in_operation": [ONLINE],
    "isolation": {"cut": "cut", "restore": "restore", "seen": [OFFLINE], "functions": ["light"]},
    "replace": "swap",
    "replaced": [ONLINE],
    "put_back": "swap-back",
}


class World:
    """A product and its bench.

    Args:
        online: what its service says before, and in isolation.
        fails: operations that say that they failed.
        hangs: operations that nobody answers.
        returns: it comes back, by itself.
        flows: octets that came from the other end of each of its flows, as recorded; None: nothing is recorded.
        lost: what the recording has missed.
        packets: that were recorded.
        uptimes: what it tells of the seconds for which it runs, each time.
    """

    def __init__(
        self, *, online=("True", "False"), fails=(), hangs=(), returns=True, flows=None, lost=(), packets=9,
        uptimes=(None,),
    ):  # fmt: skip
        self.online, self.fails, self.hangs, self.returns = list(online), fails, hangs, returns
        self.flows, self.lost, self.packets, self.uptimes = flows, lost, packets, list(uptimes)
        self.begun = True
        self.did, self.mended, self.is_lost = [], 0, []
        self.cut = False

    def operations(self):
        names = ("cut", "restore", "light", "swap", "swap-back")
        return {name: self._does(name) for name in names} | {"online": lambda _: self.online[self.cut]}

    def _does(self, name):
        def does(_):
            self.did.append(name)
            self.cut = {"cut": True, "restore": False}.get(name, self.cut)
            if name in self.hangs:
                raise Inconclusive("nobody answers", cause=Cause.BENCH)
            if name in self.fails:
                raise OtherwiseError("it is refused")

        return does

    @contextlib.contextmanager
    def record(self, *_):
        if self.flows is None:
            raise Inconclusive("nothing records", cause=Cause.ACCESS)
        outgoing = tuple(_Flow((100, told), begun=self.begun) for told in self.flows)
        self.did.append("record")
        seen = SimpleNamespace(outgoing=outgoing, packets=self.packets, missing_for=lambda _: self.lost)
        yield SimpleNamespace(end=lambda: seen)

    def mend(self, *_):
        self.mended += 1
        return True


class _Flow(SimpleNamespace):
    def __init__(self, octets, *, begun):
        super().__init__(octets=octets, begun=begun)

    def __str__(self):
        return f"a flow of {self.octets[1]}"


@pytest.fixture
def device(tmp_path, monkeypatch):
    """Makes a device of a world."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    monkeypatch.setattr(Core, "require_identity", lambda _: None)
    for module in (isolation, replacement):
        monkeypatch.setattr(module, "_LONGEST_S", 0.0)
    monkeypatch.setattr(isolation, "_UNDER_WAY_S", 0.0)

    def make(world, permissions=("outage", "erase"), **access):
        for module in (isolation, replacement):
            monkeypatch.setattr(module, "is_back", lambda *_: world.returns)
        monkeypatch.setattr(isolation, "live_capture", world.record)
        monkeypatch.setattr(isolation, "bring_back", world.mend)
        monkeypatch.setattr(
            isolation,
            "uptime_of",
            lambda _: world.uptimes.pop(0) if len(world.uptimes) > 1 else world.uptimes[0],
        )
        monkeypatch.setattr(Core, "is_lost", lambda _, reason, *__, **___: world.is_lost.append(reason))
        record = {"Isolation": "Pull it.", "Hardware Replacement": "Put another one there.",
                  "facts": {"isolation": "network"}, "access": GIVEN | access}  # fmt: skip
        return device_of(
            tmp_path, {}, ixit={"9-ReplSup": record}, operations=world.operations(), permissions=permissions
        )

    return make


@pytest.fixture
def isolated(device):
    """What is observed of a world, and found of its operation, isolation and functions."""

    def observe(world, **given):
        dut = device(world, **given)
        observed, entry = dut.isolation(), dut.profile.ixit.repl_sup
        judges = (outages.in_operation, outages.isolated, outages.keeps_functions)
        return observed, [sorted({one.kind for one in judge(entry, observed)}) for judge in judges]

    return observe


def test_it_is_recorded_from_when_it_is_cut_off(isolated):
    """What passed before would be taken for something that passed meanwhile."""
    world = World(flows=())
    isolated(world)

    assert world.did == ["light", "cut", "record", "light", "restore", "light"]


def test_a_product_that_is_isolated_as_described_leaves_nothing_open(isolated):
    world = World()
    observed, found = isolated(world)

    assert found == [[], [], []]
    assert world.did == ["light", "cut", "light", "restore", "light"]
    assert (observed.works, [one.works for one in observed.during]) == (True, [True])


OPEN, REFUTED = ["unknown"], ["violation"]
CASES = {
    "is not in operation": ({"online": ("False", "False")}, {}, [REFUTED, OPEN, OPEN]),
    "has a function that fails": ({"fails": ("light",)}, {}, [REFUTED, [], OPEN]),
    "has a function that nobody answers": ({"hangs": ("light",)}, {}, [OPEN, [], OPEN]),
    "stays online": ({"online": ("True", "True")}, {}, [[], OPEN, OPEN]),
    "stays online, and nothing of it passed its network": (
        {"online": ("True", "True"), "flows": (), "uptimes": (1.0, 2.0)}, {}, [[], REFUTED, OPEN],
    ),
    "stays online, and was refused at its network": (
        {"online": ("True", "True"), "flows": (200,), "uptimes": (1.0, 2.0)}, {}, [[], REFUTED, OPEN],
    ),
    "stays online over its network": (
        {"online": ("True", "True"), "flows": (201,), "uptimes": (1.0, 2.0)}, {}, [[], OPEN, OPEN],
    ),
    "stays online by what its service remembers": (
        {"online": ("True", "True"), "flows": (), "uptimes": (1.0,)}, {}, [[], OPEN, OPEN],
    ),
    "stays online, and tells nothing": (
        {"online": ("True", "True"), "flows": (), "uptimes": (None, 2.0)}, {}, [[], OPEN, OPEN],
    ),
    "stays online, and told something once": (
        {"online": ("True", "True"), "flows": (), "uptimes": (1.0, None)}, {}, [[], OPEN, OPEN],
    ),
    "stays online, and the recording has gaps": (
        {"online": ("True", "True"), "flows": (), "uptimes": (1.0, 2.0), "lost": ("3 packets",)}, {}, [[], OPEN, OPEN],
    ),
    "stays online, and nothing at all was recorded": (
        {"online": ("True", "True"), "flows": (), "uptimes": (1.0, 2.0), "packets": 0}, {}, [[], OPEN, OPEN],
    ),
    "is recorded, and offline": ({"flows": (500,), "uptimes": (1.0, 2.0)}, {}, [[], [], []]),
    "cannot be cut off": ({"hangs": ("cut",)}, {}, [[], OPEN, OPEN]),
    "is offline by what was so before": (
        {}, {"isolation": GIVEN["isolation"] | {"seen": [OFFLINE | {"matches": "True|False"}]}}, [[], OPEN, OPEN],
    ),
    "is cut off, and nobody says how to see it": (
        {}, {"isolation": {"cut": "cut", "restore": "restore", "functions": ["light"]}}, [[], OPEN, OPEN],
    ),
    "nobody says how to isolate": ({}, {"isolation": None}, [[], OPEN, OPEN]),
    "does not come back by itself": ({"returns": False}, {}, [[], OPEN, OPEN]),
}  # fmt: skip


@pytest.mark.parametrize(("how", "access", "expected"), CASES.values(), ids=CASES)
def test_a_product_that(isolated, how, access, expected):
    _, found = isolated(World(**how), **access)

    assert found == expected


def test_what_the_isolation_lacks_is_told(isolated):
    back, passing, off = (
        World(returns=False),
        World(online=("True", "True"), flows=(201, 9)),
        World(online=("False",) * 2),
    )

    hanging, both = World(hangs=("cut",)), [ONLINE, OFFLINE]

    assert isolated(hanging)[0].open == ("nobody answers",)
    assert "shows nothing" in isolated(World(), in_operation=both)[0].open[0]
    assert isolated(back)[0].open == ("it did not come back into operation after the isolation",)
    assert back.mended == 1
    assert isolated(passing)[0].passed == ("a flow of 201",)
    assert isolated(off)[0].open == ("the product was not in operation, so that its isolation shows nothing",)
    assert "cut" not in off.did


def test_a_connection_under_way_that_is_answered_on_has_passed(isolated):
    """Of one that goes on a few bytes show it; the answer that ends it is no more than a packet without content."""
    seen = {}
    for octets in (60, 81):
        world = World(online=("True", "True"), flows=(octets,), uptimes=("1", "2"))
        world.begun = False
        observed, _ = isolated(world)
        seen[octets] = (observed.passed, bool(observed.way_out))

    assert seen == {60: ((), True), 81: (("a flow of 81",), False)}


# Replacement ------------------------------------------------------------------------------------------------

SWAPS = {
    "as described": ({}, {}, [], []),
    "that is refused": ({"fails": ("swap",)}, {}, REFUTED, OPEN),
    "that nobody answers": ({"hangs": ("swap",)}, {}, OPEN, OPEN),
    "that is not connected": ({"online": ("False", "False")}, {}, [], REFUTED),
    "whose function fails": ({"fails": ("light",)}, {}, [], REFUTED),
    "whose function nobody answers": ({"hangs": ("light",)}, {}, [], OPEN),
    "that nobody says how to do": ({}, {"replace": None, "put_back": None}, OPEN, OPEN),
}


@pytest.mark.parametrize(("how", "access", "replaced", "regained"), SWAPS.values(), ids=SWAPS)
def test_a_replacement(device, how, access, replaced, regained):
    world = World(**how)
    dut = device(world, **access)
    seen, entry = dut.replacement(), dut.profile.ixit.repl_sup

    assert sorted({one.kind for one in outages.replaced(entry, seen)}) == replaced
    assert sorted({one.kind for one in outages.regained(entry, seen)}) == regained
    assert world.did[-1:] == (["swap-back"] if seen.tried else [])
    assert world.is_lost == []


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({}, "the first hardware is not back"),
        ({"fails": ("swap-back",)}, "the first hardware is not back: OtherwiseError: it is refused"),
        ({"hangs": ("swap-back",)}, "the first hardware is not back: nobody answers"),
    ],
)
def test_hardware_that_is_not_back_is_lost_for_what_follows(device, how, reason):
    world = World(returns=False, **how)
    device(world).replacement()

    assert world.is_lost == [reason]


@pytest.mark.parametrize(
    ("verb", "permissions", "words"),
    [
        ("isolation", (), "may not be kept from its network"),
        ("replacement", ("outage",), "may not be replaced"),
        ("replacement", ("erase",), "may not be replaced"),
    ],
)
def test_without_permission_nothing_is_done(device, verb, permissions, words):
    world = World()
    with pytest.raises(Inconclusive, match=words) as raised:
        getattr(device(world, permissions), verb)()

    assert (raised.value.cause, world.did) == (Cause.PERMISSION, [])
