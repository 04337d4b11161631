"""Packages that are archives: tar (and Mender's artifacts), cpio (SWUpdate), zip; only their directories are read."""

from __future__ import annotations

import io
import re
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from pytest_etsi.bounds import PACKAGE
from pytest_etsi.probes.packages.model import NotRead, Package, Part, Span, piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pytest_etsi.probes.packages.model import Kind, Role

__all__ = ["cpio_member", "read_cpio", "read_tar", "read_zip", "tar_member", "unzipped"]

_BLOCK = 512
_CPIO_HEADER = 110
_TRAILER = "TRAILER!!!"
_END_OF_ZIP = 22
_SIGNATURE = re.compile(r"(?i)\.(?:sig|sign|signature|asc|p7s|p7|cms|minisig|rsa|ec)$")
_SIGNER = re.compile(r"(?i)\.(?:pem|crt|cer|pub|x509)$")
_HEADER = re.compile(
    r"(?i)(?:^|/)(?:manifest(?:\.mf)?|sw-description|version|header\.tar(?:\.\w+)?)$"
    r"|\.(?:json|manifest|ya?ml|toml|ini|cfg|conf|xml|txt|sf)$"
)


def read_tar(path: Path, size: int) -> Package:
    """A tar archive; one with a member ``header.tar`` and one ``version`` first is an artifact of Mender.

    Raises:
        NotRead: it is not as it should be.
    """
    members: list[tuple[str, Span, Span]] = []
    start = 0
    with path.open("rb") as file:
        while start + _BLOCK <= size:
            file.seek(start)
            block = file.read(_BLOCK)
            if block == bytes(_BLOCK):
                break
            try:
                info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            except tarfile.HeaderError as error:
                raise NotRead(f"the tar archive is broken at byte {start}: {error}") from None
            if info.size < 0 or start + _BLOCK + info.size > size:
                raise NotRead("the tar archive ends in the middle of a part")
            whole = Span(start, _BLOCK + _padded(info.size, _BLOCK))
            if info.isreg():
                members.append((info.name, Span(start + _BLOCK, info.size), whole))
            _bounded(members)
            start = whole.end
    names = {name for name, _, _ in members}
    mender = "version" in names and any(name.startswith("header.tar") for name in names)
    return _archive(path, "mender" if mender else "tar", size, members)


def read_cpio(path: Path, size: int) -> Package:
    """A cpio archive of the new form, as SWUpdate's are.

    Raises:
        NotRead: it is not as it should be.
    """
    members: list[tuple[str, Span, Span]] = []
    start = 0
    with path.open("rb") as file:
        while True:
            file.seek(start)
            header = file.read(_CPIO_HEADER)
            if len(header) < _CPIO_HEADER or header[:5] != b"07070":
                raise NotRead(f"the cpio archive is broken at byte {start}")
            try:
                length, long_name = int(header[54:62], 16), int(header[94:102], 16)
            except ValueError:
                raise NotRead(f"the cpio archive is broken at byte {start}") from None
            if not 0 < long_name <= 4096:
                raise NotRead(f"the cpio archive is broken at byte {start}")
            name = file.read(long_name).rstrip(b"\x00").decode("utf-8", "replace")
            if name == _TRAILER:
                break
            begins = _padded(start + _CPIO_HEADER + long_name, 4)
            if begins + length > size:
                raise NotRead("the cpio archive ends in the middle of a part")
            whole = Span(start, _padded(begins + length, 4) - start)
            members.append((name, Span(begins, length), whole))
            _bounded(members)
            start = whole.end
    return _archive(path, "swu", size, members)


def read_zip(path: Path, size: int) -> Package:
    """A zip archive; nothing of it is unpacked.

    Raises:
        NotRead: it is not as it should be, or its directory is larger than what is read of one.
    """
    tail = piece(path, Span(max(0, size - _END_OF_ZIP - 65_535), _END_OF_ZIP + 65_535))
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_OF_ZIP:
        raise NotRead("the zip archive has no directory")
    count, directory = struct.unpack_from("<HI", tail, at + 10)
    if count > PACKAGE.items or directory > PACKAGE.most:
        raise NotRead(f"the zip archive has {count} parts in a directory of {directory} bytes")
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
        raise NotRead(f"the zip archive is broken: {error}") from None
    if any(not 0 <= info.header_offset < size for info in infos):
        raise NotRead("the zip archive is broken: a part of it lies outside")
    members = []
    for info in infos:
        head = piece(path, Span(info.header_offset, 30))
        if info.is_dir() or len(head) < 30 or head[:4] != b"PK\x03\x04":
            continue
        begins = info.header_offset + 30 + sum(struct.unpack_from("<HH", head, 26))
        content = Span(begins, info.compress_size)
        members.append((info.filename, content, Span(info.header_offset, content.end - info.header_offset)))
    return _archive(path, "zip", size, members)


def unzipped(path: Path, name: str) -> bytes:
    """A part of a zip archive.

    Raises:
        NotRead: it is larger than what is read of one, is encrypted, or broken.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            content = file.read(PACKAGE.most + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, RuntimeError, OSError, EOFError) as error:
        raise NotRead(f"{name} cannot be unpacked: {type(error).__name__}") from None
    if len(content) > PACKAGE.most:
        raise NotRead(f"{name} is larger than {PACKAGE.most} bytes when it is unpacked")
    return content


def tar_member(name: str, content: bytes) -> bytes:
    """A part of a tar archive, with its header and padding."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(content))
    return file.getvalue()[: _BLOCK + _padded(len(content), _BLOCK)]


def cpio_member(name: str, content: bytes, *, checked: bool) -> bytes:
    """A part of a cpio archive; `checked`: with the sum over its bytes that the form ``070702`` has."""
    encoded = name.encode() + b"\x00"
    total = sum(content) & 0xFFFFFFFF if checked else 0
    numbers = (0, 0o100644, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), total)
    header = (b"070702" if checked else b"070701") + b"".join(b"%08X" % number for number in numbers)
    head = header + encoded
    head += bytes(-len(head) % 4)
    return head + content + bytes(-len(content) % 4)


def _archive(path: Path, kind: Kind, size: int, members: Iterable[tuple[str, Span, Span]]) -> Package:
    members = tuple(members)
    names = [name for name, _, _ in members]
    parts = tuple(
        Part(name, role, content, whole)
        for (name, content, whole), role in zip(members, _roles(names), strict=True)
    )
    gaps = () if any(part.role == "signature" for part in parts) else ("no part of it is called a signature",)
    return Package(path, kind, size, parts, gaps)


def _roles(names: list[str]) -> Iterator[Role]:
    signed = {_SIGNATURE.sub("", name) for name in names if _SIGNATURE.search(name)}
    for name in names:
        if _SIGNATURE.search(name):
            yield "signature"
        elif _SIGNER.search(name):
            yield "signer"
        elif name in signed or any(one == name.rpartition(".")[0] for one in signed) or _HEADER.search(name):
            yield "header"
        else:
            yield "payload"


def _padded(size: int, block: int) -> int:
    return size + -size % block


def _bounded(members: list[tuple[str, Span, Span]]) -> None:
    if len(members) > PACKAGE.items:
        raise NotRead(f"the archive has more than {PACKAGE.items} parts")
