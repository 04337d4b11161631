"""An enumeration of TLS that its time cut short has found nothing out."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.tls import _enumerate as enumeration
from pytest_etsi.probes.tls import enumerate_dtls, enumerate_tls
from pytest_etsi.probes.tls._model import HelloAnswer

REFUSED = HelloAnswer("alert", alert=70)


class _Clock:
    """A deadline that passes after a number of looks at it."""

    def __init__(self, looks):
        self.left_looks = looks
        self.seconds = 1.0
        self.elapsed = 0.5

    @property
    def expired(self):
        self.left_looks -= 1
        return self.left_looks < 0

    def within(self, _):
        return self


@pytest.fixture
def asked(monkeypatch):
    """Enumerates a server that refuses everything; the time is up after so many looks at the clock."""

    def enumerate_(looks, probe=enumerate_tls):
        monkeypatch.setattr(enumeration, "Deadline", lambda _: _Clock(looks))
        monkeypatch.setattr(enumeration.StreamEndpoint, "ask", lambda *_, **__: REFUSED)
        monkeypatch.setattr(enumeration.DatagramEndpoint, "ask", lambda *_, **__: REFUSED)
        monkeypatch.setattr(enumeration, "ask_ssl2", lambda *_: (REFUSED, ()))
        return probe("192.0.2.7", 443)

    return enumerate_


@pytest.mark.parametrize("probe", [enumerate_tls, enumerate_dtls])
def test_a_server_that_refuses_every_version_in_time_was_asked_completely(asked, probe):
    seen = asked(100, probe)

    assert (seen.complete, seen.versions, seen.errors) == (True, (), ())


@pytest.mark.parametrize("probe", [enumerate_tls, enumerate_dtls])
@pytest.mark.parametrize("looks", [0, 1])
def test_time_that_is_up_before_the_last_version_leaves_it_open(asked, probe, looks):
    seen = asked(looks, probe)

    assert not seen.complete
    assert seen.errors == ("the deadline of 1 s passed",)


def test_time_that_is_up_before_the_oldest_version_leaves_it_open(asked):
    # One look for each of the five versions from SSL 3.0 on; SSL 2.0 is asked for by the sixth.
    assert not asked(5).complete
