"""A pseudo-terminal in which a test types as a person would."""

from __future__ import annotations

import os
import pty
import select
import signal
import termios
import time
from typing import TYPE_CHECKING

from forks import Fork
from suite_runs import ALONE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Terminal"]


class Terminal:
    """A command in a pseudo-terminal of 80 columns.

    Args:
        kind: "pytest" or "etsi", as for `forks.Fork`.
        arguments: of its command line.
        cwd: its current directory; None: this process's.
    """

    def __init__(self, kind: str, *arguments: str | Path, cwd: Path | None = None) -> None:
        self._master, slave = pty.openpty()
        environment = {**os.environ, "TERM": "dumb", "COLUMNS": "80", "LINES": "40", **ALONE}
        files = slave, slave, slave
        self.process = Fork(
            kind, [*map(str, arguments)], files, directory=cwd, environment=environment, terminal=True
        )
        os.close(slave)
        self.shown = ""
        self._read = 0

    def expect(self, words: str, seconds: float = 30) -> None:
        """Read until `words` are shown."""
        end = time.monotonic() + seconds
        while words not in self.shown[self._read :]:
            assert time.monotonic() < end, f"{words!r} not seen in:\n{self.shown[-2000:]}"
            if select.select([self._master], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self._master, 65536).decode("utf-8", "replace")
                except OSError:
                    assert words in self.shown[self._read :], self.shown[-2000:]
        self._read = self.shown.index(words, self._read) + len(words)

    def expect_reading(self, seconds: float = 30) -> None:
        """Wait until keys are taken one by one: a prompt is shown a moment before, and what is typed then is dropped."""
        end = time.monotonic() + seconds
        while termios.tcgetattr(self._master)[3] & termios.ICANON:
            assert time.monotonic() < end, self.shown[-2000:]
            time.sleep(0.01)

    def type(self, line: str) -> None:
        os.write(self._master, f"{line}\n".encode())

    def press(self, key: str) -> None:
        os.write(self._master, key.encode())

    def interrupt(self, words: str) -> None:
        """Press Ctrl-C until `words` are shown: a signal that comes just before Python waits for a line wakes nobody."""
        for attempt in range(5):
            os.write(self._master, b"\x03")
            try:
                self.expect(words, 15)
            except AssertionError:
                if attempt == 4:
                    raise
            else:
                return

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        os.close(self._master)
