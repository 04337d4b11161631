"""Cryptography at the edges: every known name, the last accepted number and the first that is not."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.crypto import (
    CATALOGUE,
    SshSettings,
    TlsSettings,
    _algorithms,
    _catalogue,
    _prose,
    assess_algorithm,
    assess_prose,
    assess_tls,
    compare_ssh,
    compare_tls,
    tls_suite,
)
from pytest_etsi.assessment.crypto._algorithms import _identify


def told(findings):
    return [(finding.kind, finding.aspect) for finding in findings]


REFUTED, ATTACKED = ("violation", "best-practice"), ("violation", "attack")
OPEN, OPEN_ATTACK, NOTED = ("unknown", "best-practice"), ("unknown", "attack"), ("note", "best-practice")


# Hashes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["MD4", "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA3-256"])
def test_no_fast_hash_stores_passwords(name):
    (finding,) = assess_algorithm(name, use="password-storage")

    assert finding.kind == "violation"
    assert "is a fast hash and not a password hash" in finding.message


@pytest.mark.parametrize(("rounds", "kind"), [(999, "violation"), (1000, "unknown")])
def test_a_fast_hash_in_many_rounds_is_a_construction_of_its_own(rounds, kind):
    (finding,) = assess_algorithm("SHA-256", use="password-storage", parameters={"rounds": rounds})

    assert finding.kind == kind


@pytest.mark.parametrize("name", ["MD4", "MD5", "SHA-1"])
@pytest.mark.parametrize("use", ["signature", "hash", "certificate"])
def test_collisions_are_an_attack_on_what_rests_on_them(name, use):
    assert told(assess_algorithm(name, use=use)) == [REFUTED, ATTACKED]


@pytest.mark.parametrize("name", ["MD4", "MD5"])
def test_collisions_are_for_a_person_where_nothing_is_said_to_rest_on_them(name):
    assert told(assess_algorithm(name, use="token")) == [REFUTED, OPEN_ATTACK]


def test_sha_1_without_its_use_is_open():
    assert told(assess_algorithm("SHA-1", use="token")) == [OPEN]


@pytest.mark.parametrize(("name", "told_of"), [("SHA-1", [NOTED]), ("MD5", [REFUTED]), ("MD4", [REFUTED])])
def test_a_hash_as_a_mac_is_judged_as_hmac(name, told_of):
    assert told(assess_algorithm(name, use="mac")) == told_of


@pytest.mark.parametrize("use", [None, "encryption", "key-exchange", "mac"])
def test_no_encryption_is_an_attack_on_what_it_is_used_for(use):
    assert told(assess_algorithm("base64", use=use)) == [REFUTED, ATTACKED]


@pytest.mark.parametrize("use", ["token", "random", "signature"])
def test_an_encoding_for_other_uses_is_open(use):
    assert told(assess_algorithm("base64", use=use)) == [OPEN]


# Names and sizes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["RSA", "RSA PKCS #1 v1.5 encryption", "RSA PKCS #1 v1.5 signature", "DSA", "DH", "ECC", "AES"],
)
def test_every_family_has_a_least_key_size(name):
    spelled = CATALOGUE["algorithms"][name]["names"][0]

    assert any("with 100 bits is below" in one.message for one in assess_algorithm(spelled, key_bits=100))


@pytest.mark.parametrize(
    ("curve", "bits"),
    [
        ("secp192r1", 192),
        ("prime192v1", 192),
        ("secp224r1", 224),
        ("secp256r1", 256),
        ("prime256v1", 256),
        ("secp384r1", 384),
    ],
)
def test_the_size_of_a_curve_is_in_its_name(curve, bits):
    item, size, mode = _identify(f"ECDHE with {curve}")

    assert item is not None
    assert (item.name, size, mode) == ("ECC", bits, None)


@pytest.mark.parametrize(
    ("name", "mode"),
    [("AES-256-GCM-SIV", "GCM-SIV"), ("AES-256-GCM", "GCM"), ("AES-GCM-256", "GCM"), ("AES-256-SIV", "SIV")],
)
def test_the_longest_mode_in_a_name_is_meant(name, mode):
    item, size, found = _identify(name)

    assert item is not None
    assert (item.name, size, found) == ("AES", 256, mode)


def test_a_mode_is_named_with_its_algorithm():
    known = assess_algorithm("AES", mode="ecb")
    in_name = assess_algorithm("AES-128-ECB")

    assert known[0].message.startswith("ECB mode of AES is not best practice")
    assert in_name[0].message.startswith("AES-128-ECB is not best practice")
    assert told(assess_algorithm("AES", mode="FOO")) == [OPEN]


@pytest.mark.parametrize(("bits", "until"), [(1950, 2025), (2048, 2030)])
def test_a_key_size_is_accepted_until_the_last_year_of_its_own_steps(monkeypatch, bits, until):
    monkeypatch.setattr(_algorithms, "this_year", lambda: 2025)

    (finding,) = assess_algorithm("RSA", key_bits=bits)

    assert f"accepted until {until} at the latest" in finding.message


# Password hashes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["scrypt", "Argon2id", "Argon2i", "bcrypt", "PBKDF2"])
def test_a_password_hash_without_its_parameters_is_open(name):
    assert OPEN in told(assess_algorithm(name, use="password-storage"))


@pytest.mark.parametrize(
    ("name", "parameters", "enough"),
    # OWASP's equivalent settings; without a second number it is 1.
    [
        ("scrypt", {"n": 2**17}, True),
        ("scrypt", {"n": 2**17, "p": 1}, True),
        ("scrypt", {"n": 2**17 - 1, "p": 1}, False),
        ("scrypt", {"n": 2**16}, False),
        ("scrypt", {"n": 2**16, "p": 2}, True),
        ("scrypt", {"n": 2**13, "p": 9}, False),
        ("scrypt", {"n": 2**13, "p": 10}, True),
        ("Argon2id", {"m": 47104}, True),
        ("Argon2id", {"m": 19456, "t": 1}, False),
        ("Argon2id", {"m": 19456, "t": 2}, True),
        ("Argon2id", {"m": 7167, "t": 50}, False),
    ],
)
def test_one_of_the_recommended_settings_is_enough(name, parameters, enough):
    findings = assess_algorithm(name, use="password-storage", parameters=parameters)

    assert told(findings) == ([] if enough else [OPEN])
    first = {"scrypt": "n 131072, p 1", "Argon2id": "m 47104, t 1"}[name]
    assert enough or findings[0].expected == first


@pytest.mark.parametrize(("cost", "told_of"), [(10, [NOTED]), (9, [NOTED, OPEN]), (None, [NOTED, OPEN])])
def test_bcrypt_takes_a_cost_of_ten(cost, told_of):
    parameters = {} if cost is None else {"cost": cost}

    assert told(assess_algorithm("bcrypt", use="password-storage", parameters=parameters)) == told_of


def test_a_stored_plain_password_is_named_as_stored():
    findings = assess_algorithm("plaintext", use="password-storage")

    assert findings[0].message.startswith("plaintext for stored passwords is not best practice")


# Words of the catalogue -------------------------------------------------------------------------------------


def test_what_the_catalogue_says_of_an_entry_is_told():
    item = _catalogue.Item("X", "legacy", "a source", note="so it is", until=2090)

    (legacy,) = _catalogue.findings_of(item)
    (endless,) = _catalogue.findings_of(_catalogue.Item("X", "legacy", "a source"), "Y of the device")
    (deprecated,) = _catalogue.findings_of(
        _catalogue.Item("X", "deprecated", "a source", note="old", checked="today")
    )

    assert legacy.message == "X is legacy, accepted until 2090 at the latest (so it is)."
    assert endless.message == "Y of the device is legacy."
    assert deprecated.message == "X is not best practice (old)."


@pytest.mark.parametrize("status", ["recommended", "legacy"])
def test_what_ends_is_refuted_from_the_next_year_on(monkeypatch, status):
    ending = _catalogue.Item("X", status, "a source", note="so it is", until=2030, checked="today")

    def in_year(year):
        monkeypatch.setattr(_catalogue, "this_year", lambda: year)
        return [finding.kind for finding in _catalogue.findings_of(ending)]

    assert in_year(2030) == ([] if status == "recommended" else ["note"])
    assert in_year(2031) == ([] if status == "recommended" else ["violation"])


# Channels ---------------------------------------------------------------------------------------------------


def test_the_mac_of_a_suite_is_assessed_unless_the_cipher_brings_its_own():
    said = [one.message for one in assess_tls([], ["TLS_RSA_WITH_NULL_MD5", "ECDHE-ECDSA-AES128-SHA"])]

    assert any("(MAC MD5)" in message for message in said)
    assert any("ECDHE-ECDSA-AES128-SHA (MAC SHA)" in message for message in said)
    for suite in (
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-ECDSA-AES128-CCM8",
    ):
        assert not [one for one in assess_tls([], [suite]) if "MAC" in one.message]


@pytest.mark.parametrize("signal", ["TLS_EMPTY_RENEGOTIATION_INFO_SCSV", "TLS_FALLBACK_SCSV", " "])
def test_a_signal_in_a_list_of_suites_is_none(signal):
    assert assess_tls([], [signal]) == ()
    assert tls_suite(signal) is None


@pytest.mark.parametrize(
    ("documented", "observed", "refuted"),
    [
        (2048, 2047, True),
        (2048, 2048, False),
        (2048, 4096, False),
        (None, 512, False),  # a small key is refuted by the catalogue, not by this comparison
        (None, 0, False),
        (2048, None, False),
        (None, None, False),
    ],
)
def test_a_certificate_has_at_least_the_documented_key(documented, observed, refuted):
    findings = compare_tls(
        TlsSettings(("TLSv1.2",), ("ECDHE-RSA-AES128-GCM-SHA256",), documented),
        TlsSettings(("TLSv1.2",), ("ECDHE-RSA-AES128-GCM-SHA256",), observed),
    )

    assert told(findings) == [("violation", "channel")] * refuted


def test_the_side_that_says_nothing_of_ssh_is_named():
    some, none = SshSettings(kex=("curve25519-sha256",)), SshSettings()

    assert "No SSH key exchange is documented" in compare_ssh(none, some)[0].message
    assert "No SSH key exchange is observed" in compare_ssh(some, none)[0].message


def test_six_names_are_shown_of_many():
    many = tuple(f"algorithm-{number}" for number in range(9))
    one = SshSettings(many, ("a",), ("a",), ("a",))
    other = SshSettings(many[:1], ("a",), ("a",), ("a",))

    (finding,) = compare_ssh(one, other)

    assert [name in finding.message for name in many[1:]] == [True] * 6 + [False] * 2


# Prose ------------------------------------------------------------------------------------------------------


def test_every_term_is_in_the_catalogue():
    for _, section, name, _ in _prose._TERMS:
        assert _prose._item(section, name).status != "recommended"
    for _, name in (*_prose._DIGESTS, *_prose._SIGNING_DIGESTS):
        assert _prose._item("algorithms", name).status != "recommended"


@pytest.mark.parametrize(
    ("text", "refuted"),
    [
        ("IT IS CIPHERED WITH DES " + "X" * 5, True),  # 24 letters
        (
            "IT IS CIPHERED WITH DES " + "X" * 6,
            False,
        ),  # in 25 or more capitals DES may be a word of French or Spanish
        ("USES RC4 " + "X" * 40, True),  # and RC4 may not
        ("Uses DES " + "X" * 15 + " " + "x" * 9, True),  # 18 of 30 letters
        ("Uses DES " + "X" * 17 + " " + "x" * 6, True),  # 21 of 30, seven of ten
        ("Uses DES " + "X" * 18 + " " + "x" * 5, False),
        ("Some prose about DES and the like.", False),  # no word of use
        ("Passwords are hashed with MD5.", True),
        ("MD5", True),  # nothing but a name
        ("MD5 is used.", False),  # for what?
    ],
)
def test_prose_refutes_where_it_says_a_use_and_does_not_shout(text, refuted):
    assert any(one.kind == "violation" for one in assess_prose(text)) == refuted
