"""The login that no document mentions: what a forgotten telnet daemon of a vendor's test build looks like."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass

from pytest_etsi.virtual.device import shell

__all__ = ["ENGLISH", "PASSWORD", "SPANISH", "USERNAME", "TelnetLogin", "Words"]

USERNAME = "root"
PASSWORD = "example2026"  # noqa: S105 - the flaw is that such a password exists

_IAC, _SB, _SE = 255, 250, 240
_GREETING = bytes((_IAC, 253, 1, _IAC, 253, 31, _IAC, 251, 1, _IAC, 251, 3))
"""DO ECHO, DO NAWS, WILL ECHO, WILL SUPPRESS-GO-AHEAD (RFC 854, 857, 858, 1073)."""

_ATTEMPTS = 3
_IDLE_S = 60.0
_DELAY_S = 0.2


@dataclass(frozen=True, slots=True)
class Words:
    """What the login says, and in which character set: it asks for a name and for a password, and refuses."""

    name: str
    password: str
    refusal: str
    charset: str = "utf-8"


ENGLISH = Words("camera login: ", "Password: ", "Login incorrect")
SPANISH = Words("usuario: ", "contraseña: ", "Acceso denegado", "latin-1")


class TelnetLogin(asyncio.Protocol):
    """One connection: asks for a login up to three times, then closes; after the right one it is a shell."""

    def __init__(self, identity: str, words: Words = ENGLISH) -> None:
        self._identity = identity
        self._words = words
        self._transport: asyncio.Transport | None = None
        self._lines = shell.Lines(self._line)
        self._username: str | None = None
        self._inside = False
        self._failures = 0
        self._command = bytearray()
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet and ask for a login.

        Raises:
            TypeError: it is no connection that carries a stream.
        """
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"a stream is needed, not {transport!r}")
        self._transport = transport
        transport.write(_GREETING)
        self._write(f"\r\n{self._words.name}")
        self._wait()

    def connection_lost(self, _error: Exception | None) -> None:
        """Stop the timers."""
        self._transport = None
        if self._timer:
            self._timer.cancel()

    def pause_writing(self) -> None:
        """Hang up on somebody who types on and on without reading the answers."""
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what was typed."""
        self._wait()
        self._lines.feed(self._text(data))

    def _text(self, data: bytes) -> bytes:
        """What is left of the data without telnet's commands, which may come in pieces."""
        text = bytearray()
        for byte in data:
            command = self._command
            if not command:
                if byte == _IAC:
                    command.append(byte)
                elif byte:
                    text.append(byte)
                continue
            command.append(byte)
            if command[1] == _SB:
                # A subnegotiation ends with IAC SE; only its end matters, so only its end is kept.
                if command[-2:] == bytes((_IAC, _SE)):
                    command.clear()
                elif len(command) > 16:
                    del command[2:-1]
            elif command[1] == _IAC:
                text.append(_IAC)
                command.clear()
            elif command[1] < _SB or len(command) == 3:
                command.clear()
        return bytes(text)

    def _line(self, line: str) -> None:
        if self._inside:
            if line.strip() in {"exit", "logout"}:
                self._close()
                return
            self._write(f"\r\n{shell.run(line, self._identity)}{shell.PROMPT}")
        elif self._username is None:
            self._username = line.strip()
            self._write(f"\r\n{self._words.password}")
        else:
            right = hmac.compare_digest(line.encode(), PASSWORD.encode()) and self._username == USERNAME
            self._username = None
            if right:
                self._inside = True
                self._write(f"\r\n\r\nBusyBox built-in shell (ash)\r\n\r\n{shell.PROMPT}")
            else:
                self._failures += 1
                asyncio.get_running_loop().call_later(_DELAY_S, self._refuse)

    def _refuse(self) -> None:
        self._write(f"\r\n{self._words.refusal}\r\n")
        if self._failures >= _ATTEMPTS:
            self._close()
        else:
            self._write(self._words.name)

    def _write(self, text: str) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(text.encode(self._words.charset, "replace"))

    def _close(self) -> None:
        if self._transport:
            self._transport.close()

    def _wait(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_IDLE_S, self._close)
