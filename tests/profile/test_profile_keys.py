"""The private key of a login: where it is looked for, and what is said where it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from profile_documents import load, problems_of, write_profile

from pytest_etsi.dut.reach.auth.keys import credential_of

if TYPE_CHECKING:
    from pathlib import Path

PEM, PRIVATE = serialization.Encoding.PEM, serialization.PrivateFormat
PASSPHRASE = "Wolkenbruch-31-gelb"


def written(directory: Path, **access: str) -> list[str]:
    """The problems of a profile with a login by key, relative to its directory."""
    fields = {"driver": "ssh", "username": "keeper"} | access
    lines = "".join(f"      {name}: {value}\n" for name, value in fields.items())
    write_profile(directory, ixit=f'"1-AuthMech":\n  - ID: AuthMech-ssh\n    access:\n{lines}')
    return problems_of(directory, {"SSH_PASSPHRASE": PASSPHRASE})


def key_in(
    path: Path, passphrase: str = "", form: PRIVATE = PRIVATE.OpenSSH, kind: type = ed25519.Ed25519PrivateKey
) -> None:
    protected = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    path.write_bytes(kind.generate().private_bytes(PEM, form, protected))


@pytest.mark.parametrize("form", [PRIVATE.OpenSSH, PRIVATE.PKCS8])
def test_a_key_beside_the_document_is_found_and_its_passphrase_kept_secret(
    tmp_path: Path, form: PRIVATE
) -> None:
    key_in(tmp_path / "id", PASSPHRASE, form)

    assert written(tmp_path, key="id", passphrase="${env:SSH_PASSPHRASE}") == []
    profile = load(tmp_path, environ={"SSH_PASSPHRASE": PASSPHRASE})
    (entry,) = profile.ixit.auth_mech
    assert PASSPHRASE in profile.redactions
    assert PASSPHRASE not in repr(entry)
    assert (credential_of(entry.access) or "").startswith("SHA256:")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, 'no such file: "id"'),
        (b"ssh-ed25519 AAAA keeper", "expected a private key (OpenSSH or PEM), got something else"),
        (b"", "expected a private key (OpenSSH or PEM), got something else"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", "the key cannot be read: the file is damaged"),
    ],
)
def test_a_file_that_is_no_private_key_is_named_with_its_place(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / "id").write_bytes(content)

    assert written(tmp_path, key="id") == [f"ixit.yaml:6:7: 1-AuthMech/AuthMech-ssh: access.key: {problem}"]


@pytest.mark.parametrize(
    ("protected_by", "given", "problem"),
    [
        (PASSPHRASE, {}, "the key is encrypted: give its passphrase"),
        ("", {"passphrase": "another"}, "the key has no passphrase, but one is given"),
        (
            PASSPHRASE,
            {"passphrase": "another"},
            "the key cannot be read: the passphrase is not right, or the file is damaged",
        ),
    ],
)
def test_a_passphrase_that_does_not_fit_is_told_without_showing_it(
    tmp_path: Path, protected_by: str, given: dict[str, str], problem: str
) -> None:
    key_in(tmp_path / "id", protected_by)

    (told,) = written(tmp_path, key="id", **given)
    assert told.endswith(f"access.key: {problem}")


def test_a_key_of_a_kind_that_nobody_logs_in_by_is_refused(tmp_path: Path) -> None:
    key_in(tmp_path / "id", form=PRIVATE.PKCS8, kind=x25519.X25519PrivateKey)

    (told,) = written(tmp_path, key="id")
    assert told.endswith("access.key: expected a key of the kinds Ed25519, ECDSA or RSA")


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"password": "x"}, "expected either key or password"),
        ({"second_account": "{username: a, password: b}"}, "expected either key or second_account"),
        ({"change": "{url: 'http://192.0.2.7/password'}"}, "expected either key or change"),
        ({"driver": "telnet"}, "key goes with the driver ssh"),
    ],
)
def test_a_key_goes_with_nothing_that_needs_a_password(
    tmp_path: Path, more: dict[str, str], problem: str
) -> None:
    key_in(tmp_path / "id")

    (told,) = written(tmp_path, key="id", **more)
    assert problem in told


def test_a_passphrase_without_a_key_is_a_mistake(tmp_path: Path) -> None:
    (told,) = written(tmp_path, passphrase="x")

    assert "passphrase goes with key, which is missing" in told
