"""Known values in every form in which they are written or travel, and where some bytes hold them."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.probes.capture._files import CaptureFile

__all__ = ["MIN_LENGTH", "Needles"]

MIN_LENGTH = 6
"""Bytes that a value needs at least: shorter ones turn up by chance."""
_CHUNK = 4 << 20
_MOST_HITS = 10_000


class Needles:
    """The forms of some values.

    Args:
        values: name -> value; those shorter than `MIN_LENGTH` bytes are left out, see `short`.

    Attributes:
        any: there is something to search for.
        longest: length of the longest form in bytes.
        full: there were more places in a file than are kept.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self.short = tuple(name for name, value in values.items() if len(value.encode()) < MIN_LENGTH)
        self.names = tuple(name for name in values if name not in self.short)
        self.full = False
        self._forms: dict[bytes, dict[str, str]] = {}
        """Form -> name of each value that has it, and in which coding."""
        for name in self.names:
            for coding, form in _forms(values[name].encode()):
                self._forms.setdefault(form, {}).setdefault(name, coding)
        self.any = bool(self._forms)
        self.longest = max(map(len, self._forms), default=0)
        self._either = re.compile(
            b"|".join(re.escape(form) for form in sorted(self._forms, key=len, reverse=True))
        )

    def in_file(self, file: CaptureFile) -> list[tuple[int, int, str, str]]:
        """Where the file holds one: beginning and end in bytes, name, coding; in order."""
        found: list[tuple[int, int, str, str]] = []
        end = len(file.data)
        for start in range(0, end if self.any else 0, _CHUNK):
            # One less than the longest, so that nothing is found twice at a seam.
            part = file.data[start : min(end, start + _CHUNK + self.longest - 1)]
            for form, told in self._forms.items():
                at = part.find(form)
                while 0 <= at < _CHUNK:
                    if len(found) >= _MOST_HITS:
                        self.full = True
                        break
                    found += [(start + at, start + at + len(form), *one) for one in told.items()]
                    at = part.find(form, at + 1)
            file.release(start)
        file.rewind()
        return sorted(found)

    def across(self, before: bytes, after: bytes) -> list[tuple[str, str]]:
        """Name and coding of every form that begins in `before` and ends in `after`, each once."""
        seam = len(before)
        together = before + after[: self.longest - 1]
        if not self._either.search(together):
            return []
        found: dict[tuple[str, str], None] = {}
        for form, told in self._forms.items():
            # Only where it crosses: from the first place at which it would end behind the seam.
            if together.find(form, max(0, seam - len(form) + 1), seam + len(form) - 1) >= 0:
                found |= dict.fromkeys(told.items())
        return list(found)

    def inside(self, content: bytes) -> list[tuple[str, str]]:
        """Name and coding of every form in `content`, each once."""
        return list(dict.fromkeys((name, coding) for _, _, name, coding in self.first(content)))

    def first(self, content: bytes) -> list[tuple[int, int, str, str]]:
        """Where `content` holds each form first: beginning and end in bytes, name, coding."""
        return [
            (at, at + len(form), name, coding)
            for form, told in self._forms.items()
            if (at := content.find(form)) >= 0
            for name, coding in told.items()
        ]


def _forms(value: bytes) -> list[tuple[str, bytes]]:
    text = value.decode()
    forms = [("plain", value)]
    for alignment in range(3):
        whole = base64.b64encode(b"\0" * alignment + value)
        # Characters at the edges depend on the neighbours too.
        inner = whole[-(-alignment * 8 // 6) : (alignment + len(value)) * 8 // 6]
        forms += [("base64", inner), ("base64", inner.translate(bytes.maketrans(b"+/", b"-_")))]
    forms += [("hex", value.hex().encode()), ("hex", value.hex().upper().encode())]
    for quoted in (quote(text, safe=""), quote(text), quote_plus(text)):
        lower = re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quoted)
        forms += [("url", quoted.encode()), ("url", lower.encode())]
    forms += [("json", json.dumps(text, ensure_ascii=ascii_)[1:-1].encode()) for ascii_ in (True, False)]
    forms += [("utf-16", text.encode("utf-16-le")), ("utf-16", text.encode("utf-16-be"))]
    return forms
