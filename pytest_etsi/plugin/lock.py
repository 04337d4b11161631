"""One process at a time on one device, also across workers and separate runs on the same computer."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from pytest_etsi.profile import Profile

__all__ = ["DeviceLock", "lock_path"]

WAIT_S = 1800.0
"""How long a test waits for another process to let go of the device, in seconds."""


def lock_path(profile: Profile) -> Path:
    """The file that stands for the device: the same for every profile that reaches the same addresses."""
    access = profile.access
    parts: list[str] = []
    if access.network is not None:
        parts += [*sorted(access.network.hosts), access.network.ports]
    elif access.serial is not None:
        parts.append(access.serial.url)
    else:
        parts.append(str(profile.path))
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"pytest-etsi-{user}" / f"{name}.lock"


class DeviceLock:
    """The lock of a device; taken when a test first uses the device, given back at the end of the test."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self._lock: BaseFileLock | None = None

    @property
    def held(self) -> bool:
        """Whether this process has the device."""
        return self._lock is not None

    def acquire(self) -> None:
        """Take the device; taking it again does nothing.

        Raises:
            Inconclusive: another process has it for too long.
        """
        if self._lock is not None:
            return
        from filelock import FileLock, Timeout

        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(self._path)
        try:
            lock.acquire(timeout=WAIT_S, poll_interval=0.05)
        except Timeout:
            inconclusive(
                f"another process has been using {self._name} for more than {WAIT_S / 60:.0f} minutes",
                cause=Cause.BENCH,
                settle=f"end the other run; the lock is {self._path}",
            )
        self._lock = lock

    def release(self) -> None:
        """Give the device back; giving it back again does nothing."""
        lock, self._lock = self._lock, None
        if lock is not None:
            with contextlib.suppress(OSError):
                lock.release()
