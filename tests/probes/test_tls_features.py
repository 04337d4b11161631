"""Settings of TLS servers beside versions and suites; what no program of a distribution does any more is scripted."""

from __future__ import annotations

import base64
import struct

import pytest

from pytest_etsi.probes.tls import enumerate_tls
from tests import daemons
from tests.probes.scripted_tls import Script, serving

HOST = "127.0.0.1"
RSA_AES, RSA_3DES, RSA_RC4 = 0x002F, 0x000A, 0x0005
OAKLEY_2 = int(  # RFC 2409, 6.2
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)


def test_what_a_sound_server_does(tmp_path):
    with daemons.nginx(tmp_path, tls=True, key="rsa", server="ssl_session_tickets on;") as server:
        features = enumerate_tls(HOST, server.port).features

    assert features.compression is False
    assert features.heartbeat is False
    assert features.secure_renegotiation is True
    assert features.extended_master_secret is True
    assert features.session_tickets is True
    assert features.fallback_scsv is True
    assert features.downgrade_sentinel is True
    assert features.alpn == ("http/1.1",)


def test_tickets_and_identifiers_of_sessions_are_told_apart(tmp_path):
    settings = "ssl_session_tickets off; ssl_session_cache builtin:100;"
    with daemons.nginx(tmp_path, tls=True, key="rsa", protocols="TLSv1.2", server=settings) as server:
        features = enumerate_tls(HOST, server.port).features

    assert (features.session_tickets, features.session_ids) == (False, True)
    assert features.downgrade_sentinel is None  # there is no newer version to be kept from
    assert features.fallback_scsv is None


OAKLEY_14 = int(  # RFC 3526, 3
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)


def _dh_parameters(prime):
    """PEM of DHParameter (PKCS #3): the prime and the generator 2."""
    number = b"\0" + prime.to_bytes(prime.bit_length() // 8, "big")
    integers = b"\2\x82" + struct.pack("!H", len(number)) + number + b"\2\1\2"
    der = b"\x30\x82" + struct.pack("!H", len(integers)) + integers
    return f"-----BEGIN DH PARAMETERS-----\n{base64.encodebytes(der).decode()}-----END DH PARAMETERS-----\n"


@pytest.mark.parametrize(("prime", "bits"), [(OAKLEY_2, 1024), (OAKLEY_14, 2048)])
def test_the_prime_of_a_key_exchange_is_measured(tmp_path, prime, bits):
    file = tmp_path / "dh.pem"
    file.write_text(_dh_parameters(prime))
    weak = "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"
    with daemons.nginx(
        tmp_path, tls=True, key="rsa", protocols="TLSv1.2", ciphers=weak, server=f"ssl_dhparam {file};"
    ) as server:
        seen = enumerate_tls(HOST, server.port)

    assert seen.complete, seen.errors
    assert seen.dh_bits == bits
    assert seen.groups["TLSv1.2"] == (f"dh-{bits}",)


@pytest.mark.parametrize("there", [True, False])
def test_compression_is_noticed(there):
    with serving(Script({0x0303: (RSA_AES,)}, compression=there)) as port:
        seen = enumerate_tls(HOST, port)

    assert seen.complete, seen.errors
    assert seen.features.compression is there


@pytest.mark.parametrize("there", [True, False])
def test_secure_renegotiation_is_noticed(there):
    with serving(Script({0x0303: (RSA_AES,)}, secure_renegotiation=there)) as port:
        assert enumerate_tls(HOST, port).features.secure_renegotiation is there


@pytest.mark.parametrize("heeds", [True, False])
def test_a_fallback_that_is_accepted_is_noticed(heeds):
    script = Script({0x0303: (RSA_AES,), 0x0301: (RSA_AES,)}, heeds_fallback=heeds)
    with serving(script) as port:
        features = enumerate_tls(HOST, port).features

    assert features.fallback_scsv is heeds
    assert features.downgrade_sentinel is False


def test_the_sign_of_a_downgrade_is_read_from_the_random_value():
    script = Script({0x0303: (RSA_AES,), 0x0302: (RSA_AES,)}, random_end=b"DOWNGRD\0")
    with serving(script) as port:
        assert enumerate_tls(HOST, port).features.downgrade_sentinel is True


def test_an_older_version_with_other_suites_than_the_newer_is_found():
    """Some devices kept RC4 for old versions, against attacks on CBC."""
    script = Script({0x0303: (RSA_AES,), 0x0301: (RSA_RC4,), 0x0300: (RSA_3DES,)})
    with serving(script) as port:
        seen = enumerate_tls(HOST, port)

    assert dict(seen.suites) == {
        "SSLv3": ("TLS_RSA_WITH_3DES_EDE_CBC_SHA",),
        "TLSv1.0": ("TLS_RSA_WITH_RC4_128_SHA",),
        "TLSv1.2": ("TLS_RSA_WITH_AES_128_CBC_SHA",),
    }
    # With the signals of renegotiation and fallback; the last is the library's, to fetch a certificate.
    sizes = [(version, len(suites)) for version, suites in script.hellos[:-1]]
    assert max(size for version, size in sizes) <= 128 + 2
    assert max(size for version, size in sizes if version == 0x0300) <= 60 + 2
    first_long = next(at for at, (_, size) in enumerate(sizes) if size > 62)
    assert (
        script.hellos[first_long][1][127] == RSA_AES
    )  # the control: what is known to be accepted, at the end


def _ssl2_hello(size=None):
    ciphers = bytes.fromhex("0100800700c0")
    body = b"\4\0\1\0\2" + struct.pack("!HHH", 0, size or len(ciphers), 16) + ciphers + bytes(16)
    return struct.pack("!H", 0x8000 | len(body)) + body


def test_ssl_2_is_found():
    with serving(Script({0x0301: (RSA_AES,)}, ssl2=_ssl2_hello())) as port:
        seen = enumerate_tls(HOST, port)

    assert seen.versions == ("SSLv2", "TLSv1.0")
    assert seen.suites["SSLv2"] == ("SSL_CK_RC4_128_WITH_MD5", "SSL_CK_DES_192_EDE3_CBC_WITH_MD5")
    assert seen.complete, seen.errors


def test_a_server_of_ssl_2_alone_is_found():
    with serving(Script(ssl2=_ssl2_hello())) as port:
        seen = enumerate_tls(HOST, port)

    assert seen.versions == ("SSLv2",)


def test_a_broken_answer_of_ssl_2_is_not_taken_for_none():
    with serving(Script({0x0301: (RSA_AES,)}, ssl2=_ssl2_hello(size=600))) as port:
        seen = enumerate_tls(HOST, port)

    assert not seen.complete
    assert any(error.startswith("SSLv2") for error in seen.errors)
