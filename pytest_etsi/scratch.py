"""Directories for what is not kept: the state of a virtual device, a capture in progress.

Each is owned by the process that made it, for as long as that lives. What a process has left behind that was killed,
the next run of the same user removes: there are keys and passwords in it.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["Scratch", "remove_leftovers"]

_PREFIX = "etsi-"
_KINDS = ("virtual", "notice", "capture", "survey", "update")
_OWNER = ".owner"
_UNOWNED_S = 3600.0


class Scratch:
    """A new directory, which goes when it is closed.

    Args:
        kind: "virtual", "notice", "capture", "survey" or "update".

    Attributes:
        path: the directory.
    """

    def __init__(self, kind: str) -> None:
        made = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}new-"))
        self._lock = FileLock(made / _OWNER)
        self._lock.acquire(timeout=0)
        # Under its name it is seen by other runs, and has its owner from the first moment.
        self.path = made.with_name(made.name.replace(f".{_PREFIX}new", f"{_PREFIX}{kind}", 1))
        made.rename(self.path)

    def close(self) -> None:
        """Remove the directory; closing again does nothing."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def remove_leftovers(directory: Path | None = None) -> list[Path]:
    """Remove what killed runs of this user have left behind; gives the directories.

    Args:
        directory: where temporary files are; None: the usual place.
    """
    place = directory or Path(tempfile.gettempdir())
    begins = tuple(f"{_PREFIX}{kind}-" for kind in _KINDS)
    try:
        names = sorted(name for name in os.listdir(place) if name.startswith(begins))  # noqa: PTH208 - many names, few paths
    except OSError:
        return []
    return [path for name in names if _is_ours(path := place / name) and _is_left(path) and _removed(path)]


def _is_ours(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())


def _is_left(path: Path) -> bool:
    owner = path / _OWNER
    try:
        if not owner.exists():
            # Of an earlier version, which may still run: then it is new, or its virtual device was told of it.
            age_s = time.time() - path.lstat().st_mtime
            return age_s > _UNOWNED_S and not _is_named_by_a_process(path)
        with FileLock(owner).acquire(timeout=0):
            return True
    except (OSError, Timeout):
        return False


def _is_named_by_a_process(path: Path) -> bool:
    name = os.fsencode(path)
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if name in command.read_bytes():
                return True
        except OSError:  # it has ended meanwhile
            continue
    return False


def _removed(path: Path) -> bool:
    shutil.rmtree(path, ignore_errors=True)
    return not path.exists()
