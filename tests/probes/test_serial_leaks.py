"""Secrets in logs: found by their grammar, told from what looks like one, and masked as they come."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.serial.leaks import LeakMask, find_leaks, without_secrets
from pytest_etsi.redaction import MASK

SHA512 = "$6$rounds=5000$saltstring$" + "A" * 86
YESCRYPT = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"
BCRYPT = "$2b$12$" + "a" * 53
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1234567890\nabcdefghijklmnop\n-----END RSA PRIVATE KEY-----"


def kinds(text: str) -> list[str]:
    return [leak.kind for leak in find_leaks(text)[0]]


@pytest.mark.parametrize(
    ("text", "kind", "secret"),
    [
        (f"root:{SHA512}:19000:0:99999:7:::", "password hash", SHA512),
        (f"shadow {YESCRYPT}", "password hash", YESCRYPT),
        (f"user hash={BCRYPT}", "password hash", BCRYPT),
        ("root:ab01FAX.bQRSU:0:0:root:/root:/bin/sh", "password hash", "ab01FAX.bQRSU"),
        (f"cloud: token {JWT}", "token", JWT),
        ("Authorization: Bearer 0123456789abcdefABCDEF", "token", "0123456789abcdefABCDEF"),
        ("aws AKIAIOSFODNN7EXAMPLE", "token", "AKIAIOSFODNN7EXAMPLE"),
        ("wpa_supplicant: psk=hunter2hunter2", "password", "hunter2hunter2"),
        ('wifi {"password": "correct horse"}', "password", "correct horse"),
        ("passphrase='correct horse', 64 bits", "password", "correct horse"),
        ("fetching http://lamp:S3cr3t-99@192.0.2.1/fw", "password", "S3cr3t-99"),
        ("> Authorization: Basic YWRtaW46UzNjcjN0OTk=", "password", "YWRtaW46UzNjcjN0OTk="),
        ("admin password is tr0ub4dor", "password", "tr0ub4dor"),
        ("WIFI_KEY: Sommer2024", "password", "Sommer2024"),
    ],
)
def test_a_secret_is_found_and_not_told(text: str, kind: str, secret: str) -> None:
    leaks, values = find_leaks(f"first line\n{text}\n")

    assert [leak.kind for leak in leaks] == [kind]
    assert leaks[0].line == 2
    assert values == (secret,)
    assert secret not in str(leaks)
    assert secret not in without_secrets(text)
    assert MASK in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "password: ",
        "Password: ********",
        "password changed",
        "wrong password: denied",
        "[    0.512] pinctrl core: initialized pinctrl subsystem",
        "pinmux: registered 32 pins",
        "Key type asymmetric registered",
        "Asymmetric key parser 'x509' registered",
        "Secure boot: disabled",
        "random: crng init done",
        "pass 3 of 4: 12345",
        "token: none",
        "psk=<hidden>",
        "reset pin: GPIO12",
        "proxy: http://user:password@proxy.example",
        "at http://%s:%s@%s or https://192.0.2.1:8443/@home",
        "password file: /etc/shadow",
        "sha256: " + "ab" * 32,
        "md5 d41d8cd98f00b204e9800998ecf8427e",
        "load 0x4010f000, len 3584, room 16",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "$6$ is the identifier of SHA-512",
    ],
)
def test_what_only_looks_like_a_secret_is_none(text: str) -> None:
    assert kinds(text) == []
    assert without_secrets(text) == text


def test_a_private_key_is_one_find_and_nothing_of_it_is_left() -> None:
    leaks, _ = find_leaks(f"key:\n{PEM}\nend")

    assert [leak.kind for leak in leaks] == ["private key"]
    assert "MIIE" not in without_secrets(PEM)


def test_a_known_secret_counts_wherever_it_stands() -> None:
    leaks, values = find_leaks(
        "owner logs in with Xy-77-zz now", {"the password of 1-AuthMech/web": "Xy-77-zz"}
    )

    assert [(leak.kind, leak.about) for leak in leaks] == [("known secret", "the password of 1-AuthMech/web")]
    assert values == ("Xy-77-zz",)


def test_a_known_secret_of_several_names_is_told_by_all_of_them() -> None:
    leaks, _ = find_leaks(
        "Xy-77-zz", {"one": "Xy-77-zz", "other": "no such", "two": "Xy-77-zz", "short": "zz"}
    )

    assert [leak.about for leak in leaks] == ["one; two"]


def test_fingerprints_tell_two_secrets_apart_and_join_two_finds() -> None:
    one = find_leaks("psk=hunter2hunter2")[0][0]
    again = find_leaks("wifi_key: hunter2hunter2")[0][0]
    other = find_leaks("psk=hunter2hunter3")[0][0]

    assert one.fingerprint == again.fingerprint != other.fingerprint


def test_many_secrets_are_counted_within_bounds() -> None:
    leaks, values = find_leaks("\n".join(f"psk=secret-number-{number}" for number in range(200)))

    assert len(leaks) == 50
    assert len(values) == 200


def test_a_log_is_masked_line_by_line_also_within_a_key() -> None:
    mask = LeakMask()
    lines = [mask(line.encode()).decode() for line in (*PEM.split("\n"), "psk=hunter2hunter2", "all well")]

    assert lines[0].startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert lines[1] == lines[2] == MASK
    assert lines[3] == "-----END RSA PRIVATE KEY-----"
    assert lines[4] == f"psk={MASK}"
    assert lines[5] == "all well"


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    assert LeakMask()(b"\xff\xfe psk=hunter2hunter2 \x00") == b"\xff\xfe psk=" + MASK.encode() + b" \x00"
