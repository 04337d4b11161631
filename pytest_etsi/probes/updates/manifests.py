"""Manifests: what a maker's server says of an update, and such as say something else.

What they say of the package (its hashes and its size) is found wherever it stands, whatever the form of the manifest
is. What is left out or replaced as a whole is named by its place, as in JSON.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.probes.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["Manifest", "altered_text", "read_manifest"]

_HASHES = ("sha512", "sha384", "sha256", "sha1", "md5")
_CHUNK = 1 << 20
_FEW = 5
_LIKE_A_SUM = re.compile(
    rb"(?<!\w)(?:(?:0x)?(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{8,}|[0-9]{5,}"
    rb"|(?=[A-Za-z0-9+/_-]*[0-9])(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[a-z])[A-Za-z0-9+/_-]{22,})(?!\w)"
)
"""Hex digits, a long number, or base64."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest.

    Attributes:
        content: its bytes.
        is_json: whether it is JSON, so that parts of it can be named.
    """

    content: bytes
    is_json: bool

    def telling_of(self, genuine: Path, other: Path) -> Manifest:
        """The same, of another package: its hashes and its size in the place of those of the genuine one.

        Raises:
            OSError: a package cannot be read.
        """
        content = self.content
        for before, after in zip(_told_of(genuine), _told_of(other), strict=True):
            content = _pattern(before).sub(after, content)
        return Manifest(content, self.is_json)

    def unexplained(self, genuine: Path, known: Iterable[str]) -> tuple[str, ...]:
        """What looks like a sum of the package and is none that is known here, the first few.

        One that is not made right refuses an altered package, and says nothing of who made it.

        Args:
            genuine: the package of which the manifest tells.
            known: texts of which it is known what they are.

        Raises:
            OSError: the package cannot be read.
        """
        content = self.content
        for told in _told_of(genuine):
            content = _pattern(told).sub(b" ", content)
        for text in known:
            content = content.replace(text.encode(), b" ")
        found = dict.fromkeys(one.decode("ascii") for one in _LIKE_A_SUM.findall(content))
        return tuple(found)[:_FEW]

    def text_at(self, place: str) -> str | None:
        """The text that stands there; None: none does."""
        told: list[str] = []

        def read(text: str) -> str:
            told.append(text)
            return text

        self.with_value(place, read)
        return told[0] if told else None

    def of_version(self, before: str, after: str) -> Manifest:
        """The same, with another version."""
        return Manifest(self.content.replace(before.encode(), after.encode()), self.is_json)

    def without(self, place: str) -> Manifest | None:
        """The same without what stands there; None: nothing does."""
        return self._changed(place, lambda parent, key: parent.pop(key))

    def with_value(self, place: str, change: Callable[[str], str]) -> Manifest | None:
        """The same with another text there, made of the one that it has; None: it has none there."""

        def replace(parent: Any, key: Any) -> None:
            if not isinstance(parent[key], str):
                raise KeyError(key)
            parent[key] = change(parent[key])

        return self._changed(place, replace)

    def _changed(self, place: str, change: Callable[[Any, Any], object]) -> Manifest | None:
        if not self.is_json:
            return None
        value = parent = read_json(self.content)
        *way, last = place.split(".")
        try:
            for step in way:
                parent = parent[int(step)] if isinstance(parent, list) else parent[step]
            change(parent, int(last) if isinstance(parent, list) else last)
        except (LookupError, TypeError, ValueError):
            return None
        return Manifest(json.dumps(value, indent=1).encode(), is_json=True)


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is larger than a manifest may be; what it has is said.
    """
    most = bounds.MANIFEST.most
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it is larger than {most} bytes")
    try:
        return Manifest(content, isinstance(read_json(content), dict | list))
    except ValueError:
        return Manifest(content, is_json=False)


def altered_text(text: str) -> str:
    """Another letter or digit in the middle, so that it stays a text of its form."""
    at = len(text) // 2
    return text[:at] + ("A" if text[at : at + 1] != "A" else "B") + text[at + 1 :]


def _told_of(package: Path) -> Iterator[bytes]:
    """Its hashes in hex and base64, its CRC-32 in hex and as a number, and its size."""
    digests = [hashlib.new(name, usedforsecurity=False) for name in _HASHES]
    size = crc = 0
    with package.open("rb") as file:
        while part := file.read(_CHUNK):
            size += len(part)
            crc = zlib.crc32(part, crc)
            for one in digests:
                one.update(part)
    for one in digests:
        yield one.hexdigest().encode()
        yield base64.b64encode(one.digest()).rstrip(b"=")
    yield f"{crc:08x}".encode()
    yield str(crc).encode()
    yield str(size).encode()


def _pattern(told: bytes) -> re.Pattern[bytes]:
    """Where it stands as a whole: in hex as in letters of either case, and never as a part of a longer number."""
    exact = not re.fullmatch(rb"[0-9a-f]+", told)
    begins = rb"(?:(?<![\w.])|(?<=\b0x))"
    return re.compile(begins + re.escape(told) + rb"(?![\w.])", 0 if exact else re.IGNORECASE)
