"""Switching a connection to TLS: SMTP (RFC 3207), FTP (RFC 4217), IMAP (RFC 3501), POP3 (RFC 2595)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pytest_etsi.probes._net import receive, send
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    import socket

    from pytest_etsi.probes._net import Deadline

__all__ = ["STARTTLS", "StartTls", "switch"]

StartTls: TypeAlias = Literal["smtp", "ftp", "imap", "pop3"]

STARTTLS: tuple[StartTls, ...] = get_args(StartTls)
"""Protocols that can be switched to TLS."""

_MAX_LINES = 16 * 1024

# Per protocol: what ends the greeting, then each command and what its good answer looks like.
_DIALOGUES: dict[StartTls, tuple[re.Pattern[bytes], tuple[tuple[bytes, re.Pattern[bytes]], ...]]] = {
    "smtp": (
        re.compile(rb"(?m)^220(?: .*)?\r?\n"),
        (
            (b"EHLO tester.invalid\r\n", re.compile(rb"(?m)^250(?: .*)?\r?\n")),
            (b"STARTTLS\r\n", re.compile(rb"(?m)^220(?: .*)?\r?\n")),
        ),
    ),
    "ftp": (
        re.compile(rb"(?m)^220(?: .*)?\r?\n"),
        ((b"AUTH TLS\r\n", re.compile(rb"(?m)^234(?: .*)?\r?\n")),),
    ),
    "imap": (
        re.compile(rb"(?m)^\* (?:OK|PREAUTH).*\r?\n"),
        ((b"a1 STARTTLS\r\n", re.compile(rb"(?mi)^a1 OK.*\r?\n")),),
    ),
    "pop3": (
        re.compile(rb"(?m)^\+OK.*\r?\n"),
        ((b"STLS\r\n", re.compile(rb"(?m)^\+OK.*\r?\n")),),
    ),
}
# An answer that ends the matter: a refusal in any of these protocols.
_REFUSAL = re.compile(rb"(?mi)^(?:[45]\d\d(?: .*)?|-ERR.*|a1 (?:NO|BAD).*|\* BYE.*)\r?\n")


def switch(connection: socket.socket, protocol: StartTls, deadline: Deadline) -> str:
    """Bring a fresh connection to where a ClientHello may be sent.

    Returns:
        Empty when it is there; otherwise what the server said instead.
    """
    greeting, commands = _DIALOGUES[protocol]
    said = _expect(connection, greeting, deadline)
    for command, answer in commands:
        if said is not None:
            return said
        if not send(connection, command, deadline):
            return f"the connection broke before {printable(command.strip())}"
        said = _expect(connection, answer, deadline)
    return said or ""


def _expect(connection: socket.socket, wanted: re.Pattern[bytes], deadline: Deadline) -> str | None:
    """Read lines until the wanted one; None when it came, otherwise what came instead."""

    def enough(data: bytes) -> bool:
        return wanted.search(data) is not None or _REFUSAL.search(data) is not None

    data, end = receive(connection, deadline, limit=_MAX_LINES, enough=enough)
    if wanted.search(data):
        return None
    return printable(data.strip(), 80) or f"no answer ({end})"
