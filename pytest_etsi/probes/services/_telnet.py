"""Telnet and other line-oriented logins, by option negotiation (RFC 854) or a prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.services._model import Challenge, Service
from pytest_etsi.probes.services._talk import MAX_ANSWER
from pytest_etsi.probes.telnet import LOGIN_PROMPT, PASSWORD_PROMPT, SHELL_PROMPT, negotiate, strip_commands

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
    if _prompts(text):
        challenges = (Challenge("login-prompt", prompt, "password"),)
    elif SHELL_PROMPT.search(text):
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
    return bool(LOGIN_PROMPT.search(text) or PASSWORD_PROMPT.search(text))
