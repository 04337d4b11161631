"""What is known of a package: its container, and where its parts are in the file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ARCHIVES", "Kind", "NotRead", "Package", "Part", "Role", "Span", "piece"]

Kind = Literal["tar", "mender", "zip", "swu", "rauc", "mcuboot", "esp-idf", "raw"]
Role = Literal["header", "payload", "signature", "signer"]

ARCHIVES: frozenset[Kind] = frozenset({"tar", "mender", "zip", "swu"})
"""Containers of parts with names."""


class NotRead(Exception):  # noqa: N818 - it tells, and is no failure of ours
    """A package is not built as its beginning says, or is larger than what is read of one."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file, in bytes."""

    start: int
    size: int

    @property
    def end(self) -> int:
        """The byte after it."""
        return self.start + self.size


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a package.

    Attributes:
        name: as the package gives it; for messages, never as the name of a file.
        role: what it is for.
        content: where it is; of a zip, where its compressed form is.
        whole: the same with its header and padding.
    """

    name: str
    role: Role
    content: Span
    whole: Span


@dataclass(frozen=True, slots=True)
class Package:
    """A package.

    Attributes:
        path: the file.
        kind: its container; "raw": unknown, bytes.
        size: in bytes.
        parts: in order of the file.
        gaps: what of it could not be understood, a sentence each.
    """

    path: Path
    kind: Kind
    size: int
    parts: tuple[Part, ...] = ()
    gaps: tuple[str, ...] = ()

    def of(self, role: Role) -> tuple[Part, ...]:
        """The parts that are for this."""
        return tuple(part for part in self.parts if part.role == role)

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            "container": self.kind,
            "bytes": self.size,
            "parts": [
                {"name": part.name[:200], "role": part.role, "bytes": part.content.size}
                for part in self.parts[:100]
            ],
            "gaps": list(self.gaps),
        }


def piece(path: Path, span: Span) -> bytes:
    """A stretch of a file; shorter where the file ends, and nothing where it cannot lie in the file."""
    with path.open("rb") as file:
        if span.size < 0 or not 0 <= span.start <= file.seek(0, os.SEEK_END):
            return b""
        file.seek(span.start)
        return file.read(span.size)
