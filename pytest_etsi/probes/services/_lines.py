"""Services that greet with a line: FTP (RFC 959), SMTP (RFC 5321), POP3 (RFC 1939), IMAP (RFC 9051), MySQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.services._model import Challenge, Service
from pytest_etsi.probes.services._talk import UNKNOWN_USER
from pytest_etsi.probes.telnet import strip_commands

if TYPE_CHECKING:
    from pytest_etsi.probes.services._talk import Greeting, Talk

__all__ = ["greets"]


def greets(talk: Talk, greeting: Greeting) -> Service | None:
    """Recognise the greeting, and ask what the service offers."""
    text = strip_commands(greeting.data).lstrip()
    if re.match(rb"220[ -]", text):
        smtp = re.search(rb"\b(E?SMTP|mail)\b", text, re.IGNORECASE) and not re.search(rb"(?i)ftp", text)
        return _smtp(talk, greeting) if smtp else _ftp(talk, greeting)
    if text.startswith(b"+OK"):
        offered = talk.ask(
            greeting.connection, b"CAPA\r\n", lambda seen: seen.endswith(b".\r\n") or b"-ERR" in seen
        )
        starttls = bool(re.search(rb"(?mi)^STLS\r?$", offered))
        return talk.service(
            "pop3", (Challenge("pop3", "USER/PASS", "password"),), greeting.data, starttls=starttls
        )
    if text.startswith(b"* OK"):
        offered = talk.ask(greeting.connection, b"a1 CAPABILITY\r\n", lambda seen: b"a1 " in seen)
        starttls = bool(re.search(rb"(?i)\bSTARTTLS\b", offered))
        return talk.service(
            "imap", (Challenge("imap", "LOGIN", "password"),), greeting.data, starttls=starttls
        )
    if greeting.data[4:5] == b"\x0a" and b"mysql_native_password" in greeting.data:
        return talk.service("mysql", (Challenge("mysql", "handshake", "password"),), greeting.data)
    return None


def _ended(seen: bytes) -> bool:
    return bool(re.search(rb"(^|\n)\d{3} .*\n", seen))


def _smtp(talk: Talk, greeting: Greeting) -> Service | None:
    answer = talk.ask(greeting.connection, b"EHLO probe\r\n", _ended)
    offered = re.search(rb"(?m)^250[ -]AUTH[ =](.*?)\r?$", answer)
    challenges = (Challenge("smtp", printable(offered[1], 80), "password"),) if offered else ()
    starttls = bool(re.search(rb"(?mi)^250[ -]STARTTLS\r?$", answer))
    return talk.service("smtp", challenges, greeting.data, starttls=starttls)


def _ftp(talk: Talk, greeting: Greeting) -> Service | None:
    answer = talk.ask(greeting.connection, f"USER {UNKNOWN_USER}\r\n".encode(), _ended)
    reply = answer[-200:]
    found: tuple[Challenge, ...] = ()
    if re.search(rb"(^|\n)(331|332|530)", reply):
        found = (Challenge("ftp", printable(reply.strip(), 80), "password"),)
    elif re.search(rb"(^|\n)230", reply):
        talk.notes.append("USER alone logs in, no password asked for")
    elif re.search(rb"(^|\n)(421|5\d\d)", reply):
        talk.notes.append(f"USER was answered by {printable(reply.strip(), 80)}")
    else:
        return talk.service("unknown", (), greeting.data, note="a 220 greeting, but not FTP")
    offered = talk.exchange_after_greeting(b"FEAT\r\n", _ended)
    return talk.service(
        "ftp", found, greeting.data, starttls=bool(re.search(rb"(?mi)^ ?AUTH\b.*\bTLS", offered))
    )
