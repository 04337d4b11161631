"""One conversation with a TLS server: what an accepted hello vouches for, and at which pace it is asked."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.tls._hello import HelloOffer
from pytest_etsi.probes.tls._talk import Talk
from pytest_etsi.probes.witness import Watch
from tests.probes import tls_devices as devices
from tests.probes.tls_devices import ECDHE, RSA_RC4, TLS12

TAKEN, REFUSED = HelloOffer(TLS12, (ECDHE,)), HelloOffer(TLS12, (RSA_RC4,))


class Conversation:
    """With a server in memory, which has accepted a hello."""

    def __init__(self, server=None):
        self.server = server or devices.Server({TLS12: (ECDHE,)})
        self.clock = devices.Clock(600)
        self.watch = Watch(self.clock, sleep=self.clock.sleep)
        self.talk = Talk(self.server, 3.0, self.clock, self.watch, self.clock.sleep)
        assert self.talk.ask(TAKEN).kind == "hello"

    def refused(self, times=1):
        for _ in range(times):
            assert self.talk.ask(REFUSED).kind == "alert"


def test_accepted_hello_vouches_for_what_was_refused_before_it():
    with_it = Conversation()
    with_it.watch.later("a part", with_it.refused)
    with_it.talk.ask(TAKEN)
    with_it.watch.end()

    assert with_it.watch.looks == 0
    assert with_it.watch.complete


def test_witness_that_is_accepted_after_three_refusals_vouches_for_the_parts_before():
    with_it = Conversation()
    with_it.watch.later("a part", with_it.refused)
    with_it.watch.later("another part", lambda: with_it.refused(2))
    with_it.server.takes = {}
    with_it.refused()
    with_it.watch.look()

    assert with_it.watch.gaps == (
        "the first hello that was accepted is no longer answered as before since another part",
    )


@pytest.mark.parametrize(("refusals", "asked"), [(0, 0), (1, 1), (2, 1), (3, 1), (6, 2)])
def test_witness_is_asked_after_three_refusals_and_before_the_search_ends(refusals, asked):
    with_it = Conversation()
    with_it.watch.later("a part", lambda: with_it.refused(refusals))
    with_it.watch.end()

    assert with_it.watch.complete
    assert len(with_it.server.asked) == 1 + refusals + asked


def test_pace_of_a_server_is_kept_once_it_is_known():
    with_it = Conversation(devices.Microcontroller({TLS12: (ECDHE,)}, takes_s=0.0, busy_s=0.3))
    with_it.talk.ask(TAKEN)
    before = len(with_it.server.asked)
    for _ in range(5):
        with_it.talk.ask(TAKEN)

    assert len(with_it.server.asked) == before + 5


def test_server_that_takes_no_connection_any_more_does_not_slow_down_who_waits_for_it():
    with_it = Conversation()
    with_it.server.answer = lambda *_: devices.REFUSED
    assert with_it.talk.ask(TAKEN) is None
    with_it.watch.later("a part", lambda: None)
    with_it.watch.look()

    assert with_it.watch.gone
    assert with_it.clock.elapsed < 40
