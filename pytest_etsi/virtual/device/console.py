"""The UART: a pseudo terminal that stays when the camera loses power, as the adapter on the bench does."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from typing import TYPE_CHECKING

from pytest_etsi.virtual.device import shell
from pytest_etsi.virtual.flaws import Flaw, InterfaceFlaw

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Console"]

_LOADER_S = 0.8
"""Seconds for which the boot loader lets itself be stopped, where it does."""
_LOADER_KEY = 0x03


class Console:
    """The camera's end of the serial line.

    Args:
        link: symbolic link through which the bench finds the terminal.
        identity: what the shell tells of the device.
        password: of the owner; told by a flaw only.
        service: what a line is answered with while the owner has the connector open; None: the line is silent and
            reads into the void.
        flaws: the weaknesses to show.
    """

    def __init__(
        self,
        link: Path,
        identity: str,
        password: str,
        *,
        service: Callable[[], str | None],
        flaws: frozenset[Flaw],
    ) -> None:
        self._link = link
        self._identity = identity
        self._password = password
        self._service = service
        self._flaws = flaws
        self._talks = InterfaceFlaw.UART_SHELL in flaws
        self._powered = False
        self._active = False
        self._enters = 0
        self._in_loader = False
        self._counts_until = 0.0
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
        self._active = self._in_loader = False
        self._enters = 0
        self._lines = shell.Lines(self._line)
        if not on:
            return
        self._counts_until = asyncio.get_running_loop().time() + _LOADER_S
        if self._talks:
            self._write(shell.boot_log(boot_count))
        if InterfaceFlaw.UART_LOGS_PASSWORD in self._flaws:
            self._write(f"camera: accounts loaded, owner logs in with {self._password}\r\n")

    def _read(self) -> None:
        try:
            data = os.read(self._ours, 4096)
        except (BlockingIOError, OSError):
            return
        if not self._powered:
            return
        if InterfaceFlaw.UART_BOOT_LOADER in self._flaws and not self._in_loader and _LOADER_KEY in data:
            if asyncio.get_running_loop().time() < self._counts_until:
                self._in_loader = True
                self._write(f"\r\n{shell.LOADER_PROMPT}")
            return
        self._lines.feed(data)

    def _line(self, line: str) -> None:
        if self._in_loader:
            self._write(f"\r\n{shell.run_loader(line)}{shell.LOADER_PROMPT}")
        elif self._talks:
            if self._active:
                self._write(f"\r\n{shell.run(line, self._identity)}")
            self._active = True
            self._write(shell.PROMPT)
        elif InterfaceFlaw.UART_LOGIN in self._flaws:
            self._write(f"\r\n{shell.LOGIN_PROMPT}")
        elif InterfaceFlaw.UART_AFTER_KEY in self._flaws:
            # The first line only wakes it.
            self._enters += 1
            if self._enters > 1:
                self._write(f"\r\n{shell.run(line, self._identity)}{shell.PROMPT}")
        elif (text := self._service()) is not None:
            self._write(f"{text}\r\n")

    def _write(self, text: str) -> None:
        try:
            os.write(self._ours, text.encode())
        except (BlockingIOError, OSError):
            # Nobody reads and the terminal's buffer is full: as on a real line, the characters are lost.
            return
