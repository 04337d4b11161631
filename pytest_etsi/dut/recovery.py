"""Credentials that the run has set on the device, kept in a private file until the former ones are back.

A power cut between changing a password and changing it back must not lock the laboratory out of its device.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Recovery"]


class Recovery:
    """What was set, by entry of 1-AuthMech.

    Args:
        file: where it is kept, readable by its owner only; None: in memory alone. It goes away with its last entry.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._set: dict[str, str] = self._read()

    def __contains__(self, entry: str) -> bool:
        return entry in self._set

    def get(self, entry: str) -> str | None:
        """The password that the run has set and not changed back; None: there is none."""
        return self._set.get(entry)

    def keep(self, entry: str, password: str) -> None:
        """Keep a password; to be called before it is set on the device."""
        self._set[entry] = password
        self._write()

    def forget(self, entry: str | None = None) -> None:
        """The former password of `entry` is back; None: those of all entries are, e.g. after a factory reset."""
        if entry is None:
            self._set.clear()
        else:
            self._set.pop(entry, None)
        self._write()

    def _read(self) -> dict[str, str]:
        if self._file is None or not self._file.exists():
            return {}
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        kept = content.get("1-AuthMech") if isinstance(content, dict) else None
        if not isinstance(kept, dict):
            return {}
        return {entry: password for entry, password in kept.items() if isinstance(password, str)}

    def _write(self) -> None:
        if self._file is None:
            return
        if not self._set:
            self._file.unlink(missing_ok=True)
            return
        text = json.dumps({"note": "passwords set by a run and not changed back yet", "1-AuthMech": self._set})
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_name(f".{self._file.name}.new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self._file)
