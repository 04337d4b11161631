"""The suites of five TLS stacks as nmap sees them, groups as configured, signatures as OpenSSL negotiates them."""

from __future__ import annotations

import math

import pytest

from pytest_etsi.probes.tls import enumerate_tls
from tests import daemons
from tests.probes import tls_stacks

HOST = "127.0.0.1"
BROAD = {
    "openssl": 'ssl.openssl.ssl-conf-cmd = ("MinProtocol" => "TLSv1", "CipherString" => "ALL:@SECLEVEL=0")',
    "wolfssl": 'ssl.openssl.ssl-conf-cmd = ("CipherString" => "ALL")',
    "nss": 'ssl.openssl.ssl-conf-cmd = ("CipherString" => "ALL")',
}
"""Settings that accept nearly all a stack has; GnuTLS and mbedTLS know no such list."""

WITHOUT_CONTROLS = {
    ("openssl", False, "rsa"): 44,
    ("openssl", False, "ec"): 41,
    ("openssl", True, "rsa"): 98,
    ("openssl", True, "ec"): 53,
    ("gnutls", False, "rsa"): 67,
    ("mbedtls", False, "rsa"): 35,
    ("mbedtls", False, "ec"): 27,
    ("wolfssl", False, "rsa"): 46,
    ("wolfssl", False, "ec"): 45,
    ("wolfssl", True, "rsa"): 70,
    ("wolfssl", True, "ec"): 63,
    ("nss", False, "rsa"): 42,
    ("nss", False, "ec"): 37,
    ("nss", True, "rsa"): 63,
    ("nss", True, "ec"): 45,
}
"""Connections that the enumeration took when each refusal was taken at its word, in lists of sixty: by the stack,
whether it has the settings of `BROAD`, and the kind of key. One more is counted for each of the groups that were found in
wolfSSL with a key on a curve only later (4, and 5)."""

CASES = [
    (stack, settings, key)
    for stack, settings in [*((stack, "") for stack in tls_stacks.STACKS), *BROAD.items()]
    for key in ("rsa", "ec")
    if (stack, key) != ("gnutls", "ec")
]


@pytest.mark.parametrize(("stack", "settings", "key"), CASES)
def test_the_suites_equal_those_of_nmap(tmp_path, stack, settings, key):
    with tls_stacks.lighttpd(tmp_path, stack, key=key, settings=settings) as server:
        seen = enumerate_tls(HOST, server.port)
        # nmap was seen to find nothing on GnuTLS in one of several runs.
        expected = next(filter(None, (tls_stacks.nmap_suites(server.port) for _ in range(5))), {})

    assert seen.complete, seen.errors
    assert {version: set(names) for version, names in seen.suites.items()} == expected
    # That refusals are known to be none of the moment may cost a tenth, rounded up.
    assert seen.connections <= math.ceil(1.1 * WITHOUT_CONTROLS[stack, bool(settings), key])
    assert seen.certificate is not None
    assert seen.certificate.key_type == key.upper()


@pytest.mark.parametrize("key", ["rsa", "ec"])
@pytest.mark.parametrize("curves", ["X25519:P-256:P-384:P-521", "P-384:P-256", "P-256"])
def test_the_groups_are_those_that_nginx_is_configured_with(tmp_path, key, curves):
    names = {"X25519": "x25519", "P-256": "secp256r1", "P-384": "secp384r1", "P-521": "secp521r1"}
    with daemons.nginx(tmp_path, tls=True, key=key, server=f"ssl_ecdh_curve {curves};") as server:
        seen = enumerate_tls(HOST, server.port)

    expected = {names[curve] for curve in curves.split(":")}
    assert seen.complete, seen.errors
    assert {version: set(groups) for version, groups in seen.groups.items()} == {
        "TLSv1.2": expected,
        "TLSv1.3": expected,
    }


def test_the_suites_of_gnutls_with_a_key_on_a_curve_equal_those_of_openssl(tmp_path):
    # nmap finds nothing here.
    with tls_stacks.lighttpd(tmp_path, "gnutls", key="ec") as server:
        seen = enumerate_tls(HOST, server.port)
        expected = tls_stacks.openssl_suites(server.port, ("TLSv1.2", "TLSv1.3"))

    assert seen.complete, seen.errors
    assert {version: set(names) for version, names in seen.suites.items()} == expected
    assert len(expected["TLSv1.2"]) > 5


def test_the_signature_algorithms_equal_those_that_openssl_negotiates_one_by_one(tmp_path):
    with daemons.nginx(tmp_path, tls=True, key="rsa", protocols="TLSv1.2") as server:
        seen = enumerate_tls(HOST, server.port)
        names = (
            "RSA+SHA256",
            "RSA+SHA384",
            "RSA+SHA512",
            "RSA-PSS+SHA256",
            "RSA-PSS+SHA384",
            "RSA-PSS+SHA512",
        )
        accepted = {
            name
            for name in (*names, "RSA+SHA224", "RSA+SHA1", "ECDSA+SHA256")
            if tls_stacks.openssl_negotiates(
                server.port, "-tls1_2", "-cipher", "ECDHE:@SECLEVEL=0", "-sigalgs", name
            )
        }

    spelled = {
        name.replace("RSA-PSS+SHA", "rsa_pss_rsae_sha").replace("RSA+SHA", "rsa_pkcs1_sha").lower()
        for name in accepted
    }
    assert set(seen.signatures) == spelled
    assert {"rsa_pkcs1_sha256", "rsa_pss_rsae_sha512"} <= spelled
