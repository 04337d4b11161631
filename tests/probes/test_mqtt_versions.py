"""MQTT brokers that speak only version 5, and those that close in place of an answer."""

from __future__ import annotations

import pytest
from hostile_servers import serve

from pytest_etsi.probes.mqtt import connection as mqtt
from pytest_etsi.probes.services import identify

HOST = "127.0.0.1"
CONNECT = 0x10


def packet(connection):
    """One whole packet, as a broker reads it; empty at the end."""
    head = connection.recv(2)
    if len(head) < 2:
        return b""
    content = b""
    while len(content) < head[1]:
        more = connection.recv(head[1] - len(content))
        if not more:
            return b""
        content += more
    return head + content


def broker(version, *, accepted, refused=None, other=None):
    """Takes the password "right"; None: closes."""

    def behave(connection):
        asked = packet(connection)
        if not asked or asked[0] != CONNECT:
            return
        told = accepted if asked.endswith(b"\0\5right") else refused
        answer = told if asked[8] == version else other
        if answer is not None:
            connection.sendall(answer)
            connection.recv(2)

    return behave


V5 = {"accepted": b"\x20\x03\0\0\0", "refused": b"\x20\x03\0\x86\0"}


@pytest.mark.parametrize("other", [None, b"\x20\x02\0\x01", b"\x20\x03\0\x84\0"])
def test_a_broker_of_version_5_alone_accepts_and_rejects(other):
    with serve(broker(5, **V5, other=other)) as port:
        assert mqtt.attempt(HOST, port, "user", "right").outcome == "accepted"
        assert mqtt.attempt(HOST, port, "user", "wrong").outcome == "rejected"


def test_properties_of_a_broker_of_version_5_are_read_over():
    with serve(broker(5, accepted=b"\x20\x09\0\0\x06\x21\0\x14\x22\0\x0a", other=None)) as port:
        assert mqtt.attempt(HOST, port, "user", "right").outcome == "accepted"


@pytest.mark.parametrize("version", [4, 5])
def test_a_broker_that_closes_in_place_of_an_answer_rejects(version):
    accepted = b"\x20\x02\0\0" if version == 4 else b"\x20\x03\0\0\0"
    with serve(broker(version, accepted=accepted)) as port:
        assert mqtt.attempt(HOST, port, "user", "right").outcome == "accepted"
        assert mqtt.attempt(HOST, port, "user", "wrong").outcome == "rejected"


@pytest.mark.parametrize(
    "behave",
    [
        lambda connection: None,
        lambda connection: connection.recv(1),
        lambda connection: (connection.recv(100), connection.recv(100)),
    ],
    ids=["closes at once", "closes upon the first byte", "waits"],
)
def test_a_server_that_closes_without_having_read_a_packet_rejects_nothing(behave):
    with serve(behave) as port:
        assert mqtt.attempt(HOST, port, "user", "wrong", timeout_s=2).outcome in {"closed", "timeout"}


@pytest.mark.parametrize(
    "behave", [broker(5, **V5), broker(4, accepted=b"\x20\x02\0\0")], ids=["version 5", "closes"]
)
def test_it_is_recognised_as_a_broker_that_asks(behave):
    with serve(behave) as port:
        found = identify(HOST, port)

    assert found.kind == "mqtt"
    assert [one.kind for one in found.challenges] == ["mqtt"]
