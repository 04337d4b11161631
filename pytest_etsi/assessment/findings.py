"""What a pure examination found: a violation, a note, or that nothing can be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Finding", "Level", "notes", "unknowns", "violations"]

Level = Literal["violation", "unknown", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, ready for a report.

    Attributes:
        level: ``violation``: certain enough to refute; ``unknown``: the program cannot decide this part, and a
            person or a missing fact has to; ``note``: worth reporting, refutes nothing.
        aspect: the question that it answers, one of the words the producing module names.
        message: one sentence, without any secret.
        expected: what was expected, where that is a value of its own.
        found: what was found instead.
        source: the public reference behind it, with section and date; empty when it rests on the documents alone.
    """

    level: Level
    aspect: str
    message: str
    expected: str = ""
    found: str = ""
    source: str = ""

    def __str__(self) -> str:
        return f"{self.message} [{self.source}]" if self.source else self.message

    def to_json(self) -> dict[str, str]:
        """The finding as builtins, for evidence and records; empty parts are left out."""
        parts = {
            "level": self.level,
            "aspect": self.aspect,
            "message": self.message,
            "expected": self.expected,
            "found": self.found,
            "source": self.source,
        }
        return {name: value for name, value in parts.items() if value}


def violations(findings: Iterable[Finding], *aspects: str) -> tuple[Finding, ...]:
    """The findings that refute, in order; with `aspects` only those that answer one of these questions."""
    return _of("violation", findings, aspects)


def unknowns(findings: Iterable[Finding], *aspects: str) -> tuple[Finding, ...]:
    """The findings that leave something open, in order; with `aspects` only those on these questions."""
    return _of("unknown", findings, aspects)


def notes(findings: Iterable[Finding], *aspects: str) -> tuple[Finding, ...]:
    """The findings that only inform, in order; with `aspects` only those on these questions."""
    return _of("note", findings, aspects)


def _of(level: Level, findings: Iterable[Finding], aspects: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(
        finding
        for finding in findings
        if finding.level == level and (not aspects or finding.aspect in aspects)
    )
