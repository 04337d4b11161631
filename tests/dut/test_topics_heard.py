"""Who gets at the topics of a broker, by what is delivered: a broker in memory, and each thing that it may do (5.5-4-2)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe.access import topics
from pytest_etsi.standard import edition

WORDS = {"home": "Kaffeetasse-77", "guest": "Regenschirm-12"}
GRANTED, DENIED, NOT_AVAILABLE = 0, 0x87, 0x8F


class Broker:
    """A broker that gives to the owner alone.

    Args:
        enters: who is let in.
        reads: who is delivered what others publish.
        writes: whose messages are delivered.
        kept: it keeps a message for whoever subscribes.
        says: a message comes each time somebody listens.
        suback: what it answers to a subscription, by user; else it is granted.
        refusal: what it does to others: "refuses", "closes", "is busy".
        owner_later: the owner is let in a second time.
        breaks_for: at whose message the owner loses its connection.
    """

    def __init__(
        self, *, enters=("home",), reads=("home",), writes=("home",), kept=True, says=False, suback=(),
        refusal="refuses", owner_later=True, breaks_for=(),
    ):  # fmt: skip
        self.enters, self.reads, self.writes, self.kept, self.says = enters, reads, writes, kept, says
        self.suback, self.refusal, self.owner_later, self.breaks_for = (
            dict(suback),
            refusal,
            owner_later,
            breaks_for,
        )
        self.sessions, self.owners = [], 0

    def open(self, _host, _port, username, password, **_):
        who = username if username and WORDS.get(username) == password else None
        self.owners += who == "home"
        let_in = who in self.enters and (who != "home" or self.owners == 1 or self.owner_later)
        session = Session(self, who, let_in=let_in)
        self.sessions.append(session)
        return session

    def deliver(self, payload):
        for one in self.sessions:
            if one.subscribed and one.connection and one.who in self.reads:
                one.messages.append(("camera/state", payload))


class Session:
    def __init__(self, broker, who, *, let_in):
        self.broker, self.who, self.subscribed = broker, who, False
        self.connection = object() if let_in else None
        self.refused = not let_in and broker.refusal == "refuses"
        self.closed = not let_in and broker.refusal == "closes"
        self.detail = "CONNACK 0" if let_in else f"the broker {broker.refusal}"
        self.messages, self.kept = [], set()

    def subscribe(self, pattern):
        self.subscribed = True
        if pattern != "#" and self.broker.kept and self.who in self.broker.reads:
            self.messages.append((pattern, b"on"))
            self.kept.add(pattern)
        return self.broker.suback.get(self.who, GRANTED)

    def listen(self, _seconds, until=None):
        if self.broker.says and until is not None:
            self.broker.deliver(b"on")

    def publish(self, _topic, payload):
        if self.who in self.broker.breaks_for:
            self.broker.sessions[0].connection = None
        if self.connection and self.who in self.broker.writes:
            self.broker.deliver(payload)
        return True

    def close(self):
        self.connection = None


@pytest.fixture
def tried(device: LoginDevice, tmp_path, monkeypatch):
    """What is found of a broker: (kept out, let in)."""

    def observe(broker, do):
        monkeypatch.setattr(topics, "MqttSession", SimpleNamespace(open=broker.open))
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        access = {"driver": "mqtt", "port": 1883, "username": "home", "password": WORDS["home"]}
        access["second_account"] = {"username": "guest", "password": WORDS["guest"]}
        topic = {"topic": "camera/state", "do": do, "login": "broker", "not_by_second": True, "wait_s": 0.1}
        tables["1-AuthMech"] = [{"ID": "broker", "access": access}]
        tables["13-SoftServ"] = [{"ID": "mqtt", "access": {"topics": [topic]}}]
        profile = profile_of(tmp_path, device, ixit=tables)
        entry = profile.ixit.table("13-SoftServ")[0]
        observed = Dut(profile).access(entry)
        return criteria.access.kept_out(entry, observed), criteria.access.let_in(entry, observed)

    return observe


def verdict(found):
    return "FAIL" if found.violations else "INCONCLUSIVE" if found.unknowns else "PASS"


ALL = ("home", "guest", None)
PASS, FAIL, OPEN = "PASS", "FAIL", "INCONCLUSIVE"
CASES = {
    "gives to the owner alone": ("read", {}, PASS, PASS),
    "gives to the owner alone, whom it told something": ("read", {"kept": False, "says": True, "enters": ALL}, PASS, PASS),
    "lets all in, and withholds from others": ("read", {"enters": ALL}, PASS, PASS),
    "lets all in, and denies others the subscription": ("read", {"enters": ALL, "kept": False, "suback": {None: DENIED, "guest": DENIED}}, PASS, OPEN),
    "gives to the second account": ("read", {"enters": ALL, "reads": ("home", "guest")}, FAIL, PASS),
    "gives to everybody": ("read", {"enters": ALL, "reads": ALL}, FAIL, PASS),
    "withholds from the owner what it has granted": ("read", {"reads": ()}, PASS, OPEN),
    "gives nothing to anybody for there is nothing": ("read", {"enters": ALL, "kept": False}, OPEN, OPEN),
    "denies the owner the subscription": ("read", {"reads": (), "suback": {"home": DENIED}}, PASS, FAIL),
    "has no place for the owner's subscription": ("read", {"reads": (), "suback": {"home": NOT_AVAILABLE}}, PASS, OPEN),
    "refuses the owner": ("read", {"enters": ()}, OPEN, FAIL),
    "refuses the owner who writes": ("write", {"enters": ()}, OPEN, FAIL),
    "is not there for the owner": ("read", {"enters": (), "refusal": "is busy"}, OPEN, OPEN),
    "is not there for others": ("read", {"refusal": "is busy"}, OPEN, PASS),
    "closes in place of a refusal": ("read", {"refusal": "closes"}, PASS, PASS),
    "closes for all from then on": ("read", {"refusal": "closes", "owner_later": False}, OPEN, PASS),
    "takes from the owner alone": ("write", {"enters": ALL}, PASS, PASS),
    "takes from the second account": ("write", {"enters": ALL, "writes": ("home", "guest")}, FAIL, PASS),
    "takes from nobody": ("write", {"enters": ALL, "writes": ()}, OPEN, OPEN),
    "drops the owner when somebody else writes": ("write", {"enters": ALL, "breaks_for": (None,)}, OPEN, PASS),
    "refuses others who would write": ("write", {}, PASS, PASS),
}  # fmt: skip


@pytest.mark.parametrize(("do", "how", "kept_out", "let_in"), CASES.values(), ids=CASES)
def test_a_broker_that(tried, do, how, kept_out, let_in):
    found = tried(Broker(**how), do)

    assert (verdict(found[0]), verdict(found[1])) == (kept_out, let_in), found


def test_what_is_not_delivered_is_told_of_whom(tried):
    kept_out, let_in = tried(Broker(enters=ALL, writes=()), "write")
    given, _ = tried(Broker(enters=ALL, writes=ALL), "write")

    assert "PUBLISH camera/state with the right: not delivered" in str(let_in.unknowns)
    assert "without credentials by nobody: PUBACK, not delivered" in str(kept_out.unknowns)
    assert "without credentials is granted to nobody (PUBACK, delivered)" in str(given.violations)
