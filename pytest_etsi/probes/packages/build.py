"""Writes a package anew with other parts, and makes right the sums in it that no key protects."""

from __future__ import annotations

import hashlib
import random
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from pytest_etsi.bounds import PACKAGE
from pytest_etsi.probes.packages.archives import cpio_member, tar_member, unzipped
from pytest_etsi.probes.packages.images import ESP_DESCRIPTION, esp_end, mcuboot_hash
from pytest_etsi.probes.packages.model import NotRead, Span, piece

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from pytest_etsi.probes.packages.model import Package, Part

__all__ = ["Built", "drawn", "rewritten"]

_COPIED = 1024 * 1024
_MOST_UNZIPPED = 1 << 28
"""Bytes of all parts of a zip archive that is written anew."""


class Built:
    """The parts of a package as they are, and its sums.

    Args:
        package: whose.
    """

    def __init__(self, package: Package) -> None:
        self._package = package

    def read(self, part: Part) -> bytes:
        """The content of a part.

        Raises:
            NotRead: it is larger than what is read of one, or cannot be unpacked.
        """
        if self._package.kind == "zip":
            return unzipped(self._package.path, part.name)
        if part.content.size > PACKAGE.most:
            raise NotRead(f"{part.name[:80]} has {part.content.size} bytes, more than is read of a part")
        return piece(self._package.path, part.content)

    def mend(self, target: Path, part: Part) -> None:
        """Make the sums of a copy right, in which a part has been altered without changing its length."""
        kind = self._package.kind
        if kind == "swu" and piece(target, Span(part.whole.start, 6)) == b"070702":
            total = _hashed_sum(target, part.content)
            _overwrite(target, part.whole.start + 102, b"%08X" % total)
        elif kind == "mcuboot" and (found := mcuboot_hash(target)) is not None:
            over, at, name = found
            _overwrite(target, at.start, _digest(target, over, name))
        elif kind == "esp-idf":
            _mend_esp(target)


def rewritten(
    package: Package,
    target: Path,
    changes: Mapping[Part, bytes] | None = None,
    *,
    without: Collection[Part] = (),
    added: Iterable[tuple[str, bytes]] = (),
) -> None:
    """Write a package anew.

    Args:
        package: which.
        target: the new file.
        changes: what parts hold instead.
        without: parts that are left out.
        added: names and contents of further parts, of an archive.

    Raises:
        NotRead: this container does not permit it, or a part is larger than what is read of one.
    """
    changes = dict(changes or {})
    if package.kind == "zip":
        _zip(package, target, changes, without, added)
    elif package.kind in ("tar", "mender", "swu"):
        _members(package, target, changes, without, added)
    else:
        _image(package, target, changes, without)


def drawn(size: int) -> bytes:
    """Bytes that look like noise, the same each time."""
    return random.Random(size).randbytes(size)  # noqa: S311 - it keeps no secret


def _members(
    package: Package,
    target: Path,
    changes: Mapping[Part, bytes],
    without: Collection[Part],
    added: Iterable[tuple[str, bytes]],
) -> None:
    checked = package.kind == "swu" and piece(package.path, Span(0, 6)) == b"070702"

    def member(name: str, content: bytes) -> bytes:
        if package.kind == "swu":
            return cpio_member(name, content, checked=checked)
        return tar_member(name, content)

    with package.path.open("rb") as source, target.open("wb") as file:
        position = 0
        for part in package.parts:
            _copy(source, file, Span(position, part.whole.start - position))
            position = part.whole.end
            if part in without:
                continue
            if part in changes:
                file.write(member(part.name, changes[part]))
            else:
                _copy(source, file, part.whole)
        for name, content in added:
            file.write(member(name, content))
        _copy(source, file, Span(position, package.size - position))


