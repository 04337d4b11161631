"""Recognises the container of a package by its beginning, and finds its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes.packages import archives, images
from pytest_etsi.probes.packages.model import NotRead, Package, Span, piece

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["read_package"]

_BEGINNING = 512
_READERS: tuple[tuple[int, bytes, Callable[[Path, int], Package]], ...] = (
    (0, b"PK\x03\x04", archives.read_zip),
    (0, b"070701", archives.read_cpio),
    (0, b"070702", archives.read_cpio),
    (257, b"ustar", archives.read_tar),
    (0, b"hsqs", images.read_rauc),
    (0, b"\x3d\xb8\xf3\x96", images.read_mcuboot),
    (0, b"\xe9", images.read_esp),
)
_COMPRESSED = (
    (b"\x1f\x8b", "gzip"), (b"\xfd7zXZ", "xz"), (b"(\xb5/\xfd", "zstandard"), (b"BZh", "bzip2"),
    (b"\x04\x22\x4d\x18", "lz4"),
)  # fmt: skip


def read_package(path: Path) -> Package:
    """A package; where it is of no container that is known, or not as that should be, it is bytes, and says so.

    Raises:
        OSError: there is no such file, or it cannot be read.
    """
    size = path.stat().st_size
    beginning = piece(path, Span(0, _BEGINNING))
    for at, magic, reader in _READERS:
        if beginning[at : at + len(magic)] == magic:
            try:
                return reader(path, size)
            except NotRead as error:
                return Package(path, "raw", size, gaps=(f"{error}: it is taken as bytes",))
    packed = next((name for magic, name in _COMPRESSED if beginning.startswith(magic)), "")
    why = f"it is compressed by {packed} as a whole" if packed else "its container is not known"
    return Package(path, "raw", size, gaps=(f"{why}: it is taken as bytes",))
