"""Containers that a search looks into: recognised by how they begin, and opened as streams of files."""

from __future__ import annotations

import re
import struct
import tarfile
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol, cast

from pytest_etsi.probes.image._budget import Account, UnreadableError
from pytest_etsi.probes.image._compressed import SIGNS, Stream
from pytest_etsi.probes.image._cpio import cpio_files
from pytest_etsi.probes.image._ext import ExtFileSystem
from pytest_etsi.probes.image._jffs2 import Jffs2
from pytest_etsi.probes.image._squashfs import Squashfs, bytes_used
from pytest_etsi.probes.image._ubi import Ubi
from pytest_etsi.probes.image._ubifs import Ubifs
from pytest_etsi.probes.image._window import Window, in_pieces, size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Container", "begins_at", "open_container"]

_HEAD = 1 << 20
_OVERLAP = 4096
_MOST_PLACES = 2000
_FOREIGN = {
    "cramfs": rb"\x45\x3d\xcd\x28[\x00-\xff]{12}Compressed ROMFS",
    "romfs": rb"-rom1fs-",
    "yaffs2": rb"\x03\x00\x00\x00\x01\x00\x00\x00\xff\xff",
    "squashfs of big-endian order": rb"sqsh[\x00-\xff]{24}\x00\x04\x00\x00",
    "LZ4": rb"\x04\x22\x4d\x18[\x40-\x7f]",
    "EROFS": rb"\xe2\xe1\xf5\xe0",
}
"""File systems that are recognised and not read; whoever unpacks them names the folder."""
_OWN = {
    **{name: pattern.pattern for name, pattern in SIGNS.items()},
    "squashfs": rb"hsqs",
    "cpio": rb"07070[12][0-9A-Fa-f]{8}",
    "zip": rb"PK\x03\x04[\x0a-\x3f]\x00",
    "ext": rb"\x53\xef[\x00-\x07]\x00[\x00-\x03]\x00",
    "UBI": rb"UBI#\x01\x00\x00\x00",
    "UBIFS": rb"\x31\x18\x10\x06[\x00-\xff]{16}\x06\x00\x00\x00",
    "JFFS2": rb"\x85\x19(?:\x03\x20\x0c\x00|[\x01\x02]\xe0[\x00-\xff]{2})\x00\x00",
    "JFFS2 of big-endian order": rb"\x19\x85(?:\x20\x03\x00\x00\x00\x0c|\xe0[\x01\x02]\x00\x00)",
    "tar": rb"ustar(?:\x00\d\d|  \x00)",
}
_FLASH = ("UBI", "UBIFS", "JFFS2", "JFFS2 of big-endian order")
_BEFORE = {"ext": 0x438, "tar": 257, "EROFS": 1024}
"""Bytes from the beginning of the container to its sign."""
_SIGNS = {kind: re.compile(pattern, re.DOTALL) for kind, pattern in (_OWN | _FOREIGN).items()}
"""Each begins with fixed bytes, by which it is found many times faster than all of them as one pattern."""
_ALIGNED = {"UBI": 512, "UBIFS": 512, "JFFS2": 4, "JFFS2 of big-endian order": 4, "EROFS": 1024, "ext": 512}


