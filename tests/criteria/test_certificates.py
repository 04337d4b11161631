"""What keeps clients from relying on a server's certificate: its time, its names, and who signed it."""

from __future__ import annotations

import datetime

import pytest

from pytest_etsi import clock
from pytest_etsi.assessment.criteria._certificates import relied_on
from pytest_etsi.probes.tls import Certificate, TlsObservation, Trust
from pytest_etsi.profile.facts import TlsFacts

NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
TRUSTED = Trust(True, "")


def certificate(**changes):
    facts = {
        "subject": "CN=camera,O=Example",
        "issuer": "CN=authority",
        "serial": "1",
        "not_before": NOW - 30 * DAY,
        "not_after": NOW + 30 * DAY,
        "key_type": "EC",
        "key_bits": 256,
        "curve": "secp256r1",
        "signature_hash": "sha256",
        "self_signed": False,
        "names": ("camera.example",),
        "sha256": "00",
    }
    return Certificate(**facts | changes)


def found(facts=None, trust=TRUSTED, host="camera.example", *, now=NOW, **changes):
    seen = certificate(**changes)
    observed = TlsObservation(
        host=host,
        port=443,
        server_name="",
        versions=("TLSv1.3",),
        suites={},
        certificate=seen,
        certificates=(seen,),
        client_certificate=False,
        connections=1,
        complete=True,
        errors=(),
        trust=trust,
    )
    documents = TlsFacts.model_validate({"certificate": "ca"} if facts is None else facts)
    return [(one.kind, one.message) for one in relied_on(documents, observed, now=now)]


@pytest.mark.parametrize("trust", [TRUSTED, Trust(False, "certificate is not yet valid")])
def test_a_clock_that_is_not_set_says_nothing_of_the_time_of_a_certificate_nor_of_who_signed_it(
    monkeypatch, trust
):
    monkeypatch.setattr(clock, "_read", lambda: datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC))

    ((kind, message),) = found(trust=trust, now=None)

    assert kind == "unknown"
    assert "clock" in message


def test_a_clock_that_is_not_set_hides_no_certificate_for_another_name(monkeypatch):
    monkeypatch.setattr(clock, "_read", lambda: datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC))

    assert {kind for kind, _ in found(now=None, names=("other.example",))} == {"unknown", "violation"}


def test_certificate_of_the_documented_authority_for_the_name_of_the_device_is_sound():
    assert found() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"not_after": NOW - DAY}, "ended on 2026-05-31"),
        ({"not_before": NOW + DAY}, "is not valid before 2026-06-02"),
    ],
)
def test_certificate_that_is_not_valid_now_is_a_violation_once(change, words):
    # What a client says of it is the same thing, and not told again.
    told = found(trust=Trust(False, "certificate has expired"), **change)

    assert [kind for kind, _ in told] == ["violation"]
    assert words in told[0][1]


def test_it_is_valid_in_its_last_second():
    assert found(not_after=NOW) == []


def test_certificate_out_of_time_of_which_nothing_is_documented_is_open():
    told = found({}, not_after=NOW - DAY)

    assert [kind for kind, _ in told] == ["unknown"]
    assert "facts.tls.certificate" in told[0][1]


def test_certificate_that_vouches_for_itself_is_known_as_it_is():
    assert found({"certificate": "self-signed"}, self_signed=True, not_after=NOW - DAY, names=()) == []


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (("other.example",), "camera.example"),
        (("*.camera.example",), "camera.example"),
        (("*.example",), "a.camera.example"),
        (("192.0.2.7",), "camera.example"),
        ((), "camera.example"),
    ],
)
def test_certificate_for_another_name_is_a_violation(names, host):
    told = found(names=names, host=host)

    assert [kind for kind, _ in told] == ["violation"]
    assert host in told[0][1]


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (("CAMERA.example",), "camera.example."),
        (("*.example",), "camera.example"),
        (("a.example", "camera.example"), "camera.example"),
        (("192.0.2.7",), "192.0.2.7"),
        (("2001:db8::7",), "2001:db8:0:0:0:0:0:7"),
    ],
)
def test_certificate_for_the_name_is_sound(names, host):
    assert found(names=names, host=host) == []


def test_name_in_the_subject_counts_where_there_are_no_others():
    assert found(names=(), subject="CN=camera.example,O=Example") == []
    assert found(names=("other.example",), subject="CN=camera.example") != []


def test_address_that_the_certificate_does_not_name_is_open_until_the_names_are_documented():
    told = found(host="192.0.2.7")
    documented = {"certificate": "ca", "names": ["camera.example"]}

    assert [kind for kind, _ in told] == ["unknown"]
    assert "facts.tls.names" in told[0][1]
    assert found(documented, host="192.0.2.7") == []


def test_every_documented_name_has_to_be_in_it():
    told = found({"certificate": "ca", "names": ["camera.example", "camera.local"]})

    assert [(kind, "camera.local" in message) for kind, message in told] == [("violation", True)]


@pytest.mark.parametrize(
    ("trust", "kind", "words"),
    [
        (None, "unknown", "access.network.ca"),
        (Trust(None, "timed out"), "unknown", "timed out"),
        (Trust(False, "unable to get local issuer certificate"), "violation", "unable to get local issuer"),
    ],
)
def test_who_signed_it_is_told_by_a_client_that_trusts_the_documented_authority(trust, kind, words):
    told = found(trust=trust)

    assert [one for one, _ in told] == [kind]
    assert words in told[0][1]
