"""Packages that are images with a signature at their end: RAUC, MCUboot, ESP-IDF."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pytest_etsi.bounds import PACKAGE
from pytest_etsi.probes.packages.model import NotRead, Package, Part, Span, piece

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.probes.packages.model import Role

__all__ = [
    "ESP_DESCRIPTION",
    "MCUBOOT_HASHES",
    "esp_end",
    "mcuboot_hash",
    "read_esp",
    "read_mcuboot",
    "read_rauc",
]

_SQUASHFS = 96
_MCUBOOT_HEADER = 32
MCUBOOT_HASHES = {0x10: "sha256", 0x11: "sha384", 0x12: "sha512"}
"""Entries at the end of an image of MCUboot that hold its hash."""
_MCUBOOT_SIGNATURES = frozenset({0x20, 0x21, 0x22, 0x23, 0x24, 0x25})
_MCUBOOT_KEYS = frozenset({0x01, 0x02})
_ESP_HEADER = 24
_ESP_SECTOR = 4096
ESP_DESCRIPTION = Span(_ESP_HEADER + 8 + 16, 32)
"""Where the version stands in an application of ESP-IDF, if its description is there."""


def read_rauc(path: Path, size: int) -> Package:
    """A squashfs with a CMS signature behind it, and the size of that in the last eight bytes: a bundle of RAUC.

    Raises:
        NotRead: it has no such signature.
    """
    (length,) = struct.unpack(">Q", piece(path, Span(max(0, size - 8), 8)).rjust(8, b"\x00"))
    begins = size - 8 - length
    if not 0 < length <= PACKAGE.most or begins < _SQUASHFS or piece(path, Span(begins, 1)) != b"\x30":
        raise NotRead("a squashfs without a signature behind it")
    return Package(
        path,
        "rauc",
        size,
        (
            _part("superblock", "header", 0, _SQUASHFS),
            _part("squashfs", "payload", _SQUASHFS, begins - _SQUASHFS),
            Part("CMS", "signature", Span(begins, length), Span(begins, length + 8)),
        ),
    )


def read_mcuboot(path: Path, size: int) -> Package:
    """An image of MCUboot: header, image, and entries with hash and signature.

    Raises:
        NotRead: it is not as it should be.
    """
    header = piece(path, Span(0, _MCUBOOT_HEADER))
    if len(header) < _MCUBOOT_HEADER:
        raise NotRead("the image of MCUboot ends in its header")
    head, protected, length = struct.unpack_from("<HHI", header, 8)
    at = head + length + protected
    if not _MCUBOOT_HEADER <= head <= 65_535 or at + 4 > size:
        raise NotRead("the image of MCUboot ends before its signature")
    magic, total = struct.unpack("<HH", piece(path, Span(at, 4)))
    if magic != 0x6907 or at + total > size:
        raise NotRead("the image of MCUboot has no entries at its end")
    parts = [_part("header", "header", 0, _MCUBOOT_HEADER), _part("image", "payload", head, length)]
    entries, position = piece(path, Span(at, total)), 4
    while position + 4 <= total:
        kind, length = struct.unpack_from("<HH", entries, position)
        span, whole = Span(at + position + 4, length), Span(at + position, length + 4)
        if span.end > at + total:
            raise NotRead("the entries of the image of MCUboot are broken")
        role: Role | None = (
            "signature" if kind in _MCUBOOT_SIGNATURES else "signer" if kind in _MCUBOOT_KEYS else None
        )
        if role is not None:
            parts.append(Part(f"entry {kind:#x}", role, span, whole))
        position += 4 + length
    gaps = () if any(part.role == "signature" for part in parts) else ("it has no signature",)
    return Package(path, "mcuboot", size, tuple(parts), gaps)


def mcuboot_hash(path: Path) -> tuple[Span, Span, str] | None:
    """What an image of MCUboot is hashed over, where its hash is, and by which algorithm; None: it has none."""
    head, protected, length = struct.unpack("<HHI", piece(path, Span(8, 8)))
    at = head + length + protected
    _, total = struct.unpack("<HH", piece(path, Span(at, 4)))
    entries, position = piece(path, Span(at, total)), 4
    while position + 4 <= total:
        kind, length = struct.unpack_from("<HH", entries, position)
        if kind in MCUBOOT_HASHES:
            return Span(0, at), Span(at + position + 4, length), MCUBOOT_HASHES[kind]
        position += 4 + length
    return None


def read_esp(path: Path, size: int) -> Package:
    """An application of ESP-IDF: header, segments, sum, hash, and the sector with signatures of secure boot.

    Raises:
        NotRead: it is not as it should be.
    """
    end, hashed = esp_end(path, size)
    parts = [
        _part("header", "header", 0, _ESP_HEADER),
        _part("segments", "payload", _ESP_HEADER, end - _ESP_HEADER - 1),
    ]
    after = end + 32 * hashed
    sector = after + -after % _ESP_SECTOR
    if piece(path, Span(sector, 1)) == b"\xe7":
        parts.append(_part("sector of signatures", "signature", sector, min(_ESP_SECTOR, size - sector)))
        return Package(path, "esp-idf", size, tuple(parts))
    return Package(path, "esp-idf", size, tuple(parts), ("it has no sector of signatures",))


def esp_end(path: Path, size: int) -> tuple[int, bool]:
    """The byte after the sum of an application of ESP-IDF, and whether a hash follows.

    Raises:
        NotRead: it is not as it should be.
    """
    header = piece(path, Span(0, _ESP_HEADER))
    if len(header) < _ESP_HEADER or not 0 < header[1] <= 16 or header[23] > 1:
        raise NotRead("its beginning is that of an application of ESP-IDF, and nothing else")
    position = _ESP_HEADER
    for _ in range(header[1]):
        segment = piece(path, Span(position, 8))
        if len(segment) < 8:
            raise NotRead("the application of ESP-IDF ends in the middle of a segment")
        position += 8 + struct.unpack_from("<I", segment, 4)[0]
        if position > size:
            raise NotRead("the application of ESP-IDF ends in the middle of a segment")
    end = position + 1
    end += -end % 16
    if end + 32 * header[23] > size:
        raise NotRead("the application of ESP-IDF ends before its sum")
    return end, bool(header[23])


def _part(name: str, role: Role, start: int, size: int) -> Part:
    return Part(name, role, Span(start, size), Span(start, size))
