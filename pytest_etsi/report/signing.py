"""A signed manifest of results: an in-toto statement over every file, in an envelope of DSSE.

Both are formats that others read and check: the statement is that of the form ``in-toto``, its subjects are the files
with their hashes; the envelope is what in-toto, Sigstore and their tools sign (https://github.com/secure-systems-lab/dsse).
The library is securesystemslib, that of in-toto and TUF. Keys are PEM, as openssl makes them, or of OpenSSH: Ed25519,
ECDSA or RSA.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from pytest_etsi.report.in_toto import STATEMENT, statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pytest_etsi.report.kept import Kept

__all__ = ["MANIFEST", "SigningError", "check_files", "checked", "signed"]

MANIFEST = "manifest.dsse.json"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
_MOST_BYTES = 64 * 1024 * 1024
"""Largest manifest that is read; one of 50,000 evaluations has about a tenth."""


class SigningError(ValueError):
    """Something cannot be signed, or a signature does not hold; says what, and why."""


def signed(kept: Kept, files: Iterable[str], key: Path, password: bytes | None = None) -> bytes:
    """The manifest of these files, signed.

    Args:
        kept: the results.
        files: paths below the directory of the results.
        key: of the private key, PEM (PKCS 8) or OpenSSH.
        password: of the key; None: it has none.

    Raises:
        SigningError: the key cannot be used.
        OSError: a file cannot be read.
    """
    dsse, signer = _library()
    subjects = [{"name": name, "digest": {"sha256": _digest(kept.directory / name)}} for name in files]
    payload = json.dumps(statement(kept) | {"subject": subjects}, sort_keys=True).encode("ascii")
    envelope = dsse.Envelope(payload, PAYLOAD_TYPE, {})
    try:
        envelope.sign(signer.CryptoSigner(_private(key, password)))
    except (ValueError, TypeError) as error:
        raise SigningError(f"{key}: a key of this kind cannot sign: {error}") from None
    return (json.dumps(envelope.to_dict(), indent=1) + "\n").encode("ascii")


def checked(manifest: Path, key: Path | None) -> dict[str, str]:
    """What a manifest says of each file: its hash, by its path.

    Args:
        manifest: the envelope.
        key: the public key that has to have signed it, PEM or OpenSSH; None: the signature is not looked at.

    Raises:
        SigningError: it is no manifest, or was not signed with that key.
        OSError: it cannot be read.
    """
    with manifest.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    try:
        if len(content) > _MOST_BYTES:
            raise ValueError(f"more than {_MOST_BYTES:,} bytes")
        dsse, signer = _library()
        envelope = dsse.Envelope.from_dict(json.loads(content))
        said = json.loads(envelope.payload)
        if envelope.payload_type != PAYLOAD_TYPE or said["_type"] != STATEMENT:
            raise ValueError(f"a payload of the type {envelope.payload_type!r}")
        files = {str(one["name"]): str(one["digest"]["sha256"]) for one in said["subject"]}
    except SigningError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever an altered file makes of the library
        raise SigningError(
            f"{manifest}: it is no manifest of results: {error or type(error).__name__}"
        ) from None
    if key is not None:
        public = signer.SSlibKey.from_crypto(_public(key))
        try:
            envelope.verify([public], 1)
        except Exception:  # noqa: BLE001 - as above
            raise SigningError(f"{manifest}: it was not signed with {key}, or was altered since") from None
    return files


def check_files(directory: Path, files: Mapping[str, str], needed: Iterable[str]) -> list[str]:
    """What in a directory is not as its manifest says, a line each; what is needed has to be in it."""
    found = [f"{name}: the manifest does not have it" for name in needed if name not in files]
    for name, digest in files.items():
        path = directory / name
        if not path.resolve().is_relative_to(directory.resolve()):
            found.append(f"{name}: it is outside the directory of the results")
            continue
        try:
            if _digest(path) != digest:
                found.append(f"{name}: its hash is not the one that was signed")
        except OSError as error:
            found.append(f"{name}: it cannot be read: {error.strerror or error}")
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _library() -> tuple[Any, Any]:
    try:
        from securesystemslib import dsse, signer
    except ImportError:
        raise SigningError("signatures need a further library: pip install pytest-etsi[sign]") from None
    return dsse, signer


def _private(path: Path, password: bytes | None) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    content = path.read_bytes()
    load = load_ssh_private_key if b"OPENSSH PRIVATE KEY" in content else load_pem_private_key
    try:
        return load(content, password)
    except TypeError:
        wants = "has a password; set ETSI_SIGN_PASSWORD" if password is None else "has no password"
        raise SigningError(f"{path}: the key {wants}") from None
    except Exception as error:  # noqa: BLE001 - of the library, by kind of file
        raise SigningError(f"{path}: expected a private key in PEM, or of OpenSSH: {_first(error)}") from None


def _public(path: Path) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key, load_ssh_public_key

    content = path.read_bytes()
    load = load_pem_public_key if content.lstrip().startswith(b"-----BEGIN") else load_ssh_public_key
    try:
        return load(content)
    except Exception as error:  # noqa: BLE001 - of the library, by kind of file
        raise SigningError(f"{path}: expected a public key in PEM, or of OpenSSH: {_first(error)}") from None


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
