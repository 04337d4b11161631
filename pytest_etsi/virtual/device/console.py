"""The UART: a pseudo terminal that stays when the camera loses power, as the adapter on the bench does."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from typing import TYPE_CHECKING

from pytest_etsi.virtual.device import shell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Console"]


class Console:
    """The camera's end of the serial line.

    Args:
        link: symbolic link through which the bench finds the terminal.
        identity: what the shell tells of the device.
        service: what a line is answered with while the owner has the connector open; None: the line is silent and
            reads into the void.
        talks: print the boot log and offer a shell; for the flaw `UART_SHELL`.
    """

    def __init__(self, link: Path, identity: str, *, service: Callable[[], str | None], talks: bool) -> None:
        self._link = link
        self._identity = identity
        self._service = service
        self._talks = talks
        self._powered = False
        self._active = False
        self._lines = shell.Lines(self._line)
        # The other end is kept open here as well: without any opener reading would fail, not wait.
        self._ours, self._theirs = pty.openpty()
        # Raw: the terminal itself must not echo, or a silent device would seem to answer.
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)

    def open(self) -> None:
        """Connect the line; needs a running event loop."""
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(self._theirs))
        asyncio.get_running_loop().add_reader(self._ours, self._read)

    def close(self) -> None:
        """Disconnect the line."""
        asyncio.get_running_loop().remove_reader(self._ours)
        self._link.unlink(missing_ok=True)
        os.close(self._ours)
        os.close(self._theirs)

    def power(self, *, on: bool, boot_count: int = 0) -> None:
        """The camera has got or lost power."""
        self._powered = on
        self._active = False
        if on and self._talks:
            self._write(shell.boot_log(boot_count))

    def _read(self) -> None:
        try:
            data = os.read(self._ours, 4096)
        except (BlockingIOError, OSError):
            return
        if self._powered and (self._talks or self._service() is not None):
            self._lines.feed(data)

    def _line(self, line: str) -> None:
        if not self._talks:
            text = self._service()
            if text is not None:
                self._write(f"{text}\r\n")
            return
        if self._active:
            self._write(f"\r\n{shell.run(line, self._identity)}")
        self._active = True
        self._write(shell.PROMPT)

    def _write(self, text: str) -> None:
        try:
            os.write(self._ours, text.encode())
        except (BlockingIOError, OSError):
            # Nobody reads and the terminal's buffer is full: as on a real line, the characters are lost.
            return
