"""Changing a token so that what it says or what it is signed with becomes another, and not merely its spelling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

__all__ = ["tamper", "tampered"]

_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_LONGEST_PLAIN = 3
"""Characters up to which a part is no signature or identifier, such as a version."""


def tamper(client: httpx.Client, names: frozenset[str]) -> bool:
    """Change what the login gave, in these headers and in cookies; False: it gave nothing that is sent along."""
    changed = False
    for name in names:
        token = client.headers.get(name, "")
        if not token.lower().startswith(("basic", "digest")) and (other := tampered(token)) != token:
            client.headers[name] = other
            changed = True
    for cookie in list(client.cookies.jar):
        value = cookie.value or ""
        cookie.value = tampered(value)
        changed = changed or cookie.value != value
    return changed


def tampered(token: str) -> str:
    """The token with one character changed that counts, whatever alphabet it is written in.

    The last character of base64 may carry bits that a reader drops, padding carries none, and hexadecimal digits mean
    the same in either case: the character is one amid the last long part, where a signature stands if there is one, and
    its successor differs from it as a digit, as a letter and in either case.

    Returns:
        Another token; the same one where it has no letter and no digit.
    """
    parts = [found for found in re.finditer(r"[^.:|&=,;~!$\s]+", token) if len(found[0]) > _LONGEST_PLAIN]
    first, end = parts[-1].span() if parts else (0, len(token))
    barred = {place for found in _ESCAPED.finditer(token) for place in range(*found.span())}
    middle = first + (end - first) // 2
    places = sorted(range(first, end), key=lambda place: abs(place - middle))
    for place in (*places, *range(len(token))):
        if place not in barred and token[place].isascii() and token[place].isalnum():
            return token[:place] + _other(token[place]) + token[place + 1 :]
    return token


def _other(character: str) -> str:
    """A character of the same kind that means another value in base64, in hexadecimal and as a digit."""
    if character.isdigit():
        return str((int(character) + 5) % 10)
    low = character.lower()
    other = "a" if low in "mnopqrstuvwxyz" else "bcdefa"["abcdef".index(low)] if low in "abcdef" else "z"
    return other.upper() if character.isupper() else other
