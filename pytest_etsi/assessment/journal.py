"""The journal: ``record.jsonl``, one line per thing that is finished, written before the run goes on.

Lines are objects with a key ``record``: ``start``, ``identity``, ``evaluation``, ``resume`` or ``finish``. A crash
loses at most the line that was being written; what is left of that line is left out by `read`. What was found out on
a device is on disk before the run goes on, so that a power cut loses no more either. What follows from documents alone
may be on disk a moment later, and is found out anew after a power cut.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Journal", "JournalError", "read"]


_LONGEST_UNSAFE_S = 0.1
"""Seconds for which a line about documents alone may stay with the system before it is on disk."""


class JournalError(ValueError):
    """The journal cannot be read; the message names file and line."""


class Journal:
    """A journal that is being written; a torn last line of an earlier run is cut off first.

    Args:
        path: the file; made if it does not exist.

    Raises:
        JournalError: the file is not a journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        lines, whole = _lines(self.path) if self.path.exists() else ([], 0)
        self.records: list[dict[str, Any]] = lines
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        os.ftruncate(self._file, whole)
        self._synced = time.monotonic()
        self._unsafe = False
        self._sync_directory()

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
        # One round trip, so that what is in memory is what a later reader gets.
        line = json.dumps(record, ensure_ascii=True, allow_nan=False) + "\n"
        data = line.encode("ascii")
        before = os.fstat(self._file).st_size
        try:
            while data:
                data = data[os.write(self._file, data) :]
            self._unsafe = True
            if at_once or time.monotonic() - self._synced > _LONGEST_UNSAFE_S:
                self._sync()
        except OSError:
            # A part of a line must not stay: the next line would be joined to it.
            os.ftruncate(self._file, before)
            raise
        self.records.append(json.loads(line))

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
            self.sync()
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
    """The lines of a journal, without a torn last one.

    Raises:
        JournalError: a line before the last is damaged, or a line is no object with a ``record``.
        OSError: the file cannot be read.
    """
    return _lines(Path(path))[0]


def _lines(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The whole lines and how many bytes they take."""
    data = path.read_bytes()
    records: list[dict[str, Any]] = []
    start = 0
    for number, line in enumerate(data.split(b"\n"), start=1):
        end = start + len(line) + 1
        if end > len(data) and not line:
            break
        record, problem = _parse(line)
        if record is None or end > len(data):
            if end < len(data):
                raise JournalError(
                    f"{path}:{number}: the line is damaged ({problem}); the run cannot be resumed, "
                    "and its later lines are not trusted"
                )
            break
        records.append(record)
        start = end
    return records, start


def _parse(line: bytes) -> tuple[dict[str, Any] | None, str]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return None, str(error).splitlines()[0]
    if not isinstance(record, dict) or not isinstance(record.get("record"), str):
        return None, 'no object with a text "record"'
    return record, ""
