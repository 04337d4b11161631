"""Settings of TLS beside versions and suites, documented and observed."""

from __future__ import annotations

import datetime

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.probes.tls import Certificate, TlsFeatures, TlsObservation
from tests.criteria.documents import entry_of

DOCUMENTED = {"versions": ["TLSv1.2"], "cipher_suites": ["TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"]}
SOUND = TlsFeatures(
    compression=False, secure_renegotiation=True, fallback_scsv=True, downgrade_sentinel=True, heartbeat=False
)


def certificate(**changes):
    now = datetime.datetime.now(datetime.UTC)
    facts = {
        "subject": "CN=camera",
        "issuer": "CN=authority",
        "serial": "1",
        "not_before": now,
        "not_after": now + datetime.timedelta(days=365),
        "key_type": "RSA",
        "key_bits": 3072,
        "curve": "",
        "signature_hash": "sha256",
        "self_signed": False,
        "names": (),
        "sha256": "00",
    }
    return Certificate(**facts | changes)


def observed(**changes):
    settings = {
        "server_name": "",
        "versions": ("TLSv1.2",),
        "suites": {"TLSv1.2": ("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",)},
        "certificate": certificate(),
        "certificates": (certificate(),),
        "client_certificate": False,
        "connections": 1,
        "complete": True,
        "errors": (),
        "features": SOUND,
        "dh_bits": 3072,
        "groups": {"TLSv1.2": ("x25519",)},
    }
    return TlsObservation("192.0.2.1", 443, **settings | changes)


def violations(facts, **changes):
    entry = entry_of("1-AuthMech", {"facts": {"tls": DOCUMENTED | facts}})
    return [
        finding.message for finding in criteria.cryptography.channel(entry, observed(**changes)).violations
    ]


def test_sound_settings_need_no_documents():
    assert violations({}) == []


@pytest.mark.parametrize(
    ("weakness", "features"),
    [
        ("compression", TlsFeatures(compression=True)),
        ("insecure-renegotiation", TlsFeatures(secure_renegotiation=False)),
        ("unprotected-fallback", TlsFeatures(fallback_scsv=False, downgrade_sentinel=False)),
    ],
)
def test_a_weak_setting_is_a_violation_unless_it_is_documented(weakness, features):
    assert len(violations({}, features=features)) == 1
    assert violations({"weaknesses": [weakness]}, features=features) == []


def test_a_documented_weak_setting_is_an_attack_in_the_documents_themselves():
    weak = {"facts": {"tls": DOCUMENTED | {"weaknesses": ["compression"]}}}

    assert [f.aspect for f in criteria.cryptography.documented(entry_of("1-AuthMech", weak)).violations] == [
        "attack"
    ]
    assert not criteria.cryptography.documented(
        entry_of("1-AuthMech", {"facts": {"tls": DOCUMENTED}})
    ).violations


def test_a_fallback_is_protected_by_either_sign():
    assert violations({}, features=TlsFeatures(fallback_scsv=False, downgrade_sentinel=True)) == []
    assert violations({}, features=TlsFeatures(fallback_scsv=True, downgrade_sentinel=False)) == []


def test_what_was_not_seen_is_no_violation():
    assert violations({}, features=TlsFeatures(), dh_bits=None, groups={}) == []


@pytest.mark.parametrize(
    ("documented", "bits", "count"),
    [(None, 1024, 1), (None, 2048, 0), (1024, 1024, 0), (3072, 2048, 1), (2048, 2048, 0)],
)
def test_the_prime_of_a_key_exchange_is_held_against_its_documented_size(documented, bits, count):
    facts = {"min_dh_bits": documented} if documented else {}

    assert len(violations(facts, dh_bits=bits)) == count


def test_a_small_documented_size_is_found_in_the_documents():
    for field in ("min_dh_bits", "min_rsa_bits"):
        weak, sound = (
            entry_of("1-AuthMech", {"facts": {"tls": DOCUMENTED | {field: bits}}}) for bits in (1024, 3072)
        )
        assert criteria.cryptography.documented(weak).violations
        assert not criteria.cryptography.documented(sound).violations


def test_groups_are_compared_where_some_are_documented():
    seen = {"TLSv1.2": ("x25519", "secp256r1", "dh-3072"), "TLSv1.3": ("x448",)}

    assert violations({"groups": ["X25519", "P-256", "x448"]}, groups=seen) == []
    assert violations({"groups": ["x25519", "prime256v1"]}, groups=seen) == [
        "the group x448 is accepted but not documented"
    ]


