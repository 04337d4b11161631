"""Telnet and Telnet-like logins: negotiation refused politely, prompts read, one attempt to log in."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import MAX_READ, Deadline, connect, receive, send, why
from pytest_etsi.probes.login import Login, LoginAttempt, LoginOutcome
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.prompts import (
    BARE_PROMPT,
    LOGIN_PROMPT,
    PASSWORD_PROMPT,
    REJECTION,
    SHELL_PROMPT,
    UNKNOWN_PROMPT,
    ends_in,
    last_line,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

__all__ = ["TelnetLogin", "attempt", "negotiate", "strip_commands"]

_QUIET_S = 2.5
"""Seconds of silence after which an unfinished line is a question in a language that is not known here."""
_STAYS_S = 0.3
"""Seconds in which a device that refuses closes by itself."""
_AGAIN_S = 4.0
"""Seconds for a command prompt to come again after an empty line."""
_IAC, _DONT, _DO, _WONT, _WILL, _SB, _SE = 255, 254, 253, 252, 251, 250, 240


def strip_commands(data: bytes) -> bytes:
    """The text without Telnet commands (RFC 854)."""
    return _split_commands(data)[0]


def _split_commands(data: bytes) -> tuple[bytes, bytes]:
    """The text, and the replies that refuse every option the other side wants or offers."""
    text = bytearray()
    replies = bytearray()
    position = 0
    while position < len(data):
        byte = data[position]
        if byte != _IAC:
            text.append(byte)
            position += 1
            continue
        command = data[position + 1] if position + 1 < len(data) else None
        if command is None:
            break
        if command == _IAC:
            text.append(_IAC)
            position += 2
        elif command in {_DO, _DONT, _WILL, _WONT}:
            if position + 2 < len(data):
                option = data[position + 2]
                # Echo and suppress-go-ahead by the server are what a login wants; everything else is refused.
                if command == _DO:
                    replies += bytes((_IAC, _WONT, option))
                elif command == _WILL:
                    replies += bytes((_IAC, _DO if option in {1, 3} else _DONT, option))
            position += 3
        elif command == _SB:
            end = data.find(bytes((_IAC, _SE)), position)
            position = len(data) if end < 0 else end + 2
        else:
            position += 2
    return bytes(text), bytes(replies)


def negotiate(
    connection: socket.socket, seen: bytes, deadline: Deadline, *, prompts: bool = False, quiet_s: float = 1.5
) -> tuple[bytes, bytes]:
    """Answer option negotiation and read on until a prompt, silence or the deadline.

    Args:
        connection: the open connection.
        seen: what has been read from it already.
        deadline: when to stop.
        prompts: stop as soon as a login, password or command prompt stands at the end.
        quiet_s: seconds of silence after which reading ends.

    Returns:
        All text without commands, and the raw bytes that were read here.
    """
    raw = bytearray(seen)
    text, replies = _split_commands(bytes(raw))
    answered = 0
    while not deadline.expired and len(raw) < MAX_READ:
        if replies[answered:]:
            send(connection, replies[answered:], deadline)
            answered = len(replies)
        if prompts and (
            ends_in(LOGIN_PROMPT, text) or ends_in(PASSWORD_PROMPT, text) or ends_in(SHELL_PROMPT, text)
        ):
            break
        more, end = receive(connection, deadline.within(quiet_s), limit=65536)
        raw += more
        text, replies = _split_commands(bytes(raw))
        if end != "enough":
            break
    return text, bytes(raw[len(seen) :])


def attempt(
    host: str,
    port: int,
    username: str | None,
    password: str,
    *,
    timeout_s: float = bounds.TELNET.step_s,
    source: str | None = None,
) -> LoginAttempt:
    """Try to log in once, on a connection of its own; see `TelnetLogin` for several on one connection."""
    with TelnetLogin(host, port, timeout_s=timeout_s, source=source) as login:
        return login.attempt(username, password)


class TelnetLogin(Login):
    """Logins over one Telnet connection, renewed when the device ends it."""

    def __init__(
        self, host: str, port: int, *, timeout_s: float = bounds.TELNET.step_s, source: str | None = None
    ) -> None:
        super().__init__(host, port, timeout_s=timeout_s, source=source)
        self._connection: socket.socket | None = None
        self._text = b""

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._text = b""

    def attempt(self, username: str | None, password: str) -> LoginAttempt:
        """Give a user name, where asked for one, and a password."""
        deadline = Deadline(self.timeout_s)
        fresh = self._connection is None
        if self._connection is None:
            try:
                self._connection = connect(self.host, self.port, deadline, self.source)
            except OSError as error:
                outcome: LoginOutcome = "timeout" if isinstance(error, TimeoutError) else "refused"
                return self._result(username, outcome, why(error), 0.0, fresh)
        outcome, detail, seconds = self._dialogue(self._connection, username or "", password, deadline)
        if outcome != "rejected":
            self.close()
        return self._result(username, outcome, detail, seconds, fresh)

    def _dialogue(
        self, connection: socket.socket, username: str, password: str, deadline: Deadline
    ) -> tuple[LoginOutcome, str, float]:
        questions: list[bytes] = []
        asked, end = self._until(connection, deadline, _asks, unknown=UNKNOWN_PROMPT)
        if not asked:
            return _ended(end), f"no login prompt: {_tail(self._text)}", 0.0
        if not ends_in(PASSWORD_PROMPT, self._text):
            if ends_in(SHELL_PROMPT, self._text) and not ends_in(LOGIN_PROMPT, self._text):
                return "unsupported", f"a command prompt without a login: {_tail(self._text)}", 0.0
            questions.append(last_line(self._text))
            self._say(connection, username, deadline)
            asked, end = self._until(
                connection, deadline, lambda text: ends_in(PASSWORD_PROMPT, text), unknown=UNKNOWN_PROMPT
            )
            if not asked:
                if REJECTION.search(self._text):
                    return "refused", _tail(self._text), 0.0
                return _ended(end), f"no password prompt: {_tail(self._text)}", 0.0
        questions.append(last_line(self._text))
        started = time.monotonic()
        self._say(connection, password, deadline)
        decided, end = self._until(connection, deadline, _decided, unknown=UNKNOWN_PROMPT)
        seconds = time.monotonic() - started
        said = self._text
        # A message of the day may hold such words too, but not in its first line, nor before a login prompt.
        refused = REJECTION.search(said.strip().split(b"\n")[0])
        again = last_line(said) in questions
        if ends_in(LOGIN_PROMPT, said) or ends_in(PASSWORD_PROMPT, said) or again or refused:
            if end in {"closed", "reset"}:
                self.close()
            return "rejected", _tail(said), seconds
        if not decided or ends_in(UNKNOWN_PROMPT, said):
            return _ended(end), f"no answer to the password: {_tail(said)}", seconds
        return self._proved(connection, deadline), _tail(said), seconds

    def _proved(self, connection: socket.socket, deadline: Deadline) -> LoginOutcome:
        """Whether what looks like a command prompt is one: it stays, and comes again after an empty line.

        A refusal may end in such a character too, before the device closes or asks for a name again. One that is a
        single word, such as ``401>``, and closes only after the empty line, may be either: it was closed.
        """
        within = deadline.within(_AGAIN_S)
        self._until(connection, within, lambda text: ends_in(SHELL_PROMPT, text))
        prompt = last_line(self._text)
        more, end = receive(connection, within.within(_STAYS_S), limit=65536)
        self._text += _split_commands(more)[0]
        if end not in {"closed", "reset"}:
            self._say(connection, "", within)
            _, end = self._until(connection, within, _asks)
            if end in {"closed", "reset"} and BARE_PROMPT.fullmatch(prompt):
                return "closed"
        if end in {"closed", "reset"}:
            self.close()
            return "rejected"
        if ends_in(LOGIN_PROMPT, self._text) or ends_in(PASSWORD_PROMPT, self._text):
            return "rejected"
        return "accepted" if ends_in(SHELL_PROMPT, self._text) else "garbage"

    def _until(
        self,
        connection: socket.socket,
        deadline: Deadline,
        enough: Callable[[bytes], bool],
        *,
        unknown: re.Pattern[bytes] | None = None,
    ) -> tuple[bool, str]:
        """Read on until `enough`, answering negotiation; gives whether it is, and how reading ended.

        Args:
            connection: the connection.
            deadline: when to stop.
            enough: looks at the text so far.
            unknown: is enough as well once nothing more comes.
        """
        end = "enough"
        pending = b""
        while not enough(self._text):
            guessing = unknown is not None and unknown.search(self._text) is not None
            more, end = receive(connection, deadline.within(_QUIET_S) if guessing else deadline, limit=65536)
            if guessing and not more and end == "timeout":
                return True, "enough"
            raw = pending + more
            # A command may be cut in two by the network: keep its beginning for the next read.
            cut = len(raw)
            for back in (1, 2):
                if len(raw) >= back and raw[-back] == _IAC and end == "enough":
                    cut = len(raw) - back
                    break
            pending = raw[cut:]
            text, replies = _split_commands(raw[:cut])
            self._text = (self._text + text)[-MAX_READ:]
            if replies:
                send(connection, replies, deadline)
            if end != "enough":
                return enough(self._text), end
        return True, end

    def _say(self, connection: socket.socket, line: str, deadline: Deadline) -> None:
        self._text = b""
        send(connection, line.encode().replace(b"\xff", b"\xff\xff") + b"\r\n", deadline)

    def _result(
        self, username: str | None, outcome: LoginOutcome, detail: str, seconds: float, fresh: bool
    ) -> LoginAttempt:
        return LoginAttempt(
            "telnet", self.host, self.port, username, outcome, detail, round(seconds, 6), new_connection=fresh
        )


def _asks(text: bytes) -> bool:
    return any(ends_in(prompt, text) for prompt in (LOGIN_PROMPT, PASSWORD_PROMPT, SHELL_PROMPT))


def _decided(text: bytes) -> bool:
    return bool(text.strip()) and (_asks(text) or bool(re.search(rb"(?i)last login", text)))


def _ended(end: str) -> LoginOutcome:
    return "closed" if end in {"closed", "reset"} else "garbage" if end == "limit" else "timeout"


def _tail(text: bytes) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return printable(b" | ".join(lines[-2:]), 160) if lines else "nothing was said"
