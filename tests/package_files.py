"""Packages of software of every container, small, as their makers build them."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "KEY",
    "esp_of",
    "mcuboot_of",
    "members_of",
    "package_files",
    "rauc_of",
    "swu_of",
    "tar_of",
    "zip_of",
]

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERSION = "1.4.3"
IMAGE = bytes(range(256)) * 16


def members_of(*, image: bytes = IMAGE, manifest: str = "manifest.json") -> dict[str, bytes]:
    """Parts of an archive: a manifest with hashes, its signature, the key, and an image."""
    text = json.dumps({"version": VERSION, "image": hashlib.sha256(image).hexdigest()}).encode()
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {manifest: text, f"{manifest}.sig": KEY.sign(text), "signer.pem": pem, "image": image}


def tar_of(members: Mapping[str, bytes]) -> bytes:
    """A tar archive."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """A zip archive, compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def swu_of(members: Mapping[str, bytes], *, magic: bytes = b"070702") -> bytes:
    """A cpio archive, with sums if its magic says so."""
    found = b""
    for name, content in [*members.items(), ("TRAILER!!!", b"")]:
        total = sum(content) if magic == b"070702" else 0
        numbers = (0, 0o100644, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, total)
        head = magic + b"".join(b"%08X" % number for number in numbers) + name.encode() + b"\x00"
        found += head + bytes(-len(head) % 4) + content + bytes(-len(content) % 4)
    return found + bytes(-len(found) % 512)


def rauc_of(image: bytes = IMAGE) -> bytes:
    """A squashfs, or what begins like one, with a signature behind it."""
    signature = b"\x30\x82\x01\x00" + bytes.fromhex("06092a864886f70d010702") + bytes(245)
    return b"hsqs" + bytes(92) + image + signature + struct.pack(">Q", len(signature))


def mcuboot_of(image: bytes = IMAGE, *, signed: bool = True) -> bytes:
    """An image of MCUboot with hash and an Ed25519 signature."""
    header = struct.pack("<IIHHIIBBHII", 0x96F3B83D, 0, 32, 0, len(image), 0, 1, 4, 3, 0, 0)
    digest = hashlib.sha256(header + image).digest()
    entries = struct.pack("<HH", 0x10, 32) + digest
    if signed:
        entries += struct.pack("<HH", 0x01, 32) + bytes(32) + struct.pack("<HH", 0x24, 64) + KEY.sign(digest)
    return header + image + struct.pack("<HH", 0x6907, len(entries) + 4) + entries


def esp_of(image: bytes = IMAGE, *, signed: bool = True) -> bytes:
    """An application of ESP-IDF with one segment, its sum, its hash, and a sector of signatures."""
    description = struct.pack("<II8x32s", 0xABCD5432, 0, VERSION.encode())
    segment = description + image
    segment += bytes(-len(segment) % 4)
    header = bytes((0xE9, 1, 2, 0x20)) + bytes(19) + b"\x01"
    body = header + struct.pack("<II", 0x3F400020, len(segment)) + segment
    total = 0xEF
    for byte in segment:
        total ^= byte
    body += bytes(-(len(body) + 1) % 16) + bytes((total,))
    body += hashlib.sha256(body).digest()
    if signed:
        body += b"\xff" * (-len(body) % 4096) + b"\xe7\x02" + bytes(4094)
    return body


def package_files() -> dict[str, bytes]:
    """One of each container."""
    mender = {"version": b'{"version": 3}', "manifest": b"00 header.tar.gz\n", "manifest.sig": b"MEUCIQ==",
              "header.tar.gz": b"\x1f\x8b00", "data/0000.tar.gz": IMAGE}  # fmt: skip
    return {
        "tar": tar_of(members_of()),
        "mender": tar_of(mender),
        "zip": zip_of(members_of()),
        "swu": swu_of(members_of(manifest="sw-description")),
        "rauc": rauc_of(),
        "mcuboot": mcuboot_of(),
        "esp-idf": esp_of(),
        "raw": b"\x27\x05\x19\x56" + IMAGE,
    }
