"""The state directory: everything that survives a power cut, and the files that the bench reads."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Flash", "StateInUseError", "is_locked", "lock", "seed", "write"]


class StateInUseError(Exception):
    """Another camera is running from the same state directory."""


def write(path: Path, content: str | bytes, mode: int = 0o600) -> None:
    """Replace a file so that readers, even after a kill, find the old content or the new, never a part."""
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def seed(directory: Path) -> str:
    """The seed of the device that lives in `directory`; made, with the directory, when there is none."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / "seed"
    if not path.exists():
        temporary = directory / f".seed.{os.getpid()}"
        try:
            write(temporary, secrets.token_hex(16))
            # A link, unlike a rename, leaves the seed alone that somebody else made meanwhile.
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink(missing_ok=True)
    return path.read_text(encoding="ascii")


class Flash:
    """The camera's memory: one JSON file in the state directory.

    It withstands the end of the process at any moment. It is not synchronised to the disk, because the power
    cuts that are simulated here are the camera's and not the computer's.

    Args:
        directory: the state directory.
        name: of the file.
    """

    def __init__(self, directory: Path, name: str = "state.json") -> None:
        self._path = directory / name

    def load(self) -> dict[str, Any] | None:
        """The state last saved; None on a device that has never been started."""
        try:
            state: dict[str, Any] = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return None
        return state

    def save(self, state: dict[str, Any]) -> None:
        """Keep the state."""
        write(self._path, json.dumps(state, separators=(",", ":")))


def lock(directory: Path) -> IO[str]:
    """Keep other cameras away from the state directory until the file that is returned is closed.

    Raises:
        StateInUseError: another camera runs from the directory.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (directory / "lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StateInUseError(f"{directory}: another virtual camera is running from this directory") from None
    return file


def is_locked(directory: Path) -> bool:
    """Whether a camera is running from the state directory."""
    try:
        lock(directory).close()
    except StateInUseError:
        return True
    return False
