"""A server that answers a TLS hello in a way that no server may leaves the enumeration open, and says how."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.tls import _enumerate as enumeration
from pytest_etsi.probes.tls import enumerate_tls
from pytest_etsi.probes.tls._model import HelloAnswer

REFUSED = HelloAnswer("alert", alert=70)
ECDHE = 0xC02F


@pytest.fixture
def asked(monkeypatch):
    """Enumerates a server that answers a hello as a function says, and refuses SSL 2.0 unless told otherwise."""

    def enumerate_(answer, ssl2=REFUSED):
        monkeypatch.setattr(enumeration.StreamEndpoint, "ask", lambda _, offer, *__, **___: answer(offer))
        monkeypatch.setattr(enumeration.StreamEndpoint, "certificate", lambda *_: (b"", ""))
        monkeypatch.setattr(enumeration, "ask_ssl2", lambda *_: (ssl2, ()))
        return enumerate_tls("192.0.2.7", 443)

    return enumerate_


def speaks(suite):
    """Takes one suite of TLS 1.2, and nothing else."""

    def answer(offer):
        taken = offer.version == 0x0303 and suite in offer.suites
        return HelloAnswer("hello", version=0x0303, suite=suite) if taken else REFUSED

    return answer


def test_a_server_that_takes_what_is_offered_and_refuses_the_rest_was_asked_completely(asked):
    seen = asked(speaks(ECDHE))

    assert seen.complete
    assert seen.versions == ("TLSv1.2",)


def test_a_suite_that_was_not_offered_leaves_it_open(asked):
    seen = asked(
        lambda offer: (
            HelloAnswer("hello", version=0x0303, suite=0xFFFF) if offer.version == 0x0303 else REFUSED
        )
    )

    assert not seen.complete
    assert "was chosen, though not offered" in str(seen.errors)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (HelloAnswer("garbage", first_bytes=b"SSH-2.0-x"), "not TLS: SSH-2.0-x"),
        (HelloAnswer("refused", detail="connection refused"), "connection refused"),
        (HelloAnswer("silent"), "silent"),
    ],
    ids=["another protocol", "no connection", "silence"],
)
def test_what_is_no_answer_to_a_hello_leaves_it_open(asked, answer, said):
    seen = asked(lambda _: answer)

    assert not seen.complete
    assert said in str(seen.errors)


def test_silence_to_one_version_alone_leaves_it_open(asked):
    answer = speaks(ECDHE)
    seen = asked(lambda offer: HelloAnswer("silent") if offer.version == 0x0301 else answer(offer))

    assert not seen.complete
    assert seen.errors == ("TLSv1.0: silent",)


def test_a_connection_that_is_closed_twice_is_a_refusal(asked):
    answer = speaks(ECDHE)

    assert asked(lambda offer: HelloAnswer("closed") if offer.version == 0x0301 else answer(offer)).complete


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (HelloAnswer("garbage", first_bytes=b"\0\1", detail="not understood"), "SSLv2: not understood: "),
        (HelloAnswer("refused", detail="connection refused"), "SSLv2: connection refused"),
    ],
)
def test_an_answer_to_ssl_2_that_is_none_leaves_it_open(asked, answer, said):
    seen = asked(speaks(ECDHE), answer)

    assert not seen.complete
    assert seen.errors[0].startswith(said)
