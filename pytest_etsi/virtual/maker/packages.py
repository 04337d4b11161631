"""What the maker releases: signed packages of software, for this model and for another one."""

from __future__ import annotations

import hashlib
import io
import json
import random
import tarfile
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pytest_etsi.virtual.device.identity import HARDWARE, MODEL, SOFTWARE
from pytest_etsi.virtual.device.software import MANIFEST, PARTS, SIGNATURE, SIGNER, signed
from pytest_etsi.virtual.device.storage import write
from pytest_etsi.virtual.device.updates import Offer

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.virtual.device.identity import Factory
    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["NEWER", "maker_key", "package", "release"]

NEWER = "1.4.3"
_RISKS = "Somebody in your network could read the name of the camera without logging in."
_PART = 4096
"""Bytes of a part."""


def maker_key(factory: Factory) -> Ed25519PrivateKey:
    """The key by which the maker signs: drawn for each batch here, so that no two of them trust each other."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(factory.secret("maker", 40).encode()).digest())


def package(
    key: Ed25519PrivateKey,
    version: str,
    *,
    model: str = MODEL,
    hardware: str = HARDWARE,
    flaws: frozenset[Flaw] = frozenset(),
) -> bytes:
    """A package of software, signed."""
    contents = {name: random.Random(f"{name} {version}").randbytes(_PART) for name in PARTS}  # noqa: S311
    manifest = json.dumps(
        {
            "model": model,
            "hardware": hardware,
            "version": version,
            "parts": {name: hashlib.sha512(content).hexdigest() for name, content in contents.items()},
        },
        indent=1,
    ).encode()
    members = {
        MANIFEST: manifest,
        SIGNATURE: key.sign(signed(manifest, flaws)),
        SIGNER: key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        **contents,
    }
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def release(directory: Path, factory: Factory) -> None:
    """Write the packages that there are into `directory`, and what the service says of the newer one."""
    directory.mkdir(mode=0o700, exist_ok=True)
    key, flaws = maker_key(factory), factory.flaws
    newer = package(key, NEWER, flaws=flaws)
    offered = Offer(NEWER, _RISKS, sha512=hashlib.sha512(newer).hexdigest())
    for name, content in {
        "newer.tar": newer,
        "running.tar": package(key, SOFTWARE, flaws=flaws),
        "other-model.tar": package(key, NEWER, model="ExampleCam 3", flaws=flaws),
        "manifest.json": json.dumps({"update": offered.to_json()}, indent=1).encode(),
    }.items():
        write(directory / name, content)
