"""The firmware image of the camera, as its maker publishes it: a head, and a packed file system behind it.

It is small, and the same for the same camera: made anew where it is needed, and kept nowhere.
"""

from __future__ import annotations

import gzip
import hashlib
import stat
import struct
from typing import TYPE_CHECKING

from pytest_etsi.virtual.device.certificates import Certificates
from pytest_etsi.virtual.device.identity import HARDWARE, MODEL, SOFTWARE
from pytest_etsi.virtual.flaws import StorageFlaw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pytest_etsi.virtual.device.identity import Factory

__all__ = ["image"]

_MAGIC = b"ExCam2FW"
_HEAD = 64
_DEFAULT_ROOT = "$1$c4m3ra$fzhZ61wH.pZh6wWW1DeEq1"
"""What crypt(3) makes of "admin" with MD5."""


def image(directory: Path, factory: Factory) -> bytes:
    """The image.

    Args:
        directory: the state directory, with the certificates.
        factory: who the camera is, and its flaws.
    """
    packed = gzip.compress(_archive(_files(directory, factory)), mtime=0)
    head = struct.pack(">8sI16s", _MAGIC, len(packed), f"{MODEL} {HARDWARE}".encode())
    return head.ljust(_HEAD, b"\0") + packed + hashlib.sha256(packed).digest()


def _files(directory: Path, factory: Factory) -> dict[str, bytes]:
    certificates, flaws = Certificates.at(directory), factory.flaws
    root = _DEFAULT_ROOT if StorageFlaw.DEFAULT_ROOT_PASSWORD in flaws else "*"
    files = {
        "etc/version": f"{MODEL} {SOFTWARE}\n".encode(),
        "etc/passwd": b"root:x:0:0:root:/:/bin/sh\ncamera:x:100:100:camera:/data:/sbin/nologin\n",
        "etc/shadow": f"root:{root}:20000:0:99999:7:::\ncamera:!:20000:0:99999:7:::\n".encode(),
        "etc/camera.conf": b"listen = 443\npassword_file = /data/accounts\nkey_file = /data/tls/key.pem\n",
        "etc/ssl/service-ca.pem": certificates.ca.read_bytes(),
        "sbin/init": _program("init"),
        "bin/camera": _program("camera"),
        "bin/busybox": _program("busybox"),
        "lib/libtls.so": _program("libtls", b"-----BEGIN PRIVATE KEY-----\0-----END PRIVATE KEY-----\0"),
    }
    if StorageFlaw.PASSWORD_IN_IMAGE in flaws:
        files["etc/camera.conf"] += f"factory_login = owner:{factory.secret('owner', 16)}\n".encode()
    if StorageFlaw.KEY_IN_IMAGE in flaws:
        files["etc/ssl/private/key.pem"] = certificates.device.read_bytes()
    return files


def _program(name: str, strings: bytes = b"") -> bytes:
    """Something that looks like a program of a few kilobytes: head, machine code, texts."""
    code = b"".join(
        hashlib.sha256(f"{name}/{number}".encode()).digest()[:8] + bytes(24) for number in range(100)
    )
    texts = b"usage: " + name.encode() + b"\0wrong password\0no memory\0/dev/null\0" + strings
    return b"\x7fELF\x01\x01\x01".ljust(16, b"\0") + code + texts


def _archive(files: Mapping[str, bytes]) -> bytes:
    """An archive of cpio, form "newc", as the kernel takes it for its first file system."""
    entries = [(name, data, stat.S_IFREG | 0o644) for name, data in sorted(files.items())]
    packed = b""
    for number, (name, data, mode) in enumerate([*entries, ("TRAILER!!!", b"", 0)], start=1):
        named = name.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(named), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields)
        packed += _padded(head + named) + _padded(data)
    return packed


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
