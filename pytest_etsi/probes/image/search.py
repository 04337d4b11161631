"""The search of an image: containers are opened one within the other, and every file is looked through for secrets."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pytest_etsi import bounds
from pytest_etsi.probes.image._budget import Account, SpentError, UnreadableError
from pytest_etsi.probes.image._containers import begins_at, open_container
from pytest_etsi.probes.image._model import ImageObservation, InImage
from pytest_etsi.probes.image._secrets import Known, Piece, find_secrets
from pytest_etsi.probes.image._window import Window, kept, size_of
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["search_image"]

_PIECE, _OVERLAP = 4 << 20, 64 << 10
_OUTER = 1
"""Levels of containers within which a file may be an image, in which containers lie anywhere."""
_LARGE = 1 << 20
"""Bytes from which on containers may lie anywhere in a file at every level: a kernel with its first file system."""
_BLOCK, _SAMPLE = 64 << 10, 4 << 10
_OPAQUE = 0.1
"""Part of an image that may be unreadable, such as a picture, before it counts as not read."""
_MOST_FOUND = 500
_PROGRAMS = 5
_PROGRAM_PLACES = ("bin", "sbin")


def search_image(path: Path, known: Mapping[str, str]) -> ImageObservation:
    """Search an image, or the folder of a file system.

    Args:
        path: a file or a folder; links are not followed.
        known: secrets of this device by name, which are looked for as they are.

    Raises:
        OSError: it cannot be read.
    """
    search = _Search(known)
    name = printable(path.name, 120)
    if path.is_dir():
        sha256, size = search.folder(path, name)
    else:
        with path.open("rb") as file:
            sha256, size = _sha256(file), size_of(file)
            search.file(name, file, depth=0)
    return search.observation(name, sha256, size)


class _Search:
    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = Known(known)
        self._account = Account()
        self._found: dict[tuple[str, str], InImage] = {}
        self._keys: set[str] = set()
        self._programs = self._empty = 0

    def observation(self, name: str, sha256: str, size: int) -> ImageObservation:
        account = self._account
        if self._programs >= _PROGRAMS and self._empty == self._programs:
            account.gap(
                name, f"all {self._empty} programs in it are empty: it was not unpacked as it should be"
            )
        if size and not account.containers and not account.not_read_count:
            account.gap(name, "nothing in it was recognised as a container or a file system")
        found = [
            one for one in self._found.values() if one.kind != "certificate" or one.key_sha256 in self._keys
        ]
        return ImageObservation(
            name,
            sha256,
            size,
            tuple(sorted(account.containers.items())),
            account.files,
            account.searched,
            tuple(found[:_MOST_FOUND]),
            tuple(account.not_read),
            account.not_read_count,
        )

    def folder(self, path: Path, name: str) -> tuple[str, int]:
        """Search the files of a folder; gives a hash over all of them, and their bytes."""
        whole, size = hashlib.sha256(), 0
        self._account.containers["folder"] += 1
        for file_path in _files_of(path, self._account, name):
            place = f"{name}/{printable(str(file_path.relative_to(path)), 300)}"
            try:
                handle = os.open(file_path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except OSError as error:
                self._account.gap(place, f"it cannot be read: {error.strerror}")
                continue
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    continue
                digest = _sha256(file)
                whole.update(f"{file_path.relative_to(path)}\0{digest}\n".encode("utf-8", "surrogateescape"))
                size += size_of(file)
                if not self.file(place, file, depth=_OUTER + 1):
                    break
        return whole.hexdigest(), size

    def file(self, place: str, file: BinaryIO, depth: int) -> bool:
        """Search a file and what is in it; False: the search has taken all that it may."""
        try:
            self._account.part()
            self._program(place, size_of(file))
            self._file(place, file, depth)
        except SpentError as error:
            self._account.gap(place, f"the search has ended there: {error}")
            return False
        return True

    def _program(self, place: str, size: int) -> None:
        parts = place.rpartition(" > ")[2].split("/")
        if len(parts) > 1 and parts[-2] in _PROGRAM_PLACES:
            self._programs += 1
            self._empty += not size

    def _file(self, place: str, file: BinaryIO, depth: int) -> None:
        size = size_of(file)
        within = _Covered()
        if depth > bounds.IMAGE.depth:
            self._account.gap(place, f"more than {bounds.IMAGE.depth} containers lie one within the other")
        else:
            anywhere = depth <= _OUTER or size >= _LARGE
            for kind, at in begins_at(file, size, anywhere=anywhere):
                if at >= within.end:
                    within.add(at, self._container(kind, place, file, at, size - at, depth))
        self._leaf(place, file, size, within, outer=depth <= _OUTER)

    def _container(self, kind: str, place: str, file: BinaryIO, at: int, size: int, depth: int) -> int:
        """Search what is in a container; gives its length in bytes, 0: it is none."""
        inside = f"{place} > {kind}" + (f" at {at:#x}" if at else "")
        container = open_container(kind, Window(file, at, size), self._account)
        opened = False
        try:
            for name, pieces in container.files():
                if not opened:
                    opened = True
                    self._account.containers[kind] += 1
                self._account.part()
                where = f"{inside} > {printable(name, 300)}" if name else inside
                try:
                    with kept(pieces, self._account) as unpacked:
                        self._program(where, size_of(unpacked))
                        self._file(where, unpacked, depth + 1)
                except UnreadableError as error:
                    if not container.sure and not container.came:
                        raise
                    self._account.gap(where, str(error))
            if not opened and container.sure:
                self._account.containers[kind] += 1
        except UnreadableError as error:
            if opened or container.sure:
                self._account.gap(inside, str(error))
        return container.used if opened or container.sure else 0

    def _leaf(self, place: str, file: BinaryIO, size: int, within: _Covered, *, outer: bool) -> None:
        """Look through the bytes of a file for secrets, but for those of containers that were opened."""
        self._account.files += 1
        opaque = lines = 0
        text: bool | None = None
        for begin, end in within.gaps(size):
            for data in _written(file, begin, end):
                self._account.take(0)
                self._account.searched += len(data)
                if outer:
                    blocks = range(0, len(data) - _BLOCK + 1, _BLOCK)
                    opaque += sum(_BLOCK for at in blocks if _is_opaque(data[at : at + _SAMPLE]))
                if text is None:
                    text = b"\0" not in data[:8192]
                for found in find_secrets(Piece(place, data, lines, text), self._known):
                    self._add(found)
                lines += data.count(b"\n", 0, len(data) - _OVERLAP) if len(data) == _PIECE else 0
        if opaque >= max(_BLOCK, size * _OPAQUE):
            self._account.gap(
                place, f"{opaque} bytes of it look encrypted, or packed in a way that is not known"
            )

    def _add(self, found: InImage) -> None:
        key = (found.kind, found.fingerprint)
        if found.kind == "private key" and found.key_sha256:
            self._keys.add(found.key_sha256)
            key = (found.kind, found.key_sha256)  # the same key in another form
        before = self._found.get(key)
        if before is None:
            self._found[key] = found
        elif _rank(found) < _rank(before) or (found.account and not before.account):
            nearest = min(before, found, key=_rank)
            self._found[key] = replace(
                found, example=nearest.example, perhaps_example=nearest.perhaps_example
            )


def _rank(found: InImage) -> int:
    """How far from being in use it looks."""
    return 2 if found.example else 1 if found.perhaps_example else 0


class _Covered:
    """Where in a file containers lie that were opened."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []
        self.end = 0

    def add(self, at: int, length: int) -> None:
        if length:
            self._spans.append((at, at + length))
            self.end = max(self.end, at + length)

    def gaps(self, size: int) -> Iterator[tuple[int, int]]:
        """Where in a file of so many bytes none of them lies."""
        at = 0
        for begin, end in sorted(self._spans):
            if begin > at:
                yield at, begin
            at = max(at, end)
        if at < size:
            yield at, size


