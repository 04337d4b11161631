"""WWW-Authenticate headers, of HTTP and of what borrows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["parse_www_authenticate"]

_MAX_HEADER = 16 * 1024
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_GAP = re.compile(r"[\s,]*")
_VALUE = re.compile(r"""\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"=]+))(?=\s|,|$)""")
_TOKEN68 = re.compile(r"[ \t]+([A-Za-z0-9._~+/-]+=*)[ \t]*(?=,|$)")


def parse_www_authenticate(headers: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    """The challenges in WWW-Authenticate headers (RFC 9110, 11.6.1), several in one header included.

    Each header is read once from beginning to end, as far as 16 KiB.

    Returns:
        (scheme in lower case, parameters with names in lower case) for each challenge.
    """
    found: list[tuple[str, dict[str, str]]] = []
    for header in headers:
        text = header[:_MAX_HEADER]
        at = 0
        while at < len(text):
            gap = _GAP.match(text, at)
            at = gap.end() if gap else at
            token = _TOKEN.match(text, at)
            if token is None:
                at += 1
                continue
            at = _item(text, token, found)
    return found


def _item(text: str, token: re.Match[str], found: list[tuple[str, dict[str, str]]]) -> int:
    """Take in the parameter or scheme that begins with a token; gives where to go on."""
    value = _VALUE.match(text, token.end())
    if value:
        plain = re.sub(r"\\(.)", r"\1", value[1]) if value[1] is not None else value[2]
        if found:
            found[-1][1].setdefault(token[0].lower(), plain)
        return value.end()
    if not re.compile(r"[\s,]|$").match(text, token.end()):
        return token.end()
    found.append((token[0].lower(), {}))
    token68 = _TOKEN68.match(text, token.end())
    if token68:
        found[-1][1]["token68"] = token68[1]
        return token68.end()
    return token.end()