@pytest.mark.parametrize(
    ("facts", "changes", "count"),
    [
        ({}, {"key_bits": 1024}, 1),
        ({}, {"key_bits": 2048}, 0),
        ({"min_rsa_bits": 1024}, {"key_bits": 1024}, 0),
        ({"min_rsa_bits": 2048}, {"key_bits": 1024}, 1),
        ({}, {"key_type": "EC", "key_bits": 192}, 1),
        ({}, {"key_type": "EC", "key_bits": 256}, 0),
        ({}, {"key_type": "Ed25519", "key_bits": 256}, 0),
        ({}, {"signature_hash": "sha1"}, 1),
        ({}, {"signature_hash": "md5"}, 1),
        ({}, {"signature_hash": "sha1", "self_signed": True}, 0),
        ({"certificate": "ca"}, {"self_signed": True}, 1),
        ({"certificate": "self-signed"}, {"self_signed": True}, 0),
    ],
)
def test_every_certificate_of_a_server_is_looked_at(facts, changes, count):
    weak = certificate(**changes)

    assert len(violations(facts, certificates=(weak,), certificate=weak)) == count
    assert len(violations(facts | {"certificate": None}, certificates=(certificate(), weak))) == (
        count if "certificate" not in facts else 0
    )


@pytest.mark.parametrize(
    ("documented", "seen"),
    [("prime256v1", "secp256r1"), ("P-256", "secp256r1"), ("P-384", "secp384r1"), ("p521", "secp521r1")],
)
def test_a_curve_has_several_names(documented, seen):
    assert violations({"groups": [documented]}, groups={"TLSv1.2": (seen,)}) == []


@pytest.mark.parametrize(("kind", "bits"), [("RSA", 1024), ("DSA", 1024), ("EC", 192)])
def test_a_small_key_of_every_kind_is_a_violation(kind, bits):
    weak = certificate(key_type=kind, key_bits=bits)

    assert any(f"({kind}) of only {bits} bits" in text for text in violations({}, certificates=(weak,)))


def test_a_key_that_another_device_has_too_is_a_violation():
    entry = entry_of("1-AuthMech", {"facts": {"tls": DOCUMENTED}})
    found = criteria.cryptography.channel(
        entry, observed(shared_with=("192.0.2.2",), unshown_by=("192.0.2.3",))
    )

    assert [finding.message for finding in found.violations] == [
        "the key of the certificate is that of 192.0.2.2 too: whoever has the one device can pose as the other"
    ]
    assert [finding.message for finding in found.unknowns] == [
        "192.0.2.3 shows no key that could be compared with that of the certificate"
    ]


# What differs by version, and how long a certificate lasts


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, []),
        ({"groups": ["x25519", "secp256r1"]}, []),
        ({"groups": ["x25519"]}, ["the group secp256r1 is accepted but not documented"]),
        ({"groups_by_version": {"TLSv1.2": ["secp256r1"], "TLSv1.3": ["x25519", "secp256r1"]}}, []),
        (
            {"groups_by_version": {"TLSv1.2": ["P-256"], "TLSv1.3": ["x25519"]}},
            ["the group secp256r1 is accepted by TLSv1.3 but not documented"],
        ),
        (
            {"groups": ["secp256r1"], "groups_by_version": {"TLSv1.3": ["x25519", "secp256r1"]}},
            [],
        ),
        (
            {"groups": ["x25519", "secp256r1"], "groups_by_version": {"TLSv1.2": []}},
            [],
        ),
    ],
)
def test_groups_are_held_against_those_of_their_version(facts, found):
    seen = {"TLSv1.2": ("secp256r1",), "TLSv1.3": ("x25519", "secp256r1")}

    assert violations(facts, groups=seen) == found


@pytest.mark.parametrize(
    ("documented", "lasts", "count"),
    [(None, 9000, 0), (365, 365, 0), (365, 366, 0), (365, 367, 1), (398, 825, 1), (7300, 7300, 0)],
)
def test_the_lifetime_of_a_certificate_is_held_against_the_documented_one(documented, lasts, count):
    now = datetime.datetime.now(datetime.UTC)
    shown = certificate(not_before=now, not_after=now + datetime.timedelta(days=lasts))
    facts = {"certificate_days": documented} if documented else {}

    assert len(violations(facts, certificates=(shown,))) == count
