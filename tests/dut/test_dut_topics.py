"""Who gets at the topics of Mosquitto, with access lists that are right and wrong."""

from __future__ import annotations

import contextlib
import threading

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.probes.mqtt.session import MqttSession, matches
from pytest_etsi.standard import edition
from tests import daemons

HOST = "127.0.0.1"
USERS = {"home": "Kaffeetasse-77-blau", "guest": "Regenschirm-12-rot"}
OWNER = "user home\ntopic readwrite camera/#\n"
READ = {"topic": "camera/state", "do": "read", "login": "broker", "not_by_second": True, "wait_s": 0.6}
WRITE = {"topic": "camera/set", "do": "write", "login": "broker", "not_by_second": True, "wait_s": 0.6}


@contextlib.contextmanager
def broker(directory, rules, *, anonymous=False, retained=True):
    """Mosquitto with an access list, and a message that it keeps in camera/state."""
    rights = directory / "rights"
    rights.write_text(rules)
    settings = [f"acl_file {rights}"]
    with daemons.mosquitto(directory, users=USERS, anonymous=anonymous, settings=settings) as server:
        if retained:
            with contextlib.closing(MqttSession.open(HOST, server.port, "home", USERS["home"])) as owner:
                assert owner.connection is not None
                # A publish that is kept: the flag of retained messages.
                body = b"\0\x0ccamera/stateon"
                owner.connection.sendall(b"\x31" + bytes([len(body)]) + body)
                owner.listen(0.2)
        yield server


@pytest.fixture
def tried(device: LoginDevice, tmp_path):
    """Makes what was found of the broker's topics: (kept out, let in)."""

    def observe(server, *topics):
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        mechanism = {
            "ID": "broker",
            "facts": {"endpoint": f"{server.port}/tcp"},
            "access": {
                "driver": "mqtt",
                "host": HOST,
                "port": server.port,
                "username": "home",
                "password": USERS["home"],
                "second_account": {"username": "guest", "password": USERS["guest"]},
            },
        }
        service = {"ID": "mqtt", "access": {"topics": list(topics)}}
        profile = profile_of(
            tmp_path, device, ixit=tables | {"1-AuthMech": [mechanism], "13-SoftServ": [service]}
        )
        entry = profile.ixit.table("13-SoftServ")[0]
        observed = Dut(profile).access(entry)
        return criteria.access.kept_out(entry, observed), criteria.access.let_in(entry, observed)

    return observe


def test_a_broker_that_gives_to_the_owner_alone_passes(tried, tmp_path):
    with broker(tmp_path, OWNER) as server:
        kept_out, let_in = tried(server, READ, WRITE)

    assert not kept_out
    assert not let_in


@pytest.mark.parametrize(
    ("rules", "anonymous", "topic", "words"),
    [
        ("topic read camera/#\n" + OWNER, True, READ, "SUBSCRIBE camera/state without credentials is granted to nobody"),
        ("topic write camera/set\n" + OWNER, True, WRITE, "PUBLISH camera/set without credentials is granted to nobody"),
        (OWNER + "user guest\ntopic read camera/state\n", False, READ, "by the second account is granted to without"),
        (OWNER + "user guest\ntopic write camera/set\n", False, WRITE, "by the second account is granted to without"),
    ],
)  # fmt: skip
def test_a_topic_that_others_get_at_is_a_violation(tried, tmp_path, rules, anonymous, topic, words):
    with broker(tmp_path, rules, anonymous=anonymous) as server:
        kept_out, let_in = tried(server, topic)

    assert words in str(kept_out.violations)
    assert not let_in


def test_a_subscription_that_is_acknowledged_and_gets_nothing_is_refused(tried, tmp_path):
    # Mosquitto grants every subscription, and withholds the messages.
    with broker(tmp_path, OWNER, anonymous=True) as server:
        kept_out, _ = tried(server, READ, WRITE)

    assert not kept_out


def test_silence_where_nothing_was_to_be_heard_is_open(tried, tmp_path):
    with broker(tmp_path, OWNER, anonymous=True, retained=False) as server:
        kept_out, let_in = tried(server, READ)

    for found in (kept_out, let_in):
        assert not found.violations
        assert found.unknowns


def test_a_message_that_came_before_the_others_listened_proves_nothing(tried, tmp_path):
    """The owner heard something, nobody else could have: it was not kept, and did not come again."""
    with broker(tmp_path, OWNER, anonymous=True, retained=False) as server:

        def say_for_a_while():
            with contextlib.closing(MqttSession.open(HOST, server.port, "home", USERS["home"])) as sender:
                for _ in range(40):
                    sender.publish("camera/state", b"on")
                    sender.listen(0.05)

        thread = threading.Thread(target=say_for_a_while)
        thread.start()
        kept_out, let_in = tried(server, READ | {"wait_s": 2.5})
        thread.join()

    assert not kept_out.violations
    assert kept_out.unknowns
    assert not let_in


def test_an_owner_that_is_kept_out_is_a_violation(tried, tmp_path):
    with broker(tmp_path, "user home\ntopic read camera/#\n", retained=False) as server:
        _, let_in = tried(server, WRITE)

    assert let_in.violations or let_in.unknowns


@pytest.mark.parametrize(
    ("pattern", "topic", "fits"),
    [
        ("a/b", "a/b", True),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/+/c", "a/b/c", True),
        ("a/+", "a/b/c", False),
        ("#", "a/b", True),
        ("#", "$SYS/x", False),
        ("+/x", "$SYS/x", False),
        ("$SYS/#", "$SYS/x/y", True),
        ("a/b", "a", False),
    ],
)
def test_filters_fit_topics_as_the_protocol_says(pattern, topic, fits):
    assert matches(pattern, topic) is fits
