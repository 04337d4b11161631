"""Datagrams of DTLS that are lost, come twice or out of order, or claim more than they bring."""

from __future__ import annotations

import struct
import tracemalloc

import pytest

from pytest_etsi.probes.tls import enumerate_dtls
from pytest_etsi.probes.tls._answer import MAX_FLIGHT
from pytest_etsi.probes.tls._dtls import _Records
from tests.probes.scripted_dtls import Script, fragment, record, serving

HOST = "127.0.0.1"
ECDHE, RSA_AES = 0xC02F, 0x002F
TAKES = {0xFEFD: (ECDHE, RSA_AES), 0xFEFF: (RSA_AES,)}
CHOICE = struct.pack("!H", 0xFEFD) + bytes(32) + b"\0" + struct.pack("!HB", ECDHE, 0)
LIST = b"\0\4\x03\0\4\0" + b"\x30" * 1024


@pytest.mark.parametrize(("loses", "seed"), [(0.0, 1), (0.1, 1), (0.1, 2), (0.2, 3)])
def test_everything_is_seen_over_a_line_that_loses_datagrams(loses, seed):
    with serving(Script(TAKES, loses=loses, seed=seed)) as port:
        seen = enumerate_dtls(HOST, port)

    assert seen.complete, seen.errors
    assert {version: set(names) for version, names in seen.suites.items()} == {
        "DTLSv1.0": {"TLS_RSA_WITH_AES_128_CBC_SHA"},
        "DTLSv1.2": {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA"},
    }


def test_line_that_loses_nearly_everything_leaves_it_open():
    with serving(Script(TAKES, loses=0.9)) as port:
        seen = enumerate_dtls(HOST, port, timeout_s=0.3, deadline_s=3)

    assert not seen.complete


def taken(*datagrams):
    records = _Records()
    for datagram in datagrams:
        assert records.take(datagram)
    return records


def parts(size):
    return [
        record(22, fragment(11, 2, LIST, start, LIST[start : start + size]))
        for start in range(0, len(LIST), size)
    ]


HELLO, DONE = record(22, fragment(2, 1, CHOICE)), record(22, fragment(14, 3, b""))


@pytest.mark.parametrize(
    "datagrams",
    [
        [HELLO, *parts(100), DONE],
        [DONE, *reversed(parts(100)), HELLO],
        [HELLO, *parts(100), *parts(333), DONE],
        [HELLO, HELLO, *parts(2000), DONE, DONE],
        [b"".join([HELLO, *parts(100), DONE])],
    ],
    ids=["in order", "backwards", "cut twice, in different places", "twice", "in one datagram"],
)
def test_flight_is_put_together_however_it_comes(datagrams):
    answer = taken(*datagrams).answer(flight=True)

    assert answer is not None
    assert (answer.kind, answer.suite, answer.version) == ("hello", ECDHE, 0x0303)
    assert answer.certificates == (b"\x30" * 1024,)


@pytest.mark.parametrize("lost", range(13))
def test_flight_of_which_a_datagram_is_missing_is_waited_for(lost):
    flight = [HELLO, *parts(100), DONE]
    del flight[lost]

    assert taken(*flight).answer(flight=True) is None
    assert (taken(*flight).answer(flight=False) is None) is (lost == 0)


def test_message_in_the_middle_that_is_lost_whole_is_waited_for():
    assert taken(HELLO, DONE).answer(flight=True) is None


def test_choice_that_comes_last_is_waited_for():
    assert taken(*parts(2000), DONE).answer(flight=True) is None


def test_fatal_alert_after_a_warning_is_read():
    answer = taken(record(21, b"\1\x70\2\x28")).answer(flight=True)

    assert answer is not None
    assert (answer.kind, answer.alert) == ("alert", 40)


def crumbs(length, places):
    """A datagram with a byte for each of these places: the number of a message of such a length, and an offset."""
    size = length.to_bytes(3, "big")
    one_byte = (1).to_bytes(3, "big")
    return record(
        22,
        b"".join(
            b"\x0b" + size + struct.pack("!H", number) + offset.to_bytes(3, "big") + one_byte + b"x"
            for number, offset in places
        ),
    )


def most_memory(*datagrams):
    """What is said of these, and the memory that was needed for it, in bytes."""
    tracemalloc.start()
    try:
        answer = taken(*datagrams).answer(flight=True)
        return answer, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_what_is_claimed_takes_no_room():
    answer, most = most_memory(crumbs(96 * 1024, [(number, 0) for number in range(55)]))

    assert answer is None
    assert most < 200_000


def test_what_is_sent_without_end_takes_little_more_room_than_a_flight_may_have():
    datagrams = [crumbs(200_000, [(2, 4000 * nth + at) for at in range(4000)]) for nth in range(20)]
    answer, most = most_memory(*datagrams)

    assert sum(map(len, datagrams)) > 3 * MAX_FLIGHT
    assert answer is not None
    assert (answer.kind, answer.detail) == ("garbage", "an answer without end")
    assert most < 30 * MAX_FLIGHT
