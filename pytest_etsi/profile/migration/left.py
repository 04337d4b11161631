"""What a migration leaves to a person: each with its name, and with file and line once it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["KINDS", "Left", "LeftAt"]

Kind = Literal[
    "confirm-row", "new-row", "confirm-condition", "new-condition", "new-field", "confirm-value", "no-place",
    "judge-again", "judgement-without-place", "finding",
]  # fmt: skip

KINDS: dict[Kind, tuple[str, str]] = {
    "confirm-row": ("ICS row to be confirmed", "ICS rows to be confirmed"),
    "new-row": ("new ICS row to be written", "new ICS rows to be written"),
    "confirm-condition": (
        "condition of the ICS to be thought over",
        "conditions of the ICS to be thought over",
    ),
    "new-condition": ("new condition of the ICS to be stated", "new conditions of the ICS to be stated"),
    "new-field": ("new field to be written", "new fields to be written"),
    "confirm-value": ("proposed value to be confirmed", "proposed values to be confirmed"),
    "no-place": (
        "value that has no place any more, kept as a comment",
        "values that have no place any more, kept as comments",
    ),
    "judge-again": ("judgement to be made again", "judgements to be made again"),
    "judgement-without-place": (
        "judgement of which nothing came, kept as a comment",
        "judgements of which nothing came, kept as comments",
    ),
    "finding": (
        "answer of the ICS that does not fit any more",
        "answers of the ICS that do not fit any more",
    ),
}
"""Every kind, in the order in which it is best done, in singular and plural."""


@dataclass(frozen=True, slots=True)
class Left:
    """One thing that a person has to do.

    Attributes:
        kind: one of `KINDS`.
        name: "ICS 5.3-4A", "28-LogIntf/Intf-HTTPS: Access", "judgement 5.1-1-1/a AuthMech-web".
        what: one sentence: why it is left, and what there is to go by.
    """

    kind: Kind
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class LeftAt:
    """What is left, and where it stands in the new documents.

    Attributes:
        file: relative to the directory of the new profile.
        line: from 1.
    """

    left: Left
    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file.as_posix()}:{self.line}: {self.left.name}: {self.left.what}"
