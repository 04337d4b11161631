"""Cryptography against the catalogue, prose, and observed settings against documented ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.assessment.crypto import (
    CATALOGUE,
    SshSettings,
    TlsSettings,
    assess_algorithm,
    assess_prose,
    assess_ssh,
    assess_tls,
    compare_ssh,
    compare_tls,
    ssh_name,
    tls_suite,
    tls_version,
)
from pytest_etsi.assessment.findings import notes, unknowns, violations

STATUSES = {"recommended", "legacy", "deprecated", "broken"}


def aspects(findings):
    return {finding.aspect for finding in violations(findings)}


# Catalogue --------------------------------------------------------------------------------------------------


def entries():
    sections = [CATALOGUE["tls_versions"], CATALOGUE["algorithms"], CATALOGUE["modes"]]
    sections += [*CATALOGUE["tls_parts"].values(), *CATALOGUE["ssh"].values()]
    return [(name, entry) for section in sections for name, entry in section.items()]


@pytest.mark.parametrize(("name", "entry"), entries())
def test_every_entry_has_a_status_and_known_references(name, entry):
    assert entry["status"] in STATUSES
    assert entry["sources"]
    assert set(entry["sources"]) <= set(CATALOGUE["references"])


@pytest.mark.parametrize(("name", "entry"), entries())
def test_only_what_is_broken_names_an_attack_and_its_publication(name, entry):
    assert ("broken" in entry) == (entry["status"] == "broken")
    if "broken" in entry:
        assert entry["broken"]["property"]
        assert entry["broken"]["source"] in CATALOGUE["references"]


def test_every_reference_says_when_it_was_published_and_is_used():
    used = str({key: value for key, value in CATALOGUE.items() if key != "references"})

    for key, known in CATALOGUE["references"].items():
        assert known["title"]
        assert any(year in known["date"] for year in map(str, range(1987, 2027))), key
        assert known.get("catalogue") in {None, "sog-is", "bsi", "nist"}
        assert known["checked"] is None or known["checked"].startswith("2026-"), key
        assert f"'{key}'" in used


def test_no_spelling_belongs_to_two_algorithms():
    names = [name for entry in CATALOGUE["algorithms"].values() for name in entry["names"]]

    assert len(names) == len(set(names))


# Spellings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelling", "version"),
    [
        ("TLS 1.2", "TLSv1.2"),
        ("TLSv1.2", "TLSv1.2"),
        ("tls1_3", "TLSv1.3"),
        ("TLS-1.3", "TLSv1.3"),
        ("1.2", "TLSv1.2"),
        ("TLSv1", "TLSv1.0"),
        ("TLS 1.0", "TLSv1.0"),
        ("SSL 3.0", "SSLv3"),
        ("SSLv2", "SSLv2"),
        ("DTLS 1.2", "DTLSv1.2"),
        ("TLSv12", "TLSv1.2"),
    ],
)
def test_spellings_of_versions_are_understood(spelling, version):
    assert tls_version(spelling) == version


@pytest.mark.parametrize("text", ["", "TLS", "TLS 1.4", "TLS 2.0", "SSLv1", "QUIC", "1.2.3", "foo 1.2"])
def test_what_is_no_version_is_not_taken_for_one(text):
    assert tls_version(text) is None


PAIRS = [
    # IANA name, OpenSSL name
    ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
    ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"),
    ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"),
    ("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "ECDHE-RSA-AES256-SHA384"),
    ("TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "ECDHE-ECDSA-AES128-CCM8"),
    ("TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "DHE-RSA-AES128-SHA"),
    ("TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256"),
    ("TLS_RSA_WITH_AES_256_CBC_SHA256", "AES256-SHA256"),
    ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "DES-CBC3-SHA"),
    ("TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", "EDH-RSA-DES-CBC3-SHA"),
    ("TLS_RSA_WITH_RC4_128_MD5", "RC4-MD5"),
    ("TLS_RSA_EXPORT_WITH_RC4_40_MD5", "EXP-RC4-MD5"),
    ("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", "EXP-DES-CBC-SHA"),
    ("TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256", "ECDHE-ARIA128-GCM-SHA256"),
    ("TLS_PSK_DHE_WITH_AES_128_CCM_8", "DHE-PSK-AES128-CCM8"),
    ("TLS_DH_anon_WITH_AES_128_CBC_SHA", "ADH-AES128-SHA"),
    ("TLS_ECDH_anon_WITH_NULL_SHA", "AECDH-NULL-SHA"),
    ("TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", "ECDHE-PSK-AES128-CBC-SHA256"),
    ("TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA", "SRP-RSA-AES-128-CBC-SHA"),
    ("TLS_RSA_WITH_NULL_SHA256", "NULL-SHA256"),
    ("TLS_RSA_WITH_SEED_CBC_SHA", "SEED-SHA"),
    ("TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", "CAMELLIA128-SHA"),
]


@pytest.mark.parametrize(("iana", "openssl"), PAIRS)
def test_both_names_of_a_suite_mean_the_same(iana, openssl):
    assert tls_suite(iana) is not None
    assert tls_suite(iana) == tls_suite(openssl)


def test_different_suites_stay_different():
    assert len({tls_suite(iana) for iana, _ in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize(
    "text", ["", "HIGH", "HIGH:!aNULL", "TLS_FALLBACK_SCSV", "TLS_FOO_WITH_BAR", "AES", "AES128"]
)
def test_what_is_no_suite_is_not_taken_for_one(text):
    assert tls_suite(text) is None


@given(st.text(max_size=60))
def test_any_text_can_be_read_as_a_name(text):
    tls_suite(text)
    tls_version(text)
    ssh_name(text)
    assert {finding.aspect for finding in assess_algorithm(text)} <= {"best-practice", "attack"}


@pytest.mark.parametrize(
    "signal", ["ext-info-s", "ext-info-c", "kex-strict-s-v00@openssh.com", "kex-strict-c-v00@openssh.com", ""]
)
def test_signals_in_lists_of_ssh_are_no_algorithms(signal):
    assert ssh_name(signal) is None


# Algorithms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "AES-128-GCM"},
        {"name": "AES_256_GCM"},
        {"name": "aes", "key_bits": 256, "mode": "CCM"},
        {"name": "ChaCha20-Poly1305"},
        {"name": "RSA-4096"},
        {"name": "RSA", "key_bits": 3072},
        {"name": "ECDSA P-256"},
        {"name": "secp384r1"},
        {"name": "brainpoolP256r1"},
        {"name": "X25519"},
        {"name": "Ed25519"},
        {"name": "SHA-256"},
        {"name": "SHA3-256", "use": "hash"},
        {"name": "HMAC-SHA256", "use": "mac"},
        {"name": "TLS 1.3"},
        {"name": "TLSv1.2"},
        {"name": "argon2id", "use": "password-storage", "parameters": {"m": 65536, "t": 3, "p": 4}},
        {"name": "scrypt", "use": "password-storage", "parameters": {"n": 131072, "r": 8, "p": 1}},
        {
            "name": "PBKDF2",
            "use": "password-storage",
            "parameters": {"iterations": 600_000, "hash": "SHA-256"},
        },
    ],
)
def test_what_is_recommended_gives_nothing(arguments):
    assert assess_algorithm(**arguments) == ()


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "RSA-2048"},
        {"name": "HMAC-SHA1"},
        {"name": "DSA-3072"},
        {"name": "/dev/urandom", "use": "random"},
        {"name": "BCryptGenRandom", "use": "random"},
        {"name": "bcrypt", "use": "password-storage", "parameters": {"cost": 12}},
        {"name": "SHA-1", "use": "mac"},
        {"name": "ffdhe2048"},
        {"name": "P-224"},
    ],
)
def test_what_is_ending_or_disputed_is_a_note(arguments):
    findings = assess_algorithm(**arguments)

    assert notes(findings)
    assert not violations(findings)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"name": "MD5"}, {"best-practice"}),
        ({"name": "MD5", "use": "signature"}, {"best-practice", "attack"}),
        ({"name": "SHA-1", "use": "signature"}, {"best-practice", "attack"}),
        ({"name": "HMAC-MD5"}, {"best-practice"}),
        ({"name": "DES"}, {"best-practice", "attack"}),
        ({"name": "3DES"}, {"best-practice"}),
        ({"name": "RC4"}, {"best-practice", "attack"}),
        ({"name": "AES-128-ECB"}, {"best-practice", "attack"}),
        ({"name": "AES", "mode": "ecb"}, {"best-practice", "attack"}),
        ({"name": "RSA-1024"}, {"best-practice"}),
        ({"name": "RSA", "key_bits": 512}, {"best-practice"}),
        ({"name": "DSA", "key_bits": 2048}, {"best-practice"}),
        ({"name": "DH", "key_bits": 1024}, {"best-practice"}),
        ({"name": "P-192"}, {"best-practice"}),
        ({"name": "WEP"}, {"best-practice", "attack"}),
        ({"name": "SSHv1"}, {"best-practice", "attack"}),
        ({"name": "TLS 1.0"}, {"best-practice"}),
        ({"name": "SSLv3"}, {"best-practice", "attack"}),
        ({"name": "SHA-256", "use": "password-storage"}, {"best-practice"}),
        ({"name": "MD5", "use": "password-storage"}, {"best-practice"}),
        ({"name": "plaintext", "use": "password-storage"}, {"best-practice", "attack"}),
        ({"name": "base64", "use": "encryption"}, {"best-practice", "attack"}),
        ({"name": "PBKDF2", "use": "password-storage", "parameters": {"iterations": 100}}, {"best-practice"}),
        (
            {"name": "scrypt", "use": "password-storage", "parameters": {"n": 2**17, "salt": False}},
            {"best-practice"},
        ),
    ],
)
def test_what_no_catalogue_accepts_is_refuted(arguments, found):
    assert aspects(assess_algorithm(**arguments)) == found


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "Frobnicate-256"},
        {"name": ""},
        {"name": "RSA"},
        {"name": "SHA-1"},
        {"name": "AES-128-FOO"},
        {"name": "base64", "use": "token"},
        {"name": "scrypt", "use": "password-storage"},
        {"name": "scrypt", "use": "password-storage", "parameters": {"n": 4096, "r": 8, "p": 1}},
        {"name": "PBKDF2", "use": "password-storage", "parameters": {"iterations": 10_000}},
        {"name": "bcrypt", "use": "password-storage", "parameters": {"cost": 8}},
        {"name": "SHA-256", "use": "password-storage", "parameters": {"iterations": 50_000}},
    ],
)
def test_what_cannot_be_said_is_left_open(arguments):
    findings = assess_algorithm(**arguments)

    assert unknowns(findings)
    assert not violations(findings)


def test_a_violation_names_its_reference():
    for finding in violations(assess_algorithm("RC4")):
        assert "2015" in finding.source


def test_an_attack_says_which_property_it_takes():
    (finding,) = violations(assess_algorithm("AES-128-ECB"), "attack")

    assert "confidentiality" in finding.message


# TLS and SSH ------------------------------------------------------------------------------------------------


def test_modern_tls_gives_nothing():
    suites = ["TLS_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305"]

    assert assess_tls(["TLSv1.2", "TLS 1.3"], suites) == ()


@pytest.mark.parametrize(
    ("suite", "found"),
    [
        ("ECDHE-RSA-RC4-SHA", {"best-practice", "attack"}),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", {"best-practice"}),
        ("AES128-GCM-SHA256", {"best-practice"}),
        ("ADH-AES128-SHA", {"best-practice", "attack"}),
        ("NULL-SHA256", {"best-practice", "attack"}),
        ("EXP-RC4-MD5", {"best-practice", "attack"}),
    ],
)
def test_outdated_suites_are_refuted(suite, found):
    assert aspects(assess_tls((), [suite])) == found


@pytest.mark.parametrize(
    "suite", ["ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256"]
)
def test_suites_that_are_ending_are_notes(suite):
    findings = assess_tls((), [suite])

    assert notes(findings)
    assert not violations(findings)


def test_unknown_versions_and_suites_are_left_open():
    findings = assess_tls(["TLS 9.9"], ["TLS_FOO_WITH_BAR"])

    assert len(unknowns(findings)) == 2
    assert not violations(findings)


def test_signals_among_the_suites_are_skipped():
    assert assess_tls((), ["TLS_EMPTY_RENEGOTIATION_INFO_SCSV", "TLS_FALLBACK_SCSV"]) == ()


MODERN_SSH = SshSettings(
    kex=("curve25519-sha256@libssh.org", "kex-strict-s-v00@openssh.com", "ext-info-s"),
    host_keys=("ssh-ed25519", "rsa-sha2-512"),
    ciphers=("aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"),
    macs=("hmac-sha2-256-etm@openssh.com",),
)


def test_modern_ssh_gives_nothing():
    assert assess_ssh(MODERN_SSH) == ()


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (SshSettings(kex=("diffie-hellman-group1-sha1",)), {"best-practice"}),
        (SshSettings(host_keys=("ssh-dss",)), {"best-practice"}),
        (SshSettings(host_keys=("ssh-rsa",)), {"best-practice"}),
        (SshSettings(ciphers=("arcfour",)), {"best-practice", "attack"}),
        (SshSettings(ciphers=("3des-cbc",)), {"best-practice"}),
        (SshSettings(ciphers=("none",)), {"best-practice", "attack"}),
        (SshSettings(macs=("hmac-md5",)), {"best-practice"}),
    ],
)
def test_outdated_ssh_is_refuted(settings, found):
    assert aspects(assess_ssh(settings)) == found


def test_unknown_ssh_names_are_left_open():
    findings = assess_ssh(SshSettings(kex=("frobnicate@example.com",)))

    assert unknowns(findings)
    assert not violations(findings)


# Comparison -------------------------------------------------------------------------------------------------

DOCUMENTED = TlsSettings(
    ("TLS 1.2", "TLS 1.3"),
    ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"),
    rsa_bits=2048,
)


def test_settings_as_documented_give_nothing_however_they_are_spelled():
    observed = TlsSettings(
        ("TLSv1.3", "TLSv1.2"), ("TLS_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256")
    )

    assert compare_tls(DOCUMENTED, observed) == ()


def test_an_undocumented_version_is_a_violation():
    observed = TlsSettings(("TLSv1.0", "TLSv1.2", "TLSv1.3"), DOCUMENTED.suites)

    (finding,) = violations(compare_tls(DOCUMENTED, observed))

    assert finding.aspect == "channel"
    assert finding.found == "TLSv1.0"


def test_an_undocumented_suite_is_a_violation():
    observed = TlsSettings(DOCUMENTED.versions, (*DOCUMENTED.suites, "ECDHE-ECDSA-AES128-SHA"))

    assert [finding.found for finding in violations(compare_tls(DOCUMENTED, observed))] == [
        "ECDHE-ECDSA-AES128-SHA"
    ]


def test_a_suite_that_is_not_understood_and_not_documented_is_a_violation():
    observed = TlsSettings(DOCUMENTED.versions, (*DOCUMENTED.suites, "0xC100"))

    assert violations(compare_tls(DOCUMENTED, observed))


def test_documented_but_not_observed_is_a_note():
    findings = compare_tls(DOCUMENTED, TlsSettings(("TLSv1.3",), ("TLS_AES_128_GCM_SHA256",)))

    assert not violations(findings)
    assert len(notes(findings)) == 2


def test_suites_of_tls_1_3_need_not_be_documented_by_name():
    documented = TlsSettings(("TLSv1.2", "TLSv1.3"), ("ECDHE-ECDSA-AES128-GCM-SHA256",))
    observed = TlsSettings(
        ("TLSv1.2", "TLSv1.3"), ("TLS_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256")
    )

    findings = compare_tls(documented, observed)

    assert not violations(findings)
    assert notes(findings)


def test_a_smaller_rsa_key_than_documented_is_a_violation():
    observed = TlsSettings(DOCUMENTED.versions, DOCUMENTED.suites, rsa_bits=1024)

    assert violations(compare_tls(DOCUMENTED, observed))


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        (TlsSettings(), DOCUMENTED),
        (DOCUMENTED, TlsSettings()),
        (TlsSettings(DOCUMENTED.versions, ("HIGH:!aNULL",)), DOCUMENTED),
    ],
)
def test_what_cannot_be_compared_is_said(documented, observed):
    findings = compare_tls(documented, observed)

    assert unknowns(findings)
    assert not violations(findings)


SUITES = st.lists(st.sampled_from([name for pair in PAIRS for name in pair]), max_size=8).map(tuple)
VERSIONS = st.lists(st.sampled_from(["TLSv1.0", "TLS 1.1", "TLSv1.2", "TLS 1.3", "SSLv3"]), max_size=4).map(
    tuple
)


@given(VERSIONS, SUITES)
def test_settings_never_differ_from_themselves(versions, suites):
    settings = TlsSettings(versions, suites)

    assert not violations(compare_tls(settings, settings))


@given(VERSIONS, SUITES, VERSIONS, SUITES)
def test_documenting_everything_that_is_observed_leaves_no_violation(
    versions, suites, more_versions, more_suites
):
    observed = TlsSettings(versions, suites)
    documented = TlsSettings(versions + more_versions, suites + more_suites)

    assert not violations(compare_tls(documented, observed))


def test_ssh_as_documented_gives_nothing():
    documented = SshSettings(
        ("curve25519-sha256",), ("rsa-sha2-512", "ssh-ed25519"), MODERN_SSH.ciphers, MODERN_SSH.macs
    )

    assert compare_ssh(documented, MODERN_SSH) == ()


def test_undocumented_ssh_algorithms_are_violations():
    observed = SshSettings((*MODERN_SSH.kex, "diffie-hellman-group1-sha1"), *_rest(MODERN_SSH))

    assert [finding.found for finding in violations(compare_ssh(MODERN_SSH, observed))] == [
        "diffie-hellman-group1-sha1"
    ]


def _rest(settings):
    return settings.host_keys, settings.ciphers, settings.macs


def test_ssh_that_is_not_documented_cannot_be_compared():
    findings = compare_ssh(SshSettings(), MODERN_SSH)

    assert len(unknowns(findings)) == 4
    assert not violations(findings)


# Prose ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MD5", {"best-practice"}),
        ("Passwords are stored as MD5 hashes.", {"best-practice"}),
        ("The session is encrypted with DES.", {"best-practice", "attack"}),
        ("RC4 is used for the stream.", {"best-practice", "attack"}),
        ("TLS 1.0", {"best-practice"}),
        ("The web server supports TLS 1.0, TLS 1.1 and TLS 1.2.", {"best-practice"}),
        ("Protocol: SSLv3", {"best-practice", "attack"}),
        ("The login uses HTTPS over SSL 3.0.", {"best-practice", "attack"}),
        ("The token is encrypted with AES-128-ECB.", {"best-practice", "attack"}),
        ("Key exchange with X25519; 3DES is used for the payload.", {"best-practice"}),
        ("Remote access via SSH-1 is supported.", {"best-practice", "attack"}),
    ],
)
def test_outdated_cryptography_in_plain_words_is_refuted(text, found):
    assert aspects(assess_prose(text)) == found


TRUTHFUL = [
    "",
    "n/a",
    "TLS 1.2 and TLS 1.3 with ECDHE and AES-GCM.",
    "TLS 1.0 is disabled.",
    "TLS 1.0 and TLS 1.1 are not supported.",
    "SSLv3, TLS 1.0 and TLS 1.1 have been removed from the build.",
    "We use scrypt instead of MD5.",
    "No MD5, DES or RC4 is used.",
    "Connections with TLS 1.1 are rejected.",
    "TLS 1.2 or higher; older versions such as TLS 1.0 are refused.",
    "Protection against downgrade to SSLv3 by TLS_FALLBACK_SCSV.",
    "Up to firmware 1.1 the device used RC4.",
    "Passwords are stored with Argon2id, which is stronger than MD5.",
    "The update is signed with ECDSA P-256. An MD5 checksum helps users to verify downloads.",
    "The ETag of a file is its MD5 value.",
    "Die Prüfung des Passworts erfolgt mit scrypt (N=16384).",
    "VERSCHLÜSSELUNG DES KENNWORTS MIT SCRYPT UND TLS",
    "The device neither offers nor accepts 3DES.",
    "Weak ciphers (RC4, DES, 3DES, NULL) are excluded: HIGH:!aNULL:!MD5:!RC4.",
    "The device does not support WEP.",
    "HMAC-MD5 and HMAC-SHA1 are switched off in the SSH server.",
    "Least version TLS 1.2 (TLS 1.0 would be insecure).",
    "AES-256-GCM; ECB mode is prohibited by the coding guidelines.",
    "SSH-2 only, with curve25519-sha256 and aes256-gcm@openssh.com.",
    "The controller is an STM32 with DES1 debug header.",
    "TLS 1.2.1 library version 3.0.1, mbed TLS 1.0.3 is not used.",
    "Support for TLS 1.0 ended in 2020.",
    "TLS 1.0 is out of scope of this mechanism.",
]


@pytest.mark.parametrize("text", TRUTHFUL)
def test_truthful_prose_is_never_refuted(text):
    assert not violations(assess_prose(text))


@given(st.text(max_size=200))
def test_any_prose_can_be_read(text):
    assert {finding.aspect for finding in assess_prose(text)} <= {"best-practice", "attack"}