def _zip(
    package: Package,
    target: Path,
    changes: Mapping[Part, bytes],
    without: Collection[Part],
    added: Iterable[tuple[str, bytes]],
) -> None:
    """A zip archive is packed anew, within a limit of what it is unpacked."""
    left = _MOST_UNZIPPED
    by_name = {part.name: part for part in package.parts}
    try:
        with zipfile.ZipFile(package.path) as source, zipfile.ZipFile(target, "w") as file:
            for info in source.infolist():
                part = by_name.get(info.filename)
                if part is not None and part in without:
                    continue
                if part is not None and part in changes:
                    file.writestr(info.filename, changes[part], compress_type=info.compress_type)
                    continue
                with source.open(info) as opened, file.open(_like(info), "w") as out:
                    while block := opened.read(_COPIED):
                        left -= len(block)
                        if left < 0:
                            raise NotRead("the zip archive is too large when it is unpacked")
                        out.write(block)
            for name, content in added:
                file.writestr(name, content)
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError) as error:
        raise NotRead(f"the zip archive cannot be written anew: {error}") from None


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    new = zipfile.ZipInfo(info.filename, info.date_time)
    new.compress_type, new.external_attr = info.compress_type, info.external_attr
    return new


def _image(package: Package, target: Path, changes: Mapping[Part, bytes], without: Collection[Part]) -> None:
    """An image; what is left out or has another length is so at its end."""
    gone = {**changes, **dict.fromkeys(without)}
    with package.path.open("rb") as source, target.open("wb") as file:
        position = 0
        for part in sorted(package.parts, key=lambda one: one.whole.start):
            if part not in gone:
                continue
            content = gone[part]
            _copy(source, file, Span(position, part.whole.start - position))
            position = part.whole.end
            if content is not None:
                file.write(_entry(package, part, content))
        _copy(source, file, Span(position, package.size - position))
    if package.kind == "mcuboot":
        _mend_entries(target)
    if package.kind == "esp-idf" and any(part.role != "signature" for part in gone):
        _mend_esp(target)


def _entry(package: Package, part: Part, content: bytes) -> bytes:
    """A part of an image with what belongs to it."""
    if package.kind == "rauc" and part.role == "signature":
        return content + struct.pack(">Q", len(content))
    if package.kind == "mcuboot" and part.role in ("signature", "signer"):
        kind = piece(package.path, Span(part.whole.start, 2))
        return kind + struct.pack("<H", len(content)) + content
    return content


def _mend_entries(target: Path) -> None:
    """The length of the entries of an image of MCUboot, and its hash."""
    head, protected, length = struct.unpack("<HHI", piece(target, Span(8, 8)))
    at = head + length + protected
    _overwrite(target, at + 2, struct.pack("<H", target.stat().st_size - at))
    found = mcuboot_hash(target)
    if found is not None:
        over, span, name = found
        _overwrite(target, span.start, _digest(target, over, name))


def _mend_esp(target: Path) -> None:
    """The sum and the hash of an application of ESP-IDF."""
    end, hashed = esp_end(target, target.stat().st_size)
    total, position = 0xEF, ESP_DESCRIPTION.start - 24
    header = piece(target, Span(0, 24))
    for _ in range(header[1]):
        (length,) = struct.unpack("<I", piece(target, Span(position + 4, 4)))
        for block in _blocks(target, Span(position + 8, length)):
            total ^= _folded(block)
        position += 8 + length
    _overwrite(target, end - 1, bytes((total,)))
    if hashed:
        _overwrite(target, end, _digest(target, Span(0, end), "sha256"))


def _folded(block: bytes) -> int:
    """All bytes of a block, by exclusive or."""
    size = len(block)
    number = int.from_bytes(block, "little")
    while size > 1:
        half = size // 2
        number = (number >> (8 * half)) ^ (number & ((1 << (8 * half)) - 1))
        size -= half
    return number


def _hashed_sum(path: Path, span: Span) -> int:
    return sum(sum(block) for block in _blocks(path, span)) & 0xFFFFFFFF


def _digest(path: Path, span: Span, name: str) -> bytes:
    digest = hashlib.new(name)
    for block in _blocks(path, span):
        digest.update(block)
    return digest.digest()


def _blocks(path: Path, span: Span) -> Iterable[bytes]:
    with path.open("rb") as file:
        file.seek(span.start)
        left = span.size
        while left > 0 and (block := file.read(min(left, _COPIED))):
            left -= len(block)
            yield block


def _copy(source: BinaryIO, target: BinaryIO, span: Span) -> None:
    source.seek(span.start)
    left = span.size
    while left > 0 and (block := source.read(min(left, _COPIED))):
        left -= len(block)
        target.write(block)


def _overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)