class Container(Protocol):
    """A container while it is read.

    Attributes:
        sure: it is one, beyond its first bytes: that it cannot be read is worth telling.
        used: bytes of it, as far as that is known.
        came: bytes that came out of it so far, or files.
    """

    @property
    def sure(self) -> bool: ...

    @property
    def used(self) -> int: ...

    @property
    def came(self) -> int: ...

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Name and content of every regular file.

        Raises:
            UnreadableError: it is none, is damaged, or cannot be read here.
        """


def begins_at(file: BinaryIO, size: int, *, anywhere: bool) -> Iterator[tuple[str, int]]:
    """Kind and place of what could be containers, in order.

    Args:
        file: the file.
        size: bytes of it.
        anywhere: not only at its beginning.
    """
    at = seen = told = 0
    while at < size:
        file.seek(at)
        data = file.read(_HEAD if anywhere else _OVERLAP)
        if not data:
            return
        signs = [] if data.count(0) == len(data) else _signs(data)
        for place, kind in signs:
            begin = at + place - _BEFORE.get(kind, 0)
            if begin < 0 or (begin and not anywhere) or at + place < seen or begin % _ALIGNED.get(kind, 1):
                continue
            told += 1
            if told > _MOST_PLACES:
                return
            yield kind, begin
        if not anywhere or len(data) < _HEAD:
            return
        at += len(data) - _OVERLAP
        seen = at + _OVERLAP


def _signs(data: bytes) -> list[tuple[int, str]]:
    """Places of all signs, in order."""
    return sorted((match.start(), kind) for kind, sign in _SIGNS.items() for match in sign.finditer(data))


def open_container(kind: str, window: Window, account: Account) -> Container:
    """A container of a kind that begins where the window does."""
    file = cast("BinaryIO", window)
    if kind in SIGNS:
        return _Compressed(kind, file)
    if kind in _FOREIGN:
        return _Foreign(kind, file)
    if kind in _FLASH:
        return _Flash(kind, file)
    return _OPENS[kind](file, account)


class _Compressed:
    def __init__(self, kind: str, file: BinaryIO) -> None:
        self._file = file
        self._stream = Stream(kind, file)
        # Two or four bytes stand anywhere by chance: only what comes out of it shows that it is one.
        self.sure = False

    @property
    def used(self) -> int:
        return self._stream.used or size_of(self._file)

    @property
    def came(self) -> int:
        return self._stream.came

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        self._file.seek(0)
        pieces = self._stream.pieces()
        first = b""
        while len(first) < 512:
            piece = next(pieces, None)
            if piece is None:
                break
            first += piece
        if first:
            yield "", _with(first, pieces)


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


class _Cpio:
    def __init__(self, file: BinaryIO, _account: Account) -> None:
        self._file, self.sure, self.used, self.came = file, False, 0, 0

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        for name, content, end in cpio_files(self._file):
            self.sure, self.used = True, end
            self.came += 1
            if name:
                yield name.decode("utf-8", "replace"), in_pieces(content)


class _Zip:
    def __init__(self, file: BinaryIO, _account: Account) -> None:
        self._file, self.sure, self.used, self.came = file, False, 0, 0

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        try:
            archive = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise UnreadableError(f"no directory of the archive: {error}") from None
        with archive:
            self.sure, self.used = True, size_of(self._file)
            for one in archive.infolist():
                if not one.is_dir():
                    self.came += 1
                    yield one.filename, self._content(archive, one)

    @staticmethod
    def _content(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with archive.open(one) as content:
                yield from in_pieces(content)
        except (
            RuntimeError,
            zipfile.BadZipFile,
            OSError,
            EOFError,
            ValueError,
            zlib.error,
            struct.error,
        ) as error:
            raise UnreadableError(str(error) or type(error).__name__) from None


class _Tar:
    def __init__(self, file: BinaryIO, _account: Account) -> None:
        self._file, self.sure, self.used, self.came = file, False, 0, 0

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        self._file.seek(0)
        try:
            with tarfile.open(fileobj=self._file, mode="r:") as archive:
                while (one := archive.next()) is not None:
                    archive.members.clear()  # type: ignore[attr-defined]
                    self.sure = True
                    self.came += 1
                    self.used = archive.offset
                    if one.isreg() and (content := archive.extractfile(one)) is not None:
                        yield one.name, self._content(content)
        except (tarfile.TarError, OSError, EOFError, ValueError, struct.error, RecursionError) as error:
            raise UnreadableError(f"it is damaged, or cut: {error}") from None

    @staticmethod
    def _content(content: IO[bytes]) -> Iterator[bytes]:
        try:
            yield from in_pieces(content)
        except (tarfile.TarError, OSError, ValueError) as error:
            raise UnreadableError(str(error)) from None


class _Squashfs:
    def __init__(self, file: BinaryIO, _account: Account) -> None:
        file.seek(0)
        self._file, self.came = file, 0
        self.used = min(bytes_used(file.read(96)), size_of(file))
        self.sure = self.used > 0

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        if not self.sure:
            raise UnreadableError("no superblock")
        for path, _, content in Squashfs(self._file).files():
            self.came += 1
            yield path, content


class _Ext:
    def __init__(self, file: BinaryIO, account: Account) -> None:
        self._file, self._account, self.sure, self.used, self.came = file, account, False, 0, 0

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        system = ExtFileSystem(self._file)
        for path, content, why in system.files():
            self.sure, self.used = True, min(system.size, size_of(self._file))
            self.came += 1
            name = path.decode("utf-8", "replace")
            if content is None:
                self._account.gap(name, why)
            else:
                yield name, content.pieces()


class _Flash:
    """File systems and volumes of raw flash."""

    def __init__(self, kind: str, file: BinaryIO) -> None:
        self._kind, self._file, self.came, self.used = kind, file, 0, 0
        # Their signs are long, or have a sum of their own.
        self.sure = not kind.startswith("JFFS2")

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        opened = self._opened()
        self.sure, self.used = True, opened.used
        for name, pieces in opened.volumes() if isinstance(opened, Ubi) else opened.files():
            self.came += 1
            yield name, pieces

    def _opened(self) -> Ubi | Ubifs | Jffs2:
        if self._kind == "UBI":
            return Ubi(self._file)
        if self._kind == "UBIFS":
            return Ubifs(self._file)
        return Jffs2(self._file, big_endian="big" in self._kind)


class _Foreign:
    """What is recognised, and not read here."""

    def __init__(self, kind: str, file: BinaryIO) -> None:
        # How much of the rest belongs to it is not known: what is behind it is looked for all the same.
        self._kind, self.used, self.came = kind, 0, 0
        # BusyBox, and whatever else tells file systems apart, has the sign of this one as a text.
        self.sure = kind != "romfs" or _is_romfs(file)

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        raise UnreadableError(f"{self._kind} is not read: unpack it by its own program, and name the folder")


def _is_romfs(file: BinaryIO) -> bool:
    """Whether the sum over the first block is right (Linux, Documentation/filesystems/romfs.rst)."""
    file.seek(0)
    head = file.read(512)
    size = int.from_bytes(head[8:12], "big")
    words = len(head[:size]) // 4
    return size >= 16 and sum(struct.unpack_from(f">{words}I", head)) % (1 << 32) == 0


_OPENS: dict[str, Callable[[BinaryIO, Account], Container]] = {
    "cpio": _Cpio,
    "zip": _Zip,
    "tar": _Tar,
    "squashfs": _Squashfs,
    "ext": _Ext,
}
