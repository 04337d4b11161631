"""Telnet and other line-oriented logins, by option negotiation (RFC 854) or a prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.prompts import LOGIN_PROMPT, PASSWORD_PROMPT, SHELL_PROMPT, UNKNOWN_PROMPT, ends_in
from pytest_etsi.probes.services._model import Challenge, Service
from pytest_etsi.probes.services._talk import MAX_ANSWER
from pytest_etsi.probes.telnet import negotiate, strip_commands

if TYPE_CHECKING:
    from pytest_etsi.probes.services._talk import Greeting, Talk

__all__ = ["answers", "greets"]

_IAC = b"\xff"


def greets(talk: Talk, greeting: Greeting) -> Service | None:
    """Recognise negotiation or a prompt, and read on to the prompt."""
    banner = greeting.data
    if not banner.startswith(_IAC) and not _prompts(strip_commands(banner)):
        return None
    talk.asks("telnet: no option is wanted")
    text, more = negotiate(greeting.connection, banner, talk.budget(), prompts=True)
    seen = (banner + more)[:MAX_ANSWER]
    prompt = printable(text.strip().splitlines()[-1] if text.strip() else b"", 80)
    challenges: tuple[Challenge, ...] = ()
    # Who negotiates and leaves a line open with a colon asks for a name, in whatever language.
    if _prompts(text) or ends_in(UNKNOWN_PROMPT, text):
        challenges = (Challenge("login-prompt", prompt, "password"),)
    elif ends_in(SHELL_PROMPT, text):
        talk.notes.append(f"a command prompt without a login: {prompt}")
    else:
        talk.notes.append("Telnet negotiation, but no prompt was seen")
    return talk.service("telnet", challenges, text.strip() or seen)


def answers(talk: Talk) -> Service | None:
    """Recognise a prompt in the answer to an HTTP request."""
    if not talk.page or talk.tls or not _prompts(strip_commands(talk.page)):
        return None
    detail = printable(talk.page.strip(), 80)
    return talk.service("telnet", (Challenge("login-prompt", detail, "password"),), talk.page)


def _prompts(text: bytes) -> bool:
    return ends_in(LOGIN_PROMPT, text) or ends_in(PASSWORD_PROMPT, text)
