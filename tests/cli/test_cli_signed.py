"""Signed archives: what was signed can be checked with the public key alone, and by others; what was changed shows."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest
from camera_run import camera_run
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from record_files import forge

from pytest_etsi.cli.main import main
from pytest_etsi.report.signing import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
}


def write_key(
    place: Path, kind: str, *, ssh: bool = False, password: bytes | None = None
) -> tuple[Path, Path]:
    """A private key and its public part, as files."""
    made = KEYS[kind]()
    protect = BestAvailableEncryption(password) if password else NoEncryption()
    private = made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH if ssh else PrivateFormat.PKCS8, protect)
    public = made.public_key().public_bytes(
        *(
            (Encoding.OpenSSH, PublicFormat.OpenSSH)
            if ssh
            else (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
    )
    place.mkdir(parents=True, exist_ok=True)
    (place / "key").write_bytes(private)
    (place / "key.pub").write_bytes(public)
    return place / "key", place / "key.pub"


def run(*arguments: object, environ: dict[str, str] | None = None) -> tuple[int, str]:
    done = CliRunner(env=environ).invoke(main, [*map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a run; to be read only."""
    return camera_run(tmp_path_factory.mktemp("run") / "etsi-results")


@pytest.fixture(scope="module")
def signed(results: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A signed archive, unpacked, and the public key; to be read only."""
    place = tmp_path_factory.mktemp("signed")
    key, public = write_key(place, "ed25519")
    assert run("archive", results, "-o", place / "x.tar.gz", "--sign", key)[0] == 0
    with tarfile.open(place / "x.tar.gz") as file:
        file.extractall(place, filter="data")
    return place / "etsi-results", public


@pytest.mark.parametrize(("kind", "ssh"), [("ed25519", True), ("ecdsa", False), ("rsa", False)])
def test_what_was_signed_is_checked_with_the_public_key(
    tmp_path: Path, results: Path, kind: str, ssh: bool
) -> None:
    key, public = write_key(tmp_path, kind, ssh=ssh)
    packed = run("archive", results, "-o", tmp_path / "x.tar.gz", "--sign", key)
    with tarfile.open(tmp_path / "x.tar.gz") as file:
        file.extractall(tmp_path, filter="data")
    status, said = run("verify", tmp_path / "etsi-results", "--key", public)

    assert packed[0] == 0, packed[1]
    assert status == 0, said
    assert f"signed with {public}" in said


def test_a_key_with_a_password_takes_it_from_the_environment(tmp_path: Path, results: Path) -> None:
    key, _ = write_key(tmp_path, "ed25519", password=b"hunter22")
    without = run("archive", results, "-o", tmp_path / "x.tar.gz", "--sign", key)
    wrong = run(
        "archive", results, "-o", tmp_path / "x.tar.gz", "--sign", key, environ={"ETSI_SIGN_PASSWORD": "x"}
    )
    right = run(
        "archive",
        results,
        "-o",
        tmp_path / "x.tar.gz",
        "--sign",
        key,
        environ={"ETSI_SIGN_PASSWORD": "hunter22"},
    )

    assert (without[0], wrong[0], right[0]) == (4, 4, 0)
    assert "set ETSI_SIGN_PASSWORD" in without[1]
    assert b"hunter22" not in (tmp_path / "x.tar.gz").read_bytes()


def test_openssl_checks_the_signature_without_this_tool(tmp_path: Path, signed: tuple[Path, Path]) -> None:
    import base64

    directory, public = signed
    envelope = json.loads((directory / MANIFEST).read_bytes())
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
    (tmp_path / "pae").write_bytes(b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload))
    (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", tmp_path / "pae",
         "-sigfile", tmp_path / "sig"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip

    assert (done.returncode, "Verified Successfully" in done.stdout) == (0, True), done.stderr
    statement = json.loads(payload)
    assert statement["predicate"]["result"] == "FAILED"
    assert {"record.jsonl", "results.json"} < {one["name"] for one in statement["subject"]}


def forged(directory: Path) -> None:
    """Everything is made anew so that every hash fits, and the verdict is another one."""

    def change(records: list[dict[str, object]]) -> None:
        records[0]["permissions"] = []

    forge(directory / "record.jsonl", change)
    results = json.loads((directory / "results.json").read_bytes())
    last = (directory / "record.jsonl").read_bytes().splitlines()[-1]
    results["record"]["hash"] = json.loads(last)["hash"]
    (directory / "results.json").write_text(json.dumps(results), encoding="utf-8")


def statement_altered(directory: Path) -> None:
    import base64

    path = directory / MANIFEST
    envelope = json.loads(path.read_bytes())
    payload = base64.b64decode(envelope["payload"]).replace(b'"FAILED"', b'"PASSED"')
    path.write_text(json.dumps(envelope | {"payload": base64.b64encode(payload).decode()}), encoding="utf-8")


def no_manifest(directory: Path) -> None:
    (directory / MANIFEST).unlink()


def cut(directory: Path) -> None:
    path = directory / MANIFEST
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (forged, 1, "record.jsonl: its hash is not the one that was signed"),
        (statement_altered, 4, "it was not signed with"),
        (no_manifest, 4, "it is not there: the results are not signed"),
        (cut, 4, "it is no manifest of results"),
    ],
)
def test_what_was_changed_after_it_was_signed_shows(
    tmp_path: Path, signed: tuple[Path, Path], change: object, status: int, said: str
) -> None:
    directory = shutil.copytree(signed[0], tmp_path / "changed")
    change(directory)  # type: ignore[operator]

    result = run("verify", directory, "--key", signed[1])

    assert (result[0], said in result[1]) == (status, True), result[1]


def test_another_key_is_another_signature(tmp_path: Path, signed: tuple[Path, Path]) -> None:
    _, public = write_key(tmp_path, "ed25519")
    other = run("verify", signed[0], "--key", public)
    unchecked = run("verify", signed[0])
    no_key = run("verify", signed[0], "--key", signed[0] / "results.json")

    assert (other[0], unchecked[0], no_key[0]) == (4, 0, 4)
    assert "the signature was not checked" in unchecked[1]
    assert "expected a public key" in no_key[1]


def test_what_is_no_key_signs_nothing(tmp_path: Path, results: Path) -> None:
    status, said = run("archive", results, "-o", tmp_path / "x.tar.gz", "--sign", results / "results.json")

    assert status == 4
    assert "expected a private key" in said
    assert not list(tmp_path.glob("*.tar.gz*"))
