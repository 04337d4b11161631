"""What a script tells of logging in, by reading it: password fields, paths, other scripts that it loads."""

from __future__ import annotations

import re
from typing import Literal

from pytest_etsi.probes.prompts import SECRETS

__all__ = ["draws_password", "login_paths", "logs_in_by_socket", "posted_logins", "prompts_for", "scripts_of"]

_MAX_SCRIPT = 1024 * 1024
_NEAR = 300
_PASSWORD_FIELD = re.compile(r"""(?i)type["']?\s{0,9}[:=,]\s{0,9}\\?["'`]?password\b""")
_PATH = re.compile(r"""["'`](/[A-Za-z0-9_./-]{1,60})["'`]""")
_SCRIPT = re.compile(r"""["'`]([A-Za-z0-9_./@~-]{1,120}\.m?js)["'`]""")
_LOGIN_WORDS = re.compile(r"(?i)log-?in|sign-?in|auth|session|token|passw")
_LOGIN_BY_NAME = re.compile(r"(?i)/(?:log-?in|log-?on|sign-?in|auth(?:enticate|entication)?)(?:/|$|\.)")
_LOGIN_PERHAPS = re.compile(r"(?i)/(?:sessions?|tokens?|authorize)(?:/|$)")
_API_PATH = re.compile(r"(?i)/(api|rest|cgi-bin|v\d+)(/|$)")
_POSTS = re.compile(r"""(?i)\bPOST\b|\.post\s?\(""")
_SECRET = re.compile(r"(?i)passw|passphrase|\bpwd\b|\bpin\b|credential")
_SOCKET = re.compile(r"\bWebSocket\s{0,9}\(")
_LOGS_IN = re.compile(r"(?i)log[_-]?in|sign[_-]?in|\bauth(?!or)|passw|\bpwd\b|credential")
_PROMPT = re.compile(
    r"""(?<![.\w$])(?:(?:window|self|top)\s?\.\s?)?prompt\s{0,9}\(\s{0,9}(?:(["'`])([^"'`\n]{0,200})\1|([^)\s]))"""
)
"""A dialogue that asks for a line of text; not that by which an app is installed, a method of another object."""
_WORDS = re.compile(rf"(?i)(?<![a-z])(?:{'|'.join(map(re.escape, SECRETS))})(?![a-z])|passw|pwd")


def prompts_for(text: str) -> Literal["password", "something", ""]:
    """What a script asks for in a dialogue of the browser: a secret, something in words of its making, or nothing.

    A page that asks so has no field, and what is typed goes to the server all the same.
    """
    found = [(match[2], match[3]) for match in _PROMPT.finditer(text[:_MAX_SCRIPT])]
    if any(said and _WORDS.search(said) for said, _ in found):
        return "password"
    return "something" if any(put_together for _, put_together in found) else ""


def logs_in_by_socket(text: str) -> bool:
    """Whether a script opens a WebSocket and speaks of logging in, which it may do there with fields of any kind."""
    text = text[:_MAX_SCRIPT]
    return _SOCKET.search(text) is not None and _LOGS_IN.search(text) is not None


def draws_password(text: str) -> bool:
    """Whether a script makes a field for a password."""
    return _PASSWORD_FIELD.search(text[:_MAX_SCRIPT]) is not None


def login_paths(text: str) -> list[str]:
    """Paths that look like an interface or a login, fifteen at most."""
    found = dict.fromkeys(_PATH.findall(text[:_MAX_SCRIPT]))
    return [path for path in found if _API_PATH.search(path) or _LOGIN_WORDS.search(path)][:15]


def posted_logins(text: str) -> list[str]:
    """Paths to which a script posts what somebody logs in with; a GET of them may show nothing."""
    text = text[:_MAX_SCRIPT]
    found: dict[str, None] = {}
    for match in _PATH.finditer(text):
        path = match[1]
        by_name = _LOGIN_BY_NAME.search(path)
        if not by_name and not _LOGIN_PERHAPS.search(path):
            continue
        around = text[max(0, match.start() - 40) : match.end() + _NEAR]
        if _POSTS.search(around) and (by_name or _SECRET.search(around)):
            found[path] = None
    return list(found)[:5]


def scripts_of(text: str) -> list[str]:
    """Other scripts that a script names, such as modules that it loads when they are needed, thirty at most."""
    return list(dict.fromkeys(_SCRIPT.findall(text[:_MAX_SCRIPT])))[:30]
