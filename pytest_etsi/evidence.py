"""The evidence store: observations and documents kept with their hash, so that a verdict can be re-examined.

Every file is created exclusively, and its content is on disk before its hash is given out; from then on it is at most
moved (`EvidenceStore.set_aside`), never written again. The secrets that the run knows are masked on the way in, in
contents and names (`pytest_etsi.redaction`). Files are named by unit, entry and number::

    evidence/5.1-5-2_b/AuthMech-web/01-guesses.json
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_etsi.redaction import Redactor, suffix_of_capture
from pytest_etsi.text import in_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["MAX_BYTES", "EvidenceItem", "EvidenceScope", "EvidenceStore", "utc_now"]

MAX_BYTES = 64 * 1024 * 1024
"""Largest content that is kept as one item, in bytes."""

_MOST_UNSETTLED = 64
"""Files that are not on disk yet, at most."""

_FOLDER = "evidence"


def utc_now() -> str:
    """The time now in UTC, to the millisecond: ``2026-11-20T20:45:50.123Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of evidence.

    Attributes:
        file: path below the directory of the results, with slashes.
        sha256: hash of the file's content, hexadecimal.
        size: of the content, in bytes.
        created: when, in UTC.
    """

    file: str
    sha256: str
    size: int
    created: str

    def to_json(self) -> dict[str, str | int]:
        """The item as it stands in the record."""
        return {"file": self.file, "sha256": self.sha256, "size": self.size, "created": self.created}


class EvidenceStore:
    """Where the evidence of one run is kept.

    Args:
        directory: directory of the results; files go below its ``evidence/``.
        redact: masks the secrets of the run.
        now: gives the time in UTC.

    Attributes:
        failed: why something could not be written, of which no trace is left; empty: everything could.
    """

    def __init__(
        self, directory: Path, redact: Redactor | None = None, *, now: Callable[[], str] = utc_now
    ) -> None:
        self.directory = Path(directory)
        self.redact = redact if redact is not None else Redactor()
        self.failed = ""
        self._now = now
        self._lock = threading.Lock()
        self._unsettled: list[Path] = []
        self._numbers: dict[Path, int] = {}

    def scope(self, unit: str, entry: str | None = None) -> EvidenceScope:
        """The evidence of one evaluation: of a unit, "5.1-5-2/b", for an entry of its IXIT table or once."""
        folder = f"{_FOLDER}/{_unique(unit.replace('/', '_'))}"
        return EvidenceScope(self, f"{folder}/{_unique(entry)}" if entry else folder)

    def add(self, folder: str, name: str, content: Any, suffix: str | None = None) -> EvidenceItem:
        """Keep `content` in a new file below `folder`; see `EvidenceScope.add`.

        Raises:
            ValueError: `content` is larger than `MAX_BYTES`.
            TypeError: `content` is none of what the store keeps.
            OSError: it could not be written.
        """
        data, usual = self._data(content)
        label = _slug(self.redact.text(name))
        if len(data) > MAX_BYTES:
            raise ValueError(f"evidence {label!r} has {len(data):,} bytes; at most {MAX_BYTES:,} are kept")
        ending = (suffix if suffix is not None else usual).lstrip(".")
        with self._lock:
            place = self.directory / folder
            try:
                place.mkdir(parents=True, exist_ok=True)
                file = self._create(place, label, _slug(ending) if ending else "", data)
                self._unsettled.append(place / file)
                if len(self._unsettled) >= _MOST_UNSETTLED:
                    self._settle()
            except OSError as error:
                self.failed = self.failed or error.strerror or str(error)
                raise
        return EvidenceItem(f"{folder}/{file}", hashlib.sha256(data).hexdigest(), len(data), self._now())

    def _create(self, place: Path, label: str, ending: str, data: bytes) -> str:
        """Write `data` to a file of `place` that did not exist, with the next number; gives its name."""
        number = self._numbers.get(place)
        if number is None:  # looked for once, as the files of an evaluation may be hundreds
            number = _last_number(place)
        while True:
            number += 1
            name = f"{number:02d}-{label}" + (f".{ending}" if ending else "")
            try:
                handle = os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            except FileExistsError:
                continue
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
            except OSError:
                # Half of it is no evidence, and takes room that is needed.
                with contextlib.suppress(OSError):
                    (place / name).unlink()
                raise
            self._numbers[place] = number
            return name

    def settle(self) -> None:
        """Bring to disk what is not there yet; to be called before the record names it.

        Many files together take a fifth of the time that they take one by one. `failed` tells what cannot be written.
        """
        with self._lock:
            try:
                self._settle()
            except OSError as error:
                self.failed = self.failed or error.strerror or str(error)

    def _settle(self) -> None:
        files, self._unsettled = self._unsettled, []
        failure: OSError | None = None
        for file in files:
            try:
                handle = os.open(file, os.O_RDONLY)
            except OSError:
                continue  # somebody has taken it away, which the comparison with its hash tells
            try:
                os.fsync(handle)
            except OSError as error:
                failure = failure or error
            finally:
                os.close(handle)
        if failure is not None:
            raise failure

    def _data(self, content: Any) -> tuple[bytes, str]:
        if isinstance(content, bytes | bytearray | memoryview):
            data = bytes(content)
            return self.redact.bytes(data), suffix_of_capture(data) or "bin"
        if isinstance(content, str):
            return self.redact.text(content).encode("utf-8", "backslashreplace"), "txt"
        to_json = getattr(content, "to_json", None)
        plain = self.redact.builtins(to_json() if callable(to_json) else content)
        text = in_json(json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=True)) + "\n"
        return text.encode("utf-8", "backslashreplace"), "json"

    def set_aside(self, keep: Iterable[str]) -> list[str]:
        """Move every file that is not one of `keep` to ``evidence/interrupted/``; gives the new paths.

        So that evaluations that a crash has cut short, and that are done again, find their names free.
        """
        self._numbers.clear()
        root = self.directory / _FOLDER
        kept, moved = set(keep), []
        aside = root / "interrupted"
        files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_relative_to(aside))
        left = [path for path in files if path.relative_to(self.directory).as_posix() not in kept]
        if not left:
            return []
        number = 1 + sum(1 for _ in aside.iterdir()) if aside.is_dir() else 1
        for path in left:
            target = aside / str(number) / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            moved.append(target.relative_to(self.directory).as_posix())
        return moved


class EvidenceScope:
    """The evidence of one evaluation; what was added is in `items`, in order, and what it comes to in `in_short`."""

    def __init__(self, store: EvidenceStore, folder: str) -> None:
        self._store = store
        self.folder = folder
        self.items: list[EvidenceItem] = []
        self.in_short = ""

    def summary(self, text: str) -> None:
        """Say in one sentence what a PASS rests on: what was searched or compared; it becomes the reason."""
        self.in_short = text

    def add(self, name: str, content: Any, suffix: str | None = None) -> EvidenceItem:
        """Keep `content` under the next number and a name derived from `name`.

        Args:
            name: says what it is, "port scan".
            content: bytes, text, builtins that JSON has, or an object whose ``to_json()`` gives such.
            suffix: of the file; default: bin, txt or json, by the kind of content.

        Raises:
            ValueError: `content` is larger than `MAX_BYTES`.
            TypeError: `content` is none of the above.
            OSError: it could not be written.
        """
        item = self._store.add(self.folder, name, content, suffix)
        self.items.append(item)
        return item


def _slug(text: str) -> str:
    """`text` as part of a file name."""
    return re.sub(r"[^A-Za-z0-9._+-]+", "-", text).strip(".-")[:64] or "item"


def _unique(text: str) -> str:
    """The same, and different for different texts."""
    slug = _slug(text)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return slug if slug == text else f"{slug}-{digest[:8]}"


def _last_number(place: Path) -> int:
    """The highest number of a file of `place`; 0: none has one."""
    used = [int(match[1]) for path in place.iterdir() if (match := re.match(r"(\d+)-", path.name))]
    return max(used, default=0)
