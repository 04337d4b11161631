"""Observed settings of TLS and SSH against documented ones: what is missing on either side leaves it open."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.crypto import SshSettings, TlsSettings, compare_ssh, compare_tls

SUITES = ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",)
TLS = TlsSettings(("TLSv1.2",), SUITES)
SSH = SshSettings(("curve25519-sha256",), ("ssh-ed25519",), ("aes128-ctr",), ("hmac-sha2-256",))


def said(findings):
    return [(finding.kind, finding.message) for finding in findings]


def test_the_same_settings_give_nothing_to_say():
    assert not compare_tls(TLS, TLS)
    assert not compare_ssh(SSH, SSH)


@pytest.mark.parametrize(
    ("documented", "observed", "message"),
    [
        (TlsSettings((), SUITES), TLS, "No TLS versions are documented, so they cannot be compared."),
        (TLS, TlsSettings((), SUITES), "No TLS version was observed, so they cannot be compared."),
        (TlsSettings(("TLSv1.2",)), TLS, "No cipher suites are documented, so they cannot be compared."),
        (TLS, TlsSettings(("TLSv1.2",)), "No cipher suite was observed, so they cannot be compared."),
    ],
)
def test_what_is_documented_or_observed_of_tls_on_one_side_only_is_open(documented, observed, message):
    assert said(compare_tls(documented, observed)) == [("unknown", message)]


def test_a_version_that_is_accepted_and_not_documented_is_a_violation():
    found = compare_tls(TLS, TlsSettings(("TLSv1.2", "TLSv1.0"), SUITES))

    assert said(found) == [("violation", "The TLS version TLSv1.0 is accepted but not documented.")]


def test_a_suite_that_is_documented_and_not_understood_is_open():
    found = compare_tls(TlsSettings(("TLSv1.2",), (*SUITES, "the usual ones")), TLS)

    assert [finding.kind for finding in found] == ["unknown"]


@pytest.mark.parametrize(
    ("bits", "levels"), [(2048, ["violation"]), (3071, ["violation"]), (3072, []), (4096, []), (None, [])]
)
def test_a_key_smaller_than_documented_is_a_violation(bits, levels):
    found = compare_tls(TlsSettings(("TLSv1.2",), SUITES, 3072), TlsSettings(("TLSv1.2",), SUITES, bits))

    assert [finding.kind for finding in found] == levels


@pytest.mark.parametrize("kind", ["kex", "host_keys", "ciphers", "macs"])
def test_each_kind_of_algorithm_of_ssh_is_compared(kind):
    without = SshSettings(
        **{name: getattr(SSH, name) for name in ("kex", "host_keys", "ciphers", "macs") if name != kind}
    )

    assert [level for level, _ in said(compare_ssh(without, SSH))] == ["unknown"]
    assert [level for level, _ in said(compare_ssh(SSH, without))] == ["unknown"]
