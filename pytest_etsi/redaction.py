"""What is secret and how it is masked, in everything that is about to be kept or shown."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

__all__ = ["MASK", "Redactor", "suffix_of_capture"]

MASK = "‹secret›"  # noqa: RUF001 - meant to look unlike anything that a device sends
"""What stands in the place of a secret."""

_SHORT = 4
"""Secrets below this length, in characters, are masked as whole words only, and not in their encodings."""

_CAPTURES = {
    b"\xd4\xc3\xb2\xa1": "pcap",
    b"\xa1\xb2\xc3\xd4": "pcap",
    b"\x4d\x3c\xb2\xa1": "pcap",
    b"\xa1\xb2\x3c\x4d": "pcap",
    b"\x0a\x0d\x0d\x0a": "pcapng",
}
"""First bytes of files of captured packets -> how their names end."""


def suffix_of_capture(data: bytes) -> str:
    """How the name of a file of captured packets ends; empty: `data` is no such file."""
    return _CAPTURES.get(data[:4], "")


class Redactor:
    """Masks secrets in whatever is about to be kept or shown.

    A value is masked as it is and in the encodings in which it travels: URL-encoded, JSON- and HTML-escaped,
    as hexadecimal digits, and in base64 at any alignment (so also within ``user:password`` of an
    Authorization header).

    Args:
        values: the secrets; empty ones are ignored.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._text: re.Pattern[str] | None = None
        self._bytes: re.Pattern[bytes] | None = None
        self.add(*values)

    def add(self, *values: str) -> None:
        """Mask these from now on too, e.g. a password that the run itself has made up."""
        new = {value for value in values if value.strip()} - self._values
        if new:
            self._values |= new
            self._text = self._bytes = None

    def text(self, text: str) -> str:
        """`text` with every secret masked."""
        if not self._values:
            return text
        if self._text is None:
            self._text = re.compile("|".join(_patterns(self._values)))
        return self._text.sub(MASK, text)

    def bytes(self, data: bytes) -> bytes:
        """`data` with every secret masked, in UTF-8 and in the encodings of `text`."""
        if not self._values:
            return data
        if self._bytes is None:
            # Latin-1 maps each byte to one character, so that patterns made for text can be used on bytes.
            self._bytes = re.compile("|".join(_patterns(self._values, utf8=True)).encode("latin-1"))
        if suffix_of_capture(data):
            # Lengths stand in front of packets, so that one more or less would damage all that follow.
            return self._bytes.sub(lambda match: b"*" * len(match[0]), data)
        return self._bytes.sub(MASK.encode(), data)

    def builtins(self, value: Any) -> Any:
        """`value`, made of dicts, lists, strings and numbers, with every secret masked in keys and values.

        Raises:
            TypeError: a part of it is none of these.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            return MASK if str(value) in self._values else value
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.builtins(item) for key, item in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
            return [self.builtins(item) for item in value]
        raise TypeError(f"expected values that JSON has, got {type(value).__name__}")


def _patterns(values: Iterable[str], *, utf8: bool = False) -> list[str]:
    """Regular expressions for every form of the values, those that match most first.

    With `utf8`, for bytes: each character stands for one byte.
    """
    forms: dict[str, int] = {}
    for value in values:
        data = value.encode("utf-8", "surrogatepass")
        plain = {value} if len(value) < _SHORT else _escaped(value)
        if utf8:
            plain = {form.encode("utf-8", "surrogatepass").decode("latin-1") for form in plain}
        if len(value) < _SHORT:
            forms.update({rf"(?<![0-9A-Za-z]){re.escape(form)}(?![0-9A-Za-z])": len(form) for form in plain})
            continue
        forms.update({re.escape(form): len(form) for form in plain})
        digits = [f"{byte:02x}" for byte in data]
        forms["(?i:" + "[:. -]?".join(digits) + ")"] = 2 * len(data)
        forms["(?i:" + "".join(rf"\\x{pair}" for pair in digits) + ")"] = 4 * len(data)
        forms.update({form: 2 * len(data) for form in _base64(data)})
    return sorted(forms, key=lambda form: (-forms[form], form))


def _escaped(value: str) -> set[str]:
    """`value` as it is and as texts of various kinds write it."""
    kept = ("", "/", "/:", "!*'()~", "!*'()~/:@$,;+=")
    quoted = {quote(value, safe=safe, errors="surrogatepass") for safe in kept}
    quoted |= {quote_plus(value, errors="surrogatepass")}
    quoted |= {re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), form) for form in quoted}
    literal = {value, repr(value)[1:-1]}
    for _ in range(2):  # also JSON within JSON
        literal |= {
            json.dumps(form, ensure_ascii=ascii_)[1:-1] for form in literal for ascii_ in (True, False)
        }
    markup = {
        html.escape(value),
        html.escape(value, quote=False),
        html.escape(value).replace("&#x27;", "&#39;"),
    }
    return quoted | literal | markup | {form.replace("/", "\\/") for form in literal}


def _base64(data: bytes) -> Iterable[str]:
    """The characters that `data` gives in base64 at each of the three alignments.

    At the edges a character also depends on a neighbour; one more on each side is masked with it.
    """
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + data).decode()
        start = -(-offset * 8 // 6)
        inner = whole[start : (offset + len(data)) * 8 // 6]
        sign = "[A-Za-z0-9+/_-]"
        before = f"{sign}?" if offset else ""
        after = f"{sign}?={{0,2}}" if (offset + len(data)) % 3 else ""
        core = "".join(f"[{char}{'-' if char == '+' else '_'}]" if char in "+/" else char for char in inner)
        yield before + core + after
