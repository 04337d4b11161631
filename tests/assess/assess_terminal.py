"""A pseudo-terminal in which a test types as a person would."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import termios
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Terminal"]


def _take_the_terminal() -> None:
    """Make the terminal that of the command, so that Ctrl-C reaches it."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """A command in a pseudo-terminal of 80 columns."""

    def __init__(self, *command: str | Path, cwd: Path | None = None) -> None:
        self._master, slave = pty.openpty()
        environment = {**os.environ, "TERM": "dumb", "COLUMNS": "80", "LINES": "40"}
        self.process = subprocess.Popen(
            [*map(str, command)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=cwd,
            preexec_fn=_take_the_terminal,
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

    def type(self, line: str) -> None:
        os.write(self._master, f"{line}\n".encode())

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
        self.process.terminate()
        self.process.wait(10)
        os.close(self._master)
