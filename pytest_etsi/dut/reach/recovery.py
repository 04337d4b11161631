"""What a run has done to the device and not undone yet: credentials that it has set, and a device that it has lost.

Credentials are kept in a private file until the former ones are back.

A power cut between changing a password and changing it back must not lock the laboratory out of its device.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Lost", "Recovery"]


@dataclass(frozen=True, slots=True)
class Lost:
    """A device that could not be brought back: why, how a person does it, and whether it is back after all.

    What needs the permission that is spared goes on: what it looks at was seen before, and it touches nothing again.
    """

    reason: str
    recover: str
    back: Callable[[], bool] | None = None
    spares: str = ""


class Recovery:
    """What was set, by entry of 1-AuthMech: the passwords that the device may have now, the latest first.

    There may be several: a run that was cut short knows neither whether its last change was made nor the one before.

    Args:
        file: where it is kept, readable by its owner only; None: in memory alone. It goes away with its last entry.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._set: dict[str, list[str]] = self._read()

    def __contains__(self, entry: str) -> bool:
        return entry in self._set

    def candidates(self, entry: str) -> tuple[str, ...]:
        """The passwords that the run has set, or was about to set, and not changed back."""
        return tuple(self._set.get(entry, ()))

    def passwords(self) -> tuple[str, ...]:
        """Those of all entries; none of them may be shown."""
        return tuple(password for kept in self._set.values() for password in kept)

    def keep(self, entry: str, password: str) -> None:
        """Keep a password; to be called before it is set on the device."""
        self._set[entry] = [password, *(other for other in self.candidates(entry) if other != password)]
        self._write()

    def settle(self, entry: str, password: str) -> None:
        """The entry is known to have this password and none of the others."""
        if self.candidates(entry) != (password,):
            self._set[entry] = [password]
            self._write()

    def forget(self, entry: str) -> None:
        """The former password of `entry` is back."""
        if self._set.pop(entry, None) is not None:
            self._write()

    def _read(self) -> dict[str, list[str]]:
        if self._file is None or not self._file.exists():
            return {}
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        kept = content.get("1-AuthMech") if isinstance(content, dict) else None
        if not isinstance(kept, dict):
            return {}
        read = {
            entry: [one for one in passwords if isinstance(one, str)]
            for entry, passwords in kept.items()
            if isinstance(passwords, list)
        }
        return {entry: passwords for entry, passwords in read.items() if passwords}

    def _write(self) -> None:
        if self._file is None:
            return
        if not self._set:
            self._file.unlink(missing_ok=True)
            return
        text = json.dumps(
            {"note": "passwords set by a run and not changed back yet", "1-AuthMech": self._set}
        )
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_name(f".{self._file.name}.new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self._file)
