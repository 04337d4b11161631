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
    from collections.abc import Callable

    from filelock import BaseFileLock

    from pytest_etsi.profile import Profile

__all__ = ["DeviceLock", "lock_path"]

WAIT_S = 1800.0
"""How long a test waits for another process to let go of the device, in seconds."""
QUIETLY_S = 2.0
"""For so long it does so without a word."""


def lock_path(profile: Profile) -> Path:
    """The file that stands for the device: the same for every profile that reaches the same addresses.

    In another network namespace the same addresses are another device's.
    """
    access = profile.access
    parts: list[str] = []
    if access.network is not None:
        parts += [*sorted(access.network.hosts), access.network.ports, _network_namespace()]
    elif access.serial is not None:
        parts.append(access.serial.url)
        if access.labgrid is not None:
            parts += [
                access.labgrid.coordinator or "",
                access.labgrid.place or "",
                str(access.labgrid.environment),
            ]
    else:
        parts.append(str(profile.path))
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"pytest-etsi-{user}" / f"{name}.lock"


def _network_namespace() -> str:
    """What tells the network namespace of this process from others; empty where there are none."""
    try:
        return str(Path("/proc/self/ns/net").readlink())
    except OSError:
        return ""


class DeviceLock:
    """The lock of a device; taken when a test first uses the device, given back at the end of the test.

    Args:
        path: the file that stands for the device.
        name: of the device.
        say: shows a line to whoever waits.
    """

    def __init__(self, path: Path, name: str, say: Callable[[str], None] = lambda _: None) -> None:
        self._path = path
        self._name = name
        self._say = say
        self._holder = path.with_suffix(".holder")
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
        quietly = min(QUIETLY_S, WAIT_S)
        try:
            try:
                lock.acquire(timeout=quietly, poll_interval=0.05)
            except Timeout:
                self._say(
                    f"etsi: {self._name} is in use by {self._who()}; waiting for it, for {WAIT_S / 60:.0f} minutes at "
                    f"most (lock {self._path})"
                )
                lock.acquire(timeout=WAIT_S - quietly, poll_interval=0.05)
        except Timeout:
            inconclusive(
                f"another process has been using {self._name} for more than {WAIT_S / 60:.0f} minutes: {self._who()}",
                cause=Cause.BENCH,
                settle=f"end the other run; the lock is {self._path}",
            )
        self._lock = lock
        with contextlib.suppress(OSError):
            self._holder.write_text(f"process {os.getpid()} in {Path.cwd()}", encoding="utf-8")

    def _who(self) -> str:
        """Who has the device, as it says itself."""
        try:
            return self._holder.read_text(encoding="utf-8")[:500] or "another process"
        except (OSError, ValueError):
            return "another process"

    def release(self) -> None:
        """Give the device back; giving it back again does nothing."""
        lock, self._lock = self._lock, None
        if lock is not None:
            with contextlib.suppress(OSError):
                self._holder.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                lock.release()
