"""What was seen of who gets at the functions of a service, by whatever protocol."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["AccessObservation", "Subject", "Try"]

Subject = Literal[
    "nobody", "wrong identity", "tampered session", "ended session", "without the right", "with the right"
]


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at a function.

    Attributes:
        subject: who tried.
        request: method and address, with what was done to it.
        status: what came back: an HTTP status, or why nothing did.
        granted: the function was given.
        answered: there was an answer from which that can be told.
    """

    subject: Subject
    request: str
    status: str
    granted: bool
    answered: bool = True


@dataclass(frozen=True, slots=True)
class AccessObservation:
    """The attempts at the functions of one entry of 13-SoftServ.

    Attributes:
        tries: in the order in which they were made, those with the right behind all others.
        gaps: what could not be tried, one sentence each.
    """

    tries: tuple[Try, ...]
    gaps: tuple[str, ...]

    def by(self, *subjects: Subject) -> tuple[Try, ...]:
        """The attempts of some subjects."""
        return tuple(one for one in self.tries if one.subject in subjects)

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {"tries": [asdict(one) for one in self.tries], "gaps": list(self.gaps)}
