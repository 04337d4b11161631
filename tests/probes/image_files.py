"""Small firmware images for the tests: containers of the standard library, and what lies in them."""

from __future__ import annotations

import gzip
import io
import random
import stat
import tarfile
import zipfile
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FILES", "KEY", "KNOWN", "cpio", "noise", "packed", "tar", "zipped"]

KNOWN = {"the value of 10-SecParam/one": "correct-horse-7"}
KEY = ec.generate_private_key(ec.SECP256R1()).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
FILES = {
    "etc/key.pem": KEY,
    "etc/shadow": b"root:$1$abcd$SsNOuKxTQyKAKbmxUcd/l/:20000:0:99999:7:::\nweb:*:20000:0:::::\n",
    "etc/app.conf": b"name = lamp\nsalt = correct-horse-7\n",
    "bin/app": b"\x7fELF" + bytes(300) + b"usage: app\0",
}
"""A private key, an account whose password is "admin", a known value, a program."""


def cpio(files: Mapping[str, bytes]) -> bytes:
    """An archive in the form "newc"."""
    packed = b""
    entries = [(name, data, stat.S_IFREG | 0o644) for name, data in files.items()]
    for name, data, mode in [*entries, ("TRAILER!!!", b"", 0)]:
        named = name.encode() + b"\0"
        fields = (1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(named), 0)
        packed += _padded(b"070701" + b"".join(b"%08X" % one for one in fields) + named) + _padded(data)
    return packed


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def tar(files: Mapping[str, bytes]) -> bytes:
    """An archive of tar."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive of zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def noise(size: int) -> bytes:
    """What looks encrypted."""
    return random.Random(5).randbytes(size)


def packed(files: Mapping[str, bytes]) -> bytes:
    """An archive of cpio, compressed."""
    return gzip.compress(cpio(files), mtime=0)
