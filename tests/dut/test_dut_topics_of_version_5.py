"""Topics of brokers that speak MQTT 5 only, and of those that close in place of a CONNACK: Mosquitto behind a doorman."""

from __future__ import annotations

import contextlib

import pytest
from test_dut_topics import OWNER, READ, WRITE, broker, tried

from pytest_etsi.probes.mqtt.session import MqttSession
from tests.mqtt_doorman import HOST, MqttDoorman

assert tried  # the fixture

OTHERS = {"closes": b"", "says so in 3.1.1": b"\x20\x02\0\x01", "says so in 5": b"\x20\x03\0\x84\0"}


@pytest.mark.parametrize("other", OTHERS)
def test_a_broker_of_version_5_that_gives_to_the_owner_alone_passes(tried, tmp_path, other):
    with (
        broker(tmp_path, OWNER) as server,
        MqttDoorman(server.port, versions=(5,), other=OTHERS[other]) as door,
    ):
        kept_out, let_in = tried(door, READ, WRITE)

    assert not kept_out, str(kept_out)
    assert not let_in, str(let_in)


@pytest.mark.parametrize(
    ("rules", "anonymous", "topic", "words"),
    [
        ("topic read camera/#\n" + OWNER, True, READ, "SUBSCRIBE camera/state without credentials is granted to nobody"),
        ("topic write camera/set\n" + OWNER, True, WRITE, "PUBLISH camera/set without credentials is granted to nobody"),
        (OWNER + "user guest\ntopic read camera/state\n", False, READ, "by the second account is granted to without"),
        (OWNER + "user guest\ntopic write camera/set\n", False, WRITE, "by the second account is granted to without"),
    ],
)  # fmt: skip
def test_a_topic_of_version_5_that_others_get_at_is_a_violation(
    tried, tmp_path, rules, anonymous, topic, words
):
    with (
        broker(tmp_path, rules, anonymous=anonymous) as server,
        MqttDoorman(server.port, versions=(5,)) as door,
    ):
        kept_out, let_in = tried(door, topic)

    assert words in str(kept_out.violations)
    assert not let_in


def test_a_subscription_of_version_5_that_is_denied_is_refused(tried, tmp_path):
    # Mosquitto denies a subscription to what nobody may read, and tells the publisher of version 5 why.
    with (
        broker(tmp_path, OWNER, anonymous=True) as server,
        MqttDoorman(server.port, versions=(5,)) as door,
        contextlib.closing(MqttSession.open(HOST, door.port, None, None)) as nobody,
    ):
        published = nobody.publish("camera/set", b"on")
        kept_out, _ = tried(door, READ, WRITE)

    assert not published
    assert not kept_out, str(kept_out)


@pytest.mark.parametrize("versions", [(4, 5), (5,)])
def test_a_broker_that_closes_in_place_of_a_refusal_keeps_others_out(tried, tmp_path, versions):
    with (
        broker(tmp_path, OWNER) as server,
        MqttDoorman(server.port, versions=versions, refusal=lambda _: b"") as door,
    ):
        kept_out, let_in = tried(door, READ, WRITE)

    assert not kept_out, str(kept_out)
    assert not let_in, str(let_in)


@pytest.mark.parametrize("code", [3, 2])
def test_a_broker_that_is_not_available_refuses_nobody(tried, tmp_path, code):
    with (
        broker(tmp_path, OWNER) as server,
        MqttDoorman(server.port, refusal=lambda _: bytes((0x20, 2, 0, code))) as door,
    ):
        kept_out, let_in = tried(door, READ)

    assert not kept_out.violations
    assert kept_out.unknowns
    assert not let_in


def test_a_broker_that_closes_on_everybody_leaves_open_who_gets_in(tried, tmp_path):
    with broker(tmp_path, OWNER) as server, MqttDoorman(server.port, versions=()) as door:
        kept_out, let_in = tried(door, READ)

    assert not kept_out.violations
    assert not let_in.violations
    assert let_in.unknowns


def test_a_broker_of_3_1_1_is_asked_in_no_other_version(tried, tmp_path):
    with broker(tmp_path, OWNER) as server, MqttDoorman(server.port) as door:
        tried(door, READ)

    assert set(door.connects) == {4}
