"""Keys, hashes and known values that lie in an image in another form than programs read them in."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from image_files import KNOWN, cpio
from work import at_most_cpu_s

from pytest_etsi.probes.image import InImage, search_image
from pytest_etsi.probes.image._places import standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENCODING, FORMAT = serialization.Encoding, serialization.PrivateFormat
RSA = rsa.generate_private_key(65537, 2048)
PEM = RSA.private_bytes(ENCODING.PEM, FORMAT.PKCS8, serialization.NoEncryption())
DER = RSA.private_bytes(ENCODING.DER, FORMAT.PKCS8, serialization.NoEncryption())
SHORT = ed25519.Ed25519PrivateKey.generate().private_bytes(
    ENCODING.DER, FORMAT.PKCS8, serialization.NoEncryption()
)
PASSPHRASE = serialization.BestAvailableEncryption(b"correct horse")
PUBLIC = RSA.public_key().public_bytes(ENCODING.OpenSSH, serialization.PublicFormat.OpenSSH).split()[1]


def found_in(
    tmp_path: Path, content: bytes, name: str = "etc/app.conf", known: Mapping[str, str] = KNOWN
) -> tuple[InImage, ...]:
    path = tmp_path / "firmware.bin"
    path.write_bytes(cpio({name: content}))
    return search_image(path, known).found


# Private keys -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"name": "lamp", "key": base64.b64encode(PEM).decode()}).encode(),
        b"tls.key: " + base64.urlsafe_b64encode(DER),
        base64.encodebytes(DER),
        b"key=" + base64.b64encode(SHORT),
        DER.hex().encode(),
        json.dumps({"type": "service", "private_key": PEM.decode()}).encode(),
        b"key=" + PEM.replace(b"+", b"%2B").replace(b"\n", b"%0A"),
        b"\x7fELF\0\0" + PEM.replace(b"\n", b"\0"),
        b"".join(b'  "' + line + b'\\n"\n' for line in PEM.splitlines()),
        b"".join(b"'" + line + b"\\n' +\n" for line in PEM.splitlines()),
        b"key: |\n" + b"".join(b"    " + line + b"\n" for line in PEM.splitlines()),
        PEM.decode().encode("utf-16"),
    ],
    ids=[
        "PEM in base64", "base64 for URLs", "base64 in lines", "a short one in base64", "hex digits", "JSON", "URL",
        "zeros", "text in C", "text in JavaScript", "YAML", "UTF-16",
    ],
)  # fmt: skip
def test_a_key_is_read_in_every_coding_of_it(tmp_path: Path, content: bytes) -> None:
    keys = [one for one in found_in(tmp_path, content) if one.kind == "private key"]

    assert len(keys) == 1
    assert keys[0].key_sha256


def test_a_key_store_without_a_password_is_open_and_one_with_a_passphrase_is_told(tmp_path: Path) -> None:
    with_passphrase = pkcs12.serialize_key_and_certificates(b"lamp", RSA, None, None, PASSPHRASE)
    blank = pkcs12.serialize_key_and_certificates(
        b"lamp",
        RSA,
        None,
        None,
        FORMAT.PKCS12.encryption_builder()
        .kdf_rounds(1000)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .build(b" "),
    )
    in_pkcs8 = RSA.private_bytes(ENCODING.DER, FORMAT.PKCS8, PASSPHRASE)

    for content in (with_passphrase, blank, in_pkcs8):
        assert [one.kind for one in found_in(tmp_path, content, "etc/store")] == ["encrypted private key"]


def test_keys_of_single_programs_are_told_by_what_protects_them(tmp_path: Path) -> None:
    putty = (
        b"PuTTY-User-Key-File-3: ssh-rsa\r\nEncryption: %s\r\nComment: lamp\r\nPublic-Lines: 6\r\n"
        + PUBLIC
        + b"\r\nPrivate-Lines: 14\r\nAAAB\r\n"
    )
    jwk = b'{"kty": "OKP", "crv": "Ed25519", "d": "' + b"a1B2" * 11 + b'", "x": "' + b"c3D4" * 11 + b'"}'
    public = jwk.replace(b'"d"', b'"y"')

    def seen(content: bytes) -> list[tuple[str, bool]]:
        return [(one.kind, bool(one.ssh_sha256)) for one in found_in(tmp_path, content)]

    assert seen(putty % b"none") == [("private key", True)]
    assert seen(putty % b"aes256-cbc") == [("encrypted private key", True)]
    assert seen(b"[" + jwk + b"]") == [("private key", False)]
    assert seen(b"[" + public + b"]") == []
    assert seen(b"AGE-SECRET-KEY-1" + b"Q" * 58 + b"\n") == [("private key", False)]


def test_words_between_the_marks_of_a_program_that_knows_keys_are_no_key(tmp_path: Path) -> None:
    marks = b"-----BEGIN RSA PRIVATE KEY-----\0%s\0-----END RSA PRIVATE KEY-----\0"

    assert found_in(tmp_path, b"\x7fELF\0" + marks % (b"cannot read the file\0" * 9), "lib/tls.so") == ()


def test_public_keys_and_certificates_in_base64_are_none(tmp_path: Path) -> None:
    public = RSA.public_key().public_bytes(ENCODING.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    assert found_in(tmp_path, b"spki=" + base64.b64encode(public) + b"\n" + public.hex().encode()) == ()


# Hashes and values ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "about"),
    [
        (b"admin:$apr1$abcdefgh$" + b"a1B2c3" * 3 + b"D4e5\n", "MD5, weak"),
        (b"admin:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=\n", "SHA"),
        (b"web = {SSHA}0DPiKuNIrrVmD8IUCuw1hQxNqZcwMTIzNDU2Nw==\n", "SSHA"),
        (
            b"lamp:$7$101$" + base64.b64encode(bytes(12)) + b"$" + base64.b64encode(bytes(64)) + b"\n",
            "scrypt",
        ),
        (b'"hash": "pbkdf2:sha256:260000$aB3dE5gH$' + b"0f" * 32 + b'"\n', "pbkdf2"),
        (b"password: pbkdf2_sha256$260000$aB3dE5gH$" + b"a1B2" * 10 + b"abc=\n", "pbkdf2"),
    ],
)
def test_hashes_of_web_servers_and_brokers_are_found(tmp_path: Path, content: bytes, about: str) -> None:
    assert [one.about for one in found_in(tmp_path, content) if one.kind == "password hash"] == [about]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        (
            "etc/lighttpd/users.htdigest",
            b"admin:camera:" + b"0f" * 16 + b"\n",
            [("MD5, weak, of the account admin", False)],
        ),
        (
            "etc/web.conf",
            b"admin:camera:" + hashlib.md5(b"admin:camera:12345").hexdigest().encode() + b"\r\n",
            [("MD5, weak, of the account admin, a usual password", True)],
        ),
        ("etc/checksums", b"busybox:1.36:" + b"0f" * 16 + b"\n", []),
        ("etc/lighttpd/users.htdigest", b"admin:camera:" + b"0f" * 15 + b"\n", []),
    ],
)
def test_hashes_of_digest_authentication_are_told_from_checksums(
    tmp_path: Path, name: str, content: bytes, found: list[tuple[str, bool]]
) -> None:
    hashes = [one for one in found_in(tmp_path, content, name) if one.kind == "password hash"]

    assert [(one.about, one.guessed) for one in hashes] == found


@pytest.mark.parametrize(
    ("name", "content", "accounts"),
    [
        ("etc/shadow", b"root::19000:0:99999:7:::\nweb:*:19000:0:99999:7:::\nlog:!:19000::::::\n", ["root"]),
        ("etc/shadow", b"root::::::::\n", ["root"]),
        ("etc/passwd", b"root::0:0:root:/root:/bin/sh\nftp::21:21::/srv:/sbin/nologin\n", ["root"]),
        ("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n", []),
        ("etc/group", b"root::0:\nusers::100:lamp\n", []),
        ("etc/terms", b"a::1:2:3:4:5:6:\n", []),
    ],
)
def test_an_account_that_nothing_keeps_out_is_told(
    tmp_path: Path, name: str, content: bytes, accounts: list[str]
) -> None:
    assert [one.account for one in found_in(tmp_path, content, name)] == accounts


@pytest.mark.parametrize(
    ("known", "content"),
    [
        ("correct-horse-7", b"pass = " + base64.b64encode(b"lamp:correct-horse-7")),
        ("correct-horse-7", b"\x7fELF\0" + "correct-horse-7".encode("utf-16-le")),
        ("correct-horse-7", b"salt: " + b"correct-horse-7".hex().encode()),
        ("grüße-an-alle", b"name = " + "grüße-an-alle".encode()),
        ("grüße-an-alle", b"\x7fELF\0" + "grüße-an-alle".encode() + b"\0"),
    ],
)
def test_a_known_value_is_found_in_its_codings(tmp_path: Path, known: str, content: bytes) -> None:
    found = found_in(tmp_path, content, known={"one": known, "two": known, "three": "something else"})

    assert [(one.kind, one.about) for one in found if one.kind == "known secret"] == [
        ("known secret", "one; two")
    ]


# Places -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("camera-test-1.4.2.bin > squashfs > etc/key.pem:1", "own"),
        ("demo-rootfs/usr/bin/server", "own"),
        ("f.bin > cpio > usr/share/doc/tls/key.pem:1", "example"),
        ("f.bin > cpio > usr/share/doc/tls/examples.tar > tar > etc/key.pem:1", "example"),
        ("f.bin > cpio > usr/lib/python3/tests/key.pem", "example"),
        ("f.bin > cpio > etc/nginx/example.com/server.key", "own"),
        ("f.bin > cpio > etc/test-mode/key.pem", "own"),
        ("f.bin > cpio > etc/ssl/demo.pem:1", "unsure"),
        ("f.bin > cpio > etc/ssl/examples/key.pem:1", "unsure"),
        ("f.bin > cpio > opt/test-server/key.pem:1", "unsure"),
        ("f.bin > cpio > usr/lib/sample.pem:1", "unsure"),
        ("f.bin > cpio > opt/latest/key.pem:1", "own"),
    ],
)
def test_a_place_is_an_example_by_a_folder_and_not_by_any_word_of_it(place: str, expected: str) -> None:
    assert standing(place) == expected


def test_the_name_of_an_image_makes_no_example_of_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "camera-test-1.4.2.bin"
    path.write_bytes(cpio({"etc/key.pem": PEM}))

    assert [(one.example, one.perhaps_example) for one in search_image(path, KNOWN).found] == [(False, False)]


def test_the_nearest_of_several_places_of_a_key_counts(tmp_path: Path) -> None:
    path = tmp_path / "firmware.bin"
    path.write_bytes(cpio({"usr/share/doc/key.pem": PEM, "etc/demo.pem": PEM, "usr/lib/tests/key.pem": PEM}))

    (only,) = search_image(path, KNOWN).found
    assert (only.place.rpartition(" > ")[2], only.example, only.perhaps_example) == (
        "etc/demo.pem:1",
        False,
        True,
    )


# Bounds -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"-----BEGIN PRIVATE KEY-----\n" * 9_000,
        (b"-----BEGIN PRIVATE KEY-----" + b'" ' * 15_000 + b"-----END PRIVATE KEY-----") * 8,
        b"{" + b'"kty"' * 50_000,
        b"{" * 250_000 + b'"kty"',
        (b"A" * 64 + b" " * 40 + b"x ") * 2_400,
        b"http://a:b" * 25_000,
    ],
    ids=["beginnings", "quotes", "names", "braces", "base64", "URLs"],
)
def test_what_looks_like_the_beginning_of_a_key_again_and_again_costs_no_time(
    tmp_path: Path, content: bytes
) -> None:
    with at_most_cpu_s(5):
        assert found_in(tmp_path, content) == ()
