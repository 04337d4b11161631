"""The journal: ``record.jsonl``, one line per thing that is finished, written before the run goes on.

Lines are objects with a key ``record``: ``start``, ``identity``, ``evaluation``, ``resume`` or ``finish``
(`pytest_etsi.assessment.lines` says what each has to hold). A crash loses at most the line that was being written; what
is left of that line is left out by `read`. What was found out on a device is on disk before the run goes on, so that a
power cut loses no more either. What follows from documents alone may be on disk a moment later, and is found out anew
after a power cut.

The lines are a chain: the last two members of each are ``previous``, the hash of the line before (of the first: the
hash of nothing), and ``hash``, the SHA-256 of the line without that member. What was changed, left out, put in or moved
does not fit, and nothing from there on is believed. There is no secret in it: whoever computes all hashes anew can
forge it, unless the last hash is kept elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from pytest_etsi.assessment._alike import alike
from pytest_etsi.bounds import ending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["NOTHING", "Chain", "Journal", "JournalError", "read", "read_chain", "subject"]

NOTHING = hashlib.sha256(b"").hexdigest()
"""What the first line carries as the hash of the line before."""

_LONGEST_UNSAFE_S = 0.1
"""Seconds for which a line about documents alone may stay with the system before it is on disk."""

_SEAL = re.compile(rb', "hash": "([0-9a-f]{64})"\}\Z')


class JournalError(ValueError):
    """The journal cannot be read; the message names file and line."""


@dataclass(frozen=True)
class Chain:
    """The whole lines of a journal.

    Attributes:
        records: what they say, without what ties them together.
        hashes: of each line.
        size: of all of them, in bytes.
    """

    records: list[dict[str, Any]]
    hashes: list[str]
    size: int


class Journal:
    """A journal that is being written; a torn last line of an earlier run is cut off first.

    Args:
        path: the file; made if it does not exist.

    Raises:
        JournalError: the file is not a journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        chain = read_chain(self.path) if self.path.exists() else Chain([], [], 0)
        self.records: list[dict[str, Any]] = chain.records
        self._hashes = chain.hashes
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        os.ftruncate(self._file, chain.size)
        self._synced = time.monotonic()
        self._unsafe = False
        self._sync_directory()

    @property
    def head(self) -> str:
        """The hash of the last line: it stands for everything that was written."""
        return self._hashes[-1] if self._hashes else NOTHING

    def append(self, record: Mapping[str, Any], *, at_once: bool = True) -> None:
        """Add a line. It survives a crash of this process when this returns.

        Args:
            record: the line.
            at_once: it is on disk, and with it all lines before, when this returns; otherwise before the next line that
                comes more than a tenth of a second after the last that was.

        Raises:
            TypeError: `record` holds something that JSON does not have.
            OSError: it could not be written.
        """
        line, digest = _sealed(record, self.head)
        data = line  # what is not written yet
        before = os.fstat(self._file).st_size
        try:
            while data:
                data = data[os.write(self._file, data) :]
            self._unsafe = True
            if at_once or time.monotonic() - self._synced > _LONGEST_UNSAFE_S:
                self._sync()
        except OSError:
            # A part of a line must not stay: the next line would be joined to it. Where it does, nothing follows.
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, before)
            raise
        # One round trip, so that what is in memory is what a later reader gets.
        self.records.append(_content(json.loads(line, object_pairs_hook=_shared)))
        self._hashes.append(digest)

    def first_lost(self) -> tuple[int, str] | None:
        """The first line that does not stand in the file as it was written, and what is wrong; None: all stand there.

        Nothing from that line on can be read from the file again.
        """
        try:
            there, ours = self.path.stat(), os.fstat(self._file)
            if not os.path.samestat(there, ours):
                return 1, "the file was replaced by another one during the run"
            lines = self.path.read_bytes().split(b"\n")
        except OSError as error:
            return 1, f"the file cannot be read any more: {error.strerror or error}"
        for number, (line, digest) in enumerate(zip(lines, self._hashes, strict=False), start=1):
            if not line:
                return number, "the line was cut off during the run"
            if _hash_of(line) != digest:
                return number, "the line was changed during the run"
        if len(lines) <= len(self._hashes):
            return len(lines), "the line was cut off during the run"
        if lines[len(self._hashes) :] != [b""]:
            return len(self._hashes) + 1, "something was added during the run"
        return None

    def sync(self) -> None:
        """Bring to disk what is not there yet."""
        if self._unsafe:
            self._sync()

    def _sync(self) -> None:
        os.fsync(self._file)
        self._synced, self._unsafe = time.monotonic(), False

    def close(self) -> None:
        """Close the file; closing again does nothing."""
        if self._file >= 0:
            try:
                self.sync()
            finally:
                os.close(self._file)
                self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _sync_directory(self) -> None:
        directory = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def read(path: Path) -> list[dict[str, Any]]:
    """What the lines of a journal say, without a torn last one; raises as `read_chain`."""
    return read_chain(path).records