def _files_of(path: Path, account: Account, name: str) -> Iterator[Path]:
    """Regular files in a folder, in order; links are not followed."""

    def gap(error: OSError) -> None:
        account.gap(name, f"a folder in it cannot be read: {error.strerror}")

    for parent, folders, files in os.walk(path, onerror=gap, followlinks=False):
        folders.sort()
        for file in sorted(files):
            one = Path(parent, file)
            try:
                if stat.S_ISREG(one.lstat().st_mode):
                    yield one
            except OSError as error:
                account.gap(f"{name}/{printable(file, 100)}", f"it cannot be read: {error.strerror}")


def _written(file: BinaryIO, begin: int, end: int) -> Iterator[bytes]:
    """Overlapping pieces of a part of a file, without what is nothing but zeros."""
    at = begin
    while at < end:
        at = _next_data(file, at, end)
        file.seek(at)
        data = file.read(min(_PIECE, max(0, end - at)))
        if not data:
            return
        if data.count(0) != len(data):
            yield data
        at += len(data) if len(data) < _PIECE else len(data) - _OVERLAP


def _next_data(file: BinaryIO, at: int, size: int) -> int:
    """Where the next bytes are that are no hole of a sparse file."""
    try:
        return os.lseek(file.fileno(), at, os.SEEK_DATA)
    except OSError as error:
        return size if getattr(error, "errno", None) == 6 else at  # ENXIO: nothing but a hole is left
    except (AttributeError, ValueError):
        return at


def _is_opaque(sample: bytes) -> bool:
    """Whether it looks encrypted or compressed."""
    return len(sample) == _SAMPLE and len(zlib.compress(sample, 1)) >= _SAMPLE


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for piece in iter(lambda: file.read(1 << 20), b""):
        digest.update(piece)
    return digest.hexdigest()
