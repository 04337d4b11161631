"""An enumeration of TLS that its time cut short has found nothing out."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.tls import _enumerate as enumeration
from pytest_etsi.probes.tls import enumerate_dtls, enumerate_tls
from pytest_etsi.probes.tls._model import HelloAnswer

REFUSED = HelloAnswer("alert", alert=70)
SUITE = 0xC02F


class _Clock:
    """A deadline that passes after a number of looks at it; nothing is waited for."""

    def __init__(self, looks):
        self.left_looks = looks
        self.looked = 0
        self.seconds = 1.0
        self.elapsed = 0.5

    @property
    def expired(self):
        self.looked += 1
        return self.looked > self.left_looks

    def within(self, _):
        return self

    def left(self, _=None):
        return 0.0


def _takes_one_suite(_, offer, *__, **___):
    taken = offer.version == 0x0303 and SUITE in offer.suites
    return HelloAnswer("hello", version=0x0303, suite=SUITE) if taken else REFUSED


@pytest.fixture
def asked(monkeypatch):
    """Enumerates a server that takes one suite of version 1.2; the time is up after so many looks at the clock."""

    def enumerate_(looks, probe=enumerate_tls, answer=_takes_one_suite):
        clock = _Clock(looks)
        monkeypatch.setattr(enumeration, "Deadline", lambda _: clock)
        monkeypatch.setattr(enumeration.StreamEndpoint, "ask", answer)
        monkeypatch.setattr(enumeration.StreamEndpoint, "certificate", lambda *_: (b"", ""))
        monkeypatch.setattr(enumeration.DatagramEndpoint, "ask", answer)
        monkeypatch.setattr(enumeration, "ask_ssl2", lambda *_: (REFUSED, ()))
        return probe("192.0.2.7", 443), clock.looked

    return enumerate_


@pytest.mark.parametrize("probe", [enumerate_tls, enumerate_dtls])
def test_a_server_that_has_the_time_is_asked_completely(asked, probe):
    seen, _ = asked(1000, probe)

    assert seen.complete, seen.errors
    assert (len(seen.versions), seen.errors) == (1, ())


@pytest.mark.parametrize("probe", [enumerate_tls, enumerate_dtls])
def test_time_that_is_up_at_whatever_moment_leaves_it_open(asked, probe):
    whole, looks = asked(1000, probe)

    assert whole.complete
    for fewer in range(looks):
        seen, _ = asked(fewer, probe)
        assert not seen.complete, fewer
        assert "the deadline of 1 s passed" in seen.errors, fewer


@pytest.mark.parametrize("probe", [enumerate_tls, enumerate_dtls])
def test_a_server_that_refuses_everything_has_shown_nothing(asked, probe):
    """It may be locked, or busy: a refusal counts only beside something that is accepted."""
    seen, _ = asked(1000, probe, lambda *_, **__: REFUSED)

    assert (seen.complete, seen.versions) == (False, ())
    assert "no hello was accepted" in str(seen.errors)
