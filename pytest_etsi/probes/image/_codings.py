"""Keys that a file holds in a coding: in base64 or hex digits, in UTF-16, or in the texts of programs and of JSON."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["as_lines", "decoded", "holds_base64"]

_MOST = 5_000
_BASE64 = re.compile(
    rb"[A-Za-z0-9+/_-]{60,}(?:\s{1,40}[A-Za-z0-9+/_-]{60,}){0,400}(?:\s{1,40}[A-Za-z0-9+/_-]{1,76})?={0,2}"
)
_HEX = re.compile(rb"30[0-9A-Fa-f]{94,20000}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_WIDE = b"-\0B\0E\0G\0I\0N\0 \0"
_ESCAPES = (
    (re.compile(rb"\\[rn]|%0[AaDd]|&#(?:10|13|x0?[AaDd]);|\0"), b"\n"),
    (re.compile(rb"%2[Bb]"), b"+"),
    (re.compile(rb"%2[Ff]|\\/"), b"/"),
    (re.compile(rb"%3[Dd]|\\u003[Dd]"), b"="),
    (re.compile(rb"%20"), b" "),
    (re.compile(rb"[\"']\s*\+\s*[\"']"), b""),  # one text and another
    (re.compile(rb"[\"'\\,;]"), b""),
)
"""How a key of several lines is written where a text has one line only, and what that means."""


def decoded(data: bytes) -> Iterator[tuple[int, bytes]]:
    """What some bytes hold in a coding and could be a key, with where it begins."""
    if _WIDE in data:
        yield data.index(_WIDE), data.replace(b"\0", b"")
    for number, match in enumerate(_BASE64.finditer(data)):
        if number >= _MOST:
            break
        text = re.sub(rb"[\s=]", b"", match[0]).translate(_URL_SAFE)
        content = base64.b64decode(text[: len(text) - (len(text) % 4 == 1)] + b"==")
        if content[:1] == b"\x30" or b"PRIVATE KEY" in content:
            yield match.start(), content
    for number, match in enumerate(_HEX.finditer(data)):
        if number >= _MOST:
            break
        if data[match.start() - 1 : match.start()].isalnum():
            continue  # in the middle of other digits
        yield match.start(), bytes.fromhex(match[0][: len(match[0]) // 2 * 2].decode())


def as_lines(block: bytes) -> bytes:
    """A block of PEM in lines, of one that stands in the text of a program, of JSON, or of a URL."""
    for escaped, plain in _ESCAPES:
        block = escaped.sub(plain, block)
    return b"\n".join(line.strip() for line in block.split(b"\n") if line.strip())


def holds_base64(block: bytes) -> bool:
    """Whether there is something in it that could be a key, and not words of a program that knows keys."""
    return re.search(rb"[A-Za-z0-9+/]{40,}", block) is not None
