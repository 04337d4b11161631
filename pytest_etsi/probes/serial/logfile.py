"""Writes down what goes over a console, line by line as it comes, without secrets and without holding anybody up."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["LogFile"]

_LONGEST_LINE = 4096
_BEHIND = 8 * 1024 * 1024
"""Bytes that may wait to be written; what a console says faster than that is left out, and counted."""
_ENDS_S = 30.0


class LogFile:
    """A file to which a log is written by a thread of its own.

    Whole lines are masked and written, since a secret that is echoed comes letter by letter. What the disk does not
    take is given up, once and for all, and said by `failed`. Masking takes its time, and draining must not wait for it.

    Attributes:
        path: the file, appended to.
        failed: why nothing is written any more; empty: it is.

    Args:
        path: the file.
        mask: takes secrets out of one or more whole lines.
        most: bytes after which no more is written.
        behind: bytes that may wait to be written.
    """

    def __init__(
        self,
        path: Path,
        mask: Callable[[bytes], bytes] = bytes,
        *,
        most: int = 256 * 1024 * 1024,
        behind: int = _BEHIND,
    ) -> None:
        self.path = path
        self.failed = ""
        self._mask = mask
        self._left = most
        self._behind = behind
        self._coming: dict[str, bytearray] = {}
        self._waiting: deque[tuple[datetime, str, bytes]] = deque()
        self._size = 0
        self._left_out = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._busy = False

    def add(self, direction: str, data: bytes) -> None:
        """Add what went over the line; never waits for the disk."""
        with self._changed:
            if self.failed:
                return
            coming = self._coming.setdefault(direction, bytearray())
            coming += data
            if direction == "!":
                coming += b"\n"
            end = coming.rfind(b"\n") + 1
            if not end:
                if len(coming) < _LONGEST_LINE:
                    return
                end = len(coming)
            whole = bytes(coming[:end])
            del coming[:end]
            self._give(direction, whole.removesuffix(b"\n"))

    def flush(self) -> None:
        """Wait until all whole lines are written, for half a minute at most."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._busy, _ENDS_S)

    def close(self) -> None:
        """Write what waits and what has come of a last line, and end the thread."""
        with self._changed:
            for direction, coming in self._coming.items():
                if coming:
                    self._give(direction, bytes(coming))
            self._coming.clear()
            thread, self._thread = self._thread, None
            self._closing = True
            self._changed.notify_all()
        if thread is not None:
            thread.join(_ENDS_S)

    def _give(self, direction: str, lines: bytes) -> None:
        """Hand lines to the thread; the lock is held."""
        if self._size + len(lines) > self._behind:
            self._left_out += len(lines)
            return
        at = datetime.now(UTC)
        if self._left_out:
            self._waiting.append((at, "!", f"{self._left_out} bytes came too fast to be written".encode()))
            self._left_out = 0
        self._waiting.append((at, direction, lines))
        self._size += len(lines)
        if self._thread is None:
            self._closing = False
            self._thread = threading.Thread(target=self._run, name=f"log {self.path}", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: bool(self._waiting) or self._closing)
                if not self._waiting:
                    return
                at, direction, lines = self._waiting.popleft()
                self._size = max(0, self._size - len(lines))
                self._busy = True
            self._write(at, direction, lines)

    def _write(self, at: datetime, direction: str, lines: bytes) -> None:
        if self.failed:
            return
        stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        head = f"{stamp} {direction} "
        masked = self._mask(lines.replace(b"\r\n", b"\n").rstrip(b"\r")).split(b"\n")
        shown = "".join([f"{head}{printable(line, _LONGEST_LINE)}\n" for line in masked]).encode()
        self._left -= len(shown)
        if self._left < 0:
            self.failed = "the file of the console is full"
            shown = f"{stamp} ! nothing more is written here: too much has come\n".encode()
        new = not self.path.exists()
        try:
            with self.path.open("ab") as file:
                file.write(shown)
        except OSError as error:
            self.failed = f"{self.path}: {error.strerror or error}"
        if new:
            with contextlib.suppress(OSError):
                self.path.chmod(0o600)