def read_chain(path: Path, check: Callable[[Mapping[str, Any]], str] | None = None) -> Chain:
    """The lines of a journal, without a torn last one.

    Args:
        path: the file.
        check: says what is wrong with what a line says, and what was expected; empty: nothing.

    Raises:
        JournalError: a line is damaged, is no object with a ``record``, or does not fit to the one before.
        OSError: the file cannot be read.
    """
    path = Path(path)
    data = ending(path).read_bytes()
    records: list[dict[str, Any]] = []
    hashes: list[str] = []
    start = 0
    for number, line in enumerate(data.split(b"\n"), start=1):
        end = start + len(line) + 1
        if end > len(data) and not line:
            break
        record, problem = _parse(line)
        if record is None:
            # A crash leaves the beginning of a line, or what a disk holds that was never written to.
            if end > len(data) or (end == len(data) and b"\0" in line):
                break
            _damaged(path, number, problem)
        problem = (check(record) if check else "") or _misfit(line, record, hashes)
        if problem:
            _damaged(path, number, problem, record)
        if end > len(data):
            break
        records.append(_content(record))
        hashes.append(str(record["hash"]))
        start = end
    return Chain(records, hashes, start)


def subject(record: Mapping[str, Any]) -> str:
    """What a line is about: "5.1-5-2/b AuthMech-web" of an evaluation, else what kind of line it is."""
    parts = [part for key in ("unit", "entry") if isinstance(part := record.get(key), str)]
    return " ".join(parts)[:200] or str(record.get("record"))[:200]


def _damaged(path: Path, number: int, problem: str, record: Mapping[str, Any] | None = None) -> NoReturn:
    about = f" of {subject(record)}" if record else ""
    raise JournalError(
        f"{path}:{number}: the line{about} is damaged: {problem}; the run cannot be resumed, "
        "and its later lines are not trusted"
    )


def _sealed(record: Mapping[str, Any], previous: str) -> tuple[bytes, str]:
    """A line that follows the one with that hash, and its own hash."""
    text = json.dumps({**record, "previous": previous}, ensure_ascii=True, allow_nan=False)
    body = text.encode("ascii")
    digest = hashlib.sha256(body).hexdigest()
    return body[:-1] + f', "hash": "{digest}"}}\n'.encode("ascii"), digest


def _hash_of(line: bytes) -> str | None:
    """The hash that a line states, if it is that of the rest of it."""
    seal = _SEAL.search(line)
    if seal is None:
        return None
    digest = seal[1].decode("ascii")
    return digest if hashlib.sha256(line[: seal.start()] + b"}").hexdigest() == digest else None


def _misfit(line: bytes, record: Mapping[str, Any], hashes: list[str]) -> str:
    """Why a line is not the one that was written after those with `hashes`; empty: it is."""
    if _hash_of(line) is None:
        return "it was changed after it was written: the hash at its end is not that of the line"
    if record.get("previous") == (hashes[-1] if hashes else NOTHING):
        return ""
    if not hashes:
        return "the run has no beginning: it was written after a line that is not there"
    return "it was not written after the line that is before it: between them something was left out, put in or moved"


def _content(record: Mapping[str, Any]) -> dict[str, Any]:
    said = ((key, value) for key, value in record.items() if key not in ("previous", "hash"))
    return alike("line", said) if record["record"] == "evaluation" else dict(said)


def _parse(line: bytes) -> tuple[dict[str, Any] | None, str]:
    try:
        record = json.loads(line, object_pairs_hook=_without_doubles, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        return None, f"expected an object of JSON, but {_first_line(error)}"
    if not isinstance(record, dict) or not isinstance(record.get("record"), str):
        return None, 'expected an object with a text "record"'
    return record, ""


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; readers of JSON differ in which of two members of one name they take."""
    made = _shared(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {double!r} is there twice")
    return made


def _shared(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys, and values that stand in many lines, are kept once for all of them."""
    return {
        sys.intern(key): sys.intern(value) if type(value) is str and key in _REPEATED else value
        for key, value in pairs
    }


_REPEATED = frozenset(
    {
        "record",
        "unit",
        "entry",
        "node",
        "device",
        "source",
        "verdict",
        "cause",
        "decided_by",
        "kind",
        "aspect",
    }
    | {"reason", "message", "expected", "field", "file"}
)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
